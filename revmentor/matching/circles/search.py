"""The best circles that can be found, and a bound that no others pass.

1. Annealing gives good plans, and circles to begin with.
2. Column generation on the relaxation of `packing`: prices, then all circles worth more than the
   prices of their people, until there are none. Every round's prices, made dearer until they
   cover all circles, prove a bound (Lagrange), and the best is kept.
3. The packing model in whole numbers over the circles met so far.
4. A circle of a better plan cannot cost more, beyond its worth, than the bound exceeds the plan.
   If the circles of which that holds are few, all are listed and packed: that is exact (route
   enumeration: Baldacci, Christofides and Mingozzi 2008).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from revmentor.matching.arrays import BoolArray
from revmentor.matching.circles.annealing import (
    MOST_STEPS,
    REASSIGNMENTS,
    STEPS_A_PERSON,
    Annealing,
)
from revmentor.matching.circles.generation import Generation
from revmentor.matching.circles.listing import NOBODY, CircleList
from revmentor.matching.circles.market import CircleMarket
from revmentor.matching.circles.packing import Packing
from revmentor.matching.circles.pricing import (
    MOST_WORK,
    Prices,
    listed_above,
    plain_prices,
    work,
)
from revmentor.matching.clock import Clock, OutOfTime

# Circles that are listed and packed: at once, when annealing and prices have narrowed them down,
# and of those met when they are too many to list. Nodes of branch and bound for these.
FEW_LISTED, MOST_LISTED, MOST_PACKED = 1_500, 30_000, 1_000
NODES, FEW_NODES = 5_000, 1
# Small pools are annealed from several starts; every pool first with a share of the effort.
STARTS, SMALL = 4, 300
TRIAL = 0.125
# Annealing takes at most this share of a time limit, column generation what leaves this for
# the packing.
ANNEALING_SHARE, PACKING_SHARE = 0.35, 0.2


@dataclass
class Search:
    """The state of the search; `run` it.

    Parameters
    ----------
    plan : CircleList
        The best circles so far that go together.
    prices : Prices
        They cover all circles; the best so far.
    bound : int
        No programme is worth more.
    by : str
        What proves the bound: prices, or a packing of all circles that matter.
    rounds, listed : int
        Of column generation; circles in the last packing.
    """

    market: CircleMarket
    seed: int
    clock: Clock
    threads: int
    plan: CircleList = field(init=False)
    prices: Prices = field(init=False)
    bound: int = field(init=False)
    by: Literal["prices", "listing"] = "prices"
    rounds: int = 0
    listed: int = 0
    _known: list[CircleList] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plan = CircleList.none(self.market)
        self.prices = plain_prices(self.market)
        self.bound = self.prices.total(self.market)

    @property
    def value(self) -> int:
        """What the best plan is worth."""
        return int(self.plan.value.sum())

    @property
    def known(self) -> list[CircleList]:
        """Circles met on the way."""
        return self._known

    @property
    def proven(self) -> bool:
        """Can no programme be worth more?"""
        return self.bound <= self.value

    def run(self) -> None:
        """Search until it is proven, the clock stops it or nothing more is worth trying."""
        if self.market.limit == 0 or self.bound == 0:
            self.bound = 0
            return
        try:
            self.clock.check()
            if self._list_all(FEW_LISTED):
                return
            slots = self._anneal()
            self._generate()
            if self.proven or self._list_all(FEW_LISTED):
                return
            if self._small:
                self._anneal_again(slots)
            if not self.proven and not self._list_all(MOST_LISTED):
                self._pack_known()
        except OutOfTime:
            return

    def relax_only(self, known: list[CircleList]) -> int:
        """A bound by prices alone, from circles to begin with."""
        self._known = known
        try:
            self._generate()
        except OutOfTime:
            return self.bound
        return self.bound

    def offer(self, circles: CircleList) -> None:
        """Keep these circles, which go together, if they are worth more."""
        if int(circles.value.sum()) > self.value:
            self.plan = circles

    @property
    def _small(self) -> bool:
        return len(self.market.mentor_places) + len(self.market.mentee_places) <= SMALL

    def _anneal(self) -> int:
        """Anneal, a small pool with little effort at first; returns the circles tried for."""
        clock = _part(self.clock, ANNEALING_SHARE)
        slots = self.market.limit
        try:
            slots = self._slots(clock)
            before = clock.left()
            self._improve(slots, TRIAL, clock)
            effort, left = 1.0, clock.left()
            if before is not None and left is not None:
                # What is cut off while it is hot is worth little, so it is planned to fit.
                effort = min(1.0, 0.8 * TRIAL * left / max(1e-3, before - left))
            if not self._small:
                self._improve(slots, effort, clock)
        except OutOfTime:
            self.clock.check()
        return slots

    def _anneal_again(self, slots: int) -> None:
        """Anneal a small pool from several starts."""
        clock = _part(self.clock, ANNEALING_SHARE)
        try:
            for start in range(STARTS):
                self._improve(slots, 1.0, clock, start)
                if self.proven:
                    return
        except OutOfTime:
            self.clock.check()

    def _slots(self, clock: Clock) -> int:
        """How many circles to try to form: as many as can be, or fewer, larger ones."""
        market = self.market
        fewest = min(
            int(market.mentor_places.sum()) // market.mentors.most,
            int(market.mentee_places.sum()) // market.mentees.most,
        )
        fewest = max(1, min(market.limit, fewest))
        tries = sorted({fewest, (fewest + market.limit) // 2, market.limit})
        if len(tries) == 1:
            return tries[0]
        totals = [self._improve(slots, TRIAL, clock) for slots in tries]
        return tries[int(np.argmax(totals))]

    def _improve(self, slots: int, effort: float, clock: Clock, start: int = 0) -> int:
        """Anneal with a share of the usual effort; returns what the circles are worth."""
        people = len(self.market.mentor_places) + len(self.market.mentee_places)
        run = Annealing(self.market, slots, self.seed + start)
        try:
            steps = min(MOST_STEPS, STEPS_A_PERSON * people)
            self._known += run.cool(round(effort * steps), clock)
            self._known += run.reassign(round(effort * REASSIGNMENTS), clock)
        finally:
            self._known.append(run.circles())
            self.offer(self._known[-1])
        return run.total

    def _generate(self) -> None:
        if work(self.market) > MOST_WORK:
            return
        clock = _part(self.clock, 1 - PACKING_SHARE)
        rounds = Generation(self.market, self._known, clock, self.threads, self.prices)
        try:
            rounds.run()
        except OutOfTime:
            self.clock.check()
        finally:
            self.rounds += rounds.count
            self._known = rounds.known
            self.prove(rounds.prices)

    def prove(self, prices: Prices) -> None:
        """Keep these prices, which cover all circles, if their bound is lower."""
        total = prices.total(self.market)
        if total < self.bound:
            self.prices, self.bound = prices, total

    def _pack(self, circles: CircleList, *, exact: bool) -> None:
        """Pack these circles; if no others matter, that proves a bound."""
        circles = CircleList.join([circles, self.plan])
        self.listed = len(circles)
        model = Packing(self.market, whole=True)
        model.add(circles)
        nodes = NODES if exact else FEW_NODES
        found = model.pack(_among(circles, self.plan), self.clock, nodes)
        self.offer(fitting(self.market, circles, found.taken))
        if exact and found.bound is not None and found.bound < self.bound:
            self.bound, self.by = max(self.value, found.bound), "listing"

    def _pack_known(self) -> None:
        """Pack the circles met that cost least beyond their worth."""
        known = CircleList.join(self._known)
        gains = known.gains(*self.prices)
        best = np.argsort(-gains, kind="stable")[:MOST_PACKED]
        floor = self.value - self.prices.total(self.market)
        self._pack(known.take(best[gains[best] > floor]), exact=False)

    def _list_all(self, most: int) -> bool:
        """List and pack every circle that a better plan could have, if they are few."""
        if work(self.market) > MOST_WORK:
            return False
        floor = self.value - self.prices.total(self.market)
        every = listed_above(self.market, self.prices, floor, most, self.clock, self.threads)
        if every is None:
            return False
        self._pack(every, exact=True)
        return True


def fitting(market: CircleMarket, circles: CircleList, taken: BoolArray) -> CircleList:
    """The circles taken, as far as places go: counted, whatever the solver's noise."""
    left = [market.mentor_places.copy(), market.mentee_places.copy()]
    kept: list[int] = []
    for c in np.flatnonzero(taken).tolist():
        members = [side[c][side[c] != NOBODY] for side in (circles.mentors, circles.mentees)]
        if len(kept) < market.limit and all(
            (places[who] > 0).all() for places, who in zip(left, members, strict=True)
        ):
            for places, who in zip(left, members, strict=True):
                places[who] -= 1
            kept.append(c)
    return circles.take(np.array(kept, np.int64))


def _part(clock: Clock, share: float) -> Clock:
    """A clock that leaves the rest of the time to what comes later."""
    left = clock.left()
    return Clock.start(None if left is None else max(1e-3, share * left))


def _among(circles: CircleList, some: CircleList) -> BoolArray:
    """Which of the circles are in another list?"""
    known = set(some)
    return np.array([members in known for members in circles], bool)
