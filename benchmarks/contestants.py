"""One peer on one ready score matrix: run by `peers.py` with the Python of the peer's environment.

    python contestants.py NAME MATRIX.npy PAIRS.npy

The matrix is that of `engine.py --save-scores`. Reading it and turning it into the peer's own form
(costs as float64, 0 for pairs that are not eligible) are not timed; building the peer's model is.
Chosen pairs are written for `peers.py` to count; the last line is a JSON object.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from typing import Any

import array_solvers
import numpy as np
import python_packages
from measure import (
    Spent,
    children_peak_mb,
    forget_peak,
    median_run,
    peak_mb,
    resident_mb,
    timed,
)
from registry import CONTESTANTS

# Importing them has entered their peers.
assert array_solvers
assert python_packages


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

    spent, pairs = median_run(once, lambda spent: spent.wall)
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
