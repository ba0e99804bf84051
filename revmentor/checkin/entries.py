"""What has somebody told, the latest first, and how do they take it back?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Table
from starlette.responses import RedirectResponse, Response

from revmentor.checkin.roster import CheckinPair
from revmentor.checkin.store import Row
from revmentor.checkin.visit import RefusedError, Visit
from revmentor.data.checkin_tables import GOALS, HANDS, MOVES, PULSE, SESSIONS, SUPPORT

SHOWN = 8
KINDS: Mapping[str, Table] = {
    "meeting": SESSIONS,
    "move": MOVES,
    "goal": GOALS,
    "pulse": PULSE,
    "support": SUPPORT,
    "hand": HANDS,
}


@dataclass(frozen=True)
class Entry:
    """One thing that somebody told, of one of `KINDS`, and when; `helped`: it asks for support."""

    kind: str
    row: Row
    at: dt.datetime
    helped: bool = False

    @property
    def path(self) -> str:
        """Where it is taken back, below the page of the pair."""
        return f"back/{self.kind}/{self.row['id']}"


def entries(visit: Visit, pair: CheckinPair | None) -> list[Entry]:
    """What one has entered oneself about this pair, a circle or nobody, the latest first."""
    me = visit.person.person_id
    partner = pair.partner_of(me)[0] if pair else None
    ids = {"mentor_id": pair.mentor_id, "mentee_id": pair.mentee_id} if pair else {}
    found = []
    for kind, table in KINDS.items():
        if "entered_by" in table.c and not pair:
            continue
        about = ids if "entered_by" in table.c else {}
        found += [
            Entry(kind, row, _at(row), bool(row.get("support_needed")))
            for row in visit.site.store.entered(table, me, **about)
            # What is about a circle, or nobody, has no page of its own.
            if row.get("partner_id") in (None, partner)
        ]
    answered = {each.row["key"] for each in found if each.kind == "pulse"}
    # Support that a check-in asked for came, and goes, with that check-in.
    found = [each for each in found if each.kind != "support" or each.row["key"] not in answered]
    return sorted(found, key=lambda each: each.at, reverse=True)


def take_back(visit: Visit) -> Response:
    """Ask whether an entry shall be taken back, and take it back."""
    number = visit.request.path_params["pair"]
    pair = visit.pair if number else None
    kind, row = visit.request.path_params["kind"], visit.request.path_params["entry"]
    if kind not in KINDS:
        raise RefusedError(404)
    if visit.form is not None:
        visit.checked()
        me, site = visit.person.person_id, visit.site
        if not site.store.take_back(KINDS[kind], row, me, site.now()):
            raise RefusedError(404)
        return RedirectResponse(f"{visit.base}/{number}/thanks?done=back", 303)
    told = entries(visit, pair)
    for each in told:
        if (each.kind, each.row["id"]) == (kind, row):
            partner = visit.partner[1] if pair else ""
            left = _left(told, each)
            return visit.page("back", pair=pair, partner=partner, entry=each, left=left)
    # Taken back already, or never there: the page shows what stands.
    return RedirectResponse(f"{visit.base}/{number}" if pair else visit.base, 303)


def _left(told: Sequence[Entry], goal: Entry) -> Row | None:
    """What counts of a goal once this word on it is taken back: the latest of the others."""
    others = (each.row for each in told if each.kind == goal.kind == "goal" and each is not goal)
    return next((row for row in others if row["goal"] == goal.row["goal"]), None)


def _at(row: Row) -> dt.datetime:
    at = row.get("entered_at") or row.get("asked_at") or row.get("raised_at")
    assert isinstance(at, dt.datetime)
    return at
