"""Do packs still ask for what can be done?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from revmentor.words import counted, listed


def overdue(noun: str, days: Sequence[dt.date], today: dt.date) -> str:
    """Which packs, or messages, ask for a first meeting by a day that is over? With the cure.

    Parameters
    ----------
    noun : str
        What asks: "pack" or "message".
    days : sequence of date
        The day by which each of them asks for a first meeting.
    today : date

    Returns
    -------
    str
        Empty if every day is still to come, or today.

    >>> may, june = dt.date(2026, 5, 4), dt.date(2026, 6, 8)
    >>> overdue("message", [may, may, june], dt.date(2026, 5, 5)).partition(";")[0]
    '2 messages ask for a first meeting by 4 May 2026, which is over'
    >>> overdue("pack", [may], may)
    ''
    """
    late = [day for day in days if day < today]
    if not late:
        return ""
    named = listed([f"{day:%-d %B %Y}" for day in sorted(set(late))])
    asked = f"{counted(len(late), noun)} {'asks' if len(late) == 1 else 'ask'}"
    return (
        f"{asked} for a first meeting by {named}, which is over; so are meetings of the calendar "
        "files. For those who have not met yet, write later days (programme.start, or that of the "
        "wave in design.waves) and run the launch again: pairs that are approved stay."
    )
