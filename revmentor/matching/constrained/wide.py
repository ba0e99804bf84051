"""Conflicts and repairs where there are too many pairs to list them all.

A relaxed elastic model knows some pairs only. Its prices of people, conditions and waves tell
which others would let fewer things give way: those come in, until there are none. Then the
relaxation over all pairs is solved, and its value, rounded up, is what must give way at least.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

import numpy as np

from revmentor.matching.arrays import PairTable
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns
from revmentor.matching.constrained.asked import Asked
from revmentor.matching.constrained.bound import GroupTables, Multipliers
from revmentor.matching.constrained.conflict import Conflict, Item, Relaxation
from revmentor.matching.constrained.elastic import Elastic
from revmentor.matching.constrained.model import Solved
from revmentor.matching.constrained.repair import least_relaxation, smallest_conflict
from revmentor.matching.constrained.task import Task
from revmentor.matching.generation import Rounds
from revmentor.matching.problem import Problem
from revmentor.matching.scanning.scan import Scan
from revmentor.matching.tickets import Tickets
from revmentor.matching.worth import Market

# Units that stand for one unit of change: so many more than any score that scores are noise.
UNITS = 1 << 20
# Pairs that a person brings in at a time.
FEW = 3
TOLERANCE = 1e-6


class Wide:
    """A pool of pairs of a large problem, which grows until it is as good as all of them."""

    def __init__(self, problem: Problem, clock: Clock) -> None:
        self.problem, self.clock = problem, clock
        nobody = np.empty(0, np.int64)
        self.asked = Asked.of_some(problem, nobody, nobody)
        sizes = len(problem.mentors), len(problem.mentees)
        self.market = Market(
            problem.scores, problem.mentors.places, problem.mentees.places, problem.least,
            groups=problem.priorities,
        )  # fmt: skip
        self.scan = Scan.of(self.market, Tickets.draw(*sizes, 0), clock)
        self.unit = UNITS * max(1, self.market.largest)
        self.tables = GroupTables(Task(self.market, problem.conditions, problem.waves))

    def grow(self, hard: Collection[str] = (), free: Collection[str] = ()) -> float:
        """Let pairs in until no other helps; how many units must give way, at least?

        Parameters
        ----------
        hard, free : collection of str
            Names of items that must hold, and whose misses cost nothing.

        Raises
        ------
        OutOfTime
        """
        while True:
            model = Elastic(self.asked, hard, "units", free=free, whole=False)
            solved = model.solve(self.clock)
            found = self._helping(model, solved) if solved.values is not None else Columns.none()
            before = len(self.asked.pairs)
            if len(found):
                self.asked = self.asked.joined(found.mentor, found.mentee)
            if len(self.asked.pairs) == before:
                return math.inf if solved.infeasible else -solved.value

    def _helping(self, model: Elastic, solved: Solved) -> Columns:
        """Pairs outside the pool that the prices say would help, a few for everybody."""
        mentor, mentee, conditions, waves = model.prices(solved)
        unit = self.unit
        prices = []
        for side, own, roster, rows in (
            ("mentor", mentor, self.problem.mentors, model.people[0]),
            ("mentee", mentee, self.problem.mentees, model.people[1]),
        ):
            # Somebody without a place, and not in the model yet, would need one.
            closed = (rows < 0) & (roster.places == 0)
            place = 0.0 if f"places:{side}" in model.free else 1.0
            prices.append(np.rint(np.where(closed, place, own) * unit).astype(np.int64))
        whole = [np.rint(part * unit).astype(np.int64) for part in (conditions, waves)]
        market = self.market.adding(*self.tables.units(Multipliers(whole[0], whole[1])))
        market = replace(market, closed=self._known())
        scan = self.scan.again(market, self.clock)
        floor = self.market.largest + max(1, int(TOLERANCE * unit))
        everybody = np.arange(len(mentor)), np.arange(len(mentee))
        return Columns.join(
            [
                scan.top("mentee", prices[0], prices[1], FEW, floor=floor,
                         who=everybody[1], among=everybody[0]),
                scan.top("mentor", prices[0], prices[1], FEW, floor=floor,
                         who=everybody[0], among=everybody[1]),
            ]
        )  # fmt: skip

    def _known(self) -> PairTable:
        """Pins and the pairs of the pool: part of the price of such a pair is its own."""
        pins = [pin for pin in self.problem.pins if None not in (pin.mentor, pin.mentee)]
        i = np.concatenate([self.asked.pairs.mentor, np.array([p.mentor for p in pins], np.int64)])
        j = np.concatenate([self.asked.pairs.mentee, np.array([p.mentee for p in pins], np.int64)])
        return PairTable.of_pairs(i, j, np.ones(len(i), np.int64), len(self.problem.mentees))

    def noise(self) -> float:
        """How far the relaxation's value may be off, at most."""
        problem = self.problem
        places = max(int(problem.mentors.places.sum()), int(problem.mentees.places.sum()))
        pairs = places + len(problem.pins) + len(problem.mentors) + len(problem.mentees)
        return pairs * (2 * TOLERANCE + 4 / UNITS) + TOLERANCE

    def free_worth(self) -> int:
        """What the best matching is worth under rules and places alone."""
        market = Market(
            self.problem.scores, self.problem.mentors.places, self.problem.mentees.places,
            self.problem.least, groups=self.problem.priorities,
        )  # fmt: skip
        people = np.flatnonzero(market.mentor_places), np.flatnonzero(market.mentee_places)
        rounds = Rounds(self.scan.again(market, self.clock), self.clock, *people)
        rounds.start()
        rounds.run()
        return rounds.core.value

    def good_pairs(self) -> None:
        """Let pairs in that score well, so that the match after the repair is a good one."""
        own = np.zeros(len(self.problem.mentors), np.int64)
        other = np.zeros(len(self.problem.mentees), np.int64)
        for side in ("mentee", "mentor"):
            found = self.scan.top(side, own, other, FEW)
            self.asked = self.asked.joined(found.mentor, found.mentee)


def wide_conflict(problem: Problem, clock: Clock) -> Conflict:
    """The conflict of a large problem; rules are taken as given.

    When the clock stops, what is known so far comes back.
    """
    wide = Wide(problem, clock)
    try:
        wide.good_pairs()
        least = wide.grow()
        found = least_relaxation(wide.asked, clock, wide.free_worth())
    except OutOfTime:
        return Conflict((), False, None)
    proven = found.size <= math.ceil(least - wide.noise())
    relaxation = Relaxation(found.changes, found.objective_units, found.free_units, proven)
    if not relaxation.changes:
        return Conflict((), True, relaxation)
    try:
        return Conflict(*_smallest(wide, clock), relaxation)
    except OutOfTime:
        return Conflict((), False, relaxation)


def _smallest(wide: Wide, clock: Clock) -> tuple[tuple[Item, ...], bool]:
    """Items that cannot hold together, and whether no conflict has fewer.

    Raises
    ------
    OutOfTime
    """
    everything = {part.item.name for part in wide.asked.parts()}
    while True:
        items, smallest = smallest_conflict(wide.asked, clock)
        named = {item.name for item in items}
        before = len(wide.asked.pairs)
        # Over all pairs these must be impossible too; if not, the pairs that say so come in.
        units = wide.grow(free=everything - named)
        if units > wide.noise() or len(wide.asked.pairs) == before:
            return items, smallest and units > wide.noise()
