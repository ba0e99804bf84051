"""Who reports to whom: unknown managers, people who manage themselves, loops, and leavers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import pandas as pd

from revmentor.data.draft import Draft
from revmentor.data.identity import Roster, unknown_id
from revmentor.data.report import count, row_list
from revmentor.errors import SHOWN_PER_KIND, Fault


def check_managers(draft: Draft, policy: Literal["error", "warn"]) -> Draft:
    """Does everyone report to somebody who stays, or to nobody?

    ``policy`` (``data.on_unknown_manager``) covers managers that are unknown, oneself, or part of
    a loop: an error each, or a warning each and then no manager. Ids that differ by leading zeros
    only are always an error. Whoever reports to a person that was left out reports to that
    person's own manager instead.
    """
    roster = Roster.of(draft)
    parents = _parents(draft.everyone)
    found: list[Fault] = []
    cut: set[str] = set()
    hints = SHOWN_PER_KIND
    else_warn = ", or set data.on_unknown_manager: warn to go on without it"
    persons = dict(draft.filled("person_id"))
    for row, manager in draft.filled("manager_id"):
        person = persons.get(row, "")
        if manager == person:
            problem = "the person is their own manager"
            found.append(_fault(draft, "own manager", problem, row))
        elif manager not in roster.rows:
            found.append(
                unknown_id(
                    draft, roster, row, "manager_id", manager, hint=hints > 0, or_else=else_warn
                )
            )
            hints -= 1
        else:
            continue
        cut.add(person)
    for loop in _loops(parents):
        rows = sorted(roster.rows[person] for person in loop)
        if roster.present.isdisjoint(loop):
            continue
        problem = f"these people manage each other in a loop ({row_list(tuple(rows), len(rows))})"
        found.append(_fault(draft, "loop of managers", problem, rows[0]))
        cut.update(loop)
    zeros = [fault for fault in found if fault.kind == "leading zeros"]
    others = [fault for fault in found if fault.kind != "leading zeros"]
    draft = draft.blame(zeros)
    draft = draft.blame(others) if policy == "error" else draft.warn(others)
    return _skip_leavers(draft, roster, {p: m for p, m in parents.items() if p not in cut}, cut)


def _fault(draft: Draft, kind: str, problem: str, row: int) -> Fault:
    cure = "correct manager_id, or set data.on_unknown_manager: warn to go on without it"
    return draft.fault(kind, problem, cure, row, "manager_id")


def _parents(everyone: pd.DataFrame) -> dict[str, str]:
    """Manager of each person who has one in the table and is not their own."""
    known = everyone[["person_id", "manager_id"]].dropna()
    ids = set(everyone["person_id"].dropna().tolist())
    pairs = zip(known["person_id"].tolist(), known["manager_id"].tolist(), strict=True)
    return {person: manager for person, manager in pairs if manager in ids and manager != person}


def _loops(parents: Mapping[str, str]) -> Iterable[frozenset[str]]:
    """Sets of people each of whom manages the next."""
    done: set[str] = set()
    for start in parents:
        path: dict[str, int] = {}
        person = start
        while person in parents and person not in done and person not in path:
            path[person] = len(path)
            person = parents[person]
        if person in path:
            yield frozenset(p for p, step in path.items() if step >= path[person])
        done.update(path)


def _skip_leavers(draft: Draft, roster: Roster, parents: Mapping[str, str], cut: set[str]) -> Draft:
    """The frame with managers who stay: the nearest one up the line, or none."""
    frame = draft.frame
    persons = dict(draft.filled("person_id"))
    managers: dict[int, str | None] = {}
    skipped = 0
    for row, manager in draft.filled("manager_id"):
        if persons.get(row, "") in cut:
            continue
        above: str | None = manager
        while above is not None and above not in roster.present:
            above = parents.get(above)
        skipped += above != manager
        managers[row] = above
    if skipped:
        draft = draft.note(
            f"{count(skipped, 'person reports', 'people report')} to somebody who was left out: "
            "that person's own manager stands in"
        )
    column = pd.Series(managers, dtype="str").reindex(frame.index)
    return draft.with_frame(frame.assign(manager_id=column))
