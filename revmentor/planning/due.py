"""Which criteria of a charter are due, seen from which day?"""

from __future__ import annotations

import datetime as dt

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


def still_open(params: Params, today: dt.date) -> str:
    """Which criteria are not due yet today, by number, and is the start (0) still to come?

    What was judged holds while these are the same. Empty where the calendar has no say.
    """
    on = judged_on(params, None, today)
    days = [params.programme.start, *(item.due for item in params.charter.success)]
    return " ".join(str(at) for at, day in enumerate(days) if day is not None and on < day)
