"""What does scoring know about each side, packed into arrays?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor.matching.arrays import FloatArray, IntArray, PairTable
from revmentor.matching.frames import pool_rows, texts
from revmentor.matching.hierarchy import line_spans
from revmentor.matching.hours import overlap_minutes
from revmentor.names import SIDES
from revmentor.params.models import Params

Codes = npt.NDArray[np.int32]
UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class Sets:
    """One set of items per person, as bits.

    Parameters
    ----------
    words : array of uint64, shape (words, people)
    size : array of int, shape (people,)
        Number of items; 0 where nothing is stated.
    """

    words: npt.NDArray[np.uint64]
    size: FloatArray

    @classmethod
    def of(cls, lists: Sequence[tuple[str, ...]], vocabulary: dict[str, int]) -> Sets:
        """Pack lists of items, each numbered by the vocabulary."""
        words = np.zeros((max(1, -(-len(vocabulary) // 64)), len(lists)), np.uint64)
        for person, items in enumerate(lists):
            for item in items:
                word, bit = divmod(vocabulary[item], 64)
                words[word, person] |= np.uint64(1 << bit)
        return cls(words, np.array([len(items) for items in lists], np.float64))


@dataclass(frozen=True, eq=False)
class Side:
    """One side of the pool, sorted by id; codes are shared by both sides, `UNKNOWN` if missing."""

    ids: tuple[str, ...]
    places: IntArray
    grade: Codes
    first: Codes
    last: Codes
    manager: Codes
    department: Codes
    site: Codes
    generation: Codes
    zone: Codes
    languages: Sets
    skills: Sets
    interests: Sets
    extraversion: FloatArray


@dataclass(frozen=True, eq=False)
class Pool:
    """Both sides, and the pairs of people that the tables name.

    `skills` are those offered for mentors and those wanted for mentees; `overlap` is in minutes
    a day, by zone; `credit` is the wishes criterion of the pairs that are wished for.
    """

    mentors: Side
    mentees: Side
    overlap: FloatArray
    credit: PairTable
    met: PairTable
    vetoed: PairTable
    forbidden: PairTable


def read_pool(
    people: pd.DataFrame,
    applications: pd.DataFrame,
    params: Params,
    decisions: pd.DataFrame | None,
    history: pd.DataFrame | None,
) -> Pool:
    """Pack loaded tables; see `frames.pool_rows` for what they may lack."""
    rows = pool_rows(people, applications, params)
    managers = dict(zip(texts(people, "person_id"), texts(people, "manager_id"), strict=True))
    spans = line_spans({person: boss for person, boss in managers.items() if person is not None})
    codes = {
        name: _numbered([value] for value in rows[name])
        for name in ("manager_id", "department", "site", "generation", "time_zone")
    }
    codes |= {
        name: _numbered(items for column in columns for items in rows[column])
        for name, columns in (
            ("languages", ("languages",)),
            ("skills", ("skills_offered", "skills_wanted")),
            ("interests", ("interests",)),
        )
    }
    mentors, mentees = (_side(rows, side, spans, codes, params) for side in SIDES)
    hours = params.matching.working_hours
    mentor_at = {person: index for index, person in enumerate(mentors.ids)}
    mentee_at = {person: index for index, person in enumerate(mentees.ids)}

    def table(pairs: Iterable[tuple[str | None, str | None]]) -> PairTable:
        """The pairs of them that are in the pool, in either role."""
        found = {
            (mentor_at[a], mentee_at[b]): 1.0
            for one, other in pairs
            for a, b in ((one, other), (other, one))
            if a in mentor_at and b in mentee_at
        }
        return PairTable.of(found, len(mentees.ids))

    named = zip(rows["person_id"], rows["vetoes"], strict=True)
    return Pool(
        mentors,
        mentees,
        overlap_minutes(list(codes["time_zone"]), hours.begin, hours.end, params.programme.start),
        _credit(rows, params, mentor_at, mentee_at),
        table(named_pairs(history)),
        table((person, other) for person, vetoes in named for other in vetoes),
        table(named_pairs(decisions, "forbid")),
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


def _numbered(lists: Iterable[Iterable[str | None]]) -> dict[str, int]:
    """Number the distinct items in their own order, so that rows may stand in any order."""
    found = {item for items in lists for item in items if item is not None}
    return {item: number for number, item in enumerate(sorted(found))}


def _side(
    rows: pd.DataFrame,
    side: str,
    spans: dict[str, tuple[int, int]],
    codes: dict[str, dict[str, int]],
    params: Params,
) -> Side:
    mine = rows[rows["side"].isin([side, "both"])]
    usual = getattr(params.matching.capacity, side)
    # The column counts mentees for whoever mentors; a person on both sides wants the usual number.
    stated = mine["capacity"].where((mine["side"] == side) | (side == "mentor"))

    def coded(name: str) -> Codes:
        known = codes[name]
        return np.array([known.get(value, UNKNOWN) for value in mine[name]], np.int32)

    def sets(vocabulary: str, column: str) -> Sets:
        return Sets.of(list(mine[column]), codes[vocabulary])

    span = np.array([spans[person] for person in mine["person_id"]], np.int32).reshape(-1, 2)
    return Side(
        ids=tuple(mine["person_id"]),
        places=stated.fillna(usual).to_numpy(np.int64),
        grade=mine["grade_rank"].to_numpy(np.int32),
        first=span[:, 0],
        last=span[:, 1],
        manager=coded("manager_id"),
        department=coded("department"),
        site=coded("site"),
        generation=coded("generation"),
        zone=coded("time_zone"),
        languages=sets("languages", "languages"),
        skills=sets("skills", "skills_offered" if side == "mentor" else "skills_wanted"),
        interests=sets("interests", "interests"),
        extraversion=mine["extraversion"].to_numpy(np.float64),
    )


def _credit(
    rows: pd.DataFrame, params: Params, mentor_at: dict[str, int], mentee_at: dict[str, int]
) -> PairTable:
    """Credit of each pair that at least one side wished for."""
    steps = params.matching.criteria.wishes.credit
    share = params.matching.criteria.wishes.mentor_share
    of_mentor: dict[tuple[int, int], float] = {}
    of_mentee: dict[tuple[int, int], float] = {}
    for person, wishes in zip(rows["person_id"], rows["wishes"], strict=True):
        for other, credit in zip(wishes, steps, strict=False):
            if person in mentor_at and other in mentee_at:
                of_mentor[mentor_at[person], mentee_at[other]] = credit
            if person in mentee_at and other in mentor_at:
                of_mentee[mentor_at[other], mentee_at[person]] = credit
    pairs = of_mentor.keys() | of_mentee.keys()
    credits = {
        pair: share * of_mentor.get(pair, 0.0) + (1 - share) * of_mentee.get(pair, 0.0)
        for pair in pairs
    }
    return PairTable.of(credits, len(mentee_at))
