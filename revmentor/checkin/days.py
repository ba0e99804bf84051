"""Which day is it? It is not the same day everywhere, and the page knows nobody's time zone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

FIRST_ZONE = dt.timedelta(hours=14)
LAST_ZONE = dt.timedelta(hours=-12)


@dataclass(frozen=True)
class Days:
    """The day in UTC, which entries bear, and the days that it is elsewhere at that moment.

    Something is open from when its first day has begun anywhere until its last day has ended
    everywhere: nobody is turned away on a day that they were promised.
    """

    earliest: dt.date
    day: dt.date
    latest: dt.date

    @classmethod
    def at(cls, now: dt.datetime) -> Days:
        """Which days is it on Earth at this time (UTC)?

        >>> Days.at(dt.datetime(2026, 3, 5, 11)).earliest, Days.at(dt.datetime(2026, 3, 5)).latest
        (datetime.date(2026, 3, 4), datetime.date(2026, 3, 5))
        """
        return cls((now + LAST_ZONE).date(), now.date(), (now + FIRST_ZONE).date())

    @classmethod
    def only(cls, day: dt.date) -> Days:
        """This day everywhere, as in a rehearsal."""
        return cls(day, day, day)

    def within(self, first: dt.date, last: dt.date) -> bool:
        """Is it anywhere a day from the first to the last?"""
        return first <= self.latest and self.earliest <= last
