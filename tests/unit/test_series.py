"""Meeting series: everybody's working hours, on every date, whatever the clocks do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_company import make_params

from revmentor.params.models import Programme, WorkingHours
from revmentor.planning.calendar import day_off
from revmentor.planning.series import Group, Seat, Series, plan_series
from revmentor.planning.slots import Place

DAY = WorkingHours.model_validate({"from": 9, "to": 17})
SPRING = {"start": "2026-02-02", "end": "2026-04-30"}
AUTUMN = {"start": "2026-10-05", "end": "2026-12-18"}


def programme(**changes: Any) -> Programme:
    return make_params({"programme": {"meeting_every_days": 7, **changes}}).programme


def series_of(*places: Place, hours: WorkingHours = DAY, **changes: Any) -> Series:
    seats = tuple(Seat(f"p{k}", place) for k, place in enumerate(places))
    (series,) = plan_series([Group("g", seats, programme(**changes))], hours)
    return series


def outside(series: Series, hours: WorkingHours = DAY) -> list[str]:
    """What no meeting may be, said for each seat with nothing but zoneinfo and the calendar."""
    found = []
    for meeting in series.meetings:
        if meeting.begin is None or meeting.end is None:
            continue
        for seat in series.group.seats:
            zone = ZoneInfo(str(seat.place.zone))
            begin, end = meeting.begin.astimezone(zone), meeting.end.astimezone(zone)
            free = day_off(begin.date(), seat.place.country)
            late = end.hour * 60 + end.minute > hours.end * 60 or end.date() != begin.date()
            if begin.hour < hours.begin or late or free:
                found.append(f"{begin} to {end}: {free}")
    return found


def local_times(series: Series, zone: str) -> list[str]:
    zones = ZoneInfo(zone)
    return [f"{m.begin.astimezone(zones):%H:%M}" for m in series.meetings if m.begin]


@pytest.mark.parametrize("season", [SPRING, AUTUMN], ids=["spring", "autumn"])
@pytest.mark.parametrize(
    ("mentee", "mentor"),
    [
        ("Europe/Berlin", "America/New_York"),
        ("America/New_York", "Europe/Berlin"),
        ("Europe/London", "Europe/Berlin"),
        ("Asia/Kolkata", "Europe/London"),
        ("Pacific/Auckland", "America/Los_Angeles"),
        ("Asia/Kathmandu", "Australia/Adelaide"),
        ("America/Sao_Paulo", "Africa/Casablanca"),
    ],
)
def test_every_meeting_is_inside_both_working_days(
    mentee: str, mentor: str, season: dict[str, str]
) -> None:
    series = series_of(Place(mentee), Place(mentor), **season)
    assert series.meetings
    assert all(meeting.begin for meeting in series.meetings)
    assert outside(series) == []
    assert not series.lack


def test_clocks_that_change_on_different_days_keep_the_hour_that_suits_all_dates() -> None:
    """Berlin and New York are five hours apart from 8 to 29 March 2026, else six."""
    series = series_of(Place("Europe/Berlin"), Place("America/New_York"), **SPRING)
    assert set(local_times(series, "Europe/Berlin")) == {"15:00"}
    assert set(local_times(series, "America/New_York")) == {"09:00", "10:00"}
    assert {meeting.note for meeting in series.meetings} == {""}


def test_where_no_hour_suits_all_dates_the_odd_ones_are_moved_and_said_why() -> None:
    hours = WorkingHours.model_validate({"from": 9, "to": 16})
    places = Place("America/New_York"), Place("Europe/Berlin")
    series = series_of(*places, hours=hours, meeting_minutes=60, **SPRING)
    assert outside(series, hours) == []
    odd = [meeting for meeting in series.meetings if meeting.note]
    assert [meeting.day for meeting in odd] == []
    assert set(local_times(series, "America/New_York")) == {"09:00"}
    late = WorkingHours.model_validate({"from": 10, "to": 16})
    series = series_of(*places, hours=late, meeting_minutes=60, **SPRING)
    timed = [meeting for meeting in series.meetings if meeting.begin]
    assert [m.day for m in timed] == [
        dt.date(2026, 3, 9),
        dt.date(2026, 3, 16),
        dt.date(2026, 3, 23),
    ]
    others = [meeting for meeting in series.meetings if not meeting.begin]
    assert all("change on different days" in m.note and "Agree an hour" in m.note for m in others)


def test_the_odd_date_takes_the_nearest_hour() -> None:
    hours = WorkingHours.model_validate({"from": 9, "to": 16})
    series = series_of(
        Place("Europe/Berlin"), Place("America/New_York"), hours=hours, meeting_minutes=45, **SPRING
    )
    assert outside(series, hours) == []
    times = dict(
        zip([m.day for m in series.meetings], local_times(series, "Europe/Berlin"), strict=True)
    )
    assert set(times.values()) == {"15:00"}


def test_no_common_hour_makes_reminders_with_a_sentence() -> None:
    series = series_of(Place("Asia/Kolkata"), Place("America/Los_Angeles"), **SPRING)
    assert "no 45 minutes in common" in series.lack
    assert series.usual is None
    assert all(meeting.begin is None and meeting.note == series.lack for meeting in series.meetings)
    assert len(series.meetings) == 13
    london = series_of(Place("Europe/London"), Place("Australia/Sydney"), **SPRING)
    assert london.lack


def test_london_and_sydney_meet_where_their_days_touch() -> None:
    hours = WorkingHours.model_validate({"from": 7, "to": 19})
    for season in (SPRING, AUTUMN):
        series = series_of(Place("Europe/London"), Place("Australia/Sydney"), hours=hours, **season)
        assert outside(series, hours) == []
        assert any(meeting.begin for meeting in series.meetings)


def test_an_unknown_zone_is_said() -> None:
    series = series_of(Place("Europe/London"), Place(None), **SPRING)
    assert "time zone" in series.lack
    assert series_of(Place(None), Place(None), **SPRING).lack


def test_a_day_shorter_than_a_meeting_is_said() -> None:
    short = WorkingHours.model_validate({"from": 9, "to": 10})
    series = series_of(Place("Europe/London"), hours=short, meeting_minutes=90, **SPRING)
    assert "do not fit" in series.lack


def test_holidays_of_both_countries_and_weekends_are_skipped() -> None:
    pair = Place("Europe/London", "GB-ENG"), Place("Europe/Berlin", "DE-BE")
    series = series_of(*pair, start="2026-04-03", end="2026-05-29")  # begins on Good Friday
    days = [meeting.day for meeting in series.meetings]
    assert outside(series) == []
    assert days[0] == dt.date(2026, 4, 7)  # Easter Monday is free in both
    assert dt.date(2026, 5, 1) not in days  # free in Berlin
    assert len(days) == 9


def test_a_time_without_any_working_day_is_left_out_and_named() -> None:
    places = Place("Europe/Berlin", "DE"), Place("Europe/Berlin", "DE")
    series = series_of(*places, start="2026-12-25", end="2026-12-31", meeting_every_days=2)
    assert series.left_out[0] == dt.date(2026, 12, 25)
    assert [meeting.number for meeting in series.meetings] == [1, 2, 3]
    assert outside(series) == []


def test_a_mentor_of_three_is_never_in_two_places() -> None:
    london, berlin = Place("Europe/London"), Place("Europe/Berlin")
    mentor = Seat("mentor", london)
    groups = [
        Group(f"g{k}", (Seat(f"mentee {k}", berlin), mentor), programme(**SPRING)) for k in range(8)
    ]
    found = plan_series(groups, DAY)
    taken = sorted(
        (m.begin, m.end) for series in found for m in series.meetings if m.begin and m.end
    )
    assert len(taken) == 8 * 13
    assert all(first[1] <= second[0] for first, second in pairwise(taken))
    assert {series.meetings[0].day.weekday() for series in found[:5]} == {0, 1, 2, 3, 4}
    assert all(outside(series) == [] for series in found)


def test_a_full_day_moves_the_hour_and_says_so() -> None:
    hours = WorkingHours.model_validate({"from": 9, "to": 11})
    place = Place("Europe/London")
    shape = programme(
        start="2026-02-02", end="2026-02-03", meeting_minutes=60, meeting_every_days=1
    )
    groups = [Group(str(k), (Seat(f"s{k}", place), Seat("m", place)), shape) for k in range(3)]
    first, second, third = plan_series(groups, hours)
    assert local_times(first, "Europe/London") == ["10:00", "10:00"]
    assert local_times(second, "Europe/London") == ["09:00", "09:00"]
    assert all(meeting.begin is None for meeting in third.meetings)
    assert all("another meeting" in meeting.note for meeting in third.meetings)


def test_the_same_people_get_the_same_series() -> None:
    places = Place("Europe/London"), Place("Asia/Kolkata")
    assert series_of(*places, **SPRING) == series_of(*places, **SPRING)


ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Africa/Cairo")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(ZONES), st.sampled_from(ZONES), st.integers(0, 2)), max_size=6
    ),
    st.dates(dt.date(2026, 1, 1), dt.date(2026, 11, 1)),
    st.integers(1, 21),
    st.integers(15, 120),
)
def test_whoever_meets_whenever(
    pairs: Sequence[tuple[str, str, int]], start: dt.date, every: int, minutes: int
) -> None:
    shape = programme(
        start=start.isoformat(),
        end=(start + dt.timedelta(days=45)).isoformat(),
        meeting_every_days=every,
        meeting_minutes=minutes,
    )
    zone = {mentor: zone for _, zone, mentor in pairs}
    groups = [
        Group(str(k), (Seat(f"s{k}", Place(own, "GB")), Seat(f"m{m}", Place(zone[m], "IN"))), shape)
        for k, (own, _, m) in enumerate(pairs)
    ]
    found = plan_series(groups, DAY)
    assert all(outside(series) == [] for series in found)
    for person in zone:
        mine = [
            (m.begin, m.end)
            for series in found
            if series.group.seats[1].person_id == f"m{person}"
            for m in series.meetings
            if m.begin and m.end
        ]
        assert all(a[1] <= b[0] or b[1] <= a[0] for a, b in combinations(mine, 2))
