"""The workbook in which a coordinator decides: pairs, people without a partner, further pairs."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd
import xlsxwriter

from revmentor.data.decided import CHOICES
from revmentor.data.decisions_sheet import ABOUT, ALONE, FILLED, IDS, MORE, PAIRS
from revmentor.publish.cells import inert

ROOM = 500
_WHEN = dt.datetime(2000, 1, 1)
_WIDTHS = {"carried by": 46, "reason": 40, "decision": 12, "by": 20, "score": 8}
_WIDTH = 22
_FILLED = "#FFF7E0"


def decisions_workbook(
    pairs: pd.DataFrame,
    alone: pd.DataFrame,
    *,
    title: str,
    command: str,
    filled: Mapping[str, str] | None = None,
) -> bytes:
    """The workbook, ready to fill; the same tables give the same bytes.

    Parameters
    ----------
    pairs : DataFrame
        mentor_id, mentee_id, then what is to be read beside them; numbers are rounded points.
    alone : DataFrame
        Everybody without a partner, with the reason.
    title, command : str
        Of the cycle, and what takes the filled workbook in; both for the first sheet.
    filled : mapping or None
        What stands in the coloured cells of every pair, by column; None: nothing yet.

    Returns
    -------
    bytes
        A file of Excel. Cells of ids, reasons and names are text: ``007`` stays ``007``, and what
        would run as a formula is made inert.
    """
    store = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "nan_inf_to_errors": False}  # fmt: skip
    with xlsxwriter.Workbook(store, options) as book:
        book.set_properties({"title": inert(title)[:255], "author": "", "created": _WHEN})
        styles = {
            "head": book.add_format({"bold": True, "bottom": 1, "valign": "top"}),
            "text": book.add_format({"num_format": "@", "valign": "top"}),
            "fill": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True,
                                     "bg_color": _FILLED, "border": 1, "border_color": "#DDD6C0"}),
            "points": book.add_format({"num_format": "0", "valign": "top"}),
            "about": book.add_format({"text_wrap": True, "valign": "top"}),
        }  # fmt: skip
        _about(book.add_worksheet(ABOUT), title, command, styles)
        _fillable(book.add_worksheet(PAIRS), pairs, len(pairs), styles, filled or {})
        _listed(book.add_worksheet(ALONE), alone, styles)
        empty = pd.DataFrame(columns=list(IDS))
        _fillable(book.add_worksheet(MORE), empty, ROOM, styles)
    return store.getvalue()


def _about(sheet: Any, title: str, command: str, styles: dict[str, Any]) -> None:
    lines = (
        f"{title}: your decisions about this match. Keep this file to yourself: it names people.",
        f"In the sheets {PAIRS} and {MORE}, choose a decision in the coloured cells, say why, and "
        "who decided. Rows without a decision say nothing.",
        "require: this pair must be made, within all rules. forbid: it must not be made. lock: it "
        "is kept whatever the rules say. withdraw: what was decided about it before is taken back.",
        f"Sheet {ALONE} says who has no partner, and why. For a pair that is not listed, write "
        f"both ids into {MORE}.",
        f"Then save this file where it is and run: {command}. (A copy that lies elsewhere is named "
        "after the cycle.) It says which rows cannot be and why, and what to run next; limits on "
        "the whole match are looked at when it is matched.",
    )
    sheet.set_column(0, 0, 110)
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, inert(line), styles["about"])


def _fillable(
    sheet: Any,
    table: pd.DataFrame,
    rows: int,
    styles: dict[str, Any],
    filled: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """The table, and behind it the coloured cells to fill in so many rows."""
    _listed(sheet, table, styles)
    first = len(table.columns)
    if rows > len(table):
        for row in range(len(table) + 1, rows + 1):
            for column in range(first):
                sheet.write_blank(row, column, None, styles["fill"])
    for column, name in enumerate(FILLED, start=first):
        sheet.write_string(0, column, name, styles["head"])
        sheet.set_column(column, column, _WIDTHS[name])
        for row in range(1, rows + 1):
            sheet.write(row, column, filled.get(name) or None, styles["fill"])
    if rows:
        choice = {"validate": "list", "source": list(CHOICES), "error_title": "Decision",
                  "error_message": f"Choose one of: {', '.join(CHOICES)}."}  # fmt: skip
        sheet.data_validation(1, first, rows, first, choice)


def _listed(sheet: Any, table: pd.DataFrame, styles: dict[str, Any]) -> None:
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, str(name), styles["head"])
        sheet.set_column(column, column, _WIDTHS.get(str(name), _WIDTH))
        _cells(sheet, column, table.iloc[:, column].tolist(), styles)
    sheet.freeze_panes(1, min(2, len(table.columns)))
    if len(table):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def _cells(sheet: Any, column: int, values: Sequence[object], styles: dict[str, Any]) -> None:
    for row, value in enumerate(values, start=1):
        if value is None or value == "" or value != value:
            continue
        if isinstance(value, str):
            sheet.write_string(row, column, inert(value), styles["text"])
        else:
            sheet.write_number(row, column, value, styles["points"])
