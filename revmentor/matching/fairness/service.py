"""How many people can be served with good enough pairs, and what is the largest total then?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.fairness.face import Face
from revmentor.matching.fairness.proof import ServiceProof
from revmentor.matching.fairness.table import MOST_PAIRS, Compared, Table, check_size, fortunes
from revmentor.matching.fairness.total import largest_total
from revmentor.matching.scores import MILLION, MatrixScores
from revmentor.matching.worth import GroupUnits, Market, everybody

# The plan of largest total worth in a market, proven.
Best = Callable[[Market], Columns]

# Units added to every pair stay below this, so that sums of a hundred million of them stay whole.
LARGEST_BONUS = 2**44


@dataclass(frozen=True, eq=False)
class Fair:
    """A plan that treats people fairly, and why none is fairer.

    Parameters
    ----------
    plan : Columns
        Pairs with their worth, sorted by mentee and mentor.
    served : int
        People compared who have a pair.
    worst : int
        Best pair of the worst of them, in units; 0 if nobody is served.
    most : ServiceProof or None
        No matching serves more people. None where the market is too large to hold: there the
        prices of the plan prove it, as `participation` says.
    best_worst : ServiceProof or None
        No matching serves as many with more than `worst` units: its bound is below `served`.
    """

    plan: Columns
    served: int
    worst: int
    most: ServiceProof | None
    best_worst: ServiceProof | None


class Service:
    """Plans of a market that serve as many people as possible with at least so many units.

    Parameters
    ----------
    market : Market
    who : Compared
    best : callable
        Plan of the largest total worth of any market.
    clock : Clock
    seed : int
        Decides between equally good plans.

    Raises
    ------
    InputError
        Too many pairs to hold, unless everybody compared has one place (`Compared.one_each`).
    """

    def __init__(
        self, market: Market, who: Compared, best: Best, clock: Clock, seed: int = 0
    ) -> None:
        self.market, self.who, self.best, self.clock = market, who, best, clock
        size = len(market.mentor_places) * len(market.mentee_places)
        compared = bool(who.mentors.any() or who.mentees.any())
        self.bonus = whole_bonus(market) if compared else 0
        self.simple = who.one_each(market) and self.bonus <= LARGEST_BONUS
        if not self.simple:
            check_size(len(market.mentee_places), len(market.mentor_places))
        self.table = Table.of(market, who, clock, seed) if size <= MOST_PAIRS else None

    def plan(self, floor: int, face: Face | None = None) -> Columns:
        """The largest total among plans that serve most people with at least `floor` units.

        Parameters
        ----------
        floor : int
            Units.
        face : Face, optional
            If known: the table's face after ``serve(floor)``.
        """
        if self.simple or self.table is None:
            market = replace(self.market, least=max(floor, self.market.least))
            found = self.best(market.adding(self._everybody(self.bonus)))
            i, j = found.mentor, found.mentee
            return Columns(i, j, self.market.worth(i, j))
        if face is None:
            face = Face(self.table)
            face.serve(floor, self.clock)
        return largest_total(face, self.clock)

    def outcome(self, plan: Columns) -> tuple[int, int]:
        """How many people compared a plan serves, and the units of the worst of them."""
        held = fortunes(self.market, plan, self.who)
        held = held[held > 0]
        return len(held), int(held[0]) if len(held) else 0

    def _everybody(self, units: int) -> GroupUnits:
        return everybody(len(self.market.mentor_places), len(self.market.mentee_places), units)


def whole_bonus(market: Market) -> int:
    """Units that outweigh every difference between two totals of a market.

    A plan whose pairs are each worth so much more has, first, as many pairs as possible.
    """
    scores = market.scores
    high = int(scores.matrix.max(initial=0)) if isinstance(scores, MatrixScores) else MILLION + 1
    low = 0
    for added in (*(groups.units for groups in market.groups), market.pairs.value):
        high += int(np.max(added, initial=0))
        low += int(np.min(added, initial=0))
    pairs = min(int(market.mentor_places.sum()), int(market.mentee_places.sum()))
    return 1 + pairs * (high - low)


def participation(
    market: Market,
    who: Compared,
    best: Best,
    clock: Clock,
    *,
    seed: int = 0,
) -> Fair:
    """Serve as many people as possible, and then make the total as large as possible.

    A person is served by any pair that is allowed. Where everybody compared has one place, this
    is the plan of the largest worth once `whole_bonus` is added to every pair; then its bound
    divided by that bonus, rounded down, bounds the number of pairs, which proves it.

    Parameters
    ----------
    market : Market
    who : Compared
        Whose service counts.
    best : callable
        Plan of the largest total worth of any market.
    clock : Clock
    seed : int

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
        plan = service.plan(market.least)
        return Fair(plan, *service.outcome(plan), None, None)
    face = Face(service.table)
    face.serve(1, clock)
    proof = face.proof(market.least)
    plan = service.plan(market.least, face)
    return Fair(plan, *service.outcome(plan), proof, None)
