"""Which pairs need a look, why, and what comes first?

A flag says *look here*, never more: screens of this kind find about four of ten pairs that end
early and flag about a quarter of those that do not (`base_rates`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from revmentor import words
from revmentor.metrics.health.facts import own_days
from revmentor.params.review import Review

Row = Mapping[Hashable, Any]
Tell = Callable[[Row], str]

HALF, QUARTER = 0.5, 0.25


@dataclass(frozen=True)
class Sign:
    """One reason to look at a pair.

    Parameters
    ----------
    label : str
        What it is called in counts.
    points : int
        What it takes from a pair's health (100 without any sign).
    red : bool
        Whether it is a red flag.
    tell : callable
        A pair's facts to the reason in words, which name nobody.
    confidential : bool
        For the coordinator only: it is counted on no page that may be shared.
    """

    label: str
    points: int
    red: bool
    tell: Tell
    confidential: bool = False


def _days(value: float) -> str:
    return words.counted(round(value), "day")


def _side(row: Row, column: str) -> str:
    return "both sides" if row[column] == "both" else f"the {row[column]}"


HAND = "hand"

# A raised hand says nothing of a pair's health: it takes no points, and goes before everything.
SIGNS: Final[Mapping[str, Sign]] = MappingProxyType(
    {
        HAND: Sign(
            "a raised hand waits",
            0,
            False,
            lambda row: f"{_side(row, 'hand_side')} raised a hand in confidence",
            confidential=True,
        ),
        "left": Sign(
            "one of the two has left",
            100,
            True,
            lambda row: f"{_side(row, 'left_side')} left the company",
        ),
        "no_first_meeting": Sign(
            "no meeting yet, though it was due",
            40,
            True,
            lambda row: f"no meeting yet, {_days(row['quiet'])} after the start",
        ),
        "senior_cancels": Sign(
            "the senior cancels again and again",
            30,
            True,
            lambda row: f"the mentee cancelled {row['cancelled_in_a_row']} times in a row",
        ),
        "silent": Sign(
            "no meeting for long",
            25,
            True,
            lambda row: f"no meeting for {_days(row['quiet'])}",
        ),
        "falling_pulse": Sign(
            "falling pulse",
            15,
            False,
            lambda row: (
                f"the pulse of {_side(row, 'falling_side')} fell by {row['fall']:.1f} points"
            ),
        ),
        "disagreement": Sign(
            "the two sides disagree",
            15,
            False,
            lambda row: (
                f"the {'mentee' if row['gap'] > 0 else 'mentor'} sees it "
                f"{abs(row['gap']):.1f} points lower than the other"
            ),
        ),
        "support_asked": Sign(
            "support asked for",
            10,
            False,
            lambda row: f"{_side(row, 'support_side')} asked for support",
        ),
        "no_answer": Sign(
            "no answer to the pulse", 10, False, lambda row: "neither answered the last pulse"
        ),
        "behind": Sign(
            "behind on the goals",
            10,
            False,
            lambda row: f"{words.percent(max(0.0, row['attainment']))} of the way to the goals",
        ),
        "untrained": Sign(
            "training due",
            5,
            False,
            lambda row: f"training is due for {_side(row, 'untrained_side')}",
        ),
    }
)

ACTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        HAND: "open the coordinator's page, then get in touch with {hand}",
        "left": "rematch",
        "no_first_meeting": "talk to both: set a day for the first meeting",
        "senior_cancels": "talk to the mentee: is there time for this?",
        "silent": "talk to both: go on, pause or end?",
        "falling_pulse": "talk to {falling}: what changed?",
        "disagreement": "talk to each alone",
        "support_asked": "answer what {support} asked for",
        "no_answer": "ask both how it goes",
        "behind": "look at the goals together",
        "untrained": "invite {untrained} to the training",
    }
)
REMATCH = "rematch, after a talk with both"
CLOSE = "close it well: thank both, ask what was missing"


def screen(
    facts: pd.DataFrame,
    *,
    as_of: dt.date,
    start: dt.date,
    end: dt.date,
    first_meeting_within_days: int,
    thresholds: Review,
    over: bool = False,
) -> pd.DataFrame:
    """Which signs does each pair show, how healthy is it, and what should be done?

    Parameters
    ----------
    facts : DataFrame
        From `pair_facts`.
    as_of, start, end : date
        The day of the look, and the pairs' first and last day.
    first_meeting_within_days : int
        From when on a pair without a meeting is flagged.
    thresholds : Review
        The params section ``review``.
    over : bool
        No more meeting is due: all that is left is to close the pair well.

    Returns
    -------
    DataFrame
        The facts with, for each pair: one boolean column per key of `SIGNS`, health (0..100: 100
        less the points of its signs), red (number of red flags), reasons (tuple of str, heaviest
        first), action (str, "" where there is nothing to do). Same index and order.

    Notes
    -----
    The points are a judgement, not an estimate, until `calibration` has past pairs to test them
    on. A pair is proposed for a rematch if somebody left, or if it never met in twice the time
    that it had, or if the senior cancelled one time more often in a row than the red flag needs.
    """
    days, length, ended = own_days(facts, as_of, start, end, over=over)
    fall, falling = _fall(facts, thresholds.falling_pulse)
    table = facts.assign(fall=fall, falling_side=falling)
    never = facts["held"] == 0
    late = never & (days >= first_meeting_within_days)
    gone = days / length.clip(lower=1)
    signs = {
        HAND: facts["hand_side"] != "",
        "left": facts["left_side"] != "",
        "no_first_meeting": late,
        "senior_cancels": facts["cancelled_in_a_row"] >= thresholds.cancellations_in_a_row,
        "silent": ~never & (facts["quiet"] >= thresholds.silent_after_days),
        "falling_pulse": falling != "",
        "disagreement": facts["gap"].abs() >= thresholds.disagreement,
        "support_asked": facts["support_side"] != "",
        "no_answer": facts["answered"] == 0,
        "behind": (gone >= HALF) & (facts["attainment"] < QUARTER),
        "untrained": facts["untrained_side"] != "",
    }
    shows = pd.DataFrame({name: signs[name].fillna(False).astype(bool) for name in SIGNS})
    # Where somebody has left, nothing else of the pair can be mended.
    shows.loc[shows["left"], shows.columns.difference(["left", HAND])] = False
    points = pd.Series({name: sign.points for name, sign in SIGNS.items()})
    table = table.join(shows)
    table["health"] = (100 - shows.mul(points).sum(axis=1)).clip(lower=0)
    table["red"] = shows[[name for name, sign in SIGNS.items() if sign.red]].sum(axis=1)
    again = (
        shows["left"]
        | (late & (days >= 2 * first_meeting_within_days))
        | (facts["cancelled_in_a_row"] > thresholds.cancellations_in_a_row)
    )
    table["rematch"] = again
    table["reasons"], table["action"] = _told(table, shows)
    close = ended & (table["action"] != "") & ~shows[HAND]
    table["action"] = table["action"].mask(close, CLOSE)
    return table


def _fall(facts: pd.DataFrame, least: float) -> tuple[pd.Series, pd.Series]:
    """By how much did the pulse fall at most, and on which side or sides by at least so much?"""
    drops = -facts[["mentor_change", "mentee_change"]]
    fell = (drops >= least).to_numpy()
    words_of = np.array(["", "mentor", "mentee", "both"], dtype=object)
    side = words_of[fell[:, 0].astype(int) + 2 * fell[:, 1].astype(int)]
    return drops.max(axis=1), pd.Series(side, index=facts.index)


def _told(table: pd.DataFrame, shows: pd.DataFrame) -> tuple[list[tuple[str, ...]], list[str]]:
    reasons: list[tuple[str, ...]] = []
    actions: list[str] = []
    flags = shows.to_numpy()
    names = list(shows.columns)
    for row, flagged in zip(table.to_dict("records"), flags, strict=True):
        mine = [name for name, flag in zip(names, flagged, strict=True) if flag]
        reasons.append(tuple(SIGNS[name].tell(row) for name in mine))
        actions.append(_action(mine, row))
    return reasons, actions


def _action(mine: list[str], row: Row) -> str:
    if not mine:
        return ""
    if row["rematch"] and HAND not in mine:
        return ACTIONS["left"] if "left" in mine else REMATCH
    sides = {
        name: _side(row, f"{name}_side") if row[f"{name}_side"] else ""
        for name in ("hand", "falling", "support", "untrained")
    }
    return ACTIONS[mine[0]].format(**sides)


def this_week(screened: pd.DataFrame, most: int) -> pd.DataFrame:
    """Which pairs come first this week? Raised hands, all of them, then the least healthy.

    Pairs with at least one sign other than a training that is due, which is asked for in one go; by
    raised hands, red flags, health, who has been quiet longest, then ids. At most so many, unless
    more hands are raised.
    """
    others = [name for name in SIGNS if name != "untrained"]
    due = screened.loc[screened[others].any(axis=1)].reset_index()
    order = {HAND: False, "red": False, "health": True, "quiet": False}
    order |= {"mentee_id": True, "mentor_id": True}
    due = due.sort_values(list(order), ascending=list(order.values()), ignore_index=True)
    return due.head(max(most, int(due[HAND].sum())))
