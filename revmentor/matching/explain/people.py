"""Who is meant by an id, and whose partners differ between two plans?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from revmentor.errors import Fault, InputError
from revmentor.matching import rules
from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.points import told_points
from revmentor.matching.problem import Id, Problem
from revmentor.matching.result import Matching, table
from revmentor.matching.scores import MatrixScores, Scores, TableScores
from revmentor.matching.variants import MINIMUM_SCORE
from revmentor.words import listed

if TYPE_CHECKING:
    import pandas as pd


def places(wanted: Iterable[Id], ids: tuple[Id, ...], side: str) -> IntArray:
    """Where these people stand in a roster.

    Raises
    ------
    InputError
        For an id that is not in the pool on that side.
    """
    at = {who: k for k, who in enumerate(ids)}
    wanted = list(wanted)
    unknown = [str(who) for who in wanted if who not in at]
    if unknown:
        raise InputError(
            Fault("unknown person", f"this is not a {side} of the pool", "use an id of the pool",
                  "pairs", None, f"{side}_id", unknown[0])
        )  # fmt: skip
    return np.array([at[who] for who in wanted], np.int64)


def plan_of(problem: Problem, matching: Matching) -> tuple[IntArray, IntArray]:
    """Mentors and mentees of a matching's pairs, by places in the rosters."""
    pairs = matching.pairs
    return (
        places(pairs["mentor_id"], problem.mentors.ids, "mentor"),
        places(pairs["mentee_id"], problem.mentees.ids, "mentee"),
    )


def in_points(problem: Problem, units: IntArray) -> IntArray | npt.NDArray[np.float64]:
    """Units in the unit of the scores."""
    return units if problem.per_point == 1 else units / problem.per_point


def said(problem: Problem, units: int) -> str:
    """Units as they are told: of tables in points of 100, of given scores in their unit.

    >>> said(Problem.from_scores([[0.5]]), 1_250_000)
    '1.25'
    """
    return told_points(problem, units, 10)


def named(ids: Iterable[Id]) -> str:
    """People in a list of words.

    >>> named([3, 1]), named([])
    ('3 and 1', 'nobody')
    """
    texts = [str(who) for who in ids]
    return listed(texts) if texts else "nobody"


def changes(
    problem: Problem, before: tuple[IntArray, IntArray], after: tuple[IntArray, IntArray]
) -> pd.DataFrame:
    """Whose partners differ between two plans?

    Parameters
    ----------
    before, after : (mentors, mentees)
        Pairs, by places in the rosters.

    Returns
    -------
    DataFrame
        person_id, side, from (partners lost) and to (partners won), as tuples of ids; mentors
        first, by id.
    """
    width = max(1, len(problem.mentors))
    keys = [np.unique(j * width + i) for i, j in (before, after)]
    gone = np.setdiff1d(keys[0], keys[1])
    new = np.setdiff1d(keys[1], keys[0])
    rows: list[tuple[Id, str, tuple[Id, ...], tuple[Id, ...]]] = []
    for side, roster, other in (
        ("mentor", problem.mentors, problem.mentees),
        ("mentee", problem.mentees, problem.mentors),
    ):
        found: dict[int, tuple[list[Id], list[Id]]] = {}
        for which, pairs in enumerate((gone, new)):
            for key in pairs.tolist():
                j, i = divmod(key, width)
                person, partner = (i, j) if side == "mentor" else (j, i)
                found.setdefault(person, ([], []))[which].append(other.ids[partner])
        for person in sorted(found):
            lost, won = found[person]
            rows.append((roster.ids[person], side, tuple(lost), tuple(won)))
    names = ("person_id", "side", "from", "to")
    return table({name: [row[place] for row in rows] for place, name in enumerate(names)})


def change_sentences(found: pd.DataFrame, most: int = 10) -> tuple[str, ...]:
    """Each changed person in a sentence; the first few, and how many more."""
    rows = list(zip(found["person_id"], found["side"], found["from"], found["to"], strict=True))
    told = [
        f"{side.capitalize()} {who}: from {named(lost)} to {named(won)}."
        for who, side, lost, won in rows[:most]
    ]
    if len(rows) > most:
        told.append(f"And {len(rows) - most:,} more.")
    return tuple(told)


def worth_of(problem: Problem, i: IntArray, j: IntArray) -> int:
    """What pairs are worth together, in units: their scores and the priorities of their people."""
    total = problem.scores.plain(i, j)
    for groups in problem.priorities:
        total = total + groups.at(i, j)
    return sum(map(int, total.tolist()))


def broken_rules(problem: Problem, i: int, j: int) -> tuple[str, ...]:
    """All rules that a pair breaks, not only the first; and the minimum score."""
    pair = np.array([i]), np.array([j])
    names = [rule for rule, mask in broken(problem.scores, *pair) if mask[0]]
    if int(problem.scores.plain(*pair)[0]) < problem.least:
        names.append(MINIMUM_SCORE)
    return tuple(names)


def broken(scores: Scores, i: IntArray, j: IntArray) -> list[tuple[str, BoolArray]]:
    """Which pairs break each rule that is on, rule by rule, at index arrays that broadcast."""
    if isinstance(scores, TableScores):
        return list(rules.broken(scores.pool, scores.params, i, j))
    if isinstance(scores, MatrixScores) and scores.before is not None:
        eligible = scores.before[j, i] >= 0
        return [("eligible", ~eligible), ("common_wave", eligible & (scores.units(i, j) < 0))]
    first = scores.first_broken(i, j)
    return [(rule, first == number) for number, rule in enumerate(scores.rules())]
