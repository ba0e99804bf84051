"""Decisions by sheet: what is filled comes back, what cannot be is said with its place, at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from tiny import tiny_cycle

import revmentor
from revmentor import cli
from revmentor.cycle import trail
from revmentor.cycle.approval import next_of_draft
from revmentor.cycle.approving import Answer
from revmentor.cycle.check import check_cycle, get_ready
from revmentor.cycle.deciding import decide
from revmentor.cycle.pins import taken_back
from revmentor.data.decided import CHOICES, decide_words
from revmentor.errors import Fault, InputError
from revmentor.publish.decisions_sheet import decisions_workbook

PEOPLE = """person_id,grade,department,name
007,1,Sales,=Ada
P-002,1,Finance,Alan Turing
P-003,3,Sales,Grace Hopper
P-004,4,Finance,Edsger Dijkstra
"""
APPLICATIONS = """person_id,side,capacity
007,mentor,1
P-002,mentor,2
P-003,mentee,1
P-004,mentee,1
"""
COMMAND = decide_words("tiny")
HEADS = ["mentor_id", "mentee_id", "mentor", "score", "decision", "reason", "by"]
Row = dict[str, Any]


class Desk:
    """A coordinator with a workbench, and the workbook of a matching."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.file = root, folder / "decisions.xlsx"
        self.home = root / "outputs" / "tiny"

    def fill(self, pairs: dict[int, Row] | None = None, more: dict[int, Row] | None = None) -> Path:
        """Fill rows of the sheets, as a person would in Excel, and save."""
        named = {"mentor_id": ["007", "P-002"], "mentee_id": ["P-003", "P-004"]}
        table = pd.DataFrame(named).assign(mentor=["=Ada", "Alan Turing"], score=[71.0, 55.0])
        alone = pd.DataFrame({"person_id": ["P-009"], "reason": ["@home"]})
        self.file.write_bytes(decisions_workbook(table, alone, title="Tiny", command=COMMAND))
        book = openpyxl.load_workbook(self.file)
        for name, rows in (("Pairs", pairs), ("Further pairs", more)):
            sheet = book[name]
            heads = [cell.value for cell in sheet[1]]
            for row, cells in (rows or {}).items():
                for column, value in cells.items():
                    sheet.cell(row, heads.index(column) + 1).value = value
        book.save(self.file)
        return self.file

    def decide(self, by: str = "Ann") -> Answer:
        return decide("tiny", self.file, by, root=self.root)

    def faults(self, by: str = "Ann") -> list[Fault]:
        with pytest.raises(InputError) as refused:
            self.decide(by)
        assert not (self.home / trail.FILE).exists()
        return list(refused.value.faults)

    def table(self) -> list[tuple[str, ...]]:
        found = get_ready("tiny", root=self.root).tables.decisions
        if found is None:
            return []
        columns = ["mentor_id", "mentee_id", "decision", "by", "reason"]
        return [tuple(row) for row in found[columns].to_numpy().tolist()]

    def digest(self) -> str:
        return get_ready("tiny", root=self.root).tables.digests.get("decisions", "")


@pytest.fixture
def desk(repository: Path, tmp_path: Path) -> Desk:
    root = tiny_cycle(repository, tmp_path / "bench", ())
    (root / "tiny" / "people.csv").write_text(PEOPLE)
    (root / "tiny" / "applications.csv").write_text(APPLICATIONS)
    return Desk(root, tmp_path)


def said(decision: str, reason: str = "as agreed", **more: str) -> Row:
    return {"decision": decision, "reason": reason, **more}


def pair(mentor: object, mentee: object, decision: str, reason: str = "as agreed") -> Row:
    return {"mentor_id": mentor, "mentee_id": mentee, **said(decision, reason)}


def test_filled_rows_come_into_force_and_twice_adds_nothing(desk: Desk) -> None:
    before = desk.digest()
    desk.fill(
        {2: said("forbid", "=1+1", by="Zoë Ng")},
        {2: pair("007", "P-004", "require", "'=HYPERLINK(x)")},
    )
    answer = desk.decide()
    assert answer.sentences == (
        "2 decisions written into the trail.",
        "Next, match by them and see what changed: "
        f"revmentor run tiny --stage match --root {desk.root}",
    )
    assert desk.table() == [
        ("007", "P-003", "forbid", "Zoë Ng", "=1+1"),
        ("007", "P-004", "require", "Ann", "=HYPERLINK(x)"),
    ]
    entries = trail.read(desk.home).entries
    assert [(entry.what, entry.by, entry.facts["decision"]) for entry in entries] == [
        ("decided", "Zoë Ng", "forbid"),
        ("decided", "Ann", "require"),
    ]
    assert desk.digest() != before
    digest = desk.digest()
    again = desk.decide()
    assert again.sentences[0] == ("Nothing new was decided; 2 rows of it stood there already.")
    assert len(trail.read(desk.home).entries) == 2
    assert desk.digest() == digest


def test_a_workbook_that_is_filled_already_is_taken_in_as_it_is(desk: Desk) -> None:
    pairs = pd.DataFrame({"mentor_id": ["007", "P-002"], "mentee_id": ["P-003", "P-004"]})
    alone = pd.DataFrame({"person_id": []})
    filled = {"decision": "lock", "reason": "in the plan"}
    book = decisions_workbook(pairs, alone, title="T", command=COMMAND, filled=filled)
    desk.file.write_bytes(book)
    assert desk.decide().sentences[0] == "2 decisions written into the trail."
    assert desk.table() == [
        ("007", "P-003", "lock", "Ann", "in the plan"),
        ("P-002", "P-004", "lock", "Ann", "in the plan"),
    ]


def test_the_last_word_about_a_pair_counts_and_can_be_withdrawn(desk: Desk) -> None:
    table = desk.root / "tiny" / "decisions.csv"
    table.write_text(
        "mentor_id,mentee_id,decision,by,reason,on\n"
        "007,P-003,require,Head of HR,asked for,2020-01-01\n"
        "P-002,P-003,forbid,Head of HR,known,2020-01-01\n"
    )
    known = ("P-002", "P-003", "forbid", "Head of HR", "known")
    digest = desk.digest()
    desk.fill({2: said("forbid")})
    desk.decide()
    assert desk.table() == [known, ("007", "P-003", "forbid", "Ann", "as agreed")]
    desk.fill({2: said("withdraw", "changed my mind"), 3: said("withdraw")})
    assert "Row 3 of decisions.xlsx, sheet Pairs: there is nothing to withdraw." in (
        desk.decide().sentences
    )
    assert desk.table() == [known]
    assert desk.digest() != digest
    report = get_ready("tiny", root=desk.root).tables.report
    assert "a later decision by sheet counts for the pair" in report.text()
    later = table.read_text() + "007,P-003,lock,Head of HR,after all,2100-01-01\n"
    table.write_text(later)
    assert desk.table() == [known, ("007", "P-003", "lock", "Head of HR", "after all")]


def test_ids_stay_text(desk: Desk) -> None:
    desk.fill(more={2: pair("007", "P-004", "lock")})
    desk.decide()
    assert desk.table()[0][0] == "007"
    desk.fill(more={3: pair(7, "P-004", "lock", "a number in the cell")})
    (desk.home / trail.FILE).unlink()
    found = desk.faults()[0]
    assert (found.kind, found.row, found.column) == ("leading zeros", 3, "mentor_id")


def test_every_fault_of_the_sheet_is_said_at_once_with_its_place(desk: Desk) -> None:
    desk.fill(
        {2: said("requires"), 3: {"reason": "why"}},
        {
            2: pair("P-02", "P-003", "forbid"),
            3: pair("007", "", "forbid"),
            4: pair("P-003", "007", "require"),
            5: pair("P-002", "P-003", "forbid"),
            6: pair("P-002", "P-003", "require"),
            7: pair("007", "P-004", "lock", ""),
            8: {"mentor_id": "007"},
        },
    )
    faults = desk.faults()
    found = {(f.file, f.row, f.column): f for f in faults}
    pairs, more = "decisions.xlsx, sheet Pairs", "decisions.xlsx, sheet Further pairs"
    assert "write require" in found[pairs, 2, "decision"].cure
    assert "no decision" in found[pairs, 3, "decision"].problem
    assert "the closest is 'P-002'" in found[more, 2, "mentor_id"].problem
    assert found[more, 3, "mentee_id"].kind == "no id"
    assert {fault.kind for fault in faults if fault.row == 4} == {
        "required against the direction",
        "required mentor has not applied",
        "required mentee has not applied",
    }
    assert "row 5" in found[more, 6, "decision"].problem
    assert found[more, 7, "reason"].kind == "no reason"
    assert found[more, 8, "decision"].kind == "no decision"
    assert all(fault.cure for fault in found.values())


def test_whom_a_row_names_is_looked_up_whatever_else_it_lacks(desk: Desk) -> None:
    """Ids, reason and decision are told at once, and nothing that was not written is held against
    another row."""
    desk.fill(
        {},
        {
            2: pair("P-02", "P-003", "forbid", ""),
            3: pair("P-002", "P-03", "requre"),
            4: pair("P-002", "P-003", "lock", ""),
            5: pair("P-002", "P-003", "require"),
        },
    )
    found = [(fault.row, fault.column) for fault in desk.faults()]
    assert set(found) >= {(2, "reason"), (2, "mentor_id"), (3, "decision"), (3, "mentee_id")}
    assert [fault for fault in found if fault[0] in (4, 5)] == [(4, "reason")]


def test_more_than_a_capacity_is_refused_together_with_the_table(desk: Desk) -> None:
    (desk.root / "tiny" / "decisions.csv").write_text(
        "mentor_id,mentee_id,decision,by,reason,on\n007,P-003,require,HR,asked for,2020-01-01\n"
    )
    desk.fill(more={4: pair("007", "P-004", "require")})
    (found,) = desk.faults()
    assert found.kind == "required beyond capacity"
    assert found.problem.startswith(
        "decisions.csv: row 2; decisions.xlsx, sheet Further pairs: row 4 require 2 partners"
    )


MANAGERS = ("manager_id", "P-004", "", "", "")
LINE = "".join(f"{a},{b}\n" for a, b in zip(PEOPLE.splitlines(), MANAGERS, strict=True))


def test_a_required_pair_that_breaks_a_rule_is_refused_with_the_way_out(desk: Desk) -> None:
    (desk.root / "tiny" / "people.csv").write_text(LINE)
    desk.fill(more={4: pair("007", "P-004", "require"), 5: pair("P-002", "P-003", "require")})
    (found,) = desk.faults()
    assert (found.kind, found.file) == (
        "required against a rule", "decisions.xlsx, sheet Further pairs"
    )  # fmt: skip
    assert (found.row, found.column) == (4, "decision")
    assert "breaks a rule: “not in one reporting line”" in found.problem
    assert found.cure == (
        "choose lock, which keeps a pair whatever the rules say, or empty the row"
    )
    desk.fill(more={4: pair("007", "P-004", "lock"), 5: pair("P-002", "P-003", "require")})
    assert len(desk.decide().sentences) == 2


def test_a_decision_that_a_rule_forbids_by_now_is_told_and_can_be_withdrawn(desk: Desk) -> None:
    desk.fill(more={4: pair("007", "P-004", "require")})
    desk.decide()
    (desk.root / "tiny" / "people.csv").write_text(LINE)
    (conflict,) = check_cycle("tiny", root=desk.root).conflicts
    assert "trail.jsonl, row 1, column decision: the required pair breaks a rule" in str(conflict)
    assert "withdraw into the sheet Further pairs" in str(conflict)
    desk.fill({3: said("forbid")})
    (told,) = [text for text in desk.decide().sentences if "stands since before" in text]
    assert "the required pair breaks a rule: “not in one reporting line”" in told
    desk.fill(more={4: pair("007", "P-004", "withdraw")})
    assert len(desk.decide().sentences) == 2
    assert check_cycle("tiny", root=desk.root).conflicts == ()


def test_the_check_tells_a_row_of_the_table_that_a_rule_forbids(desk: Desk) -> None:
    (desk.root / "tiny" / "people.csv").write_text(LINE)
    (desk.root / "tiny" / "decisions.csv").write_text(
        "mentor_id,mentee_id,decision,by,reason,on\nP-002,P-003,require,HR,known,2020-01-01\n"
        "007,P-004,require,HR,known,2020-01-01\n"
    )
    text = check_cycle("tiny", root=desk.root).text()
    assert "conflict: decisions.csv, row 3, column decision: the required pair breaks" in text
    assert "or delete the row." in text


def test_nobody_named_is_refused(desk: Desk) -> None:
    desk.fill({2: said("forbid")})
    (found,) = desk.faults(by="")
    assert (found.column, "--by NAME" in found.cure) == ("by", True)


def test_who_has_gone_since_is_left_out_with_a_warning(desk: Desk) -> None:
    desk.fill({2: said("require"), 3: said("forbid")})
    desk.decide()
    gone = "".join(line for line in PEOPLE.splitlines(True) if "P-003" not in line)
    (desk.root / "tiny" / "people.csv").write_text(gone)
    gone = "".join(line for line in APPLICATIONS.splitlines(True) if "P-003" not in line)
    (desk.root / "tiny" / "applications.csv").write_text(gone)
    assert desk.table() == [("P-002", "P-004", "forbid", "Ann", "as agreed")]
    (warning,) = get_ready("tiny", root=desk.root).tables.report.warnings
    assert (warning.file, warning.row) == (trail.FILE, 1)
    assert "names somebody who is not in people.csv any more" in warning.problem


def no_workbook(desk: Desk) -> None:
    desk.file.write_text("mentor_id,mentee_id\n")


def cut_short(desk: Desk) -> None:
    desk.fill()
    desk.file.write_bytes(desk.file.read_bytes()[:2000])


def other_workbook(desk: Desk) -> None:
    openpyxl.Workbook().save(desk.file)


def renamed_column(desk: Desk) -> None:
    desk.fill()
    book = openpyxl.load_workbook(desk.file)
    book["Pairs"].cell(1, 1).value = "who"
    book.save(desk.file)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda desk: None, "cannot be read"),
        (no_workbook, "this is no workbook"),
        (cut_short, "damaged"),
        (other_workbook, "has no sheet Pairs and no sheet Further pairs"),
        (renamed_column, "should name the column mentor_id once"),
    ],
)
def test_another_file_is_refused(desk: Desk, spoil: Callable[[Desk], None], words: str) -> None:
    spoil(desk)
    (found,) = desk.faults()
    assert words in found.problem


def test_a_missing_file_is_answered_with_where_the_matching_wrote_one(desk: Desk) -> None:
    (found,) = desk.faults()
    assert found.cure == "correct the path"
    written = desk.home / "base" / "restricted" / "decisions.xlsx"
    written.parent.mkdir(parents=True)
    written.touch()
    (found,) = desk.faults()
    assert found.cure.startswith(f"correct the path; the matching wrote it to {written}, where")


def test_without_a_path_the_workbook_is_read_where_the_matching_wrote_it(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    def typed(*more: str) -> tuple[object, str]:
        with pytest.raises(SystemExit) as left:
            cli.main([*COMMAND.split()[1:], "--root", str(desk.root), *more])
        return left.value.code, "".join(capsys.readouterr())

    code, text = typed()
    assert code == 2
    assert f"match first, which writes it: revmentor run tiny --stage match --root {desk.root}" in (
        text
    )
    folder = desk.home / "base" / "restricted"
    folder.mkdir(parents=True)
    desk.file = folder / "decisions.xlsx"
    desk.fill()
    code, text = typed()
    assert (code, "No row of the workbook has a decision." in text) == (0, True)
    assert f"fill the coloured cells of {desk.file}, save it there" in text
    assert f"revmentor approve tiny --by NAME --root {desk.root}" in text
    assert "match by them" not in text
    desk.fill({2: said("forbid")})
    code, text = typed()
    assert (code, "1 decision written into the trail." in text) == (0, True)
    code, text = typed("--scenario", "limits")
    assert (code, "name the scenario" in text, str(desk.file) in text) == (2, True, True)


def test_every_text_names_the_command_in_one_form(desk: Desk) -> None:
    command = COMMAND
    lines = [row[0].value for row in openpyxl.load_workbook(desk.fill())["Read me"].iter_rows()]
    assert command in " ".join(str(line) for line in lines)
    assert command in next_of_draft("tiny", "base")
    assert decide_words() in taken_back("trail.jsonl")
    room = Path(revmentor.__file__).parent
    spelt = "revmentor " + "decide "
    assert [p.name for p in room.rglob("*.py") if spelt in p.read_text()] == ["decided.py"]


def test_the_workbook_explains_itself_and_runs_nothing(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.fill())
    assert book.sheetnames == ["Read me", "Pairs", "No partner", "Further pairs"]
    assert len([row for row in book["Read me"].iter_rows() if row[0].value]) == 5
    heads = [cell.value for cell in book["Pairs"][1]]
    assert heads == HEADS
    ada = book["Pairs"].cell(2, 3)
    assert (ada.value, ada.data_type) == ("'=Ada", "s")
    assert book["No partner"].cell(2, 2).value == "'@home"
    assert book["Pairs"].cell(2, 1).value == "007"
    assert book["Further pairs"].cell(2, 1).number_format == "@"
    (choice,) = book["Pairs"].data_validations.dataValidation
    assert str(choice.sqref) == "E2:E3"
    assert choice.formula1 == f'"{",".join(CHOICES)}"'
    first = desk.file.read_bytes()
    table = pd.DataFrame({"mentor_id": ["007"], "mentee_id": ["x"]})
    made = [decisions_workbook(table, table, title="T", command="c") for _ in range(2)]
    assert made[0] == made[1]
    assert first


def test_command_says_the_next_step(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.fill({2: said("forbid")})
    words = ["decide", "tiny", str(desk.file), "--by", "Ann", "--root", str(desk.root)]
    with pytest.raises(SystemExit) as left:
        cli.main(words)
    assert left.value.code == 0
    assert f"revmentor run tiny --stage match --root {desk.root}\n" in capsys.readouterr().out
