"""How does a good charter read? One worked example for each kind of objective."""

from __future__ import annotations

import datetime as dt
import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from revmentor.measures import MEASURES, RULES
from revmentor.names import OBJECTIVE_KINDS
from revmentor.params.models import ObjectiveKind, Programme
from revmentor.planning.timeline import first_meeting_by
from revmentor.planning.waves import Wave

Moment = Literal["start", "first_meeting", "end", "review"]
MOMENTS: Final[Mapping[Moment, str]] = MappingProxyType(
    {
        "start": "the start: the match itself is judged",
        "first_meeting": "the start plus first_meeting_within_days",
        "end": "the end of the cycle",
        "review": "the day of the review",
    }
)
WIDTH = 96
_PLAIN = re.compile(r"[A-Za-z][\w .()/-]*")
_WORD = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null")


@dataclass(frozen=True)
class Wanted:
    """One criterion of an example; ``due`` is a moment of the cycle, ``spread`` an assumption."""

    criterion: str
    metric: str
    baseline: float | None
    baseline_note: str
    target: float
    unit: str
    due: Moment
    spread: float | None = None


@dataclass(frozen=True)
class Template:
    """A whole charter for one kind of objective."""

    objective: str
    method: str
    owner: str
    audience: tuple[str, ...]
    success: tuple[Wanted, ...]


_LAST = "as the coordinator counted in the last cycle"
_FIRST = "rated before the first meeting; no change is 0"
_SHARE = "share of pairs"
_LEVELS = "points on a scale of 1 to 5"
_EARLY = Wanted("Pairs meet early", "first_meeting_share", 0.7, _LAST, 0.9, _SHARE, "first_meeting")
_KEEP_ON = Wanted(
    "Pairs keep meeting", "meetings_held_share", 0.6, _LAST, 0.75, "share of the meetings due",
    "end", 0.25,
)  # fmt: skip
_MATCHED = "the match is the first measurement"

TEMPLATES: Final[Mapping[ObjectiveKind, Template]] = MappingProxyType(
    {
        "hard_skill": Template(
            "Senior managers use one tool by themselves that they delegate today.",
            "Junior colleagues who use it daily mentor them one to one, on the senior's own work.",
            "Head of Learning and Development",
            ("Executive board", "Learning and Development", "All applicants"),
            (
                Wanted("Mentees gain the skill that they asked for", "skill_change", 0.0, _FIRST,
                       0.5, _LEVELS, "review", 1.0),
                Wanted("Mentees get a mentor who knows what they asked for", "wanted_skill_share",
                       None, _MATCHED, 0.9, _SHARE, "start"),
                Wanted("Pairs reach the goal that they set", "goals_reached_share", None,
                       "no goal is reached on the first day", 0.7, "share of goals", "end"),
                _KEEP_ON,
            ),
        ),
        "soft_skill": Template(
            "Junior mentors grow as leaders, and seniors listen across grades.",
            "Junior colleagues lead every meeting; both sides train in giving and taking feedback.",
            "Head of Leadership Development",
            ("Executive board", "People and Culture", "All applicants"),
            (
                Wanted("Mentors grow as leaders", "leadership_change", 0.0, _FIRST, 0.3, _LEVELS,
                       "review", 0.8),
                Wanted("Both sides speak more openly", "transparency_change", 0.0,
                       "the first wave of the pulse; no change is 0", 0.3, _LEVELS, "end", 0.8),
                Wanted("Everybody is trained first", "training_compliance", 0.5, _LAST, 0.9,
                       "share of trainings due", "first_meeting"),
                _KEEP_ON,
            ),
        ),
        "skill_gaps": Template(
            "The company knows which skills its managers lack, and begins to close the widest gap.",
            "Juniors mentor seniors on the skills asked for; levels are rated before and after.",
            "Head of Workforce Planning",
            ("Executive board", "Workforce Planning", "Department heads"),
            (
                Wanted("Skills are measured, not guessed", "skills_measured_share", None,
                       "nobody is rated today", 0.8, "share of mentees", "review"),
                Wanted("The match covers what is asked for", "wanted_skill_share", None, _MATCHED,
                       0.8, _SHARE, "start"),
                Wanted("The gap narrows", "skill_change", 0.0, _FIRST, 0.4, _LEVELS, "review", 1.0),
            ),
        ),
        "process": Template(
            "Each pair finds one process that a newcomer would change, and tries it on a small "
            "scale.",
            "Juniors show seniors how work is done on the ground; the pair sets one goal together.",
            "Head of Operations",
            ("Operations", "Department heads", "All applicants"),
            (
                Wanted("Pairs cover most of the way to their goal", "goal_attainment", None,
                       "every goal starts at its own baseline", 0.6, "share of the way", "end",
                       0.35),
                Wanted("Ideas come from outside one's own department", "across_departments", None,
                       _MATCHED, 0.7, _SHARE, "start"),
                Wanted("Both sides gain new perspectives", "creativity_change", 0.0, _FIRST, 0.3,
                       _LEVELS, "review", 0.9),
            ),
        ),
        "digital_literacy": Template(
            "Senior managers use data and current digital tools in their own daily work.",
            "Junior colleagues mentor them one to one, every two weeks, on skills that they asked "
            "for.",
            "Head of Learning and Development",
            ("Executive board", "People and Culture", "Department heads", "All applicants"),
            (
                Wanted("Mentees gain the skills that they asked for", "skill_change", 0.0, _FIRST,
                       0.5, _LEVELS, "review", 1.0),
                _EARLY,
                _KEEP_ON,
                Wanted("People answer when they are asked", "response_rate", 0.6, _LAST, 0.75,
                       "share of questionnaires", "end"),
            ),
        ),
        "culture": Template(
            "People who would not have met know each other, across departments and generations.",
            "Pairs join two departments; juniors set the agenda, seniors listen first.",
            "Head of People and Culture",
            ("Executive board", "People and Culture", "Works council", "All applicants"),
            (
                Wanted("Participants gain colleagues whom they ask for advice", "new_ties", 0.0,
                       "before the first meeting; nobody new is 0", 1.0,
                       "new advice ties per participant", "review", 1.5),
                Wanted("Pairs cross departments", "across_departments", None, _MATCHED, 0.8, _SHARE,
                       "start"),
                Wanted("Both sides feel respected", "respect_change", 0.0,
                       "the first wave of the pulse; no change is 0", 0.3, _LEVELS, "end", 0.8),
                Wanted("Participants stay with the company", "retention_difference", 0.0,
                       "no difference to comparable people", 0.05, "share", "review"),
            ),
        ),
    }
)  # fmt: skip


def template_yaml(
    kind: ObjectiveKind, programme: Programme | None = None, waves: Sequence[Wave] = ()
) -> str:
    """Which charter can be pasted into a cycle's parameters, to change what differs?

    Parameters
    ----------
    kind : str
        A key of `revmentor.names.OBJECTIVE_KINDS`.
    programme : Programme or None
        Its dates become those on which the criteria are judged; None: the dates are left open,
        each with a comment that says which one is meant.
    waves : sequence of Wave
        Whose pairs meet first on days of their own; empty: all start with the cycle.

    Returns
    -------
    str
        YAML with the one key ``charter``, and a comment with the figure and the verdict's rule
        above each criterion.

    >>> print(template_yaml("culture").splitlines()[2])
      kind: culture                # a more connected and inclusive culture
    """
    found = TEMPLATES[kind]
    lines = [
        "# Paste into params/cycles/<cycle>.yaml and change what differs; numbers are examples.",
        "charter:",
        f"  {f'kind: {kind}':<29}# {OBJECTIVE_KINDS[kind]}",
        f"  objective: {_text(found.objective)}",
        f"  method: {_text(found.method)}",
        f"  {f'owner: {_text(found.owner)}':<45}# a role, not a person",
        f"  audience: [{', '.join(map(_text, found.audience))}]",
        "  success:",
    ]
    for wanted in found.success:
        lines += _criterion(wanted, programme, waves)
    return "\n".join(lines) + "\n"


def _criterion(wanted: Wanted, programme: Programme | None, waves: Sequence[Wave]) -> list[str]:
    measure = MEASURES[wanted.metric]
    due = "null" if programme is None else day_of(wanted.due, programme, waves).isoformat()
    notes = [
        *_comment(f"figure: {measure.label}"),
        *_comment(f"verdict: {RULES[measure.rule]}"),
    ]
    lines = [
        *notes,
        f"    - criterion: {_text(wanted.criterion)}",
        f"      metric: {wanted.metric}",
        f"      baseline: {'null' if wanted.baseline is None else wanted.baseline}",
        f"      baseline_note: {_text(wanted.baseline_note)}",
        f"      target: {wanted.target}",
        f"      unit: {_text(wanted.unit)}",
        f"      {f'due: {due}':<27}# {MOMENTS[wanted.due]}",
        f"      rule: {measure.rule}",
    ]
    if wanted.spread is not None:
        told = f"spread: {wanted.spread}"
        lines.append(f"      {told:<27}# standard deviation that planning assumes")
    return lines


def day_of(moment: Moment, programme: Programme, waves: Sequence[Wave] = ()) -> dt.date:
    """On which day of the cycle is this moment? For first meetings, those of the last wave."""
    if moment == "first_meeting":
        return max(first_meeting_by(programme, wave) for wave in waves or (None,))
    days: dict[Moment, dt.date] = {
        "start": programme.start,
        "end": programme.end,
        "review": programme.review_on or programme.end,
    }
    return days[moment]


def _comment(text: str) -> list[str]:
    return [f"    # {line}" for line in textwrap.wrap(text, WIDTH - 6)]


def _text(text: str) -> str:
    """Text as YAML: plain where nothing in it could be read as anything else.

    >>> _text("Executive board"), _text("a: b"), _text("No")
    ('Executive board', '"a: b"', '"No"')
    """
    plain = _PLAIN.fullmatch(text) and not _WORD.fullmatch(text)
    return text if plain else json.dumps(text, ensure_ascii=False)
