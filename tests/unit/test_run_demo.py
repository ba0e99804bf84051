"""The demo cycle makes its own data once, makes it again when it must, and overwrites nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pytest
from tiny import contents, edit, tiny_cycle

from revmentor.cycle.check import check_cycle, get_ready
from revmentor.cycle.demo import STAMP, ensure_demo_data, write_demo_company
from revmentor.errors import InputError
from revmentor.params.models import TABLES

PEOPLE = 80


@pytest.fixture
def bench(repository: Path, tmp_path: Path) -> Path:
    """A workbench whose demo company is small."""
    root = tiny_cycle(repository, tmp_path / "bench", ())
    edit(root / "params/cycles/demo.yaml", "people: 600", f"people: {PEOPLE}")
    return root


@pytest.fixture(scope="module")
def company(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small company, to be read only."""
    folder = tmp_path_factory.mktemp("company") / "new" / "folder"
    write_demo_company(PEOPLE, 3, folder, root=repository)
    return folder


def test_company_is_one_file_per_table(company: Path) -> None:
    # Who waits for an answer is known to the check-in page only.
    tables = set(TABLES) - {"requests"}
    assert set(os.listdir(company)) == {STAMP, *(f"{table}.csv" for table in tables)}
    assert len(pd.read_csv(company / "people.csv")) == PEOPLE


def test_same_seed_same_bytes_other_seed_other_company(
    company: Path, tmp_path: Path, repository: Path
) -> None:
    write_demo_company(PEOPLE, 3, tmp_path / "same", root=repository)
    assert contents(tmp_path / "same") == contents(company)
    write_demo_company(PEOPLE, 4, tmp_path / "same", root=repository)
    assert contents(tmp_path / "same") != contents(company)


def test_review_tables_speak_of_pairs_that_the_rules_allow(company: Path) -> None:
    grades = pd.read_csv(company / "people.csv", dtype=str).set_index("person_id")["grade"]
    sessions = pd.read_csv(company / "sessions.csv", dtype=str)
    assert len(sessions) > 0
    assert set(sessions["mentor_id"]) | set(sessions["mentee_id"]) <= set(grades.index)
    assert (sessions["mentor_id"] != sessions["mentee_id"]).all()


@pytest.mark.parametrize("stranger", ["people.csv", "notes.txt"])
def test_folder_with_other_files_is_refused(
    tmp_path: Path, repository: Path, stranger: str
) -> None:
    (tmp_path / stranger).write_text("mine")
    with pytest.raises(InputError, match=rf"holds other files \(for example {stranger}\)"):
        write_demo_company(PEOPLE, 3, tmp_path, root=repository)
    assert contents(tmp_path) == {stranger: (0o644, b"mine")}


def test_file_in_place_of_the_folder_is_refused(tmp_path: Path, repository: Path) -> None:
    (tmp_path / "a").write_text("mine")
    with pytest.raises(InputError, match="this is a file, not a folder"):
        write_demo_company(PEOPLE, 3, tmp_path / "a", root=repository)


def test_demo_cycle_makes_its_data_once_and_reads_it(bench: Path) -> None:
    report = check_cycle("demo", root=bench).report.to_json()
    folder = bench / "outputs" / "demo" / "data"
    assert report["tables"][0]["rows_read"] == PEOPLE
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    check_cycle("demo", root=bench)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert {path.name for path in folder.parent.iterdir()} == {"data", ".lock-data"}


def test_demo_data_is_made_again_when_size_seed_or_weights_change(bench: Path) -> None:
    def made() -> dict[str, tuple[int, bytes]]:
        ready = get_ready("demo", root=bench, names={"people"})
        return contents(ready.folder)

    first = made()
    cycle = bench / "params/cycles/demo.yaml"
    edit(cycle, f"people: {PEOPLE}", f"people: {PEOPLE + 20}")
    larger = made()
    assert len(larger["people.csv"][1].splitlines()) == PEOPLE + 21
    edit(cycle, f"people: {PEOPLE + 20}", f"people: {PEOPLE}")
    assert made() == first
    edit(bench / "params/base.yaml", "    skills: 0.40", "    skills: 0.90")
    weighed = made()
    assert weighed["people.csv"] == first["people.csv"]
    assert json.loads(weighed[STAMP][1]) != json.loads(first[STAMP][1])


def test_what_a_killed_run_left_of_the_demo_data_is_removed(bench: Path) -> None:
    home = bench / "outputs" / "demo"
    for name, text in ((".data-half", b"person_id\n"), ("data", b"\xff\xfe")):
        (home / name).mkdir(parents=True)
        (home / name / STAMP).write_bytes(text)
    ready = get_ready("demo", root=bench, names={"people"})
    assert len(ready.tables.people) > 0
    assert {path.name for path in home.iterdir()} == {"data", ".lock-data"}


def test_scenarios_of_a_demo_cycle_share_its_data(bench: Path) -> None:
    base = get_ready("demo", root=bench, names={"people"})
    before = contents(base.folder)
    (bench / "params/scenarios/other.yaml").write_text(
        "why: to see\nmatching:\n  weights:\n    skills: 0.9\n"
    )
    other = get_ready("demo", "other", root=bench, names={"people"})
    assert other.folder == base.folder
    assert contents(other.folder) == before


def test_own_files_in_the_demo_data_are_not_thrown_away(bench: Path) -> None:
    ready = get_ready("demo", root=bench, names={"people"})
    (ready.folder / "my-notes.txt").write_text("mine")
    edit(bench / "params/cycles/demo.yaml", f"people: {PEOPLE}", "people: 90")
    with pytest.raises(InputError, match=r"my-notes\.txt"):
        get_ready("demo", root=bench, names={"people"})
    assert (ready.folder / "my-notes.txt").read_text() == "mine"


def test_data_given_by_hand_goes_before_the_demo(bench: Path, company: Path) -> None:
    ready = get_ready("demo", root=bench, data=company, names={"people"})
    assert ready.folder == company
    assert not (bench / "outputs").exists()


def test_cycle_without_demo_makes_none(bench: Path) -> None:
    ready = get_ready("tiny", root=bench)
    with pytest.raises(ValueError, match="has no demo data"):
        ensure_demo_data(ready.resolved, root=bench, outputs=bench / "outputs")
