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
from dataclasses import replace

import numpy as np

from revmentor.matching.columns import Columns
from revmentor.matching.constrained.best import Best
from revmentor.matching.constrained.bound import Multipliers
from revmentor.matching.constrained.formulation import Formulation
from revmentor.matching.constrained.relaxation import FIRST_STEP, STEPS, Plane, Relaxation
from revmentor.matching.constrained.sharper import Sharper, met_closely, sharper
from revmentor.matching.constrained.task import Task
from revmentor.matching.generation import Rounds, distinct

# Up to so many pairs, one model of all of them is solved at once.
DIRECT = 3_000
# Rounds of pricing all pairs at new multipliers, and steps of the search in each later one.
ROUNDS, LATER_STEPS, LATER_FIRST = 8, 25, 0.002
# Pricing ends when all pairs together can raise the bound by no more than this share.
CLOSE = 1e-6
# Models of the pairs that could still improve the plan have up to so many of them; if there are
# more, a first one of fewer pairs finds a better plan, so that fewer remain.
REMAINING, FIRST_REMAINING = 60_000, 20_000
# The pool takes the plans of planes whose bound exceeds the best by no more than this share.
NEAR = 1e-3
# Columns a person beside the pool with the least to lose, where the pool alone has no plan; and
# columns a pair without which a first model is not worth its time.
SPARE = 4


class Search(Best):
    """The search for the best plan under conditions; see the module."""

    def run(self) -> None:
        """Search until proven, or until what is left is too much.

        Raises
        ------
        OutOfTime
            Plan and bounds stay valid.
        """
        try:
            self.rounds.run()
        finally:
            self.note(self.rounds, Multipliers.none(self.task))
            self.offer_trimmed(self.rounds.plan())
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

    def _again(self, rounds: Rounds, at: Multipliers) -> Rounds:
        """Rounds at multipliers, from the columns and prices of others."""
        market = self.task.market.adding(*self.tables.units(at))
        return rounds.again(market, self.clock)

    def _direct(self) -> None:
        """One model of all pairs, its relaxation for the multipliers."""
        columns = self.own(self.rounds.core.columns)
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
        self.note(rounds, at)
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

    def _price(self) -> tuple[list[Plane], Rounds]:
        """Multipliers and columns in turn, until no pair outside improves the bound."""
        rounds = self.rounds.again(self.task.market, self.clock)
        relaxation = Relaxation(self.task, self.tables, rounds.core, self.clock)
        start = np.zeros(len(relaxation.coordinates))
        for number in range(ROUNDS):
            relaxation.core = rounds.core
            steps, first = (LATER_STEPS, LATER_FIRST) if number else (STEPS, FIRST_STEP)
            try:
                best = relaxation.search(start, steps, first)
            finally:
                if relaxation.planes:
                    self.offer_trimmed(relaxation.best.plan)
            start = best.at
            at = relaxation.multipliers(start)
            before = len(rounds.core.columns)
            rounds = self._again(rounds, at)
            rounds.run(1)
            self.note(rounds, at)
            assert self.bound is not None
            close = self.bound - best.value <= CLOSE * abs(best.value)
            if close or rounds.proven or len(rounds.core.columns) == before:
                break
        return relaxation.planes, self._again(rounds, self.multipliers)

    def _pool(self, planes: list[Plane], rounds: Rounds) -> None:
        """A model of the pairs that plans use at good multipliers; if it has no plan, of more."""
        best = min(plane.value for plane in planes)
        near = best + NEAR * abs(best)
        every = [plane.plan for plane in planes]
        people = len(self.rounds.mentors) + len(self.rounds.mentees)
        for plans in (
            [plane.plan for plane in planes if plane.value <= near],
            every,
            [*every, self._nearest(rounds, SPARE * people)],
        ):
            pool = self.own(distinct(Columns.join(plans)))
            if self._whole(pool, presolve=len(plans) > len(every)):
                return

    def _nearest(self, rounds: Rounds, most: int) -> Columns:
        """The known pairs with the most to gain; of equal ones those that draw lots first."""
        columns = rounds.core.columns
        gain = columns.units - self.mentor_price[columns.mentor] - self.mentee_price[columns.mentee]
        tickets = rounds.scan.tickets.of(columns.mentor, columns.mentee)
        return columns.take(np.lexsort((tickets, -gain))[:most])

    def _remaining(self, rounds: Rounds) -> None:
        """A model of the pairs that a better plan could use, after one of fewer if it must be.

        A plan that makes a pair whose gain is -d or less, or that spares so much in a condition
        that its price comes to more than d, is worth at most the bound less d. So the best of the
        others, or that, is the most there is; with d as large as the gap, nothing is left out.
        """
        near = self._near(rounds, self._gap(), REMAINING)
        if near is None:
            depth = self._gap() // 2
            while (few := self._near(rounds, depth, FIRST_REMAINING)) is None and depth:
                depth //= 2
            if few is not None and len(few) >= SPARE * len(self.plan or ()):
                self._settle(few, depth)
            else:
                # So many pairs are worth the same that no gain parts them: those known must do.
                self._whole(self.own(self._nearest(rounds, FIRST_REMAINING)))
            near = None if self.proven else self._near(rounds, self._gap(), REMAINING)
        if near is not None:
            self._settle(near, self._gap())

    def _gap(self) -> int:
        """How much more than the best plan another could be worth, as far as prices tell."""
        assert self.bound is not None
        if self.plan is not None:
            return self.bound - self.task.total(self.plan)
        # Down to plans that are worth less than the pairs made already.
        return self.bound - sum(map(int, self.task.made.units)) + 1

    def _settle(self, near: Columns, depth: int) -> None:
        """A model of the pairs whose gain is above -depth."""
        assert self.bound is not None
        conditions = zip(self.task.conditions, self.multipliers.condition.tolist(), strict=True)
        closely = tuple(met_closely(condition, price, depth) for condition, price in conditions)
        task = replace(self.task, conditions=closely)
        self._whole(self.own(near), presolve=False, task=task, others=self.bound - depth)

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
