"""How many items do people's sets share, over all pairs of people at once?

Pairs are not visited one by one. People with the same set count together; and the number of pairs
whose sets both contain a given small set is a product, from which inclusion and exclusion give the
number of pairs that share exactly so many items.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from revmentor.matching.arrays import FloatArray, IntArray
from revmentor.matching.intake.pool import Sets

# What a small set of one person costs to count, in pairs of people compared in a compiled loop.
SUBSET_COST = 100
BITS_AT_ONCE = 1 << 22


class Overlap(NamedTuple):
    """Sums over all pairs: of items shared / items that either has, and of pairs that share any."""

    jaccard: float
    sharing: int


class Distinct(NamedTuple):
    """Sets that occur, each once: its words, its size, and how many people have it."""

    words: np.ndarray[tuple[int, int], np.dtype[np.uint64]]
    size: IntArray
    people: IntArray


def distinct(sets: Sets, who: IntArray) -> Distinct:
    """Which different sets do these people have?"""
    words, people = np.unique(sets.words[:, who], axis=1, return_counts=True)
    return Distinct(words, np.bitwise_count(words).sum(axis=0, dtype=np.int64), people)


def overlap(a: Sets, b: Sets, mentors: IntArray, mentees: IntArray) -> Overlap:
    """How much do the sets of these mentors and of these mentees overlap, over all pairs?

    Exact but for the last bits of the sum of fractions.
    """
    one, two = distinct(a, mentors), distinct(b, mentees)
    depth = min(int(one.size.max(initial=0)), int(two.size.max(initial=0)))
    subsets = float(np.exp2(one.size).sum() + np.exp2(two.size).sum())
    fits = depth * math.log2(64 * len(one.words)) < 63
    if fits and subsets * SUBSET_COST < len(one.size) * len(two.size):
        return _by_subsets(one, two, depth)
    from revmentor.matching.kernels.overlaps import sums  # numba takes long to load

    jaccard, sharing = sums(*_columns(one), *_columns(two))
    return Overlap(float(jaccard), int(sharing))


def covered(offered: Sets, wanted: Sets, mentors: IntArray, mentees: IntArray) -> float:
    """Sum over all pairs of the share of what the mentee wants that the mentor offers."""
    offers = np.zeros(64 * len(offered.words))
    for bits, _ in _bits(offered, mentors):
        offers += bits.sum(axis=0, dtype=np.float64)
    wants = np.zeros_like(offers)
    for bits, who in _bits(wanted, mentees):
        wants += (1 / wanted.size[who]) @ bits
    return float(offers @ wants)


def _columns(sets: Distinct) -> tuple[np.ndarray, IntArray, IntArray]:
    return np.ascontiguousarray(sets.words), sets.size, sets.people.astype(np.int64)


def _bits(sets: Sets, who: IntArray) -> Iterator[tuple[np.ndarray, IntArray]]:
    """Who has what, as rows of zeros and ones, some people at a time."""
    step = max(1, BITS_AT_ONCE // (64 * len(sets.words)))
    for start in range(0, len(who), step):
        some = who[start : start + step]
        yield _unpacked(sets.words[:, some]), some


def _unpacked(words: np.ndarray) -> np.ndarray:
    bytes_of = np.ascontiguousarray(words.T.astype("<u8")).view(np.uint8)
    return np.unpackbits(bytes_of, axis=1, bitorder="little")


def _by_subsets(one: Distinct, two: Distinct, depth: int) -> Overlap:
    """Counts of pairs by the two sizes and the number shared, from pairs that share a subset.

    With M[t] the pairs counted once for each t items that they share, the number of pairs that
    share exactly k is the sum over t of (-1)^(t-k) C(t, k) M[t]. All are whole numbers, exact.
    """
    sizes = [np.unique(side.size) for side in (one, two)]
    people = [
        np.bincount(np.searchsorted(known, side.size), side.people, len(known))
        for known, side in zip(sizes, (one, two), strict=True)
    ]
    items = [_items(side) for side in (one, two)]
    times = [np.outer(*people)]
    for t in range(1, depth + 1):
        listed = [_subsets(held, t, 64 * len(one.words)) for held in items]
        keys = np.unique(listed[0][0])
        counts = []
        for (key, size, weight), known in zip(listed, sizes, strict=True):
            at = np.minimum(np.searchsorted(keys, key), max(0, len(keys) - 1))
            found = keys[at] == key if len(keys) else np.zeros(len(key), bool)
            cell = at[found] * len(known) + np.searchsorted(known, size[found])
            table = np.bincount(cell, weight[found], len(keys) * len(known))
            counts.append(table.reshape(-1, len(known)))
        times.append(counts[0].T @ counts[1])
    jaccard, sharing = 0.0, 0
    for k in range(1, depth + 1):
        pairs = sum((-1) ** (t - k) * math.comb(t, k) * times[t] for t in range(k, depth + 1))
        either = np.add.outer(*sizes) - k
        jaccard += float((pairs * (k / np.maximum(either, 1))).sum())
        sharing += int(np.sum(pairs))
    return Overlap(jaccard, sharing)


def _items(sets: Distinct) -> list[tuple[int, IntArray, FloatArray]]:
    """By size of set: the size, the items of each set in a row, and people."""
    row, item = np.nonzero(_unpacked(sets.words))
    start = np.searchsorted(row, np.arange(len(sets.size)))
    return [
        (size, item[start[at][:, None] + np.arange(size)], sets.people[at].astype(np.float64))
        for size in np.unique(sets.size).tolist()
        for at in (np.flatnonzero(sets.size == size),)
    ]


def _subsets(
    held: list[tuple[int, IntArray, FloatArray]], t: int, items: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """Every choice of t items out of each set, as one number; the set's size; its people."""
    keys, sizes, weights = [], [], []
    for size, rows, people in held:
        for columns in itertools.combinations(range(size), t):
            key = np.zeros(len(rows), np.int64)
            for column in columns:
                key = key * items + rows[:, column]
            keys.append(key)
            sizes.append(np.full(len(rows), size))
            weights.append(people)
    if not keys:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    return np.concatenate(keys), np.concatenate(sizes), np.concatenate(weights)
