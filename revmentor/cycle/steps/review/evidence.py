"""What does the review look at: this match, and every review table as known on the day?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from revmentor.cycle.context import Context
from revmentor.cycle.pool import selection_of
from revmentor.cycle.steps.matching import SCORE_SHARE
from revmentor.metrics import Burden, Estimate, Evidence, Span, burden, known_by, people_by
from revmentor.params import Params
from revmentor.planning import meetings
from revmentor.planning.waves import waves_of

ASKED = ("pulse", "leadership", "creativity")
SHORT_OF_PLACES = ("places_taken", "outbid")


def evidence_of(context: Context, read: Mapping[str, pd.DataFrame]) -> Evidence:
    """The match as it is recorded, with these tables as known on the day that the params name.

    Parameters
    ----------
    context : Context
        The match's artefacts are read from its folder.
    read : mapping of table to DataFrame
        Every review table that the cycle has, as loaded.
    """
    params, tables, work = context.params, context.tables, context.work
    programme, items, as_of = params.programme, params.data.items, params.review.as_of
    alone = work.read_table("unmatched")
    short = alone.loc[alone["code"].isin(SHORT_OF_PLACES), "person_id"]
    return Evidence(
        pairs=in_waves(work.read_table("pairs"), params),
        people=people_by(tables.people, as_of) if as_of else tables.people,
        applications=selection_of(tables, params).told(),
        tables=known_by(read, as_of) if as_of else read,
        start=programme.start,
        end=programme.end,
        due=meetings(programme),
        first_meeting_within_days=programme.first_meeting_within_days,
        items={name: getattr(items, name) for name in ASKED},
        changed=items.changed,
        seed=params.solver.seed,
        score_share=Estimate(**work.read_json(SCORE_SHARE)),
        lacked_places=frozenset(short),
        waves={
            wave.name: Span(meetings(programme, wave), wave.end)
            for wave in waves_of(params)
            if params.design.waves
        },
        as_of=as_of,
    )


def in_waves(pairs: pd.DataFrame, params: Params) -> pd.DataFrame:
    """The pairs with their own first and last day, where waves have days of their own."""
    if not params.design.waves or "wave" not in pairs:
        return pairs
    waves = waves_of(params)
    begins = {wave.name: pd.Timestamp(wave.start) for wave in waves}
    ends = {wave.name: pd.Timestamp(wave.end) for wave in waves}
    return pairs.assign(
        begins=pairs["wave"].map(begins).astype("datetime64[us]"),
        ends=pairs["wave"].map(ends).astype("datetime64[us]"),
    )


def burden_of(seen: Evidence, as_of: dt.date, params: Params) -> Burden | None:
    """How loaded the mentors are on a day; None without meetings and pulse."""
    scale = params.data.scales.item
    if not {"sessions", "pulse"} & set(seen.tables):
        return None
    return burden(
        seen.pairs,
        start=seen.start,
        as_of=as_of,
        minutes=params.programme.meeting_minutes,
        middle=(scale.low + scale.high) / 2,
        sessions=seen.table("sessions"),
        pulse=seen.table("pulse"),
        items=seen.items["pulse"],
        applications=seen.applications,
    )
