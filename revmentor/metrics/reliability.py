"""Do the questions of a scale measure one thing, well enough to be averaged?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from revmentor import words
from revmentor.metrics.estimate import LEVEL, Estimate, not_computed
from revmentor.metrics.one_factor import Floats, fitted, omega_slopes

Verdict = Literal["reliable", "doubtful", "refused"]

FEWEST = 3
ENOUGH = 0.7
_ALPHA = "Cronbach's alpha, Feldt 95% interval"
_OMEGA = "McDonald's omega of one factor by maximum likelihood, distribution-free 95% interval"


@dataclass(frozen=True)
class Reliability:
    """How well a scale's items hang together, and whether they may be averaged.

    Parameters
    ----------
    scale : str
        The scale's name.
    items : tuple of str
        Its question columns.
    people : int
        Respondents who answered all of them.
    alpha, omega : Estimate
        Cronbach's alpha, McDonald's omega total; unit ``"reliability"`` (1: no error at all).
    with_rest : mapping of item to float or None
        Correlation of each item with the mean of the others; None where one of them never varies.
    against : mapping of item to float
        Items that run against the rest, with their correlation with the mean of the rest.
    verdict : str
        ``"reliable"``; ``"doubtful"``: below 0.7, or one item; ``"refused"``: must not be averaged.
    text : str
        The verdict with its reason, one sentence. It names no number of people: how many
        answered is told where it is secured.
    """

    scale: str
    items: tuple[str, ...]
    people: int
    alpha: Estimate
    omega: Estimate
    with_rest: Mapping[str, float | None]
    against: Mapping[str, float]
    verdict: Verdict
    text: str

    @property
    def refused(self) -> bool:
        """Must the items not be averaged?"""
        return self.verdict == "refused"


def reliability(answers: pd.DataFrame, items: Sequence[str], scale: str) -> Reliability:
    """May the items of this scale be averaged?

    Refused with fewer than three people who answered all items, where nobody differs from anybody,
    and where an item runs against the others (a negative correlation with their mean): such an
    item is reversed and not declared, or it asks for something else. Doubtful below 0.7, which is
    Nunnally's (1978) floor for early research.

    Parameters
    ----------
    answers : DataFrame
        One row per person; a column per item, in scale points, NaN where there is no answer.
        People who left an item out are not used.
    items : sequence of str
        The scale's columns.
    scale : str
        What the scale is called in sentences.

    Returns
    -------
    Reliability

    >>> two = pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 3], "b": [1.0, 2, 3, 5, 4, 3]})
    >>> reliability(two, ["a", "b"], "trust").verdict
    'reliable'
    >>> reliability(two.assign(b=6 - two["b"]), ["a", "b"], "trust").verdict
    'refused'
    """
    asked = tuple(item for item in items if item in answers.columns)
    known = answers[list(asked)].dropna().to_numpy(dtype=np.float64)
    alpha, omega = cronbach_alpha(known), mcdonald_omega(known)
    rest = _with_rest(known, asked)
    against = _against(known, asked, rest)
    verdict, text = _judged(scale, alpha, omega, rest, against)
    return Reliability(scale, asked, len(known), alpha, omega, rest, against, verdict, text)


def doubts(judged: Sequence[Reliability]) -> tuple[str, ...]:
    """Which of these scales are to be read with care? The doubtful ones in one sentence.

    Parameters
    ----------
    judged : sequence of Reliability

    >>> noisy = pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 3], "b": [3.0, 2, 1, 4, 3, 4]})
    >>> told = doubts([reliability(noisy, ["a", "b"], scale) for scale in ("trust", "respect")])
    >>> told[0].split(": ")[0], len(told)
    ('Read these averages with care, as much of them is chance (alpha below 0.7)', 1)
    """
    weak = [each for each in judged if each.verdict == "doubtful" and each.alpha.value is not None]
    others = [each.text for each in judged if each.verdict != "reliable" and each not in weak]
    if len(weak) < 2:
        return (*(each.text for each in weak), *others)
    told = [
        f"{each.scale} {_two(each.alpha.value)} ({_two(each.alpha.low)} to "
        f"{_two(each.alpha.high)}; {words.counted(len(each.items), 'item')})"
        for each in weak
    ]
    return (
        "Read these averages with care, as much of them is chance (alpha below "
        f"{ENOUGH:g}): {words.listed(told)}.",
        *others,
    )


def _judged(
    scale: str,
    alpha: Estimate,
    omega: Estimate,
    rest: Mapping[str, float | None],
    against: Mapping[str, float],
) -> tuple[Verdict, str]:
    if len(rest) < 2:
        text = f"{scale} has {words.counted(len(rest), 'item')}: its reliability cannot be told"
        return ("doubtful" if rest else "refused"), words.sentence(text)
    if alpha.value is None:
        return "refused", words.sentence(f"{scale} is not averaged: {alpha.reason}")
    if against:
        return "refused", words.sentence(
            f"{scale} is not averaged: {_runs_against(against, len(rest))}; declare what is "
            "reversed in data.items.reverse, or look at the items one by one"
        )
    told = (
        f"{words.counted(len(rest), 'item')} of {scale}: alpha {_two(alpha.value)} "
        f"({_two(alpha.low)} to {_two(alpha.high)})"
        + (f", omega {_two(omega.value)}" if omega.value is not None else "")
    )
    if alpha.value < ENOUGH:
        return "doubtful", words.sentence(
            f"{told}: below {ENOUGH:g}, so much of the average is chance; read it with care"
        )
    return "reliable", words.sentence(f"{told}: reliable enough to be averaged")


def _runs_against(against: Mapping[str, float], items: int) -> str:
    if items == 2:
        r = next(iter(against.values()))
        return f"{words.listed(list(against))} run against each other (correlation {_two(r)})"
    told = words.listed([f"{item} (correlation {_two(r)})" for item, r in against.items()])
    return f"{told} {'runs' if len(against) == 1 else 'run'} against the other items"


def _two(value: float | None) -> str:
    return "unknown" if value is None else words.number(value, 2)


def _with_rest(known: Floats, items: Sequence[str]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for place, item in enumerate(items):
        both = np.column_stack([known[:, place], np.delete(known, place, axis=1).sum(axis=1)])
        varies = len(both) > 1 and bool((both.std(axis=0) > 1e-12).all())
        found[item] = _correlation(both) if varies else None
    return found


def _correlation(both: Floats) -> float:
    table: Floats = np.asarray(np.corrcoef(both.T), dtype=np.float64)
    return float(table[0, 1])


def _against(
    known: Floats, items: Sequence[str], rest: Mapping[str, float | None]
) -> dict[str, float]:
    """The fewest items that run against the others, if any correlation with the rest is negative.

    One reversed item makes those of the others negative as well, so the odd ones are those whose
    sign on the first principal component is the rarer; all are named where none is rarer.
    """
    negative = {item: r for item, r in rest.items() if r is not None and r < 0}
    varies = [place for place, item in enumerate(items) if rest[item] is not None]
    if not negative or len(varies) < 3:
        return negative
    main = np.linalg.eigh(np.corrcoef(known[:, varies].T))[1][:, -1]
    odd = main < 0 if (main < 0).sum() <= (main > 0).sum() else main > 0
    if not odd.any() or 2 * int(odd.sum()) == len(odd):
        return negative
    others = known[:, varies][:, ~odd].mean(axis=1)
    found = {}
    for place in np.flatnonzero(odd):
        both = np.column_stack([known[:, varies[place]], others])
        r = _correlation(both)
        found[items[varies[place]]] = r
    return found


def _unfit(known: Floats) -> str:
    """Why nothing can be said of these answers; empty if something can."""
    people, items = known.shape
    if items < 2:
        return "a scale of one item has no inner consistency"
    if people < FEWEST:
        answered = words.counted(people, "person")
        return f"{answered} answered all items, and {words.small(FEWEST)} are the fewest"
    if known.sum(axis=1).std() < 1e-12:
        return "everybody has the same sum of answers"
    return ""


def cronbach_alpha(known: Floats) -> Estimate:
    """How consistent is the sum of the items, by Cronbach's alpha?

    alpha = k / (k - 1) * (1 - sum of the items' variances / variance of their sum) (Cronbach
    1951). Interval: 1 - (1 - alpha) * F(0.975 and 0.025; n - 1, (n - 1)(k - 1)) (Feldt 1965;
    Feldt, Woodruff and Salih 1987).

    Parameters
    ----------
    known : array of float, people by items
        No missing values.

    >>> cronbach_alpha(np.array([[1.0, 1], [2, 2], [3, 3], [4, 5]])).n
    4
    """
    reason, people = _unfit(known), len(known)
    if reason:
        return not_computed(reason, people, "reliability", _ALPHA, "people")
    items = known.shape[1]
    own = float(known.var(axis=0, ddof=1).sum())
    value = items / (items - 1) * (1 - own / float(known.sum(axis=1).var(ddof=1)))
    freedom, tail = (people - 1, (people - 1) * (items - 1)), (1 - LEVEL) / 2
    low, high = (1 - (1 - value) * float(stats.f.ppf(p, *freedom)) for p in (1 - tail, tail))
    return Estimate(value, low, high, people, "reliability", _ALPHA, "", "people")


def mcdonald_omega(known: Floats) -> Estimate:
    """Which share of the variance of the items' sum is due to one common factor?

    omega = (sum of loadings)^2 / ((sum of loadings)^2 + sum of unique variances), in the items'
    own units, of the one-factor model (McDonald 1999). Unlike alpha it lets items weigh
    differently. The interval asks for no normal answers: each person's influence on omega through
    the covariances gives its error, taken as normal on the scale log(1 - omega) (as
    Maydeu-Olivares, Coffman and Hartmann 2007 for alpha).

    Parameters
    ----------
    known : array of float, people by items
        No missing values; at least three items, as two do not determine a factor.

    >>> mcdonald_omega(np.array([[1.0, 1], [2, 2], [3, 3], [4, 5]])).reason
    'two items do not determine a factor'
    """
    reason, people = _unfit(known), len(known)
    if not reason and known.shape[1] == 2:
        reason = "two items do not determine a factor"
    if not reason and people <= known.shape[1]:
        reason = f"{people} people are too few for {known.shape[1]} items"
    covariance = np.cov(known.T) if not reason else np.zeros((0, 0))
    if not reason and (np.diag(covariance) < 1e-12).any():
        reason = "an item has the same answer from everybody"
    model = None if reason else fitted(covariance)
    if model is None:
        reason = reason or "the items do not fit one common factor"
        return not_computed(reason, people, "reliability", _OMEGA, "people")
    loadings, unique = model
    slopes = omega_slopes(loadings, unique)
    if slopes is None:
        reason = "the items do not determine one common factor"
        return not_computed(reason, people, "reliability", _OMEGA, "people")
    common = float(loadings.sum()) ** 2
    value = common / (common + float(unique.sum()))
    centred = known - known.mean(axis=0)
    influence = np.einsum("ij,jk,ik->i", centred, slopes, centred)
    error = float(influence.std(ddof=1)) / math.sqrt(people)
    reach = float(stats.norm.ppf(1 - (1 - LEVEL) / 2)) * error / (1 - value)
    low, high = (1 - (1 - value) * math.exp(sign * reach) for sign in (1, -1))
    return Estimate(value, low, high, people, "reliability", _OMEGA, "", "people")
