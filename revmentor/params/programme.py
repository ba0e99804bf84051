"""When does the cycle happen, what is it for, and which words describe its people?"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from revmentor.measures import MEASURES, RULES, Measure, Rule
from revmentor.params.nearest import nearest
from revmentor.params.section import Days, IsoDate, Section, wrong


class Programme(Section):
    """When the cycle happens and how often its pairs meet."""

    title: str = ""
    start: IsoDate
    end: IsoDate
    promotion_from: IsoDate | None = None
    sign_up_from: IsoDate | None = None
    sign_up_until: IsoDate | None = None
    training_from: IsoDate | None = None
    review_on: IsoDate | None = None
    check_in_every_days: Days
    meeting_every_days: Days
    meeting_minutes: Annotated[int, Field(ge=5, le=480)]
    first_meeting_within_days: Days
    pairs_planned: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise wrong(
                "end",
                f"the cycle ends on {self.end}, not after its start on {self.start}",
                "move programme.end after programme.start",
            )
        if self.sign_up_from and self.sign_up_until and self.sign_up_until < self.sign_up_from:
            raise wrong(
                "sign_up_until",
                f"sign-up ends before it starts on {self.sign_up_from}",
                "move programme.sign_up_until to programme.sign_up_from or later",
            )
        return self


class SuccessCriterion(Section):
    """One thing that the charter calls success, with the figure and the rule that judge it.

    ``baseline_note`` says where the baseline comes from, or how it will be measured;
    ``rule`` None is the measure's own; ``least`` is the n under which nothing is concluded;
    ``spread`` is the standard deviation of one person's value that planning assumes.
    """

    criterion: Annotated[str, Field(min_length=1)]
    metric: str
    baseline: Annotated[float, Field(allow_inf_nan=False)] | None = None
    baseline_note: str = ""
    target: Annotated[float, Field(allow_inf_nan=False)] | None = None
    unit: str = ""
    due: IsoDate | None = None
    rule: Rule | None = None
    least: Annotated[int, Field(ge=0)] = 0
    spread: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None

    @property
    def measure(self) -> Measure:
        """The figure that it names."""
        return MEASURES[self.metric]

    @property
    def judged_by(self) -> Rule:
        """The rule of its verdict."""
        return self.rule or self.measure.rule

    @field_validator("metric")
    @classmethod
    def _known(cls, metric: str) -> str:
        if metric not in MEASURES:
            near = nearest(metric, MEASURES)
            cure = f"write {near}" if near else f"choose one of {', '.join(MEASURES)}"
            raise wrong("", "this is no figure that the review computes", cure)
        return metric

    @model_validator(mode="after")
    def _rule_fits(self) -> Self:
        counted = self.measure.kind == "counted"
        if self.rule is not None and counted != (self.rule == "counted"):
            others = [name for name in RULES if name != "counted"]
            right = "counted" if counted else f"one of {', '.join(others)}"
            raise wrong(
                "rule",
                f"{self.metric} cannot be judged by the rule {self.rule}",
                f"write {right}, or leave rule out for the figure's own",
            )
        return self


ObjectiveKind = Literal[
    "hard_skill", "soft_skill", "skill_gaps", "process", "digital_literacy", "culture"
]


class Charter(Section):
    """What the cycle is for, in the words that are shared with the teams named."""

    kind: ObjectiveKind
    objective: str = ""
    method: str = ""
    owner: str = ""
    audience: tuple[str, ...] = Field(default=(), strict=False)
    success: tuple[SuccessCriterion, ...] = Field(default=(), strict=False)


class Generation(Section):
    """A band of birth years, both ends included; an open end is None."""

    name: str
    first: int | None = Field(default=None, alias="from")
    last: int | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first is not None and self.last is not None and self.first > self.last:
            raise wrong("from", f"it is after {self.last}, its `to`", "put the earlier year first")
        return self
