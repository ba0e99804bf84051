"""How are circles formed: groups of mentors and mentees that meet about one topic?"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from revmentor.params.section import Section, Share, wrong

LARGEST_SIDE = 12
Points = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class CircleSize(Section):
    """Fewest and most people of one side in a circle."""

    fewest: Annotated[int, Field(ge=1, le=LARGEST_SIDE)] = Field(alias="from")
    most: Annotated[int, Field(ge=1, le=LARGEST_SIDE)] = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.most < self.fewest:
            raise wrong("to", f"it is below {self.fewest}, its `from`", "put the larger size last")
        return self


class CircleSeats(Section):
    """In how many circles may one person be?"""

    mentor: Annotated[int, Field(ge=1, le=20)] = 1
    mentee: Annotated[int, Field(ge=1, le=20)] = 1


class CircleRules(Section):
    """Which two people may not be in one circle, besides pairs that break a rule of matching?"""

    reporting_line: bool = True
    same_manager: bool = False
    vetoes: bool = True


class CircleWeights(Section):
    """What counts beside the scores of a circle's pairs, in points: 1 is a perfect pair's score."""

    wanted: Points = 0.2
    offered: Points = 0.1
    department: Points = 0.05
    site: Points = 0.0
    generation: Points = 0.0


class CircleDesign(Section):
    """Circles of one cycle; off unless a cycle turns them on."""

    on: bool = False
    mentors: CircleSize = CircleSize.model_validate({"from": 2, "to": 2})
    mentees: CircleSize = CircleSize.model_validate({"from": 4, "to": 4})
    most: Annotated[int, Field(ge=0)] | None = None
    per_person: CircleSeats = CircleSeats()
    topics: Literal["skills", "interests"] = "skills"
    least_wanting: Annotated[int, Field(ge=0, le=LARGEST_SIDE)] = 1
    minimum_score: Share = 0.0
    rules: CircleRules = CircleRules()
    weights: CircleWeights = CircleWeights()
    objective: Literal["value", "participation"] = "value"

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.least_wanting > self.mentees.most:
            raise wrong(
                "least_wanting",
                f"a circle has at most {self.mentees.most} mentees, so this many cannot want its "
                "topic",
                "lower it, or raise circles.mentees.to",
            )
        return self
