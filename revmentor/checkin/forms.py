"""What does a form bring: values that can be stored, or what to correct?"""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Table

from revmentor.checkin.roster import CheckinCircle, CheckinPair, Roster, Side
from revmentor.checkin.store import Row
from revmentor.checkin.texts import Texts
from revmentor.data.checkin_tables import CIRCLES, GOALS, HANDS, MOVES, PULSE, SESSIONS, SUPPORT

LONGEST = {"topic": 200, "goal": 200, "skill": 100, "support": 1000, "comment": 2000, "text": 2000}
LARGEST = 1e9
MOST_MINUTES = 1440

Happened = Literal["held", "cancelled_by_me", "cancelled_by_partner", "missed", "moved"]
HAPPENED: tuple[Happened, ...] = (
    "held", "cancelled_by_me", "cancelled_by_partner", "missed", "moved",
)  # fmt: skip


@dataclass
class Reading:
    """A form while it is read: what was sent, in which language, and what is wrong with it.

    ``errors`` has the id of each wrong field and what to do, in the order of the page, which puts
    the name of the field before it.
    """

    sent: Mapping[str, str]
    say: Texts
    errors: dict[str, str] = field(default_factory=dict)

    def refuse(self, name: str, what: str) -> None:
        """Note what is wrong with a field, the first thing only."""
        self.errors.setdefault(name, what)

    def text(self, name: str, *, lines: bool = False) -> str:
        """A text: trimmed, without control characters, not longer than its field."""
        raw = self.sent.get(name, "").encode("utf-8", "replace").decode()
        raw = unicodedata.normalize("NFC", raw.replace("\r\n", "\n"))
        kept = "".join(
            c if c.isprintable() or (lines and c == "\n") else " " if c.isspace() else ""
            for c in raw
        ).strip()
        most = LONGEST[name]
        if len(kept) > most:
            what = self.say("Please write at most {most} characters.").format(most=most)
            self.refuse(name, what)
        return kept

    def day(self, name: str, first: dt.date, last: dt.date) -> dt.date:
        """A day within these two; the first of them where it is wrong."""
        try:
            day = dt.date.fromisoformat(self.sent.get(name, "").strip())
        except ValueError:
            self.refuse(name, self.say("Please enter a date, such as 2026-03-04."))
            return first
        if not first <= day <= last:
            between = self.say("Please enter a date from {first} to {last}.")
            days = {"first": self.say.day(first), "last": self.say.day(last)}
            self.refuse(name, between.format(**days))
        return day

    def number(self, name: str) -> float:
        """A finite number; 0 where it is wrong, or may be another one."""
        sent = self.sent.get(name, "")[:40]
        if either := self.say.either(sent):
            what = self.say("This may be {many} or {few}. Please write it in one of these ways.")
            self.refuse(name, what.format(many=either[0], few=either[1]))
            return 0.0
        found = self.say.parsed(sent)
        if found is None or not math.isfinite(found) or abs(found) > LARGEST:
            self.refuse(name, self.say("Please enter a number."))
            return 0.0
        return found


def meeting_days(pair: CheckinPair, latest: dt.date) -> tuple[dt.date, dt.date]:
    """On which days can a meeting have been, up to the day that it already is somewhere?"""
    return min(pair.start, latest), latest


def read_meeting(
    reading: Reading, pair: CheckinPair, side: Side, latest: dt.date
) -> tuple[Table, Row]:
    """A meeting that was held, cancelled, missed or moved: its table and its row.

    ``latest`` is the day that it already is somewhere.
    """
    happened = reading.sent.get("happened", "")
    if happened not in HAPPENED:
        reading.refuse("happened", reading.say("Please choose one of these."))
    ids = {"mentor_id": pair.mentor_id, "mentee_id": pair.mentee_id}
    if happened == "moved":
        span = min(pair.start, latest), max(pair.end, latest) + dt.timedelta(days=366)
        on, moved_to = reading.day("on", *span), reading.day("moved_to", *span)
        if moved_to == on:
            reading.refuse("moved_to", reading.say("Please enter another day than the first."))
        return MOVES, {**ids, "on": on, "moved_to": moved_to}
    on = reading.day("on", *meeting_days(pair, latest))
    minutes, topic = None, None
    if happened == "held":
        number = reading.number("minutes")
        if "minutes" not in reading.errors and not (
            1 <= number <= MOST_MINUTES and number == int(number)
        ):
            reading.refuse("minutes", reading.say("Please enter whole minutes, from 1 to 1440."))
        minutes, topic = int(number), reading.text("topic") or None
    other: Side = "mentee" if side == "mentor" else "mentor"
    by = {
        "cancelled_by_me": f"cancelled_by_{side}",
        "cancelled_by_partner": f"cancelled_by_{other}",
    }
    status = by.get(happened, happened)
    return SESSIONS, {**ids, "on": on, "status": status, "minutes": minutes, "topic": topic}


def read_pulse(
    reading: Reading, roster: Roster, person_id: str, partner_id: str, wave: str, today: dt.date
) -> tuple[list[tuple[Table, Row]], dict[str, float]]:
    """The answers of a check-in: rows, and the items that were answered."""
    steps = {str(step) for step in range(roster.scale.first, roster.scale.last + 1)}
    items = {}
    for item in roster.items:
        sent = reading.sent.get(f"item-{item.item}", "")
        if sent in steps:
            items[item.item] = float(sent)
        elif sent:
            reading.refuse(f"item-{item.item}", reading.say("Please choose one of the steps."))
    support = reading.text("support", lines=True) or None
    comment = reading.text("comment", lines=True) or None
    if not items and roster.items and not reading.errors:
        first = f"item-{roster.items[0].item}"
        reading.refuse(first, reading.say("Please answer at least one statement."))
    pulse = {"person_id": person_id, "partner_id": partner_id, "wave": wave, "on": today,
             "support_needed": support, "comment": comment}  # fmt: skip
    rows: list[tuple[Table, Row]] = [(PULSE, pulse)]
    if support:
        rows.append((SUPPORT, {"person_id": person_id, "partner_id": partner_id, "text": support}))
    return rows, items


def read_goal(reading: Reading, pair: CheckinPair, today: dt.date) -> tuple[Table, Row]:
    """A new goal: where it starts, where it shall end, where it is."""
    goal, skill = reading.text("goal"), reading.text("skill") or None
    if not goal:
        reading.refuse("goal", reading.say("Please fill this in."))
    if skill and skill not in pair.skills:
        reading.refuse("skill", reading.say("Please choose one of the skills."))
    baseline, target = reading.number("baseline"), reading.number("target")
    current = reading.number("current") if reading.sent.get("current", "").strip() else baseline
    if baseline == target and not {"baseline", "target"} & set(reading.errors):
        reading.refuse("target", reading.say("Please enter a target that differs from the start."))
    ids = {"mentor_id": pair.mentor_id, "mentee_id": pair.mentee_id}
    row = {"goal": goal, "skill": skill, "baseline": baseline, "target": target, "current": current}
    return GOALS, {**ids, **row, "on": today}


def read_progress(reading: Reading, goal: Row, today: dt.date) -> tuple[Table, Row]:
    """Where a goal of one's own is now."""
    kept = ("mentor_id", "mentee_id", "goal", "skill", "baseline", "target")
    row = {name: goal[name] for name in kept}
    return GOALS, {**row, "current": reading.number("current"), "on": today}


def read_note(
    reading: Reading,
    what: Literal["support", "hand"],
    person_id: str,
    partner_id: str | None,
    circles: Sequence[CheckinCircle] = (),
) -> list[tuple[Table, Row]]:
    """A request for support, or a raised hand (which needs no words), and about which circle.

    Whoever is in a pair and a circle, or in several circles, says about which of them it is.
    """
    note = reading.text("text", lines=True)
    if what == "support" and not note:
        reading.refuse("text", reading.say("Please fill this in."))
    topics = {f"circle:{circle.topic}": circle.topic for circle in circles}
    subjects = [*(["pair"] if partner_id else []), *topics]
    about = reading.sent.get("about", "") if len(subjects) > 1 else "".join(subjects)
    if subjects and about not in subjects:
        reading.refuse("about", reading.say("Please choose one of these."))
    partner = partner_id if about == "pair" else None
    row = {"person_id": person_id, "partner_id": partner, "text": note}
    rows: list[tuple[Table, Row]] = [(SUPPORT if what == "support" else HANDS, row)]
    return [*rows, (CIRCLES, {"circle": topics[about]})] if about in topics else rows
