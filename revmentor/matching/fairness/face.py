"""Which matchings are still the best once some people's fortunes are settled?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.fairness.proof import ServiceProof, Side
from revmentor.matching.fairness.table import Table
from revmentor.matching.kernels import bottleneck
from revmentor.matching.kernels.tight import Bits, Graph

# Words read between two looks at the clock: some hundredths of a second.
CHUNK = 20_000_000


@dataclass(frozen=True, eq=False)
class Nodes:
    """Places of people as rows and columns of a graph: first ones apart from further ones.

    Parameters
    ----------
    row_start : array of int
        The rows of person j of the table stand at ``row_start[j]`` to ``row_start[j + 1]``.
    column_of : array of int, shape (2, people)
        First and further column of each person; -1 for none.
    row_person : array of int
        Person of each row.
    row_first, column_first : array of bool
    column_places : array of int
    """

    row_start: IntArray
    column_of: IntArray
    row_person: IntArray
    row_first: BoolArray
    column_first: BoolArray
    column_places: IntArray

    @classmethod
    def of(cls, table: Table) -> Nodes:
        """A first place for everybody compared; further ones that can meet a first one."""
        first = (table.row_counts & (table.row_places > 0)).astype(np.int64)
        more = table.row_places - first if table.column_counts.any() else 0 * first
        row_start = np.r_[0, np.cumsum(first + more)]
        row_person = np.repeat(np.arange(len(first)), first + more)
        row_first = np.zeros(len(row_person), np.bool_)
        row_first[row_start[:-1][first > 0]] = True
        starts = (table.column_counts & (table.column_places > 0)).astype(np.int64)
        further = table.column_places - starts
        kinds = np.stack([starts, further])
        column_of = np.where(kinds > 0, np.cumsum(kinds > 0).reshape(kinds.shape) - 1, -1)
        column_first = np.repeat([True, False], np.count_nonzero(kinds, 1))
        return cls(row_start, column_of, row_person, row_first, column_first, kinds[kinds > 0])


class Face:
    """The optimal matchings of all levels settled so far, and one of them.

    Only the first place of people compared matters to it: whom they have at best.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.nodes = Nodes.of(table)
        self.graph = _graph(self.nodes)

    def serve(self, floor: int, clock: Clock, start: Face | None = None) -> int:
        """Open all pairs with at least `floor` units and serve as many people as possible.

        Parameters
        ----------
        floor : int
            Units, at least 1.
        clock : Clock
        start : Face, optional
            Of the same table; as much of its matching as still can be is kept to begin with.

        Returns
        -------
        int
            How many people compared stay unserved.
        """
        nodes, graph = self.nodes, self.graph
        bottleneck.open_pairs(graph, self.table.units, floor, nodes.row_start, nodes.column_of)
        if start is not None:
            bottleneck.adopt(graph, start.graph.at)
        rows, columns = len(nodes.row_first), len(nodes.column_first)
        waiting, empty = np.flatnonzero(nodes.row_first), np.flatnonzero(nodes.column_first)
        level = bottleneck.begin_level(
            graph,
            np.r_[waiting, np.full(len(empty), rows)],
            np.r_[np.full(len(waiting), columns), empty],
        )
        while level.at[0] < len(level.sources):
            clock.check()
            level = bottleneck.advance(graph, level, graph.work[1] + CHUNK)
        return int(bottleneck.end_level(graph, level))

    def rise(self, clock: Clock, floor: int = 1) -> None:
        """Settle all levels of units, from the floor that was served."""
        order = ascending(self.table.units, floor)
        nothing = np.empty(0, np.int64)
        begin, level = 0, bottleneck.begin_level(self.graph, nothing, nothing)
        while begin < len(order) or level.at[0] < len(level.sources):
            clock.check()
            begin, level = bottleneck.rise(
                self.graph, self.table.units, order, begin, level, CHUNK,
                self.nodes.row_start, self.nodes.column_of,
            )  # fmt: skip

    def pairs(self) -> tuple[IntArray, IntArray]:
        """Rows and columns of the table that meet, each pair once."""
        nodes, at = self.nodes, self.graph.at
        person = np.full(len(nodes.column_first) + 1, -1)
        for side in nodes.column_of:
            person[side[side >= 0]] = np.flatnonzero(side >= 0)
        column = person[at]
        met = column >= 0
        across = self.table.units.shape[1]
        cells = np.unique(nodes.row_person[met] * across + column[met])
        return cells // max(1, across), cells % max(1, across)

    def worst(self) -> int:
        """Fewest units of a pair in the matching; 0 if there is none."""
        units = self.table.units[self.pairs()]
        return int(units.min()) if len(units) else 0

    def proof(self, least: int) -> ServiceProof:
        """Right after `serve`: why no matching serves more people with `least` units or more."""
        table = self.table
        first, further, starts, rest = self._prices()
        counts = [table.row_counts, table.column_counts]
        if not table.column_counts.any():
            # More than one would pay for one person served.
            first, rest = np.minimum(first, 0), np.minimum(rest, 1)
        if table.alike:
            # Every pair serves two people, one on each side.
            first, starts, rest = 1 + 2 * first, 2 * rest - 1, 0 * rest
            counts[1] = table.column_places > 0
        sides = []
        for at, places, who, prices in (
            (table.rows, table.row_places, counts[0], (first, further)),
            (table.columns, table.column_places, counts[1], (starts, rest)),
        ):
            back = np.argsort(at)
            sides.append(Side(places[back], who[back], *(np.where(places > 0, price, 0)[back]
                                                         for price in prices)))  # fmt: skip
        mentors, mentees = sides if table.mentors_by_row else sides[::-1]
        return ServiceProof(least, mentors, mentees)

    def _prices(self) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """First and further price of rows, then of columns: labels against nobody's."""
        nodes, graph = self.nodes, self.graph
        row_label = graph.row_label - graph.row_label[-1]
        column_label = graph.column_label - graph.column_label[-1]
        rows = len(nodes.row_start) - 1
        first, further = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
        first[nodes.row_person[nodes.row_first]] = -row_label[:-1][nodes.row_first]
        rest = ~nodes.row_first
        # Places of one person that are alike can all have the price of the cheapest.
        further[nodes.row_person[rest]] = np.iinfo(np.int64).max
        np.minimum.at(further, nodes.row_person[rest], -row_label[:-1][rest])
        sides = [np.where(side >= 0, column_label[side], 0) for side in nodes.column_of]
        return first, further, sides[0], sides[1]


def ascending(units: IntArray, floor: int) -> IntArray:
    """Places in the flattened table of all pairs with at least `floor` units, by units."""
    flat = units.ravel()
    held = np.flatnonzero(flat >= floor)
    top = int(flat.max(initial=0))
    bits = int(flat.size).bit_length()
    if top.bit_length() + bits < 63:
        # Sorting one number that says both is many times faster than sorting by another.
        keys = (flat[held] << bits) | held
        keys.sort()
        keys &= (1 << bits) - 1
        return keys
    return held[np.argsort(flat[held], kind="stable")]


def _graph(nodes: Nodes) -> Graph:
    rows, columns = len(nodes.row_first), len(nodes.column_first)
    opened: Bits = np.zeros((rows + 1, (columns >> 6) + 1), np.uint64)
    column = np.arange(columns + 1)
    # Everybody can stay without a partner; what counts against it is settled by `serve`.
    opened[:, columns >> 6] |= np.uint64(1) << np.uint64(columns & 63)
    np.bitwise_or.at(opened[rows], column >> 6, np.uint64(1) << (column & 63).astype(np.uint64))
    start = np.r_[0, np.cumsum(nodes.column_places), nodes.column_places.sum() + rows]
    slots = np.zeros(start[-1], np.int64)
    slots[start[columns] :] = np.arange(rows)
    filled = np.zeros(columns + 1, np.int64)
    filled[columns] = rows

    def zeros(size: int) -> IntArray:
        return np.zeros(size, np.int64)

    return Graph(
        opened,
        np.r_[nodes.row_first, False],
        np.r_[nodes.column_first, False],
        np.full(rows, columns),
        np.arange(rows),
        slots,
        start,
        filled,
        nodes.column_places.copy(),
        zeros(columns + 1),
        zeros(rows + 1),
        zeros(columns + 1),
        zeros(rows + 1),
        zeros(columns + 1),
        zeros(rows + 1),
        zeros(rows + 1),
        zeros(columns + 1),
        np.full(rows + 1, -1),
        zeros(4),
    )
