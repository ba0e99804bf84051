"""Do the pairs meet: first meetings, meetings held against due, cancellations by side?"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from revmentor.metrics.estimate import Estimate, clustered_share, mean, not_computed, proportion

PAIR = ["mentor_id", "mentee_id"]
STATUSES = ("held", "cancelled_by_mentor", "cancelled_by_mentee", "missed")


class Span(NamedTuple):
    """When the pairs of a wave are due to meet, and their last day; the first due day is theirs."""

    due: Sequence[dt.date]
    end: dt.date


Spans = Mapping[str, Span]
ONE_WAVE: Spans = MappingProxyType({})


def starts_of(pairs: pd.DataFrame, start: dt.date) -> pd.Series:
    """First day of each pair: its own, in the column ``begins`` where waves differ, or this one."""
    if "begins" in pairs:
        return pairs["begins"]
    return pd.Series(pd.Timestamp(start), index=pairs.index, dtype="datetime64[us]")


@dataclass(frozen=True)
class Kept:
    """The rows that belong to pairs of this matching, and how many do not."""

    rows: pd.DataFrame
    left_out: int


def of_pairs(frame: pd.DataFrame, pairs: pd.DataFrame) -> Kept:
    """Which rows (by mentor_id, mentee_id) are of a pair of this matching?"""
    known = pd.MultiIndex.from_frame(pairs[PAIR])
    mine = pd.MultiIndex.from_frame(frame[PAIR]).isin(known)
    return Kept(frame.loc[mine].reset_index(drop=True), int((~mine).sum()))


def first_meeting(
    sessions: pd.DataFrame,
    pairs: pd.DataFrame,
    start: dt.date,
    days: int,
    as_of: dt.date | None = None,
) -> Estimate:
    """What share of pairs met for the first time within so many days after the start?

    Pairs with a meeting held by that day / all pairs, with Wilson's interval; a pair that never met
    counts as not met. Nothing is computed before the day is over.

    Parameters
    ----------
    sessions, pairs : DataFrame
        As in the contract; sessions of other pairs do not count. Pairs may have ``begins``, their
        own first day; those whose window is still open are then left out.
    start : date
        First day of the pairs.
    days : int
        The window: a first meeting on ``start + days`` still counts.
    as_of : date, optional
        Day up to which sessions are known; before the window closes nothing is computed.
    """
    method = "share, Wilson 95% interval"
    judged, in_time = met_in_time(sessions, pairs, start, days, as_of)
    if as_of is not None and len(pairs) and judged.empty:
        closes = starts_of(pairs, start).min() + pd.Timedelta(days=days)
        reason = f"the {days} days are open until {closes:%Y-%m-%d}"
        return not_computed(reason, len(pairs), "share", method, "pairs")
    return proportion(len(in_time), len(judged), "pairs")


def met_in_time(
    sessions: pd.DataFrame,
    pairs: pd.DataFrame,
    start: dt.date,
    days: int,
    as_of: dt.date | None = None,
) -> tuple[pd.MultiIndex, pd.MultiIndex]:
    """Of which pairs can it be told whether they met in time, and which of them did?

    Parameters are those of `first_meeting`; both by mentor_id, mentee_id.
    """
    index = pd.MultiIndex.from_frame(pairs[PAIR])
    closes = (starts_of(pairs, start) + pd.Timedelta(days=days)).set_axis(index)
    if as_of is not None:
        closes = closes.loc[closes <= pd.Timestamp(as_of)]
    held = of_pairs(sessions, pairs).rows
    first = held.loc[held["status"] == "held"].groupby(PAIR)["on"].min().reindex(closes.index)
    judged = pd.MultiIndex.from_tuples(closes.index, names=PAIR) if len(closes) else index[:0]
    return judged, judged[(first <= closes).to_numpy()]


@dataclass(frozen=True)
class Rhythm:
    """Meetings week by week.

    Parameters
    ----------
    weeks : DataFrame
        week (1 = the seven days from the start), begins (date), due, held,
        cancelled_by_mentor, cancelled_by_mentee, missed: counts of meetings.
    held_of_due : Estimate
        Meetings held / due, mean over pairs (above 1 where pairs met more often).
    cancelled : mapping of side to Estimate
        Share of the arranged meetings that the side cancelled, from `cancellations`.
    left_out : int
        Sessions of people who are no pair of this matching.
    outside : int
        Sessions before the start or after the last week shown.
    by_pair : DataFrame
        Meetings of each pair that arranged any: a column per status, and ``arranged``; indexed by
        mentor_id, mentee_id.
    pairs_met : Series of int
        How many pairs held a meeting in each week; indexed by week.
    owed : Series of float
        Meetings that were due of each pair of whom any was, by mentor_id, mentee_id: `held_of_due`
        is of these pairs.
    """

    weeks: pd.DataFrame
    held_of_due: Estimate
    cancelled: dict[str, Estimate]
    left_out: int
    outside: int
    by_pair: pd.DataFrame = field(repr=False)
    pairs_met: pd.Series = field(repr=False)
    owed: pd.Series = field(repr=False)

    @property
    def begun(self) -> pd.Index:
        """Pairs of whom a meeting was due, by mentor_id, mentee_id."""
        return self.owed.index

    @property
    def held(self) -> pd.Series:
        """Meetings that each of these pairs held."""
        return self.by_pair["held"].reindex(self.owed.index, fill_value=0)


def due_by_day(due_days: Sequence[dt.date], end: dt.date) -> pd.Series:
    """How much of a meeting does a pair owe on each day? Indexed by date, sums to the meetings.

    A meeting that is due on a day may be held until the next one is due, so it is spread evenly
    over the days in between (the last one over the days to the end).
    """
    ends = [*due_days[1:], end + dt.timedelta(days=1)]
    parts = []
    for first, after in zip(due_days, ends, strict=True):
        days = pd.date_range(first, max(after - dt.timedelta(days=1), first), unit="us")
        parts.append(pd.Series(1 / len(days), index=days))
    return pd.concat(parts).groupby(level=0).sum()


def rhythm(
    sessions: pd.DataFrame,
    pairs: pd.DataFrame,
    due_days: Sequence[dt.date],
    end: dt.date,
    as_of: dt.date | None = None,
    waves: Spans = ONE_WAVE,
) -> Rhythm:
    """How many meetings were held and due in each week of the cycle?

    Parameters
    ----------
    sessions, pairs : DataFrame
        As in the contract.
    due_days : sequence of date
        Days on which a pair is due to meet; the first is the start of week 1.
    end : date
        Last day of the pairs.
    as_of : date, optional
        Last day that is known; weeks after it are left out.
    waves : mapping of str to Span
        When the pairs of each wave meet, by their column ``wave``; empty: all as ``due_days`` say.
        Pairs of whom no meeting was due yet have no share.

    Notes
    -----
    The interval of held / due is Student's over the pairs, as meetings of one pair are alike.
    """
    last = end if as_of is None else min(as_of, end)
    kept = of_pairs(sessions, pairs)
    origin = pd.Timestamp(due_days[0])
    owed = _owed(pairs, Span(due_days, end), waves, pd.Timestamp(last))
    day = (kept.rows["on"] - origin).dt.days
    inside = (day >= 0) & (kept.rows["on"] <= pd.Timestamp(last))
    rows = kept.rows.loc[inside].assign(week=day.loc[inside] // 7 + 1)
    count = (pd.Timestamp(last) - origin).days // 7 + 1 if pd.Timestamp(last) >= origin else 0
    index = pd.RangeIndex(1, count + 1, name="week")
    table = pd.crosstab(rows["week"].to_numpy(), rows["status"].to_numpy())
    table = table.reindex(index=index, columns=list(STATUSES), fill_value=0).astype("int64")
    table.insert(0, "due", _due_by_week(owed, origin, index))
    table.insert(0, "begins", origin + pd.to_timedelta((index - 1) * 7, unit="D").as_unit("us"))
    met = rows.loc[rows["status"] == "held"].drop_duplicates(["week", *PAIR]).groupby("week").size()
    by_pair = _by_pair(rows)
    each = pd.Series(0.0, index=pairs.index)
    for mine, by_day in owed:
        each.loc[mine] = float(by_day.sum())
    return Rhythm(
        weeks=table.rename_axis(columns=None).reset_index(),
        held_of_due=_held_of_due(rows, pairs, each),
        cancelled=_cancelled(by_pair),
        left_out=kept.left_out,
        outside=int((~inside).sum()),
        by_pair=by_pair,
        pairs_met=met.reindex(index, fill_value=0),
        owed=each.loc[each > 0].set_axis(pd.MultiIndex.from_frame(pairs.loc[each > 0, PAIR])),
    )


def by_wave(pairs: pd.DataFrame, whole: Span, waves: Spans) -> Iterator[tuple[pd.Index, Span]]:
    """Rows of the pairs that are due to meet on the same days, and these days."""
    if not waves or "wave" not in pairs:
        yield pairs.index, whole
        return
    for name, rows in pairs.groupby("wave").groups.items():
        yield rows, waves[str(name)]


def _owed(
    pairs: pd.DataFrame, whole: Span, waves: Spans, last: pd.Timestamp
) -> list[tuple[pd.Index, pd.Series]]:
    """How much of a meeting each of these pairs owes on each day up to the last, wave by wave."""
    found = []
    for rows, span in by_wave(pairs, whole, waves):
        owed = due_by_day(*span)
        found.append((rows, owed.loc[owed.index <= last]))
    return found


def _due_by_week(
    owed: list[tuple[pd.Index, pd.Series]], origin: pd.Timestamp, weeks: pd.RangeIndex
) -> np.ndarray:
    """Whole meetings due in each week: what all pairs owe by its end, rounded, less what before."""
    cumulated = pd.Series(0.0, index=weeks)
    for rows, each in owed:
        week = (pd.DatetimeIndex(each.index) - origin).days // 7 + 1
        by_week = each.groupby(week).sum().cumsum() * len(rows)
        cumulated += by_week.reindex(weeks).ffill().fillna(0)
    return np.diff(cumulated.round().astype("int64").to_numpy(), prepend=0)


def _held_of_due(rows: pd.DataFrame, pairs: pd.DataFrame, each: pd.Series) -> Estimate:
    begun = pairs.loc[each > 0]
    if begun.empty:
        reason = "there are no pairs" if pairs.empty else "no meeting was due yet"
        return not_computed(reason, len(pairs), "share", "mean over pairs, t 95% interval", "pairs")
    held = rows.loc[rows["status"] == "held"].groupby(PAIR).size()
    per_pair = held.reindex(pd.MultiIndex.from_frame(begun[PAIR]), fill_value=0)
    ratios = per_pair / each.loc[begun.index].to_numpy()
    if ratios.nunique() == 1:
        method = "mean over pairs, all pairs alike, no interval"
        return Estimate(float(ratios.iloc[0]), None, None, len(begun), "share", method, "", "pairs")
    return mean(ratios, "share", "pairs", bounds=(0.0, math.inf))


def cancellations(sessions: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, Estimate]:
    """What share of the arranged meetings did each side cancel? Keys mentor, mentee.

    Arranged = held + cancelled by either + missed. The interval allows for meetings of one pair
    being alike (`clustered_share`).
    """
    return _cancelled(_by_pair(of_pairs(sessions, pairs).rows))


def _by_pair(rows: pd.DataFrame) -> pd.DataFrame:
    table = pd.crosstab([rows["mentor_id"], rows["mentee_id"]], rows["status"])
    table = table.reindex(columns=list(STATUSES), fill_value=0)
    return table.assign(arranged=table.sum(axis=1))


def _cancelled(table: pd.DataFrame) -> dict[str, Estimate]:
    arranged = table["arranged"]
    return {
        side: clustered_share(table[f"cancelled_by_{side}"], arranged, "arranged meetings", "pairs")
        for side in ("mentor", "mentee")
    }
