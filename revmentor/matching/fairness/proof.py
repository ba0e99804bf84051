"""Why can no matching serve more people, or serve as many with better pairs?

This module shares no code with the search: it counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class Side:
    """One side of a proof, by person.

    Parameters
    ----------
    places : array of int
    counts : array of bool
        Who is compared.
    first : array of int, at least -1
        Price of the place for the best pair of a person compared; -1 marks people who want one.
    further : array of int, at least 0
        Price of each other place.
    """

    places: IntArray
    counts: BoolArray
    first: IntArray
    further: IntArray


@dataclass(frozen=True, eq=False)
class ServiceProof:
    """Prices that prove how many people can be served with pairs of at least `least` units.

    A person compared is served if their best pair has at least `least` units. Everybody served
    gets 1 and pays the price of their first place, all other pairs pay the price of a further
    one. If no pair's two prices are below 0 together, then in every matching

        served <= sum over people compared of (1 + first) + sum of further x further places,

    because all that is paid is at least 0 (weak duality). Over one side this is Hall's theorem:
    the people with first = -1 can be served only by partners with further = 1, who have too few
    places; see `hall_set`.

    Parameters
    ----------
    least : int
        Units.
    mentors, mentees : Side
    """

    least: int
    mentors: Side
    mentees: Side

    @property
    def bound(self) -> int:
        """The most people that any matching serves, if `complaints` finds nothing.

        >>> one, none = np.ones(2, np.int64), np.zeros(2, np.int64)
        >>> mentors = Side(one, none > 0, none, np.array([1, 0]))
        >>> ServiceProof(5, mentors, Side(one, one > 0, -one, none)).bound
        1
        """
        return sum(
            int((1 + side.first[side.counts]).sum())
            + int(((side.places - side.counts) * side.further)[side.places > 0].sum())
            for side in (self.mentors, self.mentees)
        )

    def hall_set(self) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """Mentors and mentees who compete, and the partners they compete for.

        Returns
        -------
        (mentors, mentees, mentors_wanted, mentees_wanted) : arrays of int
            Over mentees: the second and the third are a set of mentees and all their mentors.
        """
        compete = [np.flatnonzero(s.counts & (s.first < 0)) for s in (self.mentors, self.mentees)]
        wanted = [
            np.flatnonzero(np.where(side.counts, side.first > 0, side.further > 0))
            for side in (self.mentors, self.mentees)
        ]
        return compete[0], compete[1], wanted[0], wanted[1]


def complaints(proof: ServiceProof, rows: Iterable[IntArray]) -> list[str]:
    """What does not hold in a proof, pair by pair?

    Parameters
    ----------
    proof : ServiceProof
    rows : iterable of array of int
        For each mentee, in order, the units of every mentor; below 1 where not allowed.

    Returns
    -------
    list of str
        Empty if the bound is proven.

    >>> one, none = np.ones(2, np.int64), np.zeros(2, np.int64)
    >>> mentors = Side(one, none > 0, none, np.array([1, 0]))
    >>> proof = ServiceProof(5, mentors, Side(one, one > 0, -one, none))
    >>> complaints(proof, [np.array([6, 4]), np.array([5, 0])])
    []
    >>> complaints(proof, [np.array([6, 4]), np.array([5, 9])])
    ['the proof of fairness does not pay for mentor 1 with mentee 1']
    """
    found = []
    for name, side in (("mentor", proof.mentors), ("mentee", proof.mentees)):
        for which, price, low in (("first", side.first, -1), ("further", side.further, 0)):
            bad = np.flatnonzero(price < low)
            found += [f"{which} price of {name} {k} is {price[k]}, below {low}" for k in bad]
        if (side.counts & (side.places < 1)).any():
            found.append(f"a {name} without a place is compared")
    dear = _least(proof.mentors)
    cheap = _least(proof.mentees)
    seen = 0
    for j, units in enumerate(rows):
        seen += 1
        good = (units >= max(1, proof.least)) & (proof.mentors.places > 0)
        if not proof.mentees.places[j]:
            continue
        # First with first, first with further, further with first: as far as both ends exist.
        worst = np.minimum(dear[0] + cheap[1][j], dear[1] + cheap[0][j])
        worst = np.minimum(worst, dear[0] + cheap[0][j])
        found += [
            f"the proof of fairness does not pay for mentor {i} with mentee {j}"
            for i in np.flatnonzero(good & (worst < 0))
        ]
    if seen != len(proof.mentees.places):
        found.append(f"{seen} rows for {len(proof.mentees.places)} mentees")
    return found


def _least(side: Side) -> tuple[IntArray, IntArray]:
    """Price of the first and of a further place; of what does not exist, one above all others."""
    never = np.int64(2**40)
    first = np.where(side.counts, side.first, never)
    further = np.where(side.places > side.counts, side.further, never)
    return first, further
