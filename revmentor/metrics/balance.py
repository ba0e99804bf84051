"""Are two groups alike in what was known before the cycle?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor.metrics.covariates import Covariates

type Real = npt.NDArray[np.float64]
type Bools = npt.NDArray[np.bool_]

LIMIT = 0.10
_WORDS = {
    "tenure": "tenure",
    "promoted": "last promotion",
    "born": "year of birth",
    "generation": "generation",
}


@dataclass(frozen=True)
class Balance:
    """How far two groups are apart in one covariate, in standard deviations.

    Parameters
    ----------
    covariate : str
        Its name, and the value for a covariate of groups: "department: Law".
    before, after : float
        Standardised mean difference, treated minus control, without and with weights.
    fewest : int or None
        Of a covariate of groups: the fewest people, of those who are in the group and of those who
        are not, in either of the two, where there is anybody. None for years.
    """

    covariate: str
    before: float
    after: float
    fewest: int | None = None

    @property
    def balanced(self) -> bool:
        """At most 0.1 apart after weighting?"""
        return abs(self.after) <= LIMIT


def design(known: Covariates) -> tuple[Real, tuple[str, ...]]:
    """Covariates as columns of numbers: one per group (0 or 1), then exact years.

    Parameters
    ----------
    known : Covariates

    Returns
    -------
    (array of people by columns, tuple of str)
        Missing years are the mean of those known (that they are missing is a group of its own);
        names as a reader would say them.
    """
    columns: list[Real] = []
    names: list[str] = []
    for name in map(str, known.groups):
        label = _WORDS.get(name, name)
        cells = known.groups[name].to_numpy(dtype=str)
        for value in sorted(set(cells.tolist())):
            columns.append((cells == value).astype(float))
            names.append(f"{label}: {value}")
    for name in map(str, known.numbers):
        years = known.numbers[name]
        columns.append(years.fillna(years.mean()).to_numpy(dtype=float))
        names.append({"promoted": "years since the last promotion"}.get(name, _WORDS[name]))
    if not columns:
        return np.zeros((len(known.groups), 0)), ()
    return np.column_stack(columns), tuple(names)


def balance(
    columns: Real, names: Sequence[str], treated: Bools, weights: Real
) -> tuple[Balance, ...]:
    """How far are treated and control apart in each column, before and after weighting?

    (mean of treated - mean of control) / sqrt((variance of treated + variance of control) / 2);
    the variances are those before weighting in both cases, so that the yardstick stays the same;
    at most 0.1 counts as alike (Austin 2009, Statistics in Medicine 28; Stuart 2010).

    Parameters
    ----------
    columns : array, people by columns
    names : sequence of str
    treated : array of bool
    weights : array of float
        From 0; of every person.
    """
    one, other = columns[treated], columns[~treated]
    spread = np.sqrt((one.var(axis=0) + other.var(axis=0)) / 2)
    spread = np.where(spread > 0, spread, np.inf)
    before = (one.mean(axis=0) - other.mean(axis=0)) / spread
    mine = np.average(one, axis=0, weights=weights[treated])
    theirs = np.average(other, axis=0, weights=weights[~treated])
    after = (mine - theirs) / spread
    cells = [(part == value).sum(axis=0) for part in (one, other) for value in (0, 1)]
    some = np.stack([np.where(cell > 0, cell, len(columns)) for cell in cells]).min(axis=0)
    grouped = ((columns == 0) | (columns == 1)).all(axis=0)
    return tuple(
        Balance(name, float(first), float(last), int(few) if in_groups else None)
        for name, first, last, few, in_groups in zip(
            names, before, after, some, grouped, strict=True
        )
    )


def codes(known: Covariates) -> npt.NDArray[np.int64]:
    """Which coarsened stratum is each person in? Numbers from 0; alike in every covariate."""
    if known.groups.shape[1] == 0:
        return np.zeros(len(known.groups), dtype=np.int64)
    keys = pd.MultiIndex.from_frame(known.groups)
    return np.asarray(pd.factorize(keys, sort=True)[0], dtype=np.int64)
