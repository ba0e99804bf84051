"""Applicants and named pairs, read a second time from the tables: for `verify` only."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from revmentor.matching.problem import TableSource

Record = Mapping[Any, Any]
WORDS = ("manager_id", "department", "site", "generation", "time_zone")
ITEMS = ("skills_offered", "skills_wanted", "interests", "vetoes")


@dataclass(frozen=True, eq=False)
class Person:
    """One applicant as the tables tell it; None, nan and empty sets where they do not."""

    side: str
    rank: int
    capacity: int | None
    word: Mapping[str, str | None]
    items: Mapping[str, frozenset[str]]
    wishes: tuple[str, ...]
    extraversion: float


def read_people(source: TableSource) -> dict[str, Person]:
    """Applicants by id, from the tables as given."""
    known = {str(row["person_id"]): row for row in source.people.to_dict("records")}
    separator = source.params.data.list_separator

    def items(row: Record, column: str) -> tuple[str, ...]:
        cell = row.get(column, ())
        parts = cell.split(separator) if isinstance(cell, str) else cell
        listed = parts if isinstance(parts, Iterable) else ()
        return tuple(str(part).strip() for part in listed if str(part).strip())

    def person(who: str, row: Record) -> Person:
        rank = known[who].get("grade_rank")
        if rank is None:
            grade = known[who]["grade"]
            rank = source.params.grades.index(grade) if source.params.grades else grade
        capacity, extraversion = row.get("capacity"), row.get("extraversion")
        sets = {column: frozenset(items(row, column)) for column in ITEMS}
        return Person(
            side=str(row["side"]),
            rank=int(rank),
            capacity=None if pd.isna(capacity) else int(str(capacity).partition(".")[0]),
            word={column: cell_text(known[who].get(column)) for column in WORDS},
            items=sets | {"languages": frozenset(items(known[who], "languages"))},
            wishes=items(row, "wishes"),
            extraversion=math.nan if pd.isna(extraversion) else float(str(extraversion)),
        )

    asked = {str(row["person_id"]): row for row in source.applications.to_dict("records")}
    return {who: person(who, row) for who, row in asked.items()}


def cell_text(value: Any) -> str | None:
    """Text of a cell; None where it is missing."""
    return None if pd.isna(value) else str(value)


def read_named(frame: pd.DataFrame | None, decision: str | None = None) -> set[tuple[str, str]]:
    """Pairs of ids that a table names, of one kind of decision if asked for."""
    rows: list[Record] = [] if frame is None else frame.to_dict("records")  # type: ignore[assignment]
    return {
        (str(row["mentor_id"]), str(row["mentee_id"]))
        for row in rows
        if decision is None or row["decision"] == decision
    }


def acquaintances(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Whom each person is named with, in either role."""
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
        found[other].add(one)
    return found
