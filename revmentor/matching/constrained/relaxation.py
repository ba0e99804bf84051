"""Which prices of conditions and waves give the tightest bound?

The bound is a convex function of the multipliers, made of planes: each matching solved at some
multipliers gives one. The lowest point of the planes known so far, not too far from the best
multipliers, is where to solve next (cutting planes in a trust region; Kelley 1960; Hiriart-Urruty
and Lemaréchal, Convex Analysis and Minimization Algorithms II, chapter XV).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from revmentor.matching.arrays import FloatArray, IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.constrained.bound import GroupTables, Multipliers, constant
from revmentor.matching.constrained.formulation import Priced
from revmentor.matching.constrained.model import Model, new_solver
from revmentor.matching.constrained.running import flow
from revmentor.matching.constrained.task import Task
from revmentor.matching.flow.core import Core

# Steps of the search, and how far the first may go, as a share of the largest score.
STEPS, FIRST_STEP = 60, 0.03
FARTHER, NEARER = 2.0, 0.5
PROMISE = 1e-6

# Multipliers may reach so much, and so many times what any pair is worth: then the least that a
# share of ten-thousandths adds to a pair outweighs it. Added up, they stay within 64 bits.
LARGEST_MULTIPLIER, LARGEST_RATIO, MOST_UNITS = 2.0**43, 2.0**14, 2.0**60

Kind = Literal["lower", "upper", "wave"]


@dataclass(frozen=True, eq=False)
class Plane:
    """The bound at some multipliers, its slope there, and the plan that made it."""

    at: FloatArray
    value: int
    slope: FloatArray
    plan: Columns


class Relaxation:
    """The bound as a function of the multipliers, on the columns of a core.

    Planes found on fewer columns stay below the bound on more: they serve on.

    Coordinates are at least 0: one for each bound of a condition and one for each limited wave,
    in units per pair.
    """

    def __init__(self, task: Task, tables: GroupTables, core: Core, clock: Clock) -> None:
        self.task, self.tables, self.core, self.clock = task, tables, core, clock
        self.coordinates: list[tuple[Kind, int]] = []
        for number, condition in enumerate(task.conditions):
            if condition.lower is not None:
                self.coordinates.append(("lower", number))
            if condition.upper is not None:
                self.coordinates.append(("upper", number))
        if task.waves is not None:
            limited = [w for w, most in enumerate(task.waves.at_most) if most is not None]
            self.coordinates += [("wave", w) for w in limited]
        enough = max(LARGEST_MULTIPLIER, LARGEST_RATIO * task.market.largest)
        self.largest = min(enough, MOST_UNITS / max(1, len(self.coordinates)))
        self.planes: list[Plane] = []
        self.learnt: list[Plane] = []
        self._solver = new_solver()
        self.made = sum(map(int, task.made.units))
        self._known: IntArray | None = None

    def multipliers(self, at: FloatArray) -> Multipliers:
        """Whole multipliers nearest to coordinates."""
        found = Multipliers.none(self.task)
        for (kind, number), value in zip(self.coordinates, np.rint(at).tolist(), strict=True):
            if kind == "wave":
                found.wave[number] += int(value)
            else:
                found.condition[number] += int(value) if kind == "lower" else -int(value)
        return found

    def at(self, multipliers: Multipliers) -> FloatArray:
        """Coordinates of multipliers."""
        found = [
            multipliers.wave[number]
            if kind == "wave"
            else max(0, multipliers.condition[number] * (1 if kind == "lower" else -1))
            for kind, number in self.coordinates
        ]
        return np.minimum(np.array(found, np.float64), self.largest)

    def learn(self, plans: Sequence[Columns]) -> None:
        """Take plans within places, in worth without multipliers: each is a plane below the bound.

        Its value at no multipliers is what the plan is worth.
        """
        none, zero = Multipliers.none(self.task), np.zeros(len(self.coordinates))
        self.learnt += [
            Plane(zero, self.task.total(plan), self._slope(plan, none), plan) for plan in plans
        ]

    def rows(self, priced: Priced) -> FloatArray:
        """Coordinates from the prices of a linear model's rows."""
        per_pair = [condition.per_pair for condition in self.task.conditions]
        values = [
            priced.wave[number]
            if kind == "wave"
            else priced.condition[number, 0 if kind == "lower" else 1] * per_pair[number]
            for kind, number in self.coordinates
        ]
        return np.minimum(np.array(values, np.float64), self.largest)

    def solve(self, at: FloatArray) -> Plane:
        """The plane at coordinates, rounded to whole ones.

        Raises
        ------
        OutOfTime
            From the clock.
        """
        core, task = self.core, self.task
        if self._known is not core.columns.mentor:
            self._base = task.market.worth(core.columns.mentor, core.columns.mentee)
            self._known = core.columns.mentor
        multipliers = self.multipliers(at)
        units = self._base.copy()
        for groups in self.tables.units(multipliers):
            units += groups.at(core.columns.mentor, core.columns.mentee)
        core.revalue(units)
        core.solve(self.clock)
        taken = np.flatnonzero(core.taken)
        plan = Columns(core.columns.mentor[taken], core.columns.mentee[taken], self._base[taken])
        value = self.made + core.value + constant(task, multipliers)
        plane = Plane(np.rint(at), value, self._slope(plan, multipliers), plan)
        self.planes.append(plane)
        return plane

    @property
    def best(self) -> Plane:
        """The lowest plane so far."""
        return min(self.planes, key=lambda plane: plane.value)

    def _slope(self, plan: Columns, multipliers: Multipliers) -> FloatArray:
        """How far the plan is within each bound, in pairs."""
        running = self._running(plan, multipliers)
        slope = []
        for kind, number in self.coordinates:
            if kind == "wave":
                assert self.task.waves is not None
                slope.append(float((self.task.waves.at_most[number] or 0) - running[number]))
                continue
            condition = self.task.left[number]
            total = condition.total(plan.mentor, plan.mentee)
            bound = condition.lower if kind == "lower" else condition.upper
            assert bound is not None
            inside = total - bound if kind == "lower" else bound - total
            slope.append(inside / condition.per_pair)
        return np.array(slope)

    def _running(self, plan: Columns, multipliers: Multipliers) -> IntArray:
        """How many pairs run in each wave if each runs in a cheapest one, as evenly as can be."""
        waves = self.task.waves
        if waves is None:
            return np.empty(0, np.int64)
        prices = multipliers.wave.tolist()
        patterns, many = np.unique(self.task.patterns(plan.mentor, plan.mentee), return_counts=True)
        counts = dict(self.task.made_patterns)
        for p, n in zip(patterns.tolist(), many.tolist(), strict=True):
            if p:
                counts[p] = counts.get(p, 0) + n
        cheap: dict[int, int] = {}
        for p, n in counts.items():
            least = min(price for w, price in enumerate(prices) if p >> w & 1)
            best = sum(1 << w for w, price in enumerate(prices) if p >> w & 1 and price == least)
            cheap[best] = cheap.get(best, 0) + n
        found = flow(cheap, [most or 0 for most in waves.at_most])
        running = np.zeros(len(waves), np.int64)
        for (p, w), n in found.items():
            running[w] += n
            cheap[p] -= n
        for p, n in cheap.items():
            running[(p & -p).bit_length() - 1] += n
        return running

    def search(
        self,
        start: FloatArray,
        steps: int = STEPS,
        first_step: float = FIRST_STEP,
        promise: float = PROMISE,
    ) -> Plane:
        """The best plane that so many steps find.

        A step that promises less than this share of the bound is not taken.

        Raises
        ------
        OutOfTime
            From the clock; `planes` keeps what was found.
        """
        best = self.solve(start)
        if not self.coordinates:
            return best
        if best.value < self.made:
            return best
        radius = max(2.0, first_step * self.task.market.scores.largest)
        seen = {best.at.tobytes()}
        for _ in range(steps):
            at, promised = self._lowest(best, radius)
            at = np.rint(at)
            if promised <= max(0.5, promise * abs(best.value)):
                if radius < 1 or not np.any(np.abs(at - best.at) >= np.floor(radius)):
                    break
                radius *= FARTHER
                continue
            if at.tobytes() in seen:
                radius *= NEARER
                continue
            seen.add(at.tobytes())
            plane = self.solve(at)
            if plane.value < best.value:
                best, radius = plane, radius * FARTHER
                if best.value < self.made:
                    # Less than the pairs made already are worth: no plan keeps to everything.
                    break
            else:
                radius *= NEARER
        return best

    def _lowest(self, best: Plane, radius: float) -> tuple[FloatArray, float]:
        """Where the planes are lowest near the best, and by how much they promise to fall."""
        low = np.maximum(0.0, best.at - radius)
        high = np.minimum(best.at + radius, self.largest)
        known = [*self.learnt, *self.planes]
        # In pairs and points of the bound's own size, so that HiGHS' tolerances fit.
        size = max(1.0, radius)
        # Rounding of shares bends planes, by less than a unit a pair: the best may lie under one.
        under = 1e-5 * abs(best.value) + 1.0 + max(len(plane.plan) for plane in known)
        model = Model("multipliers")
        rows = []
        for number, plane in enumerate(known):
            room = best.value - plane.value + float(plane.slope @ (plane.at - low)) + under
            rows.append(model.row(f"plane_{number}", "<=", room / size))
        every = np.array(rows)
        slopes = np.array([plane.slope for plane in known])
        count = len(low)
        model.columns("fall", np.ones(1), np.full(1, np.inf), every[None, :],
                      np.ones((1, len(every))), whole=False)  # fmt: skip
        model.columns("multiplier", np.zeros(count), (high - low) / size,
                      np.tile(every, (count, 1)), slopes.T.copy(), whole=False)  # fmt: skip
        solved = model.solve(self.clock, self._solver)
        if solved.values is None:
            return best.at, 0.0
        return low + solved.values[1:] * size, solved.value * size - under
