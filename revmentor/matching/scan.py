"""Which of all pairs are worth more than prices, without ever holding all pairs?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.tickets import Tickets
from revmentor.matching.worth import NEVER, Market

SideName = Literal["mentor", "mentee"]
ROWS = 1 << 18


@dataclass(eq=False)
class Scan:
    """Scans over all pairs of a market, at prices."""

    market: Market
    tickets: Tickets
    clock: Clock
    threads: int = 2
    scale: int = 1
    pairs_scanned: int = field(default=0, init=False)

    @classmethod
    def of(
        cls, market: Market, tickets: Tickets, clock: Clock, *, threads: int = 2, scale: int = 1
    ) -> Scan:
        """A scan of a market."""
        return cls(market, tickets, clock, threads, scale)

    def again(self, market: Market, clock: Clock) -> Scan:
        """A scan of a changed market, which shares what has not changed."""
        return Scan(market, self.tickets, clock, self.threads, self.scale)

    def exact(self, i: IntArray, j: IntArray) -> IntArray:
        """Worth of pairs; times scale plus ticket if scale is above 1; NEVER if not allowed."""
        worth = self.market.worth(i, j)
        if self.scale == 1:
            return worth
        return np.where(worth == NEVER, NEVER, worth * self.scale + self.tickets.of(i, j))

    def best(
        self,
        side: str,
        partner_price: IntArray,
        *,
        who: IntArray | None = None,
        among: IntArray | None = None,
    ) -> IntArray:
        """What the best partner leaves each person of `who` after their price, at least 0."""
        who, among = self._people(side, who, among)
        best = np.zeros(len(who), np.int64)
        for rows, worth, allowed in self._blocks(side, who, among):
            left = np.where(allowed, worth - partner_price[among], 0)
            best[rows] = np.maximum(left.max(axis=1, initial=0), 0)
        return best

    def top(
        self,
        side: str,
        mentor_price: IntArray,
        mentee_price: IntArray,
        few: int,
        *,
        floor: int = 0,
        who: IntArray | None = None,
        among: IntArray | None = None,
    ) -> Columns:
        """The few pairs of each person with the largest (gain, ticket), gain above the floor."""
        who, among = self._people(side, who, among)
        mine, other = (
            (mentor_price, mentee_price) if side == "mentor" else (mentee_price, mentor_price)
        )
        found = [Columns.none()]
        for rows, worth, allowed in self._blocks(side, who, among):
            gain = worth - mine[who[rows], None] - other[among]
            row, column = np.nonzero(allowed & (gain > floor))
            a, b = who[rows][row], among[column]
            i, j = (a, b) if side == "mentor" else (b, a)
            order = np.lexsort((b, -self.tickets.of(i, j), -gain[row, column], row))
            start = np.searchsorted(row, row)
            keep = order[np.arange(len(row)) - start < few]
            found.append(Columns(i[keep], j[keep], worth[row, column][keep]))
        return Columns.join(found)

    def above(
        self,
        mentor_price: IntArray,
        mentee_price: IntArray,
        floor: int,
        *,
        mentors: IntArray | None = None,
        mentees: IntArray | None = None,
        most: int | None = None,
    ) -> Columns | None:
        """Every pair whose gain is above the floor, by mentee and mentor; None if too many."""
        who, among = self._people("mentee", mentees, mentors)
        who, among = np.sort(who), np.sort(among)
        found, total = [Columns.none()], 0
        for rows, worth, allowed in self._blocks("mentee", who, among):
            gain = worth - mentee_price[who[rows], None] - mentor_price[among]
            row, column = np.nonzero(allowed & (gain > floor))
            total += len(row)
            if most is not None and total > most:
                return None
            found.append(Columns(among[column], who[rows][row], worth[row, column]))
        return Columns.join(found)

    def _people(
        self, side: str, who: IntArray | None, among: IntArray | None
    ) -> tuple[IntArray, IntArray]:
        mine, other = self.market.mentor_places, self.market.mentee_places
        if side == "mentee":
            mine, other = other, mine
        return (
            np.flatnonzero(mine) if who is None else who,
            np.flatnonzero(other) if among is None else among,
        )

    def _blocks(self, side: str, who: IntArray, among: IntArray):  # type: ignore[no-untyped-def]
        step = max(1, ROWS // max(1, len(among)))
        for start in range(0, len(who), step):
            self.clock.check()
            rows = np.arange(start, min(len(who), start + step))
            a, b = who[rows], among
            if side == "mentor":
                worth = self.exact(
                    np.tile(b, len(a)) * 0 + np.repeat(a, len(b)), np.tile(b, len(a))
                )
            else:
                worth = self.exact(np.tile(b, len(a)), np.repeat(a, len(b)))
            worth = worth.reshape(len(a), len(b))
            self.pairs_scanned += worth.size
            yield rows, worth, worth != NEVER
