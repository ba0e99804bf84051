"""Which criteria can count at all, and what stands in where somebody states nothing?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from revmentor.matching.criteria import Criterion, Scoring
from revmentor.matching.intake.means import mean
from revmentor.matching.intake.pool import UNKNOWN, Pool, Side
from revmentor.matching.intake.ranges import ranges
from revmentor.matching.result import table
from revmentor.names import CRITERIA, CRITERION_LABELS, RULE_LABELS
from revmentor.words import counted

if TYPE_CHECKING:
    import pandas as pd

    from revmentor.params.models import Params

NEEDS = {
    "skills": ("a skill to offer", "a skill that they want"),
    "department": ("a department",) * 2,
    "generation": ("a generation",) * 2,
    "seniority_gap": ("a grade",) * 2,
    "interests": ("interests",) * 2,
    "personality": ("how introvert or extrovert they are",) * 2,
    "site": ("a site",) * 2,
    "time_zone": ("a time zone",) * 2,
    "language": ("languages",) * 2,
    "wishes": ("a wish for a mentee who takes part", "a wish for a mentor who takes part"),
}
STATED_IN = {
    "skills": ("applications.skills_offered", "applications.skills_wanted"),
    "department": ("people.department",) * 2,
    "generation": ("people.birth_year",) * 2,
    "seniority_gap": ("people.grade",) * 2,
    "interests": ("applications.interests",) * 2,
    "personality": ("applications.extraversion",) * 2,
    "site": ("people.site",) * 2,
    "time_zone": ("people.time_zone",) * 2,
    "language": ("people.languages",) * 2,
    "wishes": ("applications.wishes",) * 2,
}


def weigh(pool: Pool, params: Params) -> Scoring:
    """Find the shares that hold, and what stands in where somebody states nothing.

    A weighted criterion for which no pair of the pool states what it needs leaves its share to
    the others, in proportion. The mean that stands in for a pair is taken over all pairs of the
    pool that state what is needed, rules or no rules, and rounded to millionths.
    """
    asked = params.matching.shares
    weighed = _weighed(pool, params)
    people = len(pool.mentors.ids), len(pool.mentees.ids)
    stating = {c.name: _stating(c) for c in weighed}
    usable = [c for c in weighed if min(stating[c.name]) > 0]
    if not usable or not all(people):
        usable = weighed
    total = math.fsum(asked[c.name] for c in usable)
    share = dict.fromkeys(CRITERIA, 0.0) | {c.name: asked[c.name] / total for c in usable}
    means = params.matching.missing == "mean"
    stand_in = {
        c.name: round(mean(c), 6) if means else 0.0 for c in usable if stating[c.name] != people
    }
    return Scoring(tuple(usable), share, stand_in, params.matching.missing == "exclude")


def _weighed(pool: Pool, params: Params) -> list[Criterion]:
    asked = params.matching.shares
    return [Criterion(name, pool, params) for name in CRITERIA if asked[name] > 0]


def _stating(criterion: Criterion) -> tuple[int, int]:
    mentors, mentees = criterion.known()
    return int(mentors.sum()), int(mentees.sum())


@dataclass(frozen=True, eq=False)
class Survey:
    """How the criteria count over the pool.

    Parameters
    ----------
    influence : DataFrame
        One row per criterion, in the order of `CRITERIA`: criterion, weight (share asked for),
        share (that holds), mentors_stating, mentees_stating (people), stand_in (NaN if never
        used), lowest, highest (over eligible pairs, stand-ins left out; NaN if there are none),
        influence (does it tell pairs apart?), note.
    notes : tuple of str
        What a reader must know, one sentence each.
    """

    influence: pd.DataFrame
    notes: tuple[str, ...]


def survey(pool: Pool, params: Params, scoring: Scoring) -> Survey:
    """What is told of the criteria: each one's range and influence, and who states nothing.

    Nothing of this is needed to score; it takes a look at pairs until the ranges are certain.
    """
    asked = params.matching.shares
    people = len(pool.mentors.ids), len(pool.mentees.ids)
    stating = {c.name: _stating(c) for c in _weighed(pool, params)}
    spreads = ranges(pool, params, scoring.criteria)
    rows, notes = [], []
    for name in CRITERIA:
        states = stating.get(name, (0, 0))
        spread = spreads.get(name, (math.nan, math.nan))
        note = _note(name, asked[name], states, people, spread)
        rows.append(
            {
                "criterion": name,
                "weight": asked[name],
                "share": scoring.share[name],
                "mentors_stating": states[0],
                "mentees_stating": states[1],
                "stand_in": scoring.stand_in.get(name, math.nan),
                "lowest": spread[0],
                "highest": spread[1],
                "influence": not note,
                "note": note,
            }
        )
        if asked[name] > 0 and note:
            notes.append(idle(name, note))
        elif name in scoring.stand_in:
            silent = [all_of - some for all_of, some in zip(people, states, strict=True)]
            notes.append(
                f"{CRITERION_LABELS[name]}: {silent[0]} of {people[0]} mentors and {silent[1]} "
                f"of {people[1]} mentees do not state it; "
                f"{_treatment(params, scoring.stand_in[name])}"
            )
    notes += _rule_notes(pool, params)
    return Survey(table({key: [row[key] for row in rows] for key in rows[0]}), tuple(notes))


def _note(
    name: str,
    weight: float,
    stating: tuple[int, ...],
    people: tuple[int, int],
    spread: tuple[float, float],
) -> str:
    """Why a criterion has no influence, and what would change it; empty if it has."""
    if weight == 0:
        return "has no influence: its weight is 0"
    if all(people) and not min(stating):
        mentees = stating[0] > 0
        return (
            f"does not count in this match: no {'mentee' if mentees else 'mentor'} states "
            f"{NEEDS[name][mentees]}, so the other criteria count for more. To let it count, fill "
            f"{STATED_IN[name][mentees]}; to do without it, set matching.weights.{name} to 0"
        )
    if math.isnan(spread[0]):
        both = " and ".join(dict.fromkeys(STATED_IN[name]))
        return (
            "makes no difference in this match: of no pair that the rules allow is it known. To "
            f"let it count, fill {both}"
        )
    if spread[0] == spread[1]:
        return (
            f"makes no difference in this match: it is the same, {spread[0]:g}, for every pair "
            "that the rules allow"
        )
    return ""


def idle(name: str, note: str) -> str:
    """What is told of a criterion that tells no pairs apart.

    Parameters
    ----------
    name : str
        Of the criterion.
    note : str
        Of its row of `Survey.influence`.

    >>> idle("site", "has no influence: its weight is 0")
    'The criterion “site” has no influence: its weight is 0'
    """
    return f"The criterion “{CRITERION_LABELS[name]}” {note}"


def _treatment(params: Params, stand_in: float) -> str:
    match params.matching.missing:
        case "mean":
            return f"their pairs count as the mean over the pool, {stand_in:.3f}"
        case "zero":
            return "their pairs count as 0"
        case _:
            return "their pairs are weighed by the other criteria"


def _rule_notes(pool: Pool, params: Params) -> list[str]:
    """Whom the rules that need a statement leave out for want of one."""

    def blank(side: Side, rule: str) -> int:
        known = side.languages.size > 0 if rule == "shared_language" else side.zone != UNKNOWN
        return len(side.ids) - int(known.sum())

    notes = []
    rules = params.matching.rules
    bosses = [*pool.mentors.manager.tolist(), *pool.mentees.manager.tolist()]
    if (rules.reporting_line or rules.same_manager) and not any(b != UNKNOWN for b in bosses):
        notes.append("rules about managers leave nobody out: nobody in the pool has one stated")
    for rule, need in (("shared_language", "language"), ("minimum_overlap_hours", "time zone")):
        counts = blank(pool.mentors, rule), blank(pool.mentees, rule)
        if getattr(rules, rule) and any(counts):
            notes.append(
                f"rule '{RULE_LABELS[rule]}': {counted(counts[0], 'mentor')} and "
                f"{counted(counts[1], 'mentee')} state no {need}, so nobody can be shown to fit "
                "them and they stay without a partner"
            )
    return notes
