"""What should somebody do next for one of their pairs?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from revmentor.checkin.days import Days
from revmentor.checkin.roster import CheckinPair, CheckinWave, Roster

What = Literal["pulse", "meeting", "goals"]
ASK_AFTER_DAYS = 14


@dataclass(frozen=True)
class Told:
    """What somebody has told about one pair so far.

    ``waves`` are those that they answered, ``met`` the last day of a meeting that they told of, or
    on which their partner says that they met,
    ``goals`` how many goals they have.
    """

    waves: Collection[str] = ()
    met: dt.date | None = None
    goals: int = 0


@dataclass(frozen=True)
class Due:
    """One thing to do; ``wave`` for a check-in."""

    what: What
    wave: CheckinWave | None = None


def due(roster: Roster, pair: CheckinPair, told: Told, days: Days) -> tuple[Due, ...]:
    """What is due now, the most urgent first?

    An open check-in that was not answered; a meeting, if none was told of for two weeks while the
    pair runs; a first goal, once the pair has begun.
    """
    today = days.day
    found = [Due("pulse", wave) for wave in roster.open_waves(days, pair)
             if wave.name not in told.waves]  # fmt: skip
    since = max(pair.start, told.met) if told.met else pair.start
    if pair.start <= today <= pair.end + dt.timedelta(days=ASK_AFTER_DAYS) and (
        told.met is None or (today - since).days >= ASK_AFTER_DAYS
    ):
        found.append(Due("meeting"))
    if pair.start <= today <= pair.end and told.goals == 0:
        found.append(Due("goals"))
    return tuple(found)
