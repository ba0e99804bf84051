"""How many requests may come: of one link, from one address, with links that are not ours?

The counts are in memory: they guard one server process, and begin anew with it.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_KEYS = 50_000


@dataclass(frozen=True)
class Rate:
    """So many a minute in the long run, and so many at once."""

    a_minute: float
    at_once: float


# A person needs some ten requests for a check-in. A whole company may come from one address.
LINK = Rate(60, 60)
ADDRESS = Rate(12_000, 6_000)
WRONG = Rate(20, 20)


class Allowance:
    """A bucket of tokens per key; the keys that were not seen for longest are forgotten."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self._clock = rate, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> bool:
        """May another one come? Counts it, if so.

        >>> two = Allowance(Rate(60, 2), lambda: 0.0)
        >>> [two.take("a") for _ in range(3)], two.take("b")
        ([True, True, False], True)
        """
        left = self._now(key)
        if left < 1:
            return False
        self._left[key] = (left - 1, self._clock())
        self._left.move_to_end(key)
        if len(self._left) > MOST_KEYS:
            self._left.popitem(last=False)
        return True

    def _now(self, key: str) -> float:
        left, at = self._left.get(key, (self.rate.at_once, self._clock()))
        return min(self.rate.at_once, left + (self._clock() - at) * self.rate.a_minute / 60)
