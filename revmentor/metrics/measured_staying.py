"""Who stayed, who was promoted, and does it differ: the measures of the table outcomes."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from revmentor.metrics.compared import Comparison
from revmentor.metrics.estimate import not_computed
from revmentor.metrics.findings import Findings
from revmentor.metrics.measured_kind import Measured, known, lacking
from revmentor.metrics.survival import Followed, promotion, retention
from revmentor.people import are_in


def _why_open(found: Findings) -> str:
    """Why it is not yet known who left or rose by the end of the cycle; empty if it is."""
    seen = found.evidence
    if seen.window_end == seen.end:
        return ""
    last = "no day after the start" if seen.window_end is None else f"{seen.window_end:%-d %B %Y}"
    return f"the cycle runs until {seen.end:%-d %B %Y}, and outcomes are known up to {last}"


def retained(found: Findings) -> Measured:
    """Which share of the participants stayed?"""
    if why := _why_open(found):
        return lacking(why, "retention")
    followed, of = known(found.stayed), _at_risk(found.stayed, found)
    stayed = followed.rows.loc[of, "happened"]
    return Measured(retention(followed, list(of), "participants"), of, of[~stayed.to_numpy()])


def raised_share(found: Findings) -> Measured:
    """Which share of the participants was promoted?"""
    if why := _why_open(found):
        return lacking(why, "promotion")
    followed, of = known(found.promoted), _at_risk(found.promoted, found)
    raised = followed.rows.loc[of, "happened"]
    return Measured(promotion(followed, list(of), "participants"), of, of[raised.to_numpy()])


def difference(name: str, key: str) -> Callable[[Findings], Measured]:
    """The comparison, if it may be used."""

    def find(found: Findings) -> Measured:
        if why := _why_open(found):
            return lacking(why, key)
        compared: Comparison = known(getattr(found, name))
        told = compared.difference
        if told.value is not None and not compared.speaks:
            why = compared.against.rstrip(".") or "the groups are too small to be compared"
            told = not_computed(why, told.n, told.unit, told.method, told.of)
        return Measured(told, pd.Index(sorted(compared.who.both), dtype="str"))

    return find


def _at_risk(followed: Followed | None, found: Findings) -> pd.Index:
    """Participants who were at risk when the cycle began."""
    index = known(followed).rows.index
    return index[are_in(index, found.evidence.participants["person_id"])]
