"""Column generation: which pairs are worth considering, until no other can improve?"""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import BoolArray, FloatArray, IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.market import Market, Sample
from revmentor.matching.master import Master, whole_choice, whole_part
from revmentor.matching.prices import exact_prices
from revmentor.matching.pricing import Lottery, Pricing, Quota, best_left, price

# More candidates at once save rounds but make each solve slower; measured on 2 cores, 10,277 by
# 1,244 people and 5,000 by 5,000, anything from 6 and 3 to 12 and 8 takes about the same time.
FIRST_FEW = 8
FEW = 4


# A market is sampled when its shorter side has at least this many people with places.
LARGE = 300
SAMPLED = 8


class Search:
    """The rounds of column generation: the best plan, the best bound and its prices so far."""

    def __init__(self, market: Market, lottery: Lottery, clock: Clock) -> None:
        self.market = market
        self.clock = clock
        self.lottery = lottery
        self.plan: Columns | None = None
        self.bound = 0
        self.mentor_price = np.zeros(len(market.mentor_places), np.int64)
        self.mentee_price = np.zeros(len(market.mentee_places), np.int64)
        self.rounds = 0
        self.columns = 0

    @property
    def proven(self) -> bool:
        """Is the plan as good as the bound?"""
        return self.plan is not None and int(self.plan.units.sum()) == self.bound

    def run(self) -> None:
        """Search until proven, or until the solver's precision ends."""
        self._start()
        prices = self.mentor_price, self.mentee_price
        slack = 1 + sum(int(price.max(initial=0)) for price in prices)
        first = self._price(prices, FIRST_FEW, slack)
        self.bound = first.bound
        self._offer(first.columns, np.ones(len(first.columns)))
        master = Master(self.market)
        self.columns = master.add(first.columns)
        while not self.proven:
            chosen, *found = master.solve(self.clock)
            self.rounds += 1
            taken = self._offer(
                master.columns, whole_choice(self.market, master, chosen, self.clock)
            )
            rounded = tuple(np.maximum(np.rint(price), 0).astype(np.int64) for price in found)
            if not self._improve(master, (rounded[0], rounded[1])):
                # Prices of a solver are only nearly whole. Exact ones decide.
                exact = exact_prices(self.market, master.columns, taken)
                if exact is None or not self._improve(master, exact):
                    return

    def _start(self) -> None:
        """Prices from a solved sample, so that the first candidates are near the best.

        Where all prefer the same people, the best scores alone make poor candidates.
        """
        market = self.market
        people = [np.flatnonzero(places) for places in (market.mentor_places, market.mentee_places)]
        if min(map(len, people)) < LARGE:
            return
        draws = self.lottery.mentor, self.lottery.mentee
        some = [
            np.sort(who[np.argsort(draw[who])[: -(-len(who) // SAMPLED)]])
            for who, draw in zip(people, draws, strict=True)
        ]
        small = Search(Sample(market, *some), self.lottery.of(*some), self.clock)
        small.run()
        half = Sample(market, np.arange(len(self.mentor_price)), some[1])
        self.mentor_price = best_left(half, "mentor", small.mentee_price, self.clock)
        self.mentee_price = best_left(market, "mentee", self.mentor_price, self.clock)

    def _price(self, prices: tuple[IntArray, IntArray], few: int, slack: int = 0) -> Pricing:
        quota = Quota.of(few, self.market)
        return price(self.market, *prices, quota, self.lottery, self.clock, slack=slack)

    def _offer(self, columns: Columns, chosen: FloatArray) -> BoolArray:
        """Keep the plan if it is the best so far."""
        taken = whole_part(chosen, columns, self.market)
        plan = columns.take(np.flatnonzero(taken))
        if self.plan is None or plan.units.sum() > self.plan.units.sum():
            self.plan = plan
        return taken

    def _improve(self, master: Master, prices: tuple[IntArray, IntArray]) -> bool:
        """Price all pairs: is the plan proven now, or are there pairs that improve it?"""
        found = self._price(prices, FEW)
        if found.bound < self.bound:
            self.bound = found.bound
            self.mentor_price, self.mentee_price = prices
        added = master.add(found.columns)
        self.columns += added
        return self.proven or added > 0
