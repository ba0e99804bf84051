"""Models of whole pairs: on few, to find a plan; on all that can still matter, to prove it best.

No plan worth more than the one at hand uses a pair whose gain falls below the gap (reduced-cost
fixing; Dantzig, Fulkerson and Johnson 1954). A model of the remaining pairs, solved to its end,
decides over all pairs.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.columns import Columns, distinct
from revmentor.matching.constrained.best import Best
from revmentor.matching.constrained.formulation import Formulation
from revmentor.matching.constrained.relaxation import Plane
from revmentor.matching.constrained.sharper import met_closely
from revmentor.matching.constrained.task import Task
from revmentor.matching.generation import Rounds

# Models of the pairs that could still improve the plan have up to so many of them; if there are
# more, a first one of fewer pairs finds a better plan, so that fewer remain.
REMAINING, FIRST_REMAINING = 60_000, 20_000
# The pool takes the plans of planes whose bound exceeds the best by no more than this share.
NEAR = 1e-3
# The first model of pairs near the bound has, beside those without a loss, so many known pairs for
# each of a plan; the next ones go so many times deeper, up to so many pairs for each of a plan.
SHALLOW, DEEPER, DEEPEST = 0.2, 4, 4
# Columns a person beside the pool with the least to lose, where the pool alone has no plan; and
# columns a pair without which a first model is not worth its time.
SPARE = 4


class Remaining(Best):
    """The best plan by models of whole pairs; see the module."""

    def _close(self, planes: list[Plane]) -> list[Plane]:
        """Those that are good bounds; all planes are of the same task."""
        best = min(plane.value for plane in planes)
        return [plane for plane in planes if plane.value <= best + NEAR * abs(best)]

    def _deepen(self, rounds: Rounds) -> None:
        """Models of the pairs that a plan close to the bound could use, then of more."""
        plan = len(rounds.plan())
        loss = np.sort(-self._gain(rounds.core.columns))
        first = int(np.searchsorted(loss, 0, "right") + SHALLOW * plan)
        gap = self._gap()
        depth = gap if first >= len(loss) else max(1, int(loss[first]))
        while True:
            depth = min(depth, gap)
            near = self._near(rounds, depth, DEEPEST * plan)
            if near is None:
                return
            self._settle(near, depth)
            gap = self._gap()
            if self.proven or self.infeasible or depth >= gap:
                return
            depth *= DEEPER

    def _gain(self, columns: Columns) -> IntArray:
        """What known pairs are worth more than the prices that prove the bound."""
        gain = columns.units - self.mentor_price[columns.mentor]
        return gain - self.mentee_price[columns.mentee]

    def _pool(self, planes: list[Plane], rounds: Rounds) -> None:
        """A model of the pairs that plans use at good multipliers; if it has no plan, of more."""
        every = [plane.plan for plane in planes]
        people = len(self.rounds.mentors) + len(self.rounds.mentees)
        for plans in (
            [plane.plan for plane in self._close(planes)],
            every,
            [*every, self._nearest(rounds, SPARE * people)],
        ):
            pool = self.own(distinct(Columns.join(plans)))
            if self._whole(pool, presolve=len(plans) > len(every)):
                return

    def _nearest(self, rounds: Rounds, most: int) -> Columns:
        """The known pairs with the most to gain; of equal ones those that draw lots first."""
        columns = rounds.core.columns
        tickets = rounds.scan.tickets.of(columns.mentor, columns.mentee)
        return columns.take(np.lexsort((tickets, -self._gain(columns)))[:most])

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
        if not (self.proven or self.infeasible):
            self.clock.check()
        return solved.values is not None
