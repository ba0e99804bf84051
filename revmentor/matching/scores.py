"""What does a pair score, in whole units, and may it be made at all?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from revmentor.matching import rules
from revmentor.matching.arrays import BoolArray, FloatArray, IntArray
from revmentor.matching.criteria import Scoring
from revmentor.matching.intake.pool import Pool

if TYPE_CHECKING:
    from revmentor.params.models import Params

MILLION = 1_000_000
NOT_ELIGIBLE = -1


class Scores(Protocol):
    """All that the solver knows about pairs."""

    @property
    def largest(self) -> int:
        """No pair scores more units, rules aside."""
        ...

    def units(self, i: IntArray, j: IntArray) -> IntArray:
        """Scores in whole units at index arrays that broadcast; -1 where a rule is broken."""
        ...

    def plain(self, i: IntArray, j: IntArray) -> IntArray:
        """Scores in whole units, rules aside."""
        ...

    def parts(self, i: IntArray, j: IntArray) -> Mapping[str, FloatArray]:
        """Unrounded parts of the score, in units, by criterion."""
        ...

    def assumed(self, i: IntArray, j: IntArray) -> Mapping[str, BoolArray]:
        """By criterion, for which pairs somebody states nothing, so that a stand-in counts."""
        ...

    def rules(self) -> tuple[str, ...]:
        """The rules that are on, in the order in which their effect is told."""
        ...

    def first_broken(self, i: IntArray, j: IntArray) -> IntArray:
        """Number of the first rule that each pair breaks; -1 where all hold."""
        ...


@dataclass(frozen=True, eq=False)
class TableScores:
    """Scores worked out from the pool whenever they are asked for."""

    pool: Pool
    params: Params
    scoring: Scoring

    @property
    def largest(self) -> int:
        """Shares sum to 1 and criteria are at most 1."""
        return MILLION

    def units(self, i: IntArray, j: IntArray) -> IntArray:
        """Scores in millionths; -1 where a rule is broken."""
        units = self.plain(i, j)
        for _, mask in rules.broken(self.pool, self.params, i, j):
            units[mask] = NOT_ELIGIBLE
        return units

    def plain(self, i: IntArray, j: IntArray) -> IntArray:
        """Scores in millionths, rules aside."""
        return np.rint(self.scoring.score(i, j) * MILLION).astype(np.int64)

    def parts(self, i: IntArray, j: IntArray) -> Mapping[str, FloatArray]:
        """Unrounded parts of the score, in millionths."""
        return {name: part * MILLION for name, part in self.scoring.parts(i, j)}

    def assumed(self, i: IntArray, j: IntArray) -> Mapping[str, BoolArray]:
        """By criterion, for which pairs somebody states nothing."""
        known = {c.name: c.known() for c in self.scoring.criteria}
        return {name: ~(mentors[i] & mentees[j]) for name, (mentors, mentees) in known.items()}

    def rules(self) -> tuple[str, ...]:
        """The rules that are on."""
        return rules.active(self.params)

    def first_broken(self, i: IntArray, j: IntArray) -> IntArray:
        """Number of the first rule that each pair breaks; -1 where all hold."""
        first = np.full(np.broadcast_shapes(i.shape, j.shape), -1)
        for number, (_, mask) in enumerate(rules.broken(self.pool, self.params, i, j)):
            first[mask & (first < 0)] = number
        return first


@dataclass(frozen=True, eq=False)
class MatrixScores:
    """Scores that were given as a matrix, stored by mentee: ``matrix[mentee, mentor]``.

    Parameters
    ----------
    matrix : array of int
        -1 where not eligible.
    before : array of int, optional
        The same before pairs without a wave in common became not eligible.
    """

    matrix: IntArray
    before: IntArray | None = None

    @property
    def largest(self) -> int:
        """The largest given score."""
        return int(self.matrix.max(initial=0))

    def units(self, i: IntArray, j: IntArray) -> IntArray:
        """The given scores; -1 where not eligible."""
        units: IntArray = self.matrix[j, i]
        return units

    def plain(self, i: IntArray, j: IntArray) -> IntArray:
        """The given scores, waves aside; 0 where not eligible."""
        matrix = self.matrix if self.before is None else self.before
        return np.maximum(matrix[j, i], 0)

    def parts(self, i: IntArray, j: IntArray) -> Mapping[str, FloatArray]:
        """A given score is its own only part."""
        return {"given": self.plain(i, j).astype(np.float64)}

    def assumed(self, i: IntArray, j: IntArray) -> Mapping[str, BoolArray]:
        """Nothing is assumed."""
        return {}

    def rules(self) -> tuple[str, ...]:
        """One rule: the pair is eligible; and with waves that there is one in common."""
        return ("eligible",) if self.before is None else ("eligible", "common_wave")

    def first_broken(self, i: IntArray, j: IntArray) -> IntArray:
        """0 where not eligible, 1 without a wave in common, else -1."""
        broken = np.where(self.units(i, j) < 0, 0, -1)
        if self.before is not None:
            broken[(broken == 0) & (self.before[j, i] >= 0)] = 1
        return broken
