"""How well does a pair fit, criterion by criterion, each in 0..1?

The formulas, with everything in double precision and in the order written (so that another
implementation can repeat them to the last bit; a score is then rounded once, half to even):

=============  ====================================================================================
skills         number of skills both offered and wanted / number wanted
department     1 if different (or same), else 0; likewise generation and site
seniority_gap  grades between / largest such distance in the pool; or
               max(0, 1 - |grades between - target| / falloff)
interests      number shared / number that either has (Jaccard)
personality    distance / length of the scale, the distance being that of extraversion; or 1 - that
time_zone      shared working minutes / minutes of a working day
language       1 if at least one is shared, else 0
wishes         mentor_share * credit of the mentor's wish + (1 - mentor_share) * the mentee's
=============  ====================================================================================

A criterion is *known* for a pair if both sides state what it needs; blank never equals blank.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import BoolArray, FloatArray, IntArray
from revmentor.matching.intake.pool import UNKNOWN, Codes, Pool, Sets, Side

if TYPE_CHECKING:
    from revmentor.params.models import Params


def shared(a: Sets, b: Sets, i: IntArray, j: IntArray) -> IntArray:
    """How many items do the sets of i and of j share?"""
    count = np.zeros(np.broadcast_shapes(i.shape, j.shape), np.int64)
    for left, right in zip(a.words, b.words, strict=True):
        count += np.bitwise_count(left[i] & right[j])
    return count


@dataclass(frozen=True, eq=False)
class Criterion:
    """One component of a score: its value on index arrays, and for whom it is known."""

    name: str
    pool: Pool
    params: Params

    def known(self) -> tuple[BoolArray, BoolArray]:
        """Which mentors, and which mentees, state what the criterion needs?"""
        a, b = self.pool.mentors, self.pool.mentees
        if self.name == "wishes":
            stated = bool(len(self.pool.credit))
            return np.full(len(a.ids), stated), np.full(len(b.ids), stated)
        return self._stated(a), self._stated(b)

    def _stated(self, side: Side) -> BoolArray:
        match self.name:
            case "skills":
                return side.skills.size > 0
            case "interests":
                return side.interests.size > 0
            case "language":
                return side.languages.size > 0
            case "personality":
                return ~np.isnan(side.extraversion)
            case "seniority_gap":
                return np.ones(len(side.ids), bool)
            case _:
                return np.asarray(self._codes(side) != UNKNOWN)

    def _codes(self, side: Side) -> Codes:
        codes: Codes = getattr(side, "zone" if self.name == "time_zone" else self.name)
        return codes

    def value(self, i: IntArray, j: IntArray) -> FloatArray:
        """The criterion in 0..1 at index arrays that broadcast; any number where not known."""
        a, b = self.pool.mentors, self.pool.mentees
        forms = self.params.matching.criteria
        match self.name:
            case "skills":
                return shared(a.skills, b.skills, i, j) / np.maximum(b.skills.size, 1)[j]
            case "interests":
                both = shared(a.interests, b.interests, i, j)
                either = a.interests.size[i] + b.interests.size[j] - both
                return both / np.maximum(either, 1)
            case "language":
                return (shared(a.languages, b.languages, i, j) > 0).astype(np.float64)
            case "personality":
                scale = self.params.data.scales.extraversion
                apart = np.abs(a.extraversion[i] - b.extraversion[j]) / (scale.high - scale.low)
                return apart if forms.personality.direction == "complementary" else 1 - apart
            case "seniority_gap":
                gap = (b.grade[j] - a.grade[i]).astype(np.float64)
                if forms.seniority_gap.form == "largest":
                    return np.maximum(gap, 0.0) / largest_gap(self.pool)
                off = np.abs(gap - forms.seniority_gap.target) / forms.seniority_gap.falloff
                return np.maximum(0.0, 1 - off)
            case "time_zone":
                hours = self.params.matching.working_hours
                day = (hours.end - hours.begin) * 60
                if not self.pool.overlap.size:
                    return np.zeros(np.broadcast_shapes(i.shape, j.shape))
                return np.asarray(self.pool.overlap[b.zone[j], a.zone[i]] / day)
            case "wishes":
                return self.pool.credit.at(i, j)
            case _:
                same = np.equal(self._codes(a)[i], self._codes(b)[j])
                wanted = getattr(forms, self.name).direction == "same"
                return np.asarray(same == wanted, np.float64)


def largest_gap(pool: Pool) -> int:
    """Largest number of grades from a mentor of the pool up to a mentee, at least 1."""
    if not pool.mentors.ids or not pool.mentees.ids:
        return 1
    return max(1, int(pool.mentees.grade.max()) - int(pool.mentors.grade.min()))


@dataclass(frozen=True, eq=False)
class Scoring:
    """How criteria become a score.

    Parameters
    ----------
    criteria : tuple of Criterion
        Those with a share, in the order of `params.models.CRITERIA`: the order of summation.
    share : mapping of criterion to share
        They sum to 1.
    stand_in : mapping of criterion to number in 0..1
        What counts for a pair for which the criterion is not known.
    exclude : bool
        Instead of a stand-in, weigh such a pair by its other criteria alone.
    """

    criteria: tuple[Criterion, ...]
    share: Mapping[str, float]
    stand_in: Mapping[str, float]
    exclude: bool

    def parts(self, i: IntArray, j: IntArray) -> Iterator[tuple[str, FloatArray]]:
        """Each criterion's part of the score, unrounded: share times value."""
        weight = self._weight(i, j) if self.exclude else None
        for criterion in self.criteria:
            name = criterion.name
            value = criterion.value(i, j)
            mentors, mentees = criterion.known()
            if not (mentors.all() and mentees.all()):
                stand_in = 0.0 if self.exclude else self.stand_in[name]
                value = np.where(mentors[i] & mentees[j], value, stand_in)
            part = self.share[name] * value
            yield name, part if weight is None else part / weight

    def _weight(self, i: IntArray, j: IntArray) -> FloatArray:
        """Sum of the shares that are known for a pair, in order; 1 where there are none."""
        weight = np.zeros(np.broadcast_shapes(i.shape, j.shape))
        for criterion in self.criteria:
            mentors, mentees = criterion.known()
            weight += np.where(mentors[i] & mentees[j], self.share[criterion.name], 0.0)
        weight[weight == 0] = 1.0
        return weight

    def score(self, i: IntArray, j: IntArray) -> FloatArray:
        """The score in 0..1: the parts summed in order, starting from zero."""
        total = np.zeros(np.broadcast_shapes(i.shape, j.shape))
        for _, part in self.parts(i, j):
            total += part
        return total
