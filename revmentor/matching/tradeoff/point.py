"""What is known about plans that keep a number of pairs?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from revmentor.matching.arrays import IntArray


@dataclass(frozen=True, eq=False)
class Point:
    """A plan, and how much better one that keeps as many pairs could be.

    Parameters
    ----------
    mentor, mentee : array of int
        The pairs, required ones included, by mentee and then mentor.
    units : int
        What they are worth.
    kept : int
        How many of the pairs to keep are among them.
    bound : int
        No plan that keeps at least as many pairs as were asked for is worth more.
    """

    mentor: IntArray
    mentee: IntArray
    units: int
    kept: int
    bound: int

    @property
    def proven(self) -> bool:
        """Is no such plan worth more?"""
        return self.units == self.bound


@dataclass(frozen=True, eq=False)
class Fullest:
    """The plan that keeps most pairs among those worth enough.

    Parameters
    ----------
    point : Point
    most : int
        No plan that is worth enough keeps more pairs.
    """

    point: Point
    most: int

    @property
    def proven(self) -> bool:
        """Does no plan that is worth enough keep more?"""
        return self.point.kept == self.most


class Tradeoff(Protocol):
    """Worth against pairs kept."""

    def best(self) -> Point:
        """The plan worth most; among those, one that keeps most pairs."""
        ...

    def fullest(self) -> Point:
        """The plan that keeps most pairs; among those, one worth most."""
        ...

    def keeping(self, least: int) -> Point | None:
        """The plan worth most among those that keep at least so many; None if there is none."""
        ...

    def worth_at_least(self, units: int) -> Fullest | None:
        """The plan that keeps most among those worth so much; None if there is none."""
        ...

    def envelope(self) -> list[Point]:
        """Plans that are best at some price of a kept pair, from most kept to most worth.

        Each is proven best for its number of kept pairs.
        """
        ...
