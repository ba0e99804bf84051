"""What is a pair worth to the programme, and which places are open?

A pair's *units* are its score in whole numbers. Its *worth* is what a solver adds up: the units
and whatever priorities, multipliers of side constraints or the wish to keep a pair add to them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from revmentor.errors import SolverError
from revmentor.matching.arrays import IntArray, PairTable
from revmentor.matching.scores import Scores

# The worth of a pair that may not be made: low enough that no addition makes it attractive.
NEVER = -(2**62)
# More units for everybody than this leave no room for scores and multipliers beside them.
MOST_FOR_ALL = 2**60


@dataclass(frozen=True, eq=False)
class GroupUnits:
    """Units added to the worth of pairs by the groups of their two people.

    Parameters
    ----------
    mentor, mentee : array of int
        Group of each person, from 0.
    units : array of int, shape (groups of mentors, groups of mentees)
    """

    mentor: IntArray
    mentee: IntArray
    units: IntArray

    def at(self, i: IntArray, j: IntArray) -> IntArray:
        """Units added at index arrays that broadcast."""
        added: IntArray = self.units[self.mentor[i], self.mentee[j]]
        return added


@dataclass(frozen=True, eq=False)
class Market:
    """Open places, and what each pair is worth.

    Parameters
    ----------
    scores : Scores
    mentor_places, mentee_places : array of int
        Open places of each person; 0 for none.
    least : int
        Fewest units of a pair that may be made.
    closed : PairTable
        Pairs that may not be made, whatever they score (their value is 1).
    groups : tuple of GroupUnits
    pairs : PairTable, whole values
        Units added to single pairs.
    """

    scores: Scores
    mentor_places: IntArray
    mentee_places: IntArray
    least: int = 1
    closed: PairTable = field(default_factory=PairTable.empty)
    groups: tuple[GroupUnits, ...] = ()
    pairs: PairTable = field(default_factory=PairTable.empty)

    def worth(self, i: IntArray, j: IntArray) -> IntArray:
        """Worth of pairs at index arrays that broadcast, in a new array; NEVER if not allowed.

        A worth below 0 is that of a pair that is allowed and that nobody would make.
        """
        units = self.scores.units(i, j)
        out = units < self.least
        if len(self.closed):
            out |= self.closed.at(i, j) > 0
        for groups in self.groups:
            units = units + groups.at(i, j)
        if len(self.pairs):
            units = units + self.pairs.at(i, j)
        units[out] = NEVER
        return units

    @property
    def largest(self) -> int:
        """No pair is worth more."""
        groups = sum(int(added.units.max(initial=0)) for added in self.groups)
        return self.scores.largest + groups + int(self.pairs.value.max(initial=0))

    def adding(self, *groups: GroupUnits) -> Market:
        """The same market with more units for groups."""
        return replace(self, groups=self.groups + groups)


def everybody(mentors: int, mentees: int, units: int) -> GroupUnits:
    """The same units for every pair.

    Raises
    ------
    SolverError
        They are so many that sums with them could overflow.
    """
    if abs(units) > MOST_FOR_ALL:
        raise SolverError(
            f"for most pairs first, each would count {units} units more than its score, above "
            "2**60: prices would overflow. To fix: give smaller weights, priorities or scores."
        )
    zeros = np.zeros(mentors, np.int64), np.zeros(mentees, np.int64)
    return GroupUnits(*zeros, np.array([[units]], np.int64))
