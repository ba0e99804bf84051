"""Did the same people change between two waves, by how much, and could it be chance?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from revmentor import words
from revmentor.metrics.estimate import LEVEL, Estimate, mean, not_computed

Floats = npt.NDArray[np.float64]

EXACT = 16
FLIPS = 9_999
_PAIRED = "mean paired difference, t 95% interval over people"
_STANDARDISED = (
    "mean paired difference / SD before, corrected for small samples, Bonett 95% interval"
)


def _nobody() -> pd.DataFrame:
    return pd.DataFrame({"before": [], "after": []}, index=pd.Index([], dtype="str"), dtype=float)


@dataclass(frozen=True)
class Change:
    """One before/after comparison of the same people.

    Parameters
    ----------
    what : str
        What changed: a skill, an item, a principle, or all of a scale.
    side : str
        ``"mentor"``, ``"mentee"``, or ``"both"`` sides together (each person once).
    difference : Estimate
        Mean of after minus before, in points; n counts the people who answered both times.
    standardised : Estimate
        The difference in standard deviations of the answers before.
    p : float or None
        Chance of a mean at least this far from 0 if each person were as likely to fall as to
        rise (`sign_flip`); None where the difference is not computed.
    before, after : Estimate
        Means of these same people, in points.
    n_before, n_after : int
        People who answered before, and after, whether or not both times.
    answers : DataFrame
        Columns before and after, in points, by person: what the figures are computed from. It
        names people.
    """

    what: str
    side: str
    difference: Estimate
    standardised: Estimate
    p: float | None
    before: Estimate
    after: Estimate
    n_before: int
    n_after: int
    answers: pd.DataFrame = field(default_factory=_nobody, repr=False, compare=False)


def sign_flip(differences: Floats, seed: int) -> float | None:
    """How likely is a mean this far from 0, in either direction, if up and down are alike?

    The sign-flip permutation test of paired differences (Fisher 1935): all 2^n signs for up to 16
    differences other than 0, else 9,999 draws with p = (b + 1) / (m + 1) (Phipson and Smyth 2010).

    Parameters
    ----------
    differences : array of float
        After minus before, one per person, no missing values; their order has no say.
    seed : int
        Of the draws.

    Returns
    -------
    float or None
        In 0..1, above 0; None without any difference other than 0.

    >>> sign_flip(np.array([1.0, 2.0, 3.0]), seed=0)
    0.25
    """
    sizes = np.abs(differences[differences != 0])
    if len(sizes) == 0:
        return None
    seen = abs(float(differences.sum())) - 1e-9 * float(sizes.sum())
    if len(sizes) <= EXACT:
        flips = np.arange(2 ** len(sizes))[:, None] >> np.arange(len(sizes)) & 1
        return float((np.abs((2 * flips - 1) @ sizes) >= seen).mean())
    # Of c differences of one size, the number that stay positive is binomial.
    values, counts = np.unique(np.round(sizes, 9), return_counts=True)
    rng = np.random.default_rng(seed)
    total = np.zeros(FLIPS)
    for begin in range(0, len(values), 64):
        size, count = values[begin : begin + 64], counts[begin : begin + 64]
        total += (2 * rng.binomial(count, 0.5, (FLIPS, len(count))) - count) @ size
    return (int((np.abs(total) >= seen).sum()) + 1) / (FLIPS + 1)


def standardised_change(before: Floats, after: Floats, of: str) -> Estimate:
    """How large is the change against how much people differed before?

    d = J * mean(after - before) / SD(before) with J = 1 - 3 / (4 (n - 1) - 1): Becker's (1988)
    standardised mean change, which scales by the SD before as Glass' delta does by that of the
    controls. Variance, without assuming equal SDs: s_diff^2 / (s_before^2 (n - 1)) + d^2 / (2 (n
    - 1)) (Bonett 2008; ``SMCRH`` in R's metafor); interval d +- 1.96 * its root.

    Parameters
    ----------
    before, after : array of float
        The same people in the same order, no missing values.
    of : str
        What the people are called, plural.

    >>> np.round(standardised_change(np.array([1.0, 2, 3]), np.array([2.0, 3, 5]), "mentors").value,
    ...          2)
    np.float64(0.76)
    """
    n, unit = len(before), "SD before"
    if n < 3:
        reason = f"{words.counted(n, 'person')} in both waves, and three are the fewest"
        return not_computed(reason, n, unit, _STANDARDISED, of)
    spread = float(before.std(ddof=1))
    change = after - before
    if spread < 1e-12:
        return not_computed(f"all {n} answered the same before", n, unit, _STANDARDISED, of)
    if float(change.std(ddof=1)) < 1e-12:
        return not_computed(f"all {n} changed by the same", n, unit, _STANDARDISED, of)
    value = (1 - 3 / (4 * (n - 1) - 1)) * float(change.mean()) / spread
    variance = float(change.var(ddof=1)) / (spread**2 * (n - 1)) + value**2 / (2 * (n - 1))
    half = float(special.ndtri(1 - (1 - LEVEL) / 2)) * math.sqrt(variance)
    return Estimate(value, value - half, value + half, n, unit, _STANDARDISED, "", of)


def paired_change(
    before: pd.Series,
    after: pd.Series,
    *,
    what: str,
    side: str,
    of: str,
    seed: int,
    answered: tuple[int, int] | None = None,
) -> Change:
    """By how much did the same people change?

    Each person counts once; who answered one time only is in ``n_before`` or ``n_after`` and in
    no difference. Not computed for fewer than two people or where all changed alike.

    Parameters
    ----------
    before, after : Series of float
        Answers in points, indexed by person, each person once; NaN where there is no answer.
    what, side, of : str
        As in `Change`; what the people are called, plural.
    seed : int
        Of `sign_flip`.
    answered : (int, int), optional
        People who answered before, and after, where the two Series do not hold them all.

    >>> rose = paired_change(pd.Series([1.0, 2, 3], list("abc")), pd.Series([2.0, 3, 5, 1],
    ...                      list("abcd")), what="SQL", side="mentee", of="mentees", seed=0)
    >>> rose.difference.n, rose.n_after, round(rose.difference.value, 2)
    (3, 4, 1.33)
    """
    if before.index.has_duplicates or after.index.has_duplicates:
        raise ValueError("each person stands once in before and once in after")
    before, after = before.dropna(), after.dropna()
    both = before.index.intersection(after.index).sort_values()
    first, last = (s.loc[both].to_numpy(dtype=np.float64) for s in (before, after))
    n_before, n_after = answered or (len(before), len(after))
    difference = _difference(last - first, of, n_before, n_after)
    return Change(
        what,
        side,
        difference,
        standardised_change(first, last, of),
        None if difference.value is None else sign_flip(last - first, seed),
        mean(first, "points", of),
        mean(last, "points", of),
        n_before,
        n_after,
        pd.DataFrame({"before": first, "after": last}, index=both),
    )


def _difference(change: Floats, of: str, n_before: int, n_after: int) -> Estimate:
    n = len(change)
    if n > 1:
        found = mean(change, "points", of)
        if found.value is not None:
            return Estimate(found.value, found.low, found.high, n, "points", _PAIRED, "", of)
        reason = f"all {n} changed by the same {words.number(float(change[0]), 2)}"
        return not_computed(reason, n, "points", _PAIRED, of)
    answered = words.counted(n, "person")
    reason = f"{answered} answered both times ({n_before} before, {n_after} after)"
    return not_computed(reason, n, "points", _PAIRED, of)


def refused_change(
    reason: str, *, what: str, side: str, of: str, n_before: int = 0, n_after: int = 0
) -> Change:
    """Which comparison is refused, and why? Nothing of it is computed."""
    none = not_computed(reason, 0, "points", _PAIRED, of)
    scaled = not_computed(reason, 0, "SD before", _STANDARDISED, of)
    return Change(what, side, none, scaled, None, none, none, n_before, n_after)


def sides_of(pairs: pd.DataFrame, sides: Sequence[str]) -> dict[str, frozenset[str]]:
    """Who is on which side of these pairs? With both sides asked for, ``"both"`` is added."""
    found = {side: frozenset(pairs[f"{side}_id"]) for side in sides}
    if len(sides) > 1:
        found["both"] = frozenset().union(*found.values())
    return found


def people_called(side: str) -> str:
    """What are the people of a side called, in the plural?

    >>> people_called("mentor"), people_called("both")
    ('mentors', 'participants')
    """
    return "participants" if side == "both" else f"{side}s"
