"""What a peer is given, and who they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

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
