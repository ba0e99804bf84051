"""Who meets whom when everybody has one place and the worth of all pairs is at hand?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revmentor.errors import SolverError
from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.assignment import assign

# Units beyond this could make the length of an augmenting path overflow 64 bits.
MOST_UNITS = 2**60


@dataclass(frozen=True, eq=False)
class Assignment:
    """A best plan of a small market and the prices that prove it.

    Parameters
    ----------
    mentor_of : array of int, shape (mentees,)
        The mentor of each mentee, -1 for none.
    mentor_price, mentee_price : array of int, >= 0
        No pair that is allowed is worth more than its two prices, pairs made are worth just
        that, and who has no partner has price 0.
    """

    mentor_of: IntArray
    mentor_price: IntArray
    mentee_price: IntArray

    @property
    def dual_value(self) -> int:
        """All prices, which no plan can exceed."""
        return int(sum(self.mentor_price.tolist())) + int(sum(self.mentee_price.tolist()))


def assigned(
    units: IntArray, mentor_price: IntArray | None = None, mentee_price: IntArray | None = None
) -> Assignment:
    """The plan worth most, everybody having one place and leave to stay without a partner.

    Parameters
    ----------
    units : array of int, shape (mentees, mentors)
        What each pair is worth, at most 2**60; negative if it is not allowed.
    mentor_price, mentee_price : array of int, optional
        Where to start from, such as the prices of nearly the same market. Those of the larger
        side are used.

    Raises
    ------
    SolverError
        Some units are above 2**60.

    >>> found = assigned(np.array([[9, 8], [7, -1]]))
    >>> found.mentor_of.tolist(), found.dual_value
    ([1, 0], 15)
    """
    mentees, mentors = units.shape
    largest = int(units.max(initial=0))
    if largest > MOST_UNITS:
        raise SolverError(
            f"a pair is worth {largest} units, above 2**60: prices would overflow. "
            "To fix: give smaller weights, priorities or scores."
        )
    is_tall = mentees > mentors
    values = np.ascontiguousarray(units.T if is_tall else units, np.int64)
    start = mentee_price if is_tall else mentor_price
    row_price = np.empty(min(mentees, mentors), np.int64)
    column_of = np.empty(len(row_price), np.int64)
    column_price = np.zeros(max(mentees, mentors), np.int64)
    if start is not None:
        np.clip(start, 0, largest, out=column_price)
    assign(values, row_price, column_price, column_of)
    if not is_tall:
        return Assignment(column_of, column_price, row_price)
    mentor_of = np.full(mentees, -1)
    made = np.flatnonzero(column_of >= 0)
    mentor_of[column_of[made]] = made
    return Assignment(mentor_of, row_price, column_price)
