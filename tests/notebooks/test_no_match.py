"""Where there is no proven match, nothing is published, and the exit code says which kind."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from workbenches import workbench


@pytest.fixture
def bench(tmp_path: Path, demo_result: Path) -> Path:
    root = workbench(tmp_path / "bench")
    shutil.copytree(demo_result.parent / "data", root / "data")
    return root


def run(bench: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("revmentor")),
            *("run", "demo", "--stage", "match", "--root", str(bench)),
            *("--data", str(bench / "data"), "--outputs", str(bench / "results")),
            *more,
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def own_line(data: Path) -> tuple[str, str]:
    """A mentor and a mentee above them in the reporting tree, both in the pool."""
    people = pd.read_csv(data / "people.csv", dtype=str, keep_default_na=False)
    manager = dict(zip(people["person_id"], people["manager_id"], strict=True))
    sides = pd.read_csv(data / "applications.csv", dtype=str, keep_default_na=False)
    side = dict(zip(sides["person_id"], sides["side"], strict=True))
    grades = ["Associate", "Analyst", "Specialist", "Manager", "Director", "Executive"]
    rank = dict(zip(people["person_id"], people["grade"].map(grades.index), strict=True))
    for person in sides["person_id"]:
        above = manager.get(person, "")
        while side[person] == "mentor" and above:
            if side.get(above) == "mentee" and rank[person] < rank[above]:
                return person, above
            above = manager[above]
    pytest.fail("the demo has nobody whose own line is in the pool")


def test_a_required_pair_that_a_rule_forbids(bench: Path) -> None:
    mentor, mentee = own_line(bench / "data")
    with (bench / "data" / "decisions.csv").open("a", newline="", encoding="utf-8") as stream:
        with (bench / "data" / "decisions.csv").open(encoding="utf-8") as again:
            head = next(csv.reader(again))
        row = {
            "mentor_id": mentor,
            "mentee_id": mentee,
            "decision": "require",
            "by": "coordinator",
            "reason": "asked for by both",
            "on": "2025-12-20",
        }
        csv.DictWriter(stream, head, restval="").writerow(row)
    done = run(bench)
    assert done.returncode == 3, done.stderr
    assert "reporting line" in done.stderr
    assert "decisions" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (bench / "results" / "demo" / "base").exists()
    assert list((bench / "results").rglob("pairs.*")) == []


def test_a_time_limit_that_leaves_no_proof(bench: Path) -> None:
    scenario = "why: to see what a time limit does\nsolver: {time_limit: 0.000001}\n"
    (bench / "params" / "scenarios" / "hasty.yaml").write_text(scenario)
    done = run(bench, "--scenario", "hasty")
    assert done.returncode == 4, done.stderr
    assert "solver.time_limit" in done.stderr
    assert not (bench / "results" / "demo" / "hasty").exists()
