"""What should somebody do next for one of their pairs?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from revmentor.checkin.days import Days
from revmentor.checkin.roster import CheckinPair, CheckinWave, Roster

What = Literal["pulse", "meeting", "goals"]
ASK_AFTER_DAYS = 14


@dataclass(frozen=True)
class Move:
    """That the meeting of one day is to be on another, as one side or the other has told."""

    on: dt.date
    to: dt.date
    by_partner: bool = False


@dataclass(frozen=True)
class Told:
    """What somebody has told about one pair so far.

    ``waves`` are those that they answered, ``met`` the last day of a meeting that they told of, or
    on which their partner says that they met,
    ``goals`` how many goals they have, ``moves`` the meetings that either side moved, the last told
    first.
    """

    waves: Collection[str] = ()
    met: dt.date | None = None
    goals: int = 0
    moves: Sequence[Move] = ()


@dataclass(frozen=True)
class Due:
    """One thing to do; ``wave`` for a check-in."""

    what: What
    wave: CheckinWave | None = None


def due(roster: Roster, pair: CheckinPair, told: Told, days: Days) -> tuple[Due, ...]:
    """What is due now, the most urgent first?

    An open check-in that was not answered; a meeting, if none was told of for two weeks while the
    pair runs, or once the day is over to which one was moved; a first goal, once the pair has
    begun.
    """
    today = days.day
    found = [Due("pulse", wave) for wave in roster.open_waves(days, pair)
             if wave.name not in told.waves]  # fmt: skip
    if _asks_for_meeting(pair, told, today):
        found.append(Due("meeting"))
    if pair.start <= today <= pair.end and told.goals == 0:
        found.append(Due("goals"))
    return tuple(found)


def moved(told: Told, today: dt.date) -> list[Move]:
    """Which meetings are on another day now, the next one first?

    Those that nobody has told of yet, while their new day is to come or is asked for.
    """
    last = today - dt.timedelta(days=ASK_AFTER_DAYS)
    return sorted((move for move in _standing(told) if move.to >= last), key=lambda move: move.to)


def _asks_for_meeting(pair: CheckinPair, told: Told, today: dt.date) -> bool:
    patience = dt.timedelta(days=ASK_AFTER_DAYS)
    moves = _standing(told)
    if any(move.to < today <= move.to + patience for move in moves):
        return True
    # Where the meeting stands out, nobody is asked: no longer than after one that was told of.
    if any(move.on - patience <= today <= min(move.to, move.on + patience) for move in moves):
        return False
    since = max(pair.start, told.met) if told.met else pair.start
    asked = told.met is None or today - since >= patience
    return asked and pair.start <= today <= pair.end + patience


def _standing(told: Told) -> list[Move]:
    """The moves whose meeting has neither been told of nor moved again."""
    latest: dict[dt.date, Move] = {}
    for move in told.moves:
        latest.setdefault(move.on, move)
    return [
        move
        for move in latest.values()
        if move.to not in latest
        and (told.met is None or told.met < min(move.on + dt.timedelta(days=1), move.to))
    ]
