"""Who could be in a circle with whom, and what is a circle worth, in arrays?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.kernels.circles import Ground

# The units of a mentor and a mentee who may not meet: so low that no sum of values over a circle
# lifts it, and so high that a sum over all pairs of a circle stays within 64 bits.
FORBIDDEN = -(2**50)
# Values and prices of a whole programme stay below this, a fraction of the above.
LARGEST_TOTAL = 2**46
NO_TOPIC = -1
TRAITS = ("department", "site", "generation")
Traits = npt.NDArray[np.int32]


class Range(NamedTuple):
    """Fewest and most people of a side."""

    fewest: int
    most: int


class Extras(NamedTuple):
    """Units that a circle has beside its pairs.

    Parameters
    ----------
    wanted : int
        For each mentee who wants the topic.
    offered : int
        For each mentor who offers it.
    traits : tuple of int
        For each department, site and generation that is there at least once.
    seat : int
        For each person: above the value of any programme where participation comes first.
    """

    wanted: int
    offered: int
    traits: tuple[int, int, int]
    seat: int = 0


@dataclass(frozen=True, eq=False)
class CircleMarket:
    """All that forming circles needs to know, in arrays.

    A circle is a set of mentors, a set of mentees and a topic. Every mentor may meet every mentee
    in it, no two of a side clash, and the topic is offered by at least one of its mentors and
    wanted by at least `least_wanting` of its mentees (at least one). If `least_wanting` is 0, it
    may also have no topic, and then none of `wanted` and `offered`. Its value is

        sum of the units of its pairs + wanted * (mentees who want the topic)
        + offered * (mentors who offer it) + for each trait its units * (distinct known values)
        + seat * (people).

    Parameters
    ----------
    units : array of int, shape (mentors, mentees)
        `FORBIDDEN` where the two may not meet, else at least 0.
    mentor_places, mentee_places : array of int
        In how many circles each person can be.
    offers, wants : array of bool, shape (people of the side, topics)
    mentor_clash, mentee_clash : array of bool, shape (people, people), symmetric
        Who of one side may not be together.
    mentor_traits, mentee_traits : array of int32, shape (people, 3)
        Codes by `TRAITS`, shared by both sides; below 0 where unknown, which counts for nothing.
    mentors, mentees : Range
        Sizes of a circle.
    most : int or None
        Circles at most.
    least_wanting : int
    extras : Extras
    """

    units: IntArray
    mentor_places: IntArray
    mentee_places: IntArray
    offers: BoolArray
    wants: BoolArray
    mentor_clash: BoolArray
    mentee_clash: BoolArray
    mentor_traits: Traits
    mentee_traits: Traits
    mentors: Range
    mentees: Range
    most: int | None
    least_wanting: int
    extras: Extras

    @cached_property
    def limit(self) -> int:
        """How many circles can there be at most, by places and by `most`?"""
        limit = most_circles(self.mentor_places, self.mentors.fewest)
        limit = min(limit, most_circles(self.mentee_places, self.mentees.fewest))
        return limit if self.most is None else min(limit, self.most)

    @cached_property
    def ground(self) -> Ground:
        """What compiled loops look up."""
        e = self.extras
        width = max(1, int(self.offers.sum(axis=1).max(initial=0)))
        offered = np.full((len(self.offers), width), NO_TOPIC, np.int64)
        for mentor, row in enumerate(self.offers):
            topics = np.flatnonzero(row)
            offered[mentor, : len(topics)] = topics
        return Ground(
            self.units,
            offered,
            self.offers,
            self.wants,
            self.mentor_clash,
            self.mentee_clash,
            self.mentor_traits,
            self.mentee_traits,
            np.array([e.wanted, e.offered, e.seat, *e.traits], np.int64),
            np.array([*self.mentors, *self.mentees, self.least_wanting], np.int64),
        )

    @cached_property
    def most_value(self) -> int:
        """No programme is worth more than this, seats aside: a rough bound."""
        e = self.extras
        people = self.mentors.most + self.mentees.most
        best = int(self.units.max(initial=0)) * self.mentors.most * self.mentees.most
        best += e.wanted * self.mentees.most + e.offered * self.mentors.most
        return (best + people * sum(e.traits)) * self.limit

    def putting_people_first(self) -> CircleMarket:
        """The same market with a seat worth more than any programme's value."""
        return replace(self, extras=self.extras._replace(seat=self.most_value + 1))

    @cached_property
    def sets_of_mentors(self) -> int:
        """How many sets of mentors are there, clashes aside?"""
        sizes = range(self.mentors.fewest, self.mentors.most + 1)
        return sum(math.comb(len(self.units), size) for size in sizes)


def most_circles(places: IntArray, size: int) -> int:
    """The most sets of so many different people that their places fill.

    >>> most_circles(np.array([9, 1, 1]), 2)
    2
    """
    low, high = 0, int(places.sum()) // size
    while low < high:
        middle = (low + high + 1) // 2
        enough = int(np.minimum(places, middle).sum()) >= middle * size
        low, high = (middle, high) if enough else (low, middle - 1)
    return low
