"""What would the best matching be under other weights, again and again?

`resolve` answers for a list of shares: small problems with compiled loops over all pairs, held at
once; all others by warm solves. Among equally good matchings it takes one that keeps most of the
pairs asked about, so that a pair counts as gone only if it must go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import BoolArray, FloatArray, IntArray
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.criteria import Criterion, Scoring
from revmentor.matching.generation import Rounds
from revmentor.matching.kernels.assignment import assign
from revmentor.matching.kernels.sweep import rescore, sweep, weigh
from revmentor.matching.market import Opened, opened
from revmentor.matching.problem import Problem
from revmentor.matching.scores import TableScores
from revmentor.matching.tradeoff import tradeoff
from revmentor.matching.tradeoff.conditional import has_conditions
from revmentor.matching.variants import with_shares

# Places of the larger side up to which all pairs are held at once.
DENSE = 400
# Scenarios between two looks at the clock.
CHUNK = 50
NONE = np.zeros((0, 0, 0), np.bool_)


@dataclass(frozen=True, eq=False)
class Scenario:
    """The best matching under some shares.

    Parameters
    ----------
    survives : array of bool
        Which of the pairs asked about are in it.
    units : int
        What it is worth, required pairs included.
    """

    survives: BoolArray
    units: int


def resolve(
    problem: Problem,
    shares: FloatArray,
    pairs: tuple[IntArray, IntArray],
    clock: Clock,
    *,
    seed: int = 0,
    warm: Rounds | None = None,
) -> Iterator[Scenario]:
    """The best matching under each of some shares, one after the other.

    Parameters
    ----------
    problem : Problem
        From tables.
    shares : array of float, shape (scenarios, criteria)
        Of the criteria that count, in their order; each row sums to 1.
    pairs : (mentors, mentees)
        The pairs asked about: the best matching under today's shares.
    clock : Clock
        When it stops, so do the scenarios.
    seed : int
    warm : Rounds, optional
        Of the same people: where warm solves start.

    Raises
    ------
    SolverError
        From the solver.
    """
    dense = Dense.of(problem, pairs)
    if dense is not None:
        yield from dense.run(shares, clock)
        return
    assert isinstance(problem.scores, TableScores)
    names = [criterion.name for criterion in problem.scores.scoring.criteria]
    for row in shares.tolist():
        try:
            changed = with_shares(problem, dict(zip(names, row, strict=True)))
            found = tradeoff(changed, *pairs, clock, seed=seed, warm=warm)
            if isinstance(found, tuple):
                return
            point = found.best()
        except OutOfTime:
            return
        width = max(1, len(problem.mentors))
        made = point.mentee * width + point.mentor
        yield Scenario(np.isin(pairs[1] * width + pairs[0], made), point.units)


@dataclass(frozen=True, eq=False)
class Dense:
    """All pairs of a small problem, place by place: rows are mentees' places, columns mentors'.

    Parameters
    ----------
    values, known, exclude, allowed, added, pair_of
        See `kernels.sweep`.
    pinned : array of bool
        Which of the pairs asked about are required.
    """

    problem: Problem
    start: Opened
    values: FloatArray
    known: BoolArray
    exclude: bool
    allowed: BoolArray
    added: IntArray
    pair_of: IntArray
    pairs: tuple[IntArray, IntArray]
    pinned: BoolArray

    @classmethod
    def of(cls, problem: Problem, pairs: tuple[IntArray, IntArray]) -> Dense | None:
        """All pairs, if they are few and at least one side has one place each."""
        start = opened(problem)
        market = start.market
        places = market.mentee_places, market.mentor_places
        if has_conditions(problem) or start.conflicts:
            return None
        if not isinstance(problem.scores, TableScores):
            return None
        if min(int(side.max(initial=0)) for side in places) > 1:
            return None
        if max(int(side.sum()) for side in places) > DENSE:
            return None
        rows, columns = (np.repeat(np.arange(len(side)), side) for side in places)
        spread = np.ix_(rows, columns)
        i = np.arange(len(problem.mentors)).reshape(1, -1)
        j = np.arange(len(problem.mentees)).reshape(-1, 1)
        scoring = problem.scores.scoring
        shape = (len(scoring.criteria), len(rows), len(columns))
        values, known = np.zeros(shape), np.zeros(shape, np.bool_)
        for number, criterion in enumerate(scoring.criteria):
            stated, value = _known(criterion, scoring, i, j)
            values[number], known[number] = value[spread], stated[spread]
        allowed = problem.scores.units(i, j) >= 0
        if len(market.closed):
            allowed &= market.closed.at(i, j) == 0
        added = np.zeros(allowed.shape, np.int64)
        for groups in market.groups:
            added = added + groups.at(i, j)
        number_of = np.full(allowed.shape, -1)
        number_of[pairs[1], pairs[0]] = np.arange(len(pairs[0]))
        width = max(1, len(problem.mentors))
        made = start.made.mentee * width + start.made.mentor
        return cls(
            problem,
            start,
            values,
            known if scoring.exclude else NONE,
            scoring.exclude,
            allowed[spread],
            added[spread],
            number_of[spread],
            pairs,
            np.isin(pairs[1] * width + pairs[0], made),
        )

    def run(self, shares: FloatArray, clock: Clock) -> Iterator[Scenario]:
        """The scenarios, as far as the clock allows."""
        bonus = np.array([len(self.pairs[0]) + 1, 1], np.int64)
        price = self._today(bonus)
        for first in range(0, len(shares), CHUNK):
            if clock.left() == 0:
                return
            part = np.ascontiguousarray(shares[first : first + CHUNK])
            survives = np.zeros((len(part), len(self.pairs[0])), np.bool_)
            worth = np.zeros(len(part), np.int64)
            sweep(
                part, self.values, self.known, self.exclude, self.allowed,
                self.problem.least, self.added, bonus, self.pair_of, price, survives, worth,
            )  # fmt: skip
            survives |= self.pinned
            required = self._required(part)
            for number in range(len(part)):
                yield Scenario(survives[number], int(worth[number] + required[number]))

    def _today(self, bonus: IntArray) -> IntArray:
        """Prices under today's shares, where every scenario starts."""
        scores = self.problem.scores
        assert isinstance(scores, TableScores)
        shares = np.array([scores.scoring.share[c.name] for c in scores.scoring.criteria])
        rows, columns = self.allowed.shape
        units, value = (np.empty((rows, columns), np.int64) for _ in range(2))
        rescore(shares, self.values, self.known, self.exclude, units)
        weigh(units, self.allowed, self.problem.least, self.added, bonus, self.pair_of, value)
        price = np.zeros(columns, np.int64)
        assign(value, np.empty(rows, np.int64), price, np.empty(rows, np.int64))
        return price

    def _required(self, shares: FloatArray) -> IntArray:
        """What the required pairs are worth in each scenario."""
        made = self.start.made
        if not len(made):
            return np.zeros(len(shares), np.int64)
        return scored(self.problem, shares, made.mentor, made.mentee).sum(axis=1)


def scored(problem: Problem, shares: FloatArray, i: IntArray, j: IntArray) -> IntArray:
    """What listed pairs are worth under each of some shares: scores and priorities.

    Returns
    -------
    array of int, shape (scenarios, pairs)
    """
    assert isinstance(problem.scores, TableScores)
    scoring = problem.scores.scoring
    shape = (len(scoring.criteria), 1, len(i))
    values, known = np.zeros(shape), np.zeros(shape, np.bool_)
    for number, criterion in enumerate(scoring.criteria):
        known[number, 0], values[number, 0] = _known(criterion, scoring, i, j)
    found = np.empty((len(shares), len(i)), np.int64)
    for number in range(len(shares)):
        rescore(
            np.ascontiguousarray(shares[number]), values, known, scoring.exclude,
            found[number : number + 1],
        )  # fmt: skip
    for groups in problem.priorities:
        found += groups.at(i, j)
    return found


def _known(
    criterion: Criterion, scoring: Scoring, i: IntArray, j: IntArray
) -> tuple[BoolArray, FloatArray]:
    """For which pairs a criterion is known, and what counts for each."""
    mentors, mentees = criterion.known()
    known: BoolArray = mentors[i] & mentees[j]
    stand_in = 0.0 if scoring.exclude else scoring.stand_in.get(criterion.name, 0.0)
    return known, np.where(known, criterion.value(i, j), stand_in)
