"""Between which values does each criterion lie, over the pairs that may be made?"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import FloatArray, IntArray, blocks
from revmentor.matching.criteria import Criterion
from revmentor.matching.intake.pool import Pool
from revmentor.matching.rules import none_broken

if TYPE_CHECKING:
    from revmentor.params.models import Params

Range = tuple[float, float]

# Mentees are visited in steps of the golden section, so that whatever their order, the first few
# blocks hold people of every kind and most ranges are certain after them.
GOLDEN = (math.sqrt(5) - 1) / 2


def ranges(pool: Pool, params: Params, criteria: Iterable[Criterion]) -> dict[str, Range]:
    """Lowest and highest value of each criterion over eligible pairs that state what it needs.

    Pairs are visited until each criterion has been seen at the ends of what is possible at all.

    Returns
    -------
    dict of criterion to (lowest, highest)
        Without criteria that no eligible pair states.
    """
    known = {c.name: c.known() for c in criteria}
    limits = {c.name: _limits(c) for c in criteria}
    seen = {c.name: (math.inf, -math.inf) for c in criteria}
    mentees = len(pool.mentees.ids)
    order = np.argsort(np.arange(mentees) * GOLDEN % 1, kind="stable")
    left = [c for c in criteria if limits[c.name] is not None]
    for i, j in blocks(len(pool.mentors.ids), order):
        if not left:
            break
        fine = none_broken(pool, params, i, j)
        for criterion in left:
            name = criterion.name
            at = np.nonzero(fine & known[name][0][i] & known[name][1][j])
            if len(at[0]):
                value = np.broadcast_to(criterion.value(i, j), fine.shape)[at]
                low, high = seen[name]
                seen[name] = min(low, float(value.min())), max(high, float(value.max()))
        left = [c for c in left if seen[c.name] != limits[c.name]]
    return {name: span for name, span in seen.items() if span[0] <= span[1]}


def _limits(criterion: Criterion) -> Range | None:
    """No pair lies outside; None if nobody states what the criterion needs."""
    mentors, mentees = (np.flatnonzero(known) for known in criterion.known())
    if not len(mentors) or not len(mentees):
        return None
    a, b = criterion.pool.mentors, criterion.pool.mentees
    match criterion.name:
        case "skills" | "interests":
            return 0.0, 1.0
        case "language":
            return float(criterion.params.matching.rules.shared_language), 1.0
        case "wishes":
            credit = criterion.pool.credit.value
            return 0.0, float(credit.max(initial=0.0))
        case "personality":
            pairs = _nearest_and_farthest(a.extraversion[mentors], b.extraversion[mentees])
            return _span(criterion.value(mentors[pairs[0]], mentees[pairs[1]]))
        case "seniority_gap" | "time_zone" as name:
            field = "zone" if name == "time_zone" else "grade"
            first = np.unique(getattr(a, field)[mentors], return_index=True)[1]
            second = np.unique(getattr(b, field)[mentees], return_index=True)[1]
            i, j = mentors[first][None, :], mentees[second][:, None]
            values = criterion.value(i, j)
            may = _may(criterion, i, j)
            return _span(values[may]) if may.any() else None
        case name:
            codes = np.unique(getattr(a, name)[mentors]), np.unique(getattr(b, name)[mentees])
            same = bool(np.intersect1d(*codes).size)
            other = len(np.union1d(*codes)) > 1
            wanted = getattr(criterion.params.matching.criteria, name).direction == "same"
            ends = [float(wanted)] * same + [float(not wanted)] * other
            return min(ends), max(ends)


def _may(criterion: Criterion, i: IntArray, j: IntArray) -> np.ndarray:
    """Which grades, or time zones, may meet?"""
    rules = criterion.params.matching.rules
    a, b = criterion.pool.mentors, criterion.pool.mentees
    if criterion.name == "seniority_gap":
        return np.asarray(a.grade[i] + rules.minimum_grade_gap <= b.grade[j])
    minutes = criterion.pool.overlap[b.zone[j], a.zone[i]]
    return np.asarray(minutes >= rules.minimum_overlap_hours * 60)


def _span(values: FloatArray) -> Range:
    return float(values.min()), float(values.max())


def _nearest_and_farthest(x: FloatArray, y: FloatArray) -> tuple[IntArray, IntArray]:
    """Places of a few pairs, among them one of the nearest and one of the farthest."""
    order = np.argsort(y, kind="stable")
    after = np.searchsorted(y[order], x)
    near = np.stack([np.clip(after - 1, 0, len(y) - 1), np.clip(after, 0, len(y) - 1)])
    apart = np.abs(x - y[order][near])
    row, i = np.unravel_index(int(apart.argmin()), apart.shape)
    ends = [int(x.argmin()), int(x.argmax())], [int(y.argmax()), int(y.argmin())]
    return np.array([i, *ends[0]]), np.array([order[near[row, i]], *ends[1]])
