"""Do the meetings ahead fit the hours that people gave?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from revmentor.metrics.estimate import Estimate, census_share, mean
from revmentor.names import SIDES

DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Load:
    """The weeks ahead.

    Parameters
    ----------
    weeks : DataFrame
        week (1 = the seven days from the first due day), begins (date), meetings due.
    needed : float
        Hours a month that one pair asks of each of its two people.
    pairs : int
        Pairs that meet.
    people : mapping of side to int
        People in pairs.
    hours : mapping of side to Estimate
        Hours a month that a person of that side gave, mean over those who said.
    overbooked : mapping of side to Estimate
        Share of people whose pairs need more hours than they gave, of those who said.
    """

    weeks: pd.DataFrame
    needed: float
    pairs: int
    people: dict[str, int]
    hours: dict[str, Estimate]
    overbooked: dict[str, Estimate]


def load(
    pairs: pd.DataFrame,
    applications: pd.DataFrame,
    due_days: Sequence[dt.date],
    end: dt.date,
    minutes: float,
) -> Load:
    """How many meetings are due each week, and who has promised fewer hours than they need?

    Parameters
    ----------
    pairs, applications : DataFrame
        As in the contract; applications with hours_per_month.
    due_days : sequence of date
        Days on which every pair is due to meet.
    end : date
        Last day of the pairs.
    minutes : float
        Length of one meeting.

    Notes
    -----
    A person needs (partners) * (meetings due) * minutes / 60 hours over the cycle's months of
    365.25 / 12 days.
    """
    origin = due_days[0]
    weeks = (end - origin).days // 7 + 1
    due = pd.Series([(day - origin).days // 7 + 1 for day in due_days]).value_counts()
    table = pd.DataFrame({"week": range(1, weeks + 1)})
    table["begins"] = pd.Timestamp(origin) + pd.to_timedelta((table["week"] - 1) * 7, unit="D")
    table["meetings"] = due.reindex(table["week"], fill_value=0).to_numpy() * len(pairs)
    months = ((end - origin).days + 1) / DAYS_A_MONTH
    needed_each = len(due_days) * minutes / 60 / months
    given = applications.set_index("person_id")["hours_per_month"].astype("float64")
    people, hours, overbooked = {}, {}, {}
    for side in SIDES:
        partners = pairs[f"{side}_id"].value_counts()
        said = given.reindex(partners.index).dropna()
        people[side] = len(partners)
        hours[side] = mean(said, "hours a month", f"{side}s")
        over = partners.loc[said.index] * needed_each > said + 1e-9
        overbooked[side] = census_share(int(over.sum()), len(said), f"{side}s who gave their hours")
    return Load(table, needed_each, len(pairs), people, hours, overbooked)
