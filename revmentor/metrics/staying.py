"""What share of a group is still there after so many days, month by month?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from revmentor.metrics.estimate import Estimate, not_computed, proportion
from revmentor.metrics.survival import Followed
from revmentor.metrics.survival_curves import survival_table
from revmentor.people import are_in

MONTH = 30


@dataclass(frozen=True)
class Staying:
    """One group on one day.

    Parameters
    ----------
    day : int
        Days since the start.
    share : Estimate
        Who had not left by the end of that day, of all at risk at the start.
    left : Index
        Ids of those who had left by then.
    at_risk : Index
        Ids of those who were still seen and there just before that day.
    """

    day: int
    share: Estimate
    left: pd.Index
    at_risk: pd.Index


def ticks(length: int, every: int = MONTH) -> list[int]:
    """On which days is a curve told? Every so many, and the last.

    >>> ticks(70), ticks(60)
    ([30, 60, 70], [30, 60])
    """
    days = list(range(every, length + 1, every))
    return days if days and days[-1] == length else [*days, length]


def staying(followed: Followed, ids: pd.Index, days: Sequence[int], of: str) -> list[Staying]:
    """What share of these people is still there on each of these days?

    Where nobody was lost from sight before that day: stayed / at risk at the start with Wilson's
    interval. Else the Kaplan-Meier estimate with its log-log interval.

    Parameters
    ----------
    followed : Followed
        From `revmentor.metrics.survival.follow`, for ``left_on``.
    ids : Index
        Of whom; people who were not at risk are left out.
    days : sequence of int
        Days since the start, above 0.
    of : str
        What n counts, in the plural.
    """
    rows = followed.rows.loc[are_in(followed.rows.index, ids)]
    last, happened = rows["days"].to_numpy(), rows["happened"].to_numpy()
    table = survival_table(last, happened) if len(rows) else None
    found = []
    for day in days:
        gone = happened & (last <= day)
        lost = ~happened & (last < day)
        share = proportion(int((~gone).sum()), len(rows), of)
        if table is not None and lost.any():
            share = _estimated(table, day, len(rows), of)
        found.append(Staying(day, share, rows.index[gone], rows.index[last >= day]))
    return found


def _estimated(table: pd.DataFrame, day: int, n: int, of: str) -> Estimate:
    method = "Kaplan-Meier, log-log 95% interval"
    row = table.loc[table["day"] <= day].iloc[-1]
    if not 0 < row["survival"] < 1 or not np.isfinite(row["low"]):
        reason = "observation ended early for some, and nobody or everybody had left by then"
        return not_computed(reason, n, "share", method, of)
    ends = (float(row["low"]), float(row["high"]))
    return Estimate(float(row["survival"]), *ends, n, "share", method, "", of)
