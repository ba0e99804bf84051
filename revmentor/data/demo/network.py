"""Whom people of the demo company ask for advice, before and after the cycle."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revmentor.data.demo.cohort import Cohort, Course
from revmentor.data.demo.draws import Bools, Draws, Ints
from revmentor.data.demo.people import text_table
from revmentor.data.demo.planted import Planted

BRIDGES_ANYWAY = 0.15
"""New ties to another department that anybody makes during the cycle, per person."""

_KEPT = 0.88
_NEW_NEARBY = 0.35
_LOOKED_AT = 4
_OTHER_GENERATION_YEARS = 15
_ANSWERS = (0.72, 0.84)


def _colleague(draws: Draws, group: Ints, pool: Bools, who: Ints) -> Ints:
    """Somebody of the pool in the same group for each of `who`; -1 where there is nobody else."""
    members = np.flatnonzero(pool)
    members = members[np.argsort(group[members], kind="stable")]
    begin = np.searchsorted(group[members], group[who], side="left")
    size = np.searchsorted(group[members], group[who], side="right") - begin
    place = begin + np.floor(draws.uniform(len(who)) * size).astype(np.int64)
    found = members[np.minimum(place, len(members) - 1)]
    return np.where((size > 0) & (found != who), found, -1)


def _stranger(draws: Draws, cohort: Cohort, pool: Bools, who: Ints, known: Ints) -> Ints:
    """Somebody new of another department for each of `who`, rather of another generation.

    `known` holds the keys of ties that exist. -1 where nobody of a few looked at fits.
    """
    members = np.flatnonzero(pool)
    seen = members[draws.whole(0, len(members) - 1, len(who), _LOOKED_AT)]
    key = who[:, None] * len(cohort.ids) + seen
    fits = (cohort.department[seen] != cohort.department[who][:, None]) & ~np.isin(key, known)
    gap = np.abs(cohort.born[seen] - cohort.born[who][:, None])
    liking = fits * 2 + (fits & (gap >= _OTHER_GENERATION_YEARS))
    best = np.argmax(liking, axis=1)
    rows = np.arange(len(who))
    return np.where(fits[rows, best], seen[rows, best], -1)


def _partner_elsewhere(cohort: Cohort, stays: Bools) -> Ints:
    """Everybody's partner if they are of another department and stay; else -1."""
    partner = np.full(len(cohort.ids), -1, dtype=np.int64)
    for one, other in ((cohort.mentor, cohort.mentee), (cohort.mentee, cohort.mentor)):
        apart = (cohort.department[one] != cohort.department[other]) & stays[other]
        partner[one[apart]] = other[apart]
    return partner


def ask_for_advice(draws: Draws, cohort: Cohort, course: Course, planted: Planted) -> pd.DataFrame:
    """The raw table `ties`: participants and as many others, before and after.

    Before, people ask their manager, their team and their department. Afterwards most of these
    ties are still there; everybody has a few new ones nearby and now and then a bridge to another
    department; participants have more bridges, the first of them to their partner.
    """
    count = len(cohort.ids)
    inside = cohort.participates
    rest = draws.first((cohort.here & ~inside).astype(np.float64), int(inside.sum()))
    who = np.flatnonzero(inside | rest)
    stays = cohort.here & (course.left < 0)

    near = [np.where(draws.chance(0.8, len(who)), cohort.manager[who], -1)]
    for group, share in (
        (cohort.manager, 0.8),
        (cohort.manager, 0.5),
        (cohort.department, 0.7),
        (cohort.department, 0.4),
    ):
        found = _colleague(draws, group, cohort.here, who)
        near.append(np.where(draws.chance(share, len(who)), found, -1))
    far = _stranger(draws, cohort, cohort.here, who, np.zeros(0, np.int64))
    near.append(np.where(draws.chance(0.25, len(who)), far, -1))
    old = np.stack(near, axis=1)
    old = np.where((old >= 0) & cohort.here[old], old, -1)
    known = (who[:, None] * count + old)[old >= 0]

    answers = draws.chance(np.array(_ANSWERS)[inside[who].astype(np.int64)]) & stays[who]
    kept = np.where(draws.chance(_KEPT, *old.shape) & stays[old], old, -1)
    nearby = _colleague(draws, cohort.department, stays, who)
    new = [np.where(draws.chance(_NEW_NEARBY, len(who)), nearby, -1)]
    bridge = (BRIDGES_ANYWAY + planted.bridging_ties.size * inside[who]) / 2
    partner = _partner_elsewhere(cohort, stays)[who]
    partner = np.where(np.isin(who * count + partner, known), -1, partner)
    for first in (True, False):
        taken = np.concatenate([known, (who * count + partner)[partner >= 0]])
        other = _stranger(draws, cohort, stays, who, taken)
        other = np.where(first & (partner >= 0), partner, other)
        new.append(np.where(draws.chance(bridge), other, -1))
    later = np.where(answers[:, None], np.concatenate([kept, np.stack(new, axis=1)], axis=1), -1)
    return _table(cohort, who, old, later)


def _table(cohort: Cohort, who: Ints, old: Ints, later: Ints) -> pd.DataFrame:
    """Both waves as rows, each tie once."""
    parts: dict[str, list[str]] = {"person_id": [], "other_id": [], "when": []}
    for when, ties in (("before", old), ("after", later)):
        row, column = np.nonzero(ties >= 0)
        keys = np.unique(who[row] * len(cohort.ids) + ties[row, column])
        parts["person_id"] += cohort.ids[keys // len(cohort.ids)].tolist()
        parts["other_id"] += cohort.ids[keys % len(cohort.ids)].tolist()
        parts["when"] += [when] * len(keys)
    return text_table(parts)
