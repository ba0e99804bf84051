"""Why these pairs, what else would have fitted, and what does a rule or a place cost?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from revmentor.errors import Fault, InputError
from revmentor.matching.arrays import BoolArray, FloatArray, IntArray, blocks
from revmentor.matching.problem import Id, Problem
from revmentor.matching.result import Matching
from revmentor.matching.unmatched import hurdles


def contributions(problem: Problem, pairs: pd.DataFrame) -> pd.DataFrame:
    """What does each criterion add to the score of these pairs?

    Parameters
    ----------
    problem : Problem
    pairs : DataFrame
        mentor_id, mentee_id; other columns are ignored. The pairs need not be eligible.

    Returns
    -------
    DataFrame
        In the order of `pairs`: mentor_id, mentee_id, one column per criterion that counts, in
        the unit of the scores, score, and assumed (the criteria for which somebody stated
        nothing, so that a stand-in counts; comma-separated). The criteria add up to the score to
        the last millionth: each is rounded down and what is left goes to the largest remainders.

    Raises
    ------
    InputError
        For an id that is not in the pool on that side.
    """
    i = _places(pairs["mentor_id"], problem.mentors.ids, "mentor")
    j = _places(pairs["mentee_id"], problem.mentees.ids, "mentee")
    parts = problem.scores.parts(i, j)
    units = problem.scores.plain(i, j)
    whole = _rounded(np.array(list(parts.values()), float).reshape(len(parts), len(i)), units)
    table: dict[str, object] = {
        "mentor_id": [problem.mentors.ids[k] for k in i],
        "mentee_id": [problem.mentees.ids[k] for k in j],
    }
    table |= {name: _points(problem, row) for name, row in zip(parts, whole, strict=True)}
    table["score"] = _points(problem, units)
    assumed = problem.scores.assumed(i, j)
    table["assumed"] = [
        ", ".join(name for name, mask in assumed.items() if mask[row]) for row in range(len(i))
    ]
    return pd.DataFrame(table)


def alternatives(
    problem: Problem, matching: Matching, pair: tuple[Id, Id], *, most: int = 3
) -> pd.DataFrame:
    """With whom else would the two people of a pair have fitted best?

    Parameters
    ----------
    pair : (mentor_id, mentee_id)
    most : int
        How many alternatives for each of the two.

    Returns
    -------
    DataFrame
        As `contributions`, with side (whose alternatives: first the mentor's, then the mentee's)
        in front and difference (its score minus the pair's) behind; best first. Only pairs that
        may be made; partners that the person has anyway are left out.
    """
    i = _places([pair[0]], problem.mentors.ids, "mentor")
    j = _places([pair[1]], problem.mentees.ids, "mentee")
    have = set(zip(matching.pairs["mentor_id"], matching.pairs["mentee_id"], strict=True)) | {pair}
    mentors, mentees = np.arange(len(problem.mentors)), np.arange(len(problem.mentees))
    found = []
    for side, cells in (
        ("mentor", (np.repeat(i, len(mentees)), mentees)),
        ("mentee", (mentors, np.repeat(j, len(mentors)))),
    ):
        units = problem.scores.units(*cells)
        ids = [
            (problem.mentors.ids[a], problem.mentees.ids[b])
            for a, b in zip(cells[0].tolist(), cells[1].tolist(), strict=True)
        ]
        new = np.array([one not in have for one in ids], bool)
        order = [k for k in np.argsort(-units, kind="stable").tolist() if new[k]]
        best = [ids[k] for k in order if units[k] >= problem.least][:most]
        listed = contributions(problem, pd.DataFrame(best, columns=["mentor_id", "mentee_id"]))
        listed.insert(0, "side", side)
        found.append(listed)
    table = pd.concat(found, ignore_index=True)
    own = _points(problem, problem.scores.plain(i, j))[0]
    table["difference"] = (table["score"] - own).round(6)
    return table


def rule_effects(problem: Problem) -> pd.DataFrame:
    """How many pairs does each rule leave, one after the other?

    Returns
    -------
    DataFrame
        rule ("all pairs" first, then the rules that are on, in their order, then minimum_score:
        a score above 0 and at least the minimum), pairs_left, people_without (people, counted
        once per side, who have no pair left).
    """
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
    without = (~mentors).sum(axis=1) + (~mentees).sum(axis=1)
    names = ["all pairs", *rules, "minimum_score"]
    return pd.DataFrame({"rule": names, "pairs_left": left, "people_without": without})


def without_partner(problem: Problem) -> pd.DataFrame:
    """Who has nobody to be paired with, and which rules leave out how many?

    Returns
    -------
    DataFrame
        person_id, side, partners (people on the other side), one column per rule that is on (how
        many it leaves out after those before it), best_score (of an eligible pair, NaN if there
        is none); by side, mentors first, and id. People without places are left out.
    """
    some = _with_partner(problem)
    parts = []
    for side, roster, other, has in (
        ("mentor", problem.mentors, problem.mentees, some[0]),
        ("mentee", problem.mentees, problem.mentors, some[1]),
    ):
        who = np.flatnonzero(~has & (roster.places > 0))
        found = hurdles(problem, side, who)
        table = pd.DataFrame(found.removed, columns=list(problem.scores.rules()))
        table.insert(0, "person_id", [roster.ids[k] for k in who])
        table.insert(1, "side", side)
        table.insert(2, "partners", len(other))
        table["best_score"] = np.where(found.best < 0, np.nan, found.best / problem.per_point)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def binding_capacity(problem: Problem, matching: Matching) -> pd.DataFrame:
    """Whose places bind: what would one more place add?

    Returns
    -------
    DataFrame
        person_id, side, capacity, price (dual price in the unit of the scores: locally, what the
        objective gains by one more place); dearest first. Empty without a certificate.
    """
    proof = matching.certificate
    rows = [
        (who, side, int(places), problem.points(int(price)))
        for side, roster, prices in (
            ("mentor", problem.mentors, proof.mentor if proof else ()),
            ("mentee", problem.mentees, proof.mentee if proof else ()),
        )
        for who, places, price in zip(roster.ids, roster.places, prices, strict=proof is not None)
        if price > 0
    ]
    rows.sort(key=lambda row: (-row[3], row[1], str(row[0])))
    return pd.DataFrame(rows, columns=["person_id", "side", "capacity", "price"])


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


def _rounded(parts: FloatArray, units: IntArray) -> IntArray:
    """Whole numbers that add up to `units` in each column, by largest remainder."""
    down = np.floor(parts).astype(np.int64)
    over = units - down.sum(axis=0)
    order = np.argsort(-(parts - down), axis=0, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(len(parts))[:, None], axis=0)
    return down + (place < over)


def _points(
    problem: Problem, units: IntArray
) -> IntArray | np.ndarray[tuple[int], np.dtype[np.float64]]:
    return units if problem.per_point == 1 else units / problem.per_point


def _places(wanted: pd.Series | list[Id], ids: tuple[Id, ...], side: str) -> IntArray:
    at = {who: k for k, who in enumerate(ids)}
    unknown = [str(who) for who in wanted if who not in at]
    if unknown:
        raise InputError(
            Fault("unknown person", f"this is not a {side} of the pool", "use an id of the pool",
                  "pairs", None, f"{side}_id", unknown[0])
        )  # fmt: skip
    return np.array([at[who] for who in wanted], np.int64)
