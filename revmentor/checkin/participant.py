"""The pages of a mentor or mentee: what is due, a form for each thing, thanks and the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Table
from starlette.responses import RedirectResponse, Response

from revmentor.checkin.due import Due, Move, Told, due, moved
from revmentor.checkin.entries import SHOWN, entries
from revmentor.checkin.forms import (
    LONGEST,
    Reading,
    meeting_days,
    read_goal,
    read_meeting,
    read_note,
    read_progress,
    read_pulse,
)
from revmentor.checkin.roster import CheckinPair, Roster
from revmentor.checkin.store import Form, Row
from revmentor.checkin.texts import QUESTIONS, SOURCE, Texts
from revmentor.checkin.visit import RefusedError, Visit
from revmentor.data.checkin_tables import GOALS, MOVES, PULSE, SESSIONS

MOST_GOALS = 12
DONE = ("meeting", "moved", "pulse", "goal", "progress", "support", "hand", "back")


def home(visit: Visit) -> Response:
    """The own pair, or the choice between several."""
    if len(visit.pairs) == 1:
        return _overview(visit, visit.pairs[0])
    steps = {pair.number: next(iter(_due(visit, pair)), None) for pair in visit.pairs}
    circles = visit.roster.circles_of(visit.person.person_id)
    told = [] if visit.pairs else entries(visit, None)[:SHOWN]
    return visit.page("home", steps=steps, circles=circles, entries=told, to=f"{visit.base}/0")


def overview(visit: Visit) -> Response:
    """One of several pairs."""
    return _overview(visit, visit.pair)


def _overview(visit: Visit, pair: CheckinPair) -> Response:
    return visit.page(
        "pair",
        pair=pair,
        partner=pair.partner_of(visit.person.person_id)[1],
        next=next(iter(_due(visit, pair)), None),
        wave=next(iter(visit.roster.open_waves(visit.days, pair)), None),
        coming=_coming(visit, pair),
        moves=moved(_told(visit, pair), visit.today),
        entries=entries(visit, pair)[:SHOWN],
        to=f"{visit.base}/{pair.number}",
        circles=visit.roster.circles_of(visit.person.person_id),
    )


def meeting(visit: Visit) -> Response:
    """Log a meeting: held, cancelled, missed or moved."""
    pair, side = visit.pair, visit.pair.side_of(visit.person.person_id)
    assert side is not None
    reading = Reading({}, visit.say)
    if visit.form is not None:
        key, sent = visit.checked()
        reading = Reading(sent, visit.say)
        table, row = read_meeting(reading, pair, side, visit.days.latest)
        if not reading.errors:
            done = "moved" if table is MOVES else "meeting"
            return _kept(visit, key, [(table, _by(visit, row))], done)
    first, last = meeting_days(pair, visit.days.latest)
    return _again(visit, "meeting", reading, first=first, last=last)


def pulse(visit: Visit) -> Response:
    """Answer the check-in that is open."""
    pair, open_now = visit.pair, visit.roster.open_waves(visit.days, visit.pair)
    told = _told(visit, pair)
    fresh = [wave for wave in open_now if wave.name not in told.waves]
    reading = Reading({}, visit.say)
    if visit.form is not None:
        key, sent = visit.checked()
        name = sent.get("wave", "")
        if name not in {wave.name for wave in open_now}:
            closed = name in {wave.name for wave in visit.roster.waves_of(pair)}
            raise RefusedError(*((410, "closed") if closed else (403, "form")))
        reading = Reading(sent, visit.say)
        me, partner = visit.person.person_id, visit.partner[0]
        rows, items = read_pulse(reading, visit.roster, me, partner, name, visit.today)
        if not reading.errors:
            return _kept(visit, key, rows, "pulse", items)
        fresh = [wave for wave in open_now if wave.name == name]
    wave = next(iter(fresh or open_now), None)
    steps = range(visit.roster.scale.first, visit.roster.scale.last + 1)
    return _again(
        visit, "pulse", reading, wave=wave, steps=steps, asked=_asked(visit),
        answered=wave is not None and wave.name in told.waves,
        coming=_coming(visit, pair),
    )  # fmt: skip


def goals(visit: Visit) -> Response:
    """Set a goal, or say where one is now."""
    pair, mine = visit.pair, _goals(visit, visit.pair)
    reading = Reading({}, visit.say)
    if visit.form is not None:
        key, sent = visit.checked()
        reading = Reading(sent, visit.say)
        if "goal_id" in sent:
            goal = next((row for row in mine if str(row["id"]) == sent["goal_id"]), None)
            if goal is None:
                raise RefusedError(403, "form")
            table, row = read_progress(reading, goal, visit.today)
        else:
            table, row = read_goal(reading, pair, visit.today)
            if len(mine) >= MOST_GOALS:
                reading.refuse("goal", visit.say("You have enough goals: update one of them."))
            if str(row["goal"]).casefold() in {str(one["goal"]).casefold() for one in mine}:
                reading.refuse("goal", visit.say("You have this goal already: update it above."))
        if not reading.errors:
            done = "progress" if "goal_id" in sent else "goal"
            return _kept(visit, key, [(table, _by(visit, row))], done)
    return _again(visit, "goals", reading, goals=mine)


def support(visit: Visit) -> Response:
    """Say which support is needed."""
    return _note(visit, "support")


def hand(visit: Visit) -> Response:
    """Raise a hand to the coordinator, in confidence."""
    return _note(visit, "hand")


def _note(visit: Visit, what: str) -> Response:
    assert what in ("support", "hand")
    # Somebody in a circle only, or with several partners, may ask without naming one.
    alone = visit.request.path_params["pair"] == 0
    partner = ("", "") if alone else visit.partner
    circles = visit.roster.circles_of(visit.person.person_id)
    reading = Reading({}, visit.say)
    if visit.form is not None:
        key, sent = visit.checked()
        reading = Reading(sent, visit.say)
        me = visit.person.person_id
        rows = read_note(reading, what, me, partner[0] or None, circles)  # type: ignore[arg-type]
        if not reading.errors:
            return _kept(visit, key, rows, what)
    return _again(visit, "note", reading, what=what, circles=circles)


def thanks(visit: Visit) -> Response:
    """What was stored, and the next step."""
    done = visit.request.query_params.get("done", "")
    if done not in DONE:
        raise RefusedError(404)
    alone = visit.request.path_params["pair"] == 0
    pair = None if alone else visit.pair
    following, where = None, pair
    for candidate in [pair] if pair else []:
        following = next(iter(_due(visit, candidate)), None)
    if following is None:
        for other in visit.pairs:
            if step := next(iter(_due(visit, other)), None):
                following, where = step, other
                break
    return visit.page(
        "thanks", done=done, next=following, pair=where,
        partner=where.partner_of(visit.person.person_id)[1] if where else "",
        elsewhere=where is not pair,
    )  # fmt: skip


def privacy(visit: Visit) -> Response:
    """Who can read what."""
    return visit.page("privacy", partner="")


PAGES: Mapping[str, Callable[[Visit], Response]] = {
    "meeting": meeting,
    "pulse": pulse,
    "goals": goals,
    "support": support,
    "hand": hand,
}


def _again(visit: Visit, name: str, reading: Reading, **values: object) -> Response:
    """The form, empty or with what was sent and what is wrong with it."""
    alone = visit.request.path_params["pair"] == 0
    pair = None if alone else visit.pair
    return visit.page(
        name, 422 if reading.errors else 200, errors=reading.errors, pair=pair,
        partner=visit.partner[1] if pair else "", longest=LONGEST, **values,
    )  # fmt: skip


def _kept(
    visit: Visit,
    key: str,
    rows: Sequence[tuple[Table, Row]],
    done: str,
    items: Mapping[str, float] | None = None,
) -> Response:
    """Store it; thanks are said after it is durable."""
    form = Form(key, visit.person.person_id, rows, items or {})
    if visit.site.store.keep(form, visit.site.now()) == "other":
        raise RefusedError(409, "again")
    number = visit.request.path_params["pair"]
    return RedirectResponse(f"{visit.base}/{number}/thanks?done={done}", 303)


def _by(visit: Visit, row: Row) -> Row:
    return {**row, "entered_by": visit.person.person_id}


def _mine(visit: Visit, table: Table, pair: CheckinPair) -> list[Row]:
    """What one has entered oneself about this pair."""
    ids = {"mentor_id": pair.mentor_id, "mentee_id": pair.mentee_id}
    return visit.site.store.entered(table, visit.person.person_id, **ids)


def _goals(visit: Visit, pair: CheckinPair) -> list[Row]:
    """One's own goals as they are now: the latest word on each."""
    latest: dict[object, Row] = {}
    for row in _mine(visit, GOALS, pair):
        latest.setdefault(row["goal"], row)
    return list(reversed(latest.values()))


def _told(visit: Visit, pair: CheckinPair) -> Told:
    me = visit.person.person_id
    partner, _ = pair.partner_of(me)
    answered = visit.site.store.entered(PULSE, me, partner_id=partner)
    # That they met, and when they mean to, is no news to the other: nobody is asked what both know.
    ids = {"mentor_id": pair.mentor_id, "mentee_id": pair.mentee_id}
    theirs = visit.site.store.entered(SESSIONS, partner, **ids, status="held")
    met = [row["on"] for row in (*_mine(visit, SESSIONS, pair), *theirs)]
    days = [day for day in met if isinstance(day, dt.date)]
    return Told(
        {str(row["wave"]) for row in answered},
        max(days, default=None),
        len(_goals(visit, pair)),
        _moves(visit, pair),
    )


def _moves(visit: Visit, pair: CheckinPair) -> list[Move]:
    """The meetings that either side moved, the last told first."""
    partner, _ = pair.partner_of(visit.person.person_id)
    ids = {"mentor_id": pair.mentor_id, "mentee_id": pair.mentee_id}
    rows = [*_mine(visit, MOVES, pair), *visit.site.store.entered(MOVES, partner, **ids)]
    rows.sort(key=lambda row: int(str(row["id"])), reverse=True)
    return [
        Move(row["on"], row["moved_to"], row["entered_by"] == partner)  # type: ignore[arg-type]
        for row in rows
    ]


def _due(visit: Visit, pair: CheckinPair) -> tuple[Due, ...]:
    return due(visit.roster, pair, _told(visit, pair), visit.days)


def _coming(visit: Visit, pair: CheckinPair) -> dt.date | None:
    """When does the pair's next check-in open?"""
    days = (wave.opens for wave in visit.roster.waves_of(pair))
    return min((day for day in days if day > visit.days.latest), default=None)


def _asked(visit: Visit) -> dict[str, str]:
    """The statements of a check-in, by the name of their field."""
    items = [item.item for item in visit.roster.items]
    return {f"item-{item}": question(visit.roster, item, visit.say) for item in items}


def question(roster: Roster, item: str, say: Texts) -> str:
    """The statement of an item: the programme's own words first, then ours; "" if none are known.

    Own words in another language go before none.
    """
    own = roster.questions.get(item, {})
    if say.language in own:
        return own[say.language]
    if item in QUESTIONS and not own:
        return say(QUESTIONS[item])
    return own.get(SOURCE, "") or next(iter(own.values()), "")
