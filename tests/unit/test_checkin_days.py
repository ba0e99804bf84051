"""It is not the same day everywhere: nobody is turned away on a day that was promised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from checkin_cases import Bench, open_bench

from revmentor.checkin.connected import utc_now
from revmentor.checkin.days import Days
from revmentor.checkin.site import Site
from revmentor.data.checkin_tables import SESSIONS

OPENS, CLOSES, ENDS = dt.date(2026, 2, 11), dt.date(2026, 3, 4), dt.date(2026, 8, 9)
FAR_EAST, FAR_WEST = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Etc/GMT+12")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as made:
        yield made


def at(day: dt.date, clock: str, zone: dt.tzinfo) -> Days:
    """The days that it is when a clock there shows this."""
    there = dt.datetime.combine(day, dt.time.fromisoformat(clock), zone)
    return Days.at(there.astimezone(dt.UTC).replace(tzinfo=None))


def moments(first: dt.date, last: dt.date) -> list[tuple[Days, bool]]:
    day = dt.timedelta(days=1)
    return [
        (at(first - day, "23:59", FAR_EAST), False),
        (at(first, "00:00", FAR_EAST), True),
        (at(last, "16:00", ZoneInfo("America/Los_Angeles")), True),
        (at(last, "23:59", FAR_WEST), True),
        (at(last + day, "00:00", FAR_WEST), False),
    ]


def test_a_check_in_is_open_while_any_of_its_days_lasts_somewhere(bench: Bench) -> None:
    for number, (now, is_open) in enumerate(moments(OPENS, CLOSES)):
        bench.now = now
        answer = bench.visitor(f"m{number + 1}")
        page = f"/{number + 1}/pulse"
        assert ("item-respect_1" in answer.get(page).text) == is_open, number
        status = answer.send(page, {"item-respect_1": "3", "wave": "day30"}).status_code
        assert (status == 303) == is_open, number


def test_a_link_opens_until_its_last_day_has_ended_everywhere(bench: Bench) -> None:
    path = bench.path("m1")
    for number, (now, is_open) in enumerate(moments(OPENS, ENDS)[1:]):
        bench.now = now
        assert (bench.client().get(path).status_code == 200) == is_open, number


def test_a_meeting_of_a_day_that_has_begun_somewhere_can_be_told(bench: Bench) -> None:
    bench.now = at(OPENS, "08:00", ZoneInfo("Pacific/Auckland"))
    assert bench.now.day == OPENS - dt.timedelta(days=1)
    told = {"happened": "held", "minutes": "45"}
    mentor = bench.visitor("m1")
    assert mentor.send("/1/meeting", {**told, "on": f"{OPENS}"}).status_code == 303
    assert mentor.send("/1/meeting", {**told, "on": "2026-02-12"}).status_code == 422
    [row] = bench.store.entered(SESSIONS, "m1")
    assert row["on"] == OPENS


def test_the_page_goes_by_the_clock_if_nobody_says_otherwise(bench: Bench) -> None:
    before = Days.at(utc_now())
    found = Site(lambda: bench.roster, bench.store, b"", "").days()
    assert before.earliest <= found.earliest <= found.day <= found.latest
    assert dt.timedelta(days=1) <= found.latest - found.earliest <= dt.timedelta(days=2)
