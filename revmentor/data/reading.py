"""How one source is to be read, and the text table that comes of it, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from revmentor.data.cells import restore
from revmentor.data.report import EXAMPLES, Trimmed, count, row_list
from revmentor.errors import Fault, InputError
from revmentor.params.models import Data, Source

BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\ufeff\u200b\u2060"


@dataclass(frozen=True)
class Reading:
    """How a source's owner writes it: `Source` with the defaults of `Data` filled in."""

    path: str
    format: str
    sheet: str | None
    encoding: str
    separator: str
    list_separator: str
    missing: frozenset[str]
    ignore_unnamed: bool
    skip_rows: int = 0

    @classmethod
    def of(cls, source: Source, data: Data) -> Self:
        """Take what the source declares, else what all sources share."""
        return cls(
            path=source.path,
            format=source.format,
            sheet=source.sheet,
            encoding=source.encoding or data.encoding,
            separator=source.separator or data.separator,
            list_separator=source.list_separator or data.list_separator,
            missing=frozenset(data.missing if source.missing is None else source.missing) | {""},
            ignore_unnamed=source.ignore_unnamed,
            skip_rows=source.skip_rows,
        )


@dataclass(frozen=True)
class Grid:
    """Cells as a format holds them, before any tidying.

    Parameters
    ----------
    header : sequence of str
        Names as written.
    records : sequence of sequences of str
        All of the header's length; an empty sequence is a blank row.
    first_row : int
        Spreadsheet row of the first record.
    several_lines : mapping of (record index, column index) to the file's line
        Cells that run over several lines.
    """

    header: Sequence[str]
    records: Sequence[Sequence[str]]
    first_row: int = 2
    several_lines: Mapping[tuple[int, int], int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    warnings: tuple[Fault, ...] = ()
    seems_separated_by: str = ""


@dataclass(frozen=True)
class RawTable:
    """A source as text: trimmed, nothing converted, every row with its spreadsheet number."""

    file: str
    columns: Mapping[str, Sequence[str]]
    rows: Sequence[int]
    blank: frozenset[int] = frozenset()
    several_lines: Mapping[tuple[int, str], int] = field(default_factory=dict)
    trimmed: tuple[Trimmed, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[Fault, ...] = ()
    seems_separated_by: str = ""
    digest: str = ""
    skipped: tuple[tuple[int, Mapping[str, str]], ...] = ()
    """Rows below the header that are declared to be no data: their number and cells."""


def letter(position: int) -> str:
    """What does a spreadsheet call the column at this position (from 0)?

    >>> letter(0), letter(25), letter(26), letter(701), letter(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def place(position: int) -> str:
    """A column's position in words: ``column 2 (B)``."""
    return f"column {position + 1} ({letter(position)})"


def tidy(
    grid: Grid,
    reading: Reading,
    digest: str,
    *,
    notes: tuple[str, ...] = (),
    inert: bool = False,
) -> RawTable:
    """Trim names and values, refuse names that are empty or twice there, and list all of it.

    With `inert`, as for what spreadsheets open, the apostrophe that keeps a cell from being a
    formula is taken away again.

    Raises
    ------
    InputError
        An empty name (unless ``ignore_unnamed``) or a name used twice.
    """
    file = reading.path
    above = grid.records[: reading.skip_rows]
    first = grid.first_row
    grid = _below(grid, reading)
    header = [restore(name) for name in grid.header] if inert else list(grid.header)
    names = [name.strip(BLANKS) for name in header]
    faults, more = _check_names(names, grid, reading)
    if faults:
        raise InputError(faults)
    told = [*notes, *grid.notes, *more]
    padded = [new for old, new in zip(header, names, strict=True) if old != new]
    if padded:
        told.append(f"blanks around column names trimmed: {', '.join(padded)}")

    width = len(names)
    empty = ("",) * width
    cells = list(zip(*(record or empty for record in grid.records), strict=True))
    cells = cells or [()] * width
    columns: dict[str, Sequence[str]] = {}
    trimmed: list[Trimmed] = []
    revived = 0
    blank = set(range(len(grid.records)))
    for name, stored in zip(names, cells, strict=True):
        column = tuple(restore(cell) for cell in stored) if inert else tuple(stored)
        revived += sum(old != new for old, new in zip(stored, column, strict=True))
        bare = tuple(cell.strip(BLANKS) for cell in column)
        blank = {index for index in blank if not bare[index]}
        if not name:
            continue
        columns[name] = bare
        if bare != column:
            changed = sum(old != new for old, new in zip(column, bare, strict=True))
            trimmed.append(Trimmed(name, changed))

    if revived:
        told.append(
            f"{count(revived, 'value')} given back what an apostrophe kept from being a formula"
        )
    rows = range(grid.first_row, grid.first_row + len(grid.records))
    several = {
        (rows[record], names[column]): line
        for (record, column), line in grid.several_lines.items()
        if names[column]
    }
    if several:
        where = sorted({row for row, _ in several})
        runs = count(len(several), "value runs", "values run")
        told.append(f"{runs} over several lines ({row_list(tuple(where[:EXAMPLES]), len(where))})")
    return RawTable(
        file=file,
        columns=columns,
        rows=rows,
        blank=frozenset(rows[index] for index in blank),
        several_lines=several,
        trimmed=tuple(trimmed),
        notes=tuple(told),
        warnings=grid.warnings,
        seems_separated_by=grid.seems_separated_by,
        digest=digest,
        skipped=tuple(
            (first + n, dict(zip(names, record, strict=False))) for n, record in enumerate(above)
        ),
    )


def _below(grid: Grid, reading: Reading) -> Grid:
    """The grid without the rows below the header that are declared to be no data."""
    _check_import_ids(grid, reading)
    skip = reading.skip_rows
    if not skip:
        return grid
    lines = {(r - skip, c): line for (r, c), line in grid.several_lines.items() if r >= skip}
    return replace(
        grid,
        records=grid.records[skip:],
        first_row=grid.first_row + skip,
        several_lines=lines,
        notes=(*grid.notes, f"{count(skip, 'row')} below the header left out, as declared"),
    )


def _check_import_ids(grid: Grid, reading: Reading) -> None:
    """Raise if Qualtrics's rows of texts and import ids are not those that are skipped."""
    marked = [
        index
        for index, record in enumerate(grid.records[:5])
        if any(cell.replace(" ", "").startswith('{"ImportId":') for cell in record)
    ]
    if marked and marked[-1] + 1 != reading.skip_rows:
        wanted = marked[-1] + 1
        problem = f"row {grid.first_row + marked[-1]} has the survey tool's import ids, no answers"
        cure = f"declare skip_rows: {wanted} for this source"
        row = grid.first_row + marked[-1]
        raise InputError(Fault("second header", problem, cure, reading.path, row))


def _check_names(names: list[str], grid: Grid, reading: Reading) -> tuple[list[Fault], list[str]]:
    """Faults of empty and double names, and notes on those that are let pass."""
    faults: list[Fault] = []
    notes: list[str] = []
    unnamed = [position for position, name in enumerate(names) if not name]
    where = " and ".join(place(position) for position in unnamed)
    if unnamed and not reading.ignore_unnamed:
        are = "has no name" if len(unnamed) == 1 else "have no name"
        faults.append(
            Fault(
                "empty column name",
                f"{where} {are} in the header",
                "name every column in row 1, delete the column, or declare ignore_unnamed: true "
                "to leave it out",
                reading.path,
                1,
            )
        )
    elif unnamed:
        values = sum(
            record[position].strip(BLANKS) not in reading.missing
            for record in grid.records
            if record
            for position in unnamed
        )
        held = "all empty" if not values else f"with {count(values, 'value')}"
        notes.append(f"left out for want of a name: {where}, {held}")
    positions: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        if name:
            positions.setdefault(name, []).append(position)
    for name, twice in positions.items():
        if len(twice) > 1:
            faults.append(
                Fault(
                    "column name twice",
                    f"the header has this name at {' and '.join(place(p) for p in twice)}",
                    "rename or delete all but one",
                    reading.path,
                    1,
                    name,
                )
            )
    return faults, notes
