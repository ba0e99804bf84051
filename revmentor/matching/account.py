"""Why is somebody without a pair?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import IntArray, blocks
from revmentor.matching.columns import Columns
from revmentor.matching.problem import Problem
from revmentor.matching.unmatched import Standing, tell
from revmentor.matching.worth import NEVER, Market

if TYPE_CHECKING:
    import pandas as pd


def unmatched(
    problem: Problem,
    market: Market,
    plan: Columns,
    prices: tuple[IntArray, IntArray] | None,
    proven: bool,
) -> pd.DataFrame:
    """Everybody without a pair, and why: see `unmatched.tell`.

    Parameters
    ----------
    market : Market
        Where the prices hold: with what multipliers add to the worth of pairs.
    plan : Columns
        All pairs made.
    prices : (mentor prices, mentee prices) or None
        They tell how much somebody missed by.
    """
    mentor_price, mentee_price = (None, None) if prices is None else prices
    standings = [
        _standing(problem, market, "mentor", plan.mentor, mentee_price),
        _standing(problem, market, "mentee", plan.mentee, mentor_price),
    ]
    return tell(problem, standings, proven)


def _standing(
    problem: Problem, market: Market, side: str, matched: IntArray, partner_price: IntArray | None
) -> Standing:
    """Where the people of a side who have no pair stand; zeros for all others."""
    roster, places = problem.mentors, market.mentee_places
    if side == "mentee":
        roster, places = problem.mentees, market.mentor_places
    alone = np.ones(len(roster), bool)
    alone[matched] = False
    partners, reachable = np.zeros(len(roster), np.int64), np.zeros(len(roster), np.int64)
    margin = np.zeros(len(roster), np.int64)
    for other, who in blocks(len(places), np.flatnonzero(alone)):
        worth = market.worth(who.T, other.T).T if side == "mentor" else market.worth(other, who)
        may = worth != NEVER
        can = may & (places > 0)
        rows = who.ravel()
        partners[rows] = may.sum(axis=1)
        reachable[rows] = can.sum(axis=1)
        if partner_price is not None:
            short = np.where(can, partner_price - worth, -NEVER).min(axis=1)
            margin[rows] = np.maximum(short, 0)
    return Standing(side, roster, alone, partners, reachable, margin)
