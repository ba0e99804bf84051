"""One sheet of an Excel workbook to text cells, as its owner sees them."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from revmentor.data.reading import Grid, Reading, letter
from revmentor.data.report import count
from revmentor.errors import Fault, InputError

_UNREADABLE = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    OSError,
)


def parse_workbook(data: bytes, reading: Reading) -> Grid:
    """Which cells does the sheet hold?

    Numbers are written as the shortest text that means them (``45``, not ``45.0``), with the
    zeros that a format like ``00000`` shows; dates as ISO; a formula as its stored result.

    Raises
    ------
    InputError
        A damaged workbook, a sheet that is missing or not named among several, an error value,
        a formula that was never calculated.
    """
    book = _open(data, reading, values=True)
    sheet = _sheet(book, reading)
    faults: list[Fault] = []
    zeros = 0
    lines: list[list[str]] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        line: list[str] = []
        for cell in cells:
            text, padded = _text(cell)
            zeros += padded
            if cell.data_type == "e" and text not in reading.missing:
                faults.append(_cell_fault("error value", number, line, lines, reading, text))
            line.append(text)
        while line and not line[-1].strip():
            line.pop()
        lines.append(line)
    formulas, merged = _oddities(data)
    if formulas:
        faults += _uncalculated(data, reading, lines)
    while lines and not lines[-1]:
        lines.pop()
    if faults:
        raise InputError(faults)
    if not lines or not lines[0]:
        problem = "the sheet is empty" if not lines else "the first row is blank"
        cure = "name the right sheet, or put the header in row 1"
        raise InputError(Fault("no header", problem, cure, reading.path, 1))
    notes = [f"read from sheet {sheet.title!r}"]
    if zeros:
        notes.append(
            f"{count(zeros, 'number')} written with the leading zeros that their format shows"
        )
    return _grid(lines, tuple(notes), merged, reading)


def _open(data: bytes, reading: Reading, *, values: bool) -> Any:
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it drops; no cell text depends on them.
            warnings.simplefilter("ignore", UserWarning)
            return openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=values, keep_links=False
            )
    except _UNREADABLE as error:
        problem = f"the workbook is damaged ({type(error).__name__})"
        cure = "open it in the spreadsheet program and save it again as .xlsx"
        raise InputError(Fault("damaged file", problem, cure, reading.path)) from None


def _sheet(book: Any, reading: Reading) -> Any:
    names = [sheet.title for sheet in book.worksheets]
    have = ", ".join(repr(name) for name in names)
    if reading.sheet is None and len(names) != 1:
        problem = f"the workbook has {count(len(names), 'sheet')} and params name none: {have}"
        cure = "declare sheet: with one of these names for this source"
        raise InputError(Fault("no sheet named", problem, cure, reading.path))
    if reading.sheet is not None and reading.sheet not in names:
        problem = f"the workbook has no sheet {reading.sheet!r}; it has {have}"
        cure = "declare one of these names, or rename the sheet"
        raise InputError(Fault("missing sheet", problem, cure, reading.path))
    sheet = book[reading.sheet] if reading.sheet is not None else book.worksheets[0]
    # The stored extent of a sheet is often wrong; without it, rows are read to their real end.
    sheet.reset_dimensions()
    return sheet


def _text(cell: Any) -> tuple[str, bool]:
    """A cell's text, and whether its format added leading zeros."""
    value = cell.value
    if value is None:
        return "", False
    if isinstance(value, str):
        return value, False
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), False
    if isinstance(value, dt.datetime):
        clock = value.time() != dt.time()
        return (value.isoformat(sep=" ") if clock else value.date().isoformat()), False
    if isinstance(value, dt.date | dt.time):
        return value.isoformat(), False
    if isinstance(value, int | float):
        text = number_text(value)
        pattern = cell.number_format or ""
        if isinstance(value, int) and len(pattern) > 1 and set(pattern) == {"0"}:
            return text.zfill(len(pattern)), len(text) < len(pattern)
        return text, False
    return str(value), False


def cell_text(cell: Any) -> str:
    """A cell's text, as `parse_workbook` reads it; a formula as it is written."""
    return _text(cell)[0]


def number_text(value: float) -> str:
    """The shortest text of a number at a spreadsheet's 15 digits.

    >>> number_text(45.0), number_text(0.1 + 0.2), number_text(12345678901234)
    ('45', '0.3', '12345678901234')
    """
    if isinstance(value, int):
        return str(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")


def _oddities(data: bytes) -> tuple[bool, bool]:
    """Does any sheet hold formulas, or merged cells?"""
    formulas = merged = False
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                part = parts.read(name)
                formulas = formulas or b"<f>" in part or b"<f " in part
                merged = merged or b"<mergeCell " in part
    return formulas, merged


def _uncalculated(data: bytes, reading: Reading, lines: list[list[str]]) -> list[Fault]:
    """Cells with a formula whose result was never stored: they would read as empty."""
    sheet = _sheet(_open(data, reading, values=False), reading)
    faults = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        line = lines[number - 1] if number <= len(lines) else []
        for position, cell in enumerate(cells):
            if cell.data_type == "f" and (position >= len(line) or not line[position]):
                faults.append(
                    _cell_fault("formula without result", number, [""] * position, lines, reading)
                )
    return faults


def _cell_fault(
    kind: str,
    row: int,
    before: list[str],
    lines: list[list[str]],
    reading: Reading,
    value: str | None = None,
) -> Fault:
    position = len(before)
    header = lines[0] if lines and row > 1 else []
    name = header[position].strip() if position < len(header) else letter(position)
    problem = (
        "the cell holds an error of the spreadsheet"
        if value
        else "the cell holds a formula that was never calculated, so it has no value"
    )
    cure = "open the workbook, let it calculate, paste the column as values, and save"
    return Fault(kind, problem, cure, reading.path, row, name, value)


def _grid(lines: list[list[str]], notes: tuple[str, ...], merged: bool, reading: Reading) -> Grid:
    header = lines[0]
    width = len(header)
    faults = [
        Fault(
            "long row",
            f"there is a value in {letter(len(line) - 1)}, where the header has no name",
            "name that column in row 1, or delete its values",
            reading.path,
            row,
        )
        for row, line in enumerate(lines[1:], start=2)
        if len(line) > width
    ]
    if faults:
        raise InputError(faults)
    warned = (
        Fault(
            "merged cells",
            "the workbook has merged cells: only the first cell of each has the value",
            "unmerge them and fill every cell, if they are in this sheet",
            reading.path,
        ),
    )
    records = [line + [""] * (width - len(line)) if line else [] for line in lines[1:]]
    return Grid(
        header,
        records,
        several_lines={
            (index, position): index + 2
            for index, record in enumerate(records)
            for position, cell in enumerate(record)
            if "\n" in cell.strip()
        },
        notes=notes,
        warnings=warned if merged else (),
    )
