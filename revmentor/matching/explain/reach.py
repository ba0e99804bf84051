"""How many pairs do the rules leave, who has none, and how well could everybody fare alone?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray, blocks
from revmentor.matching.problem import Problem
from revmentor.matching.result import table
from revmentor.matching.unmatched import hurdles

if TYPE_CHECKING:
    import pandas as pd


def rule_effects(problem: Problem, found: Reach | None = None) -> pd.DataFrame:
    """How many pairs does each rule leave, one after the other?

    Parameters
    ----------
    problem : Problem
    found : Reach, optional
        From `reach`, where it is known already.

    Returns
    -------
    DataFrame
        rule ("all pairs" first, then the rules that are on, in their order, then minimum_score:
        a score above 0 and at least the minimum), pairs_left, people_without (people, counted
        once per side, who have no pair left).
    """
    found = found or reach(problem)
    without = (~found.mentors).sum(axis=1) + (~found.mentees).sum(axis=1)
    return table({"rule": found.rules, "pairs_left": found.left, "people_without": without})


class Reach(NamedTuple):
    """What is left after each rule: pairs, and who still has a partner.

    ``mentors`` and ``mentees`` are rules x people, true for those who have a pair left.
    """

    rules: list[str]
    left: IntArray
    mentors: BoolArray
    mentees: BoolArray


def reach(problem: Problem) -> Reach:
    """Who has a partner left after each rule, one after the other? See `rule_effects`."""
    rules = problem.scores.rules()
    steps = len(rules) + 2
    left = np.zeros(steps, np.int64)
    mentors = np.zeros((steps, len(problem.mentors)), bool)
    mentees = np.zeros((steps, len(problem.mentees)), bool)
    for i, j in blocks(len(problem.mentors), len(problem.mentees)):
        first = problem.scores.first_broken(i, j)
        enough = problem.scores.units(i, j) >= problem.least
        for step in range(steps):
            still = (first < 0) | (first >= step) if step <= len(rules) else enough
            left[step] += int(still.sum())
            mentors[step] |= still.any(axis=0)
            mentees[step][j.ravel()] = still.any(axis=1)
    return Reach(["all pairs", *rules, "minimum_score"], left, mentors, mentees)


def without_partner(problem: Problem) -> pd.DataFrame:
    """Who has nobody to be paired with, and which rules leave out how many?

    Returns
    -------
    DataFrame
        person_id, side, partners (people on the other side), one column per rule that is on (how
        many it leaves out after those before it), best_score (of an eligible pair, NaN if there
        is none); by side, mentors first, and id. People without places are left out.
    """
    import pandas as pd  # only now: it takes longer to load than a small problem to solve

    some = _with_partner(problem)
    parts = []
    for side, roster, other, has in (
        ("mentor", problem.mentors, problem.mentees, some[0]),
        ("mentee", problem.mentees, problem.mentors, some[1]),
    ):
        who = np.flatnonzero(~has & (roster.places > 0))
        found = hurdles(problem, side, who)
        removed = zip(problem.scores.rules(), found.removed.T, strict=True)
        columns = {
            "person_id": [roster.ids[k] for k in who],
            "side": [side] * len(who),
            "partners": [len(other)] * len(who),
            **dict(removed),
            "best_score": np.where(found.best < 0, np.nan, found.best / problem.per_point),
        }
        parts.append(table(columns))
    return pd.concat(parts, ignore_index=True)


class Potential(NamedTuple):
    """What the mentees could reach if nobody else were there.

    Parameters
    ----------
    total : float
        Sum of each mentee's best score in a pair that may be made, once per mentee.
    mean : float
        The same per mentee who has such a pair; nan if nobody has.
    mentees : int
        How many have.
    """

    total: float
    mean: float
    mentees: int


def potential(problem: Problem) -> Potential:
    """How well could each mentee be matched, taken alone?

    >>> potential(Problem.from_scores([[0.5, 0.9], [0.25, 0.75]]))
    Potential(total=1.4, mean=0.7, mentees=2)
    """
    best = np.zeros(len(problem.mentees), np.int64)
    for i, j in blocks(len(problem.mentors), len(problem.mentees)):
        units = problem.scores.units(i, j)
        best[j.ravel()] = np.where(units >= problem.least, units, 0).max(axis=1)
    some = int((best > 0).sum())
    total = float(problem.points(int(best.sum())))
    return Potential(total, total / some if some else float("nan"), some)


def _with_partner(problem: Problem) -> tuple[BoolArray, BoolArray]:
    """Which mentors and which mentees have a pair that may be made?"""
    mentors = np.zeros(len(problem.mentors), bool)
    mentees = np.zeros(len(problem.mentees), bool)
    for i, j in blocks(len(problem.mentors), len(problem.mentees)):
        enough = problem.scores.units(i, j) >= problem.least
        mentors |= enough.any(axis=0)
        mentees[j.ravel()] = enough.any(axis=1)
    return mentors, mentees
