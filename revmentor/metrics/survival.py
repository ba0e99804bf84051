"""Who stayed, who left, who was promoted, and when: shares in a window and curves over time?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from revmentor.metrics.estimate import Estimate, not_computed, proportion
from revmentor.metrics.survival_curves import log_log_interval, survival_table
from revmentor.people import are_in

type Event = Literal["left_on", "promoted_on"]

DID = {"left_on": "left", "promoted_on": "promoted"}


@dataclass(frozen=True)
class Followed:
    """Everybody at risk at the start, and what became of them.

    Parameters
    ----------
    rows : DataFrame
        Indexed by person_id (sorted): ``days`` from the start to the event or to the last day of
        observation (whole, above 0), ``happened`` (bool), and ``gone``: whether observation ended
        because the person left, where the event is another one.
    event : str
        ``left_on`` or ``promoted_on``.
    start, end : date
        The window: the day after start up to and with end.
    hired_later, gone_before, unseen : int
        People who are not at risk, because they came after the start or had left by then; and
        those of whom no snapshot is later than the start.
    """

    rows: pd.DataFrame
    event: Event
    start: dt.date
    end: dt.date
    hired_later: int
    gone_before: int
    unseen: int

    @property
    def length(self) -> int:
        """Days of the window."""
        return (self.end - self.start).days

    @property
    def cut_short(self) -> int:
        """People whose observation ended inside the window without an event, other than by leaving.

        Of them it is not known whether it happened by the end of the window: they are censored.
        """
        rows = self.rows
        return int((~rows["happened"] & ~rows["gone"] & (rows["days"] < self.length)).sum())


def follow(
    people: pd.DataFrame,
    outcomes: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    event: Event = "left_on",
) -> Followed:
    """Who was at risk when the window began, for how long were they seen, and did it happen?

    At risk is who was hired by the start and had not left by then. Everybody is followed from the
    day after the start to the event, the last day on which they were observed, or the end of the
    window, whichever is first; of whom no observation is later than the start, nothing is said.

    Parameters
    ----------
    people : DataFrame
        person_id, hired_on, left_on, promoted_on; dates may be missing. Who was hired after the
        start, or had left by the start, is not at risk.
    outcomes : DataFrame
        person_id, on, left_on, promoted_on: ``on`` is the day up to which the person was observed;
        of several snapshots of a person the last ``on`` counts, and the first date of an event.
        People without a snapshot after the start are left out and counted.
    start, end : date
        The window: an event counts from the day after the start up to and with the end.
    event : str
        ``left_on``; or ``promoted_on``, where leaving ends the observation.

    Returns
    -------
    Followed

    >>> people = pd.DataFrame({"person_id": ["a", "b"], "hired_on": pd.to_datetime(
    ...     ["2020-01-01", "2026-03-01"])})
    >>> seen = pd.DataFrame({"person_id": ["a", "b"], "on": pd.to_datetime(["2026-07-01"] * 2),
    ...     "left_on": pd.to_datetime(["2026-02-01", None])})
    >>> found = follow(people, seen, dt.date(2026, 1, 1), dt.date(2026, 7, 1))
    >>> found.rows["days"].to_dict(), found.hired_later
    ({'a': 31}, 1)
    """
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    dates = ["hired_on", "left_on", "promoted_on"]
    known = people.set_index("person_id").reindex(columns=dates).sort_index()
    known = known.astype("datetime64[us]")
    told = outcomes.set_index("person_id").reindex(columns=["on", *dates[1:]])
    seen = told.astype("datetime64[us]").groupby(level="person_id")
    seen_until = seen["on"].max().reindex(known.index)
    left = _first_of(seen["left_on"].min(), known["left_on"])
    later = (known["hired_on"] > first).to_numpy()
    before = (left <= first).to_numpy() & ~later
    unseen = ~(seen_until > first).to_numpy() & ~(left > first).to_numpy() & ~later & ~before
    at_risk = ~(later | before | unseen)
    when = left
    if event == "promoted_on":
        when = _first_of(seen["promoted_on"].min(), known["promoted_on"], after=first)
    until = seen_until.where(seen_until < last, last).fillna(last)
    until = until.where(~(left < until), left)
    happened = (when > first) & (when <= last) & ((when <= until) | (event == "left_on"))
    stop = until.where(~happened, when)
    rows = pd.DataFrame(
        {
            "days": (stop - first).dt.days.astype("int64"),
            "happened": happened.astype(bool),
            "gone": ((left <= last) & ~happened).astype(bool),
        },
        index=known.index,
    )
    return Followed(
        rows.loc[at_risk],
        event,
        start,
        end,
        int(later.sum()),
        int(before.sum()),
        int(unseen.sum()),
    )


def _first_of(seen: pd.Series, known: pd.Series, *, after: pd.Timestamp | None = None) -> pd.Series:
    """The earlier of two dates per person, missing ones aside; only dates after a day, if given."""
    both = pd.concat([seen.reindex(known.index), known], axis=1).astype("datetime64[us]")
    if after is not None:
        both = both.where(both > after)
    return both.min(axis=1)


def happened_share(
    followed: Followed, ids: Collection[str] | None = None, of: str = "people"
) -> Estimate:
    """What share of those at risk did it happen to within the window?

    Where everybody was seen to the end of the window: events / at risk, Wilson's interval. Where
    somebody's observation ended before (censored), 1 minus the Kaplan-Meier estimate at the end of
    the window, with the log-log interval (Kalbfleisch and Prentice 2002), which the method says:
    counting the censored as unharmed would understate it.

    Parameters
    ----------
    followed : Followed
        From `follow`.
    ids : collection of str or None
        Of whom; None: of all.
    of : str
        What n counts, in the plural.

    Returns
    -------
    Estimate
        Unit share; n is the number at risk. For promotions, who left without one counts as not
        promoted.
    """
    rows = followed.rows
    if ids is not None:
        rows = rows.loc[are_in(rows.index, ids)]
    short = int((~rows["happened"] & ~rows["gone"] & (rows["days"] < followed.length)).sum())
    count = int(rows["happened"].sum())
    if not short or not len(rows):
        found = proportion(count, len(rows), of)
        return found if found.value is not None else _none_at_risk(of)
    method = (
        f"1 minus Kaplan-Meier at day {followed.length}, log-log 95% interval; {short} of "
        f"{len(rows)} were seen for less than the window"
    )
    if count < 2:
        reason = "observation ended early for some, and too few events are known for a curve"
        return not_computed(reason, len(rows), "share", method, of)
    days = np.where(rows["gone"], followed.length, rows["days"])
    last = survival_table(days, rows["happened"].to_numpy()).iloc[-1]
    low, high = log_log_interval(last["survival"], last["error"])
    return Estimate(1 - last["survival"], 1 - high, 1 - low, len(rows), "share", method, "", of)


def _none_at_risk(of: str) -> Estimate:
    method = "share, Wilson 95% interval"
    return not_computed(f"none of the {of} were at risk in the window", 0, "share", method, of)


def attrition(
    followed: Followed, ids: Collection[str] | None = None, of: str = "people"
) -> Estimate:
    """What share left within the window? Leavers / at risk; see `happened_share`."""
    return happened_share(_for(followed, "left_on"), ids, of)


def promotion(
    followed: Followed, ids: Collection[str] | None = None, of: str = "people"
) -> Estimate:
    """What share was promoted within the window? Promoted / at risk; see `happened_share`."""
    return happened_share(_for(followed, "promoted_on"), ids, of)


def retention(
    followed: Followed, ids: Collection[str] | None = None, of: str = "people"
) -> Estimate:
    """What share stayed through the window? 1 minus `attrition`, with its interval turned."""
    gone = attrition(followed, ids, of)
    if gone.value is None:
        return gone
    low, high = gone.low or 0.0, 1.0 if gone.high is None else gone.high
    count = None if gone.count is None else gone.n - gone.count
    method = gone.method.removeprefix("1 minus ")
    return Estimate(1 - gone.value, 1 - high, 1 - low, gone.n, "share", method, "", of, count)


def _for(followed: Followed, event: Event) -> Followed:
    if followed.event != event:
        raise ValueError(f"these people were followed for {followed.event}, not {event}")
    return followed
