"""The coordinator's overview of a launch as an Excel workbook: pairs, weeks, conflicts."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from revmentor.publish.cells import inert

Cell = str | int | float | dt.date | None
WIDEST = 60
_WHEN = dt.datetime(2000, 1, 1)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, a sentence above the table, heads and rows."""

    name: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def overview(sheets: Sequence[Sheet], title: str) -> bytes:
    """A workbook of these sheets: dates as dates, heads that stay and filter, no formula.

    Parameters
    ----------
    sheets : sequence of Sheet
    title : str
        Of the cycle.
    """
    store = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "nan_inf_to_errors": False}  # fmt: skip
    with xlsxwriter.Workbook(store, options) as book:
        book.set_properties({"title": inert(title)[:255], "author": "", "created": _WHEN})
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "note": book.add_format({"italic": True, "font_color": "#566273"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}),
        }
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, looks)
    return store.getvalue()


def _write(page: Any, sheet: Sheet, looks: dict[str, Any]) -> None:
    page.write_string(0, 0, inert(sheet.note), looks["note"])
    for column, text in enumerate(sheet.heads):
        page.write_string(2, column, inert(text), looks["head"])
    for place, row in enumerate(sheet.rows, 3):
        for column, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                page.write_string(place, column, inert(cell), looks["text"])
            elif isinstance(cell, dt.date):
                page.write_datetime(place, column, cell, looks["day"])
            else:
                page.write_number(place, column, cell, looks["text"])
    for column, text in enumerate(sheet.heads):
        cells = (str(row[column] or "") for row in sheet.rows)
        longest = max(
            (len(line) for cell in (text, *cells) for line in cell.split("\n")), default=8
        )
        page.set_column(column, column, min(max(longest + 1, 8), WIDEST))
    page.freeze_panes(3, 0)
    if sheet.rows:
        page.autofilter(2, 0, 2 + len(sheet.rows), len(sheet.heads) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_paper(9)
    page.repeat_rows(2)
