"""How long do people stay: Kaplan-Meier curves, numbers at risk, and how groups compare?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from revmentor.metrics.estimate import LEVEL, Estimate, not_computed

type Days = npt.NDArray[np.int64] | npt.NDArray[np.float64]
type Bools = npt.NDArray[np.bool_]

_Z = float(stats.norm.ppf(0.5 + LEVEL / 2))
_FEWEST = 5


def log_log_interval(survival: float, error: float) -> tuple[float, float]:
    """Which 95% interval has a Kaplan-Meier estimate? Never outside 0..1.

    S^exp(+-1.96 se / (S log S)) (Kalbfleisch and Prentice 2002, section 1.4); where S is 0 or 1 it
    is undefined and the ends are S itself.

    >>> [round(end, 3) for end in log_log_interval(0.857143, 0.076360)]
    [0.62, 0.952]
    """
    if not 0 < survival < 1:
        return survival, survival
    half = _Z * error / (survival * abs(math.log(survival)))
    return survival ** math.exp(half), survival ** math.exp(-half)


def survival_table(days: Days, happened: Bools) -> pd.DataFrame:
    """What is the Kaplan-Meier curve of one group?

    S(t) = product over event days of (1 - events / at risk); its error is Greenwood's (Kaplan and
    Meier 1958; `statsmodels.duration.survfunc.SurvfuncRight`).

    Parameters
    ----------
    days : array of number
        Time to the event or to the end of observation, above 0.
    happened : array of bool
        Whether it ended with the event; otherwise it is censored.

    Returns
    -------
    DataFrame
        One row for day 0 and for every day with events: day, at_risk, events, survival (0..1),
        error, low, high (pointwise 95%, `log_log_interval`).

    >>> survival_table(np.array([1, 2, 2, 4]), np.array([True, True, False, True]))[
    ...     ["day", "at_risk", "survival"]].round(2).values.tolist()
    [[0.0, 4.0, 1.0], [1.0, 4.0, 0.75], [2.0, 3.0, 0.5], [4.0, 1.0, 0.0]]
    """
    from statsmodels.duration.survfunc import SurvfuncRight

    head = pd.DataFrame(
        {"day": [0.0], "at_risk": [len(days)], "events": [0], "survival": [1.0], "error": [0.0]}
    )
    if happened.any():
        with np.errstate(divide="ignore", invalid="ignore"):
            found = SurvfuncRight(days, happened.astype(int))
        rest = pd.DataFrame(
            {
                "day": np.asarray(found.surv_times, dtype=float),
                "at_risk": np.asarray(found.n_risk).astype("int64"),
                "events": np.asarray(found.n_events).astype("int64"),
                "survival": np.asarray(found.surv_prob, dtype=float),
                "error": np.nan_to_num(np.asarray(found.surv_prob_se, dtype=float)),
            }
        )
        head = pd.concat([head, rest.loc[rest["events"] > 0]], ignore_index=True)
    ends = [log_log_interval(*row) for row in head[["survival", "error"]].itertuples(index=False)]
    return head.assign(low=[low for low, _ in ends], high=[high for _, high in ends])


def at_risk(days: Days, ticks: Sequence[float]) -> list[int]:
    """How many were still at risk just before each of these days?

    >>> at_risk(np.array([1, 2, 2, 4]), [0, 2, 3])
    [4, 3, 1]
    """
    ordered = np.sort(np.asarray(days, dtype=float))
    return [int(len(ordered) - place) for place in np.searchsorted(ordered, ticks, side="left")]


def restricted_mean(table: pd.DataFrame, tau: float) -> tuple[float, float]:
    """How many days does a member of the group stay on average, of the first tau? With its error.

    The area under the curve up to tau; variance sum over event days of (area from there to tau)^2
    events / (at risk (at risk - events)) (Klein and Moeschberger 2003, section 4.5).

    Parameters
    ----------
    table : DataFrame
        From `survival_table`.
    tau : float
        Days; no later than the last day of observation of the group.
    """
    table = table.loc[table["day"] < tau]
    day = table["day"].to_numpy()
    width = np.diff(np.append(day, tau))
    pieces = table["survival"].to_numpy() * width
    after = np.cumsum(pieces[::-1])[::-1]
    left = (table["at_risk"] - table["events"]).to_numpy(dtype=float)
    under = table["at_risk"].to_numpy(dtype=float) * left
    share = np.divide(
        table["events"].to_numpy(dtype=float), under, out=np.zeros(len(under)), where=under > 0
    )
    return float(pieces.sum()), float(np.sqrt((np.square(after) * share).sum()))


@dataclass(frozen=True)
class Curve:
    """The curve of one group.

    Parameters
    ----------
    group : str
    n, events : int
        People, and how many of them had the event.
    table : DataFrame
        From `survival_table`.
    ticks : tuple of (int, int)
        Day and number at risk just before it.
    median : Estimate
        Day by which half had the event, with its interval; not computed where fewer had.
    mean : Estimate
        Days without the event, of the first tau (restricted mean).
    """

    group: str
    n: int
    events: int
    table: pd.DataFrame
    ticks: tuple[tuple[int, int], ...]
    median: Estimate
    mean: Estimate


@dataclass(frozen=True)
class Curves:
    """The curves of all groups, and how they compare.

    Parameters
    ----------
    curves : tuple of Curve
        In the order asked for.
    tau : float
        Days to which means are restricted: the shortest of the groups' longest observations.
    differences : tuple of (str, Estimate)
        Group, and its restricted mean minus that of the first group, in days; with interval.
    chi2, p : float or None
        Log-rank test over all groups, to be told beside the differences only; None where it is
        not computed.
    """

    curves: tuple[Curve, ...]
    tau: float
    differences: tuple[tuple[str, Estimate], ...]
    chi2: float | None
    p: float | None


def survival_curves(
    days: Days,
    happened: Bools,
    groups: Sequence[str] | pd.Series,
    *,
    order: Sequence[str] | None = None,
    ticks: Sequence[int] = (),
    of: str = "people",
) -> Curves:
    """How do groups compare over time?

    Parameters
    ----------
    days, happened : array
        As in `survival_table`.
    groups : sequence of str
        Group of each person.
    order : sequence of str or None
        Groups in the order wanted, the one to compare with first; None: by name.
    ticks : sequence of int
        Days at which the number at risk is told.
    of : str
        What n counts, in the plural.

    Returns
    -------
    Curves
        Differences of restricted means with a normal interval; log-rank test by
        `statsmodels.duration.survfunc.survdiff` (Mantel 1966).
    """
    from statsmodels.duration.survfunc import survdiff

    names = np.asarray(groups, dtype=str)
    wanted = list(dict.fromkeys(order)) if order is not None else sorted(set(names.tolist()))
    wanted = [name for name in wanted if (names == name).any()]
    if not wanted:
        return Curves((), 0.0, (), None, None)
    days, happened = np.asarray(days, dtype=float), np.asarray(happened, dtype=bool)
    tau = min(float(days[names == name].max()) for name in wanted)
    curves = tuple(
        _curve(name, days[names == name], happened[names == name], tau, ticks, of)
        for name in wanted
    )
    differences = tuple(
        (other.group, _difference(curves[0], other, tau, of)) for other in curves[1:]
    )
    chi2 = p = None
    inside = np.isin(names, wanted)
    if len(wanted) > 1 and happened[inside].any():
        value, chance = survdiff(days[inside], happened[inside].astype(int), names[inside])
        if math.isfinite(value):
            chi2, p = float(value), float(chance)
    return Curves(curves, tau, differences, chi2, p)


def _curve(
    name: str, days: Days, happened: Bools, tau: float, ticks: Sequence[int], of: str
) -> Curve:
    table = survival_table(days, happened)
    told = tuple(zip((int(tick) for tick in ticks), at_risk(days, list(ticks)), strict=True))
    value, error = restricted_mean(table, tau)
    method = f"restricted mean of the first {tau:g} days, normal 95% interval"
    events = int(happened.sum())
    mean = _days(value, error, len(days), events, method, of)
    return Curve(name, len(days), events, table, told, _median(table, len(days), of), mean)


def _days(value: float, error: float, n: int, events: int, method: str, of: str) -> Estimate:
    if events < _FEWEST:
        reason = f"{events or 'no'} event{'' if events == 1 else 's'}: too few for an interval"
        return not_computed(reason, n, "days", method, of)
    return Estimate(value, value - _Z * error, value + _Z * error, n, "days", method, "", of)


def _median(table: pd.DataFrame, n: int, of: str) -> Estimate:
    """Day by which half had the event; the interval holds all days whose own interval holds half.

    Brookmeyer and Crowley (1982), on the log-log scale.
    """
    method = "Kaplan-Meier median, Brookmeyer-Crowley 95% interval"
    reached = {
        column: table.loc[table[column] <= 0.5, "day"] for column in ("survival", "low", "high")
    }
    if reached["survival"].empty:
        return not_computed("fewer than half had the event", n, "days", method, of)
    low, value = float(reached["low"].iloc[0]), float(reached["survival"].iloc[0])
    if reached["high"].empty:
        reason = "the interval has no upper end: too few were observed so long"
        return not_computed(reason, n, "days", method, of)
    return Estimate(value, low, float(reached["high"].iloc[0]), n, "days", method, "", of)


def _difference(first: Curve, other: Curve, tau: float, of: str) -> Estimate:
    method = (
        f"difference of restricted means of the first {tau:g} days, normal 95% interval; groups "
        f"compared by the log-rank test"
    )
    n = first.n + other.n
    for one in (first, other):
        if one.events < _FEWEST:
            reason = f"{one.events or 'no'} event{'' if one.events == 1 else 's'} in {one.group}"
            return not_computed(f"{reason}: too few for an interval", n, "days", method, of)
    (mine, my_error), (base, base_error) = (
        restricted_mean(one.table, tau) for one in (other, first)
    )
    error = math.hypot(my_error, base_error)
    value = mine - base
    return Estimate(value, value - _Z * error, value + _Z * error, n, "days", method, "", of)
