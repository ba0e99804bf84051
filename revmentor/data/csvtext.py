"""Delimited text to cells, strictly: every record is a row, and no row is read by halves."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from revmentor.data.reading import Grid
from revmentor.data.report import count
from revmentor.errors import Fault, InputError

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", ":": "colon"}
_HINT = re.compile(r'\s*"?sep=.?"?\s*', re.IGNORECASE)


def spell(separator: str) -> str:
    """A separator in words: ``';' (semicolon)``.

    >>> spell(";"), spell("~")
    ("';' (semicolon)", "'~'")
    """
    name = _SEPARATORS.get(separator)
    return f"{separator!r} ({name})" if name else repr(separator)


def parse_csv(text: str, separator: str, file: str) -> Grid:
    """Which cells does the text hold?

    Parameters
    ----------
    text : str
        The decoded file, without byte order marks.
    separator : str
        One character between columns; quotes are ``"``, doubled inside a quoted value.
    file : str
        Name for messages.

    Returns
    -------
    Grid
        Header and records, all of the header's length; blank lines at the end are no records.

    Raises
    ------
    InputError
        NUL bytes, unclosed quotes, a wrong separator, rows that are short, long or wrapped in
        quotes: with row, line and cure.
    """
    records, several_lines = _records(text, separator, file)
    while records and not records[-1]:
        records.pop()
    header = records[0] if records else []
    if not any(cell.strip() for cell in header):
        problem = "the first row is blank, so no column has a name"
        raise InputError(Fault("no header", problem, "put the header in row 1", file, 1))
    if _HINT.fullmatch(separator.join(header)):
        problem = "the first row is a spreadsheet's separator hint, not the header"
        raise InputError(Fault("no header", problem, "delete that line", file, 1))
    seems = _apparent_separator(header, separator)
    if len(header) == 1:
        _refuse_one_column(header[0], separator, seems, file)
    body = records[1:]
    faults = _row_faults(header, body, separator, file)
    if faults and seems:
        few = f"has {count(len(header), 'column')} while rows have another number of cells"
        faults.insert(0, _wrong_separator(few, separator, seems, file))
    if faults:
        raise InputError(faults)
    return Grid(
        header,
        body,
        several_lines={(r - 1, c): line for (r, c), line in several_lines.items() if r},
        warnings=tuple(_swallowed(body, several_lines, separator, file)),
        seems_separated_by=seems,
    )


def _records(
    text: str, separator: str, file: str
) -> tuple[list[list[str]], dict[tuple[int, int], int]]:
    """All records, blank ones included, and the line at which each many-line cell ends."""
    if "\0" in text:
        raise InputError(_nul_faults(text, separator, file))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        records = list(reader)
    except csv.Error:
        raise InputError(_broken_quote(text, separator, file)) from None
    several: dict[tuple[int, int], int] = {}
    if reader.line_num != len(records):
        line = 1
        for index, record in enumerate(records):
            for position, cell in enumerate(record):
                breaks = _line_breaks(cell)
                if breaks:
                    several[index, position] = line
                line += breaks
            line += 1
    return records, several


def _line_breaks(cell: str) -> int:
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


def _nul_faults(text: str, separator: str, file: str) -> Fault:
    first = text.index("\0")
    before = text[:first]
    line = _line_breaks(before) + 1
    try:
        row = len(list(csv.reader(io.StringIO(before + "x", newline=""), delimiter=separator)))
    except csv.Error:
        row = line
    many = text.count("\0")
    problem = f"{count(many, 'NUL byte')} in the file, the first in line {line:,}"
    cure = "export the file again as text; NUL bytes mean a damaged or a binary file"
    return Fault("NUL byte", problem, cure, file, row)


def _broken_quote(text: str, separator: str, file: str) -> Fault:
    """Where does the quote open that the strict reader stumbled over?"""
    sep = re.escape(separator)
    tokens = re.compile(rf'"|\r\n|\r|\n|{sep}|[^"\r\n{sep}]+')
    state, line, row, column, opened = "start", 1, 1, 0, (1, 1, 0)
    for match in tokens.finditer(text):
        token = match[0]
        breaks = token in ("\r\n", "\r", "\n")
        if state == "quoted":
            state = "closed" if token == '"' else state
        elif token == '"' and state in ("start", "closed"):
            if state == "start":
                opened = (line, row, column)
            state = "quoted"
        elif breaks:
            state, row, column = "start", row + 1, 0
        elif token == separator:
            state, column = "start", column + 1
        elif state == "closed":
            break
        else:
            state = "plain"
        line += breaks
    start, row, column = opened
    name = _name_at(text, separator, column) if row > 1 else ""
    if state == "quoted":
        problem = f"the quote opened in line {start:,} is never closed"
    elif state == "closed" and line > start:
        problem = (
            f"the quote opened in line {start:,} closes only in line {line:,}, in the middle of a "
            "value: it was probably meant to close in its own row"
        )
    elif state == "closed":
        problem = f"after the closing quote in line {start:,} the value goes on"
    else:
        problem = "a value is longer than 131,072 characters"
        row, name = 0, ""
    cure = 'close the quote, and write a quote inside a quoted value twice ("")'
    return Fault("unclosed quote", problem, cure, file, row or None, name)


def _name_at(text: str, separator: str, column: int) -> str:
    header = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    return header[column].strip() if column < len(header) else ""


def _apparent_separator(header: Sequence[str], declared: str) -> str:
    """Which other separator would give the header more columns? Empty if none."""
    line = declared.join(header)
    others = {other: line.count(other) for other in _SEPARATORS if other != declared}
    best = max(others, key=lambda other: others[other])
    return best if others[best] > len(header) - 1 else ""


def _refuse_one_column(cell: str, separator: str, seems: str, file: str) -> None:
    """Raise if a header of one column is a row in quotes or has another separator."""
    if separator in cell:
        raise InputError(_wrapped(1, "the rows are", file))
    if seems:
        raise InputError(_wrong_separator(f"holds no {spell(separator)}", separator, seems, file))


def _wrong_separator(has: str, separator: str, seems: str, file: str) -> Fault:
    problem = (
        f"the header {has}, and {spell(separator)} is the declared separator; it seems to use "
        f"{spell(seems)}"
    )
    cure = f"declare separator: {seems!r} for this source"
    return Fault("wrong separator", problem, cure, file, 1)


def _wrapped(row: int, which: str, file: str) -> Fault:
    problem = (
        f"{which} wrapped in quotes as a single value, as a spreadsheet does when a whole line "
        "stands in one cell"
    )
    cure = "in the spreadsheet split the text into columns and export again, or remove the quotes"
    return Fault("rows wrapped in quotes", problem, cure, file, row)


def _row_faults(
    header: Sequence[str], body: Sequence[Sequence[str]], separator: str, file: str
) -> list[Fault]:
    """Rows whose number of cells is not the header's."""
    width = len(header)
    odd = [index for index, record in enumerate(body) if len(record) not in (0, width)]
    if not odd:
        return []
    filled = sum(1 for record in body if record)
    if len(odd) == filled and all(len(body[i]) == width + 1 and not body[i][-1] for i in odd):
        every = "every row ends" if filled > 1 else "the row ends"
        problem = f"{every} with a separator that the header does not have"
        cure = "remove the separator at the end of the rows, or name that column in the header"
        return [Fault("trailing separator", problem, cure, file, odd[0] + 2)]
    wrapped = [i for i in odd if len(body[i]) == 1 and separator in body[i][0]]
    faults = (
        [_wrapped(wrapped[0] + 2, count(len(wrapped), "row is", "rows are"), file)]
        if wrapped
        else []
    )
    for index in sorted(set(odd) - set(wrapped)):
        found = len(body[index])
        word = "short" if found < width else "long"
        problem = f"the row is {word}: {count(found, 'cell')} where the header has {width:,}"
        cure = (
            f"give every column its cell, empty ones too, and put quotes around a value that "
            f"holds {spell(separator)}"
        )
        faults.append(Fault(f"{word} row", problem, cure, file, index + 2))
    return faults


def _swallowed(
    body: Sequence[Sequence[str]],
    several_lines: dict[tuple[int, int], int],
    separator: str,
    file: str,
) -> list[Fault]:
    """Warnings on cells of several lines whose inner lines look like rows of this file."""
    warnings = []
    for (index, position), line in several_lines.items():
        if index == 0:
            continue
        record = body[index - 1]
        lines = re.split(r"\r\n|\r|\n", record[position])[1:]
        if len(record) > 2 and any(part.count(separator) >= len(record) - 1 for part in lines):
            problem = f"a value that starts in line {line:,} holds lines that look like rows"
            cure = "check that its quote closes where it should"
            warnings.append(Fault("rows inside a value", problem, cure, file, index + 1))
    return warnings
