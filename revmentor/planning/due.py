"""Which criteria of a charter are due, seen from which day?"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from revmentor.params.models import Params


def judged_on(params: Params, last: dt.date | None, today: dt.date) -> dt.date:
    """On which day are the charter's criteria judged?

    ``review.as_of`` where it is stated. Else the later of today and the last day that the tables
    tell of: rows stop coming in when the pairs end, and the last criterion is due after that. An
    invented cycle has lived all its months, whatever the calendar says.

    Parameters
    ----------
    params : Params
    last : date or None
        The last day that the tables tell of, if any.
    today : date
    """
    if params.review.as_of is not None:
        return params.review.as_of
    programme = params.programme
    until = today if params.data.demo is None else programme.review_on or programme.end
    return max(until, last or until)


def gone_by(day: dt.date, *tables: pd.DataFrame | None) -> frozenset[str]:
    """Who has left by this day, as any of these tables knows?

    Parameters
    ----------
    day : date
        Whose last day at work is this one has left.
    *tables : DataFrame or None
        With person_id and left_on, which may be missing; None: there is no such table.

    >>> people = pd.DataFrame({"person_id": ["a", "b", "c"],
    ...                        "left_on": pd.to_datetime(["2026-03-01", "2026-03-02", None])})
    >>> gone_by(dt.date(2026, 3, 1), people, None)
    frozenset({'a'})
    """
    gone, last = set[str](), pd.Timestamp(day)
    for table in tables:
        if table is not None:
            gone |= set(table.loc[(table["left_on"] <= last).fillna(False), "person_id"])
    return frozenset(gone)


def gone_now(params: Params, people: pd.DataFrame, today: dt.date) -> frozenset[str]:
    """Who of the roster has left by the day that `judged_on` tells?"""
    return gone_by(judged_on(params, None, today), people)


def still_open(params: Params, today: dt.date) -> str:
    """Which criteria are not due yet today, by number, and is the start (0) still to come?

    What was judged holds while these are the same. Empty where the calendar has no say.
    """
    on = judged_on(params, None, today)
    days = [params.programme.start, *(item.due for item in params.charter.success)]
    return " ".join(str(at) for at, day in enumerate(days) if day is not None and on < day)
