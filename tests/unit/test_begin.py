"""A new cycle: a file to complete, tables to fill, and after each command the next one."""

from __future__ import annotations

import csv
import datetime as dt
import shlex
import shutil
from pathlib import Path

import pytest
from small_company import APPLICATIONS, PEOPLE
from tiny import mark_published

from revmentor.cli import main
from revmentor.cycle.approval import next_of_draft
from revmentor.cycle.begin import TABLES, begin_cycle
from revmentor.cycle.next_step import after_check, after_run, command
from revmentor.data.contract import CONTRACT
from revmentor.data.legal import legal_values
from revmentor.data.meanings import meaning
from revmentor.errors import InputError
from revmentor.names import OBJECTIVE_KINDS
from revmentor.params import load_params

TODAY = dt.date(2026, 11, 25)


@pytest.fixture
def bench(repository: Path, tmp_path: Path) -> Path:
    shutil.copytree(repository / "params", tmp_path / "params")
    return tmp_path


@pytest.mark.parametrize("kind", OBJECTIVE_KINDS)
def test_its_file_is_valid_as_it_stands(bench: Path, kind: str) -> None:
    begin_cycle("spring", kind=kind, root=bench, today=TODAY)
    params = load_params("spring", root=bench).params
    assert params.charter.kind == kind
    assert params.charter.success
    assert params.programme.start == dt.date(2027, 2, 8)
    assert params.programme.start.weekday() == 0
    dates = params.programme
    order = [
        dates.promotion_from, dates.sign_up_from, dates.sign_up_until, dates.training_from,
        dates.start, dates.end, dates.review_on,
    ]  # fmt: skip
    assert order == sorted(order)  # type: ignore[type-var]


def test_what_each_column_may_hold_stands_beside_the_tables(bench: Path) -> None:
    begun = begin_cycle("spring", root=bench, today=TODAY)
    told = begun.files[-1].read_text()
    assert "columns.txt" in begun.sentences[1]
    for path in begun.files[1:-1]:
        for name in path.read_text().strip().split(","):
            assert f"  {name}: " in told
    assert "  side: needed; mentor | mentee | both\n" in told
    assert "  extraversion: a number from 1 to 5\n" in told
    assert "  skills_wanted: items with ; between them\n" in told


def test_what_each_column_means_stands_there_too(bench: Path) -> None:
    begun = begin_cycle("spring", root=bench, today=TODAY)
    told = " ".join(begun.files[-1].read_text().split())
    items = load_params("spring", root=bench).params.data.items
    for table in TABLES:
        for column in CONTRACT[table].with_items(items).columns:
            assert column.identity or meaning(table, column) in told
            assert column.identity or meaning(table, column), (table, column.name)
    wishes, vetoes = (told.partition(f" {name}: ")[2][:120] for name in ("wishes", "vetoes"))
    assert "the most wanted first" in wishes
    assert "must not be paired" in vetoes
    assert "wanted" not in vetoes
    assert "before the start to your question 2 on mutual respect; higher is readier." in told


@pytest.mark.parametrize("name", CONTRACT)
def test_every_column_of_every_table_has_its_words(bench: Path, name: str) -> None:
    begin_cycle("spring", root=bench, today=TODAY)
    items = load_params("spring", root=bench).params.data.items
    scales = {scale: {"from": 1, "to": 5} for scale in ("extraversion", "rating", "item", "level")}
    told = legal_values([name], items, scales, ";")
    for column in CONTRACT[name].columns:
        assert column.identity or f"  {column.name}: " in told


def test_a_start_and_a_length_are_kept(bench: Path) -> None:
    begin_cycle("autumn", dt.date(2027, 9, 6), weeks=12, root=bench)
    programme = load_params("autumn", root=bench).params.programme
    assert (programme.start, programme.end) == (dt.date(2027, 9, 6), dt.date(2027, 11, 26))


@pytest.mark.parametrize("days", [*range(1, 26), 40, 62, 69, 70, 90])
def test_preparing_never_begins_in_the_past(bench: Path, days: int) -> None:
    start = TODAY + dt.timedelta(days)
    begun = begin_cycle("soon", start, root=bench, today=TODAY)
    dates = load_params("soon", root=bench).params.programme
    order = [dates.promotion_from, dates.sign_up_from, dates.sign_up_until, dates.training_from]
    assert order == sorted(order)  # type: ignore[type-var]
    assert all(each is not None and each >= TODAY for each in order)
    told = [text for text in begun.sentences if text.startswith("Only ")]
    assert len(told) == (days < 70)
    assert not told or f"Only {days} day" in told[0]


def test_a_cycle_that_has_begun_has_the_dates_that_it_would_have_had(bench: Path) -> None:
    begun = begin_cycle("past", dt.date(2026, 3, 2), root=bench, today=TODAY)
    assert load_params("past", root=bench).params.programme.promotion_from == dt.date(2025, 12, 22)
    assert not [text for text in begun.sentences if text.startswith("Only ")]


def test_nothing_that_is_there_is_written_over(bench: Path) -> None:
    begin_cycle("spring", root=bench, today=TODAY)
    people = bench / "data" / "spring" / "people.csv"
    people.write_text("mine\n")
    (bench / "params" / "cycles" / "spring.yaml").unlink()
    begin_cycle("spring", root=bench, today=TODAY)
    assert people.read_text() == "mine\n"
    with pytest.raises(InputError, match="there is a cycle of this name"):
        begin_cycle("spring", root=bench)


def test_from_nothing_to_a_checked_cycle(bench: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = ["--root", str(bench)]

    def said(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as left:
            main([*words, *root])
        captured = capsys.readouterr()
        return int(left.value.code or 0), captured.out + captured.err

    code, told = said("new", "spring", "--start", "2027-03-01")
    assert code == 0
    assert told.splitlines()[-1] == f"Next: revmentor check spring --root {bench}"
    code, told = said("check", "spring")
    assert code == 2
    assert "header and no rows" in told

    folder = bench / "data" / "spring"
    for name, text in (("people", PEOPLE), ("applications", APPLICATIONS)):
        heads = (folder / f"{name}.csv").read_text().strip().split(",")
        given = list(csv.DictReader(text.splitlines()))
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, heads)
            writer.writeheader()
            writer.writerows(given)
    grades = "grades: [junior, middle, senior]"
    file = bench / "params" / "cycles" / "spring.yaml"
    file.write_text(file.read_text().replace("grades: []", grades))
    code, told = said("check", "spring")
    assert code == 0, told
    assert f"revmentor run spring --stage plan --root {bench}" in told


def test_the_next_command_is_one_that_the_shell_takes() -> None:
    words = command("run", "spring", "--stage", "plan", data="it's here", scenario="base")
    assert shlex.split(words) == ["revmentor", "run", "spring", "--stage", "plan", "--data",
                                  "it's here"]  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "approved", "then"),
    [
        ("plan", False, "--stage match"),
        ("match", False, "revmentor approve spring --by NAME"),
        ("match", True, "--stage launch"),
        ("launch", False, "revmentor approve spring --by NAME"),
        ("launch", True, "revmentor send spring"),
        ("all", False, "revmentor approve spring --by NAME"),
        ("all", True, "report/index.html"),
        ("review", True, "week.html"),
        ("report", True, "report/index.html"),
    ],
)
def test_every_stage_tells_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str, approved: bool, then: str
) -> None:
    result = tmp_path / "spring" / "base"
    result.mkdir(parents=True)
    mark_published(result, "spring")
    monkeypatch.setattr(
        "revmentor.cycle.next_step.approval_of", lambda home, scenario: approved or None
    )
    assert then in after_run(result, stage, {"scenario": "base"})


@pytest.mark.parametrize(
    ("stages", "approved", "then"),
    [
        ([], False, "--stage plan"),
        (["plan"], False, "--stage match"),
        (["plan", "match"], False, "approve spring --by NAME"),
        (["plan", "match"], True, "--stage launch"),
        (["plan", "match", "launch"], True, "send spring"),
        (["plan", "match", "launch", "review"], True, "week.html"),
        (["plan", "match", "launch", "review", "report"], True, "report/index.html"),
    ],
)
def test_a_check_tells_what_comes_after_what_is_published(
    bench: Path, monkeypatch: pytest.MonkeyPatch, stages: list[str], approved: bool, then: str
) -> None:
    manifest = {"stages": [{"stage": name} for name in stages]} if stages else None
    monkeypatch.setattr("revmentor.cycle.next_step.read_manifest", lambda result: manifest)
    monkeypatch.setattr(
        "revmentor.cycle.next_step.approval_of", lambda home, scenario: approved or None
    )
    places = {"root": str(bench), "scenario": "base", "data": "", "outputs": ""}
    told = after_check("spring", places)
    assert then in told
    assert f"--root {bench}" in told


def test_a_launch_that_nobody_approved_says_that_no_packs_were_made(tmp_path: Path) -> None:
    result = tmp_path / "spring" / "base"
    result.mkdir(parents=True)
    mark_published(result, "spring")
    told = after_run(result, "launch", {"scenario": "base"})
    assert told.startswith("No packs were made, as nobody has approved the match.")
    assert "No packs" not in after_run(result, "match", {"scenario": "base"})
    banner = next_of_draft("spring", "base")
    assert "`" not in banner + told
    for text in (banner, told):
        assert "take it in with" in text
        assert "revmentor decide spring --by NAME" in text
    assert "revmentor decide spring --by NAME --scenario limits" in next_of_draft(
        "spring", "limits"
    )
    there = {"scenario": "limits", "root": "a b"}
    assert "revmentor decide spring --by NAME --scenario limits --root 'a b'" in after_run(
        result, "match", there
    )
