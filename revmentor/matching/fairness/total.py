"""What is the largest total among the matchings of a face?"""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.fairness.face import Face
from revmentor.matching.kernels import extras
from revmentor.matching.kernels.extras import Places
from revmentor.matching.kernels.tight import Bits

# Nodes settled between two looks at the clock; each reads one row of the table.
CHUNK = 20_000


def largest_total(face: Face, clock: Clock) -> Columns:
    """Give everybody their first place on the face, and places left to what adds most.

    Parameters
    ----------
    face : Face
        What people compared must get at best.
    clock : Clock

    Returns
    -------
    Columns
        Exactly optimal: prices of places, kept by the kernel, leave no pair that would gain.
    """
    places = _places(face)
    while not extras.fill(places, CHUNK):
        clock.check()
    rows = len(places.open)
    row = np.repeat(np.arange(rows), places.filled[:rows])
    column = np.concatenate(
        [
            places.slots[start : start + filled]
            for start, filled in zip(places.start[:rows], places.filled[:rows], strict=True)
        ]
        or [np.empty(0, np.int64)]
    )
    return face.table.plan(places.person[row], places.person[column])


def _places(face: Face) -> Places:
    table, nodes, graph = face.table, face.nodes, face.graph
    first = np.flatnonzero(nodes.row_first)
    person = nodes.row_person[first]
    places = table.row_places - np.bincount(person, minlength=len(table.row_places))
    more = np.flatnonzero(places > 0)
    columns = len(nodes.column_first)
    nobody = np.uint64(columns & 63)
    row_free = (graph.open[:-1, columns >> 6] >> nobody & np.uint64(1)).astype(np.bool_)
    column = np.arange(columns)
    column_free = _bits(graph.open[-1], column)
    further, further_free = _further(face, more, column_free)
    rows = len(first) + len(more)
    sizes = np.r_[np.ones(len(first), np.int64), places[more], nodes.column_places]
    free = np.r_[row_free[first], further_free, column_free, True]
    column_person = np.zeros(columns, np.int64)
    for side in nodes.column_of:
        column_person[side[side >= 0]] = np.flatnonzero(side >= 0)
    people = np.r_[person, more, column_person]
    # Two more slots than places: along a path a node can take a pair before it gives one.
    start = np.r_[0, np.cumsum(sizes + 2)]
    opened = np.concatenate([graph.open[first], further])
    price = np.zeros(rows + columns + 1, np.int64)
    for a in range(rows):
        price[a] = table.worth[people[a], column_person[_bits(opened[a], column)]].max(initial=0)

    def zeros(size: int) -> IntArray:
        return np.zeros(size, np.int64)

    total = rows + columns
    return Places(
        opened,
        table.worth,
        people,
        _others(people, rows),
        free,
        zeros(start[-1]),
        start[:-1],
        zeros(total),
        np.where(free[:-1] & (np.arange(total) >= rows), sizes, 0),
        np.where(free[:-1] & (np.arange(total) >= rows), 0, sizes),
        price,
        zeros(total + 1),
        zeros(total + 1),
        zeros(total + 1),
        np.zeros(total + 1, np.bool_),
        zeros(table.units.shape[1]),
        zeros(2),
    )


def _further(face: Face, more: IntArray, column_free: BoolArray) -> tuple[Bits, BoolArray]:
    """Open edges of further rows, and whether they can stay empty."""
    table, nodes, graph = face.table, face.nodes, face.graph
    columns = len(column_free)
    opened = np.zeros((len(more), graph.open.shape[1]), np.uint64)
    free = np.ones(len(more), np.bool_)
    side = nodes.column_of[1]
    people = np.flatnonzero(side >= 0)
    people = people[column_free[side[people]]]
    column = np.arange(columns)
    for k, j in enumerate(more.tolist()):
        allowed = np.zeros(opened.shape[1] * 64, np.bool_)
        units = np.arange(nodes.row_start[j], nodes.row_start[j + 1])
        units = units[~nodes.row_first[units]]
        if len(units):
            # Places that are alike can change places, so what one cannot take none can.
            common = np.bitwise_and.reduce(graph.open[units], axis=0)
            allowed[:columns] = _bits(common, column)
            free[k] = _bits(common, np.array([columns]))[0]
        if free[k]:
            allowed[side[people[table.units[j, people] > 0]]] = True
        opened[k] = np.packbits(allowed, bitorder="little").view(np.uint64)
    return opened, free


def _bits(words: Bits, at: IntArray) -> BoolArray:
    found: BoolArray = (words[at >> 6] >> (at & 63).astype(np.uint64) & np.uint64(1)) > 0
    return found


def _others(people: IntArray, rows: int) -> IntArray:
    """The other node of the same person on the same side; -1 for none."""
    other = np.full(len(people), -1)
    for begin, end in ((0, rows), (rows, len(people))):
        seen: dict[int, int] = {}
        for node in range(begin, end):
            twin = seen.setdefault(int(people[node]), node)
            if twin != node:
                other[node], other[twin] = twin, node
    return other
