"""Peers that take arrays: assignment solvers, network flow, linear programs."""

from __future__ import annotations

from typing import Any

import numpy as np
from registry import Matrix, Pairs, Work, contestant, costs, eligible


@contestant("scipy")
def scipy_assignment(matrix: Matrix) -> Work:
    from scipy.optimize import linear_sum_assignment

    cost = costs(matrix)
    return lambda: np.column_stack(linear_sum_assignment(cost))


@contestant("lap")
def lap_lapjv(matrix: Matrix) -> Work:
    from lap import lapjv

    cost = costs(matrix)
    return lambda: np.column_stack([np.arange(len(cost)), lapjv(cost)[1]])


@contestant("lapjv")
def lapjv_lapjv(matrix: Matrix) -> Work:
    from lapjv import lapjv

    cost = costs(matrix)
    return lambda: np.column_stack([np.arange(len(cost)), lapjv(cost)[0]])


@contestant("ortools")
def ortools_assignment(matrix: Matrix) -> Work:
    from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment

    size = len(matrix)
    left, right = np.repeat(np.arange(size), size), np.tile(np.arange(size), size)
    cost = np.where(matrix > 0, -matrix, 0).ravel()

    def work() -> Pairs:
        solver = SimpleLinearSumAssignment()
        solver.add_arcs_with_cost(left, right, cost)
        assert solver.solve() == solver.OPTIMAL
        return np.array([(i, solver.right_mate(i)) for i in range(size)])

    return work


@contestant("ortools")
def ortools_min_cost_flow(matrix: Matrix) -> Work:
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    size = len(matrix)
    i, j, score = eligible(matrix)
    return lambda: flow_pairs(SimpleMinCostFlow(), i, j, score, size)


def flow_pairs(flow: Any, i: Any, j: Any, score: Any, size: int) -> Pairs:
    """Source, mentors, mentees, sink; who has no partner goes from source to sink at no cost."""
    source, sink, people = 2 * size, 2 * size + 1, np.arange(size)
    one = np.ones(size, np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(i, size + j, np.ones_like(score), -score)
    flow.add_arcs_with_capacity_and_unit_cost(np.full(size, source), people, one, 0 * one)
    flow.add_arcs_with_capacity_and_unit_cost(size + people, np.full(size, sink), one, 0 * one)
    flow.add_arc_with_capacity_and_unit_cost(source, sink, size, 0)
    flow.set_node_supply(source, size)
    flow.set_node_supply(sink, -size)
    assert flow.solve() == flow.OPTIMAL
    chosen = flow.flows(arcs) > 0
    return np.column_stack([i[chosen], j[chosen]])


@contestant("highspy")
def highs_lp(matrix: Matrix) -> Work:
    import highspy

    i, j, score = eligible(matrix)

    def work() -> Pairs:
        chosen = solve_lp(highspy, i, j, score, len(matrix), "choose")
        return np.column_stack([i[chosen], j[chosen]])

    return work


def solve_lp(highspy: Any, i: Any, j: Any, score: Any, size: int, method: str) -> Any:
    """The relaxation, handed over as arrays; which columns it takes."""
    model = highspy.HighsLp()
    columns, rows = len(score), 2 * size
    model.num_col_, model.num_row_ = columns, rows
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = score / 1e6
    model.col_lower_, model.col_upper_ = np.zeros(columns), np.full(columns, np.inf)
    model.row_lower_, model.row_upper_ = np.full(rows, -np.inf), np.ones(rows)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * columns + 1, 2, dtype=np.int32)
    model.a_matrix_.index_ = np.column_stack([i, size + j]).ravel().astype(np.int32)
    model.a_matrix_.value_ = np.ones(2 * columns)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", method)
    assert solver.passModel(model) == highspy.HighsStatus.kOk
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return np.asarray(solver.getSolution().col_value) > 0.5
