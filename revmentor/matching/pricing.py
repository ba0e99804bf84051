"""Given prices of people, which pairs would improve the matching, and how much could any gain?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import IntArray, blocks
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.market import Market
from revmentor.matching.scores import NOT_ELIGIBLE

TIE_BITS = 10


@dataclass(frozen=True, eq=False)
class Pricing:
    """What one pass over all pairs found.

    Parameters
    ----------
    columns : Columns
        The best few improving pairs of every person.
    bound : int
        No matching of the market's free part can score more.
    """

    columns: Columns
    bound: int


@dataclass(frozen=True, eq=False)
class Lottery:
    """Seeded order among equally good pairs, from one random odd number per person.

    With coarse scores ties are the rule: taking the first few of many equal partners would give
    everybody the same few candidates. The numbers belong to places in the sorted rosters, so
    they do not depend on the order of rows.
    """

    mentor: np.ndarray[tuple[int], np.dtype[np.uint64]]
    mentee: np.ndarray[tuple[int], np.dtype[np.uint64]]

    @classmethod
    def draw(cls, mentors: int, mentees: int, seed: int) -> Lottery:
        """The numbers of everybody."""
        random = np.random.default_rng(seed)
        draws = [random.integers(0, 2**63, size, np.uint64) for size in (mentors, mentees)]
        return cls(draws[0] * 2 + 1, draws[1] * 2 + 1)

    def of(self, mentors: IntArray, mentees: IntArray) -> Lottery:
        """The numbers of some people."""
        return Lottery(self.mentor[mentors], self.mentee[mentees])

    def rank(self, gain: IntArray, i: IntArray, j: IntArray) -> IntArray:
        """Gains made distinct: multiplied, with a pseudo-random number below the multiplier."""
        mixed = self.mentor[i] * self.mentee[j]
        ticket = (mixed >> np.uint64(64 - TIE_BITS)).astype(np.int64)
        return (gain << TIE_BITS) + ticket


@dataclass(frozen=True)
class Quota:
    """How many improving pairs a pass keeps for each mentor and for each mentee, at least 1."""

    mentor: int
    mentee: int

    @classmethod
    def of(cls, few: int, market: Market) -> Quota:
        """A few for each person of the shorter side, and as many in all for the longer one.

        People with several places get more: their pairs already chosen can look improving (a
        pair can be worth more than both prices, but cannot be made twice) and hide the others.
        """
        places = market.mentor_places, market.mentee_places
        sizes = [max(1, int((side > 0).sum())) for side in places]
        most = [int(side.max(initial=0)) for side in places]
        crowd = max(most) if min(most) > 1 else 0
        return cls(*(crowd + -(-few * min(sizes) // size) for size in sizes))


def price(
    market: Market, mentor_price: IntArray, mentee_price: IntArray, quota: Quota,
    lottery: Lottery, clock: Clock, *, slack: int = 0,
) -> Pricing:  # fmt: skip
    """Scan all pairs once.

    Parameters
    ----------
    mentor_price, mentee_price : array of int, units, at least 0
    quota : Quota
    lottery : Lottery
        Decides which of equally improving pairs to keep.
    slack : int, units
        Keep pairs that miss the prices by less than this, too.

    Returns
    -------
    Pricing
        A pair improves if it is worth more than both prices together. The bound is that of
        Lagrange: if mentors charged their price for each of their places, no mentee could do
        better than with the partners that leave most; so it needs the mentors' prices only and
        holds for any of them.

    Raises
    ------
    OutOfTime
        From the clock.
    """
    mentors = len(market.mentor_places)
    bound = int((mentor_price * market.mentor_places).sum())
    closed = market.mentor_places == 0
    best = _Best(mentors, quota)
    found: list[Columns] = []
    for i, j in blocks(mentors, np.flatnonzero(market.mentee_places)):
        clock.check()
        worth = market.worth(i, j)
        worth[:, closed] = -1
        left = worth - mentor_price
        left[worth < 0] = NOT_ELIGIBLE
        bound += best_sums(left, market.mentee_places[j.ravel()])
        gain = np.where(worth < 0, 0, left + slack - mentee_price[j])
        found.append(best.keep(gain, worth, i, j, lottery))
    columns = [best.columns(), *found]
    joined = Columns(*(np.concatenate([getattr(c, name) for c in columns])
                       for name in ("mentor", "mentee", "units")))  # fmt: skip
    key = joined.mentee * max(1, mentors) + joined.mentor
    return Pricing(joined.take(np.unique(key, return_index=True)[1]), bound)


def best_left(market: Market, side: str, partner_price: IntArray, clock: Clock) -> IntArray:
    """What the best partner would leave each person of a side after their price, at least 0."""
    mentors, mentees = len(market.mentor_places), len(market.mentee_places)
    best = np.zeros(mentors if side == "mentor" else mentees, np.int64)
    for i, j in blocks(mentors, mentees):
        clock.check()
        worth = market.worth(i, j)
        price = partner_price[j] if side == "mentor" else partner_price[i]
        left = np.where(worth < 0, 0, worth - price)
        if side == "mentor":
            np.maximum(best, left.max(axis=0), out=best)
        else:
            best[j.ravel()] = np.maximum(left.max(axis=1), 0)
    return best


def best_sums(left: IntArray, places: IntArray) -> int:
    """Sum over rows of their `places` largest positive numbers."""
    most = int(places.max(initial=0))
    if most <= 1 or left.shape[1] == 0:
        return int(np.maximum(left.max(axis=1, initial=0), 0).sum())
    most = min(most, left.shape[1])
    top = -np.sort(-np.partition(left, -most, axis=1)[:, -most:], axis=1)
    counted = np.arange(most) < places[:, None]
    return int(np.where(counted, np.maximum(top, 0), 0).sum())


class _Best:
    """Collects the best pairs of each person while blocks go by."""

    def __init__(self, mentors: int, quota: Quota) -> None:
        self.quota = quota
        self.least = np.full(mentors, 0)  # the rank that a mentor's pair must exceed to be kept
        self.rank = np.empty(0, np.int64)
        self.kept = Columns(*(np.empty(0, np.int64),) * 3)

    def keep(
        self, gain: IntArray, worth: IntArray, i: IntArray, j: IntArray, lottery: Lottery
    ) -> Columns:
        """Keep the block's best for mentors, return its best for mentees."""
        improving = gain > 0
        if improving.sum() <= gain.shape[0] * self.quota.mentee:
            row, mentor = np.nonzero(improving)
            rank = lottery.rank(gain[row, mentor], mentor, j[row, 0])
            for_mentee = np.ones(len(row), bool)
        else:
            ranks = np.where(improving, lottery.rank(gain, i, j), 0)
            least = np.zeros(len(ranks), np.int64)
            if ranks.shape[1] > self.quota.mentee:
                least = np.partition(ranks, -self.quota.mentee, axis=1)[:, -self.quota.mentee]
            of_mentee = improving & (ranks >= least[:, None])
            row, mentor = np.nonzero(of_mentee | (improving & (ranks > self.least)))
            rank = ranks[row, mentor]
            for_mentee = of_mentee[row, mentor]
        mentee = j[row, 0]
        units = worth[row, mentor]
        self.rank = np.concatenate([self.rank, rank])
        self.kept = Columns(
            np.concatenate([self.kept.mentor, mentor]),
            np.concatenate([self.kept.mentee, mentee]),
            np.concatenate([self.kept.units, units]),
        )
        top = first_few(self.kept.mentor, self.rank, self.quota.mentor)
        self.kept, self.rank = self.kept.take(top), self.rank[top]
        full = np.bincount(self.kept.mentor, minlength=len(self.least)) >= self.quota.mentor
        lowest = np.full(len(self.least), np.iinfo(np.int64).max)
        np.minimum.at(lowest, self.kept.mentor, self.rank)
        self.least = np.where(full, lowest, 0)
        return Columns(mentor, mentee, units).take(np.flatnonzero(for_mentee))

    def columns(self) -> Columns:
        """The best pairs of the mentors."""
        return self.kept


def first_few(who: IntArray, rank: IntArray, few: int) -> IntArray:
    """Places of the `few` highest ranks of each person, in order of person."""
    order = np.lexsort((-rank, who))
    owner = who[order]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]) if len(owner) else owner
    nth = np.arange(len(owner)) - np.repeat(starts, np.diff(np.r_[starts, len(owner)]))
    return order[nth < few]
