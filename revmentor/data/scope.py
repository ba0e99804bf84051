"""Who may take part on which side, as the design says, whoever applies?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from revmentor.data.draft import Draft
from revmentor.data.identity import Roster
from revmentor.data.report import count
from revmentor.errors import Fault
from revmentor.names import SIDES
from revmentor.params.design import Scope, SideScope
from revmentor.params.keys import suggestion

OUT = "the person is out of scope (design.scope)"
BOTH = "both"


def in_scope(people: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """On which sides may each person take part?

    In scope are those of a department and site that are named, and of a job title and grade that
    are named for the side; where nothing is named, everybody is. ``scope.add`` comes in whatever
    the lists say, ``scope.leave_out`` stays out.

    Parameters
    ----------
    people : DataFrame
        person_id, and what the scope names of department, site, job_title, grade.
    scope : Scope

    Returns
    -------
    DataFrame of bool
        Index: that of ``people``; columns mentor and mentee.

    >>> staff = pd.DataFrame({"person_id": ["a", "b"], "department": ["IT", "HR"]})
    >>> in_scope(staff, Scope(departments=("IT",)))["mentor"].tolist()
    [True, False]
    """
    asked = _among(people, "department", scope.departments) & _among(people, "site", scope.sites)
    added = people["person_id"].isin(list(scope.add))
    out = people["person_id"].isin(list(scope.leave_out))
    sides = {}
    for side, own in _of_sides(scope).items():
        fits = _among(people, "job_title", own.roles) & _among(people, "grade", own.grades)
        sides[side] = ((asked & fits) | added) & ~out
    return pd.DataFrame(sides, index=people.index)


def _of_sides(scope: Scope) -> Mapping[str, SideScope]:
    return dict(zip(SIDES, (scope.mentors, scope.mentees), strict=True))


def _among(people: pd.DataFrame, column: str, names: tuple[str, ...]) -> pd.Series:
    if not names:
        return pd.Series(True, index=people.index)
    if column not in people:
        return pd.Series(False, index=people.index)
    return people[column].notna() & people[column].astype("str").isin(names)


def apply_scope(draft: Draft, people: Draft, roster: Roster, scope: Scope) -> Draft:
    """Which applications are in scope, and on which side?

    Parameters
    ----------
    draft : Draft
        Applications of known people.
    people : Draft
    roster : Roster
        Everyone whom people names.
    scope : Scope

    Returns
    -------
    Draft
        Without the applications that no side of the scope asks for; whoever applied for both sides
        and may take one has that one.
    """
    if scope.everybody:
        return draft
    draft = draft.blame(_unknown(people, roster, scope))
    sides = in_scope(people.frame, scope).set_index(people.frame["person_id"])
    sides = sides.loc[~sides.index.duplicated()]
    allowed = sides.reindex(draft.frame["person_id"], fill_value=False)
    allowed.index = draft.frame.index
    stated = draft.frame["side"]
    wants = {side: stated.isin([side, BOTH]) & allowed[side] for side in SIDES}
    mentor, mentee = wants["mentor"], wants["mentee"]
    narrowed = (stated == BOTH) & (mentor != mentee)
    now = stated.mask(narrowed & mentor, "mentor").mask(narrowed & mentee, "mentee")
    draft = draft.with_frame(draft.frame.assign(side=now))
    if narrowed.any():
        who = count(int(narrowed.sum()), "person who applied", "people who applied")
        draft = draft.note(f"{who} for both sides may take one of them by design.scope")
    return draft.leave_out(stated.index[~(mentor | mentee)], OUT)


def _unknown(people: Draft, roster: Roster, scope: Scope) -> Iterator[Fault]:
    """What the scope names and nobody has."""
    frame = people.frame
    named = [
        ("departments", "department", scope.departments),
        ("sites", "site", scope.sites),
    ]
    for side, own in _of_sides(scope).items():
        named += [
            (f"{side}s.roles", "job_title", own.roles),
            (f"{side}s.grades", "grade", own.grades),
        ]
    for path, column, names in named:
        known = sorted(set(frame[column].dropna().astype("str"))) if column in frame else []
        for name in names:
            if name not in known:
                yield Fault(
                    "unknown in scope",
                    f"nobody in people has this {column}",
                    suggestion(name, known) if known else f"fill people.{column}",
                    "params",
                    None,
                    f"design.scope.{path}",
                    name,
                )
    for path, ids in (("add", scope.add), ("leave_out", scope.leave_out)):
        for position, person in enumerate(ids, start=1):
            if person not in roster.rows:
                yield Fault(
                    "unknown in scope",
                    f"item {position} of the list is no person_id of {people.file}",
                    "correct the id, or take it out",
                    "params",
                    None,
                    f"design.scope.{path}",
                )
