"""Do the meetings ahead fit the hours that people gave?"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

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
    circle : float or None
        Hours a month that one circle asks of each of its people; None if there are none.
    pairs, circles : int
        Pairs and circles that meet.
    people : mapping of side to int
        People in pairs or circles.
    hours : mapping of side to Estimate
        Hours a month that a person of that side gave, mean over those who said.
    overbooked : mapping of side to Estimate
        Share of people whose pairs and circles need more hours than they gave, of those who said.
    """

    weeks: pd.DataFrame
    needed: float
    circle: float | None
    pairs: int
    circles: int
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
    circles: pd.DataFrame | None = None,
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
    circles : DataFrame, optional
        circle, person_id, side: who is in a circle, which meets as ``due_days`` say.

    Notes
    -----
    A pair or a circle needs (meetings due) * minutes / 60 hours over its months of 365.25 / 12
    days; a person the most that their pairs and circles need at the same time.
    """
    whole = Span(due_days, end)
    spans = list(by_wave(pairs, whole, waves)) or [(pairs.index, whole)]
    seats = [
        _Seats(pairs.loc[rows, f"{side}_id"], side, span) for rows, span in spans for side in SIDES
    ]
    many = 0 if circles is None else int(circles["circle"].nunique())
    if circles is not None and many:
        mine = {side: circles.loc[circles["side"] == side, "person_id"] for side in SIDES}
        seats += [_Seats(who, side, whole) for side, who in mine.items()]
    given = applications.set_index("person_id")["hours_per_month"].astype("float64")
    people, hours, overbooked = {}, {}, {}
    for side in SIDES:
        needed = _needed([seat for seat in seats if seat.side == side], minutes)
        said = given.reindex(needed.index).dropna()
        people[side] = len(needed)
        hours[side] = mean(said, "hours a month", f"{side}s", bounds=(0.0, math.inf))
        over = needed.loc[said.index] > said + 1e-9
        overbooked[side] = census_share(int(over.sum()), len(said), f"{side}s who gave their hours")
    total = sum(_rate(span, minutes) * len(rows) for rows, span in spans)
    each = total / len(pairs) if len(pairs) else _rate(whole, minutes)
    circle = _rate(whole, minutes) if many else None
    weeks = _by_week([*((len(rows), span) for rows, span in spans), (many, whole)])
    return Load(weeks, each, circle, len(pairs), many, people, hours, overbooked)


class _Seats(NamedTuple):
    """Who meets on one side of the pairs of a wave, or of circles, and when; once for each."""

    people: pd.Series
    side: str
    span: Span


def _needed(seats: Sequence[_Seats], minutes: float) -> pd.Series:
    """The most hours a month that everybody needs at the same time: on a day when some begin."""
    at_once = []
    for day in sorted({span.due[0] for _, _, span in seats}):
        hours = [
            pd.Series(_rate(span, minutes) * (span.due[0] <= day <= span.end), people.to_numpy())
            for people, _, span in seats
        ]
        at_once.append(pd.concat(hours).groupby(level=0).sum())
    return pd.concat(at_once, axis=1).max(axis=1)


def _rate(span: Span, minutes: float) -> float:
    """Hours a month that a pair of this wave, or a circle, needs."""
    months = ((span.end - span.due[0]).days + 1) / DAYS_A_MONTH
    return len(span.due) * minutes / 60 / months


def _by_week(spans: Sequence[tuple[int, Span]]) -> pd.DataFrame:
    origin = min(span.due[0] for _, span in spans)
    weeks = (max(span.end for _, span in spans) - origin).days // 7 + 1
    table = pd.DataFrame({"week": range(1, weeks + 1)})
    table["begins"] = pd.Timestamp(origin) + pd.to_timedelta((table["week"] - 1) * 7, unit="D")
    table["meetings"] = 0
    for many, span in spans:
        due = pd.Series([(day - origin).days // 7 + 1 for day in span.due]).value_counts()
        table["meetings"] += due.reindex(table["week"], fill_value=0).to_numpy() * many
    return table
