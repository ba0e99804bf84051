"""Which tables a cycle reads, and what each of their columns may hold: the contract, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from revmentor.params.models import Items

Kind = Literal[
    "id",  # text that names a person
    "text",  # free or short text, kept as written
    "choice",  # one of `choices`
    "grade",  # one of params.grades, or a whole number if there are none
    "generation",  # one of the names in params.generations
    "zone",  # IANA time zone
    "year",  # birth year
    "whole",  # whole number
    "number",  # finite number
    "scale",  # number or label on the scale named `scale`
    "date",
    "list",  # items between list separators, normalised by `vocabulary`
    "ids",  # person ids between list separators
]
ScaleName = Literal["extraversion", "rating", "item", "level"]
ItemsName = Literal["readiness", "pulse", "leadership", "creativity"]


@dataclass(frozen=True)
class Column:
    """What may one column hold?

    Parameters
    ----------
    name : str
        The contract's name.
    kind : Kind
        How its text is read.
    required : bool
        Must every row have a value?
    personal : bool
        True: its values never appear in a message.
    free_text : bool
        True: a value may run over several lines.
    choices : tuple of str
        All allowed values of a ``choice``.
    scale : str
        Which of ``params.data.scales`` a ``scale`` column uses.
    low, high : float or None
        Ends (included) of a ``whole`` or ``number`` column; None: open.
    vocabulary : str
        Columns of one vocabulary share one spelling of each item; empty: kept as written.
    identity : bool
        True: only compared with `people` (whose id is this?); in the frame only if supplied.
    """

    name: str
    kind: Kind
    required: bool = False
    personal: bool = False
    free_text: bool = False
    choices: tuple[str, ...] = ()
    scale: ScaleName | None = None
    low: float | None = None
    high: float | None = None
    vocabulary: str = ""
    identity: bool = False


@dataclass(frozen=True)
class TableContract:
    """Which columns does a table have, what makes a row unique, and what if an id is unknown?

    Parameters
    ----------
    name : str
        The table's name in ``params.data.tables``.
    columns : tuple of Column
        In the order of the loaded frame.
    key : tuple of str
        Columns that no two rows may share; empty: rows may repeat.
    items : str or None
        Which list of ``params.data.items`` adds question columns.
    unknown_ids : {"error", "exclude"}
        An id that the people table has never had: refuse, or leave the row out and list it.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    items: ItemsName | None = None
    unknown_ids: Literal["error", "exclude"] = "error"

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that every row must fill."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def people_columns(self) -> tuple[str, ...]:
        """Names of the required columns that name a person."""
        return tuple(c.name for c in self.columns if c.kind == "id" and c.required)

    def with_items(self, items: Items) -> TableContract:
        """The same table with its declared question columns (scale ``item``) added."""
        if self.items is None:
            return self
        asked: tuple[str, ...] = getattr(items, self.items)
        known = set(self.names)
        extra = tuple(Column(i, "scale", scale="item") for i in asked if i not in known)
        return replace(self, columns=self.columns + extra)


def _id(name: str, *, required: bool = True) -> Column:
    return Column(name, "id", required=required, personal=True)


def _on(name: str = "on", *, required: bool = False) -> Column:
    return Column(name, "date", required=required)


def _free(name: str, *, required: bool = False) -> Column:
    return Column(name, "text", required=required, personal=True, free_text=True)


def _choice(name: str, *choices: str, required: bool = True) -> Column:
    return Column(name, "choice", required=required, choices=choices)


def _identity(*prefixes: str) -> tuple[Column, ...]:
    return tuple(
        column
        for prefix in prefixes
        for column in (
            Column(f"{prefix}name", "text", personal=True, identity=True),
            Column(f"{prefix}birth_date", "date", personal=True, identity=True),
        )
    )


_PAIR = (_id("mentor_id"), _id("mentee_id"))
_WHEN = _choice("when", "before", "after")
_OWN = _identity("")
_BOTH = _identity("mentor_", "mentee_")

_TABLES = (
    TableContract(
        "people",
        (
            _id("person_id"),
            Column("grade", "grade", required=True),
            Column("department", "text", required=True),
            _id("manager_id", required=False),
            Column("birth_year", "year", personal=True),
            Column("birth_date", "date", personal=True),
            Column("generation", "generation", personal=True),
            Column("job_title", "text"),
            Column("site", "text"),
            Column("time_zone", "zone"),
            Column("languages", "list", vocabulary="language"),
            Column("gender", "text", personal=True),
            _on("hired_on"),
            _on("left_on"),
            _on("promoted_on"),
            Column("email", "text", personal=True),
            Column("name", "text", personal=True),
        ),
        key=("person_id",),
    ),
    TableContract(
        "applications",
        (
            _id("person_id"),
            _choice("side", "mentor", "mentee", "both"),
            _choice("enrolment", "hand-picked", "open", "application", required=False),
            Column("capacity", "whole", low=0),
            Column("skills_offered", "list", vocabulary="skill"),
            Column("skills_wanted", "list", vocabulary="skill"),
            Column("interests", "list", vocabulary="interest"),
            Column("extraversion", "scale", scale="extraversion"),
            Column("hours_per_month", "number", low=0, high=744),
            Column("waves", "list", vocabulary="wave"),
            Column("wishes", "ids", personal=True),
            Column("vetoes", "ids", personal=True),
            _on("applied_on"),
            *_OWN,
        ),
        key=("person_id",),
        items="readiness",
    ),
    TableContract(
        "decisions",
        (
            *_PAIR,
            _choice("decision", "require", "forbid"),
            Column("by", "text", required=True, personal=True),
            _free("reason", required=True),
            _on(required=True),
            *_BOTH,
        ),
        key=("mentor_id", "mentee_id", "decision", "by", "reason", "on"),
    ),
    TableContract(
        "history",
        (
            Column("cycle", "text", required=True),
            *_PAIR,
            _choice("ended", "completed", "early", required=False),
            Column("rating_mentor", "scale", scale="rating"),
            Column("rating_mentee", "scale", scale="rating"),
            Column("started_on", "date", identity=True),
            *_BOTH,
        ),
        unknown_ids="exclude",
    ),
    TableContract(
        "training",
        (
            _id("person_id"),
            Column("module", "text", required=True),
            _choice("status", "invited", "attended", "completed", "excused"),
            _on(),
            *_OWN,
        ),
        key=("person_id", "module"),
    ),
    TableContract(
        "sessions",
        (
            *_PAIR,
            _on(required=True),
            _choice("status", "held", "cancelled_by_mentor", "cancelled_by_mentee", "missed"),
            Column("minutes", "whole", low=0, high=1440),
            _free("topic"),
        ),
    ),
    TableContract(
        "goals",
        (
            *_PAIR,
            _free("goal", required=True),
            Column("baseline", "number", required=True),
            Column("target", "number", required=True),
            Column("current", "number", required=True),
            _on(required=True),
            Column("skill", "text", vocabulary="skill"),
        ),
        key=("mentor_id", "mentee_id", "goal", "on"),
    ),
    TableContract(
        "pulse",
        (
            _id("person_id"),
            _id("partner_id"),
            Column("wave", "text", required=True),
            _on(required=True),
            _free("support_needed"),
            _free("comment"),
        ),
        key=("person_id", "partner_id", "wave"),
        items="pulse",
    ),
    TableContract(
        "skills",
        (
            _id("person_id"),
            Column("skill", "text", required=True, vocabulary="skill"),
            Column("level", "scale", required=True, scale="level"),
            _WHEN,
        ),
        key=("person_id", "skill", "when"),
    ),
    TableContract(
        "leadership", (_id("person_id"), _WHEN), key=("person_id", "when"), items="leadership"
    ),
    TableContract(
        "creativity", (_id("person_id"), _WHEN), key=("person_id", "when"), items="creativity"
    ),
    TableContract(
        "ties",
        (_id("person_id"), _id("other_id"), _WHEN),
        key=("person_id", "other_id", "when"),
        unknown_ids="exclude",
    ),
    TableContract(
        "outcomes",
        (
            _id("person_id"),
            _on(required=True),
            _on("left_on"),
            _on("promoted_on"),
            Column("grade", "grade"),
            Column("department", "text"),
        ),
        key=("person_id", "on"),
        unknown_ids="exclude",
    ),
)

CONTRACT: Mapping[str, TableContract] = MappingProxyType({table.name: table for table in _TABLES})
"""The contract of every table, by name; question columns are added by `with_items`."""

DERIVED: Mapping[str, tuple[str, ...]] = MappingProxyType({"people": ("grade_rank",)})
"""Columns that the loader adds to a table; a source's own column of that name is not used."""
