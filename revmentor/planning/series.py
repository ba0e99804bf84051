"""When can a pair or a circle meet, in everybody's working hours, all through its wave?"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import pairwise
from zoneinfo import ZoneInfo

from revmentor.params.models import Programme, WorkingHours
from revmentor.planning.calendar import is_working_day
from revmentor.planning.slots import (
    AGREE,
    ONE_DAY,
    Place,
    at,
    clocks_moved,
    feasible,
    not_at_the_usual,
    pleasant,
    why_never,
)

DAYS_LOOKED_AT = 7


@dataclass(frozen=True)
class Seat:
    """Somebody who comes to a meeting, and where they work."""

    person_id: str
    place: Place


@dataclass(frozen=True)
class Group:
    """Who meets, and in which rhythm.

    Parameters
    ----------
    key : str
        What stays the same if the series is planned again.
    seats : tuple of Seat
        The first is the host, in whose time the series is constant: a mentee.
    programme : Programme
        Dates, rhythm and length; of the wave, where there are waves.
    """

    key: str
    seats: tuple[Seat, ...]
    programme: Programme


@dataclass(frozen=True)
class Meeting:
    """One meeting of a series.

    Parameters
    ----------
    number : int
        From 1.
    day : date
        In the host's calendar.
    begin, end : datetime or None
        In UTC; None where no hour suits everybody: the day is then a reminder.
    note : str
        Why it is not at the usual time; empty if it is.
    """

    number: int
    day: dt.date
    begin: dt.datetime | None
    end: dt.datetime | None
    note: str = ""


@dataclass(frozen=True)
class Series:
    """All meetings of one group.

    Parameters
    ----------
    group : Group
    usual : time or None
        The host's local time of most meetings.
    meetings : tuple of Meeting
        In order of time.
    lack : str
        Why no meeting has an hour; empty if some have.
    left_out : tuple of date
        Days from which on a meeting was due, with no working day of all before the next.
    """

    group: Group
    usual: dt.time | None
    meetings: tuple[Meeting, ...]
    lack: str = ""
    left_out: tuple[dt.date, ...] = ()

    @property
    def zone(self) -> str | None:
        """The host's time zone."""
        return self.group.seats[0].place.zone


@dataclass
class _Diary:
    """When is everybody taken already, in UTC?"""

    taken: dict[str, list[tuple[dt.datetime, dt.datetime]]] = field(default_factory=dict)
    series: dict[str, int] = field(default_factory=dict)

    def is_empty(self, group: Group) -> bool:
        return not any(self.taken.get(seat.person_id) for seat in group.seats)

    def free(self, group: Group, begin: dt.datetime, end: dt.datetime) -> bool:
        return not any(
            begin < last and first < end
            for seat in group.seats
            for first, last in self.taken.get(seat.person_id, ())
        )

    def take(self, group: Group, meetings: Sequence[Meeting]) -> None:
        for seat in group.seats:
            mine = self.taken.setdefault(seat.person_id, [])
            mine += [(m.begin, m.end) for m in meetings if m.begin and m.end]
            self.series[seat.person_id] = self.series.get(seat.person_id, 0) + 1

    def before(self, group: Group) -> int:
        """How many series has the busiest of them already?"""
        return max(self.series.get(seat.person_id, 0) for seat in group.seats)


def plan_series(groups: Sequence[Group], hours: WorkingHours) -> tuple[Series, ...]:
    """When does each group meet, so that nobody is in two places?

    Parameters
    ----------
    groups : sequence of Group
        Earlier ones choose first.
    hours : WorkingHours
        Local working hours of everybody.

    Returns
    -------
    tuple of Series
        In the order of ``groups``. Every meeting that has an hour is inside the working hours of
        all its people, on a working day of each one's country, in each one's own calendar. A
        second series of somebody prefers the next weekday.

    Notes
    -----
    A series keeps one local time of its host: the one that suits most of its dates, full hours
    first. Where the clocks of two zones change on different days, or somebody is taken, the
    nearest other time of that date is used, and said why.
    """
    diary = _Diary()
    found = []
    for group in groups:
        series = _series(group, hours, diary)
        diary.take(group, series.meetings)
        found.append(series)
    return tuple(found)


def _series(group: Group, hours: WorkingHours, diary: _Diary) -> Series:
    places = tuple(seat.place for seat in group.seats)
    minutes = group.programme.meeting_minutes
    windows = [_days(days, places, diary.before(group)) for days in _windows(group.programme)]
    starts = [days[0] for days in _windows(group.programme)]
    left_out = tuple(day for day, days in zip(starts, windows, strict=True) if not days)
    kept = [days for days in windows if days]
    lack = why_never(places, hours, minutes, [day for days in kept for day in days])
    if lack:
        reminders = (Meeting(n, days[0], None, None, lack) for n, days in enumerate(kept, 1))
        return Series(group, None, tuple(reminders), lack, left_out)

    def open_at(day: dt.date) -> tuple[int, ...]:
        found = feasible(places, hours, minutes, day)
        return found if diary.is_empty(group) else tuple(filter(partial(free, day), found))

    def free(day: dt.date, minute: int) -> bool:
        begin = at(day, minute, places[0])
        return diary.free(group, begin, begin + dt.timedelta(minutes=minutes))

    choices = [{day: open_at(day) for day in days} for days in kept]
    usual = _usual(choices)
    known = [day for days in kept for day in days if usual in feasible(places, hours, minutes, day)]
    meetings = [
        _meeting(number, choice, usual, known[:1], group)
        for number, choice in enumerate(choices, 1)
    ]
    at_usual = None if usual is None else dt.time(usual // 60, usual % 60)
    return Series(group, at_usual, tuple(meetings), "", left_out)


def _usual(choices: Sequence[Mapping[dt.date, tuple[int, ...]]]) -> int | None:
    """The minute of the day that suits most meetings, on their first days, and is pleasant."""
    some: Counter[int] = Counter()
    first: Counter[int] = Counter()
    for choice in choices:
        some.update({minute for minutes in choice.values() for minute in minutes})
        first.update(next(iter(choice.values())))
    if not some:
        return None
    return max(some, key=lambda minute: (some[minute], first[minute], pleasant(minute)))


def _meeting(
    number: int,
    choice: Mapping[dt.date, tuple[int, ...]],
    usual: int | None,
    known: Sequence[dt.date],
    group: Group,
) -> Meeting:
    """The meeting on its first day that has the usual minute, else the nearest other one."""
    places = tuple(seat.place for seat in group.seats)
    day, note = next((day for day in choice if usual in choice[day]), None), ""
    if day is None:
        day = next((day for day in choice if choice[day]), None)
        clocks = bool(known) and clocks_moved(places, known[0], day or next(iter(choice)))
        note = not_at_the_usual(usual, places, clocks=clocks)
    if day is None:
        return Meeting(number, next(iter(choice)), None, None, f"{note} {AGREE}")
    minute = min(choice[day], key=lambda m: (abs(m - (usual or 0)), pleasant(m)))
    begin = at(day, minute, places[0])
    length = dt.timedelta(minutes=group.programme.meeting_minutes)
    return Meeting(number, day, begin, begin + length, note)


@cache
def _windows(programme: Programme) -> tuple[tuple[dt.date, ...], ...]:
    """For each meeting that is due: the days from that day on until the next one is due."""
    every = dt.timedelta(days=programme.meeting_every_days)
    due, found = programme.start, []
    while due <= programme.end:
        last = min(due + every - ONE_DAY, programme.end)
        found.append(tuple(due + ONE_DAY * k for k in range((last - due).days + 1)))
        due += every
    return tuple(found)


def _days(days: Sequence[dt.date], places: tuple[Place, ...], before: int) -> tuple[dt.date, ...]:
    """Working days of all places, the preferred first: each further series one weekday later."""
    found = [day for day in days if all(is_working_day(day, place.country) for place in places)]
    near = [day for day in found if (day - found[0]).days < DAYS_LOOKED_AT]
    turn = before % len(near) if near else 0
    return (*near[turn:], *near[:turn])


def local(moment: dt.datetime, zone: str) -> dt.datetime:
    """This moment (UTC) on the clock of a zone.

    >>> f"{local(dt.datetime(2026, 3, 30, 8, tzinfo=dt.UTC), 'Europe/Berlin'):%H:%M}"
    '10:00'
    """
    return moment.astimezone(ZoneInfo(zone))


def in_two_places(series: Sequence[Series]) -> int:
    """How many meetings begin before another one of the same person has ended?"""
    taken: dict[str, list[tuple[dt.datetime, dt.datetime]]] = {}
    for course in series:
        for meeting in course.meetings:
            if meeting.begin and meeting.end:
                for seat in course.group.seats:
                    taken.setdefault(seat.person_id, []).append((meeting.begin, meeting.end))
    return sum(
        after[0] < before[1]
        for spans in taken.values()
        for before, after in pairwise(sorted(spans))
    )
