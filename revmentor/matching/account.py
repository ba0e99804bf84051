"""What do the final prices prove, and why is somebody without a pair?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import IntArray, blocks
from revmentor.matching.columns import Columns
from revmentor.matching.engine import Found
from revmentor.matching.market import Opened
from revmentor.matching.problem import Problem
from revmentor.matching.result import Certificate, no_side_constraints, prices, table
from revmentor.matching.unmatched import Standing, tell
from revmentor.matching.worth import NEVER

if TYPE_CHECKING:
    import pandas as pd


def certificate(problem: Problem, found: Found) -> Certificate:
    """The prices of a plan, by id."""
    ids = problem.mentors.ids, problem.mentees.ids
    pairs = {
        "mentor_id": [ids[0][k] for k in found.dearer.mentor.tolist()],
        "mentee_id": [ids[1][k] for k in found.dearer.mentee.tolist()],
        "price": found.dearer.units,
    }
    return Certificate(
        mentor=partial(prices, ids[0], found.mentor_price),
        mentee=partial(prices, ids[1], found.mentee_price),
        pair=partial(table, pairs),
        side_constraints=no_side_constraints,
    )


def unmatched(problem: Problem, opened: Opened, found: Found) -> pd.DataFrame:
    """Everybody without a pair, and why: see `unmatched.tell`."""
    plan = Columns.join([opened.made, found.plan])
    standings = [
        _standing(problem, opened, "mentor", plan.mentor, found.mentee_price),
        _standing(problem, opened, "mentee", plan.mentee, found.mentor_price),
    ]
    return tell(problem, standings, found.proven)


def _standing(
    problem: Problem, opened: Opened, side: str, matched: IntArray, partner_price: IntArray
) -> Standing:
    """Where the people of a side who have no pair stand; zeros for all others."""
    market = opened.market
    roster, places = problem.mentors, market.mentee_places
    if side == "mentee":
        roster, places = problem.mentees, market.mentor_places
    alone = np.ones(len(roster), bool)
    alone[matched] = False
    partners, reachable = np.zeros(len(roster), np.int64), np.zeros(len(roster), np.int64)
    margin = np.full(len(roster), -NEVER)
    for other, who in blocks(len(places), np.flatnonzero(alone)):
        worth = market.worth(who.T, other.T).T if side == "mentor" else market.worth(other, who)
        may = worth != NEVER
        can = may & (places > 0)
        rows = who.ravel()
        partners[rows] = may.sum(axis=1)
        reachable[rows] = can.sum(axis=1)
        margin[rows] = np.where(can, partner_price - worth, -NEVER).min(axis=1)
    return Standing(side, roster, alone, partners, reachable, margin)
