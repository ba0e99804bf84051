"""Which pairs together are worth most, where a person's first place takes some pairs only?

Successive shortest paths with prices (Dijkstra on reduced costs) on all pairs of a table. A pair
has one unit however its two ends are used, so a path may also hand a pair over from the first
place of its person to a further one. Where a place may stay empty, its unit stands at nobody, the
last node; the others are rows and then columns.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.kernels.compiled import compiled

FAR = np.int64(2**62)


class Places(NamedTuple):
    """First and further places of people, what is allowed between them, and the pairs made."""

    open: npt.NDArray[np.uint64]  # [row, word]: bits of columns
    worth: IntArray  # [row person, column person]
    person: IntArray  # of each row, then of each column
    other: IntArray  # the same person's other node, or -1
    free: BoolArray  # may the node's places stay empty?
    slots: IntArray  # partners of each node, from start[node], filled[node] of them
    start: IntArray
    filled: IntArray
    idle: IntArray  # places of each node that stand at nobody
    missing: IntArray  # places of each node that must still be filled
    price: IntArray
    distance: IntArray
    before: IntArray
    via: IntArray  # partner of the pair that a path hands over
    settled: BoolArray
    taken: IntArray  # stamp of the row that last marked a column person as its partner
    work: IntArray  # stamp, nodes settled


@compiled
def reach(places: Places, v: int, distance: int, u: int, via: int) -> None:
    """Note a path to v over u if it is the shortest so far."""
    if not places.settled[v] and distance < places.distance[v]:
        places.distance[v] = distance
        places.before[v] = u
        places.via[v] = via


@compiled
def scan_row(places: Places, a: int, distance: int) -> None:
    """Extend paths from a row: to columns, to nobody, or to the person's other row."""
    rows, nobody = len(places.open), len(places.person)
    price = places.price
    base = distance + price[a]
    places.work[0] += 1
    stamp = places.work[0]
    other = places.other[a]
    for node in (a, other):
        if node >= 0:
            for k in range(places.start[node], places.start[node] + places.filled[node]):
                b = places.slots[k]
                places.taken[places.person[b]] = stamp
                if node == other and places.open[a, (b - rows) >> 6] >> np.uint64(
                    (b - rows) & 63
                ) & np.uint64(1):
                    reach(places, other, base - price[other], a, b)
    worth = places.worth[places.person[a]]
    for b in range(rows, nobody):
        if places.settled[b]:
            continue
        bit = places.open[a, (b - rows) >> 6] >> np.uint64((b - rows) & 63)
        if bit & np.uint64(1) and places.taken[places.person[b]] != stamp:
            reach(places, b, base - worth[places.person[b]] - price[b], a, -1)
    if places.free[a]:
        reach(places, nobody, base - price[nobody], a, -1)


@compiled
def scan_column(places: Places, b: int, distance: int) -> None:
    """Extend paths from a column: to the rows it has, or to the person's other column."""
    rows, nobody = len(places.open), len(places.person)
    price = places.price
    base = distance + price[b]
    other = places.other[b]
    for k in range(places.start[b], places.start[b] + places.filled[b]):
        a = places.slots[k]
        worth = places.worth[places.person[a], places.person[b]]
        reach(places, a, base + worth - price[a], b, -1)
        if other >= 0 and places.open[a, (other - rows) >> 6] >> np.uint64(
            (other - rows) & 63
        ) & np.uint64(1):
            reach(places, other, base - price[other], b, a)
    if places.idle[b] > 0:
        reach(places, nobody, base - price[nobody], b, -1)


@compiled
def scan_nobody(places: Places, distance: int) -> None:
    """Extend paths from nobody: to columns that may be empty, and to rows that are."""
    rows, nobody = len(places.open), len(places.person)
    base = distance + places.price[nobody]
    for v in range(nobody):
        if (v < rows and places.idle[v] > 0) or (v >= rows and places.free[v]):
            reach(places, v, base - places.price[v], nobody, -1)


@compiled
def shortest(places: Places, source: int) -> int:
    """Find the nearest node with a place to fill, and shift prices so that paths cost nothing."""
    rows, nobody = len(places.open), len(places.person)
    places.distance[:] = FAR
    places.settled[:] = False
    places.distance[source] = 0
    places.before[source] = -1
    last = 0
    while True:
        u = -1
        for v in range(nobody, -1, -1):
            # From the last: of equally near nodes, one that ends the path comes first.
            if not places.settled[v] and (
                u < 0
                or places.distance[v] < places.distance[u]
                or (
                    places.distance[v] == places.distance[u]
                    and v >= rows
                    and v < nobody
                    and places.missing[v] > 0
                )
            ):
                u = v
            if v == nobody and u == v and source != nobody and places.distance[u] == last:
                break
        distance = places.distance[u]
        if (u == nobody or (u >= rows and places.missing[u] > 0)) and u != source:
            for v in range(nobody + 1):
                if places.settled[v]:
                    places.price[v] += places.distance[v] - distance
            return u
        places.settled[u] = True
        last = distance
        places.work[1] += 1
        if u == nobody:
            scan_nobody(places, distance)
        elif u < rows:
            scan_row(places, u, distance)
        else:
            scan_column(places, u, distance)


@compiled
def put(places: Places, u: int, v: int) -> None:
    """Make v a partner of u."""
    places.slots[places.start[u] + places.filled[u]] = v
    places.filled[u] += 1


@compiled
def partner(places: Places, u: int, person: int) -> int:
    """Where the pair of u with a person stands among the slots; -1 if it is another node's."""
    for k in range(places.start[u], places.start[u] + places.filled[u]):
        if places.person[places.slots[k]] == person:
            return k
    return -1


@compiled
def drop(places: Places, u: int, person: int) -> int:
    """Take the pair of u with a person out; its node was..."""
    k = partner(places, u, person)
    v = int(places.slots[k])
    places.filled[u] -= 1
    places.slots[k] = places.slots[places.start[u] + places.filled[u]]
    return v


@compiled
def follow(places: Places, v: int) -> None:
    """Make and undo pairs along the path that ends at v."""
    rows, nobody = len(places.open), len(places.person)
    while places.before[v] >= 0:
        u = places.before[v]
        if u == nobody:
            places.idle[v] += 1 if v >= rows else -1
        elif v == nobody:
            places.idle[u] += 1 if u < rows else -1
        elif (u < rows) == (v < rows):
            # The pair goes from v to u if they are rows, from u to v if they are columns.
            old, new = (v, u) if u < rows else (u, v)
            end = drop(places, old, places.person[places.via[v]])
            places.slots[partner(places, end, places.person[old])] = new
            put(places, new, end)
        elif u < rows:
            put(places, u, v)
            put(places, v, u)
        else:
            drop(places, u, places.person[v])
            drop(places, v, places.person[u])
        v = u


@compiled
def fill(places: Places, budget: int) -> bool:
    """Fill places one by one, until about `budget` nodes are settled; is everything filled?"""
    rows, nobody = len(places.open), len(places.person)
    stop = places.work[1] + budget
    for a in range(rows):
        while places.missing[a] > 0:
            if places.work[1] >= stop:
                return False
            v = shortest(places, a)
            follow(places, v)
            places.missing[a] -= 1
            if v != nobody:
                places.missing[v] -= 1
    for b in range(rows, nobody):
        while places.missing[b] > 0:
            if places.work[1] >= stop:
                return False
            v = shortest(places, nobody)
            follow(places, v)
            places.missing[v] -= 1
    return True
