"""The steps of a cycle: which notebooks they run, which tables they read, where their pages go."""

from __future__ import annotations

from dataclasses import dataclass

from revmentor.errors import Fault, InputError
from revmentor.params.models import TABLES

_POOL = ("people", "applications", "decisions", "history")


@dataclass(frozen=True)
class Notebook:
    """A notebook and the page that is made of it.

    ``page`` is relative to the result's folder; what stands under ``restricted/`` may name people.
    """

    name: str
    page: str
    label: str

    @property
    def restricted(self) -> bool:
        """Does the page stay with the coordinator?"""
        return self.page.startswith("restricted/")


@dataclass(frozen=True)
class Stage:
    """One step: its notebooks in order, and the tables that it reads."""

    name: str
    notebooks: tuple[Notebook, ...]
    tables: tuple[str, ...]


STAGES = (
    Stage(
        "plan",
        (
            Notebook("01_objectives", "report/objectives.html", "Objectives"),
            Notebook("02_participants", "report/participants.html", "Participants"),
        ),
        _POOL,
    ),
    Stage("match", (Notebook("03_matching", "restricted/matching.html", "Matching"),), _POOL),
    Stage(
        "launch",
        (Notebook("04_launch", "restricted/launch.html", "Launch"),),
        (*_POOL, "training"),
    ),
    Stage(
        "review",
        (Notebook("05_review", "report/review.html", "Review"),),
        TABLES,
    ),
    Stage("report", (Notebook("06_report", "report/index.html", "Report"),), ()),
)
ALL = "all"
STAGE_NAMES = tuple(stage.name for stage in STAGES)


def is_restricted(notebook: str) -> bool:
    """Does the page of this notebook stay with the coordinator?

    >>> is_restricted("03_matching"), is_restricted("06_report")
    (True, False)
    """
    books = (book for stage in STAGES for book in stage.notebooks)
    return any(book.restricted for book in books if book.name == notebook)


def stages_up_to(name: str) -> tuple[Stage, ...]:
    """The stages that end with this one; ``all`` names the last.

    >>> [stage.name for stage in stages_up_to("match")]
    ['plan', 'match']
    """
    if name == ALL:
        return STAGES
    if name not in STAGE_NAMES:
        raise InputError(
            Fault(
                "unknown stage",
                "there is no such stage",
                f"use one of {', '.join((*STAGE_NAMES, ALL))}",
                "",
                None,
                "stage",
                str(name)[:40],
            )
        )
    return STAGES[: STAGE_NAMES.index(name) + 1]
