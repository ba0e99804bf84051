"""The pairs that ran and the company around them, read back from the raw tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor.data.demo import words
from revmentor.data.demo.draws import Bools, Draws, Floats, Ints
from revmentor.data.demo.people import day_number
from revmentor.errors import Fault, check_faults
from revmentor.params.models import Programme

STEADY, FADING, SILENT = range(3)
KIND_SHARES = (0.78, 0.18, 0.04)
"""Pairs that keep meeting, whose meetings die out, that never meet."""


@dataclass(frozen=True)
class Cohort:
    """A company at the start of a cycle, in the order of ids, and its pairs.

    Attributes
    ----------
    ids : object array of str
    grade, department : int array
        Index into `words.GRADES`; index of the department's name among all names in order.
    departments : object array of str
    born : float array
        Birth year; NaN where unknown.
    manager : int array
        Index; -1 for none.
    hired, promoted, left : int array
        Days since 1970-01-01; -1 for never. Here `left` is before the start.
    mentor, mentee : int array
        Pairs as indices, sorted.
    skills : tuple of tuple of str
        What each pair works on: at most two skills that one offers and the other wants, else the
        first wanted, else the first offered.
    start, end : int
        First and last day of the cycle.
    """

    ids: npt.NDArray[np.object_]
    grade: Ints
    department: Ints
    departments: npt.NDArray[np.object_]
    born: Floats
    manager: Ints
    hired: Ints
    promoted: Ints
    left: Ints
    mentor: Ints
    mentee: Ints
    skills: tuple[tuple[str, ...], ...]
    start: int
    end: int

    @cached_property
    def participates(self) -> Bools:
        """Is this person in a pair?"""
        flags = np.zeros(len(self.ids), dtype=np.bool_)
        flags[self.mentor] = True
        flags[self.mentee] = True
        return flags

    @property
    def here(self) -> Bools:
        """Is this person employed when the cycle starts?"""
        return self.left < 0


@dataclass(frozen=True)
class Course:
    """What becomes of people and pairs during the cycle.

    Attributes
    ----------
    left, promoted : int array, people
        Day in the cycle, -1 for never.
    kind : int array, pairs
        `STEADY`, `FADING` or `SILENT`.
    until : int array, pairs
        Last day on which both are employed, at most the end of the cycle.
    """

    left: Ints
    promoted: Ints
    kind: Ints
    until: Ints


def _days(cells: pd.Series) -> Ints:
    """Day numbers of ISO dates; -1 for an empty cell."""
    dates = np.array(cells.tolist(), dtype="datetime64[D]")
    return np.where(np.isnat(dates), -1, dates.astype(np.int64))


def _positions(ids: npt.NDArray[np.object_], cells: pd.Series) -> Ints:
    """Index of each id; -1 where it is empty or unknown."""
    return np.asarray(pd.Index(ids).get_indexer(pd.Index(cells)), dtype=np.int64)


def _worked_on(
    applications: pd.DataFrame, mentors: npt.NDArray[np.object_], mentees: npt.NDArray[np.object_]
) -> tuple[tuple[str, ...], ...]:
    """At most two skills per pair, in the order in which they are wanted."""
    spelling = {skill.name.lower(): skill.name for skill in words.SKILLS}

    def lists(column: str) -> dict[str, list[str]]:
        split = [str(cell).split(";") for cell in applications[column]]
        named = [[spelling.get(item.lower(), item) for item in row if item] for row in split]
        return dict(zip(applications["person_id"], named, strict=True))

    offered, wanted = lists("skills_offered"), lists("skills_wanted")
    result = []
    for mentor, mentee in zip(mentors, mentees, strict=True):
        offers, wants = offered.get(mentor, []), wanted.get(mentee, [])
        shared = [skill for skill in wants if skill in offers]
        result.append(tuple(shared[:2] or wants[:1] or offers[:1]))
    return tuple(result)


def read_cohort(
    tables: Mapping[str, pd.DataFrame], pairs: pd.DataFrame, programme: Programme
) -> Cohort:
    """The company and its pairs as arrays; the order of rows does not matter.

    Raises
    ------
    InputError
        If a pair names somebody who is not on the roster, or stands there twice.
    """
    people = tables["people"].fillna("").sort_values("person_id", ignore_index=True)
    applications = tables["applications"].fillna("")
    pairs = pairs.sort_values(["mentee_id", "mentor_id"], ignore_index=True)
    ids = people["person_id"].to_numpy(dtype=object)
    mentor, mentee = _positions(ids, pairs["mentor_id"]), _positions(ids, pairs["mentee_id"])
    cure = "make the review tables of the company that the pairs were matched in"
    unknown = int(((mentor < 0) | (mentee < 0)).sum())
    twice = int(pairs.duplicated(["mentor_id", "mentee_id"]).sum())
    check_faults(
        Fault("demo pairs", problem.format(count), cure, column="pairs", value=str(count))
        for count, problem in (
            (unknown, "{} pairs name somebody who is not on the roster"),
            (twice, "{} pairs stand there twice"),
        )
        if count
    )
    departments, department = np.unique(
        people["department"].to_numpy(dtype=object), return_inverse=True
    )
    return Cohort(
        ids=ids,
        grade=people["grade"].map(words.GRADES.index).to_numpy(dtype=np.int64),
        department=department.astype(np.int64),
        departments=departments,
        born=pd.to_numeric(people["birth_year"]).to_numpy(dtype=np.float64, na_value=np.nan),
        manager=_positions(ids, people["manager_id"]),
        hired=_days(people["hired_on"]),
        promoted=_days(people["promoted_on"]),
        left=_days(people["left_on"]),
        mentor=mentor,
        mentee=mentee,
        skills=_worked_on(applications, ids[mentor], ids[mentee]),
        start=day_number(programme.start),
        end=day_number(programme.end),
    )


def run_course(draws: Draws, cohort: Cohort, left: Ints, promoted: Ints) -> Course:
    """How does each pair fare, given who leaves and when?"""
    kind = draws.pick(KIND_SHARES, len(cohort.mentor))
    last = np.where(left >= 0, left - 1, cohort.end)
    until = np.minimum(last[cohort.mentor], last[cohort.mentee])
    return Course(left, promoted, kind, np.minimum(until, cohort.end))


def workday(days: Ints) -> Ints:
    """The day itself, or the Monday after a weekend (1970-01-01 was a Thursday)."""
    weekday = (days + 3) % 7
    return days + np.where(weekday >= 5, 7 - weekday, 0)
