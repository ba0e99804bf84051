"""Scenarios with limits and circles, as a user runs them: what is published, and what is told."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from workbenches import revmentor, workbench

from revmentor.publish.leaks import page_text

EVERYTHING = """\
why: limits of every kind, and circles
matching:
  limits:
    pairs: {at_most: 20}
    waves: [{name: "1", at_most: 12}, {name: "2", at_most: 12}]
    shares: {site: {at_least: 0.3}}
    quotas: [{column: department, value: Operations, side: mentee, at_least: 3}]
  priority: {waited: 0.05}
circles: {on: true, most: 3}
solver: {robustness_draws: 3, frontier_points: 3}
"""
IMPOSSIBLE = """\
why: more than the waves can hold
matching:
  limits:
    pairs: {at_least: 30}
    waves: [{name: "1", at_most: 12}, {name: "2", at_most: 12}]
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small company of its own, in which nobody has decided anything yet."""
    root = workbench(tmp_path_factory.mktemp("bench"))
    for name, text in (("everything", EVERYTHING), ("impossible", IMPOSSIBLE)):
        (root / "params" / "scenarios" / f"{name}.yaml").write_text(text)
    revmentor(root, "demo", "--people", "200", "--out", str(root / "data"))
    (root / "data" / "decisions.csv").unlink()
    applications = pd.read_csv(root / "data" / "applications.csv", dtype=str, keep_default_na=False)
    applications["waited"] = ["1" if row % 3 == 0 else "" for row in range(len(applications))]
    applications.to_csv(root / "data" / "applications.csv", index=False)
    return root


def match(root: Path, scenario: str) -> subprocess.CompletedProcess[str]:
    places = ("--data", str(root / "data"), "--outputs", str(root / "outputs"))
    return revmentor(root, "run", "demo", "--stage", "match", "--scenario", scenario, *places)


def test_limits_and_circles_are_told_and_kept(bench: Path) -> None:
    done = match(bench, "everything")
    assert done.returncode == 0, done.stderr
    result = bench / "outputs" / "demo" / "everything"
    pairs = pd.read_parquet(result / "restricted" / "pairs.parquet")
    assert len(pairs) == 20
    assert pairs["wave"].value_counts().max() <= 12
    assert pairs["priority"].max() >= 0.05, "some of those who waited are served"
    text = " ".join(page_text((result / "restricted" / "matching.html").read_text()).split())
    assert "What is aimed at: the largest total of all pairs' scores" in text
    assert "Every limit holds" in text
    for limit in ("at most 20 pairs", "at most 12 pairs in wave 2", "whose mentee has department"):
        assert limit in text
    assert "fill all places, or the limits" in text
    assert "A stable match" not in text, "a stable match would heed no limit"
    named = page_text((result / "restricted" / "pairs.html").read_text())
    assert "Wave" in named

    circles = pd.read_parquet(result / "restricted" / "circles.parquet")
    assert circles["circle"].nunique() == 3
    assert (circles.groupby("circle").size() == 6).all()
    assert circles["name"].notna().all()
    summary = json.loads((result / "report" / "data" / "circles_summary.json").read_text())
    assert summary["content"]["circles"] == 3
    outside = pd.read_parquet(result / "restricted" / "circles_unplaced.parquet")
    assert (outside["reason"].str.len() > 10).all()
    assert "Points of all circles, computed again" in text


def test_what_cannot_hold_is_told_with_the_least_repair(bench: Path) -> None:
    done = match(bench, "impossible")
    assert done.returncode == 3, done.stderr
    told = done.stderr
    assert "These cannot hold together: at least 30 pairs, at most 12 pairs in wave 1" in told
    assert "The least that repairs it" in told
    assert "No repair changes fewer than six pairs or places in all." in told
    assert "To change it: ask for less in matching.limits." in told
    again = told.partition("Next, change one of these, and match again: ")[2].splitlines()[0]
    program, *words = shlex.split(again)
    assert " ".join(words).startswith("run demo --stage match --scenario impossible --data ")
    assert shutil.which(program) or (Path.cwd() / program).is_file()
    assert "matching.limits" in told
    assert "Traceback" not in told
    assert not (bench / "outputs" / "demo" / "impossible").exists()
