"""How are pairs numbered and visited, a block at a time, without ever holding all of them?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# A block has at most this many pairs (or one mentee's row): 2 MB for each array of eight-byte
# numbers. Scoring needs about ten such arrays at a time, so a pass stays within 32 MB, and they
# fit the processor's cache, which is what makes a pass fast.
BLOCK_PAIRS = 1 << 18

Cells = tuple[IntArray, IntArray]


def blocks(mentors: int, mentees: int | IntArray) -> Iterator[Cells]:
    """Which index arrays cover all pairs, block by block?

    Parameters
    ----------
    mentors : int
        Number of mentors; every block spans all of them.
    mentees : int or array of int
        Number of mentees, or the mentees wanted.

    Yields
    ------
    (i, j) : arrays of shape (1, mentors) and (rows, 1)
        They broadcast to the block's pairs.

    >>> [(i.shape, j.ravel().tolist()) for i, j in blocks(3, 2)]
    [((1, 3), [0, 1])]
    """
    rows = np.arange(mentees) if isinstance(mentees, int) else mentees
    step = max(1, BLOCK_PAIRS // max(1, mentors))
    i = np.arange(mentors).reshape(1, -1)
    if mentors:
        for start in range(0, len(rows), step):
            yield i, rows[start : start + step].reshape(-1, 1)


def paired(i: Iterable[int], j: Iterable[int]) -> Cells:
    """Index arrays of the listed pairs, one after the other."""
    return np.fromiter(i, np.int64), np.fromiter(j, np.int64)


@dataclass(frozen=True, eq=False)
class PairTable:
    """Values of a few known pairs, all others having the value 0.

    Parameters
    ----------
    mentor : array of int, sorted within each mentee
    start : array of int, shape (mentees + 1,)
        The pairs of mentee j stand at ``start[j]`` to ``start[j + 1]``.
    value : array of float or int
    """

    mentor: IntArray
    start: IntArray
    value: npt.NDArray[Any]

    @classmethod
    def of(cls, values: dict[tuple[int, int], float], mentees: int) -> PairTable:
        """Table of ``{(mentor, mentee): value}``."""
        order = sorted((j, i) for i, j in values)
        j = np.fromiter((pair[0] for pair in order), np.int64, len(order))
        i = np.fromiter((pair[1] for pair in order), np.int64, len(order))
        worth = np.fromiter((values[b, a] for a, b in order), np.float64, len(order))
        return cls(i, np.searchsorted(j, np.arange(mentees + 1)), worth)

    @classmethod
    def of_pairs(cls, i: IntArray, j: IntArray, value: npt.NDArray[Any], mentees: int) -> PairTable:
        """Table of listed pairs, each once, in any order."""
        order = np.lexsort((i, j))
        start = np.searchsorted(j[order], np.arange(mentees + 1))
        return cls(i[order], start, value[order])

    @classmethod
    def empty(cls) -> PairTable:
        """The table of no pairs."""
        return cls(np.empty(0, np.int64), np.zeros(1, np.int64), np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.mentor)

    def pairs(self) -> Cells:
        """Mentors and mentees of the known pairs, by mentee and then mentor."""
        return self.mentor, np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def at(self, i: IntArray, j: IntArray) -> npt.NDArray[Any]:
        """Values at index arrays that broadcast: a block of (1, m) and (k, 1), or two lists."""
        out = np.zeros(np.broadcast_shapes(i.shape, j.shape), self.value.dtype)
        if not len(self):
            return out
        if out.ndim == 1:
            columns = max(int(self.mentor.max()), int(i.max(initial=0))) + 1
            mentor, mentee = self.pairs()
            known = mentee * columns + mentor
            place = np.minimum(np.searchsorted(known, j * columns + i), len(known) - 1)
            return np.where(known[place] == j * columns + i, self.value[place], 0)
        rows = j.ravel()
        count = self.start[rows + 1] - self.start[rows]
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        place = np.repeat(self.start[rows], count) + within
        spot = np.full(max(int(self.mentor.max()), int(i.max(initial=0))) + 1, -1)
        spot[i.ravel()] = np.arange(i.size)
        column = spot[self.mentor[place]]
        row = np.repeat(np.arange(len(rows)), count)
        out[row[column >= 0], column[column >= 0]] = self.value[place][column >= 0]
        return out
