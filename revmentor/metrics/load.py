"""Do the meetings ahead fit the hours that people gave?"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from revmentor.metrics.estimate import Estimate, census_share, mean
from revmentor.metrics.sessions import ONE_WAVE, Span, Spans, by_wave
from revmentor.names import SIDES

DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Load:
    """The weeks ahead.

    Parameters
    ----------
    weeks : DataFrame
        week (1 = the seven days from the first due day of all), begins (date), meetings due.
    needed : float
        Hours a month that one pair asks of each of its two people; the mean where waves differ.
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
    waves: Spans = ONE_WAVE,
) -> Load:
    """How many meetings are due each week, and who has promised fewer hours than they need?

    Parameters
    ----------
    pairs, applications : DataFrame
        As in the contract; applications with hours_per_month.
    due_days : sequence of date
        Days on which a pair is due to meet.
    end : date
        Last day of the pairs.
    minutes : float
        Length of one meeting.
    waves : mapping of str to Span
        When the pairs of each wave meet, by their column ``wave``; empty: all as ``due_days`` say.

    Notes
    -----
    A pair needs (meetings due) * minutes / 60 hours over its months of 365.25 / 12 days; a person
    the most that their pairs need at the same time.
    """
    whole = Span(due_days, end)
    spans = list(by_wave(pairs, whole, waves)) or [(pairs.index, whole)]
    rates, running = _rates(pairs, spans, minutes)
    given = applications.set_index("person_id")["hours_per_month"].astype("float64")
    people, hours, overbooked = {}, {}, {}
    for side in SIDES:
        at_once = [rates.where(now, 0.0).groupby(pairs[f"{side}_id"]).sum() for now in running]
        needed = pd.concat(at_once, axis=1).max(axis=1)
        said = given.reindex(needed.index).dropna()
        people[side] = len(needed)
        hours[side] = mean(said, "hours a month", f"{side}s", bounds=(0.0, math.inf))
        over = needed.loc[said.index] > said + 1e-9
        overbooked[side] = census_share(int(over.sum()), len(said), f"{side}s who gave their hours")
    each = float(rates.mean()) if len(rates) else _rate(whole, minutes)
    return Load(_by_week(spans), each, len(pairs), people, hours, overbooked)


def _rate(span: Span, minutes: float) -> float:
    """Hours a month that a pair of this wave needs."""
    months = ((span.end - span.due[0]).days + 1) / DAYS_A_MONTH
    return len(span.due) * minutes / 60 / months


def _rates(
    pairs: pd.DataFrame, spans: Sequence[tuple[pd.Index, Span]], minutes: float
) -> tuple[pd.Series, list[pd.Series]]:
    """Hours a month of every pair, and which pairs run on each day on which some begin."""
    rates = pd.Series(0.0, index=pairs.index)
    for rows, span in spans:
        rates.loc[rows] = _rate(span, minutes)
    running = []
    for day in sorted({span.due[0] for _, span in spans}):
        now = pd.Series(False, index=pairs.index)
        for rows, span in spans:
            now.loc[rows] = span.due[0] <= day <= span.end
        running.append(now)
    return rates, running


def _by_week(spans: Sequence[tuple[pd.Index, Span]]) -> pd.DataFrame:
    origin = min(span.due[0] for _, span in spans)
    weeks = (max(span.end for _, span in spans) - origin).days // 7 + 1
    table = pd.DataFrame({"week": range(1, weeks + 1)})
    table["begins"] = pd.Timestamp(origin) + pd.to_timedelta((table["week"] - 1) * 7, unit="D")
    table["meetings"] = 0
    for rows, span in spans:
        due = pd.Series([(day - origin).days // 7 + 1 for day in span.due]).value_counts()
        table["meetings"] += due.reindex(table["week"], fill_value=0).to_numpy() * len(rows)
    return table
