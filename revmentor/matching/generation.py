"""Column generation: which pairs are worth considering, until no other can improve?

The core knows only some pairs, the columns, and finds the best plan on them with its prices. A
scan of all pairs with these prices finds the pairs that would improve it; they become columns,
and so on until there are none. Then no plan over all pairs is worth more: the prices prove it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns, distinct, first_few
from revmentor.matching.flow.core import Core
from revmentor.matching.scanning.scan import Scan
from revmentor.matching.watched import Watched
from revmentor.matching.worth import NEVER, Market

# Up to so many pairs, all of them are columns: one exact solve, and nothing is left to price.
ALL_COLUMNS = 62_500
# Else prices start from those of a sample: an eighth of both sides, or as much as makes few pairs.
SAMPLED = 8
# Pairs that a person brings in, at the start and in each later round. Fewer save time in the core
# and cost rounds; with too few for one person its price stays 0 and millions of pairs look good.
FIRST_FEW, FEW = 12, 8
# Rounds spent on a sample: its prices need to be near, not right.
SAMPLE_ROUNDS = 3
# From this gap a pair on, the nearly tight pairs are listed, down to this gain; both as shares of
# the largest score.
LISTED_GAP, DEPTH = 5e-3, 1.5e-3
# A list of more pairs a person than this costs more memory than a pass costs time.
LISTED_MOST = 250
LOWEST = -(2**60)


@dataclass(frozen=True, eq=False)
class Improving:
    """Pairs that would improve the plan, and whether every mentee's best is among them."""

    columns: Columns
    complete: bool


class Rounds:
    """Rounds of column generation among some people of a market.

    Parameters
    ----------
    mentors, mentees : array of int
        Those who take part.

    Attributes
    ----------
    bound : int or None
        No plan is worth more; None before the first complete scan.
    proof : (mentor prices, mentee prices) or None
        They prove the bound: no pair outside the columns is worth more than its two prices.
    proven : bool
        No pair improves the plan, so its worth is the bound.
    """

    def __init__(self, scan: Scan, clock: Clock, mentors: IntArray, mentees: IntArray) -> None:
        self.scan, self.clock = scan, clock
        self.mentors, self.mentees = mentors, mentees
        market = scan.market
        places = np.zeros_like(market.mentor_places), np.zeros_like(market.mentee_places)
        places[0][mentors] = market.mentor_places[mentors]
        places[1][mentees] = market.mentee_places[mentees]
        self.places = places
        self.core = Core(*places)
        self.bound: int | None = None
        self.proof: tuple[IntArray, IntArray] | None = None
        self.rounds = 0
        self.proven = False
        self.all_columns = False
        self._watched: Watched | None = None
        self._listing = True
        self._pairs = max(1, min(int(open_.sum()) for open_ in places))
        # Chosen pairs of people with several places may be worth more than both prices.
        several = [int(open_.max(initial=0)) for open_ in places]
        self._crowd = max(several) if min(several) > 1 else 0

    def start(self) -> None:
        """Choose the first columns and prices."""
        people = len(self.mentors), len(self.mentees)
        core = self.core
        if math.prod(people) <= ALL_COLUMNS:
            self.all_columns = True
            none = np.zeros_like(core.mentor_price), np.zeros_like(core.mentee_price)
            found = self.scan.above(*none, 0, mentors=self.mentors, mentees=self.mentees)
            assert found is not None
            core.add(found)
            return
        share = min(0.75, max(1 / SAMPLED, math.sqrt(ALL_COLUMNS / math.prod(people))))
        some = [
            self.scan.tickets.lucky(side, who, max(1, int(share * len(who))))
            for side, who in (("mentor", self.mentors), ("mentee", self.mentees))
        ]
        small = Rounds(self.scan, self.clock, some[0], some[1])
        small.start()
        small.run(SAMPLE_ROUNDS)
        v, u = (np.zeros_like(places) for places in self.places)
        v[self.mentors] = self.scan.best(
            "mentor", small.core.mentee_price, who=self.mentors, among=some[1]
        )
        u[self.mentees] = self.scan.best("mentee", v, who=self.mentees, among=some[0])
        core.mentor_price, core.mentee_price = v, u
        core.add(
            Columns.join([self._top(side, FIRST_FEW, LOWEST) for side in ("mentee", "mentor")])
        )

    def again(self, market: Market, clock: Clock) -> Rounds:
        """Rounds that go on from here where the same pairs are allowed and worth something else."""
        scan = self.scan.again(market, clock)
        rounds = Rounds(scan, clock, self.mentors, self.mentees)
        rounds.all_columns = self.all_columns
        listed, core = self.core.columns, rounds.core
        units = scan.exact(listed.mentor, listed.mentee)
        allowed = np.flatnonzero(units != NEVER)
        core.add(Columns(listed.mentor, listed.mentee, units).take(allowed))
        core.taken = self.core.taken[allowed]
        core.mentor_price = self.core.mentor_price.copy()
        core.mentee_price = self.core.mentee_price.copy()
        return rounds

    def anew(self, market: Market, clock: Clock) -> Rounds:
        """Rounds for a market of the same people that may have other places and allow other pairs.

        Plan, prices and pairs of these are where they start; of all pairs, the best at the prices.
        """
        scan = self.scan.again(market, clock)
        people = np.flatnonzero(market.mentor_places), np.flatnonzero(market.mentee_places)
        rounds = Rounds(scan, clock, *people)
        core, plan = rounds.core, self.plan()
        core.mentor_price = self.core.mentor_price.copy()
        core.mentee_price = self.core.mentee_price.copy()
        listed = plan if self.all_columns else self.core.columns
        units = scan.exact(listed.mentor, listed.mentee)
        fine = units != NEVER
        fine &= rounds.places[0][listed.mentor] * rounds.places[1][listed.mentee] > 0
        core.add(Columns(listed.mentor, listed.mentee, units).take(np.flatnonzero(fine)))
        if self.all_columns:
            best = [rounds._top(side, FIRST_FEW, LOWEST) for side in ("mentee", "mentor")]
            core.add(Columns.join(best))
        width = len(market.mentor_places)
        core.taken = np.isin(
            core.columns.mentee * width + core.columns.mentor, plan.mentee * width + plan.mentor
        )
        return rounds

    def plan(self) -> Columns:
        """The pairs of the core's plan."""
        return self.core.columns.take(np.flatnonzero(self.core.taken))

    def run(self, most: int | None = None) -> None:
        """Go on until proven, or for so many rounds.

        Raises
        ------
        OutOfTime
            From the clock; plan and bound stay valid.
        """
        while not self.proven and (most is None or self.rounds < most):
            self.core.solve(self.clock)
            self.rounds += 1
            if self.all_columns:
                self._prove(Columns.none())
                return
            found = self._improving()
            if found.complete:
                self._prove(found.columns)
            if not self.core.add(found.columns):
                self._prove(Columns.none())

    def tight(self, most: int) -> Columns | None:
        """All pairs that some optimal plan may make: those with gain 0, and those above.

        None if there are more than `most`. Only once proven.
        """
        core = self.core
        if self.all_columns:
            return core.columns.take(np.flatnonzero(self._gains(core.columns) >= 0))
        watched = self._watched
        hot = self._fallen()
        if watched is None or hot is None:
            return self._above(-1, most)
        parts = [watched.columns]
        for side, who in zip(("mentors", "mentees"), hot, strict=True):
            if len(who):
                more = self._above(-1, most, **{side: who})
                if more is None:
                    return None
                parts.append(more)
        listed = distinct(Columns.join(parts))
        return listed.take(np.flatnonzero(self._gains(listed) >= 0))

    def luckiest(self, few: int) -> Columns:
        """The few tight pairs of each person with the highest tickets."""
        return Columns.join([self._top(side, few, -1) for side in ("mentee", "mentor")])

    def _gains(self, columns: Columns) -> IntArray:
        core = self.core
        return columns.units - core.mentor_price[columns.mentor] - core.mentee_price[columns.mentee]

    def _above(self, floor: int, most: int, **who: IntArray) -> Columns | None:
        people = {"mentors": self.mentors, "mentees": self.mentees} | who
        return self.scan.above(
            self.core.mentor_price, self.core.mentee_price, floor, most=most, **people
        )

    def _top(self, side: str, few: int, floor: int, who: IntArray | None = None) -> Columns:
        core = self.core
        mine, other = self.mentees, self.mentors
        if side == "mentor":
            mine, other = other, mine
        # As many in all for the side with more people as for the other.
        quota = self._crowd + max(2, -(-few * self._pairs // max(1, len(mine))))
        return self.scan.top(
            side, core.mentor_price, core.mentee_price, quota, floor=floor,
            who=mine if who is None else who, among=other,
        )  # fmt: skip

    def _improving(self) -> Improving:
        """Pairs outside the columns with a gain above 0, the best few of each person."""
        if self._watched is not None:
            found = self._from_list(self._watched)
            if found is not None:
                return found
        largest = self.scan.market.scores.largest
        if self._listing and self._gap() <= LISTED_GAP * largest:
            depth = max(4, int(DEPTH * largest))
            people = len(self.mentors) + len(self.mentees)
            listed = self._above(-depth, LISTED_MOST * people)
            self._listing = listed is not None
            if listed is not None:
                core = self.core
                prices = core.mentor_price.copy(), core.mentee_price.copy()
                self._watched = Watched(listed, *prices, depth)
                return Improving(self._best_of(listed), True)
        return Improving(self._top("mentee", FEW, 0), True)

    def _from_list(self, watched: Watched) -> Improving | None:
        """Improving pairs by the list and by people whose price has fallen; None: too many."""
        hot = self._fallen()
        if hot is None:
            self._watched = None
            return None
        parts = [watched.columns]
        if len(hot[0]):
            parts.append(self._top("mentor", FEW, 0, hot[0]))
        if len(hot[1]):
            parts.append(self._top("mentee", FEW, 0, hot[1]))
        return Improving(self._best_of(distinct(Columns.join(parts))), not len(hot[0]))

    def _fallen(self) -> tuple[IntArray, IntArray] | None:
        """People whose price has fallen since pairs are watched; None: many, or none is watched."""
        if self._watched is None:
            return None
        core = self.core
        return self._watched.fallen(
            core.mentor_price, core.mentee_price, self.mentors, self.mentees
        )

    def _best_of(self, listed: Columns) -> Columns:
        """The best few improving pairs of each person."""
        gain = self._gains(listed)
        listed = listed.take(np.flatnonzero(gain > 0))
        gain = gain[gain > 0]
        ticket = self.scan.tickets.of(listed.mentor, listed.mentee)
        keep: BoolArray = np.zeros(len(listed), bool)
        for who in (listed.mentor, listed.mentee):
            keep[first_few(who, gain, ticket, FEW + self._crowd)] = True
        return listed.take(np.flatnonzero(keep))

    def _prove(self, improving: Columns) -> None:
        """Note what the prices prove, if every mentee pays for the pair that beats them most."""
        core = self.core
        short = np.zeros_like(core.mentee_price)
        np.maximum.at(short, improving.mentee, np.maximum(self._gains(improving), 0))
        self.proven = not len(improving)
        bound = core.dual_value + sum((short * self.places[1]).tolist())
        if self.bound is None or bound <= self.bound:
            self.bound = bound
            self.proof = core.mentor_price.copy(), core.mentee_price + short

    def _gap(self) -> float:
        """Units a pair that the plan may miss."""
        if self.bound is None:
            return math.inf
        return (self.bound - self.core.value) / self._pairs
