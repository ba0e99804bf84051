"""What may every parameter be: one frozen pydantic model per section of ``base.yaml``?"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from revmentor.names import CRITERIA
from revmentor.params.checkin import Checkin
from revmentor.params.circles import (
    CircleDesign,
    CircleRules,
    CircleSeats,
    CircleSize,
    CircleWeights,
)
from revmentor.params.design import Design, check_waves
from revmentor.params.enrolment import Enrolment
from revmentor.params.launch import Launch
from revmentor.params.limits import Limits, Objective, Over, Priority, Quota, Wave, Whose
from revmentor.params.nearest import nearest
from revmentor.params.programme import (
    Charter,
    Generation,
    ObjectiveKind,
    Programme,
    SuccessCriterion,
)
from revmentor.params.review import Review
from revmentor.params.scoring import (
    Capacity,
    Criteria,
    Direction,
    GenerationCriterion,
    Matching,
    Personality,
    Rules,
    SeniorityGap,
    Weights,
    Wishes,
    WorkingHours,
)
from revmentor.params.section import (
    Section,
    wrong,
)
from revmentor.params.sources import (
    TABLES,
    ChangedItems,
    Data,
    Demo,
    Items,
    Range,
    Scale,
    Scales,
    TableName,
)
from revmentor.params.table_source import Band, DateOrder, Derived, Source, SourceColumn

__all__ = [
    "CRITERIA",
    "TABLES",
    "Band",
    "Capacity",
    "ChangedItems",
    "Charter",
    "Checkin",
    "CircleDesign",
    "CircleRules",
    "CircleSeats",
    "CircleSize",
    "CircleWeights",
    "Criteria",
    "Data",
    "DateOrder",
    "Demo",
    "Derived",
    "Design",
    "Direction",
    "Disclosure",
    "Enrolment",
    "Generation",
    "GenerationCriterion",
    "Items",
    "Launch",
    "Limits",
    "Matching",
    "Objective",
    "ObjectiveKind",
    "Over",
    "Params",
    "Personality",
    "Priority",
    "Programme",
    "Quota",
    "Range",
    "Review",
    "Rules",
    "Scale",
    "Scales",
    "Section",
    "SeniorityGap",
    "Solver",
    "Source",
    "SourceColumn",
    "SuccessCriterion",
    "TableName",
    "Wave",
    "Weights",
    "Whose",
    "Wishes",
    "WorkingHours",
]


class Solver(Section):
    """Limits and seed of the solver."""

    time_limit: Annotated[float, Field(gt=0)] | None = None
    seed: Annotated[int, Field(ge=0)]
    accept_gap: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    robustness_draws: Annotated[int, Field(ge=1, le=100_000)] = 200
    robustness_by: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 0.2
    frontier_points: Annotated[int, Field(ge=2, le=1000)] = 12


class Disclosure(Section):
    """Smallest groups that are shown, in people."""

    minimum_group: Annotated[int, Field(ge=3)]
    minimum_comments: Annotated[int, Field(ge=3)]


class Params(Section):
    """All parameters of one cycle and scenario, resolved, validated and frozen."""

    programme: Programme
    charter: Charter
    design: Design = Design()
    enrolment: Enrolment = Enrolment()
    generations: tuple[Generation, ...] = Field(min_length=1, strict=False)
    grades: tuple[str, ...] = Field(strict=False)
    data: Data
    matching: Matching
    circles: CircleDesign = CircleDesign()
    launch: Launch = Launch()
    checkin: Checkin = Checkin()
    solver: Solver
    review: Review = Review()
    disclosure: Disclosure

    @model_validator(mode="after")
    def _labels_once(self) -> Self:
        names = tuple(generation.name for generation in self.generations)
        for path, labels in (("grades", self.grades), ("generations", names)):
            for label in labels:
                if labels.count(label) > 1:
                    raise wrong(path, f"{label!r} stands more than once", "keep one of them")
        return self

    @model_validator(mode="after")
    def _in_the_cycle(self) -> Self:
        check_waves(self.design, self.programme, self.matching.limits)
        return self

    @model_validator(mode="after")
    def _matched_by_wave(self) -> Self:
        """The matching goes by the design's waves, unless it names the same ones itself."""
        if not self.design.waves or self.matching.limits.waves:
            return self
        waves = tuple(Wave(name=w.name, at_most=w.at_most) for w in self.design.waves)
        limits = self.matching.limits.model_copy(update={"waves": waves})
        return self.model_copy(
            update={"matching": self.matching.model_copy(update={"limits": limits})}
        )

    @model_validator(mode="after")
    def _questions_asked(self) -> Self:
        for item in self.checkin.questions:
            if item not in self.data.items.pulse:
                near = nearest(item, self.data.items.pulse)
                cure = f"write {near}" if near else "add it to data.items.pulse, or take it out"
                raise wrong(f"checkin.questions.{item}", "the pulse has no such item", cure)
        return self

    @model_validator(mode="after")
    def _reason_for_age(self) -> Self:
        reason = self.matching.criteria.generation.reason.strip()
        if self.circles.weights.generation > 0 and not reason:
            raise wrong(
                "circles.weights.generation",
                "generation weighs, but no reason is written, and age is protected in many places",
                "write why it may weigh in matching.criteria.generation.reason, or set it to 0",
            )
        return self

    def unreached(self, link: str | None = None) -> str:
        """Why do participants not reach the check-in page, and what is to be done?

        Parameters
        ----------
        link : str or None
            A personal link that was written, "" if none was; None: as the address would make it.

        Returns
        -------
        str
            Empty if nothing is known to keep them, or if no page is meant: there is neither a
            link, nor a table of answers from it.
        """
        meant = self.checkin.address if link is None else link
        # Requests are looked for in every cycle, with or without a page.
        answered = any(
            source.way == "checkin" and name != "requests"
            for name, source in self.data.tables.items()
        )
        return self.checkin.caution(link) if meant or answered else ""
