"""How do people come in, and who has a place where places are short?"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from revmentor.params.section import Section, Share, wrong

Way = Literal["hand-picked", "open", "application"]
Part = Literal["readiness", "commitment", "hours", "skills", "waited", "wishes"]
WAYS: tuple[Way, ...] = ("hand-picked", "open", "application")
People = Annotated[int, Field(ge=0, le=1_000_000)]
PartWeight = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class SidePlaces(Section):
    """People of each side who can take part; None: everybody."""

    mentor: People | None = None
    mentee: People | None = None


class ScoreParts(Section):
    """Weight of each part of an application's score, on any scale; never age, gender or grade."""

    readiness: PartWeight = 3.0
    commitment: PartWeight = 2.0
    hours: PartWeight = 2.0
    skills: PartWeight = 2.0
    waited: PartWeight = 1.0
    wishes: PartWeight = 0.0


class Enrolment(Section):
    """Ways in, places, the score of applications and the lottery."""

    ways: tuple[Way, ...] = Field(default=WAYS, strict=False, min_length=1)
    certain: tuple[Way, ...] = Field(default=("hand-picked",), strict=False)
    places: SidePlaces = SidePlaces()
    by: Literal["lottery", "score"] = "lottery"
    score: ScoreParts = ScoreParts()
    hours_enough: Annotated[float, Field(gt=0, le=744, allow_inf_nan=False)] = 4.0
    waits_enough: Annotated[int, Field(ge=1, le=100)] = 2
    missing: Literal["mean", "zero", "exclude"] = "mean"
    bar: Share = 0.0
    lottery_share: Share = 0.0
    seed: Annotated[int, Field(ge=0)] | None = 0
    low_below: Annotated[float, Field(allow_inf_nan=False)] = 3.0
    recruit_most: Annotated[int, Field(ge=1, le=20)] = 6

    @model_validator(mode="after")
    def _ways_fit(self) -> Self:
        for path, ways in (("ways", self.ways), ("certain", self.certain)):
            twice = [way for way in ways if ways.count(way) > 1]
            if twice:
                raise wrong(path, f"{twice[0]!r} stands more than once", "keep one of them")
        outside = [way for way in self.certain if way not in self.ways]
        # Hand-picked people are certain unless a cycle says otherwise, whichever ways it has.
        if set(outside) - {"hand-picked"}:
            raise wrong(
                "certain",
                f"{outside[0]!r} is no way into this cycle",
                "add it to enrolment.ways, or leave it out",
            )
        return self

    @model_validator(mode="after")
    def _score_counts(self) -> Self:
        if not any(getattr(self.score, part) for part in type(self.score).model_fields):
            raise wrong("score", "all weights are 0", "give at least one part a weight")
        return self

    @property
    def limited(self) -> bool:
        """Is the number of people limited on a side?"""
        return self.places.mentor is not None or self.places.mentee is not None
