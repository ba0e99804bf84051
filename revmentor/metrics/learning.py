"""Which weights would have foretold the ratings of past pairs better than the present ones?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from revmentor.metrics.estimate import LEVEL, Estimate, not_computed
from revmentor.metrics.learning_fit import (
    VARIES,
    Real,
    Whole,
    best_penalty,
    centred,
    drawn_weights,
    fit,
    left_out,
)
from revmentor.names import CRITERIA
from revmentor.words import counted, number

LEAST = 60
DRAWS = 400
_KEY = ("cycle", "mentor_id", "mentee_id")
_METHOD = (
    "non-negative ridge towards the present weights, Bayesian bootstrap 95% interval over pairs"
)


@dataclass(frozen=True)
class LearnedWeight:
    """One criterion before and after.

    Parameters
    ----------
    criterion : str
        A key of `revmentor.names.CRITERIA`.
    old, new : float
        Share of the score, 0..1; each sums to 1 over all criteria.
    estimate : Estimate
        The new one with its interval; not computed where it is kept.
    kept : str
        Why it was not learnt and stays as it is; empty where it was.
    """

    criterion: str
    old: float
    new: float
    estimate: Estimate
    kept: str = ""


@dataclass(frozen=True)
class Learned:
    """What past ratings say about the weights.

    Parameters
    ----------
    weights : tuple of LearnedWeight
        All criteria in their order; where refused, new is old.
    pairs : int
        Rated pairs whose criteria are known.
    cycles : tuple of str
        Their cycles.
    refused : str
        Why nothing is proposed; empty where it is.
    penalty : float or None
        How strongly the fit was drawn to the present weights.
    error_old, error_new : float or None
        Root mean squared error, in rating points, on pairs of cycles that were left out.
    gain : Estimate
        Reduction of the mean squared error, old minus new, in squared rating points, on pairs of
        cycles that were left out; bootstrap over pairs. Above 0: the new weights predict better.
    """

    weights: tuple[LearnedWeight, ...]
    pairs: int
    cycles: tuple[str, ...]
    refused: str
    penalty: float | None
    error_old: float | None
    error_new: float | None
    gain: Estimate

    @property
    def shares(self) -> dict[str, float]:
        """New share of each criterion; they sum to 1."""
        return {weight.criterion: weight.new for weight in self.weights}


def learn_weights(
    history: pd.DataFrame,
    criteria: pd.DataFrame,
    shares: Mapping[str, float],
    *,
    generation_reason: str = "",
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> Learned:
    """Which weights do the ratings of past pairs speak for, and are they better than the present?

    Parameters
    ----------
    history : DataFrame
        cycle, mentor_id, mentee_id, rating_mentor, rating_mentee (same scale; blank where not
        given). A pair's rating is the mean of those given.
    criteria : DataFrame
        cycle, mentor_id, mentee_id and a column per criterion, 0..1, missing where not known; see
        `revmentor.matching.past.past_criteria`.
    shares : mapping of criterion to share
        The present weights, rescaled to sum 1.
    generation_reason : str
        The written reason for which age may weigh; without one its weight is never learnt.
    least : int
        Rated pairs under which nothing is learnt.
    draws : int
        Bootstrap draws.
    seed : int
        Rows are sorted first, so that their order has no say.

    Returns
    -------
    Learned
        With ``refused`` where there are too few pairs or only one cycle, where no criterion that
        counts varies, or where the new weights do not predict left-out cycles better than the
        present ones beyond chance (the 95% interval of the gain reaches 0).

    Notes
    -----
    Within each cycle (ratings and criteria minus the cycle's means), minimise
    sum (rating - b x)^2 / n + penalty |b - s w|^2 over b >= 0 and s >= 0, w being the present
    weights: a non-negative ridge (Hoerl and Kennard 1970; Lawson and Hanson 1974) shrunk towards
    the present formula at whatever scale s the ratings have. The new weights are b rescaled to what
    the criteria that are learnt weigh together now. The penalty that foretells left-out pairs best
    is chosen anew for each left-out cycle from the others alone, so that the error told is of
    pairs that had no say. An interval says how the learnt weight would vary with other pairs; as
    the fit is drawn to the present weights, it leans towards them. A criterion that never varies
    among these pairs is kept as it is. Only pairs that were made have ratings, so weights of what
    all of them share cannot be learnt.
    """
    data = _read(history, criteria)
    names = [name for name in CRITERIA if name in shares]
    kept = _kept(data.values, names, generation_reason)
    free = [name for name in names if name not in kept]
    base = _unchanged(shares, names, kept, len(data.rating), data.cycles)
    refused = _too_little(data, free, shares, least)
    if refused:
        return replace(base, refused=refused)
    present = np.array([shares[name] for name in free])
    budget = float(present.sum())
    present = present / budget
    x, y = centred(data.values[free].to_numpy(dtype=float), data.rating, data.cycle)
    old, new = left_out(x, y, data.cycle, present, seed)
    gain = _gain(old, new, draws, seed)
    errors = math.sqrt(float(old.mean())), math.sqrt(float(new.mean()))
    base = replace(base, error_old=errors[0], error_new=errors[1], gain=gain)
    if gain.low is None or gain.low <= 0:
        reason = (
            f"weights learnt from the other cycles foretell ratings with an error of "
            f"{number(errors[1], 3)} points, the present ones with {number(errors[0], 3)}: not "
            "better beyond chance"
        )
        return replace(base, refused=reason)
    penalty = best_penalty(x, y, present, seed)
    found, _ = fit(x, y, present, penalty)
    if found.sum() <= 0:
        return replace(base, refused="ratings rise with none of the criteria")
    points = found / found.sum() * budget
    spread = drawn_weights(x, y, present, penalty, draws, seed) * budget
    low, high = np.quantile(spread, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    learnt = {
        name: _estimate(float(point), float(start), float(end), len(y))
        for name, point, start, end in zip(free, points, low, high, strict=True)
    }
    weights = tuple(
        replace(
            weight, new=learnt[weight.criterion].value or 0.0, estimate=learnt[weight.criterion]
        )
        if weight.criterion in learnt
        else weight
        for weight in base.weights
    )
    return replace(base, weights=weights, penalty=penalty)


@dataclass(frozen=True)
class _Data:
    """Rated pairs, sorted: their criteria, ratings, and the number of their cycle."""

    values: pd.DataFrame
    rating: Real
    cycle: Whole
    cycles: tuple[str, ...]


def _read(history: pd.DataFrame, criteria: pd.DataFrame) -> _Data:
    ratings = history[list(_KEY)].assign(
        rating=history[["rating_mentor", "rating_mentee"]].astype("float64").mean(axis=1)
    )
    ratings = ratings.dropna(subset="rating").groupby(list(_KEY), as_index=False).mean()
    both = criteria.drop_duplicates(list(_KEY)).merge(ratings, on=list(_KEY))
    both = both.sort_values(list(_KEY), ignore_index=True)
    number_of, names = pd.factorize(both["cycle"], sort=True)
    values = both[[name for name in CRITERIA if name in both]].astype("float64")
    means = values.groupby(number_of).transform("mean")
    return _Data(
        values.fillna(means).fillna(values.mean()),
        both["rating"].to_numpy(dtype=float),
        np.asarray(number_of, dtype=np.int64),
        tuple(str(name) for name in names),
    )


def _kept(values: pd.DataFrame, names: list[str], generation_reason: str) -> dict[str, str]:
    """Which criteria are not learnt, and why?"""
    kept = {}
    for name in names:
        if name not in values or values[name].isna().any():
            kept[name] = "it is not known of past pairs"
        elif name == "generation" and not generation_reason.strip():
            kept[name] = "age may weigh with a written reason only"
        elif float(values[name].max() - values[name].min()) <= VARIES:
            kept[name] = "it is the same for all past pairs"
    return kept


def _unchanged(
    shares: Mapping[str, float],
    names: list[str],
    kept: Mapping[str, str],
    pairs: int,
    cycles: tuple[str, ...],
) -> Learned:
    """Everything as it is."""

    def weight(name: str) -> LearnedWeight:
        reason = kept.get(name, "nothing was learnt")
        none = not_computed(reason, pairs, "share", _METHOD, "pairs")
        return LearnedWeight(name, shares[name], shares[name], none, kept.get(name, ""))

    none = not_computed("nothing was learnt", pairs, "squared points", _METHOD, "pairs")
    weights = tuple(weight(name) for name in names)
    return Learned(weights, pairs, cycles, "", None, None, None, none)


def _too_little(data: _Data, free: list[str], shares: Mapping[str, float], least: int) -> str:
    """Why can nothing be learnt from these pairs? Empty: something can."""
    if len(data.rating) < least:
        return (
            f"{counted(len(data.rating), 'past pair')} with a rating and known criteria: fewer "
            f"than the {least} that are asked for"
        )
    if len(data.cycles) < 2:
        return "all rated pairs are of one cycle, so nothing can be foretold for another"
    if sum(shares[name] for name in free) <= 0:
        return "no criterion that counts varies among the past pairs"
    if float(np.ptp(data.rating)) <= VARIES:
        return "all ratings are the same"
    return ""


def _gain(old: Real, new: Real, draws: int, seed: int) -> Estimate:
    """How much smaller is the squared error, beyond chance? Paired over the same pairs."""
    method = "mean squared error on left-out cycles, old minus new, bootstrap 95% interval"
    less = old - new
    rng = np.random.default_rng(seed)
    weights = rng.standard_exponential((draws, len(less)))
    means = weights @ less / weights.sum(axis=1)
    half = float(stats.norm.ppf(0.5 + LEVEL / 2)) * float(means.std(ddof=1))
    value = float(less.mean())
    if half <= VARIES:
        reason = "both weights foretell the same"
        return not_computed(reason, len(less), "squared points", method, "pairs")
    ends = value - half, value + half
    return Estimate(value, *ends, len(less), "squared points", method, "", "pairs")


def _estimate(value: float, low: float, high: float, n: int) -> Estimate:
    ends = max(0.0, min(low, value)), min(1.0, max(high, value))
    return Estimate(value, *ends, n, "share", _METHOD, "", "pairs")
