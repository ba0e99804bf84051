"""How are listed pairs seen from either side?"""

from __future__ import annotations

from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.columns import Columns
from revmentor.matching.kernels.network import Network, grouped

Side = Literal["mentor", "mentee"]


def other(side: Side) -> Side:
    """The side across.

    >>> other("mentor")
    'mentee'
    """
    return "mentee" if side == "mentor" else "mentor"


class Rows(NamedTuple):
    """The listed pairs by one side.

    Parameters
    ----------
    order : array of int
        Which listed pair stands at each place.
    start : array of int, shape (people of the side + 1,)
        The pairs of person p stand at ``start[p]`` to ``start[p + 1]``.
    person, partner : array of int
        Who of the side, and who across.
    """

    order: IntArray
    start: IntArray
    person: IntArray
    partner: IntArray


class Incidence:
    """Listed pairs, each once, by mentee and then mentor.

    Parameters
    ----------
    columns : Columns, so sorted
    mentors, mentees : int
        Number of people.
    """

    def __init__(self, columns: Columns, mentors: int, mentees: int) -> None:
        self.columns, self.mentors, self.mentees = columns, mentors, mentees

    def joined(self, columns: Columns) -> tuple[Incidence, IntArray]:
        """With more pairs, those listed already left as they are; and which places are new."""
        key = columns.mentee * self.mentors + columns.mentor
        if not len(self.columns):
            # Most pairs of a matching come in one go: they need not be held twice.
            if not bool(np.all(key[1:] > key[:-1])):
                order = np.argsort(key, kind="stable")
                key = key[order]
                columns = columns.take(order[np.append(True, key[1:] != key[:-1])])
            return Incidence(columns, self.mentors, self.mentees), np.zeros(len(columns), np.int64)
        key, first = np.unique(key, return_index=True)
        here = self.columns.mentee * self.mentors + self.columns.mentor
        place = np.searchsorted(here, key)
        new = np.append(here, -1)[place] != key
        place = place[new]
        if not len(place):
            return self, place
        fresh = columns.take(first[new])
        both = Columns(
            np.insert(self.columns.mentor, place, fresh.mentor),
            np.insert(self.columns.mentee, place, fresh.mentee),
            np.insert(self.columns.units, place, fresh.units),
        )
        return Incidence(both, self.mentors, self.mentees), place

    def revalued(self, units: IntArray) -> Incidence:
        """The same pairs with other units."""
        columns = Columns(self.columns.mentor, self.columns.mentee, units)
        again = Incidence(columns, self.mentors, self.mentees)
        for kept in ("by_mentor", "by_mentee", "mentor_degree", "mentee_degree"):
            if kept in self.__dict__:
                again.__dict__[kept] = self.__dict__[kept]
        return again

    @cached_property
    def mentor_degree(self) -> IntArray:
        """How many listed pairs each mentor is in."""
        return np.bincount(self.columns.mentor, minlength=self.mentors)

    @cached_property
    def mentee_degree(self) -> IntArray:
        """How many listed pairs each mentee is in."""
        return np.bincount(self.columns.mentee, minlength=self.mentees)

    @cached_property
    def by_mentee(self) -> Rows:
        """The pairs in their own order."""
        start = np.append(0, np.cumsum(self.mentee_degree))
        columns = self.columns
        return Rows(np.arange(len(columns)), start, columns.mentee, columns.mentor)

    @cached_property
    def by_mentor(self) -> Rows:
        """The pairs by mentor and then mentee."""
        start = np.append(0, np.cumsum(self.mentor_degree))
        order = grouped(self.columns.mentor, start)
        return Rows(order, start, self.columns.mentor[order], self.columns.mentee[order])

    def rows(self, side: Side) -> Rows:
        """The pairs by one side."""
        return self.by_mentor if side == "mentor" else self.by_mentee

    def degree(self, side: Side) -> IntArray:
        """How many listed pairs each person of a side is in."""
        return self.mentor_degree if side == "mentor" else self.mentee_degree

    def network(self, bidders: Side, bidder_places: IntArray, item_places: IntArray) -> Network:
        """The pairs for compiled loops, people of one side being bidders."""
        rows = self.rows(bidders)
        units = np.maximum(self.columns.units, 0)
        if bidders == "mentor":
            units = units[rows.order]
        return Network(rows.start, rows.person, rows.partner, units, bidder_places, item_places)
