"""A linear model in PuLP, handed to HiGHS as arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pulp
from pulp.apis.core import PulpSolverError

from revmentor.errors import SolverError
from revmentor.matching.arrays import FloatArray, IntArray
from revmentor.matching.clock import Clock, OutOfTime

Sense = Literal["<=", ">=", "=="]
_BOUNDS = {"<=": (-math.inf, 0.0), ">=": (0.0, math.inf), "==": (0.0, 0.0)}


@dataclass(frozen=True, eq=False)
class Solved:
    """What HiGHS found.

    Parameters
    ----------
    values : array of float, one per column, or None
        None: it found no solution.
    prices : array of float, one per row
        What one more unit on the right-hand side would add to the objective; of a model with
        whole columns they mean nothing.
    value, bound : float
        Objective found (-inf without a solution) and the best there can be, as far as HiGHS knows.
    infeasible : bool
        HiGHS proved that there is no solution.
    """

    values: FloatArray | None
    prices: FloatArray
    value: float
    bound: float
    infeasible: bool


class ArrayHiGHS(pulp.HiGHS):
    """HiGHS in process on arrays that the model keeps beside PuLP's own.

    PuLP hands a model over one variable and one row at a time, in Python: at 100,000 columns that
    takes longer than many a solve. The arrays hold the same model.
    """

    arrays: Any
    kept: Any = None

    def createAndConfigureSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 - PuLP's name
        """Take the solver of the model before, if there was one: to make one takes longer."""
        if self.kept is None:
            super().createAndConfigureSolver(lp)
            self.kept = lp.solverModel
        self.kept.clearModel()
        self.kept.setOptionValue(
            "time_limit", math.inf if self.timeLimit is None else self.timeLimit
        )
        lp.solverModel = self.kept

    def buildSolverModel(self, lp: pulp.LpProblem) -> None:  # noqa: N802 - PuLP's name
        """Hand over the arrays."""
        highs: Any = lp.solverModel
        highs.passModel(self.arrays)

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, bool]:  # noqa: N802 - PuLP's
        """Tell PuLP nothing about values: they are read as arrays."""
        return pulp.LpSolveStatus.NotSolved, False


def new_solver(gap: float = 0.0, *, presolve: bool = True) -> ArrayHiGHS:
    """A solver for one model, or for several one after the other.

    Parameters
    ----------
    gap : float
        Absolute gap at which a model with whole columns counts as solved.
    presolve : bool

    Raises
    ------
    SolverError
        HiGHS is missing: no other solver takes its place.
    """
    solver: Any = ArrayHiGHS(
        msg=False, threads=1, random_seed=0, gapRel=0.0, gapAbs=gap,
        presolve="on" if presolve else "off",
    )  # fmt: skip
    if not solver.available():
        raise SolverError("HiGHS is not installed. To fix: install the package highspy.")
    found: ArrayHiGHS = solver
    return found


class Model:
    """Maximise a linear objective; rows first, then columns that know their rows."""

    def __init__(self, name: str) -> None:
        self.problem = pulp.LpProblem(name, pulp.LpMaximize)
        self.problem.setObjective(pulp.LpAffineExpression.empty())
        self._rows: list[pulp.LpConstraint] = []
        self._low: list[float] = []
        self._high: list[float] = []
        self._cost: list[FloatArray] = []
        self._most: list[FloatArray] = []
        self._whole: list[npt.NDArray[np.bool_]] = []
        self._starts: list[IntArray] = []
        self._index: list[IntArray] = []
        self._value: list[FloatArray] = []
        self.width = 0

    def row(self, name: str, sense: Sense, right: float) -> int:
        """Add an empty row; returns its number."""
        side = pulp.LpAffineExpression.empty()
        match sense:
            case "<=":
                stated = side <= right
            case ">=":
                stated = side >= right
            case _:
                stated = side == right
        self._rows.append(self.problem.addConstraint(stated, name))
        low, high = _BOUNDS[sense]
        self._low.append(low + right)
        self._high.append(high + right)
        return len(self._rows) - 1

    def columns(
        self,
        name: str,
        cost: FloatArray,
        most: FloatArray,
        rows: IntArray,
        values: FloatArray,
        *,
        whole: bool,
    ) -> IntArray:
        """Add columns from 0 up; returns their numbers.

        Parameters
        ----------
        name : str
            Columns are named by it and their number, for ids may be any text.
        cost : array of float
            Objective coefficients.
        most : array of float
            Upper bounds; inf for none.
        rows, values : arrays of shape (columns, entries)
            Row numbers, -1 for no entry, and coefficients.
        whole : bool
            May they take whole values only?
        """
        used = (rows >= 0) & (values != 0)
        kind: Literal["Integer", "Continuous"] = "Integer" if whole else "Continuous"
        listed = zip(cost.tolist(), most.tolist(), rows.tolist(), values.tolist(), strict=True)
        for number, (worth, high, of, by) in enumerate(listed):
            entries = {self._rows[r]: v for r, v in zip(of, by, strict=True) if r >= 0 and v}
            self.problem.add_column(
                f"{name}_{number}",
                0,
                None if math.isinf(high) else high,
                cat=kind,
                obj=worth,
                coefficients=entries,
            )
        self._cost.append(cost)
        self._most.append(most)
        self._whole.append(np.full(len(cost), whole))
        self._starts.append(used.sum(axis=1))
        self._index.append(rows[used])
        self._value.append(values[used])
        first = self.width
        self.width += len(cost)
        return np.arange(first, self.width)

    def solve(self, clock: Clock, solver: ArrayHiGHS | None = None, *, gap: float = 0.0) -> Solved:
        """Solve to optimality, or to an absolute gap, or until the clock stops.

        Parameters
        ----------
        clock : Clock
        solver : ArrayHiGHS, optional
            From `new_solver`; one can solve several models, one after the other.
        gap : float
            Without a solver of one's own.

        Raises
        ------
        OutOfTime
            The clock stopped a model without whole columns: what it has then proves nothing.
        SolverError
            HiGHS is missing or failed.
        """
        if not self.width:
            return self._empty()
        if solver is None:
            solver = new_solver(gap)
        solver.timeLimit = clock.left()
        solver.arrays = self._arrays()
        try:
            self.problem.solve(solver)
        except PulpSolverError as error:
            raise SolverError(f"HiGHS failed: {error}. To fix: reinstall highspy.") from error
        return self._read(self.problem.solverModel, whole=bool(np.concatenate(self._whole).any()))

    def _empty(self) -> Solved:
        """Without columns all sums are 0, which HiGHS declines to look at."""
        fine = all(low <= 0 <= high for low, high in zip(self._low, self._high, strict=True))
        nothing = np.zeros(len(self._rows))
        if fine:
            return Solved(np.zeros(0), nothing, 0.0, 0.0, False)
        return Solved(None, nothing, -math.inf, -math.inf, True)

    def _arrays(self) -> Any:
        """The same model as arrays, by column."""
        import highspy  # only now: without it, `new_solver` has said so

        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.width, len(self._rows)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = np.concatenate(self._cost)
        lp.col_lower_ = np.zeros(self.width)
        lp.col_upper_ = np.concatenate(self._most)
        lp.row_lower_, lp.row_upper_ = np.array(self._low), np.array(self._high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        count = np.concatenate(self._starts)
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
        lp.a_matrix_.index_ = np.concatenate(self._index).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate(self._value).astype(np.float64)
        whole = np.concatenate(self._whole)
        if whole.any():
            kinds = highspy.HighsVarType
            lp.integrality_ = [kinds.kInteger if w else kinds.kContinuous for w in whole.tolist()]
        return lp

    def _read(self, highs: Any, *, whole: bool) -> Solved:
        """Read values and bound; the status alone is never believed."""
        import highspy

        status, info = highs.getModelStatus(), highs.getInfo()
        kinds = highspy.HighsModelStatus
        nothing = np.zeros(len(self._rows))
        if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
            # Costs are finite and every column has a bound or a row with positive entries, so
            # that nothing is unbounded.
            return Solved(None, nothing, -math.inf, -math.inf, True)
        stopped = status in (kinds.kTimeLimit, kinds.kInterrupt, kinds.kIterationLimit)
        if stopped and not whole:
            raise OutOfTime
        if status != kinds.kOptimal and not stopped:
            raise SolverError(
                f"HiGHS stopped without a solution ({highs.modelStatusToString(status)}). To fix: "
                "run again; if it stays, report it with the params used."
            )
        solution = highs.getSolution()
        feasible = int(info.primal_solution_status) == int(
            highspy.SolutionStatus.kSolutionStatusFeasible
        )
        prices = np.array(solution.row_dual) if solution.dual_valid else nothing
        value = float(info.objective_function_value)
        bound = float(info.mip_dual_bound) if whole else value
        if not feasible:
            return Solved(None, nothing, -math.inf, bound, False)
        return Solved(np.array(solution.col_value), prices, value, bound, False)
