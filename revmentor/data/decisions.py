"""The human's say against itself and the applications: pins that no matching can honour."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from revmentor.data.draft import Draft
from revmentor.data.report import EXAMPLES, row_list
from revmentor.errors import Fault
from revmentor.params.models import Params

_PAIR = ["mentor_id", "mentee_id"]


def check_decisions(
    draft: Draft, people: Draft, applications: Draft | None, params: Params
) -> Draft:
    """Can all required and locked pairs hold together: not forbidden, within capacity?

    The mentor of a required pair must be junior; a locked pair is kept whatever the rules say.
    """
    frame = draft.frame.dropna(subset=_PAIR)
    required, locked, forbidden = (
        frame[frame["decision"] == decision].drop_duplicates(_PAIR)
        for decision in ("require", "lock", "forbid")
    )
    made = pd.concat([required, locked]).sort_index().drop_duplicates(_PAIR)
    draft = draft.blame(_contradictions(draft, required, forbidden, "require"))
    draft = draft.blame(_contradictions(draft, locked, forbidden, "lock"))
    draft = draft.blame(_directions(draft, required, people))
    if applications is None:
        return draft
    draft = draft.blame(_applied(draft, made, applications))
    return draft.blame(_capacities(draft, made, applications, params))


def places_of(draft: Draft | None) -> dict[tuple[str, str, str], tuple[str, int]]:
    """In which file and row does each decision stand? The last where it stands twice."""
    if draft is None:
        return {}
    told = draft.frame[[*_PAIR, "decision"]].itertuples()
    return {(mentor, mentee, what): draft.place(int(row)) for row, mentor, mentee, what in told}


_MADE = {"require": "required", "lock": "locked"}


def _contradictions(
    draft: Draft, made: pd.DataFrame, forbidden: pd.DataFrame, decision: str
) -> Iterable[Fault]:
    forbidding = {
        (mentor, mentee): int(row) for row, mentor, mentee in forbidden[_PAIR].itertuples()
    }
    for row, mentor, mentee in made[_PAIR].itertuples():
        other = forbidding.get((mentor, mentee))
        if other is not None:
            first, last = sorted((int(row), other))
            yield draft.fault(
                f"{_MADE[decision]} and forbidden",
                f"rows {first:,} and {last:,} {decision} and forbid the same pair",
                "delete the one that no longer holds",
                last,
                "decision",
            )


def _directions(draft: Draft, required: pd.DataFrame, people: Draft) -> Iterable[Fault]:
    ranks, rows = people.by_person("grade_rank"), people.row_by_person()
    for row, mentor, mentee in required[_PAIR].itertuples():
        junior, senior = ranks.get(mentor), ranks.get(mentee)
        if junior is None or senior is None or pd.isna(junior) or pd.isna(senior):
            continue
        if junior >= senior:
            yield draft.fault(
                "required against the direction",
                f"the required mentor ({people.file}, row {rows[mentor]:,}) is not junior to the "
                f"mentee ({people.file}, row {rows[mentee]:,})",
                "swap the two, or delete the decision: the mentor is always strictly junior",
                row,
                "mentor_id",
            )


def _applied(draft: Draft, made: pd.DataFrame, applications: Draft) -> Iterable[Fault]:
    sides, rows = applications.by_person("side"), applications.row_by_person()
    kinds = made["decision"].map(_MADE)
    for row, *pair in made[_PAIR].itertuples():
        for column, side, person in zip(_PAIR, ("mentor", "mentee"), pair, strict=True):
            has = sides.get(person)
            if has in (side, "both") or (person in sides and pd.isna(has)):
                continue
            if has is None:
                problem = f"the {kinds[row]} {side} has no application in {applications.file}"
            else:
                where = f"{applications.file}, row {rows[person]:,}"
                problem = f"the {kinds[row]} {side} has applied as {has} only ({where})"
            cure = f"add or correct the application with side {side}, or delete the decision"
            yield draft.fault(f"{kinds[row]} {side} has not applied", problem, cure, row, column)


def _capacities(
    draft: Draft, made: pd.DataFrame, applications: Draft, params: Params
) -> Iterable[Fault]:
    given = applications.by_person("capacity")
    default = params.matching.capacity
    for column, usual in (("mentor_id", default.mentor), ("mentee_id", default.mentee)):
        for person, group in made.groupby(column, sort=False):
            own = given.get(str(person))
            most = usual if own is None or pd.isna(own) else int(own)
            if len(group) > most:
                rows = tuple(int(row) for row in group.index)
                several = draft.parts or draft.elsewhere
                shown = draft.told(rows) if several else row_list(rows[:EXAMPLES], len(rows))
                yield draft.fault(
                    "required beyond capacity",
                    f"{shown} {_verbs(group)} {len(rows):,} partners for one person, whose "
                    f"capacity is {most:,}",
                    f"delete one of these decisions, or raise the capacity in {applications.file}",
                    rows[-1],
                    column,
                )


def _verbs(group: pd.DataFrame) -> str:
    """What the decisions of these rows do."""
    return " and ".join(sorted(group["decision"].unique(), reverse=True))
