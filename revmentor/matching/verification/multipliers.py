"""What do the multipliers of conditions and waves add to pairs, and to the bound?

Multipliers m of conditions a x >= b (m >= 0) or a x <= b (m <= 0) and n >= 0 of waves turn what
pairs are worth into::

    worth + sum of m a / per pair - cheapest n of the waves in which both are free

If prices cover that for every pair, then no matching that keeps to all conditions and waves is
worth more than all prices of places left and of pairs, and the pins, and this constant::

    - sum of m (b - a of the pins) / per pair + sum of n x most pairs - cheapest n of each pin

(weak duality). Everything is counted in whole numbers: as all else is whole, a pair is covered if
and only if it is covered with its fraction rounded up, and a bound may be rounded down.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np

from revmentor.matching.conditions import Condition
from revmentor.matching.verification.case import Case
from revmentor.matching.verification.recount import Added, Units, WaveLimits

# The solver's own condition: at least as many pairs as the matching has.
AS_MANY = "participation"
WAVE = "wave:"


class Multipliers:
    """Multipliers of a certificate, by name, checked for their signs.

    Parameters
    ----------
    case : Case
    stated : dict of name to int
    pairs : int
        How many pairs the matching has beside its pins.
    counts_pairs : bool
        Is the matching compared only with others of as many pairs?

    Attributes
    ----------
    constant : Fraction
    as_many : int
        Multiplier of the solver's own condition.
    """

    def __init__(
        self, case: Case, stated: dict[str, int], pairs: int, *, counts_pairs: bool
    ) -> None:
        self.case = case
        self.constant = Fraction(0)
        self.as_many = 0
        self._parts: list[tuple[Condition, int]] = []
        self._prices: list[int] = []
        left = dict(stated)
        for condition in case.conditions:
            self._condition(condition, left.pop(condition.name, 0))
        if case.waves is not None:
            self._wave_limits(case.waves, left)
        if counts_pairs and AS_MANY in left:
            self.as_many = left.pop(AS_MANY)
            self._sign(AS_MANY, self.as_many, pairs, None)
            self.constant -= self.as_many * pairs
        for name in left:
            case.fail(f"the certificate has a multiplier of {name}, which is not asked for")
        self._scale = math.lcm(*(c.per_pair for c, _ in self._parts))
        self._shares = [self._split(condition, by) for condition, by in self._parts]

    def _sign(self, name: str, by: int, lower: int | None, upper: int | None) -> bool:
        if (by > 0 and lower is None) or (by < 0 and upper is None):
            end, sign = ("lower", "above") if by > 0 else ("upper", "below")
            self.case.fail(f"the multiplier of {name} is {sign} 0, but it has no {end} bound")
            return False
        return True

    def _condition(self, condition: Condition, by: int) -> None:
        if not by or not self._sign(condition.name, by, condition.lower, condition.upper):
            return
        bound = condition.lower if by > 0 else condition.upper
        assert bound is not None
        i, j = self._pins()
        bound -= sum(condition.at(i, j).tolist())
        self.constant -= Fraction(by * bound, condition.per_pair)
        self._parts.append((condition, by))

    def _wave_limits(self, waves: WaveLimits, left: dict[str, int]) -> None:
        for name, most in zip(waves.names, waves.at_most, strict=True):
            price = left.pop(WAVE + name, 0)
            if price < 0:
                self.case.fail(f"the multiplier of wave {name} is below 0")
            elif price and most is None:
                self.case.fail(f"wave {name} has a multiplier, but holds any number of pairs")
            else:
                self.constant += price * (most or 0)
            self._prices.append(price)
        for open_to in waves.open_to(*self._pins()).tolist():
            self.constant -= self._cheapest(open_to)

    def _pins(self) -> tuple[Units, Units]:
        return self.case.places(self.case.inside(list(self.case.pins)))

    def _cheapest(self, open_to: int) -> int:
        """The least price of these waves; 0 where there is none."""
        return min((p for w, p in enumerate(self._prices) if open_to >> w & 1), default=0)

    def _split(self, condition: Condition, by: int) -> tuple[Added, Added]:
        """What a condition adds: whole units, and what is left in parts of the scale."""
        times = by * condition.coefficient.astype(object)
        whole, rest = times // condition.per_pair, times % condition.per_pair
        parts = (rest * (self._scale // condition.per_pair)).astype(np.int64)
        return (
            Added(condition.mentor, condition.mentee, whole.astype(np.int64)),
            Added(condition.mentor, condition.mentee, parts),
        )

    def closely(self, slack: int) -> list[Condition]:
        """What holds of every matching worth more than the bound less so many units.

        What it spares in a condition costs it the multiplier: it can spare no more than that pays.
        """
        found = []
        for condition, by in self._parts:
            spare = condition.per_pair * slack // abs(by)
            if by > 0 and condition.lower is not None:
                found.append(replace(condition, lower=None, upper=condition.lower + spare))
            elif condition.upper is not None:
                found.append(replace(condition, lower=condition.upper - spare, upper=None))
        return found

    def added(self) -> list[Added]:
        """By groups, at least what is added to pairs."""
        found = [
            Added(whole.mentor, whole.mentee, whole.units + (rest.units > 0))
            for whole, rest in self._shares
        ]
        waves = self.case.waves
        if waves is not None and any(self._prices):
            (mentors, mentor), (mentees, mentee) = (
                np.unique(bits, return_inverse=True) for bits in (waves.mentor, waves.mentee)
            )
            common = mentors[:, None] & mentees[None, :]
            cheapest = [[-self._cheapest(bits) for bits in row] for row in common.tolist()]
            found.append(Added(mentor, mentee, np.array(cheapest, np.int64).reshape(common.shape)))
        return found

    def at(self, i: Units, j: Units) -> Units:
        """What is added to listed pairs, rounded up."""
        total = np.full(len(i), self.as_many, np.int64)
        rest = np.zeros(len(i), np.int64)
        for whole, parts in self._shares:
            total += whole.at(i, j)
            rest += parts.at(i, j)
        waves = self.case.waves
        if waves is not None and any(self._prices):
            for bits in np.unique(common := waves.mentor[i] & waves.mentee[j]).tolist():
                total[common == bits] -= self._cheapest(bits)
        return total - (-rest // self._scale)
