"""Earlier cycles against themselves and this one: duplicates, future cycles, swapped roles."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from revmentor.data.draft import Draft
from revmentor.data.report import EXAMPLES, count, row_list
from revmentor.errors import Fault
from revmentor.params.models import Params

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def check_history(draft: Draft, people: Draft, params: Params, cycle: str = "") -> Draft:
    """Did these pairs meet before this cycle, each once per cycle, within capacity?

    A row is refused as not past if its label is this cycle's name or title, if the label holds a
    year after the year of ``programme.start``, or if its ``started_on`` is not before the start.
    """
    draft = draft.blame(_not_past(draft, params, cycle))
    draft = draft.blame(_double_labels(draft))
    draft = draft.blame(_duplicates(draft))
    draft = draft.blame(_beyond_capacity(draft, params))
    return _swapped(draft, people)


def plain(label: str) -> str:
    """A cycle's label without case, blanks and punctuation, to tell the same one written twice.

    >>> plain("Spring 2025") == plain("spring-2025")
    True
    """
    return re.sub(r"[\W_]+", "", label.casefold())


def _not_past(draft: Draft, params: Params, cycle: str) -> Iterable[Fault]:
    start = params.programme.start
    this = {plain(name) for name in (cycle, params.programme.title) if plain(name)}
    cure = "history holds cycles that ended before this one: correct the label or take the row out"
    for row, label in draft.filled("cycle"):
        years = [int(year) for year in _YEAR.findall(label)]
        if plain(label) in this:
            problem = "this is the cycle that is being planned, not an earlier one"
        elif years and min(years) > start.year:
            problem = f"the cycle is in the future: this one starts in {start.year}"
        else:
            continue
        yield draft.fault("cycle not past", problem, cure, row, "cycle", label)
    if "started_on" in draft.frame:
        started = draft.frame["started_on"]
        for row in draft.frame.index[(started >= pd.Timestamp(start)).fillna(False)]:
            problem = f"the cycle starts on or after the start of this one, {start}"
            yield draft.fault("cycle not past", problem, cure, row, "started_on")


def _double_labels(draft: Draft) -> Iterable[Fault]:
    """Labels that differ only by case, blanks or punctuation: one cycle under two names."""
    first: dict[str, tuple[str, int]] = {}
    told: set[str] = set()
    for row, label in draft.filled("cycle"):
        other, at = first.setdefault(plain(label), (label, row))
        if other != label and label not in told:
            told.add(label)
            yield draft.fault(
                "cycle under two names",
                f"rows {at:,} and {row:,} write one cycle in two ways ({other!r} in the first)",
                "write each cycle's label in one way, by labels in params if need be",
                row,
                "cycle",
                label,
            )


def _duplicates(draft: Draft) -> Iterable[Fault]:
    key = ["cycle", "mentor_id", "mentee_id"]
    frame = draft.frame.dropna(subset=key)
    for _, group in frame[frame.duplicated(key, keep=False)].groupby(key, sort=False):
        rows = [int(row) for row in group.index]
        shown = row_list(tuple(rows[:EXAMPLES]), len(rows))
        problem = f"{shown} are the same pair in the same cycle"
        cure = "keep one row per pair and cycle"
        yield draft.fault("pair twice in a cycle", problem, cure, rows[-1], "mentee_id")


def _beyond_capacity(draft: Draft, params: Params) -> Iterable[Fault]:
    most = params.matching.capacity.most
    key = ["cycle", "mentor_id", "mentee_id"]
    frame = draft.frame.dropna(subset=key).drop_duplicates(key)
    for column in ("mentor_id", "mentee_id"):
        keys = ["cycle", column]
        crowded = frame[frame.groupby(keys)[column].transform("size") > most]
        for _, group in crowded.groupby(keys, sort=False):
            rows = tuple(int(row) for row in group.index)
            yield draft.fault(
                "history beyond capacity",
                f"{row_list(rows[:EXAMPLES], len(rows))} give one person {len(rows):,} "
                f"partners in a cycle, above the stated cap of {most:,}",
                "correct the ids, or raise matching.capacity.most",
                rows[-1],
                column,
            )


def _swapped(draft: Draft, people: Draft) -> Draft:
    """A note on pairs whose mentor is not junior today, or who have met both ways: kept as met."""
    ranks = people.by_person("grade_rank")
    frame = draft.frame.dropna(subset=["mentor_id", "mentee_id"])
    mentors = frame["mentor_id"].map(ranks).astype("Int64")
    mentees = frame["mentee_id"].map(ranks).astype("Int64")
    upward = (mentors >= mentees).fillna(False).astype(bool)
    pairs = set(zip(frame["mentor_id"].tolist(), frame["mentee_id"].tolist(), strict=True))
    both_ways = [(mentee, mentor) in pairs for mentor, mentee in pairs]
    rows = tuple(int(row) for row in frame.index[upward])
    if rows:
        draft = draft.note(
            f"{count(len(rows), 'pair has', 'pairs have')} a mentor who is not junior today: still "
            f"counted as having met ({row_list(rows[:EXAMPLES], len(rows))})"
        )
    if any(both_ways):
        met = count(sum(both_ways) // 2, "pair has", "pairs have")
        draft = draft.note(f"{met} met in both roles: counted as having met")
    return draft
