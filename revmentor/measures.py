"""Which figures can a charter name, and by which rule does each of them judge?

A criterion of success is measurable by construction: its ``metric`` is a key of `MEASURES`, and
the review computes every one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from revmentor.names import PRINCIPLES

Kind = Literal["counted", "share", "mean", "paired", "difference"]
Rule = Literal["counted", "interval", "baseline"]

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "counted": "everybody is counted, nothing is inferred",
        "share": "a share of people or pairs",
        "mean": "a mean over people or pairs",
        "paired": "the mean change of the same people, before and after",
        "difference": "participants against comparable people",
    }
)

RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "counted": (
            "met if the figure reaches the target, not met if it falls short: everybody is counted"
        ),
        "interval": (
            "met if the whole 95% interval reaches the target, not met if the whole interval falls "
            "short of it, else it cannot be concluded"
        ),
        "baseline": (
            "met if the figure reaches the target and its 95% interval lies beyond the baseline, "
            "not met if the whole interval falls short of the target, else it cannot be concluded"
        ),
    }
)

BENEFITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "retention": "participants leave less",
        "skills": "seniors gain modern skills",
        "culture": "people who would not have met do",
        "leaders": "the junior mentors grow as leaders",
        "creativity": "teams gain new perspectives",
        "running": "the programme runs as promised",
    }
)


@dataclass(frozen=True)
class Measure:
    """One figure that the review computes.

    Parameters
    ----------
    label : str
        What it is, for a reader, as in "share of pairs that met in time".
    unit : str
        Unit of baseline and target: ``share`` (0..1) or a word for points, ties, levels.
    kind : str
        A key of `KINDS`: says how it is estimated and how its power is computed.
    table : str
        Table that it needs; empty: the match alone.
    benefit : str
        Which of the benefits it speaks for: a key of `BENEFITS`.
    rule : str
        Rule of the verdict where the charter names none: a key of `RULES`.
    higher : bool
        Whether more of it is better.
    of : str
        What its n counts, in the plural.
    per_pair : float
        How many of them one pair brings: 2 where both sides answer.
    """

    label: str
    unit: str
    kind: Kind
    table: str
    benefit: str
    rule: Rule
    higher: bool = True
    of: str = "pairs"
    per_pair: float = 1.0


def _matched(label: str, benefit: str = "running") -> Measure:
    return Measure(label, "share", "counted", "", benefit, "counted")


_PRINCIPLES = {
    f"{name}_change": Measure(
        f"change in {name} in the pulse, both sides, from the first to the last wave",
        "points",
        "paired",
        "pulse",
        "culture",
        "baseline",
        of="people",
        per_pair=2.0,
    )
    for name in PRINCIPLES
}

MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        "score_share": _matched("share of the highest possible score that the match reaches"),
        "wanted_skill_share": _matched("share of pairs with a skill that was asked for", "skills"),
        "across_departments": _matched("share of pairs across departments", "culture"),
        "across_generations": _matched("share of pairs across generations", "culture"),
        "across_sites": _matched("share of pairs across sites", "culture"),
        "wishes_met_share": _matched("share of those with wishes who got one of them"),
        "first_meeting_share": Measure(
            "share of pairs that met in time", "share", "share", "sessions", "running", "interval"
        ),
        "meetings_held_share": Measure(
            "meetings held of those due", "share", "mean", "sessions", "running", "interval"
        ),
        "senior_cancellation_share": Measure(
            "share of arranged meetings that the senior side cancelled",
            "share",
            "share",
            "sessions",
            "running",
            "interval",
            higher=False,
            of="arranged meetings",
        ),
        "response_rate": Measure(
            "share of pulse questionnaires that were answered",
            "share",
            "share",
            "pulse",
            "running",
            "interval",
            of="questionnaires",
            per_pair=2.0,
        ),
        "training_compliance": Measure(
            "share of trainings due that were completed",
            "share",
            "share",
            "training",
            "running",
            "interval",
            of="trainings due",
            per_pair=2.0,
        ),
        **_PRINCIPLES,
        "goal_attainment": Measure(
            "way covered from baseline to target of the goals, capped at the target",
            "share",
            "mean",
            "goals",
            "skills",
            "interval",
        ),
        "goals_reached_share": Measure(
            "share of goals reached",
            "share",
            "share",
            "goals",
            "skills",
            "interval",
            of="goals",
        ),
        "skill_change": Measure(
            "change in the skills of mentees, before and after",
            "points",
            "paired",
            "skills",
            "skills",
            "baseline",
            of="mentees",
        ),
        "skills_measured_share": Measure(
            "share of mentees whose skills were rated before and after",
            "share",
            "share",
            "skills",
            "skills",
            "interval",
            of="mentees",
        ),
        "leadership_change": Measure(
            "change in the leadership items of mentors, before and after",
            "points",
            "paired",
            "leadership",
            "leaders",
            "baseline",
            of="mentors",
        ),
        "creativity_change": Measure(
            "change in the creativity items of both sides, before and after",
            "points",
            "paired",
            "creativity",
            "creativity",
            "baseline",
            of="people",
            per_pair=2.0,
        ),
        "new_ties": Measure(
            "new colleagues whom a participant asks for advice",
            "ties",
            "mean",
            "ties",
            "culture",
            "interval",
            of="participants",
            per_pair=2.0,
        ),
        "ei_change": Measure(
            "change of the E-I index between departments among participants",
            "index",
            "paired",
            "ties",
            "culture",
            "baseline",
            of="participants",
            per_pair=2.0,
        ),
        "retention": Measure(
            "share of participants who stay",
            "share",
            "share",
            "outcomes",
            "retention",
            "interval",
            of="participants",
            per_pair=2.0,
        ),
        "retention_difference": Measure(
            "share who stay, participants minus comparable people",
            "share",
            "difference",
            "outcomes",
            "retention",
            "baseline",
            of="participants",
            per_pair=2.0,
        ),
        "promotion": Measure(
            "share of participants who were promoted",
            "share",
            "share",
            "outcomes",
            "leaders",
            "interval",
            of="participants",
            per_pair=2.0,
        ),
        "promotion_difference": Measure(
            "share promoted, participants minus comparable people",
            "share",
            "difference",
            "outcomes",
            "leaders",
            "baseline",
            of="participants",
            per_pair=2.0,
        ),
    }
)
