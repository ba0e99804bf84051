"""What must the chosen pairs keep to all together: numbers, shares, waves?"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from revmentor.errors import Fault, InputError
from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.words import counted

# A share is counted in ten-thousandths, so that conditions have whole coefficients.
PARTS = 10_000
UNKNOWN = -1
# Every set of waves in which somebody is free is a group of its own in the model.
MOST_WAVES = 12
Bound = Literal["lower", "upper"]
Whose = Literal["mentor", "mentee", "either", "both"]


@dataclass(frozen=True, eq=False)
class Condition:
    """Bounds on a sum over all chosen pairs: lower <= sum of coefficients <= upper.

    Everything is a whole number, so that whether a condition holds is never a question of
    rounding. Required and locked pairs count.

    Parameters
    ----------
    name : str
        Short, unlike all other names in a problem.
    label : str
        Which pairs it counts, in words that follow "pairs", such as "that join two different
        departments"; empty for all pairs.
    mentor, mentee : array of int, one per person
        Group of each person, from 0.
    coefficient : array of int, shape (groups of mentors, groups of mentees)
        What a pair of these groups adds to the sum.
    lower, upper : int or None
        Smallest and largest sum; None for no bound.
    per_pair : int, at least 1
        How much of the sum is one pair: more than 1 for shares.
    share : float or None
        The share (0..1) that a bound of a share stands for; None if it is a number of pairs.

    >>> one = np.zeros(3, np.int64)
    >>> few = Condition("pairs", "", one, one, np.array([[1]]), None, 2)
    >>> few.said("upper")
    'at most 2 pairs'
    >>> i = np.arange(3)
    >>> few.total(i, i), few.holds(few.total(i, i)), few.missed(few.total(i, i))
    (3, False, 1)
    """

    name: str
    label: str
    mentor: IntArray
    mentee: IntArray
    coefficient: IntArray
    lower: int | None
    upper: int | None
    per_pair: int = 1
    share: float | None = None

    def at(self, i: IntArray, j: IntArray) -> IntArray:
        """Coefficients of pairs at index arrays that broadcast."""
        found: IntArray = self.coefficient[self.mentor[i], self.mentee[j]]
        return found

    def total(self, i: IntArray, j: IntArray) -> int:
        """The sum over these pairs."""
        return int(self.at(i, j).sum())

    def said(self, bound: Bound) -> str:
        """One of its bounds, in words."""
        limit = self.lower if bound == "lower" else self.upper
        how = "at least" if bound == "lower" else "at most"
        many = counted(limit or 0, "pair")
        if self.share is not None:
            many = f"{100 * self.share:g}% of the pairs"
        return f"{how} {many} {self.label}".rstrip()

    def holds(self, total: int) -> bool:
        """Is such a sum within the bounds?"""
        return self.missed(total) == 0

    def missed(self, total: int) -> int:
        """By how many pairs is a bound missed? A part of a pair counts as one."""
        short = 0 if self.lower is None else max(0, self.lower - total)
        over = 0 if self.upper is None else max(0, total - self.upper)
        return -(-max(short, over) // self.per_pair)

    def after(self, total: int) -> Condition:
        """What is left of the condition for other pairs, once pairs with this sum are made."""
        return replace(
            self,
            lower=None if self.lower is None else self.lower - total,
            upper=None if self.upper is None else self.upper - total,
        )

    def only(self, bound: Bound) -> Condition:
        """The condition without its other bound."""
        if bound == "lower":
            return replace(self, upper=None)
        return replace(self, lower=None)


@dataclass(frozen=True, eq=False)
class PairKind:
    """Which pairs does a condition count?

    Parameters
    ----------
    mentor, mentee : array of int
        Group of each person.
    counts : array of bool, shape (groups of mentors, groups of mentees)
    """

    mentor: IntArray
    mentee: IntArray
    counts: BoolArray

    @classmethod
    def every(cls, mentors: int, mentees: int) -> PairKind:
        """Every pair of so many people."""
        return cls(np.zeros(mentors, np.int64), np.zeros(mentees, np.int64), np.ones((1, 1), bool))

    @classmethod
    def having(
        cls, mentor: npt.ArrayLike, mentee: npt.ArrayLike, whose: Whose = "either"
    ) -> PairKind:
        """Pairs whose mentor, mentee, at least one or both are marked.

        Parameters
        ----------
        mentor, mentee : array of bool, one per person
        whose : {"mentor", "mentee", "either", "both"}

        >>> PairKind.having([True, False], [False]).counts.astype(int).tolist()
        [[0, 1], [1, 1]]
        """
        a, b = np.array([[False], [True]]), np.array([[False, True]])
        counts = {"mentor": a | (b & False), "mentee": b | (a & False), "either": a | b}
        kinds = counts | {"both": a & b}
        marks = [np.asarray(mark, bool).astype(np.int64) for mark in (mentor, mentee)]
        return cls(marks[0], marks[1], kinds[whose])

    @classmethod
    def joining(cls, mentor: npt.ArrayLike, mentee: npt.ArrayLike) -> PairKind:
        """Pairs of two people with different numbers; somebody with -1 is not known to differ.

        >>> PairKind.joining([0, 1, -1], [1]).counts.astype(int).tolist()
        [[0, 0, 0], [0, 0, 1], [0, 1, 0]]
        """
        groups = [np.asarray(codes, np.int64) + 1 for codes in (mentor, mentee)]
        size = 1 + max(int(group.max(initial=0)) for group in groups)
        counts = ~np.eye(size, dtype=bool)
        counts[0] = counts[:, 0] = False
        return cls(groups[0], groups[1], counts)

    def number(
        self, name: str, label: str, *, at_least: int | None = None, at_most: int | None = None
    ) -> Condition:
        """The condition that so many pairs are of this kind."""
        ones = self.counts.astype(np.int64)
        return Condition(name, label, self.mentor, self.mentee, ones, at_least, at_most)

    def share(
        self,
        name: str,
        label: str,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> tuple[Condition, ...]:
        """The conditions that such a share (0..1) of all pairs is of this kind.

        No pairs at all meet every share. A smallest share is rounded down to ten-thousandths and a
        largest one up, so that two of three pairs meet a share of 2/3. Together they are two
        conditions.

        >>> half = PairKind.having([True, False], [False]).share("h", "h", at_least=0.5)[0]
        >>> half.coefficient.tolist(), half.lower, half.per_pair
        ([[-1, 1], [1, 1]], 0, 2)
        """
        found = []
        for end, share in (("at_least", at_least), ("at_most", at_most)):
            if share is not None:
                exact = round(share * PARTS, 6)
                parts = math.floor(exact) if end == "at_least" else math.ceil(exact)
                scale = math.gcd(parts, PARTS)
                coefficient = (self.counts * PARTS - parts) // scale
                lower, upper = (0, None) if end == "at_least" else (None, 0)
                many = f"{name}:{end}" if at_least is not None and at_most is not None else name
                found.append(
                    Condition(many, label, self.mentor, self.mentee, coefficient, lower, upper,
                              PARTS // scale, share)
                )  # fmt: skip
        return tuple(found)


@dataclass(frozen=True, eq=False)
class Waves:
    """Which pairs can run when, and how many at the same time?

    A pair runs in one wave in which both its people are free; without a common one it is not
    eligible.

    Parameters
    ----------
    names : tuple of str
        In their order in time; at most 12.
    at_most : tuple of int or None
        Most pairs of each wave, required and locked ones included; None for any number.
    mentor, mentee : array of bool, shape (people, waves)
        In which waves each person is free.

    >>> waves = Waves(("spring", "autumn"), (1, None), np.array([[True, False]]),
    ...               np.array([[True, True], [False, True]]))
    >>> waves.common(np.array([0, 0]), np.array([0, 1])).tolist()
    [1, 0]
    """

    names: tuple[str, ...]
    at_most: tuple[int | None, ...]
    mentor: BoolArray
    mentee: BoolArray

    def __post_init__(self) -> None:
        free = [len(self.names), len(self.at_most), self.mentor.shape[1], self.mentee.shape[1]]
        if len(set(free)) > 1 or not 1 <= len(self.names) <= MOST_WAVES:
            problem = f"waves need 1 to {MOST_WAVES} names, and a limit and a column for each"
            raise InputError(
                Fault("bad waves", problem, "give names, limits and columns of one length", "",
                      None, "waves", f"{free[0]} names, {free[1]} limits")
            )  # fmt: skip

    def __len__(self) -> int:
        return len(self.names)

    @functools.cached_property
    def bits(self) -> tuple[IntArray, IntArray]:
        """Free waves of each mentor and of each mentee, as bits."""
        each = 1 << np.arange(len(self), dtype=np.int64)
        return self.mentor @ each, self.mentee @ each

    def common(self, i: IntArray, j: IntArray) -> IntArray:
        """Waves in which both people of a pair are free, as bits; at arrays that broadcast."""
        found: IntArray = self.bits[0][i] & self.bits[1][j]
        return found

    def apart(self) -> BoolArray:
        """Which pairs have no wave in common, by mentee and mentor? All pairs at once."""
        return np.asarray((self.bits[1][:, None] & self.bits[0][None, :]) == 0)

    @property
    def unlimited(self) -> int:
        """Waves that hold any number of pairs, as bits."""
        return sum(1 << number for number, most in enumerate(self.at_most) if most is None)


def unique_names(conditions: Sequence[Condition]) -> None:
    """Refuse two conditions of one name.

    Raises
    ------
    InputError
    """
    names = [condition.name for condition in conditions]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            Fault("condition twice", "two conditions have the same name",
                  "give each a name of its own", "", None, "conditions", ", ".join(twice))
        )  # fmt: skip
