"""Who can move where, without anybody paying, in a graph kept as bits?

A transport of single units from rows to columns on a graph kept as bits. Besides people there is
nobody: a row without a partner stands at nobody's column, an idle place of a column is taken by
nobody's row. All constraints are then equalities, and the optimal transports of a level are those
that use tight edges only (complementary slackness): one level after the other is minimised by
shortest augmenting paths, and what is not tight is taken out of the graph.

Telikepalli Kavitha, Chien-Chung Huang, Kurt Mehlhorn, Dimitrios Michail: Fair matchings and
related problems, Algorithmica 74 (2016), treat ranks of preference in this order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.kernels.compiled import compiled

Bits = npt.NDArray[np.uint64]

# Position of the only set bit of a word, by its product with a de Bruijn sequence.
SEQUENCE = np.uint64(0x03F79D71B4CB0A89)
POSITION = np.array(
    [0, 1, 48, 2, 57, 49, 28, 3, 61, 58, 50, 42, 38, 29, 17, 4,
     62, 55, 59, 36, 53, 51, 43, 22, 45, 39, 33, 30, 24, 18, 12, 5,
     63, 47, 56, 27, 60, 41, 37, 16, 54, 35, 52, 21, 44, 32, 23, 11,
     46, 26, 40, 15, 34, 20, 31, 10, 25, 14, 19, 9, 13, 8, 7, 6], np.int64
)  # fmt: skip
ONE = np.uint64(1)


class Graph(NamedTuple):
    """Rows, columns, which edges are open, and the transport; nobody stands last on both sides.

    A first row or column is the one place that counts for its person: an edge weighs as much as
    it has first ends.
    """

    open: Bits  # [row, word]
    row_first: BoolArray
    column_first: BoolArray
    at: IntArray  # column of each row
    place: IntArray  # where the row stands among those of its column
    slots: IntArray  # rows of each column, from start[column], filled[column] of them
    start: IntArray
    filled: IntArray
    idle: IntArray  # places of each column that nobody takes
    missing: IntArray  # places of each column that must still be filled
    row_label: IntArray
    column_label: IntArray
    row_from: IntArray  # the search: column by which a row was reached
    column_from: IntArray
    row_seen: IntArray
    queue: IntArray
    reached: IntArray
    head: IntArray  # first edge of the level at each row
    work: IntArray  # stamp of the search, words read, searches, levels that had to stay


class Level(NamedTuple):
    """Edges that weigh something, and how far their weight is minimised."""

    rows: IntArray
    columns: IntArray
    after: IntArray  # next edge of the level at the same row, or -1
    sources: IntArray  # rows that must find a column again
    classes: Bits  # columns of each label, as bits
    at: IntArray  # sources that are done, highest label of a column


@compiled
def is_open(graph: Graph, r: int, c: int) -> bool:
    """Is the edge open?"""
    return bool((graph.open[r, c >> 6] >> np.uint64(c & 63)) & ONE)


@compiled
def detach(graph: Graph, r: int) -> None:
    """Take a row out of its column."""
    c = graph.at[r]
    last = graph.slots[graph.start[c] + graph.filled[c] - 1]
    graph.slots[graph.start[c] + graph.place[r]] = last
    graph.place[last] = graph.place[r]
    graph.filled[c] -= 1
    graph.at[r] = -1


@compiled
def attach(graph: Graph, r: int, c: int) -> None:
    """Put a row into a column."""
    graph.slots[graph.start[c] + graph.filled[c]] = r
    graph.place[r] = graph.filled[c]
    graph.filled[c] += 1
    graph.at[r] = c


@compiled
def search(graph: Graph, source: int, level: Level) -> tuple[int, Bits]:
    """Find a shortest path from a row to a column with a place to fill; shift labels on the way.

    Returns that column, and the columns of each label.
    """
    columns, after, classes, top = level.columns, level.after, level.classes, level.at[1]
    nobody_row, nobody = len(graph.at), len(graph.idle)
    words = graph.open.shape[1]
    fresh = classes[: top + 1].copy()
    graph.work[0] += 1
    stamp = graph.work[0]
    graph.row_seen[source] = stamp
    graph.row_from[source] = -1
    graph.queue[0] = source
    begin, end, reached = 0, 1, 0
    while True:
        while begin < end:
            r = graph.queue[begin]
            begin += 1
            label = graph.row_label[r]
            word, bits = -1, np.uint64(0)
            edge = graph.head[r]
            if label > top:
                word = words
            else:
                graph.work[1] += words
            while True:
                # The next column: by an open edge, then by an edge of the level.
                while bits == 0 and word < words - 1:
                    word += 1
                    bits = graph.open[r, word] & fresh[label, word]
                if bits != 0:
                    low = bits & (~bits + ONE)
                    bits ^= low
                    c = (word << 6) + POSITION[(low * SEQUENCE) >> np.uint64(58)]
                    fresh[label, word] ^= low
                elif edge >= 0:
                    c = columns[edge]
                    edge = after[edge]
                    weight = graph.row_first[r] + graph.column_first[c]
                    mark = graph.column_label[c]
                    low = ONE << np.uint64(c & 63)
                    if label != mark + weight or fresh[mark, c >> 6] & low == 0:
                        continue
                    fresh[mark, c >> 6] ^= low
                else:
                    break
                graph.column_from[c] = r
                if graph.missing[c] > 0:
                    level.at[1] = top
                    return c, classes
                graph.reached[reached] = c
                reached += 1
                for k in range(graph.start[c], graph.start[c] + graph.filled[c]):
                    other = graph.slots[k]
                    graph.row_seen[other] = stamp
                    graph.row_from[other] = c
                    graph.queue[end] = other
                    end += 1
                if (c == nobody or graph.idle[c] > 0) and graph.row_seen[nobody_row] != stamp:
                    graph.row_seen[nobody_row] = stamp
                    graph.row_from[nobody_row] = c
                    if graph.missing[nobody] > 0:
                        # Nobody's row and column are always tight.
                        graph.column_from[nobody] = nobody_row
                        level.at[1] = top
                        return nobody, classes
                    graph.queue[end] = nobody_row
                    end += 1
        # Nothing tight leads out: all that was reached moves one step away from the rest.
        for k in range(end):
            graph.row_label[graph.queue[k]] += 1
        for k in range(reached):
            c = graph.reached[k]
            low = ONE << np.uint64(c & 63)
            old = graph.column_label[c]
            if old + 1 >= len(classes):
                grown = np.zeros((2 * len(classes), words), np.uint64)
                grown[: len(classes)] = classes
                classes = grown
            classes[old, c >> 6] ^= low
            classes[old + 1, c >> 6] |= low
            graph.column_label[c] = old + 1
            if old + 1 > top:
                top = old + 1
        if top >= len(fresh):
            wider = np.zeros((top + 1, words), np.uint64)
            wider[: len(fresh)] = fresh
            fresh = wider
        begin = 0


@compiled
def augment(graph: Graph, c: int) -> None:
    """Move every row on the path that was found to the next column."""
    nobody_row, nobody = len(graph.at), len(graph.idle)
    graph.missing[c] -= 1
    while c >= 0:
        r = graph.column_from[c]
        before = graph.row_from[r]
        if r < nobody_row:
            if before >= 0:
                detach(graph, r)
            attach(graph, r, c)
        else:
            if c < nobody:
                graph.idle[c] += 1
            if 0 <= before < nobody:
                graph.idle[before] -= 1
        c = before
