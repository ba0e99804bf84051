"""Which criteria can count at all, and what stands in where somebody states nothing?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from revmentor.matching.arrays import blocks, paired
from revmentor.matching.criteria import Criterion, Scoring
from revmentor.matching.pool import UNKNOWN, Pool, Side
from revmentor.matching.rules import none_broken
from revmentor.names import CRITERION_LABELS, RULE_LABELS
from revmentor.params.models import CRITERIA, Params
from revmentor.words import counted

NEEDS = {
    "skills": ("skills offered", "skills wanted"),
    "department": ("a department",) * 2,
    "generation": ("a generation",) * 2,
    "seniority_gap": ("a grade",) * 2,
    "interests": ("interests",) * 2,
    "personality": ("extraversion",) * 2,
    "site": ("a site",) * 2,
    "time_zone": ("a time zone",) * 2,
    "language": ("languages",) * 2,
    "wishes": ("a wish for anybody of the pool",) * 2,
}


@dataclass(frozen=True, eq=False)
class Survey:
    """How the criteria count over the pool.

    Parameters
    ----------
    scoring : Scoring
        With the shares and stand-ins that hold.
    influence : DataFrame
        One row per criterion, in the order of `CRITERIA`: criterion, weight (share asked for),
        share (that holds), mentors_stating, mentees_stating (people), stand_in (NaN if never
        used), lowest, highest (over eligible pairs, stand-ins left out; NaN if there are none),
        influence (does it tell pairs apart?), note.
    notes : tuple of str
        What a reader must know, one sentence each.
    """

    scoring: Scoring
    influence: pd.DataFrame
    notes: tuple[str, ...]


def survey(pool: Pool, params: Params) -> Survey:
    """Find the shares that hold, the stand-ins and each criterion's influence.

    A weighted criterion for which no pair of the pool states what it needs leaves its share to
    the others, in proportion. The mean that stands in for a pair is taken over all pairs of the
    pool that state what is needed, rules or no rules, and rounded to millionths.
    """
    asked = params.matching.shares
    weighed = [Criterion(name, pool, params) for name in CRITERIA if asked[name] > 0]
    stating = {c.name: tuple(int(known.sum()) for known in c.known()) for c in weighed}
    usable = [c for c in weighed if min(stating[c.name]) > 0]
    people = len(pool.mentors.ids), len(pool.mentees.ids)
    if not usable or not all(people):
        usable = weighed
    total = math.fsum(asked[c.name] for c in usable)
    share = dict.fromkeys(CRITERIA, 0.0) | {c.name: asked[c.name] / total for c in usable}
    partial = [c for c in usable if stating[c.name] != people]
    stand_in, ranges = _pass(pool, params, usable, partial)
    rows, notes = [], []
    for name in CRITERIA:
        states = stating.get(name, (0, 0))
        spread = ranges.get(name, (math.nan, math.nan))
        note = _note(name, asked[name], states, people, spread)
        rows.append(
            {
                "criterion": name,
                "weight": asked[name],
                "share": share[name],
                "mentors_stating": states[0],
                "mentees_stating": states[1],
                "stand_in": stand_in.get(name, math.nan),
                "lowest": spread[0],
                "highest": spread[1],
                "influence": not note,
                "note": note,
            }
        )
        if asked[name] > 0 and note:
            notes.append(f"{CRITERION_LABELS[name]} {note}")
        elif name in stand_in:
            silent = [all_of - some for all_of, some in zip(people, states, strict=True)]
            notes.append(
                f"{CRITERION_LABELS[name]}: {silent[0]} of {people[0]} mentors and {silent[1]} "
                f"of {people[1]} mentees do not state it; {_treatment(params, stand_in[name])}"
            )
    scoring = Scoring(tuple(usable), share, stand_in, params.matching.missing == "exclude")
    notes += _rule_notes(pool, params)
    return Survey(scoring, pd.DataFrame(rows), tuple(notes))


def _pass(
    pool: Pool, params: Params, usable: list[Criterion], partial: list[Criterion]
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Stand-ins, and each criterion's range over eligible pairs: one pass over all pairs."""
    known = {c.name: c.known() for c in usable}
    means = {c.name: [0.0] for c in partial if params.matching.missing == "mean"}
    spread = {c.name: (math.inf, -math.inf) for c in usable}
    for i, j in blocks(len(pool.mentors.ids), len(pool.mentees.ids)):
        fine = none_broken(pool, params, i, j)
        for criterion in usable:
            name = criterion.name
            value = criterion.value(i, j)
            stated = known[name][0][i] & known[name][1][j]
            if name in means:
                means[name].append(float(np.where(stated, value, 0.0).sum()))
            seen = value[fine & stated]
            if seen.size:
                low, high = spread[name]
                spread[name] = min(low, float(seen.min())), max(high, float(seen.max()))
    own = _oneself(pool)
    stand_in = {c.name: 0.0 for c in partial}
    for name, sums in means.items():
        mentors, mentees = known[name]
        count = int(mentors.sum()) * int(mentees.sum())
        for i, j in own[mentors[own[:, 0]] & mentees[own[:, 1]]].tolist():
            pair = paired([i], [j])
            sums.append(-float(Criterion(name, pool, params).value(*pair)[0]))
            count -= 1
        stand_in[name] = round(math.fsum(sums) / count, 6) if count else 0.0
    return stand_in, {name: pair for name, pair in spread.items() if pair[0] <= pair[1]}


def _oneself(pool: Pool) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Places of the people who stand on both sides, as mentor and as mentee."""
    at = {person: index for index, person in enumerate(pool.mentees.ids)}
    both = [(i, at[person]) for i, person in enumerate(pool.mentors.ids) if person in at]
    return np.array(both, np.int64).reshape(-1, 2)


def _note(
    name: str,
    weight: float,
    stating: tuple[int, ...],
    people: tuple[int, int],
    spread: tuple[float, float],
) -> str:
    """Why a criterion has no influence; empty if it has."""
    if weight == 0:
        return "has no influence: its weight is 0"
    if all(people) and not min(stating):
        side = "mentor" if not stating[0] else "mentee"
        need = NEEDS[name][side == "mentee"]
        return f"cannot count: no {side} states {need}; the other criteria share its weight"
    if math.isnan(spread[0]):
        return "has no influence: no eligible pair states what it needs"
    if spread[0] == spread[1]:
        return f"has no influence: it is {spread[0]:g} for every eligible pair"
    return ""


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
