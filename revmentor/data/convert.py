"""A draft's text to the contract's types, all unreadable values at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from revmentor.data.columns import Column
from revmentor.data.dates import calendar_date, has_offset, short_year
from revmentor.data.draft import Draft
from revmentor.data.report import count
from revmentor.data.values import (
    Unreadable,
    birth_year,
    number,
    on_scale,
    two_digits,
    whole,
)
from revmentor.data.vocabulary import items, normal
from revmentor.errors import Fault
from revmentor.params.models import DateOrder, Derived, Params, Source

_GRADES = 40
DTYPES = {"whole": "Int64", "year": "Int64", "number": "float64", "scale": "float64"}


@dataclass(frozen=True)
class Manner:
    """How the texts of one source are to be understood."""

    params: Params
    list_separator: str
    date_order: DateOrder
    clocks: Mapping[str, str] = MappingProxyType({})
    """Zone of the times in a contract column, where the source declares it."""


def clocks_of(source: Source) -> Mapping[str, str]:
    """In which zone are the times of a contract column, where the source declares it?"""
    return {
        name: rule.time_zone
        for name, rule in source.columns.items()
        if isinstance(rule, Derived) and rule.time_zone is not None
    }


def convert(draft: Draft, manner: Manner) -> Draft:
    """Which values do the texts mean?

    Texts stay ``str``; ``whole`` and ``year`` become Int64, ``number`` and ``scale`` float64,
    ``date`` datetime64[us], lists tuples of str (empty where nothing is given). Unreadable texts
    become missing and a fault each; columns that the contract does not know stay text.
    """
    frame = draft.frame
    columns: dict[str, pd.Series] = {}
    faults: list[Fault] = []
    notes: list[str] = []
    for name in frame.columns:
        cells = frame[name]
        if name not in draft.contract.names:
            columns[name] = cells
            continue
        column = draft.contract.column(name)
        own = draft.names.get(name, name)
        if column.kind in ("list", "ids"):
            columns[name], more = _lists(cells, column, manner, own)
            notes += more
            continue
        if column.kind == "grade" and not manner.params.grades:
            unlisted = _unlisted_grades(draft, cells)
            if unlisted:
                faults.append(unlisted)
                columns[name] = cells
                continue
        read = _reader(column, manner)
        if read is None:
            columns[name] = cells if not column.vocabulary else _each(cells, normal)
            continue
        columns[name], wrong = _converted(draft, cells, column, read)
        faults += wrong
        notes += _short_years(cells, column, own)
        notes += _moved_to_zone(cells, column, own, manner)
    typed = pd.DataFrame(columns, index=frame.index, columns=frame.columns)
    return draft.with_frame(typed).blame(faults).note(*notes)


def _reader(column: Column, manner: Manner) -> Callable[[str], object] | None:
    """The function that reads one text of this column; None: the text is the value."""
    params = manner.params
    if column.kind == "whole":
        return whole
    if column.kind == "number":
        return number
    if column.kind == "scale" and column.scale is not None:
        scale, where = getattr(params.data.scales, column.scale), f"data.scales.{column.scale}"
        return lambda text: on_scale(text, scale, where)
    if column.kind == "year":
        youngest = params.programme.start.year - params.data.age.low
        return lambda text: birth_year(text, youngest)
    if column.kind == "date":
        latest = params.programme.end.year
        if column.name.endswith("birth_date"):
            latest = params.programme.start.year - params.data.age.low
        zone = params.data.time_zone
        clock = manner.clocks.get(column.name)
        return lambda text: calendar_date(text, manner.date_order, latest, zone, clock)
    if column.kind == "grade" and not params.grades:
        return _numbered_grade
    return None


def _unlisted_grades(draft: Draft, cells: pd.Series) -> Fault | None:
    """One fault for all, where most grades are words and params list none; None if they are not."""
    texts = sorted(set(cells.dropna().tolist()))
    worded = [text for text in texts if not text.isdigit()]
    if 2 * len(worded) <= len(texts):
        return None
    more = f" and {len(texts) - _GRADES:,} more" if len(texts) > _GRADES else ""
    listed = ", ".join(json.dumps(text, ensure_ascii=False) for text in texts[:_GRADES])
    return draft.fault(
        "unlisted grades",
        f"the grades are words, and params.grades lists no labels: {listed}{more}",
        "write them into the cycle's file from the most junior to the most senior; to be put in "
        f"order: grades: [{listed}]",
        column="grade",
    )


def _numbered_grade(text: str) -> str:
    try:
        return str(whole(text))
    except Unreadable:
        raise Unreadable(
            "unknown grade",
            "this grade is not a whole number, and params.grades lists no labels",
            "list the grades' labels in params.grades from the most junior to the most senior",
        ) from None


def _converted(
    draft: Draft, cells: pd.Series, column: Column, read: Callable[[str], object]
) -> tuple[pd.Series, list[Fault]]:
    """Each different text read once; its rows get the value, or are told."""
    codes, texts = pd.factorize(cells)
    values: list[object] = []
    faults: list[Fault] = []
    for code, text in enumerate(texts):
        try:
            values.append(read(text))
        except Unreadable as wrong:
            values.append(None)
            rows = cells.index[codes == code].tolist()
            said = (wrong.kind, wrong.problem, wrong.cure, column.name, text)
            faults += draft.faults_of_one(rows, *said)
    values.append(None)
    return _typed(values, column).iloc[codes].set_axis(cells.index), faults


def _typed(values: list[object], column: Column) -> pd.Series:
    """The values as the column's type."""
    if column.kind == "date":
        return pd.Series(pd.to_datetime(pd.Series(values, dtype=object)), dtype="datetime64[us]")
    return pd.Series(values, dtype=DTYPES.get(column.kind, "str"))


def _each(cells: pd.Series, change: Callable[[str], str]) -> pd.Series:
    return cells.map(change, na_action="ignore").astype("str")


def _lists(
    cells: pd.Series, column: Column, manner: Manner, own: str
) -> tuple[pd.Series, list[str]]:
    """Tuples of items in the order written, without empty ones, and notes on what looks odd."""
    separator = manner.list_separator
    codes, texts = pd.factorize(cells)
    split = [items(text, separator, column.kind == "list") for text in texts]
    values = np.empty(len(split) + 1, dtype=object)
    values[:] = [*(kept for kept, _ in split), ()]
    notes = []
    times = np.bincount(codes[codes >= 0], minlength=len(split))
    empty = int(sum(gaps * n for (_, gaps), n in zip(split, times, strict=True)))
    if empty:
        notes.append(f"{count(empty, 'empty item')} left out of the lists in {own}")
    if len(texts) and not any(separator in text for text in texts):
        for other in ",;|/":
            many = sum(other in text for text in texts)
            # A comma seldom stands within an item, other than a slash; so one of them is told.
            if other != separator and many > (0 if other == "," else len(texts) / 2):
                held = int(sum(n for text, n in zip(texts, times, strict=True) if other in text))
                notes.append(
                    f"no list in {own} holds the declared list separator {separator!r}, and "
                    f"{other!r} stands in {held:,} of {int(times.sum()):,}: if it separates items, "
                    f"declare list_separator: {other!r}"
                )
    return pd.Series(values[codes], index=cells.index, dtype=object), notes


def _moved_to_zone(cells: pd.Series, column: Column, own: str, manner: Manner) -> list[str]:
    """How many times were put into the days of the declared zone, and how many had none?"""
    zone = manner.params.data.time_zone
    if column.kind != "date" or zone is None:
        return []
    counts = cells.value_counts()
    moved = sum(int(n) for text, n in counts.items() if has_offset(str(text)))
    bare = sum(int(n) for text, n in counts.items() if ":" in str(text)) - moved
    clock = manner.clocks.get(column.name)
    if clock is not None and bare:
        told = f"{count(bare, 'time')} of {clock} in {own} put into the days of {zone}"
        return [told, *([f"{count(moved, 'other time')} had an offset"] if moved else [])]
    if not moved:
        return []
    also = f"; {count(bare, 'time')} without one taken as they stand" if bare else ""
    return [f"{count(moved, 'time')} with an offset in {own} put into the days of {zone}{also}"]


def _short_years(cells: pd.Series, column: Column, own: str) -> list[str]:
    short = {"year": two_digits, "date": short_year}.get(column.kind)
    if short is None:
        return []
    many = sum(n for text, n in cells.value_counts().items() if short(str(text)))
    if not many:
        return []
    years = count(many, "year")
    return [f"{years} of two digits in {own} read as the latest that is not in the future"]
