"""What do all sections of the parameters share: strict types, closed keys, cross-checks?"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


def wrong(path: str, problem: str, cure: str) -> PydanticCustomError:
    """A fault between parameters: `path` is dotted, and starts at the section that finds it."""
    context = {"path": path, "problem": problem, "cure": cure}
    return PydanticCustomError("cross_check", "{problem}; {cure}", context)


def _iso_date(value: object) -> object:
    """Accept a date or ISO text; a number or another order is not a date."""
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise wrong("", "the calendar has no such day", "check the day and month") from None
    raise wrong("", "this is not a date", "write it as year-month-day, such as 2026-01-31")


IsoDate = Annotated[dt.date, BeforeValidator(_iso_date)]
Character = Annotated[str, Field(min_length=1, max_length=1)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Days = Annotated[int, Field(ge=1, le=3660)]


class Section(BaseModel):
    """Frozen, strict about types, and closed: an unknown key is an error."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, populate_by_name=True, validate_default=True
    )
