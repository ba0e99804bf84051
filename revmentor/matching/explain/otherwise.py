"""Why not this pair: which rules forbid it, or what would making it change?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from revmentor.errors import Fault, InputError
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.explain.fortunes import FAIR, Worst, fairest_with, told, worst_served
from revmentor.matching.explain.people import (
    broken_rules,
    change_sentences,
    changes,
    places,
    plan_of,
    said,
    worth_of,
)
from revmentor.matching.problem import Id, Problem
from revmentor.matching.result import Matching
from revmentor.matching.tradeoff import Point, tradeoff
from revmentor.matching.tradeoff.point import Fullest
from revmentor.matching.variants import LABELS, requiring
from revmentor.words import agree, counted, listed, percent

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Changed:
    """Another plan, beside today's matching.

    Parameters
    ----------
    objective, change : float, or int for whole scores
        What it is worth, and how much more than today's: below 0 as a rule.
    broken : int
        Pairs of today's matching that it does not keep.
    least_broken : int
        No plan that is worth as much as was asked for breaks fewer: equal if proven.
    people : DataFrame
        Whose partners differ: person_id, side, from, to (tuples of ids).
    """

    objective: float | int
    change: float | int
    broken: int
    least_broken: int
    people: pd.DataFrame


@dataclass(frozen=True, eq=False)
class WhyNot:
    """Why two people are not a pair.

    Parameters
    ----------
    mentor_id, mentee_id
    status : str
        ``made``: they are one. ``forbidden``: rules forbid it. ``impossible``: required pairs or
        places leave no room. ``optimal``: it could be made, at this cost, proven. ``feasible``:
        the cost is proven up to `most_change`. ``none``: the time was over.
    rules : tuple of str
        All rules that the pair breaks; a score under the minimum counts as one.
    reasons : tuple of str
        Why impossible.
    score : float, or int for whole scores
        Of the pair, rules aside.
    best : Changed or None
        The best plan with the pair; among equals, one that keeps most of today's pairs.
    most_change : float, int or None
        No plan with the pair changes the objective by more (upwards).
    fewest : Changed or None
        Of the plans with the pair that lose at most `loss`, one that breaks fewest of today's
        pairs; None if all lose more.
    loss : float
        Share of today's objective.
    worst : (Worst, Worst) or None
        For a fair objective: how many people are served and how well the worst of them, today
        and in the fairest plan with the pair; None where the time was over.
    sentences : tuple of str
        All this in words.
    """

    mentor_id: Id
    mentee_id: Id
    status: Literal["made", "forbidden", "impossible", "optimal", "feasible", "none"]
    rules: tuple[str, ...]
    reasons: tuple[str, ...]
    score: float | int
    best: Changed | None
    most_change: float | int | None
    fewest: Changed | None
    loss: float
    worst: tuple[Worst, Worst] | None
    sentences: tuple[str, ...]


def why_not(
    problem: Problem,
    matching: Matching,
    pair: tuple[Id, Id],
    *,
    loss: float = 0.01,
    time_limit: float | None = None,
) -> WhyNot:
    """Why are these two not a pair, and what would change if they were?

    Parameters
    ----------
    matching : Matching
        Of the problem.
    pair : (mentor_id, mentee_id)
    loss : float, 0 to 1
        Share of today's objective that the plan with the fewest changes may lose.
    time_limit : float, seconds, optional

    Raises
    ------
    InputError
        Somebody is not in the pool on that side; the loss is not a share.

    >>> from revmentor.matching import solve
    >>> problem = Problem.from_scores([[5, 9], [8, 7]])
    >>> why_not(problem, solve(problem), (0, 0)).sentences[0]
    'Making the pair of mentor 0 and mentee 0 would lose 5 of 17 (29%): 4 people change partner.'
    """
    if not 0 <= loss <= 1:
        raise InputError(
            Fault("bad loss", "a loss is a share of the objective, 0 to 1", "give such a share",
                  "", None, "loss", str(loss))
        )  # fmt: skip
    i = int(places([pair[0]], problem.mentors.ids, "mentor")[0])
    j = int(places([pair[1]], problem.mentees.ids, "mentee")[0])
    asked = _Asked(problem, matching, pair, loss)
    before = plan_of(problem, matching)
    if bool(((before[0] == i) & (before[1] == j)).any()):
        return asked.answer("made", said_first=f"{asked.pair_said} is made.")
    rules = broken_rules(problem, i, j)
    if rules:
        words = listed([f"'{LABELS.get(rule, rule)}'" for rule in rules])
        text = f"{asked.pair_said} is not allowed: it breaks {agree(len(rules), 'rule')} {words}."
        return asked.answer("forbidden", rules=rules, said_first=text)
    try:
        clock = Clock.start(time_limit)
        found = tradeoff(requiring(problem, i, j), *before, clock)
        if isinstance(found, tuple):
            text = f"{asked.pair_said} cannot be made: {'; '.join(found)}."
            return asked.answer("impossible", reasons=found, said_first=text)
        least = math.ceil((1 - Fraction(str(loss))) * asked.today)
        best, fewest = found.best(), found.worth_at_least(least)
        fair = asked.fairly(i, j, matching.seed, clock)
    except OutOfTime:
        text = f"The time limit of {time_limit} seconds passed before an answer."
        return asked.answer("none", said_first=text)
    return asked.possible(best, fewest, fair)


class _Asked:
    """The question, and how its answers are put together."""

    def __init__(
        self, problem: Problem, matching: Matching, pair: tuple[Id, Id], loss: float
    ) -> None:
        self.problem, self.pair, self.loss = problem, pair, loss
        self.before = plan_of(problem, matching)
        self.today = worth_of(problem, *self.before)
        self.pair_said = f"The pair of mentor {pair[0]} and mentee {pair[1]}"
        i = places([pair[0]], problem.mentors.ids, "mentor")
        j = places([pair[1]], problem.mentees.ids, "mentee")
        self.score = problem.points(int(problem.scores.plain(i, j)[0]))

    def answer(
        self,
        status: Literal["made", "forbidden", "impossible", "optimal", "feasible", "none"],
        *,
        said_first: str,
        more: tuple[str, ...] = (),
        rules: tuple[str, ...] = (),
        reasons: tuple[str, ...] = (),
        best: Changed | None = None,
        most_change: float | int | None = None,
        fewest: Changed | None = None,
        worst: tuple[Worst, Worst] | None = None,
    ) -> WhyNot:
        """The answer with what is known."""
        return WhyNot(
            *self.pair, status, rules, reasons, self.score, best, most_change, fewest, self.loss,
            worst, (said_first, *more),
        )  # fmt: skip

    def fairly(self, i: int, j: int, seed: int, clock: Clock) -> tuple[Worst, Worst] | None:
        """The worst served of today and of the fairest plan with the pair, for fair objectives."""
        if self.problem.objective not in FAIR:
            return None
        clock.check()
        then = fairest_with(self.problem, i, j, seed=seed, time_limit=clock.left())
        return None if then is None else (worst_served(self.problem, *self.before), then)

    def possible(
        self, best: Point, fewest: Fullest | None, worst: tuple[Worst, Worst] | None
    ) -> WhyNot:
        """The answer for a pair that can be made."""
        plan = self._changed(best, best.kept)
        few = None if fewest is None else self._changed(fewest.point, fewest.most)
        proven = best.proven and (fewest is None or fewest.proven)
        return self.answer(
            "optimal" if proven else "feasible",
            said_first=self._said(best, plan),
            more=(
                *((told(self.problem, *worst),) if worst else ()),
                *change_sentences(plan.people),
                self._said_fewest(few),
            ),
            best=plan,
            most_change=self.problem.points(best.bound - self.today),
            fewest=few,
            worst=worst,
        )

    def _changed(self, point: Point, most_kept: int) -> Changed:
        pairs = len(self.before[0])
        return Changed(
            self.problem.points(point.units),
            self.problem.points(point.units - self.today),
            pairs - point.kept,
            pairs - most_kept,
            changes(self.problem, (self.before[0], self.before[1]), (point.mentor, point.mentee)),
        )

    def _said(self, best: Point, plan: Changed) -> str:
        lost = self.today - best.units
        start = f"Making the pair of mentor {self.pair[0]} and mentee {self.pair[1]} would"
        many = counted(len(plan.people), "person")
        ends = f"{many} change{'s' if len(plan.people) == 1 else ''} partner"
        if lost == 0:
            return f"{start} lose nothing: {ends}."
        if lost < 0:
            return f"{start} add {said(self.problem, -lost)}: {ends}."
        share = percent(lost / self.today) if self.today else "all"
        return (
            f"{start} lose {said(self.problem, lost)} of {said(self.problem, self.today)} "
            f"({share}): {ends}."
        )

    def _said_fewest(self, few: Changed | None) -> str:
        within = f"a loss of at most {percent(self.loss, 1)}"
        if few is None:
            return f"No plan with the pair stays within {within}."
        text = f"The fewest changes within {within} break {counted(few.broken, 'pair')} of today's"
        if few.least_broken < few.broken:
            text += f" (no fewer than {few.least_broken} is proven)"
        people = (
            f"{counted(len(few.people), 'person')} change{'s' * (len(few.people) == 1)} partner"
        )
        return f"{text}: {people}."
