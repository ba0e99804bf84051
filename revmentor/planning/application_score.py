"""What is an application worth, by what it says, where places are given by score?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from revmentor.params.enrolment import Enrolment
from revmentor.params.models import Params

PARTS: Final = ("readiness", "commitment", "hours", "skills", "waited", "wishes")
DIGITS = 6


def application_scores(applications: pd.DataFrame, side: str, params: Params) -> pd.DataFrame:
    """How does each application of a side score, and what is the score made of?

    The score is the sum of weight x part / sum of the weights (``enrolment.score``). Each part is
    in 0..1: the mean of the readiness items, and of those on commitment, on their scale; hours per
    month over ``hours_enough``; the share of the skills that a mentor offers and some mentee wants,
    or that a mentee wants and some mentor offers; cycles waited over ``waits_enough``; whether
    wishes are stated. It never reads age, gender or grade.

    Parameters
    ----------
    applications : DataFrame
        As loaded: all applications, of both sides.
    side : str
        mentor or mentee; who is on both sides is scored on each.
    params : Params
        ``enrolment.missing`` says what counts for a part that somebody states nothing for: the
        ``mean`` of the others on the side, ``zero``, or nothing (``exclude``: the other parts
        carry its weight). A part that nobody states does not count at all.

    Returns
    -------
    DataFrame
        Indexed by person_id in ascending order: score (0..1, to the millionth) and the parts
        (0..1; NaN where nothing is stated).

    Notes
    -----
    A weighted sum with stated weights can be checked by hand, which scores that were fitted to
    past choices cannot; Dawes (1979) found such sums to foretell as well.
    """
    here = applications.loc[applications["side"].isin([side, "both"])]
    here = here.set_index("person_id").sort_index()
    asked = params.enrolment
    parts = pd.DataFrame(
        {
            "readiness": _items(here, params, params.data.items.readiness),
            "commitment": _items(
                here,
                params,
                [i for i in params.data.items.readiness if i.rsplit("_", 1)[0] == "commitment"],
            ),
            "hours": (_numbers(here, "hours_per_month") / asked.hours_enough).clip(upper=1),
            "skills": _skills(here, applications, side),
            "waited": (_numbers(here, "waited").fillna(0) / asked.waits_enough).clip(upper=1),
            "wishes": _stated(here, "wishes").map(len).gt(0).astype("float64"),
        },
        index=here.index,
    )[list(PARTS)]
    return parts.assign(score=_summed(parts, asked))


def _summed(parts: pd.DataFrame, asked: Enrolment) -> pd.Series:
    weights = np.array([float(getattr(asked.score, part)) for part in PARTS])
    values = parts.to_numpy(dtype=np.float64)
    known = ~np.isnan(values)
    weights = np.where(known.any(axis=0), weights, 0.0)
    each = np.broadcast_to(weights, values.shape)
    if asked.missing == "mean":
        counts = np.maximum(known.sum(axis=0), 1)
        means = np.where(known, values, 0.0).sum(axis=0) / counts
        filled = np.where(known, values, means)
    else:
        filled = np.where(known, values, 0.0)
        if asked.missing == "exclude":
            each = np.where(known, each, 0.0)
    whole = each.sum(axis=1)
    score = (each * filled).sum(axis=1) / np.where(whole > 0, whole, 1.0)
    return pd.Series(np.round(score, DIGITS), parts.index, name="score")


def _numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame:
        return pd.Series(np.nan, frame.index, dtype="float64")
    return pd.to_numeric(frame[column]).astype("Float64").astype("float64")


def _items(frame: pd.DataFrame, params: Params, items: Sequence[str]) -> pd.Series:
    """Mean of the answered items, 0 at the lowest end of their scale and 1 at the highest."""
    scale = params.data.scales.item
    asked = [item for item in items if item in frame]
    if not asked:
        return pd.Series(np.nan, frame.index, dtype="float64")
    mean: pd.Series = frame[asked].astype("float64").mean(axis=1)
    return (mean - scale.low) / (scale.high - scale.low)


def _stated(frame: pd.DataFrame, column: str) -> pd.Series:
    """Lists of items; nothing where the column is not there or blank."""
    if column not in frame:
        return pd.Series([()] * len(frame), frame.index, dtype=object)
    return frame[column].map(lambda cell: tuple(cell) if isinstance(cell, tuple | list) else ())


def _skills(here: pd.DataFrame, everybody: pd.DataFrame, side: str) -> pd.Series:
    """Share of what one offers that somebody wants, or of what one wants that somebody offers."""
    own, other = ("skills_offered", "skills_wanted")[:: 1 if side == "mentor" else -1]
    across = "mentee" if side == "mentor" else "mentor"
    others = everybody.loc[everybody["side"].isin([across, "both"])]
    there = {skill for cell in _stated(others, other) for skill in cell}

    def share(cell: tuple[str, ...]) -> float:
        return sum(skill in there for skill in cell) / len(cell) if cell else float("nan")

    return _stated(here, own).map(share).astype("float64")
