"""Has a figure changed between two cycles, or could it be chance?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Direction = Literal["up", "down", "open"]


@dataclass(frozen=True)
class Figure:
    """A value with its 95% interval; without one where everybody was counted."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Change:
    """How much a figure changed: ``direction`` is open where the interval holds no change."""

    value: float
    low: float
    high: float
    direction: Direction


def change_between(first: Figure, last: Figure) -> Change:
    """By how much did the figure change, and is the change more than chance?

    Parameters
    ----------
    first, last : Figure
        In the same unit, of two cycles.

    Returns
    -------
    Change
        last minus first, with a 95% interval.

    Notes
    -----
    The interval of the difference is made from the two intervals (MOVER; Zou and Donner 2008): with
    d = b - a, low = d - sqrt((b - low_b)^2 + (high_a - a)^2), high = d + sqrt((high_b - b)^2 +
    (a - low_a)^2). With Wilson's intervals of two shares this is Newcombe's (1998) method 10. The
    two cycles are taken as independent; where the same people take part in both it is too wide
    rather than too narrow, as their figures mostly go together.

    >>> found = change_between(Figure(0.70, 0.60, 0.78), Figure(0.90, 0.82, 0.95))
    >>> round(found.value, 2), found.direction
    (0.2, 'up')
    """
    difference = last.value - first.value
    below = math.hypot(_gap(last.value, last.low), _gap(first.high, first.value))
    above = math.hypot(_gap(last.high, last.value), _gap(first.value, first.low))
    low, high = difference - below, difference + above
    direction: Direction = "up" if low > 0 else "down" if high < 0 else "open"
    return Change(difference, low, high, direction)


def _gap(upper: float | None, lower: float | None) -> float:
    return 0.0 if upper is None or lower is None else upper - lower
