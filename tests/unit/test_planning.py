"""The charter, the timeline and the packs that a cycle begins with."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pandas as pd
import pytest
from ruamel.yaml import YAML

from revmentor.params.models import Params, Programme, WorkingHours
from revmentor.paths import workbench_root
from revmentor.planning import (
    check_ins,
    hours_per_pair,
    make_packs,
    meetings,
    phases,
)
from revmentor.planning.packs import shared_hours
from revmentor.publish.named import pack_file, pack_page

DAY = WorkingHours.model_validate({"from": 9, "to": 17})
MONDAY = dt.date(2026, 1, 12)


@pytest.fixture
def params() -> Params:
    base = YAML(typ="safe").load(workbench_root() / "params" / "base.yaml")
    base["programme"] |= {"start": "2026-01-12", "end": "2026-07-10"}
    return Params.model_validate(base)


def programme(params: Params, **changes: Any) -> Programme:
    return params.programme.model_copy(update=changes)


def test_meetings_fall_on_working_days_within_the_cycle(params: Params) -> None:
    start = dt.date(2026, 1, 10)
    dates = meetings(programme(params, start=start, end=dt.date(2026, 3, 7)))
    assert dates[0] == dt.date(2026, 1, 12)
    assert all(day.weekday() < 5 for day in dates)
    assert len(dates) == 4  # the fifth would fall on Monday 9 March, after the end


def test_hours_are_meetings_times_minutes(params: Params) -> None:
    assert hours_per_pair(params.programme) == len(meetings(params.programme)) * 45 / 60


def test_check_ins_start_after_one_interval(params: Params) -> None:
    assert check_ins(params.programme)[0] == dt.date(2026, 2, 11)


def test_phases_without_a_date_are_left_out(params: Params) -> None:
    names = [event.name for event in phases(params.programme)]
    assert "Training" not in names
    assert names[0] == "First meetings"
    later = programme(params, training_from=dt.date(2026, 1, 5))
    training = next(event for event in phases(later) if event.name == "Training")
    assert training.last == dt.date(2026, 1, 11)


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        ("Europe/London", "Asia/Kolkata", "09:00 to 11:30 your time (Europe/London)"),
        ("Asia/Kolkata", "Europe/London", "14:30 to 17:00 your time (Asia/Kolkata)"),
        ("Pacific/Auckland", "America/Los_Angeles", "09:00 to 14:00 your time (Pacific/Auckland)"),
        (
            "Europe/London",
            "Pacific/Auckland",
            "outside working hours: your days do not overlap (Europe/London)",
        ),
        ("Europe/London", "Nowhere/Land", ""),
        ("Europe/London", pd.NA, ""),
    ],
)
def test_shared_hours_are_in_ones_own_time(own: object, other: object, expected: str) -> None:
    assert shared_hours(own, other, DAY, MONDAY) == expected


def company() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    people = pd.DataFrame(
        {
            "person_id": ["j", "s"],
            "name": ["Ann <script>alert(1)</script>", pd.NA],
            "job_title": ["Analyst", "Director"],
            "department": ["Sales", "Finance"],
            "site": ["Berlin", "London"],
            "email": ["ann@example.com", pd.NA],
            "languages": [("English",), ("English", "French")],
            "time_zone": ["Europe/Berlin", "Europe/London"],
        }
    )
    applications = pd.DataFrame(
        {
            "person_id": ["j", "s"],
            "side": ["mentor", "mentee"],
            "interests": [("chess", "running"), ("running",)],
            "skills_offered": [("python", "sql"), ()],
            "skills_wanted": [(), ("python", "design")],
        }
    )
    pairs = pd.DataFrame({"mentor_id": ["j"], "mentee_id": ["s"]})
    shares = pairs.assign(skills=0.2, department=0.15, interests=0.0, wishes=0.3, generation=0.2)
    return pairs, shares, people, applications


def test_each_side_reads_about_the_other(params: Params) -> None:
    mentor, mentee = make_packs(*company(), params)
    assert (mentor.side, mentee.side) == ("mentor", "mentee")
    assert mentor.partner.name == "your mentee"
    assert mentee.teaches == ("python",)
    assert mentee.also_wanted == ("design",)
    assert mentee.shared_interests == ("running",)
    assert mentee.why == ("skills wanted and offered", "department")
    assert mentee.hours == "09:00 to 16:00 your time (Europe/London)"
    assert [pack_file(pack) for pack in (mentor, mentee)] == [
        "pair-0001-mentor.html",
        "pair-0001-mentee.html",
    ]


def test_a_pack_shows_text_as_text_and_calls_nobody(params: Params) -> None:
    _, mentee = make_packs(*company(), params)
    page = pack_page(mentee, "Spring <2026>")
    assert "<script" not in page
    assert "Ann &lt;script&gt;" in page
    assert "Spring &lt;2026&gt;" in page
    assert "http" not in page


def test_a_pack_tells_neither_score_nor_age_nor_grade(params: Params) -> None:
    fields = {
        field.name for pack in make_packs(*company(), params) for field in dataclasses.fields(pack)
    }
    assert not fields & {"score", "grade", "generation", "birth_year", "gender", "extraversion"}
