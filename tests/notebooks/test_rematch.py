"""Pairs are running and somebody leaves: what the command tells, and what it writes."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from revmentor.cycle.deciding import decide
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
    closed = folder / "restricted"
    assert done.stdout.splitlines()[-1] == str(closed / "plan.csv")
    assert closed.stat().st_mode & 0o777 == 0o700
    assert {file.name for file in folder.iterdir()} == {"restricted", "frontier.csv"}
    files = {file.name: file.stat().st_mode & 0o777 for file in closed.iterdir()}
    assert files == dict.fromkeys(("plan.csv", "ended.csv", "locks.csv", "decisions.xlsx"), 0o600)
    typed = f"decide demo {closed / 'decisions.xlsx'} --by NAME"
    assert typed in done.stderr.partition("take them in: ")[2]
    assert not [
        name for name in map(str, read(folder, "frontier")) if name.endswith(("_id", "_name"))
    ]
    plan = read(closed, "plan")
    assert int(plan["running"].sum()) == len(before) - ended
    assert plan["mentor_name"].notna().all()
    assert len(read(closed, "ended")) == ended
    dt.date.fromisoformat(read(closed, "locks")["on"].unique().item())


def test_who_has_left_by_people_is_not_in_the_plan_which_is_taken_in_by_its_workbook(
    demo_result: Path, data: Path, outputs: Path
) -> None:
    shutil.copy(demo_result.parent / "data" / "applications.csv", data)
    left = str(running(demo_result)["mentor_id"].iloc[0])
    people = pd.read_csv(data / "people.csv", dtype=str, keep_default_na=False)
    people.loc[people["person_id"] == left, "left_on"] = "2026-03-01"
    people.to_csv(data / "people.csv", index=False)
    found, folder = rematch_cycle("demo", on=dt.date(2026, 3, 2), data=data, outputs=outputs)
    assert found.left == (left,)
    assert found.sentences[0].startswith(f"{left} has left (people.left_on) and is not in the plan")
    assert left not in set(found.plan.pairs["mentor_id"])
    book = folder / "restricted" / "decisions.xlsx"
    said = decide("demo", book, "Ann", data=data, outputs=outputs).sentences[0]
    assert said.startswith(f"{len(found.plan.pairs)} decisions written into the trail")


def test_more_changes_bring_what_the_frontier_says(data: Path, outputs: Path) -> None:
    fewest, folder = rematch_cycle("demo", data=data, outputs=outputs)
    steps = read(folder, "frontier")
    assert steps["changes"].is_monotonic_increasing
    many = int(steps["changes"].iloc[-1])
    best, _ = rematch_cycle("demo", changes=many, data=data, outputs=outputs)
    gain = best.plan.objective - fewest.plan.objective
    assert gain == pytest.approx(steps["gain"].iloc[-1])
    assert gain > 0


def test_the_locks_appended_to_the_decisions_are_the_next_match(
    data: Path, outputs: Path, repository: Path
) -> None:
    day = dt.date(2026, 3, 2)
    found, folder = rematch_cycle("demo", on=day, data=data, outputs=outputs)
    file = data / "decisions.csv"
    header, *locks = (folder / "restricted" / "locks.csv").read_bytes().splitlines(True)
    decided = file.read_text("utf-8")
    assert header.decode("utf-8-sig").strip() == decided.splitlines()[0]
    with file.open("ab") as sheet:
        sheet.writelines(locks)
    params = load_params("demo", root=repository).params
    tables = load_tables(params, data, only={"people", "applications", "decisions", "history"})
    assert tables.decisions is not None
    locked = tables.decisions[tables.decisions["decision"] == "lock"]
    assert len(tables.decisions) == len(decided.splitlines()) - 1 + len(locks)
    assert len(locked) == len(locks) == len(found.plan.pairs)
    assert set(locked["on"]) == {pd.Timestamp(day)}
    problem = Problem.from_tables(
        tables.people, tables.applications, params,
        decisions=tables.decisions, history=tables.history,
    )  # fmt: skip
    again = solve(problem).pairs
    assert set(again[PAIR].itertuples(index=False, name=None)) >= set(
        found.plan.pairs[PAIR].itertuples(index=False, name=None)
    )


def test_a_required_pair_of_somebody_who_left_has_to_go_first(
    demo_result: Path, data: Path, outputs: Path
) -> None:
    mentor, mentee = running(demo_result).iloc[0]
    with (data / "decisions.csv").open("a", encoding="utf-8") as sheet:
        sheet.write(f"{mentor},{mentee},require,coordinator,both asked for it,2026-01-02\n")
    with pytest.raises(InputError, match="or delete the decision"):
        rematch_cycle("demo", data=data, outputs=outputs)


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
