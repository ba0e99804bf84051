"""The months in which the pairs of a demo company meet, where a test draws its reviews itself."""

from __future__ import annotations

import datetime as dt

from revmentor.params.models import Programme


def programme(start: dt.date, end: dt.date) -> Programme:
    """A cycle of these dates with the rhythm of the demo."""
    return Programme(
        start=start,
        end=end,
        check_in_every_days=30,
        meeting_every_days=14,
        meeting_minutes=45,
        first_meeting_within_days=30,
    )


START, END = dt.date(2026, 3, 2), dt.date(2026, 8, 31)
PROGRAMME = programme(START, END)
