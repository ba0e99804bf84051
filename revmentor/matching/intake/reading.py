"""How do the loaded tables become a pool?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import BoolArray, FloatArray, IntArray, PairTable
from revmentor.matching.intake.cells import Labels, Lists, texts
from revmentor.matching.intake.frames import Rows, named_pairs, pool_rows
from revmentor.matching.intake.hierarchy import line_spans
from revmentor.matching.intake.hours import overlap_minutes
from revmentor.matching.intake.pool import UNKNOWN, Codes, Pool, Sets, Side

if TYPE_CHECKING:
    import pandas as pd

    from revmentor.params.models import Params


def read_pool(
    people: pd.DataFrame,
    applications: pd.DataFrame,
    params: Params,
    decisions: pd.DataFrame | None,
    history: pd.DataFrame | None,
) -> Pool:
    """Pack loaded tables; see `frames.pool_rows` for what they may lack."""
    rows = pool_rows(people, applications, params)
    first, last = line_spans(_manager_rows(people))
    spans = first[rows.person].astype(np.int32), last[rows.person].astype(np.int32)
    mentor, mentee = rows.on("mentor"), rows.on("mentee")
    # The column counts mentees for whoever mentors; a person on both sides wants the usual number.
    stated = np.where(mentor, np.nan, rows.capacity)
    usual = params.matching.capacity
    free = _free_waves(rows.waves, params)
    mentors = _side(rows, mentor, spans, rows.offered, rows.capacity, usual.mentor, free)
    mentees = _side(rows, mentee, spans, rows.wanted, stated, usual.mentee, free)
    both = _Places(rows, mentor, mentee)
    hours = params.matching.working_hours
    zones = rows.time_zone.names
    vetoes = rows.vetoes.row, both.rows(rows.vetoes.names)[rows.vetoes.item]
    return Pool(
        mentors,
        mentees,
        overlap_minutes(zones, hours.begin, hours.end, params.programme.start),
        _credit(rows.wishes, both, params),
        both.table(*both.named(named_pairs(history))),
        both.table(*vetoes),
        both.table(*both.named(named_pairs(decisions, "forbid"))),
    )


def _manager_rows(people: pd.DataFrame) -> IntArray:
    """Row of each person's manager in `people`, -1 at the top."""
    ids = texts(people, "person_id")
    row: dict[str | None, int] = {person: place for place, person in enumerate(ids)}
    row[None] = UNKNOWN
    bosses = (row.get(boss, UNKNOWN) for boss in texts(people, "manager_id"))
    return np.fromiter(bosses, np.int64, len(ids))


def _side(
    rows: Rows,
    mine: BoolArray,
    spans: tuple[Codes, Codes],
    skills: Lists,
    stated: FloatArray,
    usual: int,
    free: IntArray,
) -> Side:
    def coded(labels: Labels) -> Codes:
        return labels.code[mine]

    def sets(lists: Lists) -> Sets:
        return Sets(lists.words(mine), lists.size()[mine].astype(np.float64))

    return Side(
        ids=tuple(person for person, here in zip(rows.ids, mine.tolist(), strict=True) if here),
        places=np.where(np.isnan(stated), usual, stated)[mine].astype(np.int64),
        grade=rows.grade[mine].astype(np.int32),
        first=spans[0][mine],
        last=spans[1][mine],
        manager=coded(rows.manager),
        department=coded(rows.department),
        site=coded(rows.site),
        generation=coded(rows.generation),
        zone=coded(rows.time_zone),
        languages=sets(rows.languages),
        skills=sets(skills),
        interests=sets(rows.interests),
        extraversion=rows.extraversion[mine],
        waves=free[mine],
        waited=rows.waited[mine],
    )


def _free_waves(stated: Lists, params: Params) -> IntArray:
    """Bits of the waves that each person states; all of them where none of the params' is."""
    waves = params.matching.limits.waves
    bit = {wave.name.casefold(): 1 << number for number, wave in enumerate(waves)}
    bits = np.array([bit.get(name.casefold(), 0) for name in stated.names], np.int64)
    free = np.zeros(stated.rows, np.int64)
    np.bitwise_or.at(free, stated.row, bits[stated.item])
    return np.where(free == 0, (1 << len(waves)) - 1, free)


class _Places:
    """Where the people of the pool stand on each side."""

    def __init__(self, rows: Rows, mentor: BoolArray, mentee: BoolArray) -> None:
        self._row = {person: row for row, person in enumerate(rows.ids)}
        # One place more for the row -1 of whoever is not in the pool.
        self.mentor, self.mentee = (
            np.append(np.where(mine, np.cumsum(mine) - 1, UNKNOWN), UNKNOWN)
            for mine in (mentor, mentee)
        )
        self.mentees = int(mentee.sum())

    def rows(self, people: Iterable[str | None]) -> IntArray:
        """Rows of people, -1 where they are not in the pool."""
        return np.array([self._row.get(person, UNKNOWN) for person in people], np.int64)  # type: ignore[arg-type]

    def named(self, pairs: list[tuple[str | None, str | None]]) -> tuple[IntArray, IntArray]:
        """Rows of the people of each pair."""
        return self.rows(one for one, _ in pairs), self.rows(other for _, other in pairs)

    def table(self, one: IntArray, other: IntArray) -> PairTable:
        """The pairs of them that are in the pool, in either role."""
        i = np.concatenate((self.mentor[one], self.mentor[other]))
        j = np.concatenate((self.mentee[other], self.mentee[one]))
        inside, width = (i >= 0) & (j >= 0), len(self.mentor)
        pairs = np.unique(j[inside] * width + i[inside])
        return PairTable.of_pairs(pairs % width, pairs // width, np.ones(len(pairs)), self.mentees)


def _credit(wishes: Lists, places: _Places, params: Params) -> PairTable:
    """Credit of each pair that at least one side wished for."""
    forms = params.matching.criteria.wishes
    steps = np.array(forms.credit, np.float64)
    counts = wishes.rank() < len(steps)
    one = wishes.row[counts]
    other = places.rows(wishes.names)[wishes.item[counts]]
    credit = steps[wishes.rank()[counts]]
    width = len(places.mentor)
    keys, credits = [], []
    for i, j in (
        (places.mentor[one], places.mentee[other]),
        (places.mentor[other], places.mentee[one]),
    ):
        inside = (i >= 0) & (j >= 0)
        keys.append(j[inside] * width + i[inside])
        credits.append(credit[inside])
    pairs = np.unique(np.concatenate(keys))
    of_mentor, of_mentee = np.zeros(len(pairs)), np.zeros(len(pairs))
    of_mentor[np.searchsorted(pairs, keys[0])] = credits[0]
    of_mentee[np.searchsorted(pairs, keys[1])] = credits[1]
    total = forms.mentor_share * of_mentor + (1 - forms.mentor_share) * of_mentee
    return PairTable.of_pairs(pairs % width, pairs // width, total, places.mentees)
