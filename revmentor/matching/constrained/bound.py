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

from revmentor.matching.arrays import FloatArray, IntArray
from revmentor.matching.conditions import Condition
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

    @classmethod
    def rounded(cls, values: FloatArray, task: Task) -> Multipliers:
        """The nearest whole ones that a task allows, conditions first."""
        whole = np.rint(values).astype(np.int64)
        split = len(task.conditions)
        lower = [condition.lower is not None for condition in task.conditions]
        upper = [condition.upper is not None for condition in task.conditions]
        condition = np.where(lower, whole[:split], np.minimum(whole[:split], 0))
        condition = np.where(upper, condition, np.maximum(condition, 0))
        limited = [] if task.waves is None else [most is not None for most in task.waves.at_most]
        return cls(condition, np.where(limited, np.maximum(whole[split:], 0), 0).astype(np.int64))

    def values(self) -> FloatArray:
        """All of them, conditions first."""
        return np.concatenate([self.condition, self.wave]).astype(np.float64)


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


def group_units(task: Task, at: Multipliers) -> tuple[GroupUnits, ...]:
    """What the multipliers add to the worth of pairs, by groups of people."""
    priced = [
        (condition, price)
        for condition, price in zip(task.left, at.condition.tolist(), strict=True)
        if price
    ]
    found = [_together(part) for part in _shelves(priced)]
    if task.waves is not None and at.wave.any():
        found.append(_wave_units(task, at))
    return tuple(found)


Priced = tuple[Condition, int]


def _shelves(priced: Sequence[Priced]) -> list[list[Priced]]:
    """Conditions whose groups together make tables of a size that can be held."""
    shelves: list[list[Priced]] = []
    for item in priced:
        if shelves and math.prod(_joint_sizes([*shelves[-1], item])) <= LARGEST_TABLE:
            shelves[-1].append(item)
        else:
            shelves.append([item])
    return shelves


def _joint_sizes(items: Sequence[Priced]) -> tuple[int, int]:
    return tuple(len(_joint(items, side)[0]) for side in ("mentor", "mentee"))  # type: ignore[return-value]


def _joint(items: Sequence[Priced], side: str) -> tuple[IntArray, IntArray]:
    """The groups in which people are alike for all of these conditions, and each one's group."""
    codes = np.stack([getattr(condition, side) for condition, _ in items])
    groups, of = np.unique(codes, axis=1, return_inverse=True)
    return groups.T, of.ravel()


def _together(items: Sequence[Priced]) -> GroupUnits:
    """One table for several conditions, rounded up once."""
    parts = math.lcm(*(condition.per_pair for condition, _ in items))
    (mentor_groups, mentor), (mentee_groups, mentee) = (
        _joint(items, "mentor"),
        _joint(items, "mentee"),
    )
    units = np.zeros((len(mentor_groups), len(mentee_groups)), np.int64)
    for number, (condition, price) in enumerate(items):
        a, b = mentor_groups[:, number], mentee_groups[:, number]
        units += condition.coefficient[a[:, None], b[None, :]] * (
            price * (parts // condition.per_pair)
        )
    return GroupUnits(mentor, mentee, -(-units // parts))


def _wave_units(task: Task, at: Multipliers) -> GroupUnits:
    """The price of the cheapest wave in which both people of a pair are free, taken away."""
    waves = task.waves
    assert waves is not None
    groups = [np.unique(bits, return_inverse=True) for bits in waves.bits]
    common = groups[0][0][:, None] & groups[1][0][None, :]
    cheapest = np.zeros(1 << len(waves), np.int64)
    prices = [0 if most is None else price for most, price in
              zip(waves.at_most, at.wave.tolist(), strict=True)]  # fmt: skip
    for pattern in np.unique(common[common > 0]).tolist():
        cheapest[pattern] = _least(pattern, prices)
    return GroupUnits(groups[0][1], groups[1][1], -cheapest[common])
