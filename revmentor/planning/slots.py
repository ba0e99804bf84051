"""Which hours of a day suit people in different places, and why not these?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from revmentor.params.models import WorkingHours
from revmentor.planning.calendar import is_working_day

ONE_DAY = dt.timedelta(days=1)
STEP = 15
MORNING, LUNCH = 10 * 60, 12 * 60
AGREE = "Agree an hour between you for this one."


@dataclass(frozen=True)
class Place:
    """Where somebody works: an IANA time zone and a country's code, as far as they are known."""

    zone: str | None
    country: str | None = None


@lru_cache(maxsize=200_000)
def feasible(
    places: tuple[Place, ...], hours: WorkingHours, minutes: int, day: dt.date
) -> tuple[int, ...]:
    """At which minutes of this day of the first place can a meeting begin that suits all places?

    Parameters
    ----------
    places : tuple of Place
        All with a zone.
    hours : WorkingHours
        Local hours, the same everywhere.
    minutes : int
        Length of the meeting.
    day : date
        In the first place's calendar; a working day there.

    Returns
    -------
    tuple of int
        Minutes after midnight, every quarter of an hour. A whole meeting is inside everybody's
        hours, on a working day of each place's own calendar.

    >>> day = WorkingHours.model_validate({"from": 9, "to": 17})
    >>> berlin, new_york = Place("Europe/Berlin"), Place("America/New_York")
    >>> [f"{m // 60}:{m % 60:02d}" for m in
    ...     feasible((berlin, new_york), day, 60, dt.date(2026, 3, 2))]
    ['15:00', '15:15', '15:30', '15:45', '16:00']
    """
    host, *others = places
    length = dt.timedelta(minutes=minutes)
    found = []
    for minute in range(hours.begin * 60, hours.end * 60 - minutes + 1, STEP):
        begin = at(day, minute, host)
        if begin.astimezone(_zone(host)).replace(tzinfo=None) != _naive(day, minute):
            continue  # the clock jumps over this minute
        if all(_inside(begin, length, place, hours) for place in others):
            found.append(minute)
    return tuple(found)


def _inside(begin: dt.datetime, length: dt.timedelta, place: Place, hours: WorkingHours) -> bool:
    first = begin.astimezone(_zone(place))
    last = (begin + length).astimezone(_zone(place))
    midnight = dt.datetime.combine(first.date(), dt.time())
    span = [(moment.replace(tzinfo=None) - midnight) / ONE_DAY * 24 for moment in (first, last)]
    inside = hours.begin <= span[0] and span[1] <= hours.end
    return inside and is_working_day(first.date(), place.country)


def at(day: dt.date, minute: int, place: Place) -> dt.datetime:
    """This minute of the day on the clock of a place, in UTC."""
    return _naive(day, minute).replace(tzinfo=_zone(place)).astimezone(dt.UTC)


def _naive(day: dt.date, minute: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minute)


def _zone(place: Place) -> ZoneInfo:
    assert place.zone is not None
    return ZoneInfo(place.zone)


def pleasant(minute: int) -> tuple[int, int]:
    """How good is a beginning at this minute of the day: full hours, not noon, about ten?

    >>> sorted((540, 600, 615, 720, 840), key=pleasant)[::-1]
    [600, 540, 840, 720, 615]
    """
    odd = 0 if minute % 60 == 0 else 2 if minute % 30 == 0 else 3
    return -(odd + (LUNCH <= minute < LUNCH + 60)), -abs(minute - MORNING)


def why_never(
    places: Sequence[Place], hours: WorkingHours, minutes: int, days: Sequence[dt.date]
) -> str:
    """Why can a series have no hour at all? A sentence to its people; empty if it can.

    Parameters
    ----------
    places : sequence of Place
    hours : WorkingHours
    minutes : int
        Length of a meeting.
    days : sequence of date
        Working days of all places.
    """
    if any(place.zone is None for place in places):
        return "Agree the hour between you: the time zone of one of you is not known."
    if any(feasible(tuple(places), hours, minutes, day) for day in days):
        return ""
    zones = list(dict.fromkeys(str(place.zone) for place in places))
    if len(zones) == 1:
        return f"Agree the hour between you: {minutes} minutes do not fit into a working day."
    return (
        f"Agree the hour between you, perhaps early for one and late for the other in turn: from "
        f"{hours.begin}:00 to {hours.end}:00, your working days ({' and '.join(zones)}) have no "
        f"{minutes} minutes in common."
    )


def clocks_moved(places: Sequence[Place], known: dt.date, day: dt.date) -> bool:
    """Have the clocks of these places moved against each other from one day to the other?

    >>> pair = (Place("Europe/Berlin"), Place("America/New_York"))
    >>> clocks_moved(pair, dt.date(2026, 3, 2), dt.date(2026, 3, 16))
    True
    """

    def apart(noon: dt.datetime) -> list[dt.timedelta]:
        ahead = [noon.astimezone(_zone(place)).utcoffset() for place in places]
        return [each - ahead[0] for each in ahead if each is not None and ahead[0] is not None]

    noons = (dt.datetime.combine(each, dt.time(12), dt.UTC) for each in (known, day))
    return len({tuple(apart(noon)) for noon in noons}) > 1


def not_at_the_usual(usual: int | None, places: Sequence[Place], *, clocks: bool) -> str:
    """Why is a meeting not at the usual time? A sentence to its people."""
    if not clocks or usual is None:
        return "Not at the usual time: one of you has another meeting of the programme, or is off."
    zones = list(dict.fromkeys(str(place.zone) for place in places))
    return (
        f"Not at the usual {usual // 60:02d}:{usual % 60:02d}: the clocks of "
        f"{' and '.join(zones)} change on different days."
    )
