"""Which pairs can still be made, once as few people as possible stay at every low level?

One level of units after the other is minimised on the graph of `kernels.tight`, in portions, so
that a caller can look at the clock.
"""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.compiled import compiled
from revmentor.matching.kernels.tight import (
    ONE,
    Graph,
    Level,
    attach,
    augment,
    detach,
    is_open,
    search,
)


@compiled
def begin_level(graph: Graph, rows: IntArray, columns: IntArray) -> Level:
    """Take the listed open edges out of the graph and out of the transport."""
    nobody_row, nobody = len(graph.at), len(graph.idle)
    sources = np.empty(len(rows), np.int64)
    found, idle = 0, 0
    after = np.empty(len(rows), np.int64)
    for k in range(len(rows)):
        r, c = rows[k], columns[k]
        graph.open[r, c >> 6] &= ~(ONE << np.uint64(c & 63))
        after[k] = graph.head[r]
        graph.head[r] = k
        if r == nobody_row:
            idle += graph.idle[c]
            graph.missing[c] += graph.idle[c]
            graph.idle[c] = 0
        elif graph.at[r] == c:
            detach(graph, r)
            graph.missing[c] += 1
            sources[found] = r
            found += 1
    # What nobody gives and what nobody takes can meet at once.
    both = min(idle, graph.missing[nobody])
    graph.missing[nobody] -= both
    waiting = np.full(found + idle - both, nobody_row)
    waiting[:found] = sources[:found]
    classes = np.zeros((4, graph.open.shape[1]), np.uint64)
    for c in range(nobody + 1):
        classes[0, c >> 6] |= ONE << np.uint64(c & 63)
    graph.row_label[:] = 0
    graph.column_label[:] = 0
    return Level(rows, columns, after, waiting, classes, np.zeros(2, np.int64))


@compiled
def advance(graph: Graph, level: Level, stop: int) -> Level:
    """Let sources find columns on shortest paths, until so many words are read in all."""
    classes = level.classes
    while level.at[0] < len(level.sources):
        now = Level(level.rows, level.columns, level.after, level.sources, classes, level.at)
        c, classes = search(graph, level.sources[level.at[0]], now)
        augment(graph, c)
        level.at[0] += 1
        graph.work[2] += 1
        if graph.work[1] >= stop:
            break
    return Level(level.rows, level.columns, level.after, level.sources, classes, level.at)


@compiled
def end_level(graph: Graph, level: Level) -> int:
    """Keep the edges that are tight; how much do the level's edges weigh in the transport?"""
    nobody_row, top = len(graph.at), level.at[1]
    rows, columns = level.rows, level.columns
    for r in range(nobody_row + 1):
        label = graph.row_label[r]
        if label > top:
            graph.open[r] = 0
        elif top > 0:
            for word in range(graph.open.shape[1]):
                graph.open[r, word] &= level.classes[label, word]
    weight = 0
    for k in range(len(rows)):
        r, c = rows[k], columns[k]
        graph.head[r] = -1
        each = graph.row_first[r] + graph.column_first[c]
        if graph.row_label[r] == graph.column_label[c] + each:
            graph.open[r, c >> 6] |= ONE << np.uint64(c & 63)
        if r == nobody_row:
            weight += graph.idle[c] * each
        elif graph.at[r] == c:
            weight += each
    graph.work[3] += weight > 0
    return weight


@compiled
def open_pairs(
    graph: Graph, units: IntArray, floor: int, row_start: IntArray, column_of: IntArray
) -> None:
    """Open the edges of all pairs with at least `floor` units, if one of their ends is a first."""
    for j in range(units.shape[0]):
        for i in range(units.shape[1]):
            if units[j, i] < floor:
                continue
            for r in range(row_start[j], row_start[j + 1]):
                for side in range(2):
                    c = column_of[side, i]
                    if c >= 0 and (graph.row_first[r] or graph.column_first[c]):
                        graph.open[r, c >> 6] |= ONE << np.uint64(c & 63)


@compiled
def adopt(graph: Graph, at: IntArray) -> None:
    """Take over another transport's edges, as far as they are open."""
    nobody = len(graph.idle)
    for r in range(len(at)):
        c = at[r]
        if c < nobody and graph.idle[c] > 0 and is_open(graph, r, c):
            detach(graph, r)
            attach(graph, r, c)
            graph.idle[c] -= 1


@compiled
def rise(
    graph: Graph,
    units: IntArray,
    order: IntArray,
    begin: int,
    level: Level,
    budget: int,
    row_start: IntArray,
    column_of: IntArray,
) -> tuple[int, Level]:
    """Minimise one level of units after the other, from the pair at `begin` of the order.

    First goes on with a level that is not done. Returns where to go on, and with what, once about
    `budget` words are read.
    """
    across = units.shape[1]
    stop = graph.work[1] + budget
    while True:
        if level.at[0] < len(level.sources):
            level = advance(graph, level, stop)
            if level.at[0] < len(level.sources):
                return begin, level
            end_level(graph, level)
        if begin >= len(order) or graph.work[1] >= stop:
            return begin, level
        now = units[order[begin] // across, order[begin] % across]
        end, size, used = begin, 0, False
        while end < len(order):
            j, i = order[end] // across, order[end] % across
            if units[j, i] != now:
                break
            end += 1
            for r in range(row_start[j], row_start[j + 1]):
                for side in range(2):
                    c = column_of[side, i]
                    if c >= 0 and is_open(graph, r, c):
                        size += 1
                        used |= graph.at[r] == c
        if used:
            rows, columns = np.empty(size, np.int64), np.empty(size, np.int64)
        size = 0
        for k in range(begin, end):
            j, i = order[k] // across, order[k] % across
            for r in range(row_start[j], row_start[j + 1]):
                for side in range(2):
                    c = column_of[side, i]
                    if c >= 0 and is_open(graph, r, c):
                        if used:
                            rows[size], columns[size] = r, c
                            size += 1
                        else:
                            # Nobody needs the level: none of its pairs is in any best matching.
                            graph.open[r, c >> 6] &= ~(ONE << np.uint64(c & 63))
        if used:
            level = begin_level(graph, rows, columns)
        graph.work[1] += 2 * (end - begin)
        begin = end
