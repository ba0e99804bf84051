"""How many have answered, told so that no single answer can be noticed?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from revmentor.checkin.roster import CheckinWave, Roster
from revmentor.checkin.store import Store
from revmentor.disclosure import NOT_SHOWN, Count
from revmentor.names import SIDES


@dataclass(frozen=True)
class Response:
    """How many people of one side have answered in one wave, of how many asked."""

    wave: CheckinWave
    side: str
    asked: Count
    answered: Count


def band(answered: int, asked: int, minimum: int) -> Count:
    """Between which numbers is the number of people who have answered?

    Parameters
    ----------
    answered, asked : int
        People; ``answered`` is at most ``asked``.
    minimum : int
        Smallest group that is shown.

    Returns
    -------
    Count
        Never a number, always at least ``minimum`` of them: 0 to 4, 5 to 9, ..., the last one up
        to ``asked``. Of two bands that differ, the numbers may differ by one person, but nobody
        can tell which one; and who has *not* answered is a group of any size in the last band.

    >>> band(7, 12, 5).text, band(12, 12, 5).text, band(3, 8, 5).text
    ('5 to 12', '5 to 12', 'not shown')
    """
    steps = asked + 1
    if asked < minimum or steps < 2 * minimum:
        return Count(value=None, low=0, high=asked, text=NOT_SHOWN)
    last = steps // minimum - 1
    place = min(answered // minimum, last)
    low = place * minimum
    high = asked if place == last else low + minimum - 1
    return Count(value=None, low=low, high=high, text=f"{low} to {high}")


def response(roster: Roster, store: Store, today: dt.date) -> tuple[Response, ...]:
    """How many have answered by the end of yesterday, by wave and side?

    Counted once a day (UTC) and in bands: whoever looks at the page before and after somebody
    answers sees the same. There are no totals, so there is nothing to subtract.
    """
    told = store.answered_before(dt.datetime.combine(today, dt.time()))
    found = []
    for wave in roster.waves:
        if wave.opens > today:
            continue
        answered = {(who, partner) for who, partner, name in told if name == wave.name}
        for side in SIDES:
            asked, done = _people(roster, wave, side, answered)
            found.append(
                Response(
                    wave,
                    side,
                    _asked(asked, roster.minimum_group),
                    band(done, asked, roster.minimum_group),
                )
            )
    return tuple(found)


def _people(
    roster: Roster, wave: CheckinWave, side: str, answered: Collection[tuple[str, str]]
) -> tuple[int, int]:
    """People of one side who are asked, and those of them who answered for one pair at least."""
    asked, done = set(), set()
    for pair in roster.pairs:
        if wave.pairs not in ("", pair.wave):
            continue
        both = (pair.mentor_id, pair.mentee_id)
        who, partner = both if side == "mentor" else both[::-1]
        asked.add(who)
        if (who, partner) in answered:
            done.add(who)
    return len(asked), len(done)


def _asked(asked: int, minimum: int) -> Count:
    # Who is in a pair the coordinator knows by name; the number is no secret, and is shown as such.
    if 0 < asked < minimum:
        return Count(value=None, low=1, high=minimum - 1, text=NOT_SHOWN)
    return Count.shown(asked)
