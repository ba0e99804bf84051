"""What is left to decide once the required pairs are made?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from revmentor.matching.arrays import IntArray, PairTable
from revmentor.matching.problem import Problem
from revmentor.matching.scores import NOT_ELIGIBLE
from revmentor.names import RULE_LABELS
from revmentor.words import counted


class Market(Protocol):
    """Places that are open, and what pairs are worth."""

    @property
    def mentor_places(self) -> IntArray:
        """Open places of each mentor."""
        ...

    @property
    def mentee_places(self) -> IntArray:
        """Open places of each mentee."""
        ...

    def worth(self, i: IntArray, j: IntArray) -> IntArray:
        """Units of pairs that may be made, in a new array; -1 for all others."""
        ...


@dataclass(frozen=True, eq=False)
class Sample:
    """The market of some of the people only."""

    market: Market
    mentors: IntArray
    mentees: IntArray

    @property
    def mentor_places(self) -> IntArray:
        """Open places of the mentors in the sample."""
        return self.market.mentor_places[self.mentors]

    @property
    def mentee_places(self) -> IntArray:
        """Open places of the mentees in the sample."""
        return self.market.mentee_places[self.mentees]

    def worth(self, i: IntArray, j: IntArray) -> IntArray:
        """Units of pairs of the sample."""
        return self.market.worth(self.mentors[i], self.mentees[j])


@dataclass(frozen=True, eq=False)
class FreeMarket:
    """The free part of a problem, once the required pairs are made.

    Parameters
    ----------
    mentor_places, mentee_places : array of int
        Places left after the pins.
    pinned : PairTable
        Required pairs, which cannot be made a second time.
    pinned_units : int
        What they score together.
    """

    problem: Problem
    mentor_places: IntArray
    mentee_places: IntArray
    pinned: PairTable
    pinned_units: int

    def worth(self, i: IntArray, j: IntArray) -> IntArray:
        """Units of pairs that may still be made; -1 for all others."""
        units = self.problem.scores.units(i, j)
        out = units < self.problem.least
        if len(self.pinned):
            out |= self.pinned.at(i, j) > 0
        units[out] = NOT_ELIGIBLE
        return units


def pinned_market(problem: Problem) -> tuple[FreeMarket, tuple[str, ...]]:
    """Make the required pairs; also say why they cannot all be made, if so.

    Returns
    -------
    (market, conflicts) : FreeMarket and tuple of str
        No conflicts: every required pair obeys the rules, and nobody has more than their places.
    """
    conflicts = []
    made: dict[tuple[int, int], float] = {}
    total = 0
    names = problem.scores.rules()
    for pin in problem.pins:
        pair = f"required pair {pin.mentor_id} (mentor) with {pin.mentee_id} (mentee)"
        if pin.mentor is None or pin.mentee is None:
            who, side = (
                (pin.mentor_id, "mentor") if pin.mentor is None else (pin.mentee_id, "mentee")
            )
            conflicts.append(f"{pair}: {who} is not in the pool as a {side}")
            continue
        i, j = np.array([pin.mentor]), np.array([pin.mentee])
        broken = int(problem.scores.first_broken(i, j)[0])
        if broken >= 0:
            conflicts.append(f"{pair}: breaks the rule '{RULE_LABELS[names[broken]]}'")
            continue
        made[pin.mentor, pin.mentee] = 1.0
        total += int(problem.scores.units(i, j)[0])
    pinned = PairTable.of(made, len(problem.mentees))
    left = []
    for side, roster, whose, others, other in zip(
        ("mentor", "mentee"),
        (problem.mentors, problem.mentees),
        pinned.pairs(),
        (problem.mentees, problem.mentors),
        pinned.pairs()[::-1],
        strict=True,
    ):
        used = np.bincount(whose, minlength=len(roster))
        for person in np.flatnonzero(used > roster.places).tolist():
            partners = ", ".join(str(others.ids[k]) for k in other[whose == person].tolist())
            conflicts.append(
                f"{side} {roster.ids[person]} has {counted(int(roster.places[person]), 'place')}, "
                f"but {counted(int(used[person]), 'required pair')}: with {partners}"
            )
        left.append(np.maximum(roster.places - used, 0))
    return FreeMarket(problem, left[0], left[1], pinned, total), tuple(conflicts)
