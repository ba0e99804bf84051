"""What is to be checked: a matching, and what was asked, as the second opinion reads it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from revmentor.matching.conditions import Condition
from revmentor.matching.problem import Id, Problem
from revmentor.matching.result import Matching
from revmentor.matching.verification.recount import (
    Added,
    Mask,
    Recount,
    Units,
    WaveLimits,
    any_of,
    places_of,
)

Pair = tuple[Id, Id]
MADE = {"require": "required", "lock": "locked"}


class Case:
    """A matching and what was asked of it; people are places in the recount's order.

    Attributes
    ----------
    violations, unproven : list of str
        What is wrong, and what could not be found out.
    at : list of dict
        Place of each mentor, and of each mentee.
    pins : dict of (mentor id, mentee id) to kind
    priorities : list of Added
    conditions : list of Condition
        With the groups of people in the recount's order.
    waves : WaveLimits or None
    pinned : array of int
        Keys of the pins whose people are in the pool.
    left : list of array of int
        Places of mentors and of mentees beside the pins.
    """

    def __init__(self, problem: Problem, second: Recount, m: Matching) -> None:
        self.problem, self.second, self.m = problem, second, m
        self.violations: list[str] = []
        self.unproven: list[str] = []
        sides = second.mentors, second.mentees
        self.at = [places_of(ids) for ids in sides]
        rosters = [places_of(side.ids) for side in (problem.mentors, problem.mentees)]
        # Where each person of the recount stands in what the problem holds by person.
        self.ranked = [
            np.array([roster[who] for who in ids], np.int64)
            for roster, ids in zip(rosters, sides, strict=True)
        ]
        self.priorities = [
            Added(p.mentor[self.ranked[0]], p.mentee[self.ranked[1]], p.units)
            for p in problem.priorities
        ]
        self.conditions: list[Condition] = [
            replace(c, mentor=c.mentor[self.ranked[0]], mentee=c.mentee[self.ranked[1]])
            for c in problem.conditions
        ]
        self.waves: WaveLimits | None = second.waves
        self.pins = {(pin.mentor_id, pin.mentee_id): pin.kind for pin in problem.pins}
        i, j = self.places(self.inside(list(self.pins)))
        self.pinned = np.sort(self.key(i, j))
        self.left = [
            places - np.bincount(who, minlength=len(places))
            for places, who in ((second.capacity, i), (second.demand, j))
        ]
        self._asked()

    def _asked(self) -> None:
        """Does the problem hold what it was made of?"""
        for kind in ("lock", "require"):
            for pair in sorted(self.second.pinned.get(kind, ()), key=str):
                if self.pins.get(pair) not in ("lock", kind):
                    self.fail(f"the problem does not {kind} the pair {pair[0]} with {pair[1]}")
        self._waited()
        stated, waves = self.problem.waves, self.waves
        if (stated is None) != (waves is None):
            self.fail("the problem does not have the waves that are asked for")
        if stated is not None and waves is not None:
            each = 1 << np.arange(len(stated.names), dtype=np.int64)
            free = stated.mentor @ each, stated.mentee @ each
            same = (waves.names, waves.at_most) == (stated.names, stated.at_most)
            for side, bits in enumerate((waves.mentor, waves.mentee)):
                same &= bool(np.array_equal(free[side][self.ranked[side]], bits))
            if not same:
                self.fail("the problem's waves are not those that are asked for")

    def _waited(self) -> None:
        """Is waiting worth what the params say?"""
        asked = self.second.waited()
        if asked is None or not all(self.at):
            return
        told = self.priorities[0].by_person() if self.priorities else None
        short = [
            np.unique(each * cycles - units)
            for units, cycles, each in (
                [] if told is None else zip(told, asked[:2], [asked[2]] * 2, strict=True)
            )
        ]
        # Which side an amount stands on that all pairs have makes no difference.
        if told is None or any(len(s) > 1 for s in short) or sum(s.sum() for s in short):
            self.fail("the problem does not give those who waited the priority that is asked for")

    def fail(self, violation: str) -> None:
        """Note a violation."""
        self.violations.append(violation)

    def points(self, units: int) -> float | int:
        """Units in the unit of the scores."""
        return units if self.second.per_point == 1 else units / self.second.per_point

    @property
    def conditional(self) -> bool:
        """Is anything asked of all pairs together?"""
        return bool(self.conditions) or self.waves is not None

    @property
    def fair(self) -> bool:
        """Do the worst off come first?"""
        return self.problem.objective in ("max_min", "leximin")

    def places(self, pairs: list[Pair]) -> tuple[Units, Units]:
        """Places of people in pairs of ids."""
        i = np.array([self.at[0][mentor] for mentor, _ in pairs], np.int64)
        return i, np.array([self.at[1][mentee] for _, mentee in pairs], np.int64)

    def inside(self, pairs: list[Pair]) -> list[Pair]:
        """Those of the pairs whose people are in the pool."""
        return [pair for pair in pairs if pair[0] in self.at[0] and pair[1] in self.at[1]]

    def named(self, i: int, j: int) -> str:
        """A pair, in words."""
        return f"{self.second.mentors[i]} with {self.second.mentees[j]}"

    def key(self, i: Units, j: Units) -> Units:
        """Pairs as single numbers."""
        return i * len(self.second.mentees) + j

    def is_pinned(self, i: Units, j: Units) -> Mask:
        """Which pairs are required or locked?"""
        return np.isin(self.key(i, j), self.pinned)

    def worth(self, i: Units, j: Units) -> Units:
        """Scores and priorities of listed pairs, rules aside."""
        units = self.second.units(i, j)
        for more in self.priorities:
            units = units + more.at(i, j)
        return units

    def may(self, i: Units, j: Units) -> Mask:
        """Which listed pairs break no rule and are not pinned, their score aside?"""
        return ~(any_of(self.second.broken(i, j), len(i)) | self.is_pinned(i, j))

    @property
    def most_pairs(self) -> int:
        """No matching has more pairs beside the pins: by places alone."""
        return min(int(np.maximum(places, 0).sum()) for places in self.left)

    @property
    def largest(self) -> int:
        """No pair is worth more."""
        return self.second.largest + sum(int(p.units.max(initial=0)) for p in self.priorities)
