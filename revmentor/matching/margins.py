"""What would one place more add, and one place fewer take away, exactly, over all pairs?

The optimal prices of a matching form a lattice: prices that are smallest for everybody of one side
are largest for everybody of the other (Shapley and Shubik 1971). As the optimum is concave in the
places of one person, the smallest optimal price is what one more place adds, and the largest is
what the last place adds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns, distinct
from revmentor.matching.engine import best
from revmentor.matching.flow.core import Core
from revmentor.matching.generation import Rounds
from revmentor.matching.scanning.scan import Scan
from revmentor.matching.tickets import Tickets
from revmentor.matching.variants import Side
from revmentor.matching.worth import Market

# More pairs than this a person that beat extreme prices are not listed at once.
LISTED_MOST, FEW = 200, 16


@dataclass(frozen=True, eq=False)
class Extremes:
    """The smallest and the largest optimal price of everybody, in units.

    Parameters
    ----------
    units : int
        The optimum of the market.
    mentor_low, mentee_low : array of int
        What one more place would add.
    mentor_high, mentee_high : array of int
        What one place fewer would take away; 0 for people without places.
    """

    units: int
    mentor_low: IntArray
    mentee_low: IntArray
    mentor_high: IntArray
    mentee_high: IntArray


def extreme_prices(
    market: Market, clock: Clock, *, seed: int = 0, warm: Rounds | None = None
) -> Extremes:
    """Both ends of the lattice of optimal prices.

    Raises
    ------
    OutOfTime
        From the clock, or the optimum could not be proven.
    """
    tickets = Tickets.draw(len(market.mentor_places), len(market.mentee_places), seed)
    found = best(market, tickets, clock, warm)
    if not found.proven:
        raise OutOfTime
    scan = Scan.of(market, tickets, clock)
    core = Core(market.mentor_places, market.mentee_places)
    known = [found.plan] if found.state is None else [found.plan, found.state.core.columns]
    core.add(distinct(Columns.join(known)))
    core.mentor_price, core.mentee_price = found.mentor_price.copy(), found.mentee_price.copy()
    mentor_low, mentee_high = _extreme(core, scan, "mentor", clock)
    mentor_high, mentee_low = _extreme(core, scan, "mentee", clock)
    closed = np.flatnonzero(market.mentor_places == 0), np.flatnonzero(market.mentee_places == 0)
    mentor_low[closed[0]] = scan.best("mentor", mentee_high, who=closed[0])
    mentee_low[closed[1]] = scan.best("mentee", mentor_high, who=closed[1])
    mentor_high[closed[0]] = 0
    mentee_high[closed[1]] = 0
    units = sum(found.plan.units.tolist())
    return Extremes(units, mentor_low, mentee_low, mentor_high, mentee_high)


def _extreme(core: Core, scan: Scan, low: Side, clock: Clock) -> tuple[IntArray, IntArray]:
    """Prices smallest for one side, on columns that grow until no other pair beats the prices."""
    people = len(scan.market.mentor_places) + len(scan.market.mentee_places)
    while True:
        core.solve(clock)
        mentor, mentee = core.extreme_prices(low)
        found = scan.above(mentor, mentee, 0, most=LISTED_MOST * people)
        if found is None:
            found = scan.top("mentee", mentor, mentee, FEW)
        if not core.add(found):
            return mentor, mentee
