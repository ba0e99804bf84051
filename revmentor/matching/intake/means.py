"""What is a criterion on average, over all pairs of the pool that state what it needs?"""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import FloatArray, IntArray
from revmentor.matching.criteria import Criterion
from revmentor.matching.intake.overlaps import covered, overlap
from revmentor.matching.intake.pool import Pool


def mean(criterion: Criterion) -> float:
    """Mean over all pairs that state what the criterion needs, somebody with themselves left out.

    Worked out without visiting the pairs: people who state the same count together, shares of
    items item by item, distances along the sorted scale.

    Returns
    -------
    float in 0..1
        0 if there is no such pair.
    """
    known = criterion.known()
    mentors, mentees = np.flatnonzero(known[0]), np.flatnonzero(known[1])
    i, j = oneself(criterion.pool)
    both = known[0][i] & known[1][j]
    count = len(mentors) * len(mentees) - int(both.sum())
    if not count:
        return 0.0
    total = _total(criterion, mentors, mentees)
    return (total - float(criterion.value(i[both], j[both]).sum())) / count


def oneself(pool: Pool) -> tuple[IntArray, IntArray]:
    """Places of the people who stand on both sides, as mentor and as mentee."""
    at = {person: index for index, person in enumerate(pool.mentees.ids)}
    both = [(i, at[person]) for i, person in enumerate(pool.mentors.ids) if person in at]
    pairs = np.array(both, np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _total(criterion: Criterion, mentors: IntArray, mentees: IntArray) -> float:
    """Sum of the criterion over these mentors with these mentees, who all state what it needs."""
    a, b = criterion.pool.mentors, criterion.pool.mentees
    match criterion.name:
        case "skills":
            return covered(a.skills, b.skills, mentors, mentees)
        case "interests":
            return overlap(a.interests, b.interests, mentors, mentees).jaccard
        case "language":
            return float(overlap(a.languages, b.languages, mentors, mentees).sharing)
        case "personality":
            scale = criterion.params.data.scales.extraversion
            far = _distances(a.extraversion[mentors], b.extraversion[mentees])
            far /= scale.high - scale.low
            direction = criterion.params.matching.criteria.personality.direction
            return far if direction == "complementary" else len(mentors) * len(mentees) - far
        case "wishes":
            return float(criterion.pool.credit.value.sum())
        case "seniority_gap":
            return _by_kind(criterion, a.grade, b.grade, mentors, mentees)
        case "time_zone":
            return _by_kind(criterion, a.zone, b.zone, mentors, mentees)
        case name:
            codes = getattr(a, name)[mentors], getattr(b, name)[mentees]
            most = 1 + max(int(side.max()) for side in codes)
            same = int(np.dot(*(np.bincount(side, minlength=most) for side in codes)))
            wanted = getattr(criterion.params.matching.criteria, name).direction
            return float(same if wanted == "same" else len(mentors) * len(mentees) - same)


def _by_kind(
    criterion: Criterion,
    kinds_a: np.ndarray[tuple[int], np.dtype[np.int32]],
    kinds_b: np.ndarray[tuple[int], np.dtype[np.int32]],
    mentors: IntArray,
    mentees: IntArray,
) -> float:
    """The sum, from one mentor and one mentee of each kind, where only kinds matter."""
    _, first, people = np.unique(kinds_a[mentors], return_index=True, return_counts=True)
    _, second, others = np.unique(kinds_b[mentees], return_index=True, return_counts=True)
    values = criterion.value(mentors[first][None, :], mentees[second][:, None])
    return float(others @ values @ people)


def _distances(x: FloatArray, y: FloatArray) -> float:
    """Sum of the distances of every x from every y."""
    y = np.sort(y)
    sums = np.concatenate(([0.0], np.cumsum(y)))
    below = np.searchsorted(y, x)
    above = len(y) - below
    return float((x * below - sums[below] + (sums[-1] - sums[below]) - x * above).sum())
