"""How good can the worst pair be under conditions, whatever the size of the market?

Where everybody compared has one place, every pair serves the same number of them: serving most
people is making most pairs, and lifting the worst person is asking more units of every pair.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.conditions import PairKind
from revmentor.matching.constrained.formulation import Formulation
from revmentor.matching.constrained.ladder import Fairest, whole_bound
from revmentor.matching.constrained.search import Search
from revmentor.matching.constrained.task import Task
from revmentor.matching.generation import LOWEST, Rounds
from revmentor.matching.worth import Market, everybody

SERVED = "fairness:served"
# Models of all pairs that can matter hold no more of them: more take too long.
MOST_PAIRS = 100_000
# Up to so many pairs, a model that counts them is solved at once.
COUNTED_AT_ONCE = 10_000


@dataclass
class Stages:
    """What is proven of the fairest plan so far.

    Parameters
    ----------
    most : bool
        No plan serves more people.
    worst : bool
        And none that serves as many has more for the worst of them.
    order : bool
        And so on, as far as the objective looks.
    """

    most: bool = False
    worst: bool = False
    order: bool = False


def allowed_pairs(rounds: Rounds, market: Market, clock: Clock, most: int) -> Columns | None:
    """All pairs that a market allows; None if they are more than `most`.

    Parameters
    ----------
    rounds : Rounds
        Of a market of the same people.
    """
    none = np.zeros_like(market.mentor_places), np.zeros_like(market.mentee_places)
    return rounds.scan.again(market, clock).above(*none, LOWEST, most=most)


class Lifting:
    """Most pairs, then the best worst one, by whole plans.

    Parameters
    ----------
    best : Fairest
        Of people with one place each, so that every pair has the same number of them.
    rounds : Rounds
        Of the task's market, started.
    clock : Clock
    stages : Stages
        The first two are noted as they are proven.

    Attributes
    ----------
    pairs : int
        How many pairs plans have that serve most people.
    infeasible : bool
        No plan keeps to everything.
    """

    def __init__(self, best: Fairest, rounds: Rounds, clock: Clock, stages: Stages) -> None:
        self.best, self.rounds, self.clock, self.stages = best, rounds, clock, stages
        self.task = best.task
        self.pairs = 0
        self.infeasible = False

    def run(self) -> None:
        """Bisect over the levels, the worst person's best pair first.

        Raises
        ------
        OutOfTime
        """
        self.rounds.run()
        most = self._most(self.task.market.least)
        plan = self.best.plan
        if plan is None:
            return
        self.pairs = len(plan)
        self.stages.most = most == self.pairs
        sure = True
        level = self._ceiling()
        beyond = level + 1
        while self.pairs and self.best.worst < level < beyond:
            most = self._most(level)
            if self.best.worst < level:
                sure = sure and most is not None and most < self.pairs
                beyond = level
            level = self._between(beyond)
        self.stages.worst = self.stages.most and sure

    def task_above(self) -> Task:
        """What is left to choose among plans as fair as the best: only the total."""
        market = self.task.market
        made = len(self.task.made)
        enough = PairKind.every(len(market.mentor_places), len(market.mentee_places)).number(
            SERVED, "", at_least=self.pairs + made
        )
        return replace(
            self.task,
            market=replace(market, least=max(market.least, self.best.worst)),
            conditions=(*self.task.conditions, enough),
        )

    def _most(self, level: int) -> int | None:
        """Find a plan of most pairs with so many units each, and a bound on their number.

        The bound is -1 if no plan keeps to everything, and None if there is none yet.
        """
        market = replace(self.task.market, least=level)
        few = allowed_pairs(self.rounds, market, self.clock, COUNTED_AT_ONCE)
        if few is not None:
            most = self._counted(market, few)
        else:
            most = self._crowded(market)
            if not self._decided(level, most):
                # Multipliers leave open whether there is a plan.
                more = allowed_pairs(self.rounds, market, self.clock, MOST_PAIRS)
                most = most if more is None else self._counted(market, more)
        self.infeasible = most == -1 and self.best.plan is None
        if not self._decided(level, most):
            self.clock.check()
        return most

    def _crowded(self, market: Market) -> int | None:
        """By multipliers and prices: every pair is worth more than all scores together."""
        sizes = len(market.mentor_places), len(market.mentee_places)
        places = min(int(market.mentor_places.sum()), int(market.mentee_places.sum()))
        # Less than half of it is the worth of all pairs: half of it may stay open.
        bonus = 2 + 2 * max(1, places) * max(1, market.largest)
        crowded = replace(self.task, market=market.adding(everybody(*sizes, bonus)))
        search = Search(
            crowded, self.rounds.again(crowded.market, self.clock), self.clock, bonus // 2 - 1
        )
        try:
            search.run()
        finally:
            if search.plan is not None:
                self.best.offer(search.plan)
        if search.infeasible:
            return -1
        if search.best_bound is None:
            return None
        return (search.best_bound - sum(map(int, self.task.made.units))) // bonus

    def _decided(self, level: int, most: int | None) -> bool:
        """Is known how many pairs there can be, or whether there can be enough?"""
        if most is None or most < self.pairs:
            return most is not None
        plan = self.best.plan
        if plan is None or (len(plan) and self.best.worst < level):
            return False
        return most == len(plan) or 0 < self.pairs <= len(plan)

    def _counted(self, market: Market, pairs: Columns) -> int | None:
        """By a model of all pairs that only counts them."""
        ones = Columns(pairs.mentor, pairs.mentee, np.ones(len(pairs), np.int64))
        model = Formulation(replace(self.task, market=market), ones, whole=True)
        self.clock.check()
        # Pairs are whole, so a gap of less than one is none.
        solved = model.solve(self.clock, gap=0.9, presolve=False)
        if solved.values is not None:
            self.best.offer(model.plan(solved))
        if solved.infeasible:
            return -1
        return whole_bound(model, solved)

    def _ceiling(self) -> int:
        """No plan of as many pairs has a better worst one: so many people have none above."""
        market, who = self.task.market, self.best.who
        added = [int(groups.units.min(initial=0)) for groups in market.groups]
        least = sum(added) + int(market.pairs.value.min(initial=0))
        ceilings = []
        for side, counts, partners in (
            ("mentor", who.mentors, market.mentee_places),
            ("mentee", who.mentees, market.mentor_places),
        ):
            if counts.any() and self.pairs:
                worth = self.rounds.scan.best(
                    side, np.zeros_like(partners), who=np.flatnonzero(counts)
                )
                ceilings.append(int(np.sort(worth)[-self.pairs]) - least)
        return min(ceilings, default=0)

    def _between(self, beyond: int) -> int:
        """A level between the worst pair in hand and one that is known to be too high."""
        worst = self.best.worst
        if not self.rounds.all_columns:
            return (worst + beyond + 1) // 2
        levels = self._levels()
        levels = levels[(levels > worst) & (levels < beyond)]
        return int(levels[len(levels) // 2]) if len(levels) else beyond

    def _levels(self) -> IntArray:
        columns = self.rounds.core.columns
        return np.unique(self.task.market.scores.units(columns.mentor, columns.mentee))
