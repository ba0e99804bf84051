"""The charter, the timeline and the packs that a cycle begins with."""

from __future__ import annotations

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
    meetings,
    phases,
)
from revmentor.planning.profiles import shared_hours

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
