"""Who is asked, in which waves, and what is promised to them before anybody is matched?"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from revmentor.params.limits import MOST_WAVES, Limits, PairCount, once
from revmentor.params.programme import Programme
from revmentor.params.section import Days, IsoDate, Section, wrong

_COUNTRY = re.compile(r"[A-Z]{2}(-\w+)?")


def _known_country(code: str) -> str:
    """The code itself, if the library of holidays knows the country and its part."""
    if not _COUNTRY.fullmatch(code):
        cure = "write the two capital letters of ISO 3166, such as DE, or DE-BY for a part of it"
        raise wrong("", "this is no code of a country", cure)
    # They take longer to import than all params, and a cycle that names no country needs them not.
    import holidays
    from holidays.registry import EntityLoader

    country, _, part = code.partition("-")
    # `list_supported_countries` gives the same codes, and imports all 250 calendars for it.
    if country not in EntityLoader.get_country_codes():
        cure = "write another code of ISO 3166, or leave the country out"
        raise wrong("", "the library of holidays does not know this country", cure)
    parts = holidays.country_holidays(country).subdivisions if part else ()
    if part and part not in parts:
        one = f"one of its parts ({', '.join(parts)}), or " if parts else ""
        cure = f"write {one}{country} alone"
        raise wrong("", f"{country} has no part {part!r} with holidays of its own", cure)
    return code


Country = Annotated[str, AfterValidator(_known_country)]
# Grades are labels, or whole numbers where the cycle has no labels.
Label = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]
Hours = Annotated[float, Field(ge=0, le=744, allow_inf_nan=False)]


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


class SideScope(Section):
    """Whose job titles and grades are asked on one side; empty: any."""

    roles: tuple[str, ...] = Field(default=(), strict=False)
    grades: tuple[Label, ...] = Field(default=(), strict=False)


class Scope(Section):
    """Who may take part; empty lists: everybody. ``add`` and ``leave_out`` are ids of people."""

    departments: tuple[str, ...] = Field(default=(), strict=False)
    sites: tuple[str, ...] = Field(default=(), strict=False)
    mentors: SideScope = SideScope()
    mentees: SideScope = SideScope()
    add: tuple[str, ...] = Field(default=(), strict=False)
    leave_out: tuple[str, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _in_or_out(self) -> Self:
        both = set(self.add) & set(self.leave_out)
        if both:
            people = "somebody is" if len(both) == 1 else f"{len(both)} people are"
            raise wrong("add", f"{people} also in leave_out", "keep each id in one of the two")
        return self

    @property
    def everybody(self) -> bool:
        """Is nobody left out?"""
        return self == Scope()


class SideHours(Section):
    """Hours a month of one person of each side; None: none."""

    mentor: Hours | None = None
    mentee: Hours | None = None


class SideMinutes(Section):
    """Minutes of each side."""

    mentor: Annotated[int, Field(ge=0, le=480)] = 0
    mentee: Annotated[int, Field(ge=0, le=480)] = 0


class CapacityPlan(Section):
    """Hours where an application names none, and minutes that a meeting takes to prepare."""

    usual_hours: SideHours = SideHours()
    preparation_minutes: SideMinutes = SideMinutes()


class TrainingModule(Section):
    """A training that a side owes before it starts, or by a day.

    ``due`` None: before the pair's own wave starts.
    """

    module: Annotated[str, Field(min_length=1)]
    owed_by: Literal["both", "mentor", "mentee"] = Field(default="both", alias="for")
    due: IsoDate | None = None
    minutes: Annotated[int, Field(ge=1, le=10_000)]
    about: str = ""


class Announcement(Section):
    """One message of the promotion: when, where, to whom, saying what, by which role."""

    on: IsoDate
    channel: Annotated[str, Field(min_length=1)]
    audience: str = ""
    message: str = ""
    owner: str = ""


class Promotion(Section):
    """How people hear of the programme, and the least days before sign-up ends."""

    lead_days: Annotated[int, Field(ge=0, le=366)] = 14
    plan: tuple[Announcement, ...] = Field(default=(), strict=False)


class Design(Section):
    """Scope, waves, training, incentives, promotion and working calendars of a cycle."""

    scope: Scope = Scope()
    country: Country | None = None
    countries: dict[str, Country] = Field(default_factory=dict)
    waves: tuple[PlannedWave, ...] = Field(default=(), max_length=MOST_WAVES, strict=False)
    capacity: CapacityPlan = CapacityPlan()
    incentives: tuple[Annotated[str, Field(min_length=1)], ...] = Field(default=(), strict=False)
    training: tuple[TrainingModule, ...] = Field(default=(), strict=False)
    promotion: Promotion = Promotion()

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        once("waves", (wave.name for wave in self.waves))
        once("training", (module.module for module in self.training))
        once("countries", (site.strip() for site in self.countries))
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
