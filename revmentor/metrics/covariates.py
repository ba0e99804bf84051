"""What was known about people before the cycle began?"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor.metrics.groups import NOT_GIVEN

YEAR = 365.25
TENURE = (1.0, 2.0, 4.0, 6.0, 10.0)
PROMOTED = (1.0, 2.0, 4.0)
BORN = 10
_LABELS = {
    "tenure": "tenure at the start",
    "promoted": "time since the last promotion",
    "grade": "grade",
    "department": "department",
    "site": "site",
    "generation": "generation",
    "born": "year of birth",
    "gender": "gender",
}


@dataclass(frozen=True)
class Covariates:
    """What is known about each person before the start, coarsened and exact.

    Parameters
    ----------
    groups : DataFrame
        Indexed by person_id; one column of text per covariate: its coarsened value.
    numbers : DataFrame
        Same index; exact values, in years: tenure, since the last promotion, year of birth; missing
        where not known.
    known : tuple of str
        What is compared, in words.
    unknown : tuple of str
        What is not known of anybody, or the same for all, in words.
    redated : int
        People whose last promotion is dated after the start: the one before is not known.
    """

    groups: pd.DataFrame
    numbers: pd.DataFrame
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    redated: int

    def of(self, ids: pd.Index) -> Covariates:
        """The same of some people, in their order; what does not vary among them is dropped."""
        groups, numbers = self.groups.loc[ids], self.numbers.loc[ids]
        vary = [str(name) for name in groups if groups[name].nunique() > 1]
        kept = [str(name) for name in numbers if numbers[name].nunique() > 1]
        known = tuple(_LABELS[name] for name in vary)
        return Covariates(groups[vary], numbers[kept], known, self.unknown, self.redated)


def covariates(people: pd.DataFrame, start: dt.date) -> Covariates:
    """What was known about each person on the day of the start?

    Tenure, time since the last promotion, grade, department, site, generation or year of birth, and
    gender, as far as the table has them. Nothing dated after the start is used: a later promotion
    is not there, and a person hired later has no tenure.

    Parameters
    ----------
    people : DataFrame
        As in the contract.
    start : date
        First day of the cycle.

    Notes
    -----
    Coarsened at 1, 2, 4, 6 and 10 years of tenure, at 1, 2 and 4 years since the last promotion,
    and to decades of birth: fixed before any outcome is read.

    >>> some = pd.DataFrame({"person_id": ["a", "b"], "department": ["IT", "HR"],
    ...     "hired_on": pd.to_datetime(["2025-06-01", "2015-06-01"])})
    >>> covariates(some, dt.date(2026, 1, 1)).groups["tenure"].tolist()
    ['under 1 year', '10 years or more']
    """
    first = pd.Timestamp(start)
    rows = people.set_index("person_id").sort_index()
    groups: dict[str, npt.NDArray[np.str_]] = {}
    numbers: dict[str, pd.Series] = {}
    redated = 0
    if "hired_on" in rows:
        hired = rows["hired_on"].where(rows["hired_on"] <= first)
        numbers["tenure"] = (first - hired).dt.days / YEAR
        groups["tenure"] = _bands(numbers["tenure"], TENURE, NOT_GIVEN)
    if "promoted_on" in rows:
        redated = int((rows["promoted_on"] > first).sum())
        promoted = rows["promoted_on"].where(rows["promoted_on"] <= first)
        numbers["promoted"] = (first - promoted).dt.days / YEAR
        groups["promoted"] = _bands(numbers["promoted"], PROMOTED, "no promotion known")
    for name in ("grade", "department", "site", "generation", "gender"):
        if name in rows:
            groups[name] = rows[name].astype("str").fillna(NOT_GIVEN).to_numpy(dtype=str)
    if "birth_year" in rows:
        born = pd.to_numeric(rows["birth_year"], errors="coerce").astype("float64")
        numbers["born"] = born
        if "generation" not in groups or len(set(groups["generation"])) < 2:
            groups.pop("generation", None)
            decade = (born // BORN * BORN).fillna(-1).astype(int).astype(str)
            groups["born"] = decade.where(born.notna(), NOT_GIVEN).to_numpy(dtype=str)
    frame = pd.DataFrame(groups, index=rows.index)
    vary = [name for name in groups if frame[name].nunique() > 1]
    instead = {"born": "generation", "generation": "born"}
    lacking = [
        label
        for name, label in _LABELS.items()
        if name not in vary and instead.get(name) not in vary
    ]
    if not {"generation", "born"} & set(vary):
        lacking.remove(_LABELS["generation"])
    exact = pd.DataFrame(numbers, index=rows.index).astype("float64")
    exact = exact[[name for name in numbers if exact[name].nunique() > 1]]
    return Covariates(
        frame[vary], exact, tuple(_LABELS[name] for name in vary), tuple(lacking), redated
    )


def _bands(years: pd.Series, cuts: Sequence[float], missing: str) -> npt.NDArray[np.str_]:
    """Years as bands: under 1 year, 1 to 2 years, ... , 10 years or more."""
    names = [f"under {cuts[0]:g} year{'' if cuts[0] == 1 else 's'}"]
    names += [f"{low:g} to {high:g} years" for low, high in itertools.pairwise(cuts)]
    names += [f"{cuts[-1]:g} years or more", missing]
    place = np.searchsorted(np.array(cuts), years.to_numpy(dtype=float), side="right")
    return np.array(names)[np.where(years.isna(), len(names) - 1, place)]
