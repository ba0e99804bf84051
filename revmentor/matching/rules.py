"""Which rules does a pair break?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.criteria import shared
from revmentor.matching.intake.pool import UNKNOWN, Pool

if TYPE_CHECKING:
    from revmentor.params.models import Params

# In this order the effect of each rule is told: what a rule removes is what those before it left.
ORDER = (
    "minimum_grade_gap",
    "reporting_line",
    "same_manager",
    "no_repeat",
    "vetoes",
    "forbidden",
    "shared_language",
    "minimum_overlap_hours",
    "common_wave",
)


def active(params: Params) -> tuple[str, ...]:
    """The rules that are on, in their order; grade and decisions always are, and waves if any."""
    switches = {name: bool(on) for name, on in params.matching.rules}
    switches["common_wave"] = bool(params.matching.limits.waves)
    return tuple(name for name in ORDER if switches.get(name, True))


def broken(pool: Pool, params: Params, i: IntArray, j: IntArray) -> Iterator[tuple[str, BoolArray]]:
    """Which pairs break each rule that is on?

    A person who states no language cannot be shown to share one, and whose time zone is unknown
    cannot be shown to overlap: such pairs break these two rules where they are on.

    Parameters
    ----------
    i, j : arrays of int that broadcast
        Mentors and mentees.

    Yields
    ------
    (rule, mask) : in the order of `ORDER`
    """
    a, b = pool.mentors, pool.mentees
    for name in active(params):
        match name:
            case "minimum_grade_gap":
                mask = a.grade[i] + params.matching.rules.minimum_grade_gap > b.grade[j]
            case "reporting_line":
                mask = (b.first[j] <= a.first[i]) & (a.first[i] <= b.last[j])
                mask |= (a.first[i] <= b.first[j]) & (b.first[j] <= a.last[i])
            case "same_manager":
                mask = (a.manager[i] == b.manager[j]) & (a.manager[i] != UNKNOWN)
            case "no_repeat":
                mask = pool.met.at(i, j) > 0
            case "vetoes":
                mask = pool.vetoed.at(i, j) > 0
            case "forbidden":
                mask = pool.forbidden.at(i, j) > 0
            case "shared_language":
                mask = shared(a.languages, b.languages, i, j) == 0
            case "minimum_overlap_hours":
                mask = _too_short(pool, params, i, j)
            case "common_wave":
                mask = (a.waves[i] & b.waves[j]) == 0
        yield name, mask


def _too_short(pool: Pool, params: Params, i: IntArray, j: IntArray) -> BoolArray:
    zone_i, zone_j = pool.mentors.zone[i], pool.mentees.zone[j]
    unknown = (zone_i == UNKNOWN) | (zone_j == UNKNOWN)
    if not pool.overlap.size:
        return np.asarray(unknown)
    least = params.matching.rules.minimum_overlap_hours * 60
    short: BoolArray = unknown | (pool.overlap[zone_j, zone_i] < least)
    return short


def none_broken(pool: Pool, params: Params, i: IntArray, j: IntArray) -> BoolArray:
    """Which pairs are eligible: do all rules hold?"""
    fine: BoolArray = np.ones(np.broadcast_shapes(i.shape, j.shape), bool)
    for _, mask in broken(pool, params, i, j):
        fine &= ~mask
    return fine
