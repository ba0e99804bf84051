"""What may be shown of the meetings: by week, held of those due, cancelled, the first?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from revmentor.cycle.steps.review.shares import Key, Shares
from revmentor.disclosure import (
    NOT_SHOWN,
    Count,
    Disclosed,
    DisclosedCounts,
    counted,
    disclose_counts,
    disclose_rhythm,
)
from revmentor.metrics.estimate import Estimate
from revmentor.metrics.measured_kind import Events, Measured
from revmentor.names import SIDES

PAIRS_DUE = "pairs-due"
BY_WEEK = "meetings by week are not shown, as they would tell how many pairs there are"


def add_sessions(shares: Shares, first: Measured, held: Measured) -> None:
    """Meetings: by week, cancelled, of those due, the first."""
    rhythm = shares.findings.rhythm
    if rhythm is None:
        return
    shares.found["rhythm"] = disclose_rhythm(rhythm, shares.minimum)
    _add_pairs_due(shares, rhythm.begun)
    cancelled: dict[Key, Estimate] = {(side,): share for side, share in rhythm.cancelled.items()}
    meetings = rhythm.by_pair
    events: dict[Key, Events] = {
        (side,): Events(meetings[f"cancelled_by_{side}"], meetings["arranged"]) for side in SIDES
    }
    shares.several("cancelled", cancelled, {}, "side", events=events)
    shares.one("held-of-due", held.estimate, shares.group(held), held.events)
    shares.of_measure["meetings_held_share"] = shares.group(held)
    shares.one("first-meeting", first.estimate, shares.group(first))


def _add_pairs_due(shares: Shares, begun: pd.Index) -> None:
    """How many pairs owe meetings, wave by wave: so many times the meetings of one are due."""
    seen = shares.findings.evidence
    wave = pd.Series("all", seen.pair_index)
    if seen.waves and "wave" in seen.pairs:
        wave = pd.Series(seen.pairs["wave"].astype("str").to_numpy(), seen.pair_index)
    groups = wave.reindex(begun).groupby(wave.reindex(begun)).groups
    sizes = pd.DataFrame({"pairs": {str(name): len(who) for name, who in groups.items()}})
    shares.found[PAIRS_DUE] = disclose_counts(
        sizes, shares.minimum, totals="none", unit="pairs", row_name="wave"
    )
    shares.members[PAIRS_DUE] = counted(
        {(str(name), "pairs"): shares.ids(who) for name, who in groups.items()}, core=True
    )


def with_due(values: Mapping[str, Disclosed]) -> Mapping[str, Disclosed]:
    """The meetings by week only where the pairs that owe them are told exactly.

    Else the meetings due, divided by those of one pair, would be the number that is not told; and
    so would the meetings held, divided by the share that pairs held of theirs.

    Parameters
    ----------
    values : mapping of name to disclosed value
        Secured.
    """
    weeks, pairs = values.get("rhythm"), values.get(PAIRS_DUE)
    if not isinstance(weeks, DisclosedCounts) or not isinstance(pairs, DisclosedCounts):
        return values
    if all(count.value is not None for count in pairs.column("pairs")):
        return values
    gone = (Count(value=None, low=0, high=None, text=NOT_SHOWN),) * len(weeks.columns)
    update = {"cells": (gone,) * len(weeks.rows), "column_totals": gone, "note": BY_WEEK}
    return {**values, "rhythm": weeks.model_copy(update=update)}
