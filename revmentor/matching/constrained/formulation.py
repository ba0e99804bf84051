"""The constrained matching as a PuLP model over listed pairs."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import FloatArray, IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.constrained.model import Model, Solved, new_solver
from revmentor.matching.constrained.task import Task

# HiGHS works with absolute tolerances of 1e-7: larger costs than this are scaled down.
LARGEST_COST = 1e6
NO_ROW = -1
# A bound is believed to so much, and to so much of it: sums of doubles are good to 1e-15 of them.
TOLERANCE, SHARE = 1e-3, 1e-12


@dataclass(frozen=True, eq=False)
class Priced:
    """Prices of the rows of a relaxation, in units.

    Parameters
    ----------
    mentor, mentee : array of float, one per person
    condition : array of float, shape (conditions, 2)
        Of the lower bound (at most 0: what asking for one less of the sum would add) turned
        positive, and of the upper bound; per unit of the sum.
    wave : array of float
        Per place of a wave.
    """

    mentor: FloatArray
    mentee: FloatArray
    condition: FloatArray
    wave: FloatArray


class Formulation:
    """Maximise the worth of the chosen pairs within places, conditions and waves.

    With x[k] for listed pair k, and z[p, w] for how many pairs of pattern p run in wave w::

        max   sum of units[k] x[k]
        s.t.  sum of x over each person's pairs <= places
              lower <= sum of coefficient[k] x[k] <= upper     for each condition
              made[p] + sum of x of pattern p = sum of z[p, w] over the waves of p
              sum of z[p, w] over p <= at_most[w]              for each limited wave

    Parameters
    ----------
    task : Task
    columns : Columns
        Pairs that may be chosen.
    whole : bool
        False: the relaxation.
    """

    def __init__(self, task: Task, columns: Columns, *, whole: bool) -> None:
        self.task, self.pairs, self.whole = task, columns, whole
        self.scale = max(1.0, float(np.abs(columns.units).max(initial=0)) / LARGEST_COST)
        # Every plan is worth a multiple of it.
        self.step = max(1, int(np.gcd.reduce(columns.units, initial=0)))
        self.model = Model("matching")
        market = task.market
        self.mentor_rows = self._people("mentor", columns.mentor, market.mentor_places)
        self.mentee_rows = self._people("mentee", columns.mentee, market.mentee_places)
        self.condition_rows = np.array(
            [self._bounds(k) for k in range(len(task.left))], np.int64
        ).reshape(-1, 2)
        self.patterns = task.patterns(columns.mentor, columns.mentee)
        self.pattern_rows, self.wave_rows = self._waves()
        self.chosen = self._pairs()
        self._running()

    def _people(self, side: str, who: IntArray, places: IntArray) -> IntArray:
        """A row for everybody with a listed pair, named by number; else `NO_ROW`.

        Whole pairs are bounded by 1 themselves, so that only those with more pairs than places
        need one.
        """
        rows = np.full(len(places), NO_ROW)
        pairs = np.bincount(who, minlength=len(places))
        for person in np.flatnonzero(pairs > (places if self.whole else 0)).tolist():
            rows[person] = self.model.row(f"{side}_{person}", "<=", int(places[person]))
        return rows

    def _bounds(self, number: int) -> tuple[int, int]:
        """Rows of both bounds of a condition."""
        condition = self.task.left[number]
        lower = upper = NO_ROW
        if condition.lower is not None:
            lower = self.model.row(f"condition_{number}_lower", ">=", condition.lower)
        if condition.upper is not None:
            upper = self.model.row(f"condition_{number}_upper", "<=", condition.upper)
        return lower, upper

    def _waves(self) -> tuple[dict[int, int], IntArray]:
        """A row for every pattern that occurs, and one for every limited wave."""
        waves = self.task.waves
        if waves is None:
            return {}, np.empty(0, np.int64)
        made = self.task.made_patterns
        occurring = sorted({*np.unique(self.patterns).tolist(), *made} - {0})
        patterns = {p: self.model.row(f"pattern_{p}", "==", -made.get(p, 0)) for p in occurring}
        rows = [
            NO_ROW if most is None else self.model.row(f"wave_{w}", "<=", most)
            for w, most in enumerate(waves.at_most)
        ]
        return patterns, np.array(rows)

    def _pairs(self) -> IntArray:
        """A column for every listed pair.

        The rows of people keep a pair from being made twice, unless both have several places; in
        the relaxation a needless bound of 1 would hide part of the prices in its own reduced cost.
        """
        pairs, market = self.pairs, self.task.market
        size = len(pairs)
        several = market.mentor_places[pairs.mentor] > 1
        several &= market.mentee_places[pairs.mentee] > 1
        rows = [self.mentor_rows[pairs.mentor], self.mentee_rows[pairs.mentee]]
        values = [np.ones(size), np.ones(size)]
        for condition, bounds in zip(self.task.left, self.condition_rows.tolist(), strict=True):
            coefficient = condition.at(pairs.mentor, pairs.mentee).astype(np.float64)
            for row in bounds:
                if row != NO_ROW:
                    rows.append(np.full(size, row))
                    values.append(coefficient)
        if self.pattern_rows:
            rows.append(
                np.array([self.pattern_rows.get(p, NO_ROW) for p in self.patterns.tolist()])
            )
            values.append(np.ones(size))
        for more, value in self._further():
            rows.append(more)
            values.append(value)
        return self.model.columns(
            "pair",
            pairs.units / self.scale,
            np.where(several | self.whole, 1.0, np.inf),
            np.stack(rows, axis=1),
            np.stack(values, axis=1),
            whole=self.whole,
        )

    def _further(self) -> Iterable[tuple[IntArray, FloatArray]]:
        """Further rows and entries of the listed pairs; none in the matching itself."""
        return ()

    def _running(self) -> None:
        """A column for every pattern in each of its waves; whole by itself where pairs are."""
        rows = [
            (row, int(self.wave_rows[w]))
            for p, row in self.pattern_rows.items()
            for w in range(len(self.wave_rows))
            if p >> w & 1
        ]
        if rows:
            size = len(rows)
            self.model.columns(
                "running",
                np.zeros(size),
                np.full(size, np.inf),
                np.array(rows),
                np.tile([-1.0, 1.0], (size, 1)),
                whole=False,
            )

    def solve(self, clock: Clock, *, gap: float = 0.0, presolve: bool = True) -> Solved:
        """Solve it; `gap` is absolute, in units."""
        solver = new_solver(gap / self.scale, presolve=presolve)
        return self.model.solve(clock, solver)

    def plan(self, solved: Solved) -> Columns:
        """The pairs chosen, rounded."""
        assert solved.values is not None
        return self.pairs.take(np.flatnonzero(solved.values[self.chosen] > 0.5))

    def whole_bound(self, solved: Solved) -> int:
        """Largest whole number of units that branch and bound leaves possible.

        Plans are worth whole multiples of a step, so a bound within HiGHS' tolerance of one is it.
        """
        tolerance = TOLERANCE + SHARE * abs(solved.bound)
        return math.floor((solved.bound + tolerance) * self.scale / self.step) * self.step

    def priced(self, solved: Solved) -> Priced:
        """Prices of the relaxation, in units, none below 0."""
        prices = np.append(solved.prices, 0.0) * self.scale
        signs = np.array([-1.0, 1.0])
        return Priced(
            np.maximum(prices[self.mentor_rows], 0.0),
            np.maximum(prices[self.mentee_rows], 0.0),
            np.maximum(prices[self.condition_rows] * signs, 0.0),
            np.maximum(prices[self.wave_rows], 0.0),
        )
