"""What do the prices prove, and do they cover every pair?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from revmentor.matching.result import Certificate
from revmentor.matching.verification.case import Case
from revmentor.matching.verification.chosen import Chosen
from revmentor.matching.verification.fortunes import one_place_each
from revmentor.matching.verification.multipliers import Multipliers
from revmentor.matching.verification.recount import Units

# Pairs are looked at exactly so many at a time.
PAIRS = 1 << 16
# Prices beyond this are those of no solver; sums of two stay within 64 bits.
LARGEST = 2**62
# Up to so many pairs that the prices leave open are kept for a model.
MOST_OPEN = 20_000


class Prices:
    """The prices of a certificate, checked.

    Parameters
    ----------
    case : Case
    chosen : Chosen
    certificate : Certificate

    Attributes
    ----------
    bound : int
        What they prove, in units: no matching is worth more; with a bonus or the solver's own
        condition, none with as many pairs.
    proves_most_pairs : bool
        And none has more pairs.
    open : (array of int, array of int) or None
        After `cover`: the only pairs, beside pins, that a matching worth more can have; None if
        they are too many.
    """

    def __init__(self, case: Case, chosen: Chosen, certificate: Certificate) -> None:
        self.case, self.chosen = case, chosen
        self.bonus, self.least = certificate.bonus, certificate.least
        self.bound = 0
        self.proves_most_pairs = False
        self.open: tuple[Units, Units] | None = None
        self.sides = [np.zeros(len(ids), np.int64) for ids in case.at]
        # Pairs with a price of their own, ascending, and that price.
        self._dearer, self._pair_price = np.empty((2, 0), np.int64)
        counted = case.problem.objective == "participation" or one_place_each(case)
        self.multipliers = Multipliers(
            case,
            {str(name): int(by) for name, by in certificate.side_constraints.items()},
            chosen.pairs,
            counts_pairs=counted,
        )
        if self.bonus < 0 or (self.bonus and not counted):
            case.fail("the certificate has a bonus, but the number of pairs does not come first")
        # Where everybody compared has one place, all their pairs are at least the worst one.
        fairest = counted and case.fair
        lowest = min(chosen.units[chosen.free].tolist(), default=0) if fairest else 0
        if self.least > max(case.second.least, lowest):
            case.fail(f"the certificate covers only pairs of at least {self.least} units")
        if self._read(certificate):
            self._prove(certificate)

    def _read(self, certificate: Certificate) -> bool:
        case = self.case
        prices: list[dict[Any, int]] = [
            side.to_dict() for side in (certificate.mentor, certificate.mentee)
        ]
        extra = certificate.pair
        if any(found.keys() != at.keys() for found, at in zip(prices, case.at, strict=True)):
            case.fail("the certificate does not price exactly the people of the pool")
            return False
        every = [*prices[0].values(), *prices[1].values(), *extra["price"]]
        if min(every, default=0) < 0:
            case.fail("the certificate has a negative price")
        if max([*every, self.bonus], default=0) > LARGEST:
            case.fail("the certificate has a price beyond all scores")
            return False
        self.sides = [
            np.array([found[who] for who in at], np.int64)
            for found, at in zip(prices, case.at, strict=True)
        ]
        listed = {(mentor, mentee): int(price)
                  for mentor, mentee, price in extra.itertuples(index=False)}  # fmt: skip
        if len(listed) < len(extra):
            case.fail("the certificate prices a pair twice")
        known = case.inside(list(listed))
        key = case.key(*case.places(known))
        order = np.argsort(key)
        self._dearer = key[order]
        self._pair_price = np.array([listed[pair] for pair in known], np.int64)[order]
        return True

    def _prove(self, certificate: Certificate) -> None:
        """Add up what every other matching pays at least its own worth of."""
        case, n = self.case, self.chosen.pairs
        paid = sum(int(price) for price in certificate.pair["price"])
        for places, price in zip(case.left, self.sides, strict=True):
            paid += sum(a * b for a, b in zip(places.tolist(), price.tolist(), strict=True))
        total = math.floor(paid + self.multipliers.constant)
        i, j = case.places(case.inside(list(case.pins)))
        self.bound = sum(case.worth(i, j).tolist()) + total - self.bonus * n
        if self.bonus and self.least <= case.second.least:
            # Each pair pays the bonus and what it is worth, which might be below 0.
            each = self.bonus + min(0, sum(int(p.units.min(initial=0)) for p in case.priorities))
            self.proves_most_pairs = each > 0 and total // each <= n

    @property
    def slack(self) -> int:
        """A matching that is worth more than the chosen pairs loses fewer units than this."""
        return max(0, self.bound - self.chosen.objective)

    def filled(self, side: int) -> Units:
        """How many places of each person such a matching fills: the others cost their price."""
        price, left = self.sides[side], np.maximum(self.case.left[side], 0)
        idle = np.where(price > 0, self.slack // np.maximum(price, 1), left)
        pinned = np.bincount(
            self.case.places(self.case.inside(list(self.case.pins)))[side], minlength=len(left)
        )
        return np.where(idle < left, left - idle + pinned, 0)

    def cover(self) -> None:
        """Look at all pairs: is every one covered, and which could be in something better?"""
        case = self.case
        slack = self.slack
        worst = np.zeros((3, len(self.sides[1])), np.int64)
        kept: list[Units] | None = []
        added = [*case.priorities, *self.multipliers.added()]
        same = self.bonus + self.multipliers.as_many
        if case.m.status != "optimal":
            slack, kept = 0, None
        for i, j in case.second.suspects(self.sides[0] - same - slack, self.sides[1], added):
            for start in range(0, len(i), PAIRS):
                some = slice(start, start + PAIRS)
                near = self._cover(i[some], j[some], worst, slack)
                if kept is not None:
                    kept.append(near)
                    if sum(map(len, kept)) > MOST_OPEN:
                        kept = None
        for k in np.flatnonzero(worst[0]).tolist():
            count, short, mentor = worst[:, k].tolist()
            case.fail(
                f"the prices do not cover {count} pairs of mentee {case.second.mentees[k]}, the "
                f"worst with {case.second.mentors[mentor]} by {short} units"
            )
        if kept is not None:
            key = np.unique(np.concatenate([np.empty(0, np.int64), *kept]))
            self.open = key // len(self.sides[1]), key % max(1, len(self.sides[1]))

    def _cover(self, i: Units, j: Units, worst: Units, slack: int) -> Units:
        """By mentee: how many pairs are not covered, and the worst of them; keys of open pairs."""
        case = self.case
        units = case.second.units(i, j)
        short = units + self.bonus - self.sides[0][i] - self.sides[1][j]
        short += self.multipliers.at(i, j)
        for more in case.priorities:
            short += more.at(i, j)
        at = np.flatnonzero((short > -slack) & (units >= max(self.least, case.second.least)))
        at = at[case.may(i[at], j[at])]
        i, j, short = i[at], j[at], short[at]
        key = case.key(i, j)
        placed = (case.left[0][i] > 0) & (case.left[1][j] > 0)
        _, place, known = np.intersect1d(key, self._dearer, True, return_indices=True)
        short[place] -= self._pair_price[known]
        out = np.flatnonzero(short > 0)
        out = out[np.lexsort((i[out], -short[out], j[out]))]
        mentee, first, count = np.unique(j[out], return_index=True, return_counts=True)
        worst[0, mentee] += count
        more_short = short[out[first]] > worst[1, mentee]
        worst[1, mentee[more_short]] = short[out[first[more_short]]]
        worst[2, mentee[more_short]] = i[out[first[more_short]]]
        return key[placed]
