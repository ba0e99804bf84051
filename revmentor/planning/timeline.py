"""When does what happen in a cycle, and what does it ask of a pair?"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from revmentor import words
from revmentor.params.models import Programme
from revmentor.planning.waves import Wave

SATURDAY = 5
MEETING = "Pairs meet"
FIRST_MEETINGS = "First meetings"


@dataclass(frozen=True)
class Event:
    """One phase of the cycle; ``last`` equals ``first`` for a single day.

    ``row`` names the phase that it is drawn with (empty: its own), ``note`` what is said there.
    """

    name: str
    first: dt.date
    last: dt.date
    row: str = ""
    note: str = ""


def phases(programme: Programme, waves: Sequence[Wave] = ()) -> tuple[Event, ...]:
    """Which phases has the cycle, in order of time? Phases without a date are left out.

    Promotion and training run until the pairs start; the pairs until the cycle's end, or each wave
    that has a name until its own.
    """
    named = [wave for wave in waves if wave.name]
    start, end = programme.start, programme.end
    eve = start - dt.timedelta(days=1)
    found: list[Event] = []
    if programme.promotion_from:
        found.append(Event("Promotion", programme.promotion_from, programme.sign_up_until or eve))
    if programme.sign_up_from:
        found.append(Event("Sign-up", programme.sign_up_from, programme.sign_up_until or eve))
    if programme.training_from:
        found.append(Event("Training", programme.training_from, max(programme.training_from, eve)))
    firsts: dict[tuple[dt.date, dt.date], list[str]] = {}
    asked: dict[dt.date, None] = {}
    each: Sequence[Wave | None] = named or (None,)
    for wave in each:
        span = start if wave is None else wave.start, first_meeting_by(programme, wave)
        firsts.setdefault(span, []).append("" if wave is None else wave.name)
        asked |= dict.fromkeys(check_ins(programme, wave))
    for span, names in firsts.items():
        of = words.agree(len(names), "wave")
        own = f"{FIRST_MEETINGS} of {of} {words.listed(names)}" if len(firsts) > 1 else ""
        found.append(Event(own or FIRST_MEETINGS, *span, FIRST_MEETINGS if own else ""))
    found.append(Event(MEETING, start, end))
    found += [Event(f"Wave {wave.name}", wave.start, wave.end, f"Wave {wave.name}")
              for wave in named]  # fmt: skip
    found += [Event(f"Check-in {k}", day, day) for k, day in enumerate(sorted(asked), 1)]
    if programme.review_on:
        found.append(Event("Review", programme.review_on, programme.review_on))
    return tuple(sorted(found, key=lambda event: (event.first, event.last)))


def on_working_day(day: dt.date) -> dt.date:
    """Which day from Monday to Friday is the first that is not before this one?

    >>> on_working_day(dt.date(2026, 1, 10))
    datetime.date(2026, 1, 12)
    """
    return day + dt.timedelta(days=(7 - day.weekday()) if day.weekday() >= SATURDAY else 0)


def _every(programme: Programme, days: int, first: int) -> tuple[dt.date, ...]:
    length = (programme.end - programme.start).days
    offsets = range(first, length + 1, days)
    found = (on_working_day(programme.start + dt.timedelta(days=k)) for k in offsets)
    return tuple(day for day in found if day <= programme.end)


def _of(programme: Programme, wave: Wave | None) -> Programme:
    return programme if wave is None else wave.of(programme)


def check_ins(programme: Programme, wave: Wave | None = None) -> tuple[dt.date, ...]:
    """On which days are the pairs (of a wave) asked how it goes? A weekend's on the next Monday."""
    each = programme.check_in_every_days
    return _every(_of(programme, wave), each, each)


def meetings(programme: Programme, wave: Wave | None = None) -> tuple[dt.date, ...]:
    """On which days is a pair (of a wave) due to meet? Weekends move to the next Monday.

    Parameters
    ----------
    programme : Programme
    wave : Wave or None
        From `revmentor.planning.waves`; None: a pair that meets through the whole cycle.
    """
    own = _of(programme, wave)
    return _every(own, own.meeting_every_days, 0)


def first_meeting_by(programme: Programme, wave: Wave | None = None) -> dt.date:
    """By which day should a pair (of a wave) have met for the first time?"""
    own = _of(programme, wave)
    return min(own.start + dt.timedelta(days=own.first_meeting_within_days), own.end)


def hours_per_pair(programme: Programme, wave: Wave | None = None) -> float:
    """How many hours does the cycle ask of each side of a pair (meetings only)?

    Meetings due times minutes of a meeting, divided by 60.
    """
    return math.fsum([programme.meeting_minutes] * len(meetings(programme, wave))) / 60
