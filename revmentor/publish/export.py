"""Every disclosed table of a report for people who calculate on: one workbook, and CSV files."""

from __future__ import annotations

import datetime as dt
import importlib
import io
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from revmentor import disclosure
from revmentor.disclosure import (
    Disclosed,
    DisclosedComments,
    DisclosedCounts,
    DisclosedDistribution,
    DisclosedEstimate,
    DisclosedEstimates,
)
from revmentor.publish.atomic import OPEN_FILE, OPEN_FOLDER, make_folder, write_bytes
from revmentor.publish.cells import inert, to_csv
from revmentor.publish.workspace import SHARED, Workspace

WORKBOOK = "report/tables.xlsx"
FOLDER = "report/tables"
ABOUT = "about"
LONGEST_SHEET = 31
NARROWEST, WIDEST = 8, 60
_WHEN = dt.datetime(2000, 1, 1)
_NUMBERS = ("value", "low (95%)", "high (95%)")


@dataclass(frozen=True)
class Exported:
    """One table: its name, what it counts, and its rows; numbers as numbers, the rest as text.

    ``shares`` are the places of cells (row, column) that are shares and shown in percent.
    """

    name: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    shares: frozenset[tuple[int, int]] = frozenset()

    @property
    def frame(self) -> pd.DataFrame:
        """As a table of pandas."""
        return pd.DataFrame(list(self.rows), columns=list(self.heads), dtype=object)


def export_tables(folder: Path, title: str, minimum: int) -> tuple[Path, ...]:
    """Write ``report/tables.xlsx`` and ``report/tables/*.csv`` from what a run has disclosed.

    Parameters
    ----------
    folder : Path
        The run's folder; only disclosed values of ``report/data`` are read.
    title : str
        Of the cycle.
    minimum : int
        Smallest group that is shown, for the first sheet.

    Returns
    -------
    tuple of Path
        The files; none where nothing is disclosed. The same values give the same bytes.
    """
    tables = tuple(disclosed_tables(folder))
    if not tables:
        return ()
    home = make_folder(folder / FOLDER, OPEN_FOLDER)
    written = [write_bytes(folder / WORKBOOK, workbook(tables, title, minimum), OPEN_FILE)]
    for table in tables:
        place = home / f"{table.name}.csv"
        written.append(write_bytes(place, to_csv(table.frame), OPEN_FILE, durable=False))
    return tuple(written)


@cache
def kinds() -> frozenset[str]:
    """The names of all kinds of disclosed values: a kind is known once its module is imported."""
    for module in pkgutil.iter_modules(disclosure.__path__, f"{disclosure.__name__}."):
        importlib.import_module(module.name)
    return frozenset(Disclosed.kinds)


def disclosed_tables(folder: Path) -> Iterator[Exported]:
    """Every disclosed value in a run's ``report/data`` as a table, by name."""
    work, known = Workspace(folder), kinds()
    for path in sorted((folder / SHARED).glob("*.json")):
        content = work.read_json(path.stem)
        if isinstance(content, dict) and content.get("kind") in known:
            table = as_table(path.stem, Disclosed.from_json(content))
            if table.rows:
                yield table


def as_table(name: str, value: Disclosed) -> Exported:
    """A disclosed value as one table."""
    if isinstance(value, DisclosedCounts):
        return _counts(name, value)
    if isinstance(value, DisclosedEstimate):
        return _estimates(name, (), [((), value)])
    if isinstance(value, DisclosedEstimates):
        keyed = zip(value.keys, value.estimates, strict=True)
        return _estimates(name, value.names, list(keyed))
    if isinstance(value, DisclosedDistribution):
        return _distribution(name, value)
    if isinstance(value, DisclosedComments):
        rows = tuple((comment,) for comment in value.comments)
        return Exported(name, value.reason or value.left_out, ("comment",), rows)
    return _listed(name, value)


def _counts(name: str, value: DisclosedCounts) -> Exported:
    total = ("all",) if value.row_totals else ()
    units = [f"{column} ({value.unit})" for column in (*value.columns, *total)]
    rows = []
    for place, (label, cells) in enumerate(zip(value.rows, value.cells, strict=True)):
        counts = [*cells, *value.row_totals[place : place + 1]]
        rows.append((label, *(count.text if count.value is None else count.value
                              for count in counts)))  # fmt: skip
    if value.column_totals:
        corner = [value.total] if value.row_totals and value.total else []
        counts = [*value.column_totals, *corner]
        last = [count.text if count.value is None else count.value for count in counts]
        rows.append(("all", *last, *[""] * (len(units) - len(last))))
    note = value.note or f"number of {value.unit}"
    return Exported(name, note, (value.row_name or "row", *units), tuple(rows))


def _estimates(
    name: str,
    names: Sequence[str],
    keyed: Sequence[tuple[tuple[str, ...], DisclosedEstimate]],
) -> Exported:
    heads = (*names, *_NUMBERS, "unit", "n", "n counts", "in words", "method")
    rows, shares = [], set()
    for row, (key, each) in enumerate(keyed):
        n = each.n if each.n is not None else each.n_text
        rows.append(
            (*key, each.value, each.low, each.high, each.unit, n, each.of, each.text, each.method)
        )
        if each.unit == "share":
            shares |= {(row, len(key) + place) for place in range(len(_NUMBERS))}
    note = "estimates with their 95% intervals where there are any"
    return Exported(name, note, heads, tuple(rows), frozenset(shares))


def _distribution(name: str, value: DisclosedDistribution) -> Exported:
    what = f"percent of {value.of}" if value.in_percent else f"{value.of}"
    heads = (f"from ({value.unit})", f"to ({value.unit})", what)
    bins = zip(value.edges, value.edges[1:], value.counts, strict=False)
    rows = [(low, high, count) for low, high, count in bins]
    return Exported(name, f"how many {value.of} lie where", heads, tuple(rows))


def _listed(name: str, value: Disclosed) -> Exported:
    """Any other value: the rows of its first list of rows, what stands inside a row flattened."""
    told = value.model_dump(mode="json")
    lists = [part for part in told.values() if part and isinstance(part, list)]
    rows = next((part for part in lists if all(isinstance(row, dict) for row in part)), [])
    flat = [_flat(row) for row in rows]
    heads = tuple(dict.fromkeys(head for row in flat for head in row))
    cells = tuple(tuple(row.get(head) for head in heads) for row in flat)
    return Exported(name, "", heads, cells)


def _flat(row: Mapping[str, Any]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, cell in row.items():
        if isinstance(cell, dict):
            inner = {f"{key}: {name}": part for name, part in _flat(cell).items()}
            found |= {name: part for name, part in inner.items() if not name.endswith("minimum")}
        elif isinstance(cell, list):
            # Points of a curve and the like are drawn, not tabled.
            if not any(isinstance(part, list | dict) for part in cell):
                found[key] = ", ".join(map(str, cell))
        else:
            found[key] = cell
    return found


def workbook(tables: Sequence[Exported], title: str, minimum: int) -> bytes:
    """One Excel workbook: a first sheet that lists the others, then one sheet per table."""
    store = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "nan_inf_to_errors": False}  # fmt: skip
    with xlsxwriter.Workbook(store, options) as book:
        book.set_properties({"title": inert(title)[:255], "author": "", "created": _WHEN})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        percent = book.add_format({"num_format": "0.0%"})
        names = sheet_names([table.name for table in tables])
        listing = Exported(
            ABOUT,
            f"Groups of fewer than {minimum} are not shown, nor what would give them away.",
            ("sheet", "what it holds", "rows"),
            tuple(
                (sheet, table.note, len(table.rows))
                for sheet, table in zip(names, tables, strict=True)
            ),
        )
        _write(book.add_worksheet(ABOUT), listing, head, percent, (title, listing.note))
        for sheet, table in zip(names, tables, strict=True):
            _write(book.add_worksheet(sheet), table, head, percent)
    return store.getvalue()


def _write(sheet: Any, table: Exported, head: Any, percent: Any, above: Sequence[str] = ()) -> None:
    for line, text in enumerate(above):
        sheet.write_string(line, 0, inert(text))
    top = len(above) + (1 if above else 0)
    for column, text in enumerate(table.heads):
        sheet.write_string(top, column, inert(text), head)
    for place, row in enumerate(table.rows):
        for column, cell in enumerate(row):
            at = (top + 1 + place, column)
            if cell is None or cell == "":
                continue
            if isinstance(cell, bool | str):
                sheet.write_string(*at, inert(str(cell)))
            elif (place, column) in table.shares:
                sheet.write_number(*at, cell, percent)
            else:
                sheet.write_number(*at, cell)
    for column, text in enumerate(table.heads):
        longest = max(len(str(cell)) for cell in (text, *(row[column] for row in table.rows)))
        sheet.set_column(column, column, min(max(longest + 1, NARROWEST), WIDEST))
    sheet.freeze_panes(top + 1, 0)


def sheet_names(names: Sequence[str]) -> tuple[str, ...]:
    """Names that Excel takes for sheets: at most 31 characters, each once.

    >>> sheet_names(["a" * 40, "a" * 41, "x"])[1:]
    ('aaaaaaaaaaaaaaaaaaaaaaaaaaaa~2', 'x')
    """
    found: list[str] = []
    taken = {ABOUT}
    for name in names:
        short, number = name[:LONGEST_SHEET], 2
        while short.lower() in taken:
            end = f"~{number}"
            short, number = f"{name[: LONGEST_SHEET - 1 - len(end)]}{end}", number + 1
        taken.add(short.lower())
        found.append(short)
    return tuple(found)
