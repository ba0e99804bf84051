"""Which of these circles together: the set packing model in PuLP, solved by HiGHS.

maximise    sum of value_c x_c
subject to  sum of x_c over the circles c of a person <= the person's places
            sum of x_c <= most circles
            x_c in {0, 1}, or at least 0 in the relaxation
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pulp
from pulp.apis.core import PulpSolverError

from revmentor.errors import SolverError
from revmentor.matching.arrays import BoolArray, FloatArray, IntArray
from revmentor.matching.circles.listing import NOBODY, CircleList
from revmentor.matching.circles.market import CircleMarket
from revmentor.matching.clock import Clock, OutOfTime

# HiGHS works with absolute tolerances of 1e-7, so values are scaled to at most 1; its bounds are
# taken with this share on top.
TOLERANCE = 1e-6


class Duals(NamedTuple):
    """Prices that a relaxation suggests, in units, not rounded; and its value."""

    mentor: FloatArray
    mentee: FloatArray
    circle: float
    value: float


class Packed(NamedTuple):
    """Circles that go together, and no more than `bound` can be had of those in the model."""

    taken: BoolArray
    bound: int | None


class Packing:
    """The model over a growing list of circles.

    Parameters
    ----------
    market : CircleMarket
    whole : bool
        Declare the choices whole; else the relaxation, which has prices.
    """

    def __init__(self, market: CircleMarket, *, whole: bool = False) -> None:
        self._whole = whole
        self._seat = market.extras.seat
        self._values = np.empty(0, np.int64)
        self._people = np.empty(0, np.int64)
        self._scale = 1.0
        self._variables: list[pulp.LpVariable] = []
        self._model = pulp.LpProblem("circles", pulp.LpMaximize)
        self._model.setObjective(pulp.LpAffineExpression.empty())
        self._mentors = self._rows("mentor", market.mentor_places)
        self._mentees = self._rows("mentee", market.mentee_places)
        self._circle = self._rows("circles", np.array([market.limit]))[0]

    def _rows(self, side: str, places: IntArray) -> list[pulp.LpConstraint]:
        return [
            self._model.addConstraint(pulp.LpAffineExpression.empty() <= limit, f"{side}_{person}")
            for person, limit in enumerate(places.tolist())
        ]

    def add(self, circles: CircleList) -> None:
        """Consider more circles."""
        if not self._variables and len(circles):
            self._scale = max(1.0, float(circles.value.max()))
        people = (circles.mentors != NOBODY).sum(axis=1) + (circles.mentees != NOBODY).sum(axis=1)
        self._values = np.concatenate([self._values, circles.value])
        self._people = np.concatenate([self._people, people])
        for members, value in zip(circles, circles.value.tolist(), strict=True):
            rows = [self._mentors[i] for i in members.mentors]
            rows += [self._mentees[j] for j in members.mentees]
            self._variables.append(
                self._model.add_column(
                    f"circle_{len(self._variables)}",
                    0,
                    1 if self._whole else None,
                    cat="Integer" if self._whole else "Continuous",
                    obj=value / self._scale,
                    coefficients=dict.fromkeys([*rows, self._circle], 1),
                )
            )

    def _run(self, solver: pulp.HiGHS) -> pulp.LpSolveStats:
        if "HiGHS" not in pulp.listSolvers(onlyAvailable=True):
            raise SolverError("HiGHS is not installed. To fix: install the package highspy.")
        try:
            return self._model.solve(solver)
        except PulpSolverError as error:
            raise SolverError(f"HiGHS failed: {error}. To fix: reinstall highspy.") from error

    def relax(self, clock: Clock) -> Duals:
        """Prices of the relaxation, by an interior point method without crossover.

        They lie in the middle of the optimal ones, which makes the next prices change less. Where
        that method stops short, the simplex method takes its place.

        Raises
        ------
        OutOfTime
        SolverError
        """
        ways: tuple[dict[str, Any], ...] = (
            {"solver": "ipm", "run_crossover": "off"},
            {"solver": "simplex"},
        )
        for way in ways:
            stats = self._run(
                pulp.HiGHS(msg=False, threads=1, timeLimit=clock.left(), random_seed=0, **way)
            )
            if stats.status == pulp.LpSolveStatus.TimeLimit:
                raise OutOfTime
            if stats.status == pulp.LpSolveStatus.Optimal:
                break
        else:
            raise SolverError(
                f"HiGHS stopped without prices ({stats.status_str}). To fix: run again; if it "
                "stays, report it with the params used."
            )
        sides = [
            np.array([abs(row.pi or 0.0) for row in rows]) * self._scale
            for rows in (self._mentors, self._mentees, [self._circle])
        ]
        chosen = np.array([v.varValue or 0.0 for v in self._variables])
        return Duals(sides[0], sides[1], float(sides[2][0]), float(chosen @ self._values))

    def pack(self, start: BoolArray, clock: Clock, nodes: int) -> Packed:
        """The best choice found, and a bound on every choice if there is one.

        Where participation comes first, the most people are found first, and then the most value
        with so many: one sum of both would be finer than HiGHS's tolerances.

        Parameters
        ----------
        start : array of bool
            A choice to begin with.
        nodes : int
            Stop after so many nodes of branch and bound: a limit that no machine changes.
        """
        if not self._variables:
            return Packed(start, 0)
        if not self._seat:
            return self._choose(self._values, start, clock, nodes)
        most = self._choose(self._people, start, clock, nodes)
        people = int(self._people @ most.taken)
        if most.bound is None or most.bound > people:
            return Packed(most.taken, None)
        terms = zip(self._variables, self._people.tolist(), strict=True)
        self._model.addConstraint(pulp.lpSum(c * v for v, c in terms) >= people, "people")
        worth = self._values - self._seat * self._people
        found = self._choose(worth, most.taken, clock, nodes)
        if int(self._people @ found.taken) < people:
            return Packed(most.taken, None)
        bound = None if found.bound is None else found.bound + self._seat * people
        return Packed(found.taken, bound)

    def _choose(self, worth: IntArray, start: BoolArray, clock: Clock, nodes: int) -> Packed:
        scale = max(1.0, float(worth.max(initial=0)))
        for variable, here in zip(self._variables, start.tolist(), strict=True):
            variable.varValue = float(here)
        terms = zip(self._variables, (worth / scale).tolist(), strict=True)
        self._model.setObjective(pulp.lpSum(c * v for v, c in terms))
        stats = self._run(
            pulp.HiGHS(
                msg=False,
                threads=1,
                timeLimit=clock.left(),
                gapRel=0.0,
                gapAbs=0.5 / scale,
                warmStart=True,
                random_seed=0,
                mip_max_nodes=nodes,
            )
        )
        taken = np.array([(v.varValue or 0.0) > 0.5 for v in self._variables], bool)
        if stats.status == pulp.LpSolveStatus.Optimal:
            return Packed(taken, int(worth @ taken))
        if stats.best_bound is None:
            return Packed(taken, None)
        return Packed(taken, math.floor(stats.best_bound * scale * (1 + TOLERANCE)))
