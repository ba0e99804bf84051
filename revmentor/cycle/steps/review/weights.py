"""What should the next cycle weigh, by what past pairs said of their mentoring?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from revmentor import words
from revmentor.cycle.pool import problem_of
from revmentor.data import Tables
from revmentor.matching import solve
from revmentor.matching.past import past_criteria
from revmentor.metrics.learning import Learned, learn_weights
from revmentor.metrics.learning_told import scenario_text
from revmentor.metrics.sessions import PAIR
from revmentor.names import CRITERION_LABELS
from revmentor.params import Params
from revmentor.tables import plain_table
from revmentor.tiles import Heading, finding

SCENARIO_FILE = "learned-weights.yaml"


@dataclass(frozen=True)
class Weighing:
    """What the ratings of earlier cycles say about the weights.

    Parameters
    ----------
    tables : Tables
        The pool and the history.
    params : Params
    pairs : DataFrame
        This match: mentor_id, mentee_id.
    """

    tables: Tables
    params: Params
    pairs: pd.DataFrame

    @cached_property
    def learned(self) -> Learned | None:
        """New weights, or why they are refused; None where there is no history."""
        history = self.tables.history
        if history is None or history.empty:
            return None
        tables, params = self.tables, self.params
        values = past_criteria(tables.people, tables.applications, history, params)
        return learn_weights(
            history,
            values,
            params.matching.shares,
            generation_reason=params.matching.criteria.generation.reason,
            least=params.review.rated_pairs,
            seed=params.solver.seed,
        )

    @cached_property
    def moved(self) -> int:
        """How many pairs of this match would not have been made with the new weights?"""
        assert self.learned is not None
        shares = self.learned.shares
        weights = self.params.matching.weights.model_copy(update=shares)
        matching = self.params.matching.model_copy(update={"weights": weights})
        problem = problem_of(self.tables, self.params.model_copy(update={"matching": matching}))
        solver = self.params.solver
        other = solve(problem, time_limit=solver.time_limit, seed=solver.seed).pairs
        ours = pd.MultiIndex.from_frame(self.pairs[PAIR])
        return int((~ours.isin(pd.MultiIndex.from_frame(other[PAIR]))).sum())

    @property
    def scenario(self) -> str:
        """The scenario file that would try the new weights; empty where they are refused."""
        return "" if self.learned is None or self.learned.refused else scenario_text(self.learned)

    def parts(self, minimum: int) -> Sequence[object]:
        """The weights side by side with what they would have changed; or why there are none."""
        head = Heading("What the next cycle should weigh")
        found = self.learned
        if found is None:
            text = (
                "There is no table “history” with ratings of earlier pairs, so nothing can be "
                "learnt about the weights."
            )
            return [head, finding(text, tone="look")]
        if found.refused:
            text = f"The weights stay as they are: {found.refused}."
            return [head, finding(text)]
        rows = [
            (
                CRITERION_LABELS[weight.criterion],
                words.percent(weight.old),
                words.percent(weight.new),
                "kept: " + weight.kept
                if weight.kept
                else words.interval(weight.estimate.low or 0, weight.estimate.high or 0, "share"),
            )
            for weight in found.weights
            if max(weight.old, weight.new) > 0
        ]
        told = "no pair" if self.moved == 0 else f"fewer than {minimum} pairs"
        if self.moved >= minimum:
            told = words.counted(self.moved, "pair")
        many = words.counted(found.pairs, "rated pair")
        cycles = words.counted(len(found.cycles), "cycle")
        return [
            head,
            plain_table(("Criterion", "Weight now", "Learnt", "95% interval"), rows),
            finding(
                f"Learnt from {many} of {cycles}. On cycles that were left out the learnt weights "
                f"foretell a rating with an error of {words.number(found.error_new or 0, 2)} "
                f"points, the present ones with {words.number(found.error_old or 0, 2)}. With them "
                f"{told} of this match would have been made otherwise. They are in "
                f"report/{SCENARIO_FILE}: to try them, copy the file into params/scenarios/ and "
                "run that scenario. Only pairs that were made have ratings, so what they all share "
                "could not be learnt.",
            ),
        ]
