"""The matching as a PuLP model over the pairs that are worth considering."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pulp
from pulp.apis.core import PulpSolverError

from revmentor.errors import SolverError
from revmentor.matching.arrays import BoolArray, FloatArray, IntArray
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns
from revmentor.matching.market import Market

# HiGHS works with absolute tolerances of 1e-7: larger coefficients than this are scaled down.
LARGEST_COEFFICIENT = 1e6


class WarmHiGHS(pulp.HiGHS):
    """HiGHS in process, started from the basis of the solve before.

    PuLP hands over the whole model each time. Columns that were added since are nonbasic at 0,
    so the basis stays feasible and a few steps of the simplex method are left: without it, each
    round costs as much as the first.
    """

    basis: Any = None

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 - PuLP's name
        """Run on the model that PuLP has built."""
        highs: Any = lp.solverModel
        if self.basis is not None:
            status = list(self.basis.col_status)
            at_zero = type(status[0]).kLower
            self.basis.col_status = status + [at_zero] * (highs.getNumCol() - len(status))
            highs.setBasis(self.basis)
        highs.run()
        found = highs.getBasis()
        self.basis = found if found.valid else None


class Master:
    """Maximise the score of the chosen pairs, nobody having more partners than places.

    Parameters
    ----------
    market : Market
    whole : bool
        Declare the pairs whole. The constraint matrix is that of a bipartite graph, so the
        relaxation has whole solutions anyway; declaring them only costs time and prices.
    """

    def __init__(self, market: Market, *, whole: bool = False) -> None:
        self.columns = Columns(*(np.empty(0, np.int64),) * 3)
        self.scale = 1.0
        self.whole = whole
        self._market = market
        self._variables: list[pulp.LpVariable] = []
        self._model = pulp.LpProblem("matching", pulp.LpMaximize)
        self._model.setObjective(pulp.LpAffineExpression.empty())
        self._capacity = self._rows("mentor", market.mentor_places)
        self._demand = self._rows("mentee", market.mentee_places)
        self._solver = WarmHiGHS(msg=False, mip=whole, threads=1, random_seed=0)

    def _rows(self, side: str, places: IntArray) -> list[pulp.LpConstraint]:
        """One row per person, named by number: ids may be any text."""
        return [
            self._model.addConstraint(pulp.LpAffineExpression.empty() <= limit, f"{side}_{person}")
            for person, limit in enumerate(places.tolist())
        ]

    def add(self, columns: Columns) -> int:
        """Consider more pairs; those already there are left out. Returns how many came in."""
        width = len(self._demand)
        here = self.columns.mentor * width + self.columns.mentee
        new = ~np.isin(columns.mentor * width + columns.mentee, here)
        fresh = columns.take(np.flatnonzero(new))
        if not len(self.columns) and len(fresh):
            self.scale = max(1.0, float(fresh.units.max()) / LARGEST_COEFFICIENT)
        several = (self._market.mentor_places > 1)[fresh.mentor]
        several &= (self._market.mentee_places > 1)[fresh.mentee]
        kind: Literal["Integer", "Continuous"] = "Integer" if self.whole else "Continuous"
        listed = (fresh.mentor, fresh.mentee, fresh.units, several)
        for i, j, units, bounded in zip(*(part.tolist() for part in listed), strict=True):
            # The rows already keep a pair from being made twice, unless both have several places;
            # a needless bound would hide part of the prices in its own reduced cost.
            variable = self._model.add_column(
                f"pair_{len(self._variables)}",
                0,
                1 if bounded else None,
                cat=kind,
                obj=units / self.scale,
                coefficients={self._capacity[i]: 1, self._demand[j]: 1},
            )
            self._variables.append(variable)
        self.columns = Columns(
            *(
                np.concatenate([getattr(self.columns, name), getattr(fresh, name)])
                for name in ("mentor", "mentee", "units")
            )
        )
        return len(fresh)

    def solve(self, clock: Clock) -> tuple[FloatArray, FloatArray, FloatArray]:
        """How much of each pair is chosen, and the prices of mentors and mentees in units.

        Raises
        ------
        OutOfTime
            HiGHS was stopped: what it has then is no solution, whatever its status says.
        SolverError
            HiGHS is missing or failed.
        """
        if "HiGHS" not in pulp.listSolvers(onlyAvailable=True):
            raise SolverError("HiGHS is not installed. To fix: install the package highspy.")
        self._solver.timeLimit = clock.left()
        try:
            stats = self._model.solve(self._solver)
        except PulpSolverError as error:
            raise SolverError(f"HiGHS failed: {error}. To fix: reinstall highspy.") from error
        if stats.status == pulp.LpSolveStatus.TimeLimit:
            raise OutOfTime
        if stats.status != pulp.LpSolveStatus.Optimal:
            raise SolverError(
                f"HiGHS stopped without a solution ({stats.status_str}). To fix: run again; if it "
                "stays, report it with the params used."
            )
        chosen = np.array([variable.varValue for variable in self._variables], float)
        prices = [
            np.array([row.pi or 0.0 for row in rows], float) * self.scale
            for rows in (self._capacity, self._demand)
        ]
        return chosen, prices[0], prices[1]


def whole_part(chosen: FloatArray, columns: Columns, market: Market) -> BoolArray:
    """Which pairs are chosen, within everybody's places, whatever the solver's noise?

    Pairs chosen by at least half are taken in the order of how much of them is chosen, and of
    their units, as long as both people have places: counted, not believed.
    """
    taken = np.zeros(len(chosen), bool)
    mentor_left, mentee_left = market.mentor_places.tolist(), market.mentee_places.tolist()
    for k in np.lexsort((-columns.units, -np.round(chosen, 6))).tolist():
        if chosen[k] < 0.5:
            break
        i, j = int(columns.mentor[k]), int(columns.mentee[k])
        if mentor_left[i] and mentee_left[j]:
            mentor_left[i] -= 1
            mentee_left[j] -= 1
            taken[k] = True
    return taken


def whole_choice(market: Market, master: Master, chosen: FloatArray, clock: Clock) -> FloatArray:
    """The relaxation's choice, or the whole model's where it is not whole.

    By theory it always is; a solver that returns an inner point of the best face is the case.
    """
    if np.abs(chosen - np.rint(chosen)).max(initial=0.0) <= 1e-6:
        return chosen
    model = Master(market, whole=True)
    model.add(master.columns)
    return model.solve(clock)[0]
