"""Step 3: who with whom, why, and how sure are we?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import pandas as pd

from revmentor import figures, metrics, words
from revmentor.cycle.shown import Shown, shown, somebody_is_looking
from revmentor.cycle.steps import behind
from revmentor.cycle.steps.access import write_matched
from revmentor.cycle.steps.asked import aim, is_limited, limits_shown
from revmentor.cycle.steps.base import Check, Step
from revmentor.cycle.steps.certificate import (
    EXACT,
    SUMMARY,
    best_matching,
    summary,
    totals,
    verified,
)
from revmentor.cycle.steps.circling import Circling
from revmentor.cycle.steps.headline import headline, proof
from revmentor.cycle.steps.meeting import Meetings, meetings_shown
from revmentor.cycle.steps.naming import (
    certificate_table,
    pairs_by_name,
    with_names,
)
from revmentor.cycle.steps.participants import Participants
from revmentor.cycle.steps.standing import Standing
from revmentor.cycle.steps.sureness import Sureness
from revmentor.cycle.steps.telling import disclosed_match, typical_examples, with_reasons
from revmentor.disclosure import (
    EVERY_NUMBER,
    Disclosed,
    DisclosedCounts,
    DisclosedDistribution,
    DisclosedEstimates,
    Members,
    Restricted,
)
from revmentor.matching import Matching, Problem, explain
from revmentor.names import CRITERION_LABELS
from revmentor.publish.cells import to_csv
from revmentor.tables import interactive
from revmentor.tiles import Pointer, finding, findings

PAIR = ["mentor_id", "mentee_id"]
SCORE_SHARE = "score-share"


@dataclass(frozen=True)
class MatchingStep(Step):
    """The match, its proof and its explanation."""

    notebook: ClassVar[str] = "03_matching"
    needs: ClassVar[tuple[type[Step], ...]] = (Participants,)
    spare: ClassVar[Mapping[str, int]] = {"pairs": 60, "scores": 50, "quality": 40, "placed": 30}
    kept: ClassVar[frozenset[str]] = frozenset({"rule-prices", "survival", "frontier"})

    @cached_property
    def problem(self) -> Problem:
        """Everybody who can be matched, the criteria and the rules."""
        return Participants(self.context).problem

    @cached_property
    def matching(self) -> Matching:
        """The best matching; raises if there is none, or none that is proven well enough."""
        solver, tables = self.context.params.solver, self.context.tables
        return best_matching(self.problem, solver, tables.decided_at)

    @cached_property
    def sureness(self) -> Sureness:
        """What rules cost, and how sure the match is."""
        solver = self.context.params.solver
        return Sureness(self.problem, self.matching, solver)

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """mentor_id, mentee_id and what each criterion adds to the pair's score."""
        return explain.contributions(self.problem, self.matching.pairs)

    @cached_property
    def quality(self) -> metrics.Quality:
        """How good the match is."""
        tables, best = self.context.tables, explain.potential(self.problem)
        return metrics.quality(
            self.matching.pairs,
            self.contributions,
            tables.people,
            tables.applications,
            possible=best.total,
            able=best.mentees,
        )

    @cached_property
    def circling(self) -> Circling | None:
        """Circles beside the pairs, if the params ask for them."""
        if not self.context.params.circles.on:
            return None
        return Circling(self.problem, self.context.tables.people)

    @cached_property
    def meetings(self) -> Meetings:
        """Who meets whom."""
        return Meetings(self.matching.pairs, self.context.tables.people)

    @property
    def groupings(self) -> tuple[str, ...]:
        """By what it is counted who meets whom."""
        return self.meetings.groupings

    def _values(self, minimum: int) -> Mapping[str, Disclosed]:
        limited = is_limited(self.problem)
        return {
            **disclosed_match(self.quality, self.matching, minimum, limited=limited),
            **self.meetings.found(minimum),
            "rule-prices": self.sureness.prices,
            "survival": self.sureness.survival,
            "frontier": self.sureness.frontier,
            **(self.circling.found(minimum) if self.circling else {}),
        }

    @cached_property
    def _disclosed(self) -> Mapping[str, Disclosed]:
        return self._values(self.minimum)

    @cached_property
    def _exact(self) -> Mapping[str, Disclosed]:
        return self._values(EVERY_NUMBER)

    def _counts(self, name: str) -> DisclosedCounts:
        return self.take(name, DisclosedCounts)

    def answer(self) -> Shown:
        """Pairs, people without partner, share of the possible, worst pair, and how sure."""
        shares = self.take("quality", DisclosedEstimates)
        scores = self.take("scores", DisclosedDistribution)
        worst = self.sureness.worst_pair
        return shown(
            headline(self._counts("pairs"), self._counts("placed"), shares, scores),
            finding(
                aim(self.problem),
                proof(self.matching.status, self.matching.gap, self.problem.objective),
                tone="good" if self.matching.status == "optimal" else "look",
            ),
            figures.score_distribution(scores),
            finding(worst) if worst else None,
            limits_shown(self.problem, self.matching),
            self._named_pairs(),
            self._standing.shown(),
        )

    @property
    def _standing(self) -> Standing:
        return Standing(self.context, self.problem, self.matching, self._explained)

    def _named_pairs(self) -> object:
        if not somebody_is_looking():
            return Pointer(
                "The pairs by name are in ",
                "../restricted/pairs.html",
                "restricted/pairs.html",
                " and restricted/pairs.csv; the reasons of people without a partner stand at the "
                "end of the first.",
            )
        named = self._by_name()
        columns = ["mentor_name", "mentee_name", "score", "wave"]
        return interactive(Restricted(named[[name for name in columns if name in named]]))

    def _by_name(self) -> pd.DataFrame:
        return pairs_by_name(self._explained, self.context.tables.people)

    @property
    def _explained(self) -> pd.DataFrame:
        """Pairs with what the criteria contribute, and the wave that each runs in."""
        if "wave" not in self.matching.pairs:
            return self.contributions
        waves = self.matching.pairs[[*PAIR, "wave"]]
        return self.contributions.merge(waves, on=PAIR, validate="one_to_one")

    def why_these_pairs(self) -> Shown:
        """Best, median and worst pair beside each side's best other partner."""
        examples = typical_examples(self.problem, self.matching, self.contributions)
        carried = self.quality.criteria
        top = carried.loc[carried["points"] > 0].head(2)
        text = words.listed(
            [
                f"{CRITERION_LABELS[str(name)]} ({points:.0f})"
                for name, points in zip(top["criterion"], top["points"], strict=True)
            ]
        )
        return shown(
            figures.pair_examples(examples),
            finding(f"Points of an average pair come mostly from: {text}.") if text else None,
        )

    def who_meets_whom(self) -> Shown:
        """Generations and departments that meet, against chance."""
        told = {by: self._counts(f"meets-{by}") for by in self.groupings}
        return shown(*meetings_shown(told))

    def without_partner(self) -> Shown:
        """Reasons counted, and which kinds of place bind."""
        return shown(figures.unmatched_reasons(self._counts("unmatched")))

    def the_pairs(self) -> Shown:
        """Why these pairs, who meets whom, and the circles beside them."""
        circles = self.circling and self.circling.shown()
        return shown(self.why_these_pairs(), self.who_meets_whom(), circles)

    def the_price(self) -> Shown:
        """Who has no partner, which places would help, and what rules and limits cost."""
        return shown(
            self.without_partner(), self.sureness.shown_places(), self.sureness.shown_prices()
        )

    @property
    def _limit(self) -> float | None:
        """Seconds for each question, or None."""
        return self.context.params.solver.time_limit

    def why_not(self, mentor_id: str, mentee_id: str) -> Shown:
        """Why are these two not a pair, and what would change if they were? For JupyterLab."""
        pair = (mentor_id, mentee_id)
        found = explain.why_not(self.problem, self.matching, pair, time_limit=self._limit)
        return shown(findings(found.sentences))

    def why_unmatched(self, person_id: str) -> Shown:
        """Why has this person no partner? For JupyterLab."""
        found = explain.why_unmatched(
            self.problem, self.matching, person_id, time_limit=self._limit
        )
        return shown(findings(found.sentences))

    def how_sure(self) -> Shown:
        """Which pairs survive other weights, equally good matches, and who would rather swap."""
        return shown(self.sureness.shown_sureness(), self.sureness.shown_frontier())

    def found(self) -> Mapping[str, Disclosed]:
        """Scores, shares, people placed, reasons, who meets whom."""
        return self._disclosed

    def exact(self) -> Mapping[str, Disclosed]:
        """The same with every number."""
        return self._exact

    def members(self) -> Mapping[str, Members]:
        """Whose pairs and places the numbers are."""
        tables, pool = self.context.tables, self.context.work.read_table("pool")
        able = pool.loc[pool["able"] & (pool["side"] == "mentee"), "person_id"]
        quality = self._disclosed["quality"]
        assert isinstance(quality, DisclosedEstimates)
        reasons = with_reasons(self.matching, limited=is_limited(self.problem))
        found = behind.in_match(
            self.matching, tables.people, tables.applications, set(able), reasons, quality
        )
        found |= self.meetings.behind(self.minimum)
        return {**found, **(self.circling.behind() if self.circling else {})}

    def verify(self) -> tuple[Check, ...]:
        """The independent verification, on all pairs."""
        return (
            *verified(self.problem, self.matching),
            *(self.circling.verify() if self.circling else ()),
            Check(
                "Contributions add up to the score, to the millionth",
                words.counted(len(self.contributions), "pair"),
            ),
        )

    def write(self) -> tuple[Path, ...]:
        """Pairs, explanations, people without partner and prices, by name; and the summary."""
        work, matching, people = self.context.work, self.matching, self.context.tables.people
        names = people[["person_id", "name"]]
        binding = explain.binding_capacity(self.problem, matching)
        return (
            work.write_table("pairs", matching.pairs),
            work.write_bytes("pairs.csv", to_csv(self._by_name())),
            work.write_table("contributions", self.contributions),
            work.write_table("unmatched", with_names(matching.unmatched, names), csv=True),
            work.write_table("prices", with_names(binding, names), csv=True),
            work.write_table("certificate", certificate_table(matching)),
            *write_matched(work, people, matching.pairs),
            work.write_json(
                SUMMARY, summary(self.problem, matching, self.groupings), restricted=False
            ),
            work.write_json(EXACT, totals(matching), restricted=True),
            work.write_json(SCORE_SHARE, asdict(self.quality.share_of_possible), restricted=True),
            *(self.circling.write(work) if self.circling else ()),
            *self._standing.write(),
        )
