"""A meeting series as a calendar file: imported twice, every meeting is there once."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from functools import lru_cache

from icalendar import Calendar, Event, Timezone, vText

from revmentor.planning import Series
from revmentor.planning.series import Meeting, local

PRODUCT = "-//revmentor//meeting series//EN"


def series_calendar(
    series: Series,
    people: Sequence[tuple[str, str]],
    *,
    cycle: str,
    title: str,
    stamp: dt.datetime,
    helper: str = "",
) -> bytes:
    """Which calendar file has the meetings of this series?

    Parameters
    ----------
    series : Series
    people : sequence of (str, str)
        Name and time zone (or "") of everybody who comes, in the order in which they are told.
    cycle : str
        Part of every event's identity.
    title : str
        Of the cycle.
    stamp : datetime
        When the series was settled, UTC: the same series gives the same bytes.
    helper : str
        Whom to tell if something does not work.

    Returns
    -------
    bytes
        iCalendar (RFC 5545): one event per meeting, in the host's time zone with its rules
        (VTIMEZONE); a meeting without an hour is an all-day reminder that blocks nobody. The
        identity of an event depends on the cycle, the group and the meeting's number alone, so
        that a later file moves it.
    """
    people = [(" ".join(name.split()), zone) for name, zone in people]
    title = " ".join(title.split())
    names = [name for name, _ in people]
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(f"{title}: {', '.join(names)}"))
    for meeting in series.meetings:
        calendar.add_component(_event(meeting, series, people, cycle, title, stamp, helper))
    for zone in sorted(calendar.get_missing_tzids(), reverse=True):
        calendar.subcomponents.insert(0, _rules(zone, *_span(series)))
    return bytes(calendar.to_ical())


@lru_cache(maxsize=256)
def _rules(zone: str, first: dt.date, last: dt.date) -> Timezone:
    """The VTIMEZONE of these days, worked out once for all series of a zone."""
    return Timezone.from_tzid(zone, first_date=first, last_date=last)


def event_uid(cycle: str, key: str, number: int) -> str:
    """Which identity has a meeting in every calendar, for ever? It names nobody."""
    digest = hashlib.sha256(f"{cycle}\0{key}\0{number}".encode()).hexdigest()
    return f"{digest[:32]}@revmentor"


def _event(
    meeting: Meeting,
    series: Series,
    people: Sequence[tuple[str, str]],
    cycle: str,
    title: str,
    stamp: dt.datetime,
    helper: str,
) -> Event:
    event = Event()
    event.add("uid", event_uid(cycle, series.group.key, meeting.number))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    # A calendar takes a later file for newer by its sequence.
    event.add("sequence", max(0, int(stamp.timestamp()) // 60))
    names = " and ".join(name for name, _ in people)
    if len(people) > 2:
        names = ", ".join(name for name, _ in people)
    event.add("summary", f"{'Meet' if meeting.begin else 'Agree an hour'}: {names}")
    if meeting.begin and meeting.end and series.zone:
        event.add("dtstart", local(meeting.begin, series.zone))
        event.add("dtend", local(meeting.end, series.zone))
        event.add("transp", "OPAQUE")
    else:
        event.add("dtstart", meeting.day)
        event.add("dtend", meeting.day + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("description", _told(meeting, series, people, title, helper))
    return event


def _told(
    meeting: Meeting,
    series: Series,
    people: Sequence[tuple[str, str]],
    title: str,
    helper: str,
) -> str:
    length = series.group.programme.meeting_minutes
    lines = [f"{title}, meeting {meeting.number} of {len(series.meetings)}, {length} minutes."]
    if meeting.begin:
        for name, zone in people:
            if zone:
                there = local(meeting.begin, zone)
                lines.append(f"{name}: {there:%a %-d %B, %H:%M} ({zone})")
    lines += [meeting.note] if meeting.note else []
    lines.append(
        "Move it if it does not fit, and tell the other side a day before. After two cancelled "
        f"meetings in a row, tell {helper or 'the coordinator'}."
    )
    return "\n".join(lines)


def _span(series: Series) -> tuple[dt.date, dt.date]:
    programme = series.group.programme
    return programme.start - dt.timedelta(days=1), programme.end + dt.timedelta(days=2)
