"""What does a pair score, worked out a second time from what the problem was made of?

For `verify` only. Nothing here is shared with what the solver uses but the data types.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from revmentor.matching.conditions import Waves
from revmentor.matching.problem import GivenSource, Id

Mask = npt.NDArray[np.bool_]
Units = npt.NDArray[np.int64]
Pairs = tuple[Units, Units]

# Given scores are looked at so many pairs at a time.
PAIRS = 1 << 18


class Recount(Protocol):
    """A second opinion on a problem; people are places in its own order of mentors and mentees."""

    @property
    def mentors(self) -> tuple[Id, ...]:
        """Mentors, in the recount's order."""
        ...

    @property
    def mentees(self) -> tuple[Id, ...]:
        """Mentees, in the recount's order."""
        ...

    @property
    def capacity(self) -> Units:
        """Places of each mentor."""
        ...

    @property
    def demand(self) -> Units:
        """Places of each mentee."""
        ...

    @property
    def pinned(self) -> Mapping[str, frozenset[tuple[Id, Id]]]:
        """Pairs that decisions require and lock."""
        ...

    @property
    def per_point(self) -> int:
        """Units in a score of 1."""
        ...

    @property
    def least(self) -> int:
        """Fewest units of a pair that is not pinned."""
        ...

    def units(self, i: Units, j: Units) -> Units:
        """Scores of listed pairs in whole units, rules aside; exact."""
        ...

    def broken(self, i: Units, j: Units) -> Mapping[str, Mask]:
        """By rule: which of the listed pairs break it."""
        ...

    @property
    def waves(self) -> WaveLimits | None:
        """The waves that are asked for."""
        ...

    @property
    def largest(self) -> int:
        """No pair scores more units."""
        ...

    def waited(self) -> tuple[Units, Units, int] | None:
        """Cycles that mentors and mentees waited, and units for each; None if they add none."""
        ...

    def missed_limits(self, i: Units, j: Units) -> list[str]:
        """Limits of the whole match that chosen pairs do not keep to, as they were asked for."""
        ...

    def suspects(
        self, paid_mentor: Units, paid_mentee: Units, added: Sequence[Added] = ()
    ) -> Iterator[Pairs]:
        """Every pair that may be made and is worth more than its people pay; and others.

        Parameters
        ----------
        paid_mentor, paid_mentee : array of int
        added : sequence of Added
            What a pair is worth beyond its score.
        """
        ...

    def complaints(self) -> list[str]:
        """What the problem states about shares and stand-ins and is not so; after `suspects`."""
        ...


class GivenRecount:
    """The second opinion on given scores."""

    def __init__(self, source: GivenSource, waves: Waves | None) -> None:
        self._source = source
        self.per_point = 10**6 if source.scores.dtype.kind == "f" else 1
        self.least = 1
        self.mentors, self.mentees = source.mentor_ids, source.mentee_ids
        self.capacity, self.demand = source.mentor_capacity, source.mentee_demand
        self.pinned: dict[str, frozenset[tuple[Id, Id]]] = {}
        self.waves = None if waves is None else self._free(waves)

    def _free(self, waves: Waves) -> WaveLimits:
        """Waves go by people in ascending order of their ids."""
        each = 1 << np.arange(len(waves.names), dtype=np.int64)
        sides = []
        for ids, free in ((self.mentors, waves.mentor), (self.mentees, waves.mentee)):
            rank = {who: place for place, who in enumerate(sorted(ids))}
            bits = free.astype(np.int64) @ each
            sides.append(bits[np.array([rank[who] for who in ids], np.int64)])
        return WaveLimits(waves.names, waves.at_most, sides[0], sides[1])

    @property
    def largest(self) -> int:
        """The largest given score, eligible or not."""
        return int(self._whole(self._source.scores).max(initial=0))

    def units(self, i: Units, j: Units) -> Units:
        """The given scores; 0 where not eligible."""
        units = self._whole(self._source.scores[i, j])
        if self._source.eligible is None:
            return units
        return np.where(self._source.eligible[i, j].astype(bool), units, 0)

    def _whole(self, scores: npt.NDArray[np.generic]) -> Units:
        if self.per_point == 1:
            return scores.astype(np.int64)
        return np.rint(scores.astype(np.float64) * 1e6).astype(np.int64)

    def broken(self, i: Units, j: Units) -> dict[str, Mask]:
        """Whatever is not eligible, and pairs without a wave in common."""
        allowed = self._source.eligible
        out = np.zeros(len(i), bool) if allowed is None else ~allowed[i, j].astype(bool)
        found = {"eligible": out}
        if self.waves is not None:
            found["common_wave"] = (self.waves.mentor[i] & self.waves.mentee[j]) == 0
        return found

    def suspects(
        self, paid_mentor: Units, paid_mentee: Units, added: Sequence[Added] = ()
    ) -> Iterator[Pairs]:
        """Pairs above what is paid, some mentors at a time."""
        paid_mentor, paid_mentee, left = paid_and_left(paid_mentor, paid_mentee, added)
        step = max(1, PAIRS // max(1, len(self.mentees)))
        for start in range(0, len(self.mentors), step):
            some = slice(start, start + step)
            units = self._whole(self._source.scores[some])
            short = units - paid_mentor[some, None]
            for more in left:
                short += more.units[more.mentor[some]][:, more.mentee]
            above = (short > paid_mentee) & (units >= self.least)
            if self._source.eligible is not None:
                above &= self._source.eligible[some].astype(bool)
            row, column = np.nonzero(above)
            yield row + start, column

    def waited(self) -> None:
        """Given scores tell of nobody's waiting."""

    def missed_limits(self, i: Units, j: Units) -> list[str]:
        """Given scores come without limits."""
        return []

    def complaints(self) -> list[str]:
        """Given scores have no shares."""
        return []


@dataclass(frozen=True, eq=False)
class Added:
    """Units added to pairs by the groups of their two people, in the recount's order of people.

    Parameters
    ----------
    mentor, mentee : array of int
        Group of each person.
    units : array of int, shape (groups of mentors, groups of mentees)
    """

    mentor: Units
    mentee: Units
    units: Units

    def at(self, i: Units, j: Units) -> Units:
        """Added to pairs at index arrays that broadcast."""
        found: Units = self.units[self.mentor[i], self.mentee[j]]
        return found

    def by_person(self) -> tuple[Units, Units] | None:
        """By mentor and by mentee, if what a pair gets is the sum of both."""
        own = self.units[:, :1] - self.units[:1, :1]
        if not self.units.size or np.any(self.units - own != self.units[:1]):
            return None
        return own.ravel()[self.mentor], self.units[0][self.mentee]


def paid_and_left(
    paid_mentor: Units, paid_mentee: Units, added: Sequence[Added]
) -> tuple[Units, Units, list[Added]]:
    """Prices less what is added to all of a person's pairs alike, and what is left to add."""
    left = []
    for more in added:
        alike = more.by_person()
        if alike is None:
            left.append(more)
        else:
            paid_mentor, paid_mentee = paid_mentor - alike[0], paid_mentee - alike[1]
    return paid_mentor, paid_mentee, left


@dataclass(frozen=True, eq=False)
class WaveLimits:
    """Waves, and who is free in which, as bits, in the recount's order of people.

    Parameters
    ----------
    at_most : tuple of int or None
        Most pairs; None for any number.
    """

    names: tuple[str, ...]
    at_most: tuple[int | None, ...]
    mentor: Units
    mentee: Units

    @property
    def every(self) -> int:
        """All waves, as bits."""
        return (1 << len(self.names)) - 1

    def open_to(self, i: Units, j: Units) -> Units:
        """Waves in which pairs can run, as bits; a locked pair without a common one in any."""
        common = self.mentor[i] & self.mentee[j]
        return np.where(common == 0, self.every, common)


def places_of(ids: Iterable[Id]) -> dict[Id, int]:
    """Each one's place among these."""
    return {who: place for place, who in enumerate(ids)}


def any_of(masks: Mapping[str, Mask], pairs: int) -> Mask:
    """Which pairs break any rule?"""
    found = np.zeros(pairs, bool)
    for mask in masks.values():
        found |= mask
    return found
