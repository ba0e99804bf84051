"""What must the whole match keep to, what is it for, and who comes first?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from revmentor.params.section import Section, Share, wrong

Objective = Literal["total", "participation", "max_min", "leximin"]
Over = Literal["mentees", "mentors", "both"]
Whose = Literal["mentor", "mentee", "either", "both"]
PairCount = Annotated[int, Field(ge=0, le=10_000_000)]
SHARED = ("department", "generation", "site")
# Columns whose quotas touch a ground on which people are protected: they need a written reason.
PROTECTED = ("generation", "birth_year", "birth_date", "gender")
# Every set of waves in which somebody is free is a group of its own in the model.
MOST_WAVES = 12


def in_order[S: Section](section: S, prefix: str = "") -> S:
    """The section itself, if its smallest limit is not above its largest."""
    for fault in _out_of_order(section, prefix):
        raise fault
    return section


def once(path: str, names: Iterable[str]) -> None:
    """Raises if a name stands twice, however it is written."""
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise wrong(
                path, f"more than one is called {name!r}", "give each of them a name of its own"
            )
        seen.add(name.casefold())


def _out_of_order(section: Section, prefix: str) -> Iterator[PydanticCustomError]:
    low, high = (getattr(section, f"{prefix}{end}") for end in ("at_least", "at_most"))
    if low is not None and high is not None and low > high:
        yield wrong(
            f"{prefix}at_least",
            f"it is above {high}, its {prefix}at_most",
            "lower it, or raise the other",
        )


class PairLimits(Section):
    """Fewest and most pairs."""

    at_least: PairCount | None = None
    at_most: PairCount | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        return in_order(self)


class ShareLimits(Section):
    """Smallest and largest share of all pairs."""

    at_least: Share | None = None
    at_most: Share | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        return in_order(self)

    @property
    def given(self) -> bool:
        """Is there any limit?"""
        return self.at_least is not None or self.at_most is not None


class JoiningLimits(Section):
    """Share of the pairs that join two different departments, generations or sites."""

    department: ShareLimits = ShareLimits()
    generation: ShareLimits = ShareLimits()
    site: ShareLimits = ShareLimits()


class Quota(Section):
    """How many, or which share, of the pairs have somebody with a value in a column of people."""

    column: Annotated[str, Field(min_length=1)]
    value: Annotated[str, Field(min_length=1)]
    side: Whose = "either"
    at_least: PairCount | None = None
    at_most: PairCount | None = None
    share_at_least: Share | None = None
    share_at_most: Share | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        limits = (self.at_least, self.at_most, self.share_at_least, self.share_at_most)
        if all(limit is None for limit in limits):
            raise wrong(
                "at_least",
                "the quota has no limit",
                "give at_least, at_most, share_at_least or share_at_most, or delete the quota",
            )
        if self.column in PROTECTED and not self.reason.strip():
            raise wrong(
                "reason",
                f"a quota by {self.column} has no reason written, and {self.column} is protected "
                "in many places",
                "write in its reason why it may count, or delete the quota",
            )
        return in_order(in_order(self), "share_")


class Wave(Section):
    """A wave of pairs that run at the same time; the most pairs it can hold, None for any."""

    name: Annotated[str, Field(min_length=1)]
    at_most: PairCount | None = None


class Limits(Section):
    """What the whole match must keep to."""

    pairs: PairLimits = PairLimits()
    shares: JoiningLimits = JoiningLimits()
    quotas: tuple[Quota, ...] = Field(default=(), strict=False)
    waves: tuple[Wave, ...] = Field(default=(), max_length=MOST_WAVES, strict=False)

    @model_validator(mode="after")
    def _waves_once(self) -> Self:
        once("waves", (wave.name for wave in self.waves))
        return self

    def by_generation(self) -> bool:
        """Does any share go by generation, which needs a written reason?"""
        return self.shares.generation.given


class Priority(Section):
    """Points added to the worth of a pair, which its score does not show."""

    waited: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
