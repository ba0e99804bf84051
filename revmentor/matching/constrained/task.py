"""What is asked for: open places, pairs made already, conditions and waves."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.columns import Columns
from revmentor.matching.conditions import Condition, Waves, unique_names
from revmentor.matching.constrained.running import fits, pattern_counts, place_pairs
from revmentor.matching.worth import Market


@dataclass(frozen=True, eq=False)
class Task:
    """Open places under conditions.

    Parameters
    ----------
    market : Market
        Places left, and what pairs are worth. Every pair it allows has a common free wave.
    conditions : tuple of Condition
        On all pairs, those made already included.
    waves : Waves or None
    made : Columns
        Pairs made already: required and locked ones, with their units. They take no places here.
        One without a common free wave (a lock) may run in any.
    """

    market: Market
    conditions: tuple[Condition, ...] = ()
    waves: Waves | None = None
    made: Columns = field(default_factory=Columns.none)

    def __post_init__(self) -> None:
        unique_names(self.conditions)

    @functools.cached_property
    def left(self) -> tuple[Condition, ...]:
        """The conditions as they bind the pairs that are still to be chosen."""
        i, j = self.made.mentor, self.made.mentee
        return tuple(condition.after(condition.total(i, j)) for condition in self.conditions)

    def patterns(self, i: IntArray, j: IntArray) -> IntArray:
        """Waves in which each pair can run, as bits; 0 where no wave that is full limits it."""
        if self.waves is None:
            return np.zeros(len(i), np.int64)
        common = self.waves.common(i, j)
        common = np.where(common == 0, (1 << len(self.waves)) - 1, common)
        free = (common & self.waves.unlimited) > 0
        return np.where(free, 0, common)

    @functools.cached_property
    def made_patterns(self) -> dict[int, int]:
        """How many of the pairs made already have which pattern of limited waves?"""
        return pattern_counts(self.patterns(self.made.mentor, self.made.mentee))

    def total(self, plan: Columns) -> int:
        """Worth of the pairs made already and of a plan."""
        return sum(map(int, self.made.units)) + sum(map(int, plan.units))

    def broken(self, plan: Columns) -> tuple[str, ...]:
        """Names of the conditions, waves and places that a plan does not keep to, exactly."""
        i = np.concatenate([self.made.mentor, plan.mentor])
        j = np.concatenate([self.made.mentee, plan.mentee])
        names = [c.name for c in self.conditions if not c.holds(c.total(i, j))]
        if self.waves is not None:
            limits = tuple(most or 0 for most in self.waves.at_most)
            if not fits(pattern_counts(self.patterns(i, j)), limits):
                names.append("waves")
        for side, who, places in (
            ("mentor places", plan.mentor, self.market.mentor_places),
            ("mentee places", plan.mentee, self.market.mentee_places),
        ):
            if np.any(np.bincount(who, minlength=len(places)) > places):
                names.append(side)
        key = plan.mentee * max(1, len(self.market.mentor_places)) + plan.mentor
        if len(np.unique(key)) < len(key):
            names.append("pairs made twice")
        return tuple(names)

    def waves_of(self, plan: Columns) -> IntArray:
        """Which wave does each pair of the made ones and then the plan run in? -1 without waves.

        Limited waves are filled only as far as pairs need them: a pair that can run in a wave
        without limit runs there. The plan must fit.
        """
        i = np.concatenate([self.made.mentor, plan.mentor])
        j = np.concatenate([self.made.mentee, plan.mentee])
        if self.waves is None:
            return np.full(len(i), -1)
        common = self.waves.common(i, j)
        common = np.where(common == 0, (1 << len(self.waves)) - 1, common)
        return place_pairs(common, self.waves.at_most)
