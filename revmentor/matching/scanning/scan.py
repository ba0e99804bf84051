"""Which of all pairs are worth more than prices, without ever holding all pairs?"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.kernels.found import in_order
from revmentor.matching.scanning.matrix_passes import MatrixPasses
from revmentor.matching.scanning.pieces import Part, Passes, Wanted, cuts_of, joined, work_on
from revmentor.matching.scanning.pool_passes import PoolPasses
from revmentor.matching.scores import TableScores
from revmentor.matching.tickets import Tickets
from revmentor.matching.worth import Market

SIDES = ("mentor", "mentee")


class Scan:
    """Scans over all pairs of a market, at prices.

    Parameters
    ----------
    market : Market
    tickets : Tickets
        Decide among pairs that gain the same.
    clock : Clock
    threads : int
        Results do not depend on it.
    scale : int
        If above 1, a pair is worth its units times this, plus its ticket; prices count so, too.

    Attributes
    ----------
    pairs_scanned : int
        Pairs whose parts were added up so far, out of all that passes asked for; the others were
        out of reach by their categories. It does not depend on threads.
    pairs_examined : int
        Pairs whose worth was worked out exactly.
    """

    def __init__(
        self, market: Market, tickets: Tickets, clock: Clock, *,
        threads: int = 2, scale: int = 1, before: Scan | None = None,
    ) -> None:  # fmt: skip
        self.market, self.tickets, self.clock = market, tickets, clock
        self.threads, self.scale = threads, scale
        self.pairs_scanned = self.pairs_examined = 0
        self._pool: ThreadPoolExecutor | None = before._pool if before is not None else None
        earlier = None if before is None else before.passes
        self.passes: Passes
        if isinstance(market.scores, TableScores):
            usable = earlier if isinstance(earlier, PoolPasses) else None
            self.passes = PoolPasses(market, tickets, scale, usable)
        else:
            self.passes = MatrixPasses(market, tickets, scale)

    @classmethod
    def of(
        cls, market: Market, tickets: Tickets, clock: Clock, *, threads: int = 2, scale: int = 1
    ) -> Scan:
        """Get a market's pairs ready for passes."""
        return cls(market, tickets, clock, threads=threads, scale=scale)

    def again(self, market: Market, clock: Clock, *, scale: int | None = None) -> Scan:
        """A scan of a changed market, which shares whatever has not changed.

        People are not packed again if the pool is the same object; profiles are not combined
        again if the same criteria, rules and groupings count, with whatever shares and units.
        """
        return Scan(
            market, self.tickets, clock, threads=self.threads,
            scale=self.scale if scale is None else scale, before=self,
        )  # fmt: skip

    def exact(self, i: IntArray, j: IntArray) -> IntArray:
        """Worth of pairs at index arrays that broadcast; NEVER for those that may not be made."""
        a, b = np.broadcast_arrays(np.asarray(i, np.int64), np.asarray(j, np.int64))
        worth = self.passes.worth(np.array(a).reshape(-1), np.array(b).reshape(-1))
        return worth.reshape(a.shape)

    def best(
        self, side: str, partner_price: IntArray, *,
        who: IntArray | None = None, among: IntArray | None = None,
    ) -> IntArray:  # fmt: skip
        """What does the best partner leave each person, after the partner's price?

        Parameters
        ----------
        side : "mentor" or "mentee"
            Whose best partner.
        partner_price : array of int
            Of everybody of the other side.
        who, among : array of int, each person once
            Whose, and among whom; those with places if not given.

        Returns
        -------
        array of int, in the order of `who`
            The largest worth less price, at least 0.
        """
        number = SIDES.index(side)
        own = np.zeros(self._people(number), np.int64)
        price = (own, partner_price) if number == 0 else (partner_price, own)
        wanted = self._wanted(number, price, 1, 0, who, among, tie=False)
        best = np.zeros(len(wanted.who), np.int64)
        if len(wanted.among):
            for part in self._parts(wanted):
                best[part.owner] = part.gain
        return best

    def top(
        self, side: str, mentor_price: IntArray, mentee_price: IntArray, few: int, *,
        floor: int = 0, who: IntArray | None = None, among: IntArray | None = None,
    ) -> Columns:  # fmt: skip
        """Which few pairs of each person gain most?

        Parameters
        ----------
        side : "mentor" or "mentee"
            Whose pairs.
        mentor_price, mentee_price : array of int
        few : int, at least 1
        floor : int
            Only pairs that gain more.
        who, among : array of int, each person once
            Whose, and among whom; those with places if not given.

        Returns
        -------
        Columns
            In the order of `who`, the best first: the largest gain, then the highest ticket,
            then the lowest partner.
        """
        number = SIDES.index(side)
        price = mentor_price, mentee_price
        wanted = self._wanted(number, price, few, floor, who, among, tie=True)
        if not len(wanted.among) or few < 1:
            return Columns.none()
        owner, partner, gain = joined(list(self._parts(wanted)))
        order = in_order(owner, np.arange(len(owner)), len(wanted.who))
        return _columns(wanted, owner[order], partner[order], gain[order])

    def above(
        self, mentor_price: IntArray, mentee_price: IntArray, floor: int, *,
        mentors: IntArray | None = None, mentees: IntArray | None = None, most: int | None = None,
    ) -> Columns | None:  # fmt: skip
        """Which pairs gain more than the floor?

        Parameters
        ----------
        mentor_price, mentee_price : array of int
        floor : int
        mentors, mentees : array of int, each person once
            Who takes part; those with places if not given.
        most : int, optional
            No more pairs than this are wanted.

        Returns
        -------
        Columns or None
            All such pairs, by mentee and then mentor; None if there are more than `most`.
        """
        price = mentor_price, mentee_price
        wanted = self._wanted(1, price, 0, floor, mentees, mentors, tie=False)
        if len(wanted.among) > len(wanted.who):
            # The longer side as owners: more of them share a profile.
            wanted = self._wanted(0, price, 0, floor, mentors, mentees, tie=False)
        if not len(wanted.among):
            return Columns.none()
        parts, total = [], 0
        for part in self._parts(wanted, most):
            parts.append(part)
            total += len(part.owner)
            if most is not None and (total > most or not part.complete):
                return None
        found = _columns(wanted, *joined(parts))
        sizes = len(self.market.mentor_places), len(self.market.mentee_places)
        order = in_order(found.mentor, np.arange(total), sizes[0])
        return found.take(in_order(found.mentee, order, sizes[1]))

    def _people(self, side: int) -> int:
        return len((self.market.mentor_places, self.market.mentee_places)[side])

    def _wanted(
        self, side: int, price: tuple[IntArray, IntArray], few: int, floor: int,
        who: IntArray | None, among: IntArray | None, *, tie: bool,
    ) -> Wanted:  # fmt: skip
        places = self.market.mentor_places, self.market.mentee_places
        who = np.flatnonzero(places[side]) if who is None else np.asarray(who, np.int64)
        among = np.flatnonzero(places[1 - side]) if among is None else np.asarray(among, np.int64)
        whole = tuple(np.ascontiguousarray(each, np.int64) for each in price)
        few = min(few, max(1, len(among))) if few else 0
        return Wanted(side, (whole[0], whole[1]), few, floor, tie, who, among)

    def _parts(self, wanted: Wanted, most: int | None = None) -> Iterator[Part]:
        """What each piece of work finds, in order, whoever does it."""
        query = self.passes.query(wanted)
        place = np.zeros(self._people(wanted.side), np.int64)
        place[wanted.who] = np.arange(len(wanted.who))
        places = place[query.order]
        pairs = len(wanted.who) * len(wanted.among)
        cuts = cuts_of(query.blocks, pairs, len(wanted.among))
        for part in self._in_turn([
            partial(work_on, query, wanted, first, last, most, self.clock)
            for first, last in itertools.pairwise(cuts)
        ]):  # fmt: skip
            self.pairs_scanned += int(part.work[0])
            self.pairs_examined += int(part.work[1])
            yield Part(places[part.owner], part.partner, part.gain, part.work, part.complete)

    def _in_turn(self, work: list[partial[Part]]) -> Iterator[Part]:
        if self.threads == 1 or len(work) < 2:
            for each in work:
                yield each()
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads)
        waiting: list[Future[Part]] = [self._pool.submit(each) for each in work]
        try:
            for future in waiting:
                yield future.result()
        finally:
            for future in waiting:
                future.cancel()


def _columns(wanted: Wanted, owner: IntArray, partner: IntArray, gain: IntArray) -> Columns:
    people = wanted.who[owner]
    i, j = (people, partner) if wanted.side == 0 else (partner, people)
    return Columns(i, j, gain + wanted.price[0][i] + wanted.price[1][j])
