"""What should this cycle change, and is it written down so that it can be judged?"""

from __future__ import annotations

from dataclasses import dataclass

from revmentor.names import OBJECTIVE_KINDS
from revmentor.params.models import Charter, Programme, SuccessCriterion

COMPUTED = {
    "first_meeting_share": "share of pairs that met in time",
    "meetings_held_share": "meetings held of those due",
    "goal_attainment": "way covered from baseline to target",
    "wanted_skill_share": "share of pairs with a skill that was asked for",
    "across_departments": "share of pairs across departments",
}


@dataclass(frozen=True)
class Gap:
    """One thing that the charter does not say yet; ``blocking`` if it cannot be judged so."""

    criterion: str
    lacks: str
    cure: str


@dataclass(frozen=True)
class CharterPage:
    """The charter on one page: labelled lines, then one row per success criterion."""

    lines: tuple[tuple[str, str], ...]
    criteria: tuple[SuccessCriterion, ...]
    gaps: tuple[Gap, ...]


def charter_page(charter: Charter, programme: Programme) -> CharterPage:
    """Which objective, by which method, judged how, by when, by whom, shared with whom?

    Lines that the charter leaves empty read "not stated" and are listed among the gaps.
    """
    kind = OBJECTIVE_KINDS[charter.kind]
    due = programme.review_on or programme.end
    lines = (
        ("Objective", charter.objective or "not stated"),
        ("Kind", kind),
        ("Method", charter.method or "not stated"),
        ("Owner", charter.owner or "not stated"),
        ("Shared with", ", ".join(charter.audience) or "not stated"),
        ("Pairs meet", f"{programme.start:%-d %B %Y} to {programme.end:%-d %B %Y}"),
        ("Judged on", f"{due:%-d %B %Y}"),
    )
    return CharterPage(lines, charter.success, charter_gaps(charter))


def charter_gaps(charter: Charter) -> tuple[Gap, ...]:
    """What is missing before anybody could say that the cycle worked?

    A criterion needs a metric that the report computes, and a target; without a baseline the first
    measurement must be taken before the pairs start.
    """
    gaps = [
        Gap("charter", name, f"write charter.{key} in the cycle's parameters")
        for key, name in (("objective", "objective"), ("method", "method"), ("owner", "owner"))
        if not getattr(charter, key).strip()
    ]
    if not charter.audience:
        gaps.append(Gap("charter", "audience", "name the teams in charter.audience"))
    if not charter.success:
        gaps.append(
            Gap("charter", "success criteria", "add at least one criterion to charter.success")
        )
    for item in charter.success:
        if not item.metric.strip():
            gaps.append(Gap(item.criterion, "metric", "name the figure that will judge it"))
        elif item.metric not in COMPUTED:
            cure = f"judge it by hand, or choose one of {', '.join(COMPUTED)}"
            gaps.append(Gap(item.criterion, f"figure “{item.metric}” in the report", cure))
        if item.target is None:
            gaps.append(Gap(item.criterion, "target", "state the value that counts as success"))
        if item.baseline is None:
            gaps.append(Gap(item.criterion, "baseline", "measure it before the pairs start"))
    return tuple(gaps)
