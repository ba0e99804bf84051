"""Circles of a cycle as the coordinator gets them, also where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from circle_cases import company, problem_of
from matching_cases import junior, senior

from revmentor.cycle.steps.circling import Circling
from revmentor.matching import Problem
from revmentor.matching.problem import TableSource
from revmentor.publish.workspace import Workspace

WAVES = ({"name": "Autumn"}, {"name": "Spring"})


def circling(**circles: Any) -> Circling:
    problem: Problem = company(2, 18, **circles)
    assert isinstance(problem.source, TableSource)
    people = problem.source.people
    return Circling(problem, people.assign(name=[f"Name {who}" for who in people["person_id"]]))


def test_circles_are_written_by_name_and_checked(tmp_path: Path) -> None:
    found = circling()
    work = Workspace(tmp_path)
    found.write(work)
    members = work.read_table("circles")
    assert members["name"].str.startswith("Name p").all()
    inside = set(zip(members["person_id"], members["side"], strict=True))
    outside = work.read_table("circles_unplaced")
    left = set(zip(outside["person_id"], outside["side"], strict=True))
    assert not inside & left
    assert len(left) + len(inside) == len(found.problem.mentors) + len(found.problem.mentees)
    summary = work.read_json("circles_summary")
    assert summary["circles"] == members["circle"].nunique()
    checks = {check.what: check.found for check in found.verify()}
    points = work.read_json("circles_totals")["points"]
    assert checks["Points of all circles, computed again"] == f"{points:,.4f}"
    assert not {"points", "bound"} & set(summary), "the exact total is not shared"
    assert found.shown().parts


@pytest.mark.parametrize("most", [0, 1])
def test_few_circles_or_none(tmp_path: Path, most: int) -> None:
    found = circling(most=most)
    found.verify()
    found.write(Workspace(tmp_path))
    assert len(found.circles.circles) == most
    values = found.found(5)
    assert len(values) == 3
    text = " ".join(map(repr, found.shown().parts))
    assert ("No circle can be formed" in text) == (most == 0)
    assert isinstance(found.members(), pd.DataFrame)


def test_the_page_says_that_circles_meet_through_all_waves() -> None:
    told = " ".join(map(repr, circling().shown().parts))
    assert "whose waves leave a part" not in told
    design = {"waves": ({"name": "Autumn", "weeks": 6}, {"name": "Spring", "start": "2026-03-02"})}
    rows = (junior("a", waves=("Autumn",)), senior("x"), senior("y"))
    problem = problem_of(*rows, design=design, matching={"limits": {"waves": WAVES}})
    assert isinstance(problem.source, TableSource)
    found = Circling(problem, problem.source.people.assign(name="Name"))
    found.verify()
    assert "whose waves leave a part" in " ".join(map(repr, found.shown().parts))
