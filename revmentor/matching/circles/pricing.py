"""Which circles are worth more than the prices of their people, and what do prices prove?"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.circles.listing import NOBODY, CircleList
from revmentor.matching.circles.market import FORBIDDEN, CircleMarket
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.kernels import circle_pricing
from revmentor.matching.kernels.circle_choice import hopes

# A chunk of work between two looks at the clock: sets of mentors times mentees.
CHUNK = 1 << 27
# More than this, some ten seconds of two cores, is not priced set by set: `plain_prices` must do.
MOST_WORK = 1 << 34


class Prices(NamedTuple):
    """Whole prices, none negative: of a place of each person, and of a circle.

    If no possible circle is worth more than the prices of its people and of a circle, then no
    programme is worth more than `total`: it pays at least its value, and no place twice.
    """

    mentor: IntArray
    mentee: IntArray
    circle: int

    def total(self, market: CircleMarket) -> int:
        """All places and as many circles as there can be, at their prices."""
        paid = int(self.mentor @ market.mentor_places) + int(self.mentee @ market.mentee_places)
        return paid + self.circle * market.limit


class Priced(NamedTuple):
    """What a search over all circles found.

    Parameters
    ----------
    gains : array of int, shape (mentors,)
        The largest gain of a circle with this mentor, 0 if none is above.
    circles : CircleList
        Some with a gain above 0; those with the largest of each mentor are among them.
    """

    gains: IntArray
    circles: CircleList


def work(market: CircleMarket) -> int:
    """How many sums of a set of mentors and a mentee does a search look at?"""
    return market.sets_of_mentors * len(market.mentee_places)


def price(market: CircleMarket, prices: Prices, clock: Clock, threads: int) -> Priced:
    """Search all circles for those with a gain above 0; see `kernels.circle_pricing`.

    Raises
    ------
    OutOfTime
    """
    m = len(market.units)
    width = 3 + market.mentors.most + market.mentees.most

    def run(leads: IntArray) -> tuple[IntArray, IntArray]:
        gains, rows = np.zeros(m, np.int64), np.full((m, width), NOBODY, np.int64)
        circle_pricing.price_leads(
            leads, prices.mentor, prices.mentee, prices.circle, market.ground, gains, rows
        )
        return gains, rows[gains > 0]

    parts = _over_leads(run, market, clock, threads)
    gains: IntArray = np.stack([part[0] for part in parts]).max(axis=0)
    return Priced(gains, _listed(market, np.concatenate([part[1] for part in parts])))


def listed_above(
    market: CircleMarket, prices: Prices, floor: int, most: int, clock: Clock, threads: int
) -> CircleList | None:
    """Every circle with a gain above `floor`, or None if they are more than `most`.

    Raises
    ------
    OutOfTime
    """
    width = 3 + market.mentors.most + market.mentees.most

    def run(leads: IntArray) -> IntArray | None:
        rows = np.full((most, width), NOBODY, np.int64)
        found = circle_pricing.list_leads(
            leads, prices.mentor, prices.mentee, prices.circle, floor, market.ground, rows
        )
        return None if found < 0 else rows[:found].copy()

    parts = []
    for part in _over_leads(run, market, clock, threads):
        if part is None:
            return None
        parts.append(part)
    if sum(len(part) for part in parts) > most:
        return None
    return _listed(market, np.concatenate(parts))


def _over_leads[T](
    run: Callable[[IntArray], T], market: CircleMarket, clock: Clock, threads: int
) -> list[T]:
    """Run over all leads in chunks that depend on the market alone; the results in order."""
    m = len(market.units)
    chunks = min(m, 1 + work(market) // CHUNK + (7 if work(market) > CHUNK >> 6 else 0))
    shares = [np.arange(k, m, chunks) for k in range(chunks)]
    if chunks == 1:
        clock.check()
        return [run(shares[0])]
    with ThreadPoolExecutor(threads) as pool:
        jobs = [pool.submit(run, share) for share in shares]
        try:
            found = []
            for job in jobs:
                clock.check()
                found.append(job.result())
        except OutOfTime:
            for job in jobs:
                job.cancel()
            raise
    return found


def _listed(market: CircleMarket, rows: IntArray) -> CircleList:
    """Circles of rows as the compiled loops write them."""
    a, b = market.mentors.most, market.mentees.most
    mentors, mentees = rows[:, 1 : 1 + a].copy(), rows[:, 3 + a :].copy()
    mentors[np.arange(a) >= rows[:, :1]] = NOBODY
    mentees[np.arange(b) >= rows[:, 2 + a : 3 + a]] = NOBODY
    return CircleList.join([CircleList.of(market, mentors, mentees, rows[:, 1 + a])])


def covering(market: CircleMarket, prices: Prices, gains: IntArray) -> Prices:
    """Prices that no circle is worth more than, given the largest gain with each mentor.

    Either a circle costs more by the largest gain, or each mentor by their share of their own:
    a circle has at least so many mentors. The cheaper is taken.
    """
    dearer = prices._replace(circle=prices.circle + int(gains.max(initial=0)))
    shared = prices._replace(mentor=prices.mentor - (-gains // market.mentors.fewest))
    return min(dearer, shared, key=lambda found: found.total(market))


def plain_prices(market: CircleMarket) -> Prices:
    """Prices that no circle is worth more than, without a search.

    A circle's value is shared among its mentors: each has their own pairs and an equal part of
    what the mentees bring besides. No mentor has more than with the mentees who suit them best.
    """
    e, few = market.extras, market.mentees
    free = np.zeros(len(market.mentee_places), np.int64)
    hope = hopes(free, market.ground) if len(free) else free
    part = market.mentors.fewest * market.units + hope
    part[market.units <= FORBIDDEN] = FORBIDDEN
    best = -np.sort(-part, axis=1)[:, : few.most]
    can = np.zeros(len(part), bool)
    if best.shape[1] >= few.fewest:
        can = best[:, few.fewest - 1] > FORBIDDEN
    pairs = np.where(best > FORBIDDEN, best, 0).sum(axis=1)
    own = e.seat + e.offered + (market.mentor_traits >= 0) @ np.array(e.traits, np.int64)
    mentor = np.where(can, own - (-pairs // market.mentors.fewest), 0)
    most = int(np.sort(mentor)[-market.mentors.most :].sum())
    each = Prices(mentor, free, 0)
    return min(each, Prices(mentor * 0, free, most), key=lambda found: found.total(market))
