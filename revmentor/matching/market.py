"""What is left to decide once the required and locked pairs are made?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import IntArray, PairTable
from revmentor.matching.columns import Columns
from revmentor.matching.problem import Problem
from revmentor.matching.worth import Market
from revmentor.names import RULE_WORDS
from revmentor.words import counted


@dataclass(frozen=True, eq=False)
class Opened:
    """The free part of a problem.

    Parameters
    ----------
    market : Market
        Places left, and what pairs that may still be made are worth.
    made : Columns
        The required and locked pairs, with what they are worth.
    conflicts : tuple of str
        Why these pairs cannot all be made; empty if they can.
    """

    market: Market
    made: Columns
    conflicts: tuple[str, ...] = ()


def opened(problem: Problem) -> Opened:
    """Make the required and locked pairs; also say why they cannot all be made, if so."""
    conflicts = []
    made: set[tuple[int, int]] = set()
    kind: dict[tuple[int, int], str] = {}
    names = problem.scores.rules()
    for pin in problem.pins:
        pair = pin.words
        if pin.mentor is None or pin.mentee is None:
            who, side = (
                (pin.mentor_id, "mentor") if pin.mentor is None else (pin.mentee_id, "mentee")
            )
            conflicts.append(f"{pair}: {who} is not in the pool as a {side}")
            continue
        broken = int(problem.scores.first_broken(np.array([pin.mentor]), np.array([pin.mentee]))[0])
        if broken >= 0 and pin.kind == "require":
            conflicts.append(f"{pair}: breaks the rule '{RULE_WORDS[names[broken]]}'")
            continue
        made.add((pin.mentee, pin.mentor))
        kind[pin.mentor, pin.mentee] = pin.kind
    listed = np.array(sorted(made), np.int64).reshape(-1, 2)
    j, i = listed[:, 0], listed[:, 1]
    left = []
    for side, roster, whose, others, other in (
        ("mentor", problem.mentors, i, problem.mentees, j),
        ("mentee", problem.mentees, j, problem.mentors, i),
    ):
        used = np.bincount(whose, minlength=len(roster))
        for person in np.flatnonzero(used > roster.places).tolist():
            kinds = {kind[pair] for pair in zip(i.tolist(), j.tolist(), strict=True)
                     if pair[0 if side == "mentor" else 1] == person}  # fmt: skip
            partners = ", ".join(str(others.ids[k]) for k in other[whose == person].tolist())
            conflicts.append(
                f"{side} {roster.ids[person]} has {counted(int(roster.places[person]), 'place')}, "
                f"but {counted(int(used[person]), f'{_made(kinds)} pair')}: with {partners}"
            )
        left.append(np.maximum(roster.places - used, 0))
    market = Market(
        problem.scores, left[0], left[1], problem.least, _closed(i, j, problem), problem.priorities
    )
    units = problem.scores.plain(i, j)
    for priority in problem.priorities:
        units = units + priority.at(i, j)
    return Opened(market, Columns(i, j, units), tuple(conflicts))


def _made(kinds: set[str]) -> str:
    """What pairs of these kinds are."""
    words = {"require": "required", "lock": "locked"}
    return " or ".join(words[kind] for kind in sorted(kinds, reverse=True))


def _closed(i: IntArray, j: IntArray, problem: Problem) -> PairTable:
    """The required pairs, which cannot be made a second time."""
    return PairTable.of_pairs(i, j, np.ones(len(i), np.int64), len(problem.mentees))
