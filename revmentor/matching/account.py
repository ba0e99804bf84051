"""What do the final prices prove, and why is somebody without a pair?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray, blocks
from revmentor.matching.columns import Columns
from revmentor.matching.market import FreeMarket
from revmentor.matching.result import Certificate, no_side_constraints, prices, table
from revmentor.matching.unmatched import Standing, tell

if TYPE_CHECKING:
    import pandas as pd

NEVER = -(2**62)


@dataclass(frozen=True, eq=False)
class Settled:
    """The certificate, and what tells everybody who has no pair with the reason."""

    certificate: Certificate
    unmatched: Callable[[], pd.DataFrame]


def settle(market: FreeMarket, plan: Columns, mentor_price: IntArray, proven: bool) -> Settled:
    """One pass over all pairs with the final prices of the mentors.

    A mentee's price is what the last of their places must leave after the mentor's price, so that
    with the prices of the pairs above it the sum is the bound of `pricing.price`. The price of a
    mentor without places is what a first place would add.
    """
    problem = market.problem
    mentors, mentees = len(problem.mentors), len(problem.mentees)
    open_mentor = market.mentor_places > 0
    charged = mentor_price.copy()
    mentee_price = np.zeros(mentees, np.int64)
    extra: list[Columns] = []
    partners = np.zeros(mentors, np.int64), np.zeros(mentees, np.int64)
    reachable = np.zeros(mentors, np.int64), np.zeros(mentees, np.int64)
    margin = np.full(mentors, NEVER), np.full(mentees, NEVER)
    for i, j in blocks(mentors, mentees):
        rows = j.ravel()
        worth = market.worth(i, j)
        may = worth >= 0
        left = np.where(may & open_mentor, worth - mentor_price, NEVER)
        price, above = _mentee_prices(left, market.mentee_places[rows])
        mentee_price[rows] = price
        row, mentor = np.nonzero(above)
        extra.append(Columns(mentor, rows[row], left[row, mentor] - price[row]))
        to_mentee = np.where(may, worth - price[:, None], NEVER)
        charged = np.where(open_mentor, charged, np.maximum(charged, to_mentee.max(axis=0)))
        partners[0][:] += may.sum(axis=0)
        partners[1][rows] = may.sum(axis=1)
        can = may & open_mentor
        reachable[1][rows] = can.sum(axis=1)
        can = may & (market.mentee_places[rows] > 0)[:, None]
        reachable[0][:] += can.sum(axis=0)
        margin[1][rows] = left.max(axis=1)
        np.maximum(margin[0], np.where(can, to_mentee, NEVER).max(axis=0), out=margin[0])
    certificate = _certificate(market, charged, mentee_price, extra)
    matched = _matched(market, plan)
    standings = [
        Standing(side, roster, ~matched[k], partners[k], reachable[k], -margin[k])
        for k, (side, roster) in enumerate(
            (("mentor", problem.mentors), ("mentee", problem.mentees))
        )
    ]
    return Settled(certificate, partial(tell, problem, standings, proven))


def _mentee_prices(left: IntArray, places: IntArray) -> tuple[IntArray, BoolArray]:
    """What the last place must leave, at least 0; and the pairs of open mentees that leave more."""
    if places.max(initial=0) <= 1:
        return np.maximum(left.max(axis=1), 0), np.zeros(left.shape, bool)
    most = min(int(places.max()), left.shape[1])
    top = -np.sort(-np.partition(left, -most, axis=1)[:, -most:], axis=1)
    last = np.take_along_axis(top, np.clip(places - 1, 0, most - 1)[:, None], axis=1)[:, 0]
    price = np.maximum(np.where(places <= left.shape[1], last, 0), 0)
    return price, (left > price[:, None]) & (places > 0)[:, None]


def _certificate(
    market: FreeMarket, mentor: IntArray, mentee: IntArray, extra: list[Columns]
) -> Certificate:
    ids = market.problem.mentors.ids, market.problem.mentees.ids
    i, j, price = (
        np.concatenate([np.empty(0, np.int64), *(getattr(part, name) for part in extra)])
        for name in ("mentor", "mentee", "units")
    )
    pairs = {
        "mentor_id": [ids[0][k] for k in i.tolist()],
        "mentee_id": [ids[1][k] for k in j.tolist()],
        "price": price,
    }
    return Certificate(
        mentor=partial(prices, ids[0], mentor),
        mentee=partial(prices, ids[1], mentee),
        pair=partial(table, pairs),
        side_constraints=no_side_constraints,
    )


def _matched(market: FreeMarket, plan: Columns) -> tuple[BoolArray, BoolArray]:
    pinned = market.pinned.pairs()
    sides = []
    for places, ours, fixed in (
        (market.mentor_places, plan.mentor, pinned[0]),
        (market.mentee_places, plan.mentee, pinned[1]),
    ):
        has = np.zeros(len(places), bool)
        has[ours] = True
        has[fixed] = True
        sides.append(has)
    return sides[0], sides[1]
