"""Which matching is fairest to the worst off, then to the next, and so on?"""

from __future__ import annotations

import numpy as np

from revmentor.matching.clock import Clock
from revmentor.matching.fairness.face import Face
from revmentor.matching.fairness.max_min import Bottleneck
from revmentor.matching.fairness.service import Fair
from revmentor.matching.fairness.table import Compared, Table, fortunes
from revmentor.matching.fairness.total import largest_total
from revmentor.matching.worth import Market


def leximin(market: Market, who: Compared, clock: Clock, *, seed: int = 0) -> Fair:
    """Among all matchings the fortunes, from the worst, are as high as possible one by one.

    The vector of fortunes (`fortunes`: best pair of each person compared, ascending, 0 without a
    pair) is lexicographically largest: so most people are served, then the worst has as much as
    possible, then the second worst, and so on; then the total worth is as large as possible. It is
    exact also where many pairs have the same units.

    Parameters
    ----------
    market : Market
    who : Compared
    clock : Clock
    seed : int
        Decides between equally good plans: it orders people, and the search meets them in that
        order.

    Returns
    -------
    Fair

    Raises
    ------
    InputError
        There are too many pairs to hold.
    OutOfTime
        The clock's limit has passed.
    """
    table = Table.of(market, who, clock, seed)
    start = Bottleneck(table, market.least, clock)
    start.probe_ceiling()
    if start.worst:
        start.narrow()
    face, most = start.face, start.most
    face.rise(clock, start.worst)
    first = table.plan(*face.pairs())
    plan = first if _all_said(table) else largest_total(face, clock)
    held = fortunes(market, plan, who)
    held = held[held > 0]
    worst = int(held[0]) if len(held) else 0
    if not worst:
        return Fair(plan, 0, 0, most, None)
    beyond = Face(table)
    beyond.serve(worst + 1, clock, face)
    return Fair(plan, len(held), worst, most, beyond.proof(worst + 1))


def _all_said(table: Table) -> bool:
    """Does the vector of fortunes already decide the total?"""
    alone = np.all((table.row_places == 0) | (table.row_counts & (table.row_places == 1)))
    return bool(alone) and not table.column_counts.any() and table.worth is table.units
