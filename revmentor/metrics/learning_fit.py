"""How are weights fitted to ratings, and how well do they foretell ratings that had no say?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

type Real = npt.NDArray[np.float64]
type Whole = npt.NDArray[np.int64]

PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0)
FOLDS = 5
VARIES = 1e-9
_TINY = 1e-10


def centred(x: Real, y: Real, cycle: Whole) -> tuple[Real, Real]:
    """Criteria and ratings minus the means of their cycle: only differences within a cycle count.

    >>> centred(np.array([[1.0], [3.0]]), np.array([2.0, 4.0]), np.array([0, 0]))[1].tolist()
    [-1.0, 1.0]
    """
    size = np.bincount(cycle).astype(float)
    mean_y = np.bincount(cycle, weights=y) / size
    sums = np.zeros((len(size), x.shape[1]))
    np.add.at(sums, cycle, x)
    return x - (sums / size[:, None])[cycle], y - mean_y[cycle]


def fit(x: Real, y: Real, present: Real, penalty: float) -> tuple[Real, float]:
    """Which non-negative slopes fit the ratings and stay near the present weights at some scale?

    argmin over b >= 0, s >= 0 of |y - x b|^2 / n + penalty |b - s w|^2, by non-negative least
    squares (`scipy.optimize.nnls`).

    Parameters
    ----------
    x : array, pairs by criteria
        Centred.
    y : array
        Centred ratings.
    present : array
        The present weights w, from 0.
    penalty : float
        Above 0; in squared rating points.

    Returns
    -------
    (array, float)
        Slopes b in rating points for a criterion of 1 against 0, and the scale s.

    >>> x = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]])
    >>> slopes, _ = fit(x, x @ np.array([2.0, 1.0]), np.array([0.5, 0.5]), 1e-6)
    >>> [round(float(slope), 3) for slope in slopes]
    [2.0, 1.0]
    """
    return _solve(x.T @ x / len(y), x.T @ y / len(y), present, penalty)


def _solve(gram: Real, moment: Real, present: Real, penalty: float) -> tuple[Real, float]:
    """The same from the sums of squares and products."""
    from scipy.optimize import nnls

    size = len(present)
    full = np.zeros((size + 1, size + 1))
    full[:size, :size] = gram + penalty * np.eye(size)
    full[:size, size] = full[size, :size] = -penalty * present
    full[size, size] = penalty * float(present @ present)
    root = np.linalg.cholesky(full + _TINY * np.eye(size + 1)).T
    right = np.linalg.solve(root.T, np.append(moment, 0.0))
    found, _ = nnls(root, right)
    return np.asarray(found[:size], dtype=np.float64), float(found[size])


def best_penalty(x: Real, y: Real, present: Real, seed: int) -> float:
    """Which penalty foretells left-out pairs best, in folds at random? Of equals the strongest.

    Pairs come sorted, so that the same pairs are in the same fold whatever the order of rows.
    """
    folds = np.random.default_rng(seed).permutation(len(y)) % FOLDS
    errors = np.zeros(len(PENALTIES))
    for fold in range(int(folds.max()) + 1):
        out = folds == fold
        for place, penalty in enumerate(PENALTIES):
            found, _ = fit(x[~out], y[~out], present, penalty)
            errors[place] += float(np.square(y[out] - x[out] @ found).sum())
    best = np.flatnonzero(errors <= errors.min() * (1 + 1e-12))
    return float(PENALTIES[best.max()])


def left_out(x: Real, y: Real, cycle: Whole, present: Real, seed: int) -> tuple[Real, Real]:
    """How far off are present and new weights for each pair, its cycle having had no say?

    Two arrays of squared errors: by the present weights, and by the new ones.
    """
    old, new = np.zeros(len(y)), np.zeros(len(y))
    score = x @ present
    for name in range(int(cycle.max()) + 1):
        out = cycle == name
        penalty = best_penalty(x[~out], y[~out], present, seed)
        found, _ = fit(x[~out], y[~out], present, penalty)
        inside = score[~out]
        slope = max(0.0, float(inside @ y[~out]) / max(float(inside @ inside), VARIES))
        old[out] = np.square(y[out] - slope * score[out])
        new[out] = np.square(y[out] - x[out] @ found)
    return old, new


def drawn_weights(x: Real, y: Real, present: Real, penalty: float, draws: int, seed: int) -> Real:
    """How do the weights vary if other pairs had been rated? Draws by criteria, rows sum to 1.

    Bayesian bootstrap over pairs (Rubin 1981); the sums of all draws are one matrix product.
    """
    size = x.shape[1]
    weights = np.random.default_rng(seed).standard_exponential((draws, len(y)))
    weights /= weights.sum(axis=1, keepdims=True)
    grams = (weights @ (x[:, :, None] * x[:, None, :]).reshape(len(y), -1)).reshape(-1, size, size)
    moments = weights @ (x * y[:, None])
    slopes = np.array(
        [
            _solve(gram, moment, present, penalty)[0]
            for gram, moment in zip(grams, moments, strict=True)
        ]
    )
    total = slopes.sum(axis=1, keepdims=True)
    return np.asarray(np.where(total > 0, slopes / np.where(total > 0, total, 1.0), present))
