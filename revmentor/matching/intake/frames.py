"""Which rows of the loaded tables make up the pool, and are they fit to be matched?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from revmentor.errors import Fault, check_faults
from revmentor.matching.arrays import BoolArray, FloatArray, IntArray
from revmentor.matching.intake.cells import Labels, Lists, texts
from revmentor.names import SIDES

if TYPE_CHECKING:
    import pandas as pd

    from revmentor.params.models import Params


@dataclass(frozen=True, eq=False)
class Rows:
    """Applicants sorted by id, with everything that scoring and rules need.

    Parameters
    ----------
    ids : list of str
    side : list of str
        mentor, mentee or both.
    person : array of int
        Each applicant's row in `people`.
    capacity, extraversion : arrays of float
        NaN where missing.
    grade : array of int
        Ranks, 0 being the most junior.
    department, site, time_zone, generation, manager : Labels
    languages, offered, wanted, interests, wishes, vetoes, waves : Lists
        Skills offered and wanted are numbered together.
    waited : array of int
        Cycles that somebody has waited; 0 where missing.
    """

    ids: list[str]
    side: list[str]
    person: IntArray
    capacity: FloatArray
    extraversion: FloatArray
    grade: IntArray
    department: Labels
    site: Labels
    time_zone: Labels
    generation: Labels
    manager: Labels
    languages: Lists
    offered: Lists
    wanted: Lists
    interests: Lists
    wishes: Lists
    vetoes: Lists
    waves: Lists
    waited: IntArray

    def on(self, side: str) -> BoolArray:
        """Which of them stand on a side?"""
        chosen = {side, "both"}
        return np.fromiter(map(chosen.__contains__, self.side), bool, len(self.side))


def pool_rows(people: pd.DataFrame, applications: pd.DataFrame, params: Params) -> Rows:
    """Who is in the pool, with everything that scoring and rules need?

    Parameters
    ----------
    people, applications : DataFrame
        As loaded. Columns that are absent count as missing for everybody; ranks of grades are
        worked out from `grade` where `grade_rank` is absent. A list may also be one text with
        the separator that the params declare.
    params : Params

    Raises
    ------
    InputError
        For a repeated id, an unknown side, an applicant who is not in `people` or has no grade.
    """
    known, asking = texts(people, "person_id"), texts(applications, "person_id")
    place = {person: row for row, person in enumerate(known)}
    ranks, sides = _ranks(people, params), texts(applications, "side")
    check_faults([*_twice("people", known), *_twice("applications", asking),
                  *_misplaced(asking, sides, place, ranks)])  # fmt: skip
    ids = [person for person in asking if person is not None]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    at = np.array(order, np.int64)
    person = np.fromiter(map(place.__getitem__, ids), np.int64, len(ids))[at]

    def label(column: str) -> Labels:
        cells = texts(people, column)
        return Labels.of([cells[row] for row in person.tolist()])

    def lists(frame: pd.DataFrame, rows: IntArray, *columns: str) -> tuple[Lists, ...]:
        cells: list[list[object]] = [
            frame[column].to_numpy(object)[rows].tolist()
            if column in frame.columns
            else [()] * len(rows)
            for column in columns
        ]
        return Lists.of(cells, params.data.list_separator)

    offered, wanted = lists(applications, at, "skills_offered", "skills_wanted")
    return Rows(
        ids=[ids[row] for row in order],
        side=[str(sides[row]) for row in order],
        person=person,
        capacity=_numbers(applications, "capacity", whole=True)[at],
        extraversion=_numbers(applications, "extraversion", whole=False)[at],
        grade=ranks[person].astype(np.int64),
        department=label("department"),
        site=label("site"),
        time_zone=label("time_zone"),
        generation=label("generation"),
        manager=label("manager_id"),
        languages=lists(people, person, "languages")[0],
        offered=offered,
        wanted=wanted,
        interests=lists(applications, at, "interests")[0],
        wishes=lists(applications, at, "wishes")[0],
        vetoes=lists(applications, at, "vetoes")[0],
        waves=lists(applications, at, "waves")[0],
        waited=np.nan_to_num(_numbers(applications, "waited", whole=True)[at]).astype(np.int64),
    )


def named_pairs(
    frame: pd.DataFrame | None, decision: str | None = None
) -> list[tuple[str | None, str | None]]:
    """Mentor and mentee ids of a table's rows, of one kind of decision if asked for."""
    if frame is None:
        return []
    if decision is not None:
        frame = frame[[what == decision for what in texts(frame, "decision")]]
    return list(zip(texts(frame, "mentor_id"), texts(frame, "mentee_id"), strict=True))


def _numbers(frame: pd.DataFrame, column: str, *, whole: bool) -> FloatArray:
    """A column of numbers, which must be whole or not; NaN where it is missing or absent."""
    import pandas as pd  # only now: it takes longer to load than a small problem to solve

    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    return np.asarray(
        pd.to_numeric(frame[column]).astype("Float64").to_numpy(float, na_value=np.nan)
    )


def _ranks(people: pd.DataFrame, params: Params) -> FloatArray:
    if "grade_rank" not in people.columns and params.grades:
        order = dict(zip(params.grades, range(len(params.grades)), strict=True))
        ranks = (order.get(str(grade), np.nan) for grade in texts(people, "grade"))
        return np.fromiter(ranks, np.float64, len(people))
    column = "grade_rank" if "grade_rank" in people.columns else "grade"
    return _numbers(people, column, whole=True)


def _twice(table: str, ids: list[str | None]) -> Iterator[Fault]:
    if len(set(ids)) == len(ids):
        return
    seen: set[str | None] = set()
    for person in ids:
        if person in seen:
            yield _fault("duplicate id", "this person has more than one row", "keep one", table,
                         "person_id", person)  # fmt: skip
        seen.add(person)


def _misplaced(
    asking: list[str | None],
    sides: list[str | None],
    place: dict[str | None, int],
    ranks: FloatArray,
) -> Iterator[Fault]:
    graded = (~np.isnan(ranks)).tolist()
    for person, side in zip(asking, sides, strict=True):
        if side not in (*SIDES, "both"):
            yield _fault("unknown side", "a side is mentor, mentee or both", "correct it",
                         "applications", "side", side)  # fmt: skip
        if person is None or person not in place:
            yield _fault("unknown person", "this applicant is not in people",
                         "add them to people", "applications", "person_id", person)  # fmt: skip
        elif not graded[place[person]]:
            yield _fault("no grade", "an applicant without a grade is neither junior nor senior",
                         "give the grade", "people", "grade", None)  # fmt: skip


def _fault(kind: str, problem: str, cure: str, file: str, column: str, value: object) -> Fault:
    return Fault(kind, problem, cure, file, None, column, None if value is None else str(value))
