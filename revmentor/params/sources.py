"""Where are the tables, and how does their owner write them?"""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from revmentor.params.section import Character, Section, wrong
from revmentor.params.table_source import DateOrder, Source, check_zone

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
    "requests",
]
TABLES: tuple[str, ...] = get_args(TableName)
ANSWERED = ("sessions", "pulse", "goals", "requests")
"""The tables that the check-in page fills."""
WHOLE = ("people", "applications", "decisions", "history")
"""The tables that have one file, so that a row of it is found by its number alone."""


class Scale(Section):
    """Ends of a scale and the number behind each label."""

    low: float = Field(alias="from")
    high: float = Field(alias="to")
    labels: dict[str, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise wrong("", "a scale goes from a number to a larger one", "put the lower end first")
        return self


class Scales(Section):
    """Every scale that the tables use."""

    extraversion: Scale
    rating: Scale
    item: Scale
    level: Scale


Asked = Literal["readiness", "pulse", "leadership", "creativity"]


class ChangedItems(Section):
    """Question columns that were asked otherwise in some waves, by scale or by wording.

    ``waves`` are the pulse's wave names, or ``before`` and ``after`` in the other tables. What was
    asked otherwise is not compared with what was asked as usual.
    """

    table: Literal["pulse", "skills", "leadership", "creativity"]
    items: tuple[str, ...] = Field(min_length=1, strict=False)
    waves: tuple[str, ...] = Field(min_length=1, strict=False)
    scale: Scale | None = None
    what: str = ""

    @model_validator(mode="after")
    def _told(self) -> Self:
        if self.scale is None and not self.what.strip():
            raise wrong(
                "",
                "neither another scale nor another wording is told",
                "give scale: {from: ..., to: ...}, or say in what: how the wording changed",
            )
        if self.scale is not None and self.scale.labels:
            raise wrong(
                "scale.labels",
                "labels of one wave only cannot be told from those of the others",
                "put numbers in the file for these waves, and leave the labels out here",
            )
        if self.table != "pulse" and not set(self.waves) <= {"before", "after"}:
            raise wrong("waves", f"{self.table} has no such wave", "use before or after")
        return self

    def told(self) -> str:
        """What changed, in words."""
        if self.what.strip():
            return self.what.strip()
        assert self.scale is not None
        return f"a scale of {self.scale.low:g} to {self.scale.high:g}"


class Items(Section):
    """Question columns per table; which are reversed, and which were asked otherwise in a wave."""

    readiness: tuple[str, ...] = Field(strict=False)
    pulse: tuple[str, ...] = Field(strict=False)
    leadership: tuple[str, ...] = Field(strict=False)
    creativity: tuple[str, ...] = Field(strict=False)
    reverse: dict[Asked, Annotated[tuple[str, ...], Field(strict=False)]] = Field(
        default_factory=dict
    )
    changed: tuple[ChangedItems, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _known(self) -> Self:
        for table, items in self.reverse.items():
            self._check(f"reverse.{table}", table, items)
        seen: set[tuple[str, str, str]] = set()
        for place, change in enumerate(self.changed):
            if change.table == "skills":
                self._check(f"changed.{place}.items", "skills", change.items, ("level",))
            else:
                self._check(f"changed.{place}.items", change.table, change.items)
            for item in change.items:
                for wave in change.waves:
                    if (change.table, item, wave) in seen:
                        raise wrong(
                            f"changed.{place}",
                            f"{item} in {wave} is told twice",
                            "keep one of the two entries",
                        )
                    seen.add((change.table, item, wave))
        return self

    def _check(
        self, path: str, table: str, items: tuple[str, ...], known: tuple[str, ...] = ()
    ) -> None:
        known = known or getattr(self, table)
        for item in items:
            if item not in known:
                raise wrong(
                    path, f"{table} has no item {item!r}", f"its items are {', '.join(known)}"
                )


class Range(Section):
    """A closed range of whole numbers."""

    low: int = Field(alias="from")
    high: int = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low >= self.high:
            raise wrong(
                "from", f"it is not below {self.high}, its `to`", "put the lower number first"
            )
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
    on_second_answer: Literal["error", "latest"] = "error"
    on_answer_before_start: Literal["error", "exclude"] = "error"
    time_zone: str | None = None
    same_person: tuple[str, ...] = Field(default=(), strict=False)
    scales: Scales
    items: Items
    tables: dict[TableName, Source]

    @model_validator(mode="after")
    def _zone(self) -> Self:
        if self.time_zone is not None:
            check_zone("time_zone", self.time_zone)
        return self

    @model_validator(mode="after")
    def _needed(self) -> Self:
        for table in ("people", "applications"):
            if table not in self.tables:
                raise wrong(
                    "tables", f"there is no source for {table}", f"name one: {table}: {{path: ...}}"
                )
        return self

    @model_validator(mode="after")
    def _one_source_each(self) -> Self:
        for table, source in self.tables.items():
            way = source.way
            # base.yaml names a file for every table, so that one is only a default
            if way != "path" and source.path not in ("", f"{table}.csv"):
                raise wrong(
                    f"tables.{table}",
                    f"path and {way} are both given",
                    "a table has one source: keep one of the two",
                )
            if way == "files" and table in WHOLE:
                raise wrong(
                    f"tables.{table}.files",
                    f"{table} are read from one file",
                    "put the rows into one file, or read them by a query with sql",
                )
            if way == "checkin" and table not in ANSWERED:
                raise wrong(
                    f"tables.{table}.checkin",
                    f"the check-in page does not ask for {table}",
                    f"it asks for {', '.join(ANSWERED)}",
                )
        return self
