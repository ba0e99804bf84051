"""How good can the worst pair be, if as many people as possible are served?"""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.fairness.face import Face
from revmentor.matching.fairness.proof import ServiceProof
from revmentor.matching.fairness.service import Best, Fair, Service
from revmentor.matching.fairness.table import Compared, Table
from revmentor.matching.worth import Market


def max_min(
    market: Market,
    who: Compared,
    best: Best,
    clock: Clock,
    *,
    seed: int = 0,
    ceiling: int | None = None,
) -> Fair:
    """Serve as many people as possible, then raise the worst of them, then the total.

    A person compared is worth their best pair (`fortunes`). Among the matchings that serve most
    people the worst one's best pair is made as good as possible, and among those the total
    worth as large as possible.

    Parameters
    ----------
    market : Market
    who : Compared
    best : callable
        Plan of the largest total worth of any market.
    clock : Clock
    seed : int
        Decides between equally good plans.
    ceiling : int, optional
        Units of the best pair of the person whose best pair is worst. It is tried first when the
        market is too large to hold; without it the search only takes longer.

    Returns
    -------
    Fair

    Raises
    ------
    InputError
        Too many pairs to hold, and somebody compared has several places.
    OutOfTime
        The clock's limit has passed.
    """
    service = Service(market, who, best, clock, seed)
    if service.table is None:
        return _by_plans(service, ceiling)
    found = bottleneck(service.table, market.least, clock)
    if not found.worst:
        plan = service.plan(market.least, found.face)
        return Fair(plan, *service.outcome(plan), found.most, None)
    plan = service.plan(found.worst, found.face)
    served, worst = service.outcome(plan)
    return Fair(plan, served, worst, found.most, found.beyond)


class Bottleneck:
    """The largest floor that serves most people, its face, and both proofs."""

    def __init__(self, table: Table, least: int, clock: Clock) -> None:
        self.table, self.clock = table, clock
        self.face = Face(table)
        self.unserved = self.face.serve(1, clock)
        self.most = self.face.proof(least)
        self.worst = self.face.worst()
        self.above = int(table.units.max(initial=0)) + 1
        self.beyond: ServiceProof | None = None

    def probe(self, floor: int) -> None:
        """Can as many people have at least `floor` units?"""
        face = Face(self.table)
        if face.serve(floor, self.clock, self.face) == self.unserved:
            self.face, self.worst = face, face.worst()
        else:
            self.above, self.beyond = floor, face.proof(self.worst + 1)

    def probe_ceiling(self) -> None:
        """Try the best pair of the person whose best pair is worst: none can do better."""
        if self.unserved:
            return
        table = self.table
        best = np.r_[
            table.units.max(1, initial=0)[table.row_counts],
            table.units.max(0, initial=0)[table.column_counts],
        ]
        if len(best) and best.min() > self.worst:
            self.probe(int(best.min()))

    def narrow(self) -> None:
        """Make the face that of the worst pair in hand, which may be above what was asked for."""
        self.probe(self.worst)

    def between(self) -> IntArray:
        """Units of pairs that are still to be decided."""
        units = self.table.units
        return units[(units > self.worst) & (units < self.above)]


def bottleneck(table: Table, least: int, clock: Clock) -> Bottleneck:
    """Bisect over the units of pairs, from above: the worst person's best pair comes first.

    Parameters
    ----------
    table : Table
    least : int
        Fewest units of a pair that is allowed, for the proof.
    clock : Clock
    """
    found = Bottleneck(table, least, clock)
    if not found.worst:
        return found
    found.probe_ceiling()
    left = found.between()
    while len(left):
        clock.check()
        found.probe(int(np.partition(left, len(left) // 2)[len(left) // 2]))
        left = left[(left > found.worst) & (left < found.above)]
    found.narrow()
    # No pair lies between the worst and what was refused, so one more unit is refused as well.
    found.probe(found.worst + 1)
    return found


def _by_plans(service: Service, ceiling: int | None) -> Fair:
    """Bisect by whole plans, where pairs are too many to hold."""
    least = service.market.least
    plan = service.plan(least)
    most, worst = service.outcome(plan)
    above = worst if not most else None
    floor = ceiling
    step = 1
    while above is None or worst + 1 < above:
        service.clock.check()
        if floor is None or not worst < floor:
            floor = worst + step if above is None else (worst + above) // 2
        tried = service.plan(floor)
        served, units = service.outcome(tried)
        if served == most:
            plan, worst, step = tried, units, 2 * step
            floor = worst + 1 if floor == ceiling else None
        else:
            above, floor = floor, None
    return Fair(plan, most, worst, None, None)
