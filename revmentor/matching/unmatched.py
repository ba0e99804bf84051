"""Why does somebody have no pair, in a sentence?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray, blocks
from revmentor.matching.points import told_points
from revmentor.matching.problem import Id, Problem, Roster
from revmentor.matching.result import table
from revmentor.names import RULE_LABELS
from revmentor.words import counted

if TYPE_CHECKING:
    import pandas as pd

OTHER = {"mentor": "mentee", "mentee": "mentor"}
RULE_WORDS = {**RULE_LABELS, "eligible": "marked as eligible"}


@dataclass(frozen=True, eq=False)
class Standing:
    """Where everybody of one side stands under the final prices.

    Parameters
    ----------
    alone : array of bool
        Has no pair.
    partners, reachable : array of int
        Pairs that may be made, and those of them whose partner has places besides pins.
    margin : array of int, units
        By how much the prices exceed the best of the reachable pairs.
    """

    side: str
    roster: Roster
    alone: BoolArray
    partners: IntArray
    reachable: IntArray
    margin: IntArray


@dataclass(frozen=True, eq=False)
class Hurdles:
    """Why some people have no pair that may be made.

    Parameters
    ----------
    removed : array of shape (people, rules)
        How many partners each rule leaves out, after the rules before it.
    best : array of int
        Units of the best eligible pair; -1 if there is none.
    """

    removed: IntArray
    best: IntArray


def hurdles(problem: Problem, side: str, who: IntArray) -> Hurdles:
    """Count, for the people asked for, which rule leaves out how many partners."""
    rules = problem.scores.rules()
    removed = np.zeros((len(who), len(rules)), np.int64)
    best = np.full(len(who), -1)

    def tally(place: slice, i: IntArray, j: IntArray, axis: int) -> None:
        first = problem.scores.first_broken(i, j)
        for number in range(len(rules)):
            removed[place, number] += (first == number).sum(axis=axis)
        units = np.where(first < 0, problem.scores.units(i, j), -1)
        best[place] = np.maximum(best[place], units.max(axis=axis))

    if side == "mentee":
        at = 0
        for i, j in blocks(len(problem.mentors), who):
            tally(slice(at, at + len(j)), i, j, 1)
            at += len(j)
    else:
        for i, j in blocks(len(who), len(problem.mentees)):
            tally(slice(None), who[i], j, 0)
    return Hurdles(removed, best)


def tell(problem: Problem, standings: list[Standing], proven: bool) -> pd.DataFrame:
    """Everybody without a pair: person_id, side, reason, code; by side, mentors first, and id.

    The codes: ``capacity`` (can take nobody), ``no_eligible_partner``, ``minimum_score``,
    ``places_taken`` (no eligible partner has any), ``outbid``, ``not_proven``.
    """
    rows = [row for standing in standings for row in _tell_side(problem, standing, proven)]
    names = ("person_id", "side", "reason", "code")
    return table({name: [row[place] for row in rows] for place, name in enumerate(names)})


def _tell_side(
    problem: Problem, standing: Standing, proven: bool
) -> list[tuple[Id, str, str, str]]:
    side, roster = standing.side, standing.roster
    alone = np.flatnonzero(standing.alone)
    stuck = alone[(standing.partners[alone] == 0) & (roster.places[alone] > 0)]
    found = hurdles(problem, side, stuck)
    why_stuck = {
        person: _stuck(problem, side, found.removed[row], int(found.best[row]))
        for row, person in enumerate(stuck.tolist())
    }
    rows = []
    for person in alone.tolist():
        partners, reachable = int(standing.partners[person]), int(standing.reachable[person])
        if roster.places[person] == 0:
            code, reason = "capacity", "Can take nobody: the stated capacity is 0."
        elif person in why_stuck:
            code, reason = why_stuck[person]
        elif not reachable:
            code = "places_taken"
            reason = f"{_eligible(partners)} without a place: capacity 0, or in required pairs."
        elif not proven:
            code = "not_proven"
            reason = "Not reached: the search stopped before it was proven who stays out."
        else:
            code = "outbid"
            reason = _outbid(problem, partners, int(standing.margin[person]))
        rows.append((roster.ids[person], side, reason, code))
    return rows


def _eligible(partners: int) -> str:
    if partners == 1:
        return "The only eligible partner is"
    return f"All {partners:,} eligible partners are"


def _outbid(problem: Problem, partners: int, margin: int) -> str:
    taken = f"{_eligible(partners)} in pairs that score more together"
    if margin:
        return f"{taken}; the nearest miss is {told_points(problem, margin)}."
    return f"{taken}, or as much: other plans are equally good."


def _stuck(problem: Problem, side: str, removed: IntArray, best: int) -> tuple[str, str]:
    """The reason of somebody for whom no pair may be made."""
    other = problem.mentees if side == "mentor" else problem.mentors
    if not len(other):
        return "no_eligible_partner", f"There is no {OTHER[side]} in the pool."
    left_out = [
        f"rule '{RULE_WORDS[rule]}' leaves out {count:,}"
        for rule, count in zip(problem.scores.rules(), removed.tolist(), strict=True)
        if count
    ]
    among = f"among {counted(len(other), OTHER[side])}"
    if best < 0:
        return "no_eligible_partner", f"No eligible partner {among}: {', '.join(left_out)}."
    least = f"the minimum of {told_points(problem, problem.least)}"
    if best == 0:
        return "minimum_score", f"No partner {among} with a score above 0 whom the rules allow."
    shown = told_points(problem, best)
    return "minimum_score", f"The best eligible partner {among} scores {shown}, under {least}."
