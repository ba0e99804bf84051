"""Column generation: prices of the relaxation, then circles that they do not cover, repeatedly."""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import FloatArray, IntArray
from revmentor.matching.circles.listing import NOBODY, CircleList
from revmentor.matching.circles.market import CircleMarket
from revmentor.matching.circles.packing import Duals, Packing
from revmentor.matching.circles.pricing import Prices, covering, price
from revmentor.matching.clock import Clock

ROUNDS = 150
# Share of the relaxation's value by which the bound may exceed it when the rounds end.
CLOSE = 2e-5
# How far prices move from the best ones so far towards the relaxation's (Wentges 1997).
STEP = 0.5
# In one round nobody is in more new circles than this, unless another member is in fewer.
TIMES = 4


class Generation:
    """The rounds; they can be stopped at any time, and `prices` prove a bound throughout.

    Parameters
    ----------
    market : CircleMarket
    known : list of CircleList, not empty
        Circles to begin with; those found are added.
    clock : Clock
    threads : int
    prices : Prices
        They cover all circles.
    """

    def __init__(
        self,
        market: CircleMarket,
        known: list[CircleList],
        clock: Clock,
        threads: int,
        prices: Prices,
    ) -> None:
        self.prices, self.known, self.count = prices, known, 0
        self._market, self._clock, self._threads = market, clock, threads
        self._model = Packing(market)
        start = CircleList.join(known)
        self._seen = set(start)
        self._model.add(start)
        # The prices of the lowest bound by these rounds, not rounded, and that bound.
        self._best: FloatArray | None = None
        self._lowest = 0

    def run(self) -> None:
        """Go on until the relaxation is solved, nearly, or the rounds are over.

        Raises
        ------
        OutOfTime
        """
        for _ in range(ROUNDS):
            duals = self._model.relax(self._clock)
            self.count += 1
            if not self._price(duals):
                return
            bound = self.prices.total(self._market)
            if bound - duals.value <= CLOSE * max(1.0, duals.value):
                return

    def _price(self, duals: Duals) -> int:
        """Price between the best prices so far and these, and if no circle is new, at these."""
        latest = np.concatenate([duals.mentor, duals.mentee, [duals.circle]])
        if self._best is not None:
            new = self._at((1 - STEP) * self._best + STEP * latest)
            if new:
                return new
        return self._at(latest)

    def _at(self, point: FloatArray) -> int:
        """Price all circles; returns how many are new to the model."""
        market = self._market
        whole: IntArray = np.rint(point).astype(np.int64)
        m = len(market.mentor_places)
        prices = Prices(whole[:m], whole[m:-1], int(whole[-1]))
        found = price(market, prices, self._clock, self._threads)
        covered = covering(market, prices, found.gains)
        total = covered.total(market)
        if total < self.prices.total(market):
            self.prices = covered
        if self._best is None or total < self._lowest:
            self._best, self._lowest = point, total
        new = self._varied(found.circles, prices)
        self._model.add(new)
        self.known.append(new)
        return len(new)

    def _varied(self, circles: CircleList, prices: Prices) -> CircleList:
        """New circles of the largest gains, so that not all are of the same people."""
        times = [np.zeros(len(side), np.int64) for side in (prices.mentor, prices.mentee)]
        kept = []
        for c in np.argsort(-circles.gains(*prices), kind="stable").tolist():
            rows = [side[c][side[c] != NOBODY] for side in (circles.mentors, circles.mentees)]
            if min(int(n[who].min()) for n, who in zip(times, rows, strict=True)) >= TIMES:
                continue
            (members,) = circles.take(np.array([c]))
            if members in self._seen:
                continue
            self._seen.add(members)
            kept.append(c)
            for n, who in zip(times, rows, strict=True):
                n[who] += 1
        return circles.take(np.array(kept, np.int64))
