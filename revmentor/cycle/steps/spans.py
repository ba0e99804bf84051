"""When do the pairs of each wave meet?"""

from __future__ import annotations

import pandas as pd

from revmentor.metrics.sessions import Span
from revmentor.params import Params
from revmentor.planning import meetings, waves_of


def spans_of(params: Params) -> dict[str, Span]:
    """Days on which the pairs of each wave are due to meet; empty where the design names none."""
    if not params.design.waves:
        return {}
    return {
        wave.name: Span(meetings(params.programme, wave), wave.end) for wave in waves_of(params)
    }


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
