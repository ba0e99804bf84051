"""How do compiled passes over all pairs read a market whose scores were given?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.exact import Terms
from revmentor.matching.kernels.found import Asked, Found
from revmentor.matching.kernels.given import SQUARE, given_worths, scan_given
from revmentor.matching.scanning.packed import terms_of, together, turned
from revmentor.matching.scanning.pieces import Wanted, blocks_of
from revmentor.matching.scores import MatrixScores
from revmentor.matching.tickets import Tickets
from revmentor.matching.worth import Market


@dataclass(frozen=True, eq=False)
class MatrixQuery:
    """A pass over given pairs."""

    matrix: IntArray
    terms: Terms
    asked: Asked
    partners: IntArray
    order: IntArray
    blocks: IntArray

    def scan(self, first: int, last: int, found: Found) -> int:
        """Scan some blocks; the first block that did not fit."""
        return scan_given(
            self.matrix, self.terms, self.asked, self.partners, self.order, self.blocks,
            first, last, found, np.empty((SQUARE, SQUARE), np.int64), np.empty(SQUARE, np.int64),
        )  # fmt: skip


class MatrixPasses:
    """A market whose scores were given."""

    def __init__(self, market: Market, tickets: Tickets, scale: int) -> None:
        scores = market.scores
        if not isinstance(scores, MatrixScores):
            raise TypeError(
                f"scores of kind {type(scores).__name__} cannot be scanned: give TableScores or "
                "MatrixScores"
            )
        self.matrix = np.require(scores.matrix, np.int64, ["C", "W"])
        self.people = len(market.mentor_places), len(market.mentee_places)
        self.terms = terms_of(market, (), tickets, scale)
        self.special = together((market.pairs,), *self.people)

    def worth(self, i: IntArray, j: IntArray) -> IntArray:
        """Worth of listed pairs."""
        units = np.empty(len(i), np.int64)
        given_worths(self.matrix, self.terms, i, j, units)
        return units

    def query(self, wanted: Wanted) -> MatrixQuery:
        """Get a pass ready."""
        taking_part = np.zeros(self.people[1 - wanted.side], bool)
        taking_part[wanted.among] = True
        special = self.special if wanted.side == 1 else turned(self.special, *self.people)
        none = np.empty(0)
        asked = Asked(
            owner_is_mentor=wanted.side == 0,
            mentor_price=wanted.price[0],
            mentee_price=wanted.price[1],
            owner_level=none,
            partner_level=none,
            taking_part=taking_part,
            special_start=special.start,
            special=special.mentor,
            few=wanted.few,
            floor=wanted.floor,
            tie=wanted.tie,
            largest=0.0,
        )
        blocks = blocks_of(np.zeros(len(wanted.who), np.int32))
        return MatrixQuery(self.matrix, self.terms, asked, wanted.among, wanted.who, blocks)
