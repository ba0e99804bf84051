"""How do two shares differ: in percentage points, as odds, and beyond chance?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from revmentor.metrics.estimate import LEVEL, Estimate, not_computed


def share_difference(
    treated: int, treated_n: int, control: int, control_n: int, of: str = "people"
) -> Estimate:
    """By how much does a share differ between two groups, with Newcombe's 95% interval?

    The difference is the first share minus the second. The interval combines the two Wilson
    intervals (Newcombe 1998, method 10), so it is honest for shares near 0 and 1.

    Parameters
    ----------
    treated, control : int
        Who has it, in each group.
    treated_n, control_n : int
        Size of each group.
    of : str
        What n counts, in the plural.

    Returns
    -------
    Estimate
        Unit share (0.02 is two percentage points), -1..1; n is the sum of both groups. Not
        computed where a group is empty.

    >>> found = share_difference(56, 70, 48, 80)
    >>> f"{found.value:.4f}, {found.low:.4f} to {found.high:.4f}"
    '0.2000, 0.0524 to 0.3339'
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    method = "difference of two shares, Newcombe 95% interval"
    total = treated_n + control_n
    if not treated_n or not control_n:
        return not_computed("one of the two groups is empty", total, "share", method, of)
    low, high = confint_proportions_2indep(
        treated, treated_n, control, control_n, compare="diff", method="newcomb", alpha=1 - LEVEL
    )
    value = treated / treated_n - control / control_n
    ends = max(-1.0, min(float(low), value)), min(1.0, max(float(high), value))
    return Estimate(value, *ends, total, "share", method, "", of)


def odds_ratio(
    treated: int, treated_n: int, control: int, control_n: int, of: str = "people"
) -> Estimate:
    """How do the odds of two groups compare, with Woolf's 95% interval?

    a d / (b c); the interval is exp(log odds ratio +- 1.96 sqrt(1/a + 1/b + 1/c + 1/d)) (Woolf
    1955). Not computed where one of the four counts is zero: the ratio is then 0 or infinite.

    Parameters are those of `share_difference`; the unit is a ratio, above 0.

    >>> round(odds_ratio(13, 133, 60, 200).value, 3)
    0.253
    """
    method = "odds ratio, Woolf 95% interval"
    total = treated_n + control_n
    cells = (treated, treated_n - treated, control, control_n - control)
    if 0 in cells:
        reason = "one of the four counts is zero, so that odds are zero or infinite"
        return not_computed(reason, total, "ratio", method, of)
    a, b, c, d = cells
    middle = math.log(a * d / (b * c))
    z = float(stats.norm.ppf(0.5 + LEVEL / 2))
    half = z * math.sqrt(sum(1 / cell for cell in cells))
    ends = math.exp(middle - half), math.exp(middle + half)
    return Estimate(math.exp(middle), *ends, total, "ratio", method, "", of)


def chi_squares(
    treated: npt.NDArray[Any] | float,
    treated_n: npt.NDArray[Any] | float,
    control: npt.NDArray[Any] | float,
    control_n: npt.NDArray[Any] | float,
    *,
    yates: bool,
) -> npt.NDArray[np.float64]:
    """Pearson's chi-square of two shares: how far beyond chance do they differ?

    N (ad - bc)^2 / (row and column totals), one degree of freedom; with Yates' correction N / 2 is
    taken from |ad - bc| first, never below zero. Counts may be arrays that broadcast.

    Parameters
    ----------
    treated, control : array of int or float
        Who has it, in each group.
    treated_n, control_n : array of int or float
        Size of each group.
    yates : bool
        Whether to correct for continuity.

    Returns
    -------
    array of float
        Not a number where all or nobody has it: then nothing can differ.

    >>> round(float(chi_squares(13, 133, 60, 200, yates=False)), 2)
    19.09
    """
    one, n1 = np.asarray(treated, float), np.asarray(treated_n, float)
    two, n2 = np.asarray(control, float), np.asarray(control_n, float)
    total, having = n1 + n2, one + two
    apart = np.abs(one * n2 - two * n1)
    if yates:
        apart = np.maximum(apart - total / 2, 0.0)
    under = n1 * n2 * having * (total - having)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(total * np.square(apart) / under, dtype=np.float64)
