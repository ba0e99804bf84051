"""The best plan under conditions, and the proof that it is.

1. The plain matching: if it keeps to all conditions, nothing is left to do.
2. Multipliers of the conditions that make the bound as tight as it gets, over all pairs.
3. A model of whole pairs on a pool: the pairs of the plans that the search for multipliers met.
4. What is left: no plan worth more than the one at hand uses a pair whose gain falls below the
   gap (reduced-cost fixing; Dantzig, Fulkerson and Johnson 1954). A model of the remaining pairs,
   solved to its end, decides over all pairs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.constrained.bound import GroupTables, Multipliers, constant
from revmentor.matching.constrained.formulation import Formulation
from revmentor.matching.constrained.relaxation import Plane, Relaxation
from revmentor.matching.constrained.sharper import Sharper, met_closely, sharper
from revmentor.matching.constrained.task import Task
from revmentor.matching.generation import Rounds, distinct

# Up to so many pairs, one model of all of them is solved at once.
DIRECT = 3_000
# Rounds of pricing all pairs at new multipliers, and steps of the search in each later one.
ROUNDS, LATER_STEPS, LATER_FIRST = 8, 25, 0.002
# Pricing ends when all pairs together can raise the bound by no more than this share.
CLOSE = 1e-6
# Models of the pairs that could still improve the plan have up to so many of them.
REMAINING = 12_000, 60_000
# The pool takes the plans of planes whose bound exceeds the best by no more than this share.
NEAR = 1e-4
# Columns a person beside the pool with the least to lose, where the pool alone has no plan.
SPARE = 4


@dataclass(eq=False)
class Search:
    """The best plan and the best bound so far.

    Parameters
    ----------
    task : Task
    rounds : Rounds
        Of the task's market, started.
    clock : Clock
    accept : int
        Be content with a plan that no other exceeds by more than so many units.

    Attributes
    ----------
    plan : Columns or None
        The best plan known.
    bound : int or None
        No plan is worth more: proven by the multipliers and prices, over all pairs.
    settled : int or None
        No plan is worth more: proven by branch and bound over the pairs that can matter.
    multipliers, mentor_price, mentee_price, dearer
        They prove `bound`; `dearer` are pairs that gain by their prices, and how much.
    infeasible : bool
        The model of all pairs has no solution.
    """

    task: Task
    rounds: Rounds
    clock: Clock
    accept: int = 0
    plan: Columns | None = None
    bound: int | None = None
    settled: int | None = None
    tables: GroupTables = field(init=False)
    multipliers: Multipliers = field(init=False)
    mentor_price: IntArray = field(init=False)
    mentee_price: IntArray = field(init=False)
    dearer: Columns = field(default_factory=Columns.none)
    infeasible: bool = False

    def __post_init__(self) -> None:
        self.tables = GroupTables(self.task)
        self.multipliers = Multipliers.none(self.task)
        market = self.task.market
        self.mentor_price = np.zeros_like(market.mentor_places)
        self.mentee_price = np.zeros_like(market.mentee_places)

    @property
    def best_bound(self) -> int | None:
        """The lower of both bounds."""
        known = [bound for bound in (self.bound, self.settled) if bound is not None]
        return min(known, default=None)

    @property
    def proven(self) -> bool:
        """Is no plan worth more than this one, or too little more to matter?"""
        bound = self.best_bound
        if self.plan is None or bound is None:
            return False
        return bound - self.task.total(self.plan) <= self.accept

    def run(self) -> None:
        """Search until proven, or until what is left is too much.

        Raises
        ------
        OutOfTime
            Plan and bounds stay valid.
        """
        self.rounds.run()
        self._note(self.rounds, Multipliers.none(self.task))
        self.offer(self.rounds.plan())
        if self.proven:
            return
        if self.rounds.all_columns and len(self.rounds.core.columns) <= DIRECT:
            self._direct()
            return
        better = sharper(self.task, self.clock)
        if better is not None:
            self._learn(better)
            return
        planes, rounds = self._price()
        if self.bound is not None and self.bound < sum(map(int, self.task.made.units)):
            self.infeasible = True
            return
        self._pool(planes, rounds)
        if not self.proven:
            self._remaining(rounds)

    def offer(self, plan: Columns) -> None:
        """Keep a plan if it keeps to everything, counted exactly, and is the best so far."""
        order = np.lexsort((plan.mentor, plan.mentee))
        plan = plan.take(order)
        worth = self.task.market.worth(plan.mentor, plan.mentee)
        plan = Columns(plan.mentor, plan.mentee, worth)
        if self.task.broken(plan):
            return
        if self.plan is None or self.task.total(plan) > self.task.total(self.plan):
            self.plan = plan

    def _note(self, rounds: Rounds, at: Multipliers) -> None:
        """Keep the bound that rounds have proven at these multipliers, if it is the best."""
        if rounds.bound is None or rounds.proof is None:
            return
        made = sum(map(int, self.task.made.units))
        bound = made + constant(self.task, at) + rounds.bound
        if self.bound is None or bound < self.bound:
            self.bound, self.multipliers = bound, at
            self.mentor_price, self.mentee_price = rounds.proof
            columns = rounds.core.columns
            gain = columns.units - rounds.proof[0][columns.mentor]
            gain -= rounds.proof[1][columns.mentee]
            some = np.flatnonzero(gain > 0)
            self.dearer = Columns(columns.mentor[some], columns.mentee[some], gain[some])

    def _again(self, rounds: Rounds, at: Multipliers) -> Rounds:
        """Rounds at multipliers, from the columns and prices of others."""
        market = self.task.market.adding(*self.tables.units(at))
        return rounds.again(market, self.clock)

    def _direct(self) -> None:
        """One model of all pairs, its relaxation for the multipliers."""
        columns = self._own(self.rounds.core.columns)
        relaxed = Formulation(self.task, columns, whole=False)
        solved = relaxed.solve(self.clock)
        if solved.infeasible:
            self.infeasible = True
            return
        relaxation = Relaxation(self.task, self.tables, self.rounds.core, self.clock)
        start = relaxation.rows(relaxed.priced(solved))
        best = relaxation.search(start, LATER_STEPS, LATER_FIRST)
        at = relaxation.multipliers(best.at)
        rounds = self._again(self.rounds, at)
        rounds.run()
        self._note(rounds, at)
        for plane in relaxation.planes:
            self.offer(plane.plan)
        if not self.proven:
            self._whole(columns, others=sum(map(int, self.task.made.units)) - 1)

    def _learn(self, better: Sharper) -> None:
        """Take plan and bound from a sharper task; multipliers still prove what they can."""
        again = self.rounds.again(better.task.market, self.clock)
        search = Search(better.task, again, self.clock, self.accept * better.scale)
        try:
            search.run()
        finally:
            self.infeasible = search.infeasible
            if search.plan is not None:
                self.offer(better.plain(search.plan))
            if search.best_bound is not None:
                self.settled = search.best_bound // better.scale
        if not self.infeasible:
            self._price()

    def _own(self, columns: Columns) -> Columns:
        """The same pairs with what they are worth without multipliers."""
        worth = self.task.market.worth(columns.mentor, columns.mentee)
        return Columns(columns.mentor, columns.mentee, worth)

    def _price(self) -> tuple[list[Plane], Rounds]:
        """Multipliers and columns in turn, until no pair outside improves the bound."""
        rounds = self.rounds.again(self.task.market, self.clock)
        relaxation = Relaxation(self.task, self.tables, rounds.core, self.clock)
        best = relaxation.search(np.zeros(len(relaxation.coordinates)))
        for number in range(ROUNDS):
            if number:
                relaxation.core = rounds.core
                best = relaxation.search(best.at, LATER_STEPS, LATER_FIRST)
            at = relaxation.multipliers(best.at)
            before = len(rounds.core.columns)
            rounds = self._again(rounds, at)
            rounds.run(1)
            self._note(rounds, at)
            assert self.bound is not None
            close = self.bound - best.value <= CLOSE * abs(best.value)
            if close or rounds.proven or len(rounds.core.columns) == before:
                break
        for plane in relaxation.planes:
            self.offer(plane.plan)
        return relaxation.planes, self._again(rounds, self.multipliers)

    def _pool(self, planes: list[Plane], rounds: Rounds) -> None:
        """A model of the pairs that plans use at good multipliers; if it has no plan, of more."""
        best = min(plane.value for plane in planes)
        near = best + NEAR * abs(best)
        columns = rounds.core.columns
        gain = columns.units - self.mentor_price[columns.mentor] - self.mentee_price[columns.mentee]
        people = len(self.rounds.mentors) + len(self.rounds.mentees)
        for number, plans in enumerate(
            (
                [plane.plan for plane in planes if plane.value <= near],
                [plane.plan for plane in planes],
                [plane.plan for plane in planes]
                + [columns.take(np.argsort(-gain, kind="stable")[: SPARE * people])],
            )
        ):
            pool = self._own(distinct(Columns.join(plans)))
            if self._whole(pool, presolve=number == 2):
                return

    def _remaining(self, rounds: Rounds) -> None:
        """Models of the pairs that a better plan could use: first few, then more.

        A plan that makes a pair whose gain is -d or less, or that spares so much in a condition
        that its price comes to more than d, is worth at most the bound less d. So the best of the
        others, or that, is the most there is; with d as large as the gap, nothing is left out.
        """
        assert self.bound is not None
        for most in REMAINING:
            # Without a plan: down to plans that are worth less than the pairs made already.
            least = sum(map(int, self.task.made.units)) - 1
            gap = self.bound - (least if self.plan is None else self.task.total(self.plan))
            depth, near = gap, self._near(rounds, gap, most)
            while near is None and depth:
                depth //= 2
                near = self._near(rounds, depth, most)
            if near is None:
                return
            prices = self.multipliers.condition.tolist()
            conditions = zip(self.task.conditions, prices, strict=True)
            closely = tuple(met_closely(condition, price, depth) for condition, price in conditions)
            task = replace(self.task, conditions=closely)
            self._whole(self._own(near), presolve=False, task=task, others=self.bound - depth)
            if self.proven or depth == gap:
                return

    def _near(self, rounds: Rounds, depth: int, most: int) -> Columns | None:
        """All pairs whose gain is above -depth, unless they are too many."""
        return rounds.scan.above(self.mentor_price, self.mentee_price, -depth, most=most)

    def _whole(
        self,
        columns: Columns,
        *,
        presolve: bool = True,
        task: Task | None = None,
        others: int | None = None,
    ) -> bool:
        """Solve the model of whole pairs; does it have a plan?

        Parameters
        ----------
        presolve : bool
            Let HiGHS simplify the model first: with well chosen columns that takes longer than to
            solve it.
        task : Task, optional
            With what also holds of the plans that are looked for.
        others : int, optional
            No plan is worth more that uses other pairs, or does not keep to the task; None: it
            may be.
        """
        model = Formulation(task or self.task, columns, whole=True)
        solved = model.solve(self.clock, gap=self.accept, presolve=presolve)
        if solved.values is not None:
            self.offer(model.plan(solved))
        made = sum(map(int, self.task.made.units))
        if others is not None and (solved.infeasible or math.isfinite(solved.bound)):
            here = others if solved.infeasible else made + model.whole_bound(solved)
            best = made - 1 if self.plan is None else self.task.total(self.plan)
            settled = max(here, others, best)
            self.settled = settled if self.settled is None else min(self.settled, settled)
            # No plan, and none worth as much as the pairs made already: there is none at all.
            self.infeasible = self.plan is None and settled < made
        return solved.values is not None
