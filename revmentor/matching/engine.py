"""Which plan of a market is worth most, as far as it is known when the time is over?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns
from revmentor.matching.generation import Rounds
from revmentor.matching.lottery import draw
from revmentor.matching.scanning.scan import Scan
from revmentor.matching.tickets import Tickets
from revmentor.matching.worth import Market


@dataclass(frozen=True, eq=False)
class Found:
    """A plan, and prices that prove how much better any other could be.

    Parameters
    ----------
    plan : Columns
        The pairs, with their worth, by mentee and then mentor.
    mentor_price, mentee_price : array of int, at least 0
        No pair is worth more than its two prices, those of `dearer` left out.
    dearer : Columns
        Pairs that are worth more than their two prices, and how much more in place of units: only
        where both people have several places, because a pair can be made once only.
    proven : bool
        The prices prove that no plan is worth more.
    drawn : bool
        The plan was drawn by lot from all that are worth as much.
    rounds, columns : int
        Rounds of column generation, and pairs considered.
    passes : float
        Pairs scanned as a multiple of all pairs.
    state : Rounds or None
        To start from when the same people are matched again.
    """

    plan: Columns
    mentor_price: IntArray
    mentee_price: IntArray
    dearer: Columns
    proven: bool
    drawn: bool
    rounds: int = 0
    columns: int = 0
    passes: float = 0.0
    state: Rounds | None = None

    def bound(self, market: Market) -> int:
        """No plan of the market is worth more."""
        paid = (
            self.mentor_price * market.mentor_places,
            self.mentee_price * market.mentee_places,
            self.dearer.units,
        )
        return sum(int(each) for part in paid for each in part.tolist())


def best(market: Market, tickets: Tickets, clock: Clock, warm: Rounds | None = None) -> Found:
    """Find the plan of greatest worth, drawn by lot among equals, with its proof.

    Parameters
    ----------
    warm : Rounds, optional
        Of a market of the same people in the same order: its columns, plan and prices are where
        the search starts.

    Returns
    -------
    Found
        With an empty plan and prices that prove little if the time was over at once.
    """
    rounds = opening(market, tickets, clock) if warm is None else warm.anew(market, clock)
    try:
        if warm is None:
            rounds.start()
        rounds.run()
    except OutOfTime:
        return _found(market, rounds, rounds.plan(), drawn=False)
    try:
        plan = draw(rounds, tickets, clock)
    except OutOfTime:
        return _found(market, rounds, rounds.plan(), drawn=False)
    return _found(market, rounds, plan, drawn=True)


def opening(market: Market, tickets: Tickets, clock: Clock) -> Rounds:
    """Rounds among everybody who has places, not yet started."""
    open_ = np.flatnonzero(market.mentor_places), np.flatnonzero(market.mentee_places)
    return Rounds(Scan.of(market, tickets, clock), clock, open_[0], open_[1])


def _found(market: Market, rounds: Rounds, plan: Columns, *, drawn: bool) -> Found:
    v, u = _dearest(market) if rounds.proof is None else rounds.proof
    price_closed(rounds, v, u, exactly=rounds.proven)
    columns = rounds.core.columns
    more = columns.units - v[columns.mentor] - u[columns.mentee]
    some = np.flatnonzero(more > 0)
    dearer = Columns(columns.mentor[some], columns.mentee[some], more[some])
    pairs = max(1, len(market.mentor_places) * len(market.mentee_places))
    return Found(
        plan.take(np.lexsort((plan.mentor, plan.mentee))), v, u, dearer, rounds.proven, drawn,
        rounds.rounds, len(columns), rounds.scan.pairs_scanned / pairs, rounds,
    )  # fmt: skip


def price_closed(rounds: Rounds, v: IntArray, u: IntArray, *, exactly: bool = True) -> None:
    """The price of somebody without places is what a first place would add.

    Parameters
    ----------
    rounds : Rounds
    v, u : array of int
        Prices of mentors and mentees; those of people without places are changed.
    exactly : bool
        Otherwise, or if the time is over, it is the most that any pair is worth.
    """
    market = rounds.scan.market
    closed = np.flatnonzero(market.mentor_places == 0), np.flatnonzero(market.mentee_places == 0)
    v[closed[0]], u[closed[1]] = max(0, market.largest), max(0, market.largest)
    if not exactly:
        return
    try:
        u[closed[1]] = rounds.scan.best("mentee", v, who=closed[1], among=rounds.mentors)
        v[closed[0]] = rounds.scan.best("mentor", u, who=closed[0], among=np.arange(len(u)))
    except OutOfTime:
        # The prices set first hold all the more.
        return


def _dearest(market: Market) -> tuple[IntArray, IntArray]:
    """Prices that hold before anything is known: the side with fewer places pays for all."""
    v, u = np.zeros_like(market.mentor_places), np.zeros_like(market.mentee_places)
    few = v if market.mentor_places.sum() <= market.mentee_places.sum() else u
    few[:] = max(0, market.largest)
    return v, u
