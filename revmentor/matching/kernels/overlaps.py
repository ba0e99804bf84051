"""How much do sets overlap, over all pairs of two lists of sets?"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.compiled import compiled

Words = npt.NDArray[np.uint64]

# Counting bits by halves, as compilers know it and replace it by the processor's own instruction:
# H. S. Warren, Hacker's Delight, 2nd edition, section 5-1.
PAIRS = np.uint64(0x5555555555555555)
FOURS = np.uint64(0x3333333333333333)
BYTES = np.uint64(0x0F0F0F0F0F0F0F0F)
ADDED = np.uint64(0x0101010101010101)
ONE, TWO, FOUR, TOP = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)


@compiled
def ones(word: Any) -> Any:
    """How many bits of a word are set?"""
    word = word - ((word >> ONE) & PAIRS)
    word = (word & FOURS) + ((word >> TWO) & FOURS)
    word = (word + (word >> FOUR)) & BYTES
    return np.int64((word * ADDED) >> TOP)


@compiled
def sums(
    words_a: Words,
    size_a: IntArray,
    people_a: IntArray,
    words_b: Words,
    size_b: IntArray,
    people_b: IntArray,
) -> tuple[float, int]:
    """Sum over pairs of people of items shared / items of either, and how many pairs share any.

    Parameters
    ----------
    words_a, words_b : arrays of uint64, shape (words, sets)
        The items of each set as bits.
    size_a, size_b, people_a, people_b : arrays of int
        Items of each set, and how many people have it.
    """
    jaccard, sharing = 0.0, 0
    for i in range(len(size_a)):
        here, some = 0.0, 0
        for j in range(len(size_b)):
            shared = 0
            for w in range(len(words_a)):
                shared += ones(words_a[w, i] & words_b[w, j])
            if shared > 0:
                here += people_b[j] * (shared / (size_a[i] + size_b[j] - shared))
                some += people_b[j]
        jaccard += people_a[i] * here
        sharing += people_a[i] * some
    return jaccard, sharing
