"""Whose fortunes are compared, and what does every pair give them?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from revmentor.errors import Fault, InputError
from revmentor.matching.arrays import BoolArray, IntArray, blocks
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.worth import NEVER, Market

Over = Literal["mentees", "mentors", "both"]

# A table holds eight bytes a pair (sixteen where worth is more than units), sorting as much again.
MOST_PAIRS = 25_000_000


@dataclass(frozen=True, eq=False)
class Compared:
    """People whose fortunes are compared: of each side, who counts.

    Parameters
    ----------
    mentors, mentees : array of bool
        Who has a place and is asked about. People who are served already, by a required pair,
        are better left out.
    """

    mentors: BoolArray
    mentees: BoolArray

    @classmethod
    def of(cls, market: Market, over: Over, served: Compared | None = None) -> Compared:
        """Everybody with a place on the sides that `over` names, but for those served already."""
        mentors = (market.mentor_places > 0) & (over != "mentees")
        mentees = (market.mentee_places > 0) & (over != "mentors")
        if served is not None:
            mentors &= ~served.mentors
            mentees &= ~served.mentees
        return cls(mentors, mentees)

    def one_each(self, market: Market) -> bool:
        """Does every pair give every person compared all that they can get?

        Then the worst person's best pair is the worst pair, and the number of people served
        follows from the number of pairs.
        """
        sides = (self.mentors, market.mentor_places), (self.mentees, market.mentee_places)
        asked = [(who, places) for who, places in sides if who.any()]
        return all(bool(np.all((places == 0) | (who & (places == 1)))) for who, places in asked)


def fortunes(market: Market, plan: Columns, who: Compared) -> IntArray:
    """Best pair of each person compared, in units and ascending; 0 for people without a pair.

    The order of two plans' fortunes, as texts are ordered, is what leximin means. The best pair
    and not the sum of pairs, because the latter makes even the worst person's fortune hard to
    improve (the Santa Claus problem is NP-hard); and a further partner never makes anybody poorer.
    """
    units = market.scores.units(plan.mentor, plan.mentee)
    best = []
    for side, counts in ((plan.mentor, who.mentors), (plan.mentee, who.mentees)):
        of = np.zeros(len(counts), np.int64)
        np.maximum.at(of, side, units)
        best.append(of[counts])
    return np.sort(np.concatenate(best))


@dataclass(frozen=True, eq=False)
class Table:
    """A market with all its pairs, one side by rows and the other by columns.

    Parameters
    ----------
    units : array of int, shape (rows, columns)
        Units of each pair; 0 where it is not allowed.
    worth : array of int, same shape
        What a pair adds to the total.
    row_places, column_places : array of int
        Open places, hardly more than there are partners: enough never to be short.
    row_counts, column_counts : array of bool
        Who is compared. Rows are, unless nobody is.
    rows, columns : array of int
        Number in the market of each row and column: a seeded order.
    mentors_by_row : bool
    alike : bool
        Both sides are compared, but as all have one place it is enough to look at rows.
    """

    units: IntArray
    worth: IntArray
    row_places: IntArray
    column_places: IntArray
    row_counts: BoolArray
    column_counts: BoolArray
    rows: IntArray
    columns: IntArray
    mentors_by_row: bool
    alike: bool

    @classmethod
    def of(cls, market: Market, who: Compared, clock: Clock, seed: int = 0) -> Table:
        """Look at every pair once.

        Raises
        ------
        InputError
            There are too many pairs to hold.
        """
        shape = len(market.mentee_places), len(market.mentor_places)
        check_size(*shape)
        random = np.random.default_rng(seed)
        mentees, mentors = (random.permutation(size) for size in shape)
        plain = not market.groups and not len(market.pairs)
        worth = np.empty(shape, np.int64)
        units = worth if plain else np.empty(shape, np.int64)
        for i, j in blocks(shape[1], shape[0]):
            clock.check()
            rows = slice(int(j[0, 0]), int(j[-1, 0]) + 1)
            cells = mentors[i], mentees[j]
            worth[rows] = market.worth(*cells)
            out = worth[rows] == NEVER
            if not plain:
                units[rows] = market.scores.units(*cells)
                units[rows][out] = 0
            worth[rows][out] = 0
        places = [market.mentee_places[mentees], market.mentor_places[mentors]]
        counts = [who.mentees[mentees], who.mentors[mentors]]
        order = [mentees, mentors]
        swap = bool(counts[1].any() and not counts[0].any())
        if swap:
            units, worth = (np.ascontiguousarray(held.T) for held in (units, worth))
            places, counts, order = places[::-1], counts[::-1], order[::-1]
        partners = np.count_nonzero(units, 1), np.count_nonzero(units, 0)
        alike = all(
            bool(np.all((held == 0) | (counted & (held == 1))))
            for held, counted in zip(places, counts, strict=True)
        )
        if alike:
            counts[1] = np.zeros_like(counts[1])
        return cls(
            units,
            worth,
            np.minimum(places[0], partners[0] + 2),
            np.minimum(places[1], partners[1] + 2),
            counts[0],
            counts[1],
            order[0],
            order[1],
            swap,
            alike,
        )

    def plan(self, rows: IntArray, columns: IntArray) -> Columns:
        """Pairs of rows and columns as pairs of the market, sorted by mentee and mentor."""
        ends = self.rows[rows], self.columns[columns]
        mentor, mentee = ends if self.mentors_by_row else ends[::-1]
        order = np.lexsort((mentor, mentee))
        return Columns(mentor[order], mentee[order], self.worth[rows, columns][order])


def check_size(mentees: int, mentors: int) -> None:
    """Refuse more pairs than a table may hold.

    >>> check_size(5_000, 5_000)
    """
    if mentees * mentors > MOST_PAIRS:
        raise InputError(
            Fault(
                "too many pairs to compare",
                f"{mentors:,} mentors and {mentees:,} mentees make {mentees * mentors:,} pairs; "
                f"this objective holds all of them and stops at {MOST_PAIRS:,}",
                "choose objective max_min over a side on which everybody has one place, or "
                "participation, or match by site or department, one after the other",
                "",
                None,
                "objective",
            )
        )
