"""How many have answered is told so that no single answer can be noticed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from checkin_cases import ITEMS, Bench, open_bench, roster_dict
from sqlalchemy import update

from revmentor.checkin.app import build_app
from revmentor.checkin.days import Days
from revmentor.checkin.due import Due, Move, Told, due
from revmentor.checkin.response import band, response
from revmentor.checkin.roster import Roster
from revmentor.data.checkin_tables import PULSE


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("minimum", [3, 5, 10])
@pytest.mark.parametrize("asked", [0, 1, 4, 5, 9, 10, 19, 20, 23, 120])
def test_every_band_stands_for_as_many_numbers_as_the_minimum(asked: int, minimum: int) -> None:
    bands = [band(answered, asked, minimum) for answered in range(asked + 1)]
    for answered, found in enumerate(bands):
        assert found.high is not None
        assert found.low <= answered <= found.high <= asked
        alike = [n for n, other in enumerate(bands) if other == found]
        assert alike == list(range(found.low, found.high + 1))
        # Too few to have bands at all: nothing is told whatever the answers are.
        assert len(alike) >= minimum or len(alike) == asked + 1
        assert found.value is None


def test_an_answer_of_today_is_not_seen_and_one_more_of_yesterday_changes_nothing(
    bench: Bench,
) -> None:
    today = bench.today
    bench.site = replace(bench.site, now=lambda: dt.datetime.combine(today, dt.time(23, 59, 59)))
    bench.app = build_app(bench.site)
    before = response(bench.roster, bench.store, today)
    assert before
    bench.visitor("m1").send("/1/pulse", {f"item-{ITEMS[0]}": "3"})
    tomorrow = today + dt.timedelta(days=1)
    assert bench.store.answered_before(dt.datetime.combine(today, dt.time())) == []
    assert bench.store.answered_before(dt.datetime.combine(tomorrow, dt.time())) != []
    assert response(bench.roster, bench.store, today) == before
    assert response(bench.roster, bench.store, tomorrow) == before


def test_answers_of_earlier_days_are_told_in_bands(bench: Bench) -> None:
    for n in range(1, 7):
        done = bench.visitor(f"m{n}").send(f"/{n}/pulse", {f"item-{ITEMS[0]}": "3"})
        assert done.status_code == 303
    with bench.store.writing() as connection:
        connection.execute(update(PULSE).values(first_at=dt.datetime(2026, 2, 12)))
    mentors, mentees = response(bench.roster, bench.store, bench.today)
    assert (mentors.answered.text, mentors.asked.value) == ("5 to 12", 12)
    assert (mentees.answered.text, mentees.asked.value) == ("0 to 4", 13)


def test_a_small_side_is_not_told(tmp_path: Path) -> None:
    few = {name: roster_dict(3)[name] for name in ("people", "pairs")}
    with open_bench(tmp_path, **few) as bench:
        for row in response(bench.roster, bench.store, bench.today):
            assert (row.answered.text, row.asked.text) == ("not shown", "not shown")


def test_what_is_due_follows_the_day_and_what_was_told() -> None:
    roster = Roster.model_validate(roster_dict())
    pair = roster.pairs[0]

    def whats(told: Told, day: dt.date) -> list[str]:
        return [step.what for step in due(roster, pair, told, Days.only(day))]

    assert whats(Told(), dt.date(2026, 1, 5)) == []
    assert whats(Told(), dt.date(2026, 1, 20)) == ["meeting", "goals"]
    assert whats(Told(), dt.date(2026, 2, 16)) == ["pulse", "meeting", "goals"]
    told = Told({"day30"}, dt.date(2026, 2, 10), 1)
    assert whats(told, dt.date(2026, 2, 16)) == []
    assert whats(told, dt.date(2026, 2, 24)) == ["meeting"]
    assert whats(Told(), dt.date(2026, 9, 1)) == []


def test_a_moved_meeting_is_asked_for_after_its_new_day_and_hides_no_other() -> None:
    roster = Roster.model_validate(roster_dict())
    pair, june = roster.pairs[0], Move(dt.date(2026, 6, 1), dt.date(2026, 6, 8))
    late = Move(dt.date(2026, 2, 16), dt.date(2026, 6, 16))

    def asks(month: int, day: int, *moves: Move, met: dt.date | None = None) -> bool:
        told = Told((), met, 1, moves)
        return Due("meeting") in due(roster, pair, told, Days.only(dt.date(2026, month, day)))

    # A meeting of June that was moved in February is no answer in April.
    assert asks(4, 10, june)
    assert asks(4, 10, june, met=dt.date(2026, 3, 20))
    assert not asks(6, 3, june)
    assert not asks(6, 8, june)
    assert asks(6, 9, june, met=dt.date(2026, 5, 30))
    assert not asks(6, 9, june, met=dt.date(2026, 6, 8))
    assert not asks(6, 9, june, met=dt.date(2026, 6, 4))
    # One that was moved far hides no more than two weeks; one that was moved again counts once.
    assert [asks(3, 2, late), asks(3, 3, late), asks(6, 17, late)] == [False, True, True]
    again = Move(june.to, dt.date(2026, 6, 15))
    assert [asks(6, 9, again, june), asks(6, 16, again, june)] == [False, True]
    mended = Move(june.on, dt.date(2026, 6, 12))
    assert [asks(6, 9, mended, june), asks(6, 13, mended, june)] == [False, True]
    # Brought forward.
    assert asks(6, 2, Move(june.to, june.on))
    assert not asks(6, 2, Move(june.to, june.on), met=june.on)
