"""How often would a study of a given size tell two values apart?"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

type Chance = Callable[[float, float, float], float]
"""Reference, true value and n to the chance (0..1) that they are told apart."""

ALPHA = 0.05
_EDGE = 1e-9


def share_chance(reference: float, value: float, n: float) -> float:
    """How often does a share of n tell its true value from a known reference?

    Score test, normal approximation: the variance is the reference's under no change and the true
    value's otherwise (`statsmodels.stats.power.normal_power_het`, two-sided 5%).

    >>> round(share_chance(0.90, 0.95, 239), 3)
    0.802
    """
    from statsmodels.stats.power import normal_power_het

    null = min(max(reference, _EDGE), 1 - _EDGE)
    true = min(max(value, _EDGE), 1 - _EDGE)
    return float(
        normal_power_het(
            true - null,
            n,
            ALPHA,
            std_null=math.sqrt(null * (1 - null)),
            std_alternative=math.sqrt(true * (1 - true)),
            alternative="two-sided",
        )
    )


def two_shares_chance(base: float, ratio: float) -> Chance:
    """How often do two groups tell a difference of shares from the reference difference?

    Normal approximation; variance pooled under no difference
    (`statsmodels.stats.proportion.power_proportions_2indep`, two-sided 5%). A reference other than
    0 is taken as a shift of the difference.

    Parameters
    ----------
    base : float
        Share of the comparison group, 0..1.
    ratio : float
        Size of the comparison group per participant.

    >>> round(two_shares_chance(0.90, 1.0)(0.0, 0.05, 434), 3)
    0.8
    """

    def chance(reference: float, value: float, n: float) -> float:
        from statsmodels.stats.proportion import power_proportions_2indep

        true = min(max(base + value, _EDGE), 1 - _EDGE)
        null = min(max(base + reference, _EDGE), 1 - _EDGE)
        found = power_proportions_2indep(true - null, null, n, ratio=ratio, alpha=ALPHA)
        return float(found.power)

    return chance


def paired_chance(spread: float) -> Chance:
    """How often does a mean of n values tell its true value from a known reference?

    Student's t (`statsmodels.stats.power.TTestPower`, two-sided 5%).

    Parameters
    ----------
    spread : float
        Standard deviation of one value, above 0.

    >>> round(paired_chance(1.0)(0.0, 0.5, 34), 3)
    0.808
    """

    def chance(reference: float, value: float, n: float) -> float:
        from statsmodels.stats.power import TTestPower

        found = TTestPower().power(abs(value - reference) / spread, n, ALPHA)
        return 1.0 if math.isnan(found) else float(found)

    return chance


def winner(
    chance: Callable[[float], float], start: float, end: float, enough: float
) -> float | None:
    """Which value nearest to start, on the way to end, has chance enough? None: not even end.

    >>> winner(lambda value: value, 0.0, 1.0, 0.8)
    0.8
    """
    from scipy.optimize import brentq

    if start == end or chance(end) < enough:
        return None
    return float(brentq(lambda value: chance(value) - enough, start, end, xtol=1e-9))


def smallest_n(
    chance: Callable[[float], float], enough: float, least: int, most: int
) -> int | None:
    """Which smallest whole n has chance enough, to a tenth of a percent? None: not even most.

    >>> smallest_n(lambda n: n / 100, 0.8, 2, 1000)
    80
    """
    bar = enough - 0.0005
    if chance(most) < bar:
        return None
    low, high = least - 1, most
    while high - low > 1:
        middle = int(np.sqrt(max(low, 1) * high)) if high > 4 * max(low, 1) else (low + high) // 2
        middle = min(max(middle, low + 1), high - 1)
        low, high = (low, middle) if chance(middle) >= bar else (middle, high)
    return high
