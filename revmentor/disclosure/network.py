"""Which numbers of a table with totals must be hidden, so that no small one can be worked out?

A one- or two-way table with its totals is a circulation: every cell carries flow from its row to
its column, every total carries its row or column on, and what flows into a node flows out. What a
reader can learn about a hidden number is therefore a pair of maximum flows in the residual network
of the numbers that stay hidden, exact in integers (a network matrix is totally unimodular), so
each hidden number's possible values are known exactly.

Sources: primary and complementary suppression as in Willenborg and de Waal, *Elements of
Statistical Disclosure Control* (2001), chapter 7; complements along cheapest residual paths as in
the network heuristic of Kelly, Golden and Assad (1992).
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

State = Literal["shown", "hidden", "absent"]
UNBOUNDED = 10**12


@dataclass
class Arc:
    """One number of the table: from node `tail` to node `head`.

    ``shown`` is published, ``hidden`` is not (and known to be at least 1), ``absent`` is no part
    of the publication at all. ``cost`` is what hiding it would cost the reader.
    """

    tail: str
    head: str
    value: int
    state: State
    cost: int


class Network:
    """The arcs of one table, and what a reader can work out about each."""

    def __init__(self, arcs: list[Arc]) -> None:
        self.arcs = arcs
        self.at: dict[str, list[int]] = {}
        for index, arc in enumerate(arcs):
            self.at.setdefault(arc.tail, []).append(index)
            self.at.setdefault(arc.head, []).append(index)

    def width(self, index: int, most: int, need: int) -> int:
        """How many values could this hidden number have? Counted up to `need`.

        Parameters
        ----------
        index : int
            A hidden arc.
        most : int
            Largest value that the words on a hidden number allow (4 for "fewer than 5").
        need : int
            Enough: no need to count further.
        """
        arc = self.arcs[index]
        up = self._flow(arc.head, arc.tail, index, most, min(need - 1, most - arc.value))
        down = self._flow(
            arc.tail, arc.head, index, most, max(0, min(need - 1 - up, arc.value - 1))
        )
        return up + down + 1

    def _flow(self, source: str, sink: str, without: int, most: int, limit: int) -> int:
        """Largest flow from source to sink through numbers that may differ, up to `limit`."""
        pushed: dict[int, int] = {}
        total = 0
        while total < limit:
            came: dict[str, tuple[str, int, int]] = {source: ("", -1, 0)}
            queue = deque([source])
            while queue and sink not in came:
                node = queue.popleft()
                for other, index, sign in self._around(node, without):
                    if other not in came and self._room(index, sign, pushed, most) > 0:
                        came[other] = (node, index, sign)
                        queue.append(other)
            if sink not in came:
                return total
            path = []
            node = sink
            while node != source:
                before, index, sign = came[node]
                path.append((index, sign))
                node = before
            step = min(self._room(index, sign, pushed, most) for index, sign in path)
            step = min(step, limit - total)
            for index, sign in path:
                pushed[index] = pushed.get(index, 0) + sign * step
            total += step
        return total

    def _around(self, node: str, without: int) -> Iterator[tuple[str, int, int]]:
        for index in self.at[node]:
            if index != without:
                arc = self.arcs[index]
                yield (arc.head, index, 1) if arc.tail == node else (arc.tail, index, -1)

    def _room(self, index: int, sign: int, pushed: dict[int, int], most: int) -> int:
        """By how much can this number still be thought larger (sign 1) or smaller (-1)?"""
        arc = self.arcs[index]
        if arc.state == "shown":
            return 0
        now = arc.value + pushed.get(index, 0)
        if sign > 0:
            return (most if arc.state == "hidden" else UNBOUNDED) - now
        return now - (1 if arc.state == "hidden" else 0)

    def cheapest_cover(self, index: int, room: int) -> list[int]:
        """Which shown numbers are hidden at least cost, so that this one gains `room` values?"""
        arc = self.arcs[index]
        best: dict[str, int] = {arc.head: 0}
        came: dict[str, tuple[str, int]] = {}
        heap = [(0, arc.head)]
        while heap:
            cost, node = heapq.heappop(heap)
            if node == arc.tail:
                break
            if cost > best[node]:
                continue
            for other, step, sign in self._around(node, index):
                price = self._price(step, sign, room)
                if price is not None and cost + price < best.get(other, UNBOUNDED):
                    best[other] = cost + price
                    came[other] = (node, step)
                    heapq.heappush(heap, (cost + price, other))
        path = []
        node = arc.tail
        while node != arc.head:
            node, step = came[node]
            path.append(step)
        return [step for step in path if self.arcs[step].state == "shown"]

    def _price(self, index: int, sign: int, room: int) -> int | None:
        arc = self.arcs[index]
        free = sign > 0 or arc.value - (arc.state != "absent") >= room
        if not free or (arc.value == 0 and arc.state == "shown"):
            return None
        return arc.cost if arc.state == "shown" else 1


def table_network(
    cells: list[list[int]],
    wide: int,
    minimum: int,
    *,
    rows: bool,
    columns: bool,
    spare: frozenset[int] = frozenset(),
    few: frozenset[tuple[int, int]] = frozenset(),
) -> tuple[Network, dict[tuple[int, int], int]]:
    """The network of a table of counts, with the small ones hidden.

    Parameters
    ----------
    cells : list of rows of int
        Counts, not negative.
    wide : int
        Columns, as a table without rows has totals too.
    minimum : int
        Counts from 1 to minimum - 1 are hidden; 0 is shown.
    rows, columns : bool
        Whether row totals and column totals are published; the grand total is when both are.
    spare : set of int
        Columns that a reader can do without: their numbers are hidden first.
    few : set of (row, column)
        Cells to hide although they reach the minimum: events of few people.

    Returns
    -------
    Network, and the arc of every (row, column): -1 stands for the total.
    """
    arcs: list[Arc] = []
    place: dict[tuple[int, int], int] = {}
    total = sum(map(sum, cells))
    biggest = max((max(row, default=0) for row in cells), default=0)

    def add(
        key: tuple[int, int], tail: str, head: str, value: int, published: bool, cost: int
    ) -> None:
        state: State = "absent"
        if published:
            state = "hidden" if 0 < value < minimum or key in few else "shown"
        place[key] = len(arcs)
        arcs.append(Arc(tail, head, value, state, cost))

    for i, row in enumerate(cells):
        for j, value in enumerate(row):
            add((i, j), f"row {i}", f"column {j}", value, True, 2 if j in spare else 10 + value)
        add((i, -1), "all", f"row {i}", sum(row), rows, 20 + 4 * biggest + sum(row))
    for j in range(wide):
        down = sum(row[j] for row in cells)
        cost = 2 if j in spare else 20 + 4 * biggest + down
        add((-1, j), f"column {j}", "end", down, columns, cost)
    add((-1, -1), "end", "all", total, rows and columns, 40 + 16 * biggest + total)
    return Network(arcs), place


def hide(network: Network, minimum: int, kept: frozenset[int] = frozenset()) -> bool:
    """Hide more numbers until none that is hidden can be worked out; were more needed?

    Every hidden number keeps at least ``minimum - 1`` possible values: what is published tells no
    more than the words "fewer than `minimum`" do. If the small numbers alone achieve that, they are
    called so, and a reader may take every hidden number as from 1 to minimum - 1. Else hidden
    numbers are just "not shown", small or not, and a reader knows only that they are not 0.
    ``kept`` are arcs that stay hidden although they are not small.

    Returns
    -------
    bool
        True if hidden numbers must not be called small.
    """
    need = minimum - 1
    if not kept and all(
        network.width(index, minimum - 1, need) >= need for index in _hidden(network)
    ):
        return False
    changed = True
    while changed:
        changed = False
        for index in _hidden(network):
            if network.width(index, UNBOUNDED, need) < need:
                for other in network.cheapest_cover(index, need - 1):
                    network.arcs[other].state = "hidden"
                changed = True
    _show_again(network, minimum, kept)
    return True


def _show_again(network: Network, minimum: int, kept: frozenset[int]) -> None:
    """Show covers that turned out not to be needed, the costliest for the reader first."""
    need = minimum - 1
    covers = [
        index
        for index in _hidden(network)
        if network.arcs[index].value >= minimum and index not in kept
    ]
    for index in sorted(covers, key=lambda index: -network.arcs[index].cost):
        network.arcs[index].state = "shown"
        if any(network.width(other, UNBOUNDED, need) < need for other in _hidden(network)):
            network.arcs[index].state = "hidden"


def _hidden(network: Network) -> list[int]:
    return [index for index, arc in enumerate(network.arcs) if arc.state == "hidden"]
