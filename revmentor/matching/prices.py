"""Which whole prices prove that a matching is the best on the pairs considered?"""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.columns import Columns
from revmentor.matching.market import Market

FAR = np.int64(2**62)


def exact_prices(
    market: Market, columns: Columns, taken: BoolArray
) -> tuple[IntArray, IntArray] | None:
    """Whole prices that support the matching, the mentors' as small as can be.

    Prices v of mentors and u of mentees support a matching if u + v is at least the units of
    every pair not taken and at most those of every pair taken, nothing is negative, and people
    with places left cost 0. They are distances in a graph (of -v and u, with an arc for each
    condition), so Bellman and Ford's method finds them in whole numbers, where a solver's prices
    are only nearly whole.

    Parameters
    ----------
    taken : array of bool
        The matching, one value per column.

    Returns
    -------
    (mentor prices, mentee prices) : arrays of int, or None
        None: another matching on these columns scores more.
    """
    i, j, units = columns.mentor, columns.mentee, columns.units
    mentors, mentees = len(market.mentor_places), len(market.mentee_places)
    spare_mentor = np.bincount(i[taken], minlength=mentors) < market.mentor_places
    full = np.bincount(j[taken], minlength=mentees) >= market.mentee_places
    minus_v = np.zeros(mentors, np.int64)
    u = np.where(full & (market.mentee_places > 0), FAR, 0)
    free = ~taken
    for _ in range(mentors + mentees + 1):
        before = minus_v.copy(), u.copy()
        np.minimum.at(u, j[taken], minus_v[i[taken]] + units[taken])
        np.minimum.at(minus_v, i[free], u[j[free]] - units[free])
        if np.array_equal(before[0], minus_v) and np.array_equal(before[1], u):
            supported = (u >= 0).all() and (minus_v[spare_mentor] == 0).all()
            return (-minus_v, u) if supported else None
    return None
