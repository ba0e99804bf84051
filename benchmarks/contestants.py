"""One peer on one ready score matrix: run by `peers.py` with the Python of the peer's environment.

    python contestants.py NAME MATRIX.npy PAIRS.npy

The matrix is that of `engine.py --save-scores`. Reading it and turning it into the peer's own form
(costs as float64, 0 for pairs that are not eligible) are not timed; building the peer's model is.
Chosen pairs are written for `peers.py` to count; the last line is a JSON object.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt
from measure import (
    Spent,
    children_peak_mb,
    forget_peak,
    median_run,
    peak_mb,
    resident_mb,
    timed,
)

Matrix = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.int64]
Work = Callable[[], Any]
# Makes the peer's own form of the matrix, imports the peer, and returns what is to be timed.
Contestant = Callable[[Matrix], Work]
CONTESTANTS: dict[str, tuple[tuple[str, ...], Contestant]] = {}


def contestant(*packages: str) -> Callable[[Contestant], Contestant]:
    """Enter a peer, with the packages whose versions are told."""

    def enter(prepare: Contestant) -> Contestant:
        CONTESTANTS[prepare.__name__] = (packages, prepare)
        return prepare

    return enter


def costs(matrix: Matrix) -> npt.NDArray[np.float64]:
    """Negative scores, 0 where not eligible: an assignment of least cost is a best matching."""
    return np.where(matrix > 0, -matrix, 0).astype(np.float64)


def eligible(matrix: Matrix) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Matrix]:
    """Row, column and score of every pair that can be made."""
    i, j = np.nonzero(matrix > 0)
    return i, j, matrix[i, j]


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


@contestant("pulp", "cbcbox")
def pulp_cbc(matrix: Matrix) -> Work:
    return pulp_model(matrix, lambda pulp: pulp.COIN_CMD(msg=False))


@contestant("pulp")
def pulp3_cbc(matrix: Matrix) -> Work:
    return pulp_model(matrix, lambda pulp: pulp.PULP_CBC_CMD(msg=False))


@contestant("pulp", "highspy")
def pulp_highs(matrix: Matrix) -> Work:
    return pulp_model(matrix, lambda pulp: pulp.HiGHS(msg=False))


def pulp_model(matrix: Matrix, solver: Callable[[Any], Any]) -> Work:
    """The model as a textbook writes it: a binary variable for every eligible pair."""
    import pulp

    i, j, score = (part.tolist() for part in eligible(matrix))
    pairs = list(zip(i, j, strict=True))

    def work() -> Pairs:
        model = pulp.LpProblem("matching", pulp.LpMaximize)
        if hasattr(model, "add_variable_dict"):
            chosen = model.add_variable_dict("pair", [f"{a}_{b}" for a, b in pairs], cat="Binary")
            variables = list(chosen.values())
        else:
            names = [f"pair_{a}_{b}" for a, b in pairs]
            variables = [pulp.LpVariable(name, cat="Binary") for name in names]
        mentors: list[list[Any]] = [[] for _ in matrix]
        mentees: list[list[Any]] = [[] for _ in matrix]
        for (a, b), variable in zip(pairs, variables, strict=True):
            mentors[a].append(variable)
            mentees[b].append(variable)
        model += pulp.lpDot(score, variables)
        for person in (*mentors, *mentees):
            if person:
                model += pulp.lpSum(person) <= 1
        model.solve(solver(pulp))
        return np.array(
            [pair for pair, x in zip(pairs, variables, strict=True) if x.varValue > 0.5]
        )

    return work


@contestant("mentor-match")
def mentor_match(matrix: Matrix) -> Work:
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.process import process_data

    score = matrix.tolist()
    people = range(len(matrix))

    class Given:
        """A rule of the package: it scores a match of two people; here that is looked up."""

        def apply(self, match: Any) -> int:
            found = score[match.mentor.email[1]][match.mentee.email[1]]
            if found <= 0:
                match.disallowed = True
            return max(0, found)

    def work() -> Pairs:
        # The package tells people apart by their e-mail address; any value does.
        mentors = [Mentor(grade=0, email=("mentor", person)) for person in people]
        mentees = [Mentee(grade=1, email=("mentee", person)) for person in people]
        found, _ = process_data(mentors, mentees, [[Given()]])
        return np.array([(a.email[1], b.email[1]) for a in found for b in a.mentees], np.int64)

    return work


@contestant("matching")
def gale_shapley(matrix: Matrix) -> Work:
    from matching.games import StableMarriage

    # Both sides rank by the same score; pairs that are not eligible come last and do not count.
    mentor_ranks = np.argsort(-matrix, axis=1, kind="stable").tolist()
    mentee_ranks = np.argsort(-matrix.T, axis=1, kind="stable").tolist()
    left = {f"a{i}": [f"b{j}" for j in row] for i, row in enumerate(mentor_ranks)}
    right = {f"b{j}": [f"a{i}" for i in row] for j, row in enumerate(mentee_ranks)}

    # The package copies players by recursion, which from 100 a side on is deeper than usual.
    sys.setrecursionlimit(10_000_000)

    def work() -> Pairs:
        found = StableMarriage.create_from_dictionaries(left, right).solve()
        return np.array([(int(a.name[1:]), int(b.name[1:])) for a, b in found.items()])

    return work


@contestant("networkx")
def networkx_blossom(matrix: Matrix) -> Work:
    import networkx as nx

    def work() -> Pairs:
        found = nx.max_weight_matching(graph(nx, matrix))
        return np.array([sorted(pair) for pair in found]) - [0, len(matrix)]

    return work


@contestant("networkx", "scipy")
def networkx_bipartite(matrix: Matrix) -> Work:
    import networkx as nx
    import scipy.optimize  # else networkx loads both in the time measured
    import scipy.sparse

    assert scipy.optimize
    assert scipy.sparse
    size = len(matrix)

    def work() -> Pairs:
        full = nx.Graph()
        full.add_weighted_edges_from(
            (i, size + j, -max(0, score))
            for i, row in enumerate(matrix.tolist())
            for j, score in enumerate(row)
        )
        found = nx.bipartite.minimum_weight_full_matching(full, range(size))
        return np.array([(i, found[i] - size) for i in range(size)])

    return work


def graph(nx: Any, matrix: Matrix) -> Any:
    """Mentors, mentees, and an edge for every eligible pair."""
    i, j, score = (part.tolist() for part in eligible(matrix))
    made = nx.Graph()
    made.add_weighted_edges_from(zip(i, [len(matrix) + b for b in j], score, strict=True))
    return made


def main(name: str, matrix_file: str, pairs_file: str) -> None:
    """Time one peer."""
    packages, prepare = CONTESTANTS[name]
    matrix = np.load(matrix_file)
    work = prepare(matrix)
    ready, before = resident_mb(), peak_mb()
    apart = forget_peak()

    def once() -> tuple[Spent, Any]:
        with timed() as spent:
            pairs = work()
        return spent, pairs

    spent, pairs = median_run(once, lambda run: run[0].wall)
    during = peak_mb()
    np.save(pairs_file, np.asarray(pairs, np.int64).reshape(-1, 2))
    result = {
        "seconds": spent.wall,
        "cpu_seconds": spent.cpu,
        "peak_mb": max(before, during, children_peak_mb()),
        "ready_mb": ready,
        "call_peak_mb": max(during, children_peak_mb()) if apart else None,
        "versions": {package: version(package) for package in packages},
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
