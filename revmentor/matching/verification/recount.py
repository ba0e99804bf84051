"""What does a pair score, worked out a second time from what the problem was made of?

For `verify` only. Nothing here is shared with what the solver uses but the data types.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from revmentor.matching.conditions import Waves
from revmentor.matching.problem import GivenSource, Id, Problem

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

    def suspects(self, paid_mentor: Units, paid_mentee: Units) -> Iterator[Pairs]:
        """Every pair that may be made and whose units are above what its people pay; and others."""
        ...

    def complaints(self) -> list[str]:
        """What the problem states about shares and stand-ins and is not so; after `suspects`."""
        ...


class GivenRecount:
    """The second opinion on given scores."""

    def __init__(self, source: GivenSource, waves: Waves | None) -> None:
        self._source, self._waves = source, waves
        self.per_point = 10**6 if source.scores.dtype.kind == "f" else 1
        self.least = 1
        self.mentors, self.mentees = source.mentor_ids, source.mentee_ids
        self.capacity, self.demand = source.mentor_capacity, source.mentee_demand
        self.pinned: dict[str, frozenset[tuple[Id, Id]]] = {}
        # Waves go by people in ascending order of their ids.
        self._ranked = [np.argsort(sorted(range(len(ids)), key=ids.__getitem__))
                        for ids in (self.mentors, self.mentees)]  # fmt: skip

    def units(self, i: Units, j: Units) -> Units:
        """The given scores."""
        return self._whole(self._source.scores[i, j])

    def _whole(self, scores: npt.NDArray[np.generic]) -> Units:
        if self.per_point == 1:
            return scores.astype(np.int64)
        return np.rint(scores.astype(np.float64) * 1e6).astype(np.int64)

    def broken(self, i: Units, j: Units) -> dict[str, Mask]:
        """Whatever is not eligible, and pairs without a wave in common."""
        allowed = self._source.eligible
        out = np.zeros(len(i), bool) if allowed is None else ~allowed[i, j].astype(bool)
        found = {"eligible": out}
        if self._waves is not None:
            free = self._waves.mentor[self._ranked[0][i]] & self._waves.mentee[self._ranked[1][j]]
            found["common_wave"] = ~free.any(axis=1)
        return found

    def suspects(self, paid_mentor: Units, paid_mentee: Units) -> Iterator[Pairs]:
        """Pairs above what is paid, some mentors at a time."""
        step = max(1, PAIRS // max(1, len(self.mentees)))
        for start in range(0, len(self.mentors), step):
            some = slice(start, start + step)
            short = self._whole(self._source.scores[some]) > np.maximum(
                paid_mentor[some, None] + paid_mentee[None, :], self.least - 1
            )
            if self._source.eligible is not None:
                short &= self._source.eligible[some].astype(bool)
            row, column = np.nonzero(short)
            yield row + start, column

    def complaints(self) -> list[str]:
        """Given scores have no shares."""
        return []


class Priorities:
    """What priorities add to the units of pairs, in the recount's order of people."""

    def __init__(self, problem: Problem, mentors: tuple[Id, ...], mentees: tuple[Id, ...]) -> None:
        ranked = [places_of(side.ids) for side in (problem.mentors, problem.mentees)]
        at = [
            np.array([place[who] for who in ids], np.int64)
            for place, ids in zip(ranked, (mentors, mentees), strict=True)
        ]
        self._groups = [(p.mentor[at[0]], p.mentee[at[1]], p.units) for p in problem.priorities]

    def at(self, i: Units, j: Units) -> Units:
        """Added to listed pairs."""
        added = np.zeros(len(i), np.int64)
        for mentor, mentee, units in self._groups:
            added += units[mentor[i], mentee[j]]
        return added

    def most(self, mentors: int, mentees: int) -> tuple[Units, Units]:
        """By mentor and by mentee: together, at least what a pair of theirs gets."""
        sides = np.zeros(mentors, np.int64), np.zeros(mentees, np.int64)
        for mentor, mentee, units in self._groups:
            of_mentee = units[:1]
            sides[0][:] += (units - of_mentee).max(axis=1)[mentor]
            sides[1][:] += of_mentee[0][mentee]
        return sides


def places_of(ids: Iterable[Id]) -> dict[Id, int]:
    """Each one's place among these."""
    return {who: place for place, who in enumerate(ids)}


def any_of(masks: Mapping[str, Mask], pairs: int) -> Mask:
    """Which pairs break any rule?"""
    found = np.zeros(pairs, bool)
    for mask in masks.values():
        found |= mask
    return found
