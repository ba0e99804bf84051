"""The best plan that keeps enough pairs, among the few pairs that can still matter.

Under an edge of the envelope every plan is worth ``(value - deficit - p * kept) / q``, its deficit
being what it leaves on the table at the edge's prices: prices of places it leaves open, and by how
much its pairs fall short of their prices. A plan worth more than the best so far has a small
deficit, so it uses only pairs that fall short by less (reduced-cost fixing; Dantzig, Fulkerson and
Johnson 1954) and fills every dearer place. The model of what is left has small numbers only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import BoolArray, FloatArray, IntArray
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns, distinct
from revmentor.matching.constrained.model import Model, Sense, Solved
from revmentor.matching.scanning.scan import Scan
from revmentor.matching.tradeoff.point import Point

# A model of more pairs is not tried: the gap is told.
MOST_PAIRS = 50_000
# The first model looks for a plan with a small part of the deficit allowed, each further one with
# more: a plan soon found leaves less to look at.
NARROW, WIDEN = 64, 8
NO_ROW = -1


@dataclass(frozen=True, eq=False)
class Edge:
    """A weighing of worth and kept pairs, and the prices that prove its value.

    No plan has ``q * worth + p * kept`` above `value`.

    Parameters
    ----------
    mentor_price, mentee_price : array of int
    corner : Point or None
        A plan of this value that is above the line through the two corners asked about; None:
        there is none, and the line is an edge of the envelope.
    """

    q: int
    p: int
    value: int
    mentor_price: IntArray
    mentee_price: IntArray
    corner: Point | None


@dataclass(frozen=True, eq=False)
class Improved:
    """A better plan or None, and a bound on all that keep as many pairs."""

    plan: Columns | None
    bound: int


def improve(
    scan: Scan, edge: Edge, keep: Columns, least: int, worth: int, clock: Clock
) -> Improved:
    """A plan that keeps at least so many of the pairs and is worth more, if there is one.

    Parameters
    ----------
    keep : Columns
        The pairs to keep.
    least : int
        How many.
    worth : int
        Of the best plan so far.
    """
    bound = (edge.value - edge.p * least) // edge.q
    plan: Columns | None = None
    # A plan that is worth more than `worth` has at most this deficit.
    whole = edge.value - edge.q * (worth + 1) - edge.p * least
    window = whole // NARROW
    while whole >= 0:
        window = min(window, whole)
        try:
            remaining = _Remaining.of(scan, edge, keep, least, window)
        except OutOfTime:
            remaining = None
        if remaining is None:
            return Improved(plan, bound)
        solved = remaining.model.solve(clock)
        found = None if solved.values is None else remaining.plan(solved)
        if found is not None and sum(found.units.tolist()) > worth:
            plan, worth = found, sum(found.units.tolist())
            whole = edge.value - edge.q * (worth + 1) - edge.p * least
        if whole <= window:
            most = worth if solved.infeasible else max(worth, remaining.bound(solved))
            return Improved(plan, min(bound, most))
        window = WIDEN * window + 1
    return Improved(plan, worth)


class _Remaining:
    """Minimise the deficit of plans that keep enough; everything is divided by q.

    With x[k] for pair k, open[i] for the places that somebody with a price leaves open, and `over`
    for pairs kept beyond the least::

        max   sum of gain[k] x[k] - sum of price open - p over
        s.t.  sum of x over a person's pairs + open <= places,  = places where the price is above 0
              sum of x over pairs to keep - over = least
    """

    def __init__(
        self, scan: Scan, edge: Edge, pairs: Columns, kept: BoolArray, gain: IntArray,
        least: int, window: int,
    ) -> None:  # fmt: skip
        self.scan, self.edge, self.pairs, self.kept, self.least = scan, edge, pairs, kept, least
        self.model = Model("changes")
        market = scan.market
        sides = (
            ("mentor", pairs.mentor, market.mentor_places, edge.mentor_price),
            ("mentee", pairs.mentee, market.mentee_places, edge.mentee_price),
        )
        rows = [self._people(*side, window) for side in sides]
        kept_row = self.model.row("kept", "==", least)
        several = (market.mentor_places[pairs.mentor] > 1) & (
            market.mentee_places[pairs.mentee] > 1
        )
        at = np.stack(
            [rows[0][pairs.mentor], rows[1][pairs.mentee], np.where(kept, kept_row, NO_ROW)], axis=1
        )
        self.chosen = self.model.columns(
            "pair",
            gain / edge.q,
            np.where(several, 1.0, np.inf),
            at,
            np.ones(at.shape),
            whole=True,
        )
        for (name, _, places, price), row in zip(sides, rows, strict=True):
            free = np.flatnonzero((price > 0) & (price <= window) & (places > 0))
            self._continuous(f"{name}_open", -price[free] / edge.q, row[free], 1.0)
        over = np.array([kept_row])
        self._continuous("over", np.array([-edge.p / edge.q]), over, -1.0)
        # Pairs worth more than both prices count from the start; leaving one out is a deficit.
        self.offset = -int(sum(gain[gain > 0].tolist()))

    @classmethod
    def of(
        cls, scan: Scan, edge: Edge, keep: Columns, least: int, window: int
    ) -> _Remaining | None:
        """The model of plans with at most this deficit; None if too many pairs are left."""
        floors = edge.mentor_price // edge.q, edge.mentee_price // edge.q
        listed = scan.above(*floors, -(window // edge.q) - 3, most=MOST_PAIRS)
        if listed is None:
            return None
        listed = distinct(Columns.join([listed, keep]))
        width = max(1, len(scan.market.mentor_places))
        keys = keep.mentee * width + keep.mentor
        kept = np.isin(listed.mentee * width + listed.mentor, keys)
        gain = edge.q * listed.units + edge.p * kept
        gain -= edge.mentor_price[listed.mentor] + edge.mentee_price[listed.mentee]
        near = np.flatnonzero(gain >= -window)
        return cls(scan, edge, listed.take(near), kept[near], gain[near], least, window)

    def _people(
        self, side: str, who: IntArray, places: IntArray, price: IntArray, window: int
    ) -> IntArray:
        """A row for everybody who has a listed pair or a place that must be filled."""
        rows = np.full(len(places), NO_ROW)
        needed = np.zeros(len(places), bool)
        needed[who] = True
        needed |= (price > 0) & (places > 0)
        for person in np.flatnonzero(needed).tolist():
            sense: Sense = "==" if price[person] > 0 and places[person] > 0 else "<="
            rows[person] = self.model.row(f"{side}_{person}", sense, int(places[person]))
        return rows

    def _continuous(self, name: str, cost: FloatArray, row: IntArray, by: float) -> None:
        if len(cost):
            entries = np.full((len(cost), 1), by)
            self.model.columns(
                name, cost, np.full(len(cost), np.inf), row.reshape(-1, 1), entries, whole=False
            )

    def plan(self, solved: Solved) -> Columns | None:
        """The chosen pairs, counted again in whole numbers; None if they are too many or few."""
        assert solved.values is not None
        taken = solved.values[self.chosen] > 0.5
        pairs, market = self.pairs.take(np.flatnonzero(taken)), self.scan.market
        for who, places in (
            (pairs.mentor, market.mentor_places),
            (pairs.mentee, market.mentee_places),
        ):
            if np.any(np.bincount(who, minlength=len(places)) > places):
                return None
        return pairs if int(self.kept[taken].sum()) >= self.least else None

    def bound(self, solved: Solved) -> int:
        """The most that the plans of the model are worth, by the solver's bound."""
        edge = self.edge
        start = edge.value - edge.p * self.least + self.offset
        more = 1e-3 + 1e-9 * abs(solved.bound)
        return math.floor(start / edge.q + solved.bound + more)
