"""How strong must what nobody measured be, to explain a difference away?"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class EValue:
    """Strength of association, as a risk ratio, that an unmeasured cause would need.

    Parameters
    ----------
    ratio, low, high : float
        Risk ratio of the event, treated against control, with its interval.
    point : float
        E-value of the ratio, at least 1.
    end : float
        E-value of the end of the interval nearer to 1; 1 where the interval holds 1.
    """

    ratio: float
    low: float
    high: float
    point: float
    end: float


def e_value(ratio: float, low: float, high: float) -> EValue:
    """Which E-value has a risk ratio with this interval?

    RR + sqrt(RR (RR - 1)), of 1 / RR where RR is below 1 (VanderWeele and Ding 2017, Annals of
    Internal Medicine 167): something unmeasured would have to be associated with both taking part
    and the event by at least this risk ratio each, beyond what was balanced.

    Parameters
    ----------
    ratio, low, high : float
        Above 0; low <= ratio <= high.

    Raises
    ------
    ValueError
        Where they are not: a ratio needs events in both groups.

    >>> found = e_value(3.9, 1.8, 8.7)
    >>> round(found.point, 2), round(found.end, 2)
    (7.26, 3.0)
    """
    if not 0 < low <= ratio <= high:
        raise ValueError("a risk ratio is above 0 and inside its interval")
    near = low if ratio > 1 else high
    end = 1.0 if low <= 1 <= high else _of(near)
    return EValue(ratio, low, high, _of(ratio), end)


def _of(ratio: float) -> float:
    up = max(ratio, 1 / ratio)
    return up + math.sqrt(up * (up - 1))
