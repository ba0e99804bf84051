"""Which steps does a participant go through, and when?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from revmentor.params.models import Programme
from revmentor.words import counted


@dataclass(frozen=True)
class Stride:
    """One step of the way: when, and what happens."""

    when: str
    what: str


def day(date: dt.date) -> str:
    """A day as a participant reads it.

    >>> day(dt.date(2026, 3, 2))
    '2 March 2026'
    """
    return f"{date:%-d %B %Y}"


def walk(programme: Programme, check_ins: Sequence[dt.date]) -> tuple[Stride, ...]:
    """Every step of the cycle in order, from this page to the review.

    >>> from revmentor.params.models import Programme
    >>> spring = Programme(start=dt.date(2026, 1, 12), end=dt.date(2026, 3, 6),
    ...     check_in_every_days=30, meeting_every_days=14, meeting_minutes=45,
    ...     first_meeting_within_days=30)
    >>> [step.when for step in walk(spring, [dt.date(2026, 2, 11)])]
    ['Now', 'By 11 February 2026', 'Every 14 days', '11 February', 'By 6 March 2026']
    """
    by = min(
        programme.start + dt.timedelta(days=programme.first_meeting_within_days), programme.end
    )
    rhythm = counted(programme.meeting_every_days, "day")
    found = [
        Stride(
            "Now", "Read this pack. Put the meetings into your calendar, and write a first line."
        ),
        Stride(f"By {day(by)}", "First meeting: expectations, the agreement, one goal."),
        Stride(f"Every {rhythm}", f"A meeting of {programme.meeting_minutes} minutes."),
    ]
    if check_ins:
        days = ", ".join(f"{each:%-d %B}" for each in check_ins)
        found.append(Stride(days, "Check-in: a minute of questions. Your partner never sees them."))
    found.append(Stride(f"By {day(programme.end)}", "Last meeting: look at the goal together."))
    if programme.review_on:
        found.append(Stride(day(programme.review_on), "Review: what changed, told without names."))
    return tuple(found)
