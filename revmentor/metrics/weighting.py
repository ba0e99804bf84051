"""Which people are comparable, how much does each count, and how sure is the difference?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

type Real = npt.NDArray[np.float64]
type Bools = npt.NDArray[np.bool_]
type Whole = npt.NDArray[np.int64]

RIDGE = 0.1
REFITTED = 4_000
_BLOCK = 4_000_000


@dataclass(frozen=True)
class Weighted:
    """Two groups made comparable, and how often the event happened in each.

    Parameters
    ----------
    weights : array of float
        Of every person; 0 where nobody on the other side is comparable.
    risk_treated, risk_control : float
        Weighted share of the event, 0..1.
    draws : array, draws by 2
        The two shares again in each bootstrap draw.
    method : str
    widen : float
        By how much errors from the draws are widened for the columns that were fitted.
    """

    weights: Real
    risk_treated: float
    risk_control: float
    draws: Real
    method: str
    widen: float = 1.0

    @property
    def used(self) -> Bools:
        """Who counts at all?"""
        return self.weights > 0

    def effective(self, group: Bools) -> float:
        """How many equally weighted people of the group would be as informative (Kish 1965)?"""
        return _effective(self.weights[group])


def _effective(weights: Real) -> float:
    return float(weights.sum() ** 2 / np.square(weights).sum()) if weights.any() else 0.0


def strata_weights(strata: Whole, treated: Bools) -> Real:
    """How much does each person count, where only those of the same stratum are comparable?

    Coarsened exact matching (Iacus, King and Porro 2012): in strata with both groups, treated count
    1 and controls as many as there are treated, shared among them; other strata count 0. Controls
    are scaled so that their weights sum to their number.

    >>> strata = np.array([0, 0, 0, 1, 2])
    >>> strata_weights(strata, np.array([True, False, False, True, False])).tolist()
    [1.0, 1.0, 1.0, 0.0, 0.0]
    """
    size = int(strata.max()) + 1 if len(strata) else 0
    mine = np.bincount(strata[treated], minlength=size).astype(float)
    others = np.bincount(strata[~treated], minlength=size).astype(float)
    both = (mine > 0) & (others > 0)
    share = np.divide(mine, others, out=np.zeros(size), where=both)
    weights = np.where(treated, both[strata].astype(float), share[strata])
    matched, kept = others[both].sum(), mine[both].sum()
    return np.where(treated, weights, weights * (matched / kept if kept else 0.0))


def by_strata(strata: Whole, treated: Bools, happened: Bools, *, draws: int, seed: int) -> Weighted:
    """What is the difference within strata, weighted by the treated?

    The Bayesian bootstrap (Rubin 1981) gives each person a random weight of mean 1 instead of
    drawing people: the sums per stratum, group and event are gamma numbers, so that all draws are
    made at once and no stratum ever loses its controls.
    """
    weights = strata_weights(strata, treated)
    kept = weights > 0
    _, place = np.unique(strata[kept], return_inverse=True)
    cell = 4 * place + 2 * treated[kept] + happened[kept]
    cells = np.bincount(cell, minlength=4 * (int(place.max(initial=-1)) + 1)).astype(float)
    counts = cells.reshape(-1, 2, 2)
    rng = np.random.default_rng(seed)
    drawn = rng.standard_gamma(counts, size=(draws, *counts.shape))
    point = _strata_risks(counts[None])[0]
    method = "coarsened exact matching, Bayesian bootstrap 95% interval"
    return Weighted(weights, float(point[0]), float(point[1]), _strata_risks(drawn), method)


def _strata_risks(counts: Real) -> Real:
    """Share of the event among treated and control, standardised to the treated. Draws by 2."""
    size = counts.sum(axis=3)
    share = np.divide(counts[..., 1], size, out=np.zeros(size.shape), where=size > 0)
    standard = size[:, :, 1] / size[:, :, 1].sum(axis=1, keepdims=True)
    return np.stack(
        [(share[:, :, 1] * standard).sum(axis=1), (share[:, :, 0] * standard).sum(axis=1)], axis=1
    )


def by_overlap(
    columns: Real, treated: Bools, happened: Bools, *, draws: int, seed: int
) -> Weighted:
    """What is the difference among people who could as well be in the other group?

    The chance to take part is estimated by logistic regression (scikit-learn, a ridge of 0.1 on
    standardised columns so that it exists where a group has nobody on one side); treated count by
    their chance not to take part and controls by their chance to do so: overlap weights (Li, Morgan
    and Zaslavsky 2018, JASA 113). They balance the mean of every column and give little weight to
    people without a counterpart, so that no caliper and no trimming is chosen.

    The interval is a Bayesian bootstrap (Rubin 1981) that estimates the regression anew in each
    draw, by two Newton steps from the estimate with the draw's curvature there; above 4,000 people
    to first order, from each person's influence on estimate and regression. Nearest neighbours
    are not used, because the bootstrap is not valid for them (Abadie and Imbens 2008, Econometrica
    76). Errors are widened by sqrt(n / (n - columns)), n being the effective number, as for
    residuals of a regression: with few people a column, draws vary too little.
    """
    from sklearn.linear_model import LogisticRegression

    spread = columns.std(axis=0)
    kept = spread > 0
    scaled = (columns[:, kept] - columns[:, kept].mean(axis=0)) / spread[kept]
    # Newton: a dozen steps, where the default takes hundreds of them for so few columns
    model = LogisticRegression(C=1 / RIDGE, solver="newton-cholesky", max_iter=200, tol=1e-6)
    model.fit(scaled, treated)
    full = np.column_stack([np.ones(len(scaled)), scaled])
    start = np.concatenate([model.intercept_, model.coef_[0]])
    chance = _chance(full @ start)
    weights = np.where(treated, 1 - chance, chance)
    one, other = (
        float(np.average(happened[group], weights=weights[group])) for group in (treated, ~treated)
    )
    method = "overlap weights from logistic regression, Bayesian bootstrap 95% interval"
    again = refitted if len(full) <= REFITTED else linearised
    found = again(full, start, treated, happened, draws, np.random.default_rng(seed))
    rank = int(np.linalg.matrix_rank(full.T @ full, hermitian=True))
    many = sum(_effective(weights[group]) for group in (treated, ~treated))
    widen = math.sqrt(many / max(many - rank, 1.0))
    return Weighted(weights, one, other, found, method, widen)


def _chance(logit: Real) -> Real:
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))), dtype=np.float64)


def _ridge(full: Real) -> Real:
    """The penalty of each column; the first, the intercept, has none."""
    return np.where(np.arange(full.shape[1]) > 0, RIDGE, 0.0)


def refitted(
    full: Real,
    start: Real,
    treated: Bools,
    happened: Bools,
    draws: int,
    rng: np.random.Generator,
) -> Real:
    """Both shares in each draw, with the regression fitted to the draw's weights. Draws by 2."""
    (people, size), ridge = full.shape, _ridge(full)
    took, did = treated.astype(float), happened.astype(float)
    at_start = _chance(full @ start)
    many = max(1, _BLOCK // max(people, size * size))
    parts = []
    for first in range(0, draws, many):
        drawn = rng.standard_exponential((min(many, draws - first), people))
        curve = _curvature(drawn * (at_start * (1 - at_start)), full)
        curve[:, np.arange(size), np.arange(size)] += ridge
        beta = np.broadcast_to(start, (len(drawn), size))
        chance = np.broadcast_to(at_start, drawn.shape)
        for _ in range(2):
            slope = (drawn * (took - chance)) @ full - ridge * beta
            beta = beta + np.linalg.solve(curve, slope[..., None])[..., 0]
            chance = _chance(beta @ full.T)
        mine, theirs = drawn * took * (1 - chance), drawn * (1 - took) * chance
        parts.append(
            np.stack([(mine @ did) / mine.sum(axis=1), (theirs @ did) / theirs.sum(axis=1)], axis=1)
        )
    return np.concatenate(parts)


def linearised(
    full: Real,
    start: Real,
    treated: Bools,
    happened: Bools,
    draws: int,
    rng: np.random.Generator,
) -> Real:
    """Both shares in each draw, to first order in the draw's weights. Draws by 2.

    A person's influence on a weighted share has two parts: their own outcome, and what they do to
    the regression, through which everybody's weight changes (the terms of the sandwich variance).
    """
    people, ridge = len(full), _ridge(full)
    took, did = treated.astype(float), happened.astype(float)
    chance = _chance(full @ start)
    slack = chance * (1 - chance)
    curve = (full * slack[:, None]).T @ full + np.diag(ridge)
    shift = np.linalg.solve(curve, (full * (took - chance)[:, None]).T)
    parts = []
    for group, weight, way in ((took, 1 - chance, -1.0), (1 - took, chance, 1.0)):
        total = float((group * weight).sum())
        risk = float((group * weight * did).sum()) / total
        apart = group * (did - risk) / total
        parts.append((risk, apart * weight + way * (apart * slack) @ full @ shift))
    point = np.array([risk for risk, _ in parts])
    influence = np.stack([part for _, part in parts], axis=1)
    many = max(1, _BLOCK // people)
    moved = [
        (rng.standard_exponential((min(many, draws - first), people)) - 1) @ influence
        for first in range(0, draws, many)
    ]
    return np.asarray(point + np.concatenate(moved))


def _curvature(weights: Real, full: Real) -> Real:
    """X' W X for each row of weights, in blocks of people. Draws by columns by columns."""
    people, size = full.shape
    upper = np.triu_indices(size)
    flat = np.zeros((len(weights), len(upper[0])))
    step = max(1, _BLOCK // len(upper[0]))
    for first in range(0, people, step):
        rows = full[first : first + step]
        flat += weights[:, first : first + step] @ (rows[:, upper[0]] * rows[:, upper[1]])
    curve = np.zeros((len(weights), size, size))
    curve[:, upper[0], upper[1]] = flat
    curve[:, upper[1], upper[0]] = flat
    return curve
