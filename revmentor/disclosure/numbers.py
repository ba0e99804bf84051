"""How does an estimate or a distribution become something that may be shown?

Mean, interval, extremes and n of a small group are hidden together; a share that tells of a small
group, or of a small remainder, is told as "fewer than". Numbers carry the digits that a page shows
and no others: what is rounded away cannot be subtracted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor import words
from revmentor.disclosure.counts import NOT_SHOWN, fewer_than
from revmentor.disclosure.estimates import (
    DisclosedDistribution,
    DisclosedEstimate,
    DisclosedEstimates,
    State,
)
from revmentor.metrics.estimate import Estimate
from revmentor.metrics.match import scores


def disclose_estimate(estimate: Estimate, minimum: int) -> DisclosedEstimate:
    """What of this estimate may be shown? See `DisclosedEstimate` for its states."""
    n, count = estimate.n, estimate.count

    def without_value(
        state: State, n: int | None = None, bound: float | None = None, reason: str = ""
    ) -> DisclosedEstimate:
        return DisclosedEstimate(
            minimum=minimum,
            state=state,
            n=n,
            bound=bound,
            reason=reason,
            unit=estimate.unit,
            of=estimate.of,
            method=estimate.method,
        )

    if 0 < n < minimum:
        return without_value("small group")
    if estimate.value is None:
        return without_value("not computed", n, reason=estimate.reason)
    if count is not None and 0 < count < minimum:
        return without_value("few", n, bound=(minimum - 1) / n)
    if count is not None and 0 < n - count < minimum:
        return without_value("nearly all", n, bound=(n - minimum + 1) / n)
    value, low, high = (
        None if number is None else words.as_shown(number, estimate.unit)
        for number in (estimate.value, estimate.low, estimate.high)
    )
    return DisclosedEstimate(
        minimum=minimum,
        state="shown",
        value=value,
        low=low,
        high=high,
        p=_p_value(estimate),
        n=n,
        count=count,
        unit=estimate.unit,
        of=estimate.of,
        method=estimate.method,
    )


def disclose_events(
    estimate: Estimate, minimum: int, hits: pd.Series, sizes: pd.Series
) -> DisclosedEstimate:
    """What may be shown of a share of events, such as meetings cancelled of those arranged?

    Many events can be of few people. So besides what `disclose_estimate` hides, nothing is shown
    where the events, those that count, or those that do not are of fewer than `minimum` of those
    who have them; and never how many count, as parts of the share may be hidden elsewhere.

    Parameters
    ----------
    estimate : Estimate
        Share of events.
    minimum : int
        Smallest group that is shown.
    hits, sizes : Series of float
        Events that count, and all events, by person or by pair.

    >>> from revmentor.metrics.estimate import clustered_share
    >>> hits, sizes = pd.Series([9, 9, 0, 0, 0, 0]), pd.Series([10] * 6)
    >>> disclose_events(clustered_share(hits, sizes, "meetings", "pairs"), 5, hits, sizes).text
    'not shown'
    """
    found = disclose_estimate(estimate, minimum)
    behind = [int((part > 0).sum()) for part in (sizes, hits, sizes - hits)]
    if any(0 < group < minimum for group in behind) or found.state == "small group":
        return DisclosedEstimate(
            minimum=minimum,
            state="withheld",
            unit=estimate.unit,
            of=estimate.of,
            method=estimate.method,
        )
    return found.model_copy(update={"count": None})


def _p_value(estimate: Estimate) -> float | None:
    """Two-sided p of "no difference" behind a mean with Student's interval, to one digit, upwards.

    It must be worked out before the numbers are rounded.
    """
    value, low, n = estimate.value, estimate.low, estimate.n
    if value is None or low is None or n < 2 or "t 95% interval" not in estimate.method:
        return None
    from scipy import stats  # only now: it takes long to load

    error = (value - low) / float(stats.t.ppf(0.975, n - 1))
    if error <= 0:
        return None
    p = max(2 * float(stats.t.sf(abs(value) / error, n - 1)), 1e-9)
    unit = 10.0 ** math.floor(math.log10(p))
    return min(1.0, float(f"{math.ceil(p / unit - 1e-9) * unit:.0e}"))


def disclose_estimates[Key: (str, tuple[str, str], tuple[str, ...])](
    estimates: Mapping[Key, Estimate],
    minimum: int,
    *names: str,
) -> DisclosedEstimates:
    """What of these estimates may be shown? Keys are tuples (or one text each) for `names`."""
    keys = tuple((key,) if isinstance(key, str) else tuple(key) for key in estimates)
    return DisclosedEstimates(
        minimum=minimum,
        names=names,
        keys=keys,
        estimates=tuple(disclose_estimate(each, minimum) for each in estimates.values()),
    )


def disclose_distribution(
    values: pd.Series,
    minimum: int,
    *,
    step: float,
    unit: str,
    of: str,
    behind: pd.Series | None = None,
) -> DisclosedDistribution:
    """What of these values may be shown as a distribution?

    Bins of width `step`, merged with their right-hand neighbours until each has none or at least
    the minimum; the summary (mean, quartiles, extremes) only if n reaches the minimum. The lowest
    value is somebody's own: what is told is the mean of the `minimum` lowest, and of the highest.

    Parameters
    ----------
    values : Series of float
        Missing values are left out.
    step : float
        Width of a bin, in the values' unit.
    unit, of : str
        Unit of the values; what is counted, plural.
    behind : Series, optional
        Whose each value is, where one can have several; a bin then needs the minimum of them, too.
    """
    known = values.dropna().astype("float64")
    whose = pd.Series(known.index, known.index) if behind is None else behind.loc[known.index]
    if 0 < whose.nunique() < minimum <= len(known):
        return DisclosedDistribution(minimum=minimum, step=step, unit=unit, of=of, reason=NOT_SHOWN)
    if len(known) < minimum:
        reason = f"{fewer_than(minimum)} {of}" if len(known) else f"there are no {of}"
        return DisclosedDistribution(minimum=minimum, step=step, unit=unit, of=of, reason=reason)
    bins = np.floor(known.to_numpy() / step + 1e-9).astype("int64")
    if unit == "score":
        # Nothing scores above 1: a perfect score belongs to the last bin below it.
        bins = np.minimum(bins, round(1 / step) - 1)
    first = int(bins.min())
    place = bins - first
    owners = pd.factorize(whose)[0]
    held = [set(owners[place == at].tolist()) for at in range(int(place.max()) + 1)]
    edges, counts = _merged(np.bincount(place).tolist(), held, minimum)
    spread = scores(known)

    def seen(value: float | None) -> float | None:
        return None if value is None else words.as_shown(value, unit)

    return DisclosedDistribution(
        minimum=minimum,
        edges=tuple(round((first + edge) * step, 9) for edge in edges),
        counts=tuple(counts),
        n=spread.n,
        mean=seen(spread.mean),
        lowest=seen(_mean_of(np.sort(known.to_numpy())[:minimum])),
        lower_quartile=seen(spread.lower_quartile),
        median=seen(spread.median),
        upper_quartile=seen(spread.upper_quartile),
        highest=seen(_mean_of(np.sort(known.to_numpy())[-minimum:])),
        step=step,
        unit=unit,
        of=of,
    )


def _mean_of(values: npt.NDArray[np.floating[Any]]) -> float:
    return float(values.mean())


def _merged(bins: list[int], owners: list[set[int]], minimum: int) -> tuple[list[int], list[int]]:
    """Merge neighbouring bins until each is empty or reaches the minimum, of values and owners."""
    edges, counts, whose = [0], list[int](), list[set[int]]()
    held, who = 0, set[int]()
    for index, (count, of) in enumerate(zip(bins, owners, strict=True), start=1):
        held, who = held + count, who | of
        if held == 0 or min(held, len(who)) >= minimum:
            edges.append(index)
            counts.append(held)
            whose.append(who)
            held, who = 0, set()
    if held:
        while counts and min(held, len(who)) < minimum:
            held += counts.pop()
            who |= whose.pop()
            edges.pop()
        edges.append(len(bins))
        counts.append(held)
    return edges, counts
