"""Worth against pairs kept, on people's places alone: exact, over all pairs.

The plans that maximise ``q * worth + p * kept`` for some whole p and q are the corners of the
upper envelope of all plans (Lagrangian relaxation; its corners are found as Eisner and Severance,
Journal of the ACM 23, 1976, do for one parameter). Each is a plain matching, and the prices that
prove it bound all plans between two corners: no plan that keeps k pairs is worth more than
``(value - p * k) / q``. What lies under the bound between two corners is left to `remaining`.
"""

from __future__ import annotations

from dataclasses import replace
from math import gcd

import numpy as np

from revmentor.errors import SolverError
from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns, distinct
from revmentor.matching.engine import best
from revmentor.matching.flow.core import MOST_UNITS, Core
from revmentor.matching.generation import Rounds
from revmentor.matching.market import Opened
from revmentor.matching.scanning.scan import Scan
from revmentor.matching.tickets import Tickets
from revmentor.matching.tradeoff.point import Fullest, Point
from revmentor.matching.tradeoff.remaining import Edge, improve
from revmentor.matching.worth import NEVER

# More improving pairs than this a person are not listed at once: the best few of each are.
LISTED_MOST, FEW = 200, 16


class Parametric:
    """See `point.Tradeoff`."""

    def __init__(
        self,
        start: Opened,
        mentor: IntArray,
        mentee: IntArray,
        clock: Clock,
        seed: int,
        warm: Rounds | None = None,
    ) -> None:
        self.start, self.clock = start, clock
        market = start.market
        self.width = max(1, len(market.mentor_places))
        tickets = Tickets.draw(len(market.mentor_places), len(market.mentee_places), seed)
        found = best(market, tickets, clock, warm)
        if not found.proven:
            raise OutOfTime
        self.scan = Scan.of(market, tickets, clock)
        worth = market.worth(mentor, mentee)
        able = (worth != NEVER) & (market.mentor_places[mentor] > 0)
        able &= market.mentee_places[mentee] > 0
        self.keep = Columns(mentor[able], mentee[able], worth[able])
        self._keys = np.sort(self._key(self.keep))
        made = start.made.mentee * self.width + start.made.mentor
        self.made_kept = int(np.isin(made, mentee * self.width + mentor).sum())
        self.made_units = sum(start.made.units.tolist())
        self.core = Core(market.mentor_places, market.mentee_places)
        known = [found.plan, self.keep]
        if found.state is not None:
            known.append(found.state.core.columns)
        self.core.add(distinct(Columns.join(known)))
        self._factor = 1
        self.core.mentor_price = found.mentor_price.copy()
        self.core.mentee_price = found.mentee_price.copy()
        self._best: Point | None = None
        self._fullest: Point | None = None

    def best(self) -> Point:
        """The plan worth most; among those, one that keeps most pairs."""
        if self._best is None:
            self._best = self._corner(len(self.keep) + 1, 1)
        return self._best

    def fullest(self) -> Point:
        """The plan that keeps most pairs; among those, one worth most."""
        if self._fullest is None:
            self._fullest = self._corner(1, self.best().units - self.made_units + 1)
        return self._fullest

    def keeping(self, least: int) -> Point | None:
        """The plan worth most among those that keep at least so many; None if there is none."""
        few, many = self.best(), self.fullest()
        if few.kept >= least:
            return few
        if many.kept < least:
            return None
        while many.kept > least:
            edge = self._edge(many, few)
            if edge.corner is None:
                break
            many, few = (edge.corner, few) if edge.corner.kept >= least else (many, edge.corner)
        if many.kept == least:
            return many
        return self._between(many, edge, least)

    def worth_at_least(self, units: int) -> Fullest | None:
        """The plan that keeps most among those worth so much; None if there is none."""
        few, many = self.best(), self.fullest()
        if few.units < units:
            return None
        if many.units >= units:
            return Fullest(many, many.kept)
        while True:
            edge = self._edge(many, few)
            if edge.corner is None:
                break
            many, few = (many, edge.corner) if edge.corner.units >= units else (edge.corner, few)
        free = units - self.made_units
        most = (edge.value - edge.q * free) // edge.p + self.made_kept
        sure = most = min(most, many.kept)
        while few.kept < most:
            middle = (few.kept + most + 1) // 2
            found = self._between(many, edge, middle)
            if found.units >= units:
                few = found
            else:
                most = middle - 1
                if found.bound < units:
                    sure = most
        return Fullest(few, max(few.kept, sure))

    def envelope(self) -> list[Point]:
        """Plans that are best at some price of a kept pair, from most kept to most worth."""
        found = [self.fullest()]
        waiting = [self.best()]
        while waiting:
            many, few = found[-1], waiting[-1]
            if many.kept == few.kept:
                waiting.pop()
                continue
            edge = self._edge(many, few)
            if edge.corner is None:
                found.append(waiting.pop())
            else:
                waiting.append(edge.corner)
        return found

    def _between(self, many: Point, edge: Edge, least: int) -> Point:
        """The best plan under an edge of the envelope; `many` is its end that keeps enough."""
        free = least - self.made_kept
        bound = (edge.value - edge.p * free) // edge.q
        point = replace(many, bound=bound + self.made_units)
        if point.proven:
            return point
        worth = many.units - self.made_units
        found = improve(self.scan, edge, self.keep, free, worth, self.clock)
        if found.plan is None:
            return replace(many, bound=max(many.units, found.bound + self.made_units))
        return self._point(found.plan, found.bound + self.made_units)

    def _edge(self, many: Point, few: Point) -> Edge:
        """Is there a plan above the line through two corners?"""
        p, q = few.units - many.units, many.kept - few.kept
        common = gcd(p, q)
        p, q = p // common, q // common
        point = self._corner(q, p)
        free = point.units - self.made_units, point.kept - self.made_kept
        value = q * free[0] + p * free[1]
        line = q * (many.units - self.made_units) + p * (many.kept - self.made_kept)
        prices = self.core.mentor_price.copy(), self.core.mentee_price.copy()
        return Edge(q, p, value, *prices, None if value == line else point)

    def _corner(self, q: int, p: int) -> Point:
        """The plan that maximises q * worth + p * kept, over all pairs."""
        self._weigh(q, p)
        while True:
            self.core.solve(self.clock)
            if not self._add_improving(q):
                break
        columns = self.core.columns
        kept = self._kept(columns)
        plan = columns.take(np.flatnonzero(self.core.taken))
        worth = self.scan.exact(plan.mentor, plan.mentee)
        assert int(kept[self.core.taken].sum()) * p + q * sum(worth.tolist()) == self.core.value
        units = sum(worth.tolist())
        return self._point(Columns(plan.mentor, plan.mentee, worth), units + self.made_units)

    def _point(self, plan: Columns, bound: int) -> Point:
        made = self.start.made
        i, j = np.append(made.mentor, plan.mentor), np.append(made.mentee, plan.mentee)
        order = np.lexsort((i, j))
        kept = int(self._kept(plan).sum()) + self.made_kept
        units = sum(plan.units.tolist()) + self.made_units
        return Point(i[order], j[order], units, kept, bound)

    def _key(self, columns: Columns) -> IntArray:
        return columns.mentee * self.width + columns.mentor

    def _kept(self, columns: Columns) -> BoolArray:
        return np.isin(self._key(columns), self._keys)

    def _weigh(self, q: int, p: int) -> None:
        """Weigh the listed pairs; prices follow, so that they stay near."""
        most = q * max(0, self.scan.market.largest) + p
        if most > MOST_UNITS:
            raise SolverError(
                f"scores up to {self.scan.market.largest} units are too large to be weighed "
                "against changes. To fix: divide all scores by the same number."
            )
        columns, core = self.core.columns, self.core
        worth = self.scan.exact(columns.mentor, columns.mentee)
        core.revalue(q * worth + p * self._kept(columns))
        core.mentor_price = core.mentor_price // self._factor * q
        core.mentee_price = core.mentee_price // self._factor * q
        self._factor = q

    def _add_improving(self, q: int) -> int:
        """List pairs that improve the plan at its prices; returns how many came in.

        The scan knows plain worth only. Prices divided by q and rounded down find all improving
        pairs, and some that are not; pairs to keep are listed already.
        """
        core, market = self.core, self.scan.market
        floor = core.mentor_price // q, core.mentee_price // q
        people = len(market.mentor_places) + len(market.mentee_places)
        found = self.scan.above(*floor, 0, most=LISTED_MOST * people)
        if found is None:
            found = self.scan.top("mentee", *floor, FEW)
            if not self._improving(found, q).any():
                raise SolverError(
                    "more pairs are equally good than can be compared with changes. To fix: tell "
                    "people apart by one more criterion."
                )
        return core.add(
            Columns(found.mentor, found.mentee, found.units * q).take(
                np.flatnonzero(self._improving(found, q))
            )
        )

    def _improving(self, found: Columns, q: int) -> BoolArray:
        core = self.core
        gain = found.units * q - core.mentor_price[found.mentor] - core.mentee_price[found.mentee]
        known = np.isin(self._key(found), self._key(core.columns))
        return (gain > 0) & ~known
