"""The decisions that a coordinator filled into the workbook of a matching, read and checked."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from revmentor.data.cells import restore
from revmentor.data.decided import CHOICES, Decided
from revmentor.data.reading import BLANKS
from revmentor.data.workbook import cell_text
from revmentor.errors import Fault, InputError
from revmentor.params.nearest import nearest

ABOUT, PAIRS, ALONE, MORE = "Read me", "Pairs", "No partner", "Further pairs"
IDS = ("mentor_id", "mentee_id")
FILLED = ("decision", "reason", "by")
LONGEST = 1000
_LACKED, _HARMLESS = "?", "forbid"
NAME = 200
_UNREADABLE = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError)


def read_decisions_sheet(
    file: Path, *, by: str, on: dt.date, written: str = ""
) -> tuple[tuple[Decided, ...], tuple[Fault, ...]]:
    """Which decisions does the workbook ask for, and what is wrong with its rows?

    Parameters
    ----------
    file : Path
        ``decisions.xlsx`` as filled; rows without a decision are passed over.
    by : str
        Who decides where a row's ``by`` is empty.
    on : date
        Today.
    written : str
        Where the matching writes the workbook, for whoever names another file; empty: not told.

    Returns
    -------
    tuple of Decided
        In the order of the sheets; a row that is there twice counts once. Rows that lack a reason,
        a name or a decision are among them with something in its place, so that whom they name is
        looked up too: they have faults.
    tuple of Fault
        With sheet, row and column.

    Raises
    ------
    InputError
        There is no such workbook, or it is not one of decisions.
    """
    decided: dict[tuple[str, str], Decided] = {}
    unsure: dict[tuple[str, str], Decided] = {}
    faults: list[Fault] = []
    for sheet, row, cells in _rows(file, written):
        place = f"{file.name}, sheet {sheet}"
        wrong = list(_wrong(cells, place, row, by))
        faults += wrong
        who = cells["by"] or by
        ids = (cells["mentor_id"], cells["mentee_id"])
        decision = cells["decision"].lower()
        if wrong:
            if all(ids):
                known = decision if decision in CHOICES else _HARMLESS
                unsure[ids] = Decided(*ids, known, _LACKED, _LACKED, on, place, row, True)
            continue
        told = Decided(*ids, decision, who, cells["reason"], on, place, row, True)
        first = decided.setdefault(told.pair, told)
        if (first.decision, first.reason, first.by) != (told.decision, told.reason, told.by):
            problem = f"this pair has another decision in row {first.row:,} of {first.file}"
            cure = "leave one of the two"
            faults.append(Fault("decided twice", problem, cure, place, row, "decision"))
    return tuple((unsure | decided).values()), tuple(faults)


def _wrong(cells: Mapping[str, str], place: str, row: int, by: str) -> Iterator[Fault]:
    """Everything that is wrong with a row by itself."""

    def fault(kind: str, problem: str, cure: str, column: str, value: str | None = None) -> Fault:
        return Fault(kind, problem, cure, place, row, column, value)

    decision = cells["decision"]
    if not decision:
        problem = "the row has a reason or a name but no decision"
        yield fault("no decision", problem, f"choose {_either()}, or empty the row", "decision")
    elif decision.lower() not in CHOICES:
        near = nearest(decision.lower(), CHOICES)
        cure = f"write {near}, if that is what you mean" if near else f"choose {_either()}"
        yield fault("unknown decision", "this is no decision", cure, "decision", decision[:40])
    for column in IDS:
        if not cells[column]:
            yield fault("no id", "the row names nobody here", "write the id", column)
    if not cells["reason"]:
        yield fault("no reason", "the decision has no reason", "say why, for the trail", "reason")
    if not (cells["by"] or by):
        cure = "name who decided, here or with --by NAME"
        yield fault("nobody named", "nobody is named for the decision", cure, "by")
    for column, most in (("reason", LONGEST), ("by", NAME)):
        if len(cells[column]) > most:
            problem = f"the text has {len(cells[column]):,} characters"
            yield fault("long text", problem, f"write at most {most:,}", column)
    for column in (*IDS, "reason", "by"):
        if not cells[column].isprintable():
            problem = "the text holds characters that cannot be printed"
            yield fault("odd characters", problem, "write it again without them", column)


def _either() -> str:
    return f"{', '.join(CHOICES[:-1])} or {CHOICES[-1]}"


def _rows(file: Path, written: str) -> Iterator[tuple[str, int, Mapping[str, str]]]:
    """Sheet, row number and cells of every row that somebody has filled."""
    book = _opened(file, written)
    for name in (PAIRS, MORE):
        lines = book[name].iter_rows()
        heads = [_bare(cell_text(cell)) for cell in next(lines, ())]
        absent = [column for column in (*IDS, *FILLED) if heads.count(column) != 1]
        if absent:
            problem = f"row 1 should name the column {', '.join(absent)} once"
            raise InputError(Fault("no column", problem, _AGAIN, f"{file.name}, sheet {name}", 1))
        at = {column: heads.index(column) for column in (*IDS, *FILLED)}
        for number, line in enumerate(lines, start=2):
            texts = [_bare(cell_text(cell)) for cell in line]
            cells = {column: texts[i] if i < len(texts) else "" for column, i in at.items()}
            filled = (*FILLED, *IDS) if name == MORE else FILLED
            if any(cells[column] for column in filled):
                yield name, number, cells


_AGAIN = "fill the workbook that the matching wrote, restricted/decisions.xlsx, as it is"


def _opened(file: Path, written: str) -> openpyxl.Workbook:
    try:
        data = file.read_bytes()
    except OSError as error:
        problem = f"the workbook cannot be read ({error.strerror})"
        there = f"; the matching wrote it to {written}, where it is read if you name no path"
        cure = f"correct the path{there if written else ''}"
        raise InputError(Fault("no file", problem, cure, str(file))) from None
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it drops; no cell text depends on them.
            warnings.simplefilter("ignore", UserWarning)
            # Formulas as written: a reason that begins with = is a text like any other.
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except _UNREADABLE as error:
        problem = f"this is no workbook, or a damaged one ({type(error).__name__})"
        cure = "save it as .xlsx from the spreadsheet program"
        raise InputError(Fault("damaged file", problem, cure, file.name)) from None
    absent = [name for name in (PAIRS, MORE) if name not in book.sheetnames]
    if absent:
        problem = f"the workbook has no sheet {' and no sheet '.join(absent)}"
        raise InputError(Fault("missing sheet", problem, _AGAIN, file.name))
    return book


def _bare(text: str) -> str:
    """A cell's text on one line, without the apostrophe that kept it from being a formula."""
    return " ".join(restore(text.strip(BLANKS)).split())
