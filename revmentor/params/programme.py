"""When does the cycle happen, what is it for, and which words describe its people?"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

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
    """One thing that the charter calls success."""

    criterion: str
    metric: str
    baseline: float | None = None
    target: float | None = None
    unit: str = ""
    due: IsoDate | None = None


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
