"""Which pairs can differ between optimal matchings? Cycles in the residual network.

All optimal matchings are made of tight pairs (worth exactly their two prices) and pairs worth more,
which all of them contain; and they fill every place that has a price. So two of them differ by
cycles of a network of people: mentor to mentee along each tight pair that is not made, back along
each that is, and through one node "open" from whoever has places left and to whoever may leave one
open. A pair lies on such a cycle if and only if its two people are in one strongly connected
component (Dulmage and Mendelsohn 1958; Tarjan 1972).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.columns import Columns
from revmentor.matching.scanning.scan import Scan
from revmentor.matching.worth import NEVER

# Partners looked at first when a row is searched; each time there is none, twice as many.
CHUNK, LARGEST_CHUNK = 64, 1 << 14


@dataclass(eq=False)
class Residual:
    """The residual network of an optimal plan.

    Nodes: mentors, then mentees, then "open".

    Parameters
    ----------
    scan : Scan
        Of the market.
    mentor_price, mentee_price : array of int
        Optimal.
    plan : Columns
        Optimal, with its worth.
    """

    scan: Scan
    mentor_price: IntArray
    mentee_price: IntArray
    plan: Columns

    def __post_init__(self) -> None:
        market = self.scan.market
        self.mentors, self.mentees = len(market.mentor_places), len(market.mentee_places)
        self.open = self.mentors + self.mentees
        load = (
            np.bincount(self.plan.mentor, minlength=self.mentors),
            np.bincount(self.plan.mentee, minlength=self.mentees),
        )
        places = np.concatenate([market.mentor_places, market.mentee_places])
        prices = np.concatenate([self.mentor_price, self.mentee_price])
        self.load = np.concatenate(load)
        self.spare: BoolArray = self.load < places
        self.may_leave: BoolArray = (self.load > 0) & (prices == 0)
        gain = self.plan.units - self.mentor_price[self.plan.mentor]
        gain -= self.mentee_price[self.plan.mentee]
        self.loose = self.plan.take(np.flatnonzero(gain == 0))
        self._made: dict[int, set[int]] = {}
        for i, j in zip(self.plan.mentor.tolist(), self.plan.mentee.tolist(), strict=True):
            self._made.setdefault(i, set()).add(j)

    def people(self, most: int) -> BoolArray:
        """For whom some other optimal plan has other partners, or none: mentors, then mentees.

        Parameters
        ----------
        most : int
            Tight pairs that may be listed; if there are more, rows are searched when needed.
        """
        tight = self._tight(most)
        component = self._components(tight) if tight is not None else self._searched()
        found: BoolArray = np.zeros(self.open, bool)
        ends = [(self.loose.mentor, self.mentors + self.loose.mentee)]
        if tight is not None:
            ends.append((tight.mentor, self.mentors + tight.mentee))
        for i, j in ends:
            same = component[i] == component[j]
            found[i[same]] = True
            found[j[same]] = True
        if tight is None:
            self._with_spare(component, found)
        return found

    def _tight(self, most: int) -> Columns | None:
        """Tight pairs that are not made; None if there are more than `most`."""
        listed = self.scan.above(self.mentor_price, self.mentee_price, -1, most=most)
        if listed is None:
            return None
        keys = [pairs.mentee * max(1, self.mentors) + pairs.mentor for pairs in (listed, self.plan)]
        return listed.take(np.flatnonzero(~np.isin(keys[0], keys[1])))

    def _components(self, tight: Columns) -> IntArray:
        """The strongly connected component of each node, from listed pairs."""
        from scipy.sparse import csr_array  # only now: it takes long to load
        from scipy.sparse.csgraph import connected_components

        opened, left = np.flatnonzero(self.spare), np.flatnonzero(self.may_leave)
        people = self.mentors
        # What flows along a mentee's arcs runs the other way: open places of mentees end paths.
        start = [
            tight.mentor, people + self.loose.mentee,
            np.where(opened < people, self.open, opened), np.where(left < people, left, self.open),
        ]  # fmt: skip
        end = [
            people + tight.mentee, self.loose.mentor,
            np.where(opened < people, opened, self.open), np.where(left < people, self.open, left),
        ]  # fmt: skip
        tails, heads = np.concatenate(start), np.concatenate(end)
        ones = np.ones(len(tails), np.int8)
        graph = csr_array((ones, (tails, heads)), shape=(self.open + 1, self.open + 1))
        found: IntArray = connected_components(graph, directed=True, connection="strong")[1]
        return found.astype(np.int64)

    def _searched(self) -> IntArray:
        """The same without a list (Kosaraju and Sharir): rows are searched as far as needed.

        Once forward, in depth, for the order in which nodes are left; once against the arcs in
        that order. Each pair is looked at about once a pass.
        """
        component = np.full(self.open + 1, -1)
        mates: dict[int, list[int]] = {}
        back: dict[int, list[int]] = {}
        for i, j in zip(self.loose.mentor.tolist(), self.loose.mentee.tolist(), strict=True):
            mates.setdefault(self.mentors + j, []).append(i)
            back.setdefault(i, []).append(self.mentors + j)
        for number, root in enumerate(reversed(self._left_order(mates))):
            if component[root] >= 0:
                continue
            component[root] = number
            waiting = [root]
            while waiting:
                node = waiting.pop()
                fresh = np.array(list(self._into(node, component, back)), np.int64)
                component[fresh] = number
                waiting.extend(fresh.tolist())
        return component

    def _left_order(self, mates: dict[int, list[int]]) -> list[int]:
        """All nodes in the order in which a search in depth leaves them."""
        seen = np.zeros(self.open + 1, bool)
        order: list[int] = []
        for root in range(self.open + 1):
            if seen[root]:
                continue
            seen[root] = True
            stack = [(root, self._out_of(root, seen, mates))]
            while stack:
                node, following = stack[-1]
                child = next((other for other in following if not seen[other]), None)
                if child is None:
                    order.append(node)
                    stack.pop()
                else:
                    seen[child] = True
                    stack.append((child, self._out_of(child, seen, mates)))
        return order

    def _out_of(self, node: int, seen: BoolArray, mates: dict[int, list[int]]) -> Iterator[int]:
        """Nodes that an arc leads to; those seen meanwhile may be left out."""
        if node == self.open:
            yield from np.flatnonzero(self.spare[: self.mentors]).tolist()
            yield from (self.mentors + np.flatnonzero(self.may_leave[self.mentors :])).tolist()
            return
        if node >= self.mentors:
            yield from mates.get(node, ())
            if self.spare[node]:
                yield self.open
            return
        if self.may_leave[node]:
            yield self.open
        market, size, cursor = self.scan.market, CHUNK, 0
        made = self._made.get(node, set())
        while cursor < self.mentees:
            left = (
                cursor
                + np.flatnonzero(
                    ~seen[self.mentors + cursor : self.open] & (market.mentee_places[cursor:] > 0)
                )[:size]
            )
            if not len(left):
                return
            tight = [j for j in left[self._is_tight(node, left)].tolist() if j not in made]
            cursor = int(left[-1]) + 1
            size = CHUNK if tight else min(2 * size, LARGEST_CHUNK)
            for j in tight:
                if not seen[self.mentors + j]:
                    yield self.mentors + j

    def _into(self, node: int, component: IntArray, back: dict[int, list[int]]) -> Iterator[int]:
        """Nodes without a component that an arc leads from."""
        found: list[int] = []
        if node == self.open:
            found += np.flatnonzero(self.may_leave[: self.mentors]).tolist()
            found += (self.mentors + np.flatnonzero(self.spare[self.mentors :])).tolist()
        elif node < self.mentors:
            found += back.get(node, [])
            if self.spare[node]:
                found.append(self.open)
        else:
            j = node - self.mentors
            if self.may_leave[node]:
                found.append(self.open)
            places = self.scan.market.mentor_places
            left = np.flatnonzero((component[: self.mentors] < 0) & (places > 0))
            if len(left) and self.scan.market.mentee_places[j] > 0:
                worth = self.scan.exact(left, np.full(len(left), j))
                price = self.mentor_price[left] + self.mentee_price[j]
                tight = left[(worth == price) & (worth != NEVER)].tolist()
                found += [i for i in tight if j not in self._made.get(i, ())]
        yield from (other for other in found if component[other] < 0)

    def _is_tight(self, mentor: int, mentees: IntArray) -> BoolArray:
        worth = self.scan.exact(np.full(len(mentees), mentor), mentees)
        price = self.mentor_price[mentor] + self.mentee_price[mentees]
        tight: BoolArray = (worth == price) & (worth != NEVER)
        return tight

    def _with_spare(self, component: IntArray, found: BoolArray) -> None:
        """People with places left are on a cycle through "open", or only leave and fill a place.

        Without a pair, somebody in the component of "open" can only be there by a tight pair.
        """
        together = self.spare & (component[: self.open] == component[self.open])
        found |= together & (self.load == 0)
        for node in np.flatnonzero(together & ~found).tolist():
            if node < self.mentors:
                others = np.flatnonzero(component[self.mentors : self.open] == component[node])
                made = self._made.get(node, set())
                tight = others[self._is_tight(node, others)].tolist()
                found[node] = any(j not in made for j in tight)
            else:
                j = node - self.mentors
                others = np.flatnonzero(component[: self.mentors] == component[node])
                found[node] = any(
                    bool(self._is_tight(i, np.array([j]))[0]) and j not in self._made.get(i, ())
                    for i in others.tolist()
                )
