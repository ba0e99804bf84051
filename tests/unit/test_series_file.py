"""Calendar files, read back as a calendar reads them, and checked against zoneinfo."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from small_company import make_params

from revmentor.params.models import WorkingHours
from revmentor.planning.calendar import is_working_day
from revmentor.planning.series import Group, Seat, Series, plan_series
from revmentor.planning.slots import Place
from revmentor.publish.ics import series_calendar

STAMP = dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC)
SPRING = {"start": "2026-02-02", "end": "2026-04-30"}
AUTUMN = {"start": "2026-10-05", "end": "2026-12-04"}
PAIRS = (
    ("Europe/Berlin", "America/New_York", 9, 17),
    ("America/New_York", "Europe/Berlin", 9, 17),
    ("Europe/London", "Australia/Sydney", 7, 19),
    ("Australia/Sydney", "Europe/London", 7, 19),
    ("Asia/Kolkata", "America/Los_Angeles", 9, 17),
    ("Europe/Paris", "Europe/Paris", 9, 17),
)


def planned(zones: tuple[str, str], hours: WorkingHours, **season: Any) -> Series:
    shape = make_params({"programme": {"meeting_every_days": 7, **season}}).programme
    countries = {"Europe/Berlin": "DE", "America/New_York": "US", "Europe/London": "GB"}
    seats = tuple(Seat(f"p{k}", Place(z, countries.get(z))) for k, z in enumerate(zones))
    (series,) = plan_series([Group("pair a b", seats, shape)], hours)
    return series


def written(series: Series, stamp: dt.datetime = STAMP, title: str = "Spring") -> bytes:
    people = [(f"Person {k}", str(seat.place.zone)) for k, seat in enumerate(series.group.seats)]
    return series_calendar(series, people, cycle="spring", title=title, stamp=stamp)


@pytest.mark.parametrize("season", [SPRING, AUTUMN], ids=["spring", "autumn"])
@pytest.mark.parametrize(("mentee", "mentor", "begin", "end"), PAIRS)
def test_every_event_is_where_zoneinfo_says(
    mentee: str, mentor: str, begin: int, end: int, season: dict[str, str]
) -> None:
    hours = WorkingHours.model_validate({"from": begin, "to": end})
    series = planned((mentee, mentor), hours, **season)
    calendar = Calendar.from_ical(written(series))
    events = calendar.walk("VEVENT")
    assert len(events) == len(series.meetings) > 5
    countries = {seat.place.zone: seat.place.country for seat in series.group.seats}
    for event, meeting in zip(events, series.meetings, strict=True):
        start, last = event["DTSTART"], event["DTEND"].dt
        if meeting.begin is None:
            assert start.params["VALUE"] == "DATE"
            assert last - start.dt == dt.timedelta(days=1)
            assert event["TRANSP"] == "TRANSPARENT"
            continue
        assert start.params["TZID"] == mentee
        naive = start.dt.replace(tzinfo=None)
        assert naive.replace(tzinfo=ZoneInfo(mentee)).astimezone(dt.UTC) == meeting.begin
        for zone in (mentee, mentor):
            there = [moment.astimezone(ZoneInfo(zone)) for moment in (start.dt, last)]
            assert begin <= there[0].hour
            assert (there[1].hour, there[1].minute) <= (end, 0)
            assert is_working_day(there[0].date(), countries[zone])
            assert f"{there[0]:%H:%M} ({zone})" in str(event["DESCRIPTION"])


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Sydney"])
def test_the_zone_rules_in_the_file_say_the_same_as_zoneinfo(zone: str) -> None:
    """A calendar that knows no zone names goes by VTIMEZONE alone."""
    hours = WorkingHours.model_validate({"from": 9, "to": 17})
    series = planned((zone, zone), hours, start="2026-02-02", end="2026-12-04")
    calendar = Calendar.from_ical(written(series))
    (rules,) = calendar.walk("VTIMEZONE")
    assert rules["TZID"] == zone
    own = rules.to_tz(lookup_tzid=False)
    events = calendar.walk("VEVENT")
    offsets = set()
    for event in events:
        naive = event["DTSTART"].dt.replace(tzinfo=None)
        offset = naive.replace(tzinfo=own).utcoffset()
        assert offset == naive.replace(tzinfo=ZoneInfo(zone)).utcoffset()
        offsets.add(offset)
    assert len(offsets) == 2, "the clocks change meanwhile"


def test_reading_it_twice_makes_no_doubles_and_a_later_one_moves() -> None:
    hours = WorkingHours.model_validate({"from": 9, "to": 17})
    series = planned(("Europe/London", "Europe/Paris"), hours, **SPRING)
    first = written(series)
    assert first == written(series), "the same series is the same bytes"
    ids = [str(event["UID"]) for event in Calendar.from_ical(first).walk("VEVENT")]
    assert len(set(ids)) == len(ids)
    later = written(planned(("Europe/London", "Europe/Paris"), hours, **AUTUMN),
                    STAMP + dt.timedelta(days=1))  # fmt: skip
    moved = Calendar.from_ical(later).walk("VEVENT")
    assert [str(event["UID"]) for event in moved] == ids[: len(moved)]
    assert int(moved[0]["SEQUENCE"]) > int(Calendar.from_ical(first).walk("VEVENT")[0]["SEQUENCE"])


def test_a_title_that_would_break_a_line_stays_one_line() -> None:
    hours = WorkingHours.model_validate({"from": 9, "to": 17})
    series = planned(("Europe/London", "Europe/Paris"), hours, **SPRING)
    content = written(series, title="A;B,C\\ \r\nATTACH:https://example.com/x\n" + "long " * 40)
    calendar = Calendar.from_ical(content)
    assert not any("ATTACH" in event for event in calendar.walk("VEVENT"))
    assert "ATTACH" not in calendar
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_no_common_hour_says_so_in_every_reminder() -> None:
    hours = WorkingHours.model_validate({"from": 9, "to": 17})
    series = planned(("Asia/Kolkata", "America/Los_Angeles"), hours, **SPRING)
    events = Calendar.from_ical(written(series)).walk("VEVENT")
    assert all("have no 45 minutes in common" in event["DESCRIPTION"] for event in events)
    assert all(str(event["SUMMARY"]).startswith("Agree an hour") for event in events)
