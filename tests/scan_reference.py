"""What scans must find, worked out on all pairs at once with `Market.worth`."""

from __future__ import annotations

from typing import Any

import numpy as np

from revmentor.matching.columns import Columns
from revmentor.matching.tickets import Tickets
from revmentor.matching.worth import NEVER, Market


class NumpyScan:
    """The same questions as `scan.Scan` answers, with all pairs in memory."""

    def __init__(self, market: Market, tickets: Tickets, scale: int = 1) -> None:
        self.market, self.tickets = market, tickets
        i = np.arange(len(market.mentor_places)).reshape(-1, 1)
        j = np.arange(len(market.mentee_places)).reshape(1, -1)
        self.ticket = tickets.of(i, j)
        # Both ways of asking: a block, as other passes do, and a list of pairs.
        block = market.worth(i.reshape(1, -1), j.reshape(-1, 1)).T
        listed = market.worth(*(each.ravel() for each in np.broadcast_arrays(i, j)))
        assert (listed.reshape(block.shape) == block).all()
        self.allowed = block != NEVER
        self.worth = np.where(self.allowed, block * scale + (scale > 1) * self.ticket, NEVER)

    def best(
        self, side: str, partner_price: np.ndarray, *, who: Any = None, among: Any = None
    ) -> np.ndarray:
        who, among, worth, allowed, _ = self._turned(side, who, among)
        left = np.where(allowed, worth - partner_price[among], 0)
        return np.maximum(left.max(axis=1, initial=0), 0)

    def top(
        self, side: str, mentor_price: np.ndarray, mentee_price: np.ndarray, few: int, *,
        floor: int = 0, who: Any = None, among: Any = None,
    ) -> Columns:  # fmt: skip
        mine, other = mentor_price, mentee_price
        if side == "mentee":
            mine, other = other, mine
        who, among, worth, allowed, ticket = self._turned(side, who, among)
        gain = worth - mine[who][:, None] - other[among]
        found = []
        for row, person in enumerate(who):
            wanted = np.flatnonzero(allowed[row] & (gain[row] > floor))
            order = np.lexsort((among[wanted], -ticket[row, wanted], -gain[row, wanted]))
            for k in wanted[order[:few]]:
                pair = (person, among[k]) if side == "mentor" else (among[k], person)
                found.append((*pair, worth[row, k]))
        return Columns(*np.array(found, np.int64).reshape(-1, 3).T)

    def above(
        self, mentor_price: np.ndarray, mentee_price: np.ndarray, floor: int, *,
        mentors: Any = None, mentees: Any = None, most: int | None = None,
    ) -> Columns | None:  # fmt: skip
        who, among, worth, allowed, _ = self._turned("mentee", mentees, mentors)
        gain = worth - mentee_price[who][:, None] - mentor_price[among]
        row, column = np.nonzero(allowed & (gain > floor))
        if most is not None and len(row) > most:
            return None
        found = Columns(among[column], who[row], worth[row, column])
        return found.take(np.lexsort((found.mentor, found.mentee)))

    def _turned(
        self, side: str, who: Any, among: Any
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        places = self.market.mentor_places, self.market.mentee_places
        mine, other = places if side == "mentor" else places[::-1]
        who = np.flatnonzero(mine) if who is None else who
        among = np.flatnonzero(other) if among is None else among
        tables = self.worth, self.allowed, self.ticket
        if side == "mentee":
            tables = self.worth.T, self.allowed.T, self.ticket.T
        worth, allowed, ticket = (table[np.ix_(who, among)] for table in tables)
        return who, among, worth, allowed, ticket


def same(found: Columns | None, expected: Columns | None) -> bool:
    """The same pairs and units in the same order, or neither."""
    if found is None or expected is None:
        return found is expected
    return all(
        np.array_equal(getattr(found, name), getattr(expected, name))
        for name in ("mentor", "mentee", "units")
    )
