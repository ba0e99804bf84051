"""One peer on the columns that ours generated: run by `bars.py` with the peer's Python.

    python column_peers.py NAME COLUMNS.npz

The last line is a JSON object with `seconds` and the `objective` in units.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import numpy.typing as npt
from measure import peak_mb, timed

Columns = dict[str, npt.NDArray[Any]]


def ortools_min_cost_flow(columns: Columns) -> int:
    """OR-tools' minimum cost flow."""
    from array_solvers import flow_pairs
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    i, j, units = columns["mentor"], columns["mentee"], columns["units"]
    size = int(columns["size"])
    pairs = flow_pairs(SimpleMinCostFlow(), i, j, units, size)
    order = np.argsort(i * size + j)
    key = (i * size + j)[order]
    return int(units[order[np.searchsorted(key, pairs[:, 0] * size + pairs[:, 1])]].sum())


def highs(columns: Columns, method: str, whole: bool) -> int:
    """HiGHS on the model handed over as arrays; units are scaled to points of a score."""
    import highspy

    i, j, units = columns["mentor"], columns["mentee"], columns["units"]
    size, count = int(columns["size"]), len(units)
    # rows of the conditions, if there are any, after one row a person
    held = [columns[f"row_{k}"] for k in range(len(columns.get("bounds", ())))]
    low, high = np.array(columns.get("bounds", np.empty((0, 2)))).reshape(-1, 2).T
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, 2 * size + len(held)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = units / 1e6
    model.col_lower_, model.col_upper_ = np.zeros(count), np.ones(count)
    model.row_lower_ = np.r_[np.full(2 * size, -np.inf), low]
    model.row_upper_ = np.r_[np.ones(2 * size), high]
    index = np.column_stack(
        [i, size + j, *(np.full(count, 2 * size + k) for k in range(len(held)))]
    )
    value = np.column_stack([np.ones((count, 2)), *held])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, index.size + 1, index.shape[1], dtype=np.int32)
    model.a_matrix_.index_ = index.ravel().astype(np.int32)
    model.a_matrix_.value_ = value.ravel().astype(np.float64)
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * count
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", method)
    solver.setOptionValue("mip_rel_gap", 0.0)
    assert solver.passModel(model) == highspy.HighsStatus.kOk
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return int(units[np.asarray(solver.getSolution().col_value) > 0.5].sum())


PEERS = {
    "ortools_min_cost_flow": ortools_min_cost_flow,
    "highs_ipm": lambda columns: highs(columns, "ipm", whole=False),
    "highs_simplex": lambda columns: highs(columns, "simplex", whole=False),
    "highs_mip": lambda columns: highs(columns, "choose", whole=True),
}


def main(name: str, file: str) -> None:
    """Time one peer."""
    columns = dict(np.load(file))
    with timed() as spent:
        objective = PEERS[name](columns)
    result = {"seconds": spent.wall, "cpu_seconds": spent.cpu, "peak_mb": peak_mb(),
              "objective": objective}  # fmt: skip
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
