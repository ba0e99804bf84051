"""Between which ends can a number lie, given all that is published? One model, many questions.

The model is a linear program (HiGHS, warm from question to question). Counts are whole: where the
program's answer is not, the question is asked again in whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from revmentor.errors import SolverError

Floats = npt.NDArray[np.float64]
NEAR = 1e-6
MOST_NODES = 200


@dataclass(frozen=True)
class Extent:
    """Lowest and highest value that a number can have, and what holds it there.

    ``rows`` are the rows without which an end would lie further out; ``points`` are the two
    solutions at the ends.
    """

    low: float
    high: float
    rows: tuple[int, ...]
    points: tuple[Floats, Floats]


class Polytope:
    """Everything that can be so: columns between bounds, rows between bounds.

    ``truth`` is a solution: what is so. ``whole``: columns are counts.
    """

    def __init__(self, low: Floats, high: Floats, truth: Floats, *, whole: bool) -> None:
        import highspy  # only now: it takes long to load

        self._kinds = highspy
        self.width = len(low)
        self.whole = whole
        self.truth = truth
        self.rows = 0
        self._lp = self._solver()
        self._lp.addVars(self.width, low, high)
        self._whole: Any = None
        self._columns = np.arange(self.width, dtype=np.int32)
        self._bounds = (low, high)
        self._entries: list[tuple[float, float, npt.NDArray[np.int32], Floats]] = []

    def _solver(self) -> Any:
        solver = self._kinds.Highs()
        for name, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 0), ("presolve", "off"),
        ):  # fmt: skip
            solver.setOptionValue(name, value)
        return solver

    def add_row(self, low: float, high: float, columns: Sequence[int], values: Floats) -> int:
        """Add a row; returns its number."""
        index = np.asarray(columns, np.int32)
        self._lp.addRow(low, high, len(index), index, values)
        self._entries.append((low, high, index, values))
        self._whole = None
        self.rows += 1
        return self.rows - 1

    def set_row(self, row: int, low: float, high: float) -> None:
        """Change what is known of a row."""
        before = self._entries[row]
        if before[:2] != (low, high):
            self._lp.changeRowBounds(row, low, high)
            self._entries[row] = (low, high, *before[2:])
            self._whole = None

    def extent(self, cost: Floats) -> Extent:
        """Between which ends does the sum of cost x column lie?"""
        ends, held, points = [], set[int](), []
        for sense in (self._kinds.ObjSense.kMinimize, self._kinds.ObjSense.kMaximize):
            end, rows, point = self._end(self._lp, sense, cost)
            if self.whole and np.abs(point - np.round(point)).max(initial=0.0) > NEAR:
                point = self._end_in_whole_numbers(sense, cost)
                end = float(cost @ point)
            ends.append(end)
            held.update(rows)
            points.append(point)
        return Extent(ends[0], ends[1], tuple(sorted(held)), (points[0], points[1]))

    def _end(self, solver: Any, sense: Any, cost: Floats) -> tuple[float, list[int], Floats]:
        solver.changeColsCost(self.width, self._columns, cost)
        solver.changeObjectiveSense(sense)
        solver.run()
        if solver.getModelStatus() != self._kinds.HighsModelStatus.kOptimal:
            solver.clearSolver()
            solver.run()
        if solver.getModelStatus() != self._kinds.HighsModelStatus.kOptimal:
            raise SolverError(
                "what the report tells contradicts itself "
                f"({solver.modelStatusToString(solver.getModelStatus())}). This is a fault of "
                "revmentor: please report it."
            )
        solution = solver.getSolution()
        prices = np.asarray(solution.row_dual)
        rows = np.flatnonzero(np.abs(prices) > NEAR).tolist()
        return float(cost @ np.asarray(solution.col_value)), rows, np.asarray(solution.col_value)

    def _end_in_whole_numbers(self, sense: Any, cost: Floats) -> Floats:
        """The furthest whole numbers that are found soon: each is proof that it can be so."""
        if self._whole is None:
            self._whole = self._in_whole_numbers()
        solver = self._whole
        solver.changeColsCost(self.width, self._columns, cost)
        solver.changeObjectiveSense(sense)
        solver.run()
        found = self._kinds.SolutionStatus.kSolutionStatusFeasible
        if int(solver.getInfo().primal_solution_status) != int(found):
            return self.truth
        values: Floats = np.round(np.asarray(solver.getSolution().col_value))
        return values

    def _in_whole_numbers(self) -> Any:
        solver = self._solver()
        solver.setOptionValue("mip_max_nodes", MOST_NODES)
        solver.setOptionValue("presolve", "on")
        solver.addVars(self.width, *self._bounds)
        whole = np.array([self._kinds.HighsVarType.kInteger] * self.width)
        solver.changeColsIntegrality(self.width, self._columns, whole)
        for low, high, index, values in self._entries:
            solver.addRow(low, high, len(index), index, values)
        return solver
