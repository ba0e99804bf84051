"""Which one common factor explains the answers to a scale's items, and is it determined?"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy import optimize

type Floats = npt.NDArray[np.float64]

_LEAST_UNIQUE = 0.005
_SINGULAR = 1e12


def one_factor(correlation: Floats) -> tuple[Floats, Floats] | None:
    """Which loadings and unique variances has the one-factor model, by maximum likelihood?

    The likelihood is maximised over the unique variances alone, the loadings following from the
    first eigenvector (Joereskog 1967; as R's ``factanal``).

    Parameters
    ----------
    correlation : array of float, items by items

    Returns
    -------
    (loadings, unique variances), or None where the matrix is singular or an item would be left
    with no variance of its own (a Heywood case).
    """
    if np.linalg.eigvalsh(correlation)[0] < 1e-8:
        return None

    def top(unique: Floats) -> tuple[Floats, Floats]:
        scale = np.sqrt(unique)
        values, vectors = np.linalg.eigh(correlation / np.outer(scale, scale))
        return values, scale * vectors[:, -1] * math.sqrt(max(float(values[-1]) - 1, 0.0))

    def misfit(unique: Floats) -> tuple[float, Floats]:
        values, loadings = top(unique)
        rest = values[:-1]
        gap = loadings**2 + unique - np.diag(correlation)
        return float((rest - np.log(rest) - 1).sum()), gap / unique**2

    start = (1 - 0.5 / len(correlation)) / np.diag(np.linalg.inv(correlation))
    found = optimize.minimize(
        misfit,
        np.clip(start, 2 * _LEAST_UNIQUE, 1.0),
        jac=True,
        method="L-BFGS-B",
        bounds=[(_LEAST_UNIQUE, 1.0)] * len(correlation),
        options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 2000},
    )
    unique = np.asarray(found.x, dtype=np.float64)
    if (unique < 1.01 * _LEAST_UNIQUE).any():
        return None
    loadings = top(unique)[1]
    return (loadings if loadings.sum() >= 0 else -loadings), unique


def fitted(covariance: Floats) -> tuple[Floats, Floats] | None:
    """Which loadings and unique variances in the items' own units? None: no proper model fits."""
    spread = np.sqrt(np.diag(covariance))
    found = one_factor(covariance / np.outer(spread, spread))
    return None if found is None else (found[0] * spread, found[1] * spread**2)


def omega_slopes(loadings: Floats, unique: Floats) -> Floats | None:
    """How does McDonald's omega move with the covariances: M of d omega = trace(M dS)?

    d parameters = information^-1 * score of dS, with the expected information of the normal
    likelihood, and omega's own slopes in the parameters. None where the information is singular:
    with fewer than three loadings other than zero, many of them fit as well.
    """
    size = len(loadings)
    inverse = np.linalg.inv(np.outer(loadings, loadings) + np.diag(unique))
    unit = np.eye(size)
    by_loading = unit[:, :, None] * loadings + loadings[:, None] * unit[:, None, :]
    by_unique = unit[:, :, None] * unit[:, None, :]
    moved = np.concatenate([by_loading, by_unique])
    weighed = inverse @ moved @ inverse
    information = 0.5 * np.einsum("aij,bji->ab", weighed, moved)
    if np.linalg.cond(information) > _SINGULAR:
        return None
    total, own = float(loadings.sum()), float(unique.sum())
    scale = (total**2 + own) ** 2
    slope = np.repeat([2 * total * own / scale, -(total**2) / scale], size)
    slopes: Floats = 0.5 * np.einsum("a,aij->ij", np.linalg.solve(information, slope), weighed)
    return slopes
