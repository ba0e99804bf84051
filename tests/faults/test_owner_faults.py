"""Ids that changed hands between two cycles are refused before anything runs, with row and cure."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from tiny import mark_published, tiny_cycle

from revmentor.cycle.check import check_cycle, get_ready
from revmentor.cycle.kept import keep
from revmentor.cycle.owners import ARTEFACT
from revmentor.errors import InputError

PEOPLE = """person_id,grade,department,name,birth_date
P-001,1,Sales,Ada Lovelace,1998-12-10
P-002,1,Finance,Alan Turing,1999-06-23
P-003,3,Sales,Grace Hopper,1976-12-09
P-004,4,Finance,Edsger Dijkstra,1970-05-11
P-005,4,Finance,,
"""


@pytest.fixture
def bench(repository: Path, tmp_path: Path) -> Path:
    """A workbench in which one cycle is published, and a later one is planned."""
    root = tiny_cycle(repository, tmp_path / "bench", ())
    (root / "tiny" / "people.csv").write_text(PEOPLE)
    cycles = root / "params" / "cycles"
    text = (cycles / "tiny.yaml").read_text()
    (cycles / "later.yaml").write_text(text.replace("2026-", "2027-").replace("Tiny", "Later"))
    publish(root, "tiny")
    return root


def publish(root: Path, cycle: str) -> Path:
    """What a run keeps of a roster, without its notebooks."""
    ready = get_ready(cycle, root=root)
    folder = root / "outputs" / cycle / "base"
    folder.mkdir(parents=True)
    keep(folder, ready.resolved, ready.tables)
    mark_published(folder, cycle)
    return folder


def roster(root: Path, text: str) -> None:
    (root / "tiny" / "people.csv").write_text(text)


def shifted() -> str:
    """The same people with every id one row further down."""
    head, *rows = PEOPLE.strip().splitlines()
    cells = [row.split(",", 1) for row in rows]
    ids = [cell[0] for cell in cells]
    moved = [f"{ident},{rest}" for ident, (_, rest) in zip(ids[1:] + ids[:1], cells, strict=True)]
    return "\n".join([head, *moved]) + "\n"


def test_the_same_roster_is_fine(bench: Path) -> None:
    check_cycle("later", root=bench)


def test_ids_that_moved_by_one_row_are_refused_by_row(bench: Path) -> None:
    roster(bench, shifted())
    with pytest.raises(InputError) as refused:
        check_cycle("later", root=bench)
    assert refused.value.exit_code == 2
    faults = [fault for fault in refused.value.faults if fault.kind == "id of another person"]
    assert [fault.row for fault in faults] == [2, 3, 4]
    for fault in faults:
        assert fault.column == "name"
        assert "name and birth date are not that of the person" in fault.problem
        assert "published cycle tiny" in fault.problem
        assert "data.same_person" in fault.cure
        assert fault.value is None
    told = str(refused.value)
    assert not any(name in told for name in ("Ada", "Turing", "Hopper", "1998"))


def test_a_new_name_is_accepted_once_its_id_is_listed(bench: Path) -> None:
    roster(bench, PEOPLE.replace("Ada Lovelace", "Ada King"))
    with pytest.raises(InputError, match="the name is not that of the person") as refused:
        check_cycle("later", root=bench)
    assert len(refused.value.faults) == 1
    path = bench / "params" / "cycles" / "later.yaml"
    path.write_text(path.read_text() + "  same_person: [P-001]\n")
    check_cycle("later", root=bench)


def test_the_last_cycle_that_knew_an_id_counts(bench: Path) -> None:
    roster(bench, PEOPLE.replace("Ada Lovelace", "Ada King"))
    path = bench / "params" / "cycles" / "later.yaml"
    path.write_text(path.read_text() + "  same_person: [P-001]\n")
    publish(bench, "later")
    third = (bench / "params" / "cycles" / "tiny.yaml").read_text().replace("2026-", "2028-")
    (bench / "params" / "cycles" / "third.yaml").write_text(third)
    check_cycle("third", root=bench)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ada Lovelace", "LOVELACE  ada"),
        (",1999-06-23", ","),
        ("Alan Turing", ""),
        ("P-005,4,Finance,,", "P-005,4,Finance,Somebody New,1980-01-01"),
        ("P-004", "P-044"),
    ],
)
def test_what_is_no_change_of_hands(bench: Path, old: str, new: str) -> None:
    applications = bench / "tiny" / "applications.csv"
    applications.write_text(
        applications.read_text().replace("P-004", new if old == "P-004" else "P-004")
    )
    roster(bench, PEOPLE.replace(old, new))
    check_cycle("later", root=bench)


def test_an_id_with_another_birth_date_is_refused(bench: Path) -> None:
    roster(bench, PEOPLE.replace("1976-12-09", "1977-12-09"))
    with pytest.raises(InputError, match="row 4, column birth_date: the birth date is not that"):
        check_cycle("later", root=bench)


def test_a_cycle_may_correct_its_own_roster_and_is_not_held_to_later_ones(bench: Path) -> None:
    publish(bench, "later")
    roster(bench, shifted())
    check_cycle("tiny", root=bench)


def test_what_is_kept_names_nobody_and_is_closed(bench: Path) -> None:
    place = bench / "outputs" / "tiny" / "base" / "restricted" / f"{ARTEFACT}.parquet"
    assert place.stat().st_mode & 0o777 == 0o600
    frame = pd.read_parquet(place)
    assert frame["person_id"].tolist() == ["P-001", "P-002", "P-003", "P-004"]
    assert frame["name"].str.fullmatch("[0-9a-f]{32}").all()
    assert "Ada" not in frame.to_csv()
