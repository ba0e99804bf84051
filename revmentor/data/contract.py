"""Which tables a cycle reads, and what each of their columns may hold: the contract, as data."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from revmentor.data.columns import Column, TableContract


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
            Column("waited", "whole", low=0, high=100),
            Column("wishes", "ids", personal=True),
            Column("vetoes", "ids", personal=True),
            _on("applied_on"),
            _choice("place", "drawn", "not drawn", "waitlist", required=False),
            _choice("share", "yes", "no", required=False),
            _free("about"),
            *_OWN,
        ),
        key=("person_id",),
        items="readiness",
    ),
    TableContract(
        "decisions",
        (
            *_PAIR,
            _choice("decision", "require", "forbid", "lock"),
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
            # Whose goal it is, where both sides set goals of their own.
            _choice("side", "mentor", "mentee", required=False),
        ),
        key=("mentor_id", "mentee_id", "side", "goal", "on"),
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
    # Who waits for an answer, not what they wrote: that is read on the coordinator's page only.
    TableContract(
        "requests",
        (
            _id("person_id"),
            _id("partner_id", required=False),
            _choice("kind", "hand", "support"),
            Column("circle", "text"),
            _on(required=True),
        ),
        unknown_ids="exclude",
    ),
)

CONTRACT: Mapping[str, TableContract] = MappingProxyType({table.name: table for table in _TABLES})
"""The contract of every table, by name; question columns are added by `with_items`."""

DERIVED: Mapping[str, tuple[str, ...]] = MappingProxyType({"people": ("grade_rank",)})
"""Columns that the loader adds to a table; a source's own column of that name is not used."""
