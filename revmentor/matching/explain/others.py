"""With whom else would everybody in a pair have fitted best?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import IntArray, blocks
from revmentor.matching.explain.people import in_points, plan_of
from revmentor.matching.problem import Problem
from revmentor.matching.result import Matching, table

if TYPE_CHECKING:
    import pandas as pd


def best_others(problem: Problem, matching: Matching) -> pd.DataFrame:
    """Which other partner would have fitted each side of each pair best, in one pass?

    Parameters
    ----------
    problem : Problem
    matching : Matching

    Returns
    -------
    DataFrame
        In the order of the pairs: mentor_id, mentee_id; mentor_other and mentor_other_score, the
        best mentee whom the mentor does not have; mentee_other and mentee_other_score, the best
        mentor whom the mentee does not have. Only pairs that may be made; missing if there is none.

    Notes
    -----
    The first row of `alternatives` for all pairs at once: O(mentors x mentees) scores, in blocks
    of bounded memory.

    >>> from revmentor.matching import solve
    >>> problem = Problem.from_scores([[9, 5], [4, 8]])
    >>> best_others(problem, solve(problem))[["mentor_other", "mentee_other"]].values.tolist()
    [[1, 1], [0, 0]]
    """
    i, j = plan_of(problem, matching)
    most, few = len(problem.mentors), len(problem.mentees)
    units = np.full(most, -1, np.int64), np.full(few, -1, np.int64)
    other = np.full(most, -1, np.int64), np.full(few, -1, np.int64)
    for a, b in blocks(most, few):
        rows = b.ravel()
        found = np.array(np.broadcast_to(problem.scores.units(a, b), (len(rows), most)))
        mine = (j >= rows[0]) & (j <= rows[-1])
        found[j[mine] - rows[0], i[mine]] = -1
        found[found < problem.least] = -1
        best = found.argmax(axis=1)
        units[1][rows], other[1][rows] = found[np.arange(len(rows)), best], best
        above = found.max(axis=0) > units[0]
        other[0][above] = rows[found.argmax(axis=0)[above]]
        units[0][above] = found.max(axis=0)[above]
    names = problem.mentees.ids, problem.mentors.ids
    columns: dict[str, object] = {
        "mentor_id": matching.pairs["mentor_id"].to_numpy(),
        "mentee_id": matching.pairs["mentee_id"].to_numpy(),
    }
    for side, whom in ((0, i), (1, j)):
        name = ("mentor", "mentee")[side]
        at, worth = other[side][whom], units[side][whom]
        there = worth >= 0
        who = np.empty(len(at), object)
        who[there] = [names[side][k] for k in at[there].tolist()]
        columns[f"{name}_other"] = who
        columns[f"{name}_other_score"] = np.where(there, _points(problem, worth), np.nan)
    return table(columns)


def _points(problem: Problem, units: IntArray) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(in_points(problem, units), np.float64)
