"""Pairs are running and somebody leaves: what the command tells, and what it writes."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from revmentor.cycle.rematch import rematch_cycle, rematch_tables
from revmentor.data import load_tables
from revmentor.errors import InputError, NoFeasibleMatching
from revmentor.matching import Problem, solve
from revmentor.params import load_params
from tests.conftest import command

PAIR = ["mentor_id", "mentee_id"]


@pytest.fixture
def data(tmp_path: Path, demo_result: Path) -> Path:
    """The tables of the demo, after the mentor of the first pair has left."""
    folder = tmp_path / "data"
    shutil.copytree(demo_result.parent / "data", folder)
    sheet = pd.read_csv(folder / "applications.csv", dtype=str, keep_default_na=False)
    sheet[sheet["person_id"] != running(demo_result)["mentor_id"].iloc[0]].to_csv(
        folder / "applications.csv", index=False
    )
    return folder


@pytest.fixture
def outputs(tmp_path: Path, demo_result: Path) -> Path:
    """Results of one's own, with the match that is running."""
    kept = tmp_path / "outputs" / "demo" / "base" / "restricted"
    kept.mkdir(parents=True)
    shutil.copy(demo_result / "restricted" / "pairs.parquet", kept)
    return tmp_path / "outputs"


def running(result: Path) -> pd.DataFrame:
    return pd.read_parquet(result / "restricted" / "pairs.parquet")[PAIR]


def read(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig")


def test_the_command_tells_the_plan_and_what_more_changes_would_bring(
    demo_result: Path, data: Path, outputs: Path
) -> None:
    words = ("rematch", "demo", "--data", str(data), "--outputs", str(outputs))
    done = subprocess.run([str(command("revmentor")), *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    before = running(demo_result)
    left = before["mentor_id"].iloc[0]
    ended = int((before["mentor_id"] == left).sum())
    assert f"{len(before) - ended} running pairs of {len(before)} are kept" in done.stdout
    assert f"must end: {left} is no longer in the pool as a mentor." in done.stdout
    assert "Proven: no plan with as few changes is worth more." in done.stdout
    folder = outputs / "demo" / "rematch" / "base"
    assert done.stdout.splitlines()[-1] == str(folder / "plan.csv")
    assert folder.stat().st_mode & 0o077 == 0
    plan = read(folder, "plan")
    assert int(plan["running"].sum()) == len(before) - ended
    assert plan["mentor_name"].notna().all()
    assert len(read(folder, "ended")) == ended


def test_more_changes_bring_what_the_frontier_says(data: Path, outputs: Path) -> None:
    fewest, folder = rematch_cycle("demo", data=data, outputs=outputs)
    steps = read(folder, "frontier")
    assert steps["changes"].is_monotonic_increasing
    many = int(steps["changes"].iloc[-1])
    best, _ = rematch_cycle("demo", changes=many, data=data, outputs=outputs)
    gain = best.plan.objective - fewest.plan.objective
    assert gain == pytest.approx(steps["gain"].iloc[-1])
    assert gain > 0


def test_the_plan_as_locks_is_the_next_match(
    demo_result: Path, data: Path, outputs: Path, repository: Path
) -> None:
    found, folder = rematch_cycle("demo", data=data, outputs=outputs)
    file = data / "decisions.csv"
    decided = pd.read_csv(file, dtype=str, keep_default_na=False)
    locks = read(folder, "locks").assign(on="2026-03-02").astype(str)
    both = pd.concat([decided[decided["decision"] != "require"], locks])[decided.columns]
    both.to_csv(file, index=False, quoting=csv.QUOTE_MINIMAL)
    params = load_params("demo", root=repository).params
    tables = load_tables(params, data, only={"people", "applications", "decisions", "history"})
    problem = Problem.from_tables(
        tables.people, tables.applications, params,
        decisions=tables.decisions, history=tables.history,
    )  # fmt: skip
    again = solve(problem).pairs
    assert set(again[PAIR].itertuples(index=False, name=None)) >= set(
        found.plan.pairs[PAIR].itertuples(index=False, name=None)
    )


def test_fewer_changes_than_must_be_are_refused(data: Path, outputs: Path) -> None:
    with pytest.raises(NoFeasibleMatching, match="no longer in the pool") as caught:
        rematch_cycle("demo", changes=0, data=data, outputs=outputs)
    assert caught.value.exit_code == 3
    assert "--changes" in str(caught.value)


def test_running_pairs_from_a_file_and_from_tables_give_one_plan(
    demo_result: Path, data: Path, outputs: Path, tmp_path: Path, repository: Path
) -> None:
    some = running(demo_result).iloc[:40]
    some.to_csv(tmp_path / "running.csv", index=False)
    found, _ = rematch_cycle("demo", running=tmp_path / "running.csv", data=data, outputs=outputs)
    params = load_params("demo", root=repository).params
    tables = load_tables(params, data, only={"people", "applications", "decisions", "history"})
    same = rematch_tables(tables, params, some)
    pd.testing.assert_frame_equal(found.plan.pairs, same.plan.pairs)
    assert found.sentences == same.sentences


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("mentor,mentee\na,b\n", "this column is not there"),
        ("mentor_id,mentee_id\na,\n", "an id is empty"),
        (None, "cannot be read as CSV"),
        ("", "cannot be read as CSV"),
    ],
)
def test_a_file_that_holds_no_running_pairs(
    data: Path, outputs: Path, tmp_path: Path, text: str | None, problem: str
) -> None:
    file = tmp_path / "running.csv"
    if text is not None:
        file.write_text(text)
    with pytest.raises(InputError) as caught:
        rematch_cycle("demo", running=file, data=data, outputs=outputs)
    (fault,) = caught.value.faults
    assert problem in fault.problem


def test_a_cycle_that_has_no_match_yet(data: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="run the cycle first"):
        rematch_cycle("demo", data=data, outputs=tmp_path / "none")
