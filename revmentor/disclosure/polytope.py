"""Between which ends can a number lie, given all that is published? One model, many questions.

The model is a linear program (HiGHS, warm from question to question); a question about counts can
be asked again in whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from revmentor.errors import SolverError

Floats = npt.NDArray[np.float64]
NEAR = 1e-6
MOST_NODES = 200
PRIMAL = 4


def is_whole(point: Floats) -> bool:
    """Are these whole numbers?"""
    return bool(np.abs(point - np.round(point)).max(initial=0.0) <= NEAR)


@dataclass(frozen=True)
class End:
    """The lowest or highest value that a number can have, and what holds it there.

    ``rows`` are the rows without which it would lie further out; ``point`` is a solution there.
    """

    sense: Any
    value: float
    rows: tuple[int, ...]
    point: Floats


class Polytope:
    """Everything that can be so: columns between bounds, rows between bounds.

    ``truth`` is a solution: what is so.
    """

    def __init__(self, low: Floats, high: Floats, truth: Floats) -> None:
        import highspy  # only now: it takes long to load

        self._kinds: Any = highspy
        self.width = len(low)
        self.truth = truth
        self.rows = 0
        self._lp = self._solver()
        self._lp.addVars(self.width, low, high)
        self._whole: Any = None
        self._columns = np.arange(self.width, dtype=np.int32)
        self._bounds = (low, high)
        self._entries: list[tuple[float, float, npt.NDArray[np.int32], Floats]] = []

    def _solver(self) -> Any:
        solver: Any = self._kinds.Highs()
        for name, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 0), ("presolve", "off"),
            # From question to question only the cost changes: the last point stays feasible.
            ("simplex_strategy", PRIMAL),
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

    def ends(self, cost: Floats) -> Iterator[End]:
        """Between which ends does the sum of cost x column lie? The lowest first."""
        for sense in (self._kinds.ObjSense.kMinimize, self._kinds.ObjSense.kMaximize):
            solver = self._lp
            solver.changeColsCost(self.width, self._columns, cost)
            solver.changeObjectiveSense(sense)
            solver.run()
            best = self._kinds.HighsModelStatus.kOptimal
            if solver.getModelStatus() != best:
                solver.clearSolver()
                solver.run()
            if solver.getModelStatus() != best:
                raise SolverError(
                    "what the report tells contradicts itself "
                    f"({solver.modelStatusToString(solver.getModelStatus())}). This is a fault of "
                    "revmentor: please report it."
                )
            solution = solver.getSolution()
            point = np.asarray(solution.col_value)
            rows = np.flatnonzero(np.abs(np.asarray(solution.row_dual)) > NEAR)
            yield End(sense, float(cost @ point), tuple(rows.tolist()), point)

    def in_whole_numbers(self, sense: Any, cost: Floats) -> Floats:
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
