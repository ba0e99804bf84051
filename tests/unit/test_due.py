"""A criterion is judged when its day has come, by the calendar or as of the day that is stated."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

from revmentor.cycle.approval import basis
from revmentor.cycle.fingerprint import stage_fingerprints
from revmentor.cycle.stages import STAGES
from revmentor.params import Params, load_params
from revmentor.planning.due import gone_now, judged_on, still_open

BEFORE, DUE = dt.date(2026, 7, 23), dt.date(2026, 7, 24)


@pytest.fixture
def real(tmp_path: Path, repository: Path) -> Params:
    """The demo's charter, in a cycle of a company that nobody invented."""
    yaml = YAML(typ="safe")
    content = yaml.load((repository / "params/cycles/demo.yaml").read_text(encoding="utf-8"))
    del content["data"]["demo"]
    for layer in ("base.yaml", "scenarios/base.yaml"):
        (tmp_path / "params" / layer).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "params" / layer).write_text((repository / "params" / layer).read_text("utf-8"))
    (tmp_path / "params/cycles").mkdir()
    with (tmp_path / "params/cycles/own.yaml").open("w", encoding="utf-8") as stream:
        yaml.dump(content, stream)
    return load_params("own", root=tmp_path).params


def test_the_calendar_counts_where_rows_stopped_coming_in_before_the_day(real: Params) -> None:
    last_meeting = dt.date(2026, 7, 8)
    assert judged_on(real, last_meeting, BEFORE) == BEFORE
    assert judged_on(real, last_meeting, DUE) == DUE
    assert judged_on(real, None, BEFORE) == BEFORE
    assert judged_on(real, dt.date(2026, 7, 30), BEFORE) == dt.date(2026, 7, 30)


def test_a_stated_day_counts_whatever_the_calendar_says(real: Params) -> None:
    stated = real.review.model_copy(update={"as_of": dt.date(2026, 4, 15)})
    params = real.model_copy(update={"review": stated})
    assert judged_on(params, dt.date(2026, 7, 8), DUE) == dt.date(2026, 4, 15)
    assert still_open(params, DUE) == "1 3 4 5"
    assert still_open(real, dt.date(2026, 1, 11)) == "0 1 2 3 4 5", "the pairs may not meet yet"


def test_an_invented_cycle_has_lived_its_months(repository: Path) -> None:
    demo = load_params("demo", root=repository).params
    assert judged_on(demo, None, dt.date(2025, 1, 1)) == demo.programme.review_on
    assert still_open(demo, dt.date(2025, 1, 1)) == ""


def test_a_review_holds_until_the_day_of_the_next_criterion(real: Params, repository: Path) -> None:
    def made(day: dt.date) -> dict[str, str]:
        return stage_fingerprints(STAGES, repository, "p", {}, early=still_open(real, day))

    before, week_before, due = made(BEFORE), made(BEFORE - dt.timedelta(7)), made(DUE)
    assert before == week_before
    moved = [name for name in due if due[name] != before[name]]
    assert moved == ["review", "report"]


def test_a_launch_holds_until_the_next_one_leaves(real: Params, repository: Path) -> None:
    people = pd.DataFrame({"person_id": ["a", "b"], "left_on": pd.to_datetime([DUE, None])})

    def made(day: dt.date) -> dict[str, str]:
        gone = gone_now(real, people, day)
        return stage_fingerprints(STAGES, repository, "p", {}, basis(real, None, gone))

    before, due = made(BEFORE), made(DUE)
    assert before == made(BEFORE - dt.timedelta(7))
    assert [name for name in due if due[name] != before[name]] == ["launch", "review", "report"]
