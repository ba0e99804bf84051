"""What is the number, how sure is it, over how many, or why is it not computed?"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special
from statsmodels.stats.proportion import proportion_confint

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A number with its interval, n and method; or the reason why there is none.

    Parameters
    ----------
    value : float or None
        The number, in `unit`; None exactly when `reason` says why.
    low, high : float or None
        Ends of the 95% interval; None where everybody was counted, so that there is nothing to
        infer.
    n : int
        How many `of` the number stands on.
    unit : str
        Unit of the value: ``"share"`` (0..1), ``"points"``, ``"score"``.
    method : str
        How the value and its interval were computed.
    reason : str
        "Not computed, because": empty when there is a value.
    of : str
        What n counts, in the plural: ``"pairs"``, ``"mentors"``.
    count : int or None
        Numerator of a share.

    >>> Estimate(None, None, None, 1, "points", "mean", "one answer only", "mentors").value is None
    True
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: str
    method: str
    reason: str = ""
    of: str = "people"
    count: int | None = None

    def __post_init__(self) -> None:
        if (self.value is None) != bool(self.reason):
            raise ValueError("an estimate has either a value or the reason why it has none")
        for number in (self.value, self.low, self.high):
            if number is not None and not math.isfinite(number):
                raise ValueError("an estimate's numbers are finite; say the reason instead")
        if self.n < 0 or (self.count is not None and not 0 <= self.count <= self.n):
            raise ValueError(f"count {self.count} of n {self.n} is impossible")


def not_computed(reason: str, n: int, unit: str, method: str, of: str) -> Estimate:
    """Which number is not computed, and why?"""
    return Estimate(None, None, None, n, unit, method, reason, of)


def census_share(count: int, n: int, of: str) -> Estimate:
    """What share have it, where all were counted and nothing is inferred? No interval.

    >>> census_share(3, 4, "pairs").value
    0.75
    """
    method = "share of all, no interval needed"
    if n == 0:
        return not_computed(f"there are no {of}", 0, "share", method, of)
    return Estimate(count / n, None, None, n, "share", method, "", of, count)


def proportion(count: int, n: int, of: str) -> Estimate:
    """What share, with Wilson's 95% interval?

    Wilson (1927), as in `statsmodels.stats.proportion.proportion_confint`: the interval is honest
    for shares near 0 and 1 and never leaves 0..1.

    >>> kept = proportion(24, 25, "people")
    >>> f"{kept.low:.3f} to {kept.high:.3f}"
    '0.805 to 0.993'
    """
    method = "share, Wilson 95% interval"
    if n == 0:
        return not_computed(f"there are no {of}", 0, "share", method, of)
    low, high = _wilson(count, n)
    return Estimate(count / n, low, high, n, "share", method, "", of, count)


def _wilson(count: float, n: float) -> tuple[float, float]:
    """Wilson's interval, without the last rounding error beyond the share or 0..1."""
    low, high = proportion_confint(count, n, alpha=1 - LEVEL, method="wilson")
    share = count / n
    return max(0.0, min(float(low), share)), min(1.0, max(float(high), share))


def clustered_share(
    counts: Iterable[float], sizes: Iterable[float], of: str, clusters: str
) -> Estimate:
    """What share of events, where events of one cluster (a pair) are alike?

    The share is sum(counts) / sum(sizes). Its variance is that of a ratio of cluster totals
    (linearised: G / (G - 1) * sum((count_g - p * size_g)^2) / N^2 over G clusters); the interval
    is Wilson's at the effective size p (1 - p) / variance, at most N (Dean and Pagano 2015). With
    a share of exactly 0 or 1 the effective size is the number of clusters.

    Parameters
    ----------
    counts, sizes : iterable of float
        Events that count, and all events, per cluster, in the same order.
    of, clusters : str
        What the events and the clusters are called, plural.

    >>> apart = clustered_share([1] * 10 + [0] * 10, [1] * 20, "sessions", "pairs")
    >>> together = clustered_share([10, 0], [10, 10], "sessions", "pairs")
    >>> apart.value == together.value, together.high - together.low > apart.high - apart.low
    (True, True)
    """
    method = f"share, Wilson 95% interval at the effective size (events clustered in {clusters})"
    hit = np.fromiter(counts, float)
    size = np.fromiter(sizes, float)
    hit, size = hit[size > 0], size[size > 0]
    total, groups = float(size.sum()), len(size)
    if groups == 0:
        return not_computed(f"there are no {of}", 0, "share", method, of)
    share = float(hit.sum()) / total
    if groups == 1:
        reason = f"all {of} are of one of the {clusters}"
        return not_computed(reason, int(total), "share", method, of)
    spread = float(np.square(hit - share * size).sum())
    variance = groups / (groups - 1) * spread / total**2
    if share in (0.0, 1.0):
        effective = float(groups)
    else:
        effective = min(total, share * (1 - share) / variance) if variance > 0 else total
    low, high = _wilson(share * effective, effective)
    return Estimate(
        share,
        low,
        high,
        round(total),
        "share",
        method,
        "",
        of,
        round(float(hit.sum())),
    )


def student(freedom: float) -> float:
    """How many standard errors reach to the ends of a 95% interval, with so much freedom?

    >>> round(student(10), 3), round(student(1e9), 3)
    (2.228, 1.96)
    """
    return float(special.stdtrit(freedom, 1 - (1 - LEVEL) / 2))


def mean(
    values: pd.Series | npt.NDArray[np.float64],
    unit: str,
    of: str,
    *,
    bounds: tuple[float, float] = (-math.inf, math.inf),
) -> Estimate:
    """What is the mean, with Student's 95% interval? Missing values are left out of n.

    mean +- t(0.975, n - 1) * s / sqrt(n), s with n - 1; "not computed" below two values or
    without any spread (an interval of zero width would claim certainty).

    Parameters
    ----------
    values : Series or array of float
    unit, of : str
        Unit of the values; what n counts, plural.
    bounds : (float, float)
        Least and largest value that there can be. The interval ends there: a mean beyond them is
        impossible, so that what is left of the interval covers the true one as often as before.

    >>> mean(pd.Series([1.0, 2.0, 3.0, None]), "points", "mentors").n
    3
    >>> few = pd.Series([0.0] * 30 + [0.8])
    >>> mean(few, "share", "pairs").low < 0 == mean(few, "share", "pairs", bounds=(0, 1)).low
    True
    """
    method = "mean, t 95% interval"
    plain = isinstance(values, np.ndarray)
    known = np.asarray(values if plain else pd.Series(values, dtype="float64"), dtype=np.float64)
    known = known[~np.isnan(known)]
    n = len(known)
    if n == 0:
        return not_computed("there is no value", 0, unit, method, of)
    if n == 1:
        return not_computed("there is one value only", 1, unit, method, of)
    centre, deviation = float(known.mean()), float(known.std(ddof=1))
    if deviation < 1e-12 * max(1.0, abs(centre)):
        return not_computed(f"all {n} values are the same", n, unit, method, of)
    half = student(n - 1) * deviation / math.sqrt(n)
    low, high = max(bounds[0], centre - half), min(bounds[1], centre + half)
    if low > centre - half or high < centre + half:
        method = "mean, Student's 95% interval, ended where the values must"
    return Estimate(centre, low, high, n, unit, method, "", of)
