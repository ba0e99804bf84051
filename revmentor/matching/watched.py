"""Which pairs are watched, so that no pass over all pairs is needed while prices fall little?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.columns import Columns


@dataclass(frozen=True, eq=False)
class Watched:
    """All pairs whose gain exceeded -depth at some earlier prices.

    While no price falls by half the depth, no other pair can improve the plan.
    """

    columns: Columns
    mentor_price: IntArray
    mentee_price: IntArray
    depth: int

    def fallen(
        self,
        mentor_price: IntArray,
        mentee_price: IntArray,
        mentors: IntArray,
        mentees: IntArray,
    ) -> tuple[IntArray, IntArray] | None:
        """Mentors and mentees whose price has fallen by half the depth; None if they are many.

        Prices of one side may rise while all of the other fall: what counts is their sum, so the
        usual shift is taken out first.
        """
        fall_i = self.mentor_price - mentor_price
        fall_j = self.mentee_price - mentee_price
        shift = int(np.median(fall_i[mentors]))
        half = self.depth // 2 - 1
        hot = mentors[fall_i[mentors] - shift > half], mentees[fall_j[mentees] + shift > half]
        many = len(hot[0]) * 4 > len(mentors) or len(hot[1]) * 4 > len(mentees)
        return None if many else hot
