"""How is a pair scored, and what must it obey?"""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from revmentor.names import CRITERIA
from revmentor.params.limits import Limits, Objective, Over, Priority
from revmentor.params.section import Section, Share, wrong

Weight = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class Weights(Section):
    """Share of each criterion, on any scale; see `Matching.shares`."""

    skills: Weight
    department: Weight
    generation: Weight
    seniority_gap: Weight
    interests: Weight
    personality: Weight
    site: Weight
    time_zone: Weight
    language: Weight
    wishes: Weight


class Direction(Section):
    """Does the criterion reward a different or the same category?"""

    direction: Literal["different", "same"]


class GenerationCriterion(Direction):
    """As `Direction`, with the written reason that lets age weigh."""

    reason: str = ""


class SeniorityGap(Section):
    """Grade distance over the largest, or a target gap with a falloff, both in grades."""

    form: Literal["largest", "target"]
    target: Annotated[float, Field(ge=1)]
    falloff: Annotated[float, Field(gt=0)]


class Personality(Section):
    """Should extraversion differ (complementary) or agree (similar)?"""

    direction: Literal["complementary", "similar"]


class Wishes(Section):
    """Credit by rank of a wish, and how much the mentor's wish counts against the mentee's."""

    credit: tuple[Share, ...] = Field(min_length=1, strict=False)
    mentor_share: Share


class Criteria(Section):
    """Forms and directions of the criteria."""

    department: Direction
    generation: GenerationCriterion
    seniority_gap: SeniorityGap
    personality: Personality
    site: Direction
    wishes: Wishes


class Rules(Section):
    """Yes/no conditions on a pair; that the mentor is strictly junior always holds."""

    minimum_grade_gap: Annotated[int, Field(ge=1, le=100)]
    reporting_line: bool
    same_manager: bool
    no_repeat: bool
    vetoes: bool
    shared_language: bool
    minimum_overlap_hours: Annotated[float, Field(ge=0, le=24)]


class WorkingHours(Section):
    """Local working hours, whole."""

    begin: Annotated[int, Field(ge=0, le=23)] = Field(alias="from")
    end: Annotated[int, Field(ge=1, le=24)] = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.begin:
            raise wrong(
                "to", f"it is not after {self.begin}, its `from`", "put the later hour last"
            )
        return self


class Capacity(Section):
    """How many partners a person can have where the table names none; `most` caps the table."""

    mentor: Annotated[int, Field(ge=0, le=1000)]
    mentee: Annotated[int, Field(ge=1, le=1000)]
    most: Annotated[int, Field(ge=1, le=1000)]

    @model_validator(mode="after")
    def _in_cap(self) -> Self:
        for side in ("mentor", "mentee"):
            if getattr(self, side) > self.most:
                raise wrong(
                    side,
                    f"it is above the stated cap, most: {self.most}",
                    "lower it, or raise matching.capacity.most if people can carry it",
                )
        return self


class Matching(Section):
    """How a match is scored and what it must obey."""

    weights: Weights
    criteria: Criteria
    missing: Literal["mean", "zero", "exclude"]
    minimum_score: Share
    rules: Rules
    working_hours: WorkingHours
    capacity: Capacity
    objective: Objective = "total"
    fairness_over: Over = "mentees"
    priority: Priority = Priority()
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _weigh(self) -> Self:
        if not any(getattr(self.weights, name) > 0 for name in CRITERIA):
            raise wrong(
                "weights",
                "every weight is zero, so no pair is better than another",
                "give at least one criterion a weight above 0",
            )
        if self.weights.generation > 0 and not self.criteria.generation.reason.strip():
            raise wrong(
                "weights.generation",
                "generation weighs, but no reason is written, and age is protected in many places",
                "write why it may weigh in matching.criteria.generation.reason, or set it to 0",
            )
        if self.limits.by_generation() and not self.criteria.generation.reason.strip():
            raise wrong(
                "limits.shares.generation",
                "pairs are counted by generation, but no reason is written, and age is protected "
                "in many places",
                "write why in matching.criteria.generation.reason, or set both limits to null",
            )
        return self

    @property
    def shares(self) -> dict[str, float]:
        """Weights rescaled to sum 1, by criterion, in the order of `CRITERIA`; zeros included."""
        raw = {name: float(getattr(self.weights, name)) for name in CRITERIA}
        total = math.fsum(raw.values())
        return {name: weight / total for name, weight in raw.items()}
