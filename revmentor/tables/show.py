"""How is a table shown? Seven columns at most, all text as text, nothing fetched from a network."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from great_tables import GT, loc, style

from revmentor import words
from revmentor.disclosure import (
    Count,
    DisclosedCounts,
    DisclosedEstimates,
    Restricted,
)
from revmentor.names import PRINCIPLE_LABELS, SIDE_LABELS
from revmentor.tables.markup import cell_text, head_text, without_formulas

MOST_COLUMNS = 7
INK, MUTED, ACCENT, RULE = "#1F2328", "#57606A", "#B3125E", "#D3D8DE"
MARK = "▶ "


@dataclass(frozen=True)
class Table:
    """A finished table: HTML that needs no network, and the same as plain text."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Column:
    """A column's head and cells as text; numbers stand right, hidden numbers in grey."""

    head: str
    cells: tuple[str, ...]
    is_number: bool = False
    muted: tuple[bool, ...] = ()


def show(
    value: DisclosedCounts | DisclosedEstimates | Restricted,
    *,
    title: str = "",
    subtitle: str = "",
    mark: str | int | None = None,
    units: Mapping[str, str] | None = None,
) -> Table:
    """Show a table of what may be seen.

    Parameters
    ----------
    value : DisclosedCounts, DisclosedEstimates or Restricted
        Disclosed values; or named rows, marked as for the coordinator only.
    title, subtitle : str
        The finding; what is shown (by default what is counted).
    mark : str or int, optional
        The row to look at: its label (first column) or its number from 0.
    units : mapping of column to str, optional
        Units that stand in the heads.

    Raises
    ------
    ValueError
        With more than seven columns: leave some out, or show the rest in a second table.
    """
    named = units or {}
    if isinstance(value, DisclosedCounts):
        columns = _of_counts(value, named)
        subtitle = subtitle or f"Number of {value.unit}"
        note = value.note
    elif isinstance(value, DisclosedEstimates):
        columns, note = _of_estimates(value), ""
    elif isinstance(value, Restricted):
        columns, note = _of_frame(value.frame, named), "for the coordinator only"
    else:
        raise TypeError(
            f"a table shows disclosed values; {type(value).__name__} is none: pass it through "
            "revmentor.disclosure, or mark it as Restricted"
        )
    return _built(columns, title, subtitle, note, _row_of(columns, mark))


def plain_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Show sentences in rows: a charter, checks with what was found. Text only, no data.

    >>> plain_table(("Check", "Found"), [("sums agree", "yes")])
    Check       Found
    sums agree  yes
    """
    columns = [
        Column(head, tuple(str(row[place]) for row in rows)) for place, head in enumerate(heads)
    ]
    return _built(columns, "", "", "", None)


def _row_of(columns: Sequence[Column], mark: str | int | None) -> int | None:
    if mark is None or isinstance(mark, int):
        return mark
    if mark not in columns[0].cells:
        raise ValueError(f"no row is called {mark!r}; the rows are {', '.join(columns[0].cells)}")
    return columns[0].cells.index(mark)


def _of_counts(counts: DisclosedCounts, units: Mapping[str, str]) -> list[Column]:
    last = ("all",) if counts.column_totals else ()
    columns = [Column(counts.row_name or "", (*counts.rows, *last))]
    for place, name in enumerate(counts.columns):
        cells = [*counts.column(name), *counts.column_totals[place : place + 1]]
        columns.append(_number_column(head_text(name, units), cells))
    if counts.row_totals:
        corner = [counts.total] if counts.column_totals and counts.total else []
        columns.append(_number_column("all", [*counts.row_totals, *corner]))
        missing = len(columns[0].cells) - len(columns[-1].cells)
        if missing:
            full = columns.pop()
            columns.append(Column("all", (*full.cells, ""), True, (*full.muted, False)))
    return columns


def _number_column(head: str, cells: Sequence[Count]) -> Column:
    return Column(
        head,
        tuple(count.text for count in cells),
        True,
        tuple(count.value is None for count in cells),
    )


def _of_estimates(found: DisclosedEstimates) -> list[Column]:
    columns = [
        Column(name, tuple(_word(key[place]) for key in found.keys))
        for place, name in enumerate(found.names)
    ]
    hidden = tuple(each.state != "shown" for each in found.estimates)
    intervals, sizes = [], []
    for each in found.estimates:
        known = each.low is not None and each.high is not None
        intervals.append(words.interval(each.low or 0, each.high or 0, each.unit) if known else "–")
        told = each.n is not None or each.n_high is not None
        sizes.append(f"{each.n_text} {each.of}" if told else "–")
    values = [
        f"{each.text} {each.unit}" if each.value is not None and each.unit != "share" else each.text
        for each in found.estimates
    ]
    columns.append(Column("value", tuple(values), True, hidden))
    columns.append(Column("95% interval", tuple(intervals), True, hidden))
    columns.append(Column("n", tuple(sizes), True, hidden))
    return columns


def _word(key: str) -> str:
    known = {**SIDE_LABELS, **PRINCIPLE_LABELS}
    return known.get(key, key.replace("_", " "))


def _of_frame(frame: pd.DataFrame, units: Mapping[str, str]) -> list[Column]:
    return [
        Column(
            head_text(str(name), units),
            tuple(cell_text(value) for value in frame[name]),
            pd.api.types.is_numeric_dtype(frame[name]),
        )
        for name in frame.columns
    ]


def _built(
    columns: Sequence[Column], title: str, subtitle: str, note: str, mark: int | None
) -> Table:
    if len(columns) > MOST_COLUMNS:
        raise ValueError(
            f"a table has at most {MOST_COLUMNS} columns, this one has {len(columns)}: leave some "
            "out or show the rest in a second table"
        )
    ids = [f"c{place}" for place in range(len(columns))]
    cells = {name: list(column.cells) for name, column in zip(ids, columns, strict=True)}
    if mark is not None:
        cells["c0"][mark] = f"{MARK}{cells['c0'][mark]}"
    key = hashlib.sha256(repr((columns, title, subtitle, note, mark)).encode()).hexdigest()[:10]
    table = GT(pd.DataFrame(cells, dtype="str"), id=f"t{key}")
    heads: dict[str, Any] = {i: c.head for i, c in zip(ids, columns, strict=True)}
    table = table.cols_label(heads)
    for name, column in zip(ids, columns, strict=True):
        table = table.cols_align("right" if column.is_number else "left", columns=name)
    if title or subtitle:
        table = table.tab_header(title=title, subtitle=subtitle or None)
    if note:
        table = table.tab_source_note(note)
    for name, column in zip(ids, columns, strict=True):
        rows = [row for row, muted in enumerate(column.muted) if muted]
        if rows:
            table = table.tab_style(style.text(color=MUTED), loc.body(columns=name, rows=rows))
    if mark is not None:
        table = table.tab_style(style.text(weight="bold", color=ACCENT), loc.body(rows=[mark]))
    table = table.tab_options(
        table_font_color=INK,
        table_font_size="14px",
        table_margin_left="0",
        table_additional_css=[f"#t{key} .gt_title {{ font-weight: bold; }}"],
        heading_align="left",
        heading_title_font_size="16px",
        heading_subtitle_font_size="13px",
        column_labels_font_weight="bold",
        data_row_padding="4px",
        table_border_top_style="hidden",
        heading_border_bottom_style="hidden",
        table_body_hlines_color=RULE,
    )
    markup = without_formulas(table.as_raw_html())
    return Table(markup, _plain(columns, cells, title, note))


def _plain(
    columns: Sequence[Column], cells: Mapping[str, Sequence[str]], title: str, note: str
) -> str:
    rows = [[column.head for column in columns], *map(list, zip(*cells.values(), strict=True))]
    widths = [max(len(row[place]) for row in rows) for place in range(len(columns))]
    lines = [
        "  ".join(
            text.rjust(width) if column.is_number else text.ljust(width)
            for text, width, column in zip(row, widths, columns, strict=True)
        ).rstrip()
        for row in rows
    ]
    return "\n".join([*([title] if title else []), *lines, *([note] if note else [])])
