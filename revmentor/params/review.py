"""From when on does a pair need a look, and what is enough to conclude from?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from revmentor.params.section import Days, IsoDate, Section

Points = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Review(Section):
    """When a pair is flagged, and as of which day the review looks."""

    as_of: IsoDate | None = None
    falling_pulse: Points = 0.5
    disagreement: Points = 1.0
    silent_after_days: Days = 42
    cancellations_in_a_row: Annotated[int, Field(ge=1, le=20)] = 2
    pairs_a_week: Annotated[int, Field(ge=1, le=1000)] = 10
    rated_pairs: Annotated[int, Field(ge=20)] = 60
