"""Are people ready for the five principles, before anybody is matched?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from revmentor.metrics.cohort import on_side
from revmentor.metrics.estimate import Estimate, mean, not_computed
from revmentor.metrics.pulse import POINTS, principle_of
from revmentor.metrics.reliability import Reliability, reliability
from revmentor.names import PRINCIPLES, SIDES

_METHOD = "mean of the items answered"


@dataclass(frozen=True)
class Readiness:
    """What the two sides answered on the five principles when they applied.

    Parameters
    ----------
    scores : DataFrame
        person_id, side, and a column per principle that was asked: the mean of the person's
        answered items, in points; NaN where none was answered. Who applied for both sides stands
        on both.
    means : mapping of (principle, side) to Estimate
        Not computed where the items must not be averaged.
    judged : tuple of Reliability
        One per principle, from all answers of both sides.
    """

    scores: pd.DataFrame
    means: dict[tuple[str, str], Estimate]
    judged: tuple[Reliability, ...]

    @property
    def principles(self) -> tuple[str, ...]:
        """Principles that were asked and may be averaged."""
        return tuple(each.scale for each in self.judged if not each.refused)


def readiness(applications: pd.DataFrame, items: Sequence[str]) -> Readiness:
    """How ready is each side, principle by principle?

    A person's readiness is the mean of the items that they answered; a side's the mean over its
    people, with Student's interval. Items that do not hang together (see `reliability`) are not
    averaged.

    Parameters
    ----------
    applications : DataFrame
        person_id, side, and the items (two per principle, ``compassion_1``) on one scale.
    items : sequence of str
        ``data.items.readiness``.
    """
    asked = {
        name: [item for item in items if principle_of(item) == name and item in applications]
        for name in PRINCIPLES
    }
    asked = {
        name: columns
        for name, columns in asked.items()
        if columns and applications[columns].notna().any(axis=None)
    }
    judged = tuple(reliability(applications, columns, name) for name, columns in asked.items())
    rows = pd.concat(
        [on_side(applications, side).assign(side=side) for side in SIDES], ignore_index=True
    )
    scores = rows[["person_id", "side"]].assign(
        **{name: rows[columns].mean(axis=1) for name, columns in asked.items()}
    )
    means = {}
    for each in judged:
        for side in SIDES:
            values = scores.loc[scores["side"] == side, each.scale]
            of = f"{side}s"
            means[each.scale, side] = (
                not_computed(each.text, int(values.notna().sum()), POINTS, _METHOD, of)
                if each.refused
                else mean(values, POINTS, of)
            )
    return Readiness(scores, means, judged)


def low_readiness(found: Readiness, below: float) -> pd.DataFrame:
    """Who is low on a principle?

    Parameters
    ----------
    found : Readiness
    below : float, points
        A person below this on a principle is low on it.

    Returns
    -------
    DataFrame
        person_id, side, principle, points; the lowest first, then by id.
    """
    long = found.scores.melt(["person_id", "side"], list(found.principles), "principle", "points")
    low: pd.DataFrame = long.loc[long["points"] < below]
    order = ["points", "person_id", "side", "principle"]
    return low.sort_values(order, ignore_index=True)
