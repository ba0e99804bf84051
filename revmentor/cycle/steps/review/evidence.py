"""What does the review look at: this match, and every review table as known on the day?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from revmentor.cycle.context import Context
from revmentor.cycle.pool import selection_of
from revmentor.cycle.steps.matching import SCORE_SHARE
from revmentor.cycle.steps.spans import in_waves, spans_of
from revmentor.metrics import Burden, Estimate, Evidence, burden, known_by, people_by
from revmentor.params import Params
from revmentor.planning import meetings

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
        waves=spans_of(params),
        as_of=as_of,
        on_page=frozenset(t for t, source in params.data.tables.items() if source.checkin),
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
