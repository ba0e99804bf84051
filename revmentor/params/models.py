"""What every parameter may be: one frozen pydantic model per section of ``base.yaml``."""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

TABLES = (
    "people",
    "applications",
    "decisions",
    "history",
    "training",
    "sessions",
    "goals",
    "pulse",
    "skills",
    "leadership",
    "creativity",
    "ties",
    "outcomes",
)
CRITERIA = (
    "skills",
    "department",
    "generation",
    "seniority_gap",
    "interests",
    "personality",
    "site",
    "time_zone",
    "language",
    "wishes",
)
TableName = Literal[
    "people",
    "applications",
    "decisions",
    "history",
    "training",
    "sessions",
    "goals",
    "pulse",
    "skills",
    "leadership",
    "creativity",
    "ties",
    "outcomes",
]
DateOrder = Literal["iso", "dmy", "mdy", "ymd"]


def _iso_date(value: object) -> object:
    """Accept a date or ISO text; a number or another order is not a date."""
    if isinstance(value, str):
        return dt.date.fromisoformat(value)
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    raise ValueError("a date is written like 2026-01-31")


IsoDate = Annotated[dt.date, BeforeValidator(_iso_date)]
Character = Annotated[str, Field(min_length=1, max_length=1)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
Days = Annotated[int, Field(ge=1, le=3660)]


class Section(BaseModel):
    """Frozen, strict about types, and closed: an unknown key is an error."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, populate_by_name=True, validate_default=True
    )


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
            raise ValueError(f"end {self.end} must be after start {self.start}")
        if self.sign_up_from and self.sign_up_until and self.sign_up_until < self.sign_up_from:
            raise ValueError("sign_up_until must not be before sign_up_from")
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


class Band(Section):
    """A label for the numbers from (included) or above (excluded) to up_to (included) or below."""

    label: str
    at_least: float | None = Field(default=None, alias="from", strict=False)
    above: float | None = Field(default=None, strict=False)
    up_to: float | None = Field(default=None, strict=False)
    below: float | None = Field(default=None, strict=False)

    def holds(self, number: float) -> bool:
        """Is the number in this band?"""
        return (
            (self.at_least is None or number >= self.at_least)
            and (self.above is None or number > self.above)
            and (self.up_to is None or number <= self.up_to)
            and (self.below is None or number < self.below)
        )


class Derived(Section):
    """A contract column that is made from the source by a declared rule.

    Exactly one of: ``row_number`` (true: the data row's number, first data row = 1), ``constant``,
    or ``column`` alone, with ``year_minus`` (birth year = year_minus - whole years of age) or with
    ``bands`` (numbers to labels; a number in no band has no value).
    """

    column: str | None = None
    row_number: bool = False
    constant: str | None = None
    year_minus: int | None = None
    bands: tuple[Band, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (self.column is not None) + self.row_number + (self.constant is not None)
        if ways != 1:
            raise ValueError("name exactly one of column, row_number: true, constant")
        if self.column is None and (self.year_minus is not None or self.bands):
            raise ValueError("year_minus and bands need a column")
        if self.year_minus is not None and self.bands:
            raise ValueError("choose year_minus or bands, not both")
        return self


class Source(Section):
    """Where one table comes from and how its owner writes it; None: as in ``data``."""

    path: str
    format: Literal["auto", "csv", "excel", "parquet"] = "auto"
    optional: bool = False
    sheet: str | None = None
    encoding: str | None = None
    separator: Character | None = None
    list_separator: Character | None = None
    date_order: DateOrder | None = None
    missing: tuple[str, ...] | None = Field(default=None, strict=False)
    ignore_unnamed: bool = False
    columns: dict[str, str | Derived] = Field(default_factory=dict)
    labels: dict[str, dict[str, str]] = Field(default_factory=dict)
    exclude_without: tuple[str, ...] = Field(default=(), strict=False)


class Scale(Section):
    """Ends of a scale and the number behind each label."""

    low: float = Field(alias="from", strict=False)
    high: float = Field(alias="to", strict=False)
    labels: dict[str, float] = Field(default_factory=dict, strict=False)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError("a scale goes from a number to a larger one")
        return self


class Scales(Section):
    """Every scale that the tables use."""

    extraversion: Scale
    rating: Scale
    item: Scale
    level: Scale


class Items(Section):
    """Question columns per table."""

    readiness: tuple[str, ...] = Field(strict=False)
    pulse: tuple[str, ...] = Field(strict=False)
    leadership: tuple[str, ...] = Field(strict=False)
    creativity: tuple[str, ...] = Field(strict=False)


class Range(Section):
    """A closed range of whole numbers."""

    low: int = Field(alias="from")
    high: int = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low >= self.high:
            raise ValueError("from must be below to")
        return self


class Demo(Section):
    """Size and seed of the invented company."""

    people: Annotated[int, Field(ge=40, le=100_000)]
    seed: Annotated[int, Field(ge=0)] = 7


class Data(Section):
    """Where the tables are and how they are written."""

    folder: str = ""
    demo: Demo | None = None
    encoding: str
    separator: Character
    list_separator: Character
    date_order: DateOrder
    missing: tuple[str, ...] = Field(strict=False)
    age: Range
    on_impossible_age: Literal["error", "warn", "exclude"]
    on_unknown_manager: Literal["error", "warn"]
    on_hired_after_start: Literal["error", "warn", "exclude"]
    on_left: Literal["error", "exclude"]
    scales: Scales
    items: Items
    tables: dict[TableName, Source]

    @model_validator(mode="after")
    def _needed(self) -> Self:
        for table in ("people", "applications"):
            if table not in self.tables:
                raise ValueError(f"tables must name a source for {table}")
        return self


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
    target: Annotated[float, Field(ge=1, strict=False)]
    falloff: Annotated[float, Field(gt=0, strict=False)]


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
    minimum_overlap_hours: Annotated[float, Field(ge=0, le=24, strict=False)]


class WorkingHours(Section):
    """Local working hours, whole."""

    begin: Annotated[int, Field(ge=0, le=23)] = Field(alias="from")
    end: Annotated[int, Field(ge=1, le=24)] = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.begin:
            raise ValueError("to must be after from")
        return self


class Capacity(Section):
    """How many partners a person can have where the table names none; `most` caps the table."""

    mentor: Annotated[int, Field(ge=0, le=1000)]
    mentee: Annotated[int, Field(ge=1, le=1000)]
    most: Annotated[int, Field(ge=1, le=1000)]

    @model_validator(mode="after")
    def _in_cap(self) -> Self:
        if max(self.mentor, self.mentee) > self.most:
            raise ValueError(f"mentor and mentee must be at most `most`, {self.most}")
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

    @model_validator(mode="after")
    def _weigh(self) -> Self:
        if not any(getattr(self.weights, name) > 0 for name in CRITERIA):
            raise ValueError("weights: at least one criterion needs a weight above zero")
        if self.weights.generation > 0 and not self.criteria.generation.reason.strip():
            raise ValueError(
                "weights.generation: age is protected in many places; write in "
                "criteria.generation.reason why it may weigh here, or set the weight to 0"
            )
        return self

    @property
    def shares(self) -> dict[str, float]:
        """Weights rescaled to sum 1, by criterion, in the order of `CRITERIA`; zeros included."""
        raw = {name: float(getattr(self.weights, name)) for name in CRITERIA}
        total = math.fsum(raw.values())
        return {name: weight / total for name, weight in raw.items()}


class Solver(Section):
    """Limits and seed of the solver."""

    time_limit: Annotated[float, Field(gt=0, strict=False)] | None = None
    seed: Annotated[int, Field(ge=0)]


class Disclosure(Section):
    """Smallest groups that are shown, in people."""

    minimum_group: Annotated[int, Field(ge=3)]
    minimum_comments: Annotated[int, Field(ge=3)]


class Params(Section):
    """All parameters of one cycle and scenario, resolved, validated and frozen."""

    programme: Programme
    charter: Charter
    generations: tuple[Generation, ...] = Field(min_length=1, strict=False)
    grades: tuple[str, ...] = Field(strict=False)
    data: Data
    matching: Matching
    solver: Solver
    disclosure: Disclosure
