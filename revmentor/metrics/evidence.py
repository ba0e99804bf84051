"""What did the cycle leave behind up to a day: its pairs, its people, and its review tables?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pandas as pd

from revmentor.metrics.estimate import Estimate
from revmentor.metrics.sessions import ONE_WAVE, PAIR, Spans
from revmentor.names import SIDES

if TYPE_CHECKING:
    from revmentor.params.models import ChangedItems

DATED = ("sessions", "pulse", "goals", "training")


@dataclass(frozen=True)
class Evidence:
    """The pairs of one match and every review table, as known on one day.

    Parameters
    ----------
    pairs : DataFrame
        mentor_id, mentee_id, score (0..1): one row per pair; with waves of their own days also
        wave, begins and ends.
    people, applications : DataFrame
        As in the contract.
    tables : mapping of table to DataFrame
        The review tables that the cycle has and that are not empty.
    start, end : date
        The pairs' first and last day.
    due : sequence of date
        Days on which a pair is due to meet.
    first_meeting_within_days : int
        How long a pair has for its first meeting.
    items : mapping of table to sequence of str
        Question columns of pulse, leadership and creativity.
    changed : sequence of ChangedItems
        Questions that were asked otherwise in some waves, as in ``data.items.changed``.
    seed : int
        Of permutations and bootstraps.
    score_share : Estimate or None
        Share of the highest possible score that the match reaches, as the match told it.
    lacked_places : frozenset of str
        Applicants who got no partner because places were short.
    waves : mapping of str to Span
        When the pairs of each wave meet; empty where all meet through the whole cycle.
    as_of : date or None
        The day of the look; None: every table is known up to the last day that it tells of.
    on_page : frozenset of str
        Tables that people fill on the check-in page.
    """

    pairs: pd.DataFrame
    people: pd.DataFrame
    applications: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    start: dt.date
    end: dt.date
    due: Sequence[dt.date]
    first_meeting_within_days: int
    items: Mapping[str, Sequence[str]]
    changed: Sequence[ChangedItems] = ()
    seed: int = 0
    score_share: Estimate | None = None
    lacked_places: frozenset[str] = frozenset()
    waves: Spans = ONE_WAVE
    as_of: dt.date | None = None
    on_page: frozenset[str] = frozenset()

    def table(self, name: str) -> pd.DataFrame | None:
        """A review table, or None where the cycle has none or an empty one."""
        return self.tables.get(name)

    def known_until(self, name: str) -> dt.date | None:
        """Up to which day does a dated table tell? The day of the look, else its last row's."""
        frame = self.table(name)
        if frame is None or frame["on"].isna().all():
            return None
        last: dt.date = frame["on"].max().date()
        return last if self.as_of is None else self.as_of

    @cached_property
    def window_end(self) -> dt.date | None:
        """Up to which day of the cycle is it known who left? None: no day after the start is."""
        frame = self.table("outcomes")
        if frame is None:
            return None
        last: dt.date = min(self.end, frame["on"].max().date())
        return last if last > self.start else None

    @cached_property
    def participants(self) -> pd.DataFrame:
        """Everybody in a pair: person_id, side; who is on both sides has two rows."""
        ids = [self.pairs[f"{side}_id"].drop_duplicates() for side in SIDES]
        return pd.concat(
            [
                pd.DataFrame({"person_id": who, "side": side})
                for who, side in zip(ids, SIDES, strict=True)
            ],
            ignore_index=True,
        )

    @cached_property
    def pair_index(self) -> pd.MultiIndex:
        """The pairs as an index by mentor_id, mentee_id."""
        return pd.MultiIndex.from_frame(self.pairs[PAIR])


ENTERED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sessions": "entered a meeting",
        "pulse": "answered a check-in",
        "goals": "entered a goal",
    }
)


def why_absent(table: str, on_page: Collection[str] = ()) -> str:
    """Why is nothing known of this table?

    Parameters
    ----------
    table : str
        A review table that is not there, or has no rows.
    on_page : collection of str
        Tables that people fill on the check-in page.

    >>> why_absent("goals")
    'there is no table “goals”'
    >>> why_absent("goals", {"goals"})
    'nobody has entered a goal on the check-in page yet'
    """
    if table not in on_page:
        return f"there is no table “{table}”"
    return f"nobody has {ENTERED.get(table, f'filled “{table}”')} on the check-in page yet"


def last_day(tables: Mapping[str, pd.DataFrame]) -> dt.date | None:
    """Which is the last day that meetings, pulse or goals tell of? None: none of them does."""
    days = [
        tables[name]["on"].max()
        for name in ("sessions", "pulse", "goals")
        if name in tables and tables[name]["on"].notna().any()
    ]
    return max(days).date() if days else None


def known_by(tables: Mapping[str, pd.DataFrame], as_of: dt.date) -> dict[str, pd.DataFrame]:
    """What did the tables say at the end of this day?

    Rows dated later are left out, and whoever left or was promoted later had not yet. Tables
    without dates (skills, ties) are taken as they are. A table without rows is left out.
    """
    day = pd.Timestamp(as_of)
    known = {}
    for name, frame in tables.items():
        if name in DATED:
            frame = frame.loc[frame["on"].isna() | (frame["on"] <= day)]
        elif name == "outcomes":
            later = {
                column: frame[column].where(frame[column] <= day)
                for column in ("left_on", "promoted_on")
            }
            frame = frame.assign(on=frame["on"].mask(frame["on"] > day, day), **later)
        if not frame.empty:
            known[name] = frame.reset_index(drop=True)
    return known


def people_by(people: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """The people as known at the end of this day: who left or rose later had not yet."""
    day = pd.Timestamp(as_of)
    later = {name: people[name].where(people[name] <= day) for name in ("left_on", "promoted_on")}
    return people.assign(**later)
