"""What can no plan exceed, once conditions and waves have prices?

A condition with a price becomes part of what pairs are worth. For multipliers m of the bounds
and n of the waves, every plan that keeps to all of them is worth at most::

    L(m, n) = max over plans within places of  sum of (units + m a - min of n over free waves)
              - m b + sum of n at_most

with a the coefficients and b the bounds (Lagrangian relaxation; Geoffrion, Mathematical
Programming Study 2, 1974). What is left is a plain matching, whose prices prove the bound over
all pairs. Multipliers are whole units a pair; where a share makes the product a fraction, it is
rounded up, which keeps the bound true and everything whole.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.conditions import Waves
from revmentor.matching.constrained.task import Task
from revmentor.matching.worth import GroupUnits

# Conditions share one table of units for groups, which is rounded once, up to this many entries.
LARGEST_TABLE = 1 << 20


@dataclass(frozen=True, eq=False)
class Multipliers:
    """Prices of conditions and waves.

    Parameters
    ----------
    condition : array of int, one per condition
        Units per pair of its sum: above 0 for its lower bound, below 0 for its upper one.
    wave : array of int, at least 0, one per wave
        Units per place.
    """

    condition: IntArray
    wave: IntArray

    @classmethod
    def none(cls, task: Task) -> Multipliers:
        """Nothing has a price."""
        waves = 0 if task.waves is None else len(task.waves)
        return cls(np.zeros(len(task.conditions), np.int64), np.zeros(waves, np.int64))


def constant(task: Task, at: Multipliers) -> int:
    """What a bound adds to the plain matching's: -m b + sum of n at_most, rounded down."""
    total = Fraction(0)
    for condition, price in zip(task.left, at.condition.tolist(), strict=True):
        bound = condition.lower if price > 0 else condition.upper
        if price and bound is not None:
            total -= Fraction(price * bound, condition.per_pair)
    if task.waves is not None:
        prices = at.wave.tolist()
        for most, price in zip(task.waves.at_most, prices, strict=True):
            total += price * (most or 0)
        total -= sum(many * _least(p, prices) for p, many in task.made_patterns.items())
    return math.floor(total)


def _least(pattern: int, prices: Sequence[int]) -> int:
    """The cheapest wave of a pattern."""
    return min(price for w, price in enumerate(prices) if pattern >> w & 1)


class GroupTables:
    """Turns multipliers into units for groups; the groups are found once."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._shelves: list[_Shelf] = []
        for number in range(len(task.conditions)):
            if self._shelves:
                joint = _Shelf(task, (*self._shelves[-1].numbers, number))
                if joint.size <= LARGEST_TABLE:
                    self._shelves[-1] = joint
                    continue
            self._shelves.append(_Shelf(task, (number,)))
        self._patterns = None if task.waves is None else _patterns(task.waves)

    def units(self, at: Multipliers) -> tuple[GroupUnits, ...]:
        """What the multipliers add to the worth of pairs, by groups of people."""
        found = [shelf.units(at) for shelf in self._shelves if shelf.matters(at)]
        if self._patterns is not None and at.wave.any():
            (mentors, mentor), (mentees, mentee) = self._patterns
            assert self._task.waves is not None
            cheapest = np.zeros(1 << len(self._task.waves), np.int64)
            common = mentors[:, None] & mentees[None, :]
            for pattern in np.unique(common[common > 0]).tolist():
                cheapest[pattern] = _least(pattern, at.wave.tolist())
            found.append(GroupUnits(mentor, mentee, -cheapest[common]))
        return tuple(found)


class _Shelf:
    """Conditions that share one table of units, which is rounded up once."""

    def __init__(self, task: Task, numbers: tuple[int, ...]) -> None:
        self.numbers = numbers
        conditions = [task.left[number] for number in numbers]
        (self._a, self._mentor), (self._b, self._mentee) = (
            _joint([getattr(condition, side) for condition in conditions])
            for side in ("mentor", "mentee")
        )
        self.size = len(self._a) * len(self._b)
        self._parts = math.lcm(*(condition.per_pair for condition in conditions))
        self._conditions = conditions

    def matters(self, at: Multipliers) -> bool:
        """Does any of its conditions have a price?"""
        return bool(at.condition[list(self.numbers)].any())

    def units(self, at: Multipliers) -> GroupUnits:
        """Its units at multipliers."""
        # Whole units and what is left of them apart, so that no product outgrows 64 bits.
        whole, left = np.zeros((2, len(self._a), len(self._b)), np.int64)
        prices = at.condition[list(self.numbers)].tolist()
        for place, (condition, price) in enumerate(zip(self._conditions, prices, strict=True)):
            if price:
                a, b = self._a[:, place], self._b[:, place]
                coefficient = condition.coefficient[a[:, None], b[None, :]]
                units, rest = divmod(price, condition.per_pair)
                whole += coefficient * units
                left += coefficient * (rest * (self._parts // condition.per_pair))
        return GroupUnits(self._mentor, self._mentee, whole - (-left // self._parts))


def _joint(codes: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    """The groups in which people are alike by all codes, one row each, and each one's group."""
    together = np.zeros_like(codes[0])
    for code in codes:
        # Numbered anew each time, so that they stay small.
        _, together = np.unique(together * (int(code.max(initial=0)) + 1) + code,
                                return_inverse=True)  # fmt: skip
    _, first, of = np.unique(together, return_index=True, return_inverse=True)
    return np.stack([code[first] for code in codes], axis=1), of


def _patterns(waves: Waves) -> tuple[tuple[IntArray, IntArray], tuple[IntArray, IntArray]]:
    """Sets of free waves that occur on each side, and each one's place among them."""
    mentors, mentees = (np.unique(bits, return_inverse=True) for bits in waves.bits)
    return (mentors[0], mentors[1]), (mentees[0], mentees[1])
