"""Applicants and named pairs, read a second time from the tables: for `verify` only.

Cell by cell, in the order of the tables; nothing here is shared with what the solver reads with.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from revmentor.matching.problem import TableSource

if TYPE_CHECKING:
    import pandas as pd

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
WORDS = ("manager_id", "department", "site", "generation", "time_zone")


@dataclass(frozen=True, eq=False)
class Items:
    """What applicants list: one element per person and item, by person and then item.

    Parameters
    ----------
    person, item, place : arrays of int
        Applicant, number of the item, and its place in the person's list.
    names : list of str
        By number.
    size, start : array of int
        Items of each applicant, and where they start.
    """

    person: Numbers
    item: Numbers
    place: Numbers
    names: list[str]
    size: Numbers
    start: Numbers


@dataclass(frozen=True, eq=False)
class Applicants:
    """All applicants as the tables tell them, in the order of their rows.

    Parameters
    ----------
    ids, side : list of str
    rank : array of int
    capacity, extraversion : array of float
        nan where the tables do not tell.
    word, names : by column: a number per applicant, -1 where missing, and what the numbers mean
    items : by column
    waited : array of int
    row : array of int
        Each applicant's row in `people`.
    boss : array of int, one per row of `people`
        Row of the manager, -1 at the top.
    """

    ids: list[str]
    side: list[str]
    rank: Numbers
    capacity: Floats
    extraversion: Floats
    word: dict[str, Numbers]
    names: dict[str, list[str]]
    items: dict[str, Items]
    waited: Numbers
    row: Numbers
    boss: Numbers


def read_applicants(source: TableSource) -> Applicants:
    """Applicants from the tables as given."""
    people, asked = source.people, source.applications
    separator = source.params.data.list_separator
    person_ids = [str(who) for who in people["person_id"]]
    at = {who: row for row, who in enumerate(person_ids)}
    ids = [str(who) for who in asked["person_id"]]
    row = [at[who] for who in ids]
    ranks = [-1 if rank is None else int(rank) for rank in _ranks(source)]
    word, names = {}, {}
    for column in WORDS:
        texts = [_text(cell) for cell in cells(people, column)]
        word[column], names[column] = _numbered([texts[k] for k in row])
    skills: dict[str, int] = {}
    items = {}
    for column, numbers, frame, rows in (
        ("skills_offered", skills, asked, range(len(ids))),
        ("skills_wanted", skills, asked, range(len(ids))),
        ("interests", {}, asked, range(len(ids))),
        ("wishes", {}, asked, range(len(ids))),
        ("vetoes", {}, asked, range(len(ids))),
        ("waves", {}, asked, range(len(ids))),
        ("languages", {}, people, row),
    ):
        told = cells(frame, column)
        items[column] = _items((told[k] for k in rows), separator, numbers, len(ids))
    bosses = (_text(cell) for cell in cells(people, "manager_id"))
    return Applicants(
        ids,
        [str(side) for side in asked["side"]],
        np.array([ranks[k] for k in row], np.int64),
        np.array([_number(cell) for cell in cells(asked, "capacity")], np.float64),
        np.array([_number(cell) for cell in cells(asked, "extraversion")], np.float64),
        word,
        names,
        items,
        np.array([int(_number(cell, 0.0)) for cell in cells(asked, "waited")], np.int64),
        np.array(row, np.int64),
        np.array([at.get(boss or "", -1) if boss else -1 for boss in bosses], np.int64),
    )


def read_named(frame: pd.DataFrame | None, decision: str | None = None) -> set[tuple[str, str]]:
    """Pairs of ids that a table names, of one kind of decision if asked for."""
    if frame is None:
        return set()
    kinds = cells(frame, "decision") if decision else [None] * len(frame)
    rows = zip(frame["mentor_id"], frame["mentee_id"], kinds, strict=True)
    return {(str(one), str(other)) for one, other, kind in rows if kind == decision}


def _ranks(source: TableSource) -> list[Any]:
    if "grade_rank" in source.people.columns:
        return cells(source.people, "grade_rank")
    grades = cells(source.people, "grade")
    order = list(source.params.grades)
    return [order.index(grade) if grade in order else None for grade in grades] if order else grades


def cells(frame: pd.DataFrame, column: str) -> list[Any]:
    """A column's cells, None where it is missing."""
    if column not in frame.columns:
        return [None] * len(frame)
    told = zip(frame[column], frame[column].isna(), strict=True)
    return [None if missing else cell for cell, missing in told]


def _text(cell: Any) -> str | None:
    return None if cell is None else str(cell)


def _number(cell: Any, usual: float = math.nan) -> float:
    return usual if cell is None else float(str(cell))


def _numbered(words: list[str | None]) -> tuple[Numbers, list[str]]:
    numbers: dict[str, int] = {}
    code = [-1 if word is None else numbers.setdefault(word, len(numbers)) for word in words]
    return np.array(code, np.int64), list(numbers)


def _items(told: Iterable[Any], separator: str, numbers: dict[str, int], applicants: int) -> Items:
    person, item, place = [], [], []
    for who, cell in enumerate(told):
        parts = cell.split(separator) if isinstance(cell, str) else cell
        if isinstance(parts, Iterable):
            kept = dict.fromkeys(name for part in parts if (name := str(part).strip()))
            for rank, name in enumerate(kept):
                person.append(who)
                item.append(numbers.setdefault(name, len(numbers)))
                place.append(rank)
    table = np.array([person, item, place], np.int64).reshape(3, -1)
    table = table[:, np.lexsort((table[1], table[0]))]
    size = np.bincount(table[0], minlength=applicants)
    # The numbers may be those of two columns: names are taken when both are read.
    start = np.cumsum(size) - size
    return Items(table[0], table[1], table[2], list(numbers), size, start)
