"""Who is asked, in which waves, and what is promised to them before anybody is matched?"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from revmentor.params.limits import MOST_WAVES, Limits, PairCount, once
from revmentor.params.programme import Programme
from revmentor.params.section import Days, IsoDate, Section, wrong

_COUNTRY = re.compile(r"[A-Z]{2}(-\w+)?")


def _known_country(code: str) -> str:
    """The code itself, if the library of holidays knows the country and its part."""
    if not _COUNTRY.fullmatch(code):
        cure = "write the two capital letters of ISO 3166, such as DE, or DE-BY for a part of it"
        raise wrong("", "this is no code of a country", cure)
    import holidays  # takes longer than all params; most cycles that name no country need it not

    country, _, part = code.partition("-")
    try:
        found = holidays.country_holidays(country)
    except NotImplementedError:
        cure = "write another code of ISO 3166, or leave the country out"
        raise wrong("", "the library of holidays does not know this country", cure) from None
    if part and part not in found.subdivisions:
        known = ", ".join(found.subdivisions) or "none"
        cure = f"write one of its parts ({known}), or {country} alone"
        raise wrong("", f"{country} has no part {part!r} with holidays of its own", cure)
    return code


Country = Annotated[str, AfterValidator(_known_country)]


class PlannedWave(Section):
    """Pairs that start together: when, how long, how often they meet, at most how many.

    ``start`` None is the cycle's start; with neither ``end`` nor ``weeks`` the wave lasts until the
    cycle's end; ``meeting_every_days`` None is the programme's.
    """

    name: Annotated[str, Field(min_length=1)]
    start: IsoDate | None = None
    end: IsoDate | None = None
    weeks: Annotated[int, Field(ge=1, le=520)] | None = None
    meeting_every_days: Days | None = None
    at_most: PairCount | None = None

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if self.end is not None and self.weeks is not None:
            raise wrong("weeks", "both end and weeks are given", "keep one of the two")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise wrong(
                "end", f"it is not after the wave's start on {self.start}", "write a later day"
            )
        return self

    def first(self, start: dt.date) -> dt.date:
        """First day, in a cycle that starts on this day."""
        return self.start or start

    def last(self, start: dt.date, end: dt.date) -> dt.date:
        """Last day, in a cycle of these days."""
        if self.weeks is not None:
            return self.first(start) + dt.timedelta(days=7 * self.weeks - 1)
        return self.end or end


class Design(Section):
    """Scope, waves, training, incentives, promotion and working calendars of a cycle."""

    country: Country | None = None
    countries: dict[str, Country] = Field(default_factory=dict)
    waves: tuple[PlannedWave, ...] = Field(default=(), max_length=MOST_WAVES, strict=False)

    @model_validator(mode="after")
    def _waves_once(self) -> Self:
        once("waves", (wave.name for wave in self.waves))
        return self


def check_waves(design: Design, programme: Programme, limits: Limits) -> None:
    """Raises if a wave is outside the cycle, or the matching knows other waves than the design."""
    for number, wave in enumerate(design.waves):
        first = wave.first(programme.start)
        last = wave.last(programme.start, programme.end)
        path = f"design.waves.{number}"
        if not programme.start <= first <= programme.end:
            raise wrong(
                f"{path}.start",
                f"the wave {wave.name!r} starts on {first}, and the cycle goes from "
                f"{programme.start} to {programme.end}",
                "move the wave into programme.start to programme.end, or move these",
            )
        if last > programme.end:
            raise wrong(
                f"{path}.{'end' if wave.weeks is None else 'weeks'}",
                f"the wave {wave.name!r} ends on {last}, after the cycle on {programme.end}",
                "shorten the wave, or move programme.end",
            )
        if last <= first:
            raise wrong(
                f"{path}.end",
                f"the wave {wave.name!r} ends on {last}, not after its start on {first}",
                "write a later day",
            )
    planned, limited = ({w.name.casefold() for w in ws} for ws in (design.waves, limits.waves))
    if planned and limited and planned != limited:
        raise wrong(
            "matching.limits.waves",
            f"its waves ({', '.join(w.name for w in limits.waves)}) are not those of design.waves "
            f"({', '.join(w.name for w in design.waves)})",
            "write the same names in both, or leave matching.limits.waves empty: it then takes "
            "those of the design",
        )
