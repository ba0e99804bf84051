"""Did low health foretell which pairs ended early, and by how much more than chance?"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from revmentor import words
from revmentor.metrics.estimate import LEVEL, Estimate, mean, not_computed, proportion

type Real = npt.NDArray[np.float64]
type Bools = npt.NDArray[np.bool_]

LEAST = 10
BANDS = (50.0, 75.0, 100.0)
_Z = float(stats.norm.ppf(0.5 + LEVEL / 2))


@dataclass(frozen=True)
class Band:
    """Pairs of similar health, and how many of them ended early.

    Parameters
    ----------
    low, high : float
        Health from low to below high; the last band is exactly 100.
    expected : float or None
        Mean of 1 - health / 100; None for an empty band.
    early : Estimate
        Share that ended early, Wilson's interval.
    """

    low: float
    high: float
    expected: float | None
    early: Estimate


@dataclass(frozen=True)
class Calibration:
    """How well pair health foretold early ends.

    Parameters
    ----------
    pairs, early : int
        Pairs with a known end, and how many of them ended early.
    auc : Estimate
        Chance that a pair that ended early had lower health than one that did not (a tie counts
        half); 0.5 is chance.
    brier : Estimate
        Mean squared difference between 1 - health / 100 and the end (1 early, 0 not); lower is
        better.
    brier_of_base_rate : float or None
        The same if every pair were given the share that ended early: what has to be beaten.
    bands : tuple of Band
        From low to high health; empty where there are too few.
    sentence : str
        What follows for a reader.
    """

    pairs: int
    early: int
    auc: Estimate
    brier: Estimate
    brier_of_base_rate: float | None
    bands: tuple[Band, ...]
    sentence: str


def calibration(
    health: pd.Series | Real, ended_early: pd.Series | Bools, *, least: int = LEAST
) -> Calibration:
    """Does pair health tell pairs that end early from those that do not?

    Parameters
    ----------
    health : array of float
        0..100 per pair, as it stood at one check-in of a past cycle, before the end was known;
        pairs without one are missing.
    ended_early : array of bool
        Same order; missing where the end is not known.
    least : int
        Early ends, and other ends, under which nothing is computed ("too few").

    Returns
    -------
    Calibration
        Estimates with a reason where there are too few.

    Notes
    -----
    AUC is the Mann-Whitney statistic, its interval DeLong's (DeLong, DeLong and Clarke-Pearson
    1988, Biometrics 44; by midranks, Sun and Xu 2014), on the logit scale so that it stays inside
    0..1. Brier's score (1950) is a mean over pairs, with Student's interval.

    >>> health = np.array([20.0, 40, 60, 80] * 10)
    >>> found = calibration(health, health < 50)
    >>> found.early, found.auc.reason
    (20, 'health told all early ends from all others, so that it has no interval')
    """
    table = pd.DataFrame(
        {
            "health": pd.Series(np.asarray(health, dtype=float)),
            "early": pd.Series(np.asarray(pd.Series(ended_early).astype("float64"))),
        }
    ).dropna()
    score, early = table["health"].to_numpy(), table["early"].to_numpy() > 0
    n, events = len(table), int(early.sum())
    methods = ("Mann-Whitney, DeLong 95% interval (logit)", "Brier score, t 95% interval")
    if min(events, n - events) < least:
        reason = (
            f"too few: {words.counted(events, 'pair')} ended early and {words.number(n - events)} "
            f"did not, and {least} of each are asked for"
        )
        auc = not_computed(reason, n, "share", methods[0], "pairs")
        brier = not_computed(reason, n, "squared share", methods[1], "pairs")
        told = words.sentence(f"Whether health foretells early ends cannot be told: {reason}")
        return Calibration(n, events, auc, brier, None, (), told)
    auc = _auc(score, early, methods[0])
    squares = np.square((1 - score / 100) - early)
    brier = mean(squares, "squared share", "pairs")
    base = events / n * (1 - events / n)
    bands = _bands(score, early)
    return Calibration(n, events, auc, brier, base, bands, _sentence(auc, brier, base))


def _auc(score: Real, early: Bools, method: str) -> Estimate:
    """Mann-Whitney statistic of low health, with DeLong's variance from midranks."""
    sick, fine = -score[early], -score[~early]
    m, n = len(sick), len(fine)
    together = stats.rankdata(np.concatenate([sick, fine]))
    above = (together[:m] - stats.rankdata(sick)) / n
    below = 1 - (together[m:] - stats.rankdata(fine)) / m
    value = float(above.mean())
    variance = float(above.var(ddof=1) / m + below.var(ddof=1) / n)
    if value in (0.0, 1.0) or variance <= 0:
        which = "all early ends from all others" if value in (0.0, 1.0) else "none from another"
        reason = f"health told {which}, so that it has no interval"
        return not_computed(reason, m + n, "share", method, "pairs")
    middle = math.log(value / (1 - value))
    half = _Z * math.sqrt(variance) / (value * (1 - value))
    low, high = (1 / (1 + math.exp(-(middle + way * half))) for way in (-1, 1))
    return Estimate(value, low, high, m + n, "share", method, "", "pairs")


def _bands(score: Real, early: Bools) -> tuple[Band, ...]:
    edges = [0.0, *BANDS, math.inf]
    found = []
    for low, high in itertools.pairwise(edges):
        inside = (score >= low) & (score < high)
        expected = float((1 - score[inside] / 100).mean()) if inside.any() else None
        share = proportion(int(early[inside].sum()), int(inside.sum()), "pairs")
        found.append(Band(low, min(high, 100.0), expected, share))
    return tuple(found)


def _sentence(auc: Estimate, brier: Estimate, base: float) -> str:
    if auc.value is None or auc.low is None or auc.high is None:
        return words.sentence(f"Whether health foretells early ends is not computed: {auc.reason}")
    of_hundred = round(100 * auc.value)
    told = (
        f"Of a pair that ended early and one that did not, health was lower for the first in "
        f"{of_hundred} of 100 cases (95% interval {round(100 * auc.low)} to "
        f"{round(100 * auc.high)}; 50 is chance)"
    )
    if auc.low <= 0.5 <= auc.high:
        return words.joined([told, "That may be chance: do not rely on it"])
    better = brier.high is not None and brier.high < base
    advice = (
        "As a forecast it beats the share of early ends alone"
        if better
        else "It sorts pairs; read as a chance to end early it is no better than the share of "
        "early ends alone"
    )
    return words.joined([told, advice])
