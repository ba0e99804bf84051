"""How many items do sets of bits share, for one person and many partners at a time?

These loops do the same to every element of short arrays that stay in the processor's nearest
cache, so that the compiler turns them into operations on 8 or 16 elements at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types
from numba.extending import intrinsic

from revmentor.matching.kernels.compiled import compiled_bare, compiled_inner

Words = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.int32]


def _ones(_: Any, word: Any) -> Any:
    """Number of ones in a word of 32 bits, by the processor's own instruction."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint32(types.uint32), generate


ones: Any = intrinsic(_ones)


def _as_int(_: Any, number: Any) -> Any:
    """The bits of a float32 as an int32: positive numbers keep their order, others are below."""

    def generate(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(types.int32))

    return types.int32(types.float32), generate


as_int: Any = intrinsic(_as_int)


@compiled_inner
def shared_items(
    words: Words, start: int, mask: Words, first: int, last: int, busy: Counts, count: Counts
) -> None:
    """Count the items that one person shares with each partner of a tile.

    Parameters
    ----------
    words : array of uint32, shape (words, partners)
    start : int
        The tile is ``words[:, start : start + len(count)]``.
    mask : array of uint32
        The person's words.
    first, last : int
        Only words from `first` up to, not including, `last`.
    busy : array of int32, at least ``last - first + 3`` long
        Room to work in.
    count : array of int32
        Receives the counts.
    """
    end = start + len(count)
    held = 0
    for word in range(first, last):
        if mask[word] != 0:
            busy[held] = word
            held += 1
    if held == 0:
        count[:] = 0
    elif held == 1:
        a = busy[0]
        _one(count, words[a][start:end], mask[a])
    elif held == 2:
        a, b = busy[0], busy[1]
        _two(count, words[a][start:end], words[b][start:end], mask[a], mask[b])
    else:
        zero = np.uint32(0)
        for at in range(held, held + 3):
            busy[at] = busy[0]
        for at in range(0, held, 4):
            a, b, c, d = busy[at], busy[at + 1], busy[at + 2], busy[at + 3]
            _four(
                count, at > 0,
                words[a][start:end], words[b][start:end], words[c][start:end], words[d][start:end],
                mask[a], mask[b] if at + 1 < held else zero,
                mask[c] if at + 2 < held else zero, mask[d] if at + 3 < held else zero,
            )  # fmt: skip


@compiled_bare
def _one(count: Counts, a: Words, ma: np.uint32) -> None:
    for t in range(len(count)):
        count[t] = np.int32(ones(a[t] & ma))


@compiled_bare
def _two(count: Counts, a: Words, b: Words, ma: np.uint32, mb: np.uint32) -> None:
    for t in range(len(count)):
        count[t] = np.int32(ones(a[t] & ma)) + np.int32(ones(b[t] & mb))


@compiled_bare
def _four(
    count: Counts, more: bool, a: Words, b: Words, c: Words, d: Words,
    ma: np.uint32, mb: np.uint32, mc: np.uint32, md: np.uint32,
) -> None:  # fmt: skip
    if more:
        for t in range(len(count)):
            count[t] += (
                np.int32(ones(a[t] & ma)) + np.int32(ones(b[t] & mb))
                + np.int32(ones(c[t] & mc)) + np.int32(ones(d[t] & md))
            )  # fmt: skip
    else:
        for t in range(len(count)):
            count[t] = (
                np.int32(ones(a[t] & ma)) + np.int32(ones(b[t] & mb))
                + np.int32(ones(c[t] & mc)) + np.int32(ones(d[t] & md))
            )  # fmt: skip
