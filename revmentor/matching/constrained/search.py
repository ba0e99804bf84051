"""The best plan under conditions, and the proof that it is.

1. The plain matching: if it keeps to all conditions, nothing is left to do.
2. Multipliers of the conditions that make the bound as tight as it gets, over all pairs.
3. Where shares are asked for: the same for plans of so many pairs, of one fewer, and so on, until
   none of those left can be as good.
4. A model of whole pairs on a pool: the pairs of the plans that the search for multipliers met.
5. What is left: no plan worth more than the one at hand uses a pair whose gain falls below the
   gap (reduced-cost fixing; Dantzig, Fulkerson and Johnson 1954). A model of the remaining pairs,
   solved to its end, decides over all pairs.
"""

from __future__ import annotations

from collections.abc import Sequence

from revmentor.matching.columns import Columns
from revmentor.matching.constrained.bound import Multipliers
from revmentor.matching.constrained.counted import counted, multipliers_counted, size_of
from revmentor.matching.constrained.formulation import Formulation
from revmentor.matching.constrained.relaxation import FIRST_STEP, STEPS, Plane, Relaxation
from revmentor.matching.constrained.remaining import Remaining
from revmentor.matching.constrained.sharper import Sharper, sharper
from revmentor.matching.generation import Rounds

# Up to so many pairs, one model of all of them is solved at once.
DIRECT = 3_000
# Rounds of pricing all pairs at new multipliers, and steps of the search in each later one.
ROUNDS, LATER_STEPS, LATER_FIRST = 8, 25, 0.002
# Pricing ends when better multipliers and columns can lower the bound by no more than this share.
# Where numbers of pairs are looked at one by one, so much remains for each of them to lower.
CLOSE, SIZES_CLOSE = 1e-6, 2e-5
# Numbers of pairs that are looked at one by one.
SIZES = 6


class Search(Remaining):
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
        sizes = any(condition.per_pair > 1 for condition in self.task.conditions)
        priced = self._price(close=SIZES_CLOSE if sizes else CLOSE)
        self._finish(*priced, sizes=sizes)

    def _finish(self, planes: list[Plane], rounds: Rounds, *, sizes: bool) -> None:
        """From multipliers to a plan, and the proof that it is best."""
        if self.bound is not None and self.bound < sum(map(int, self.task.made.units)):
            self.infeasible = True
            return
        if sizes and not self.proven:
            self._sizes(planes, rounds)
        if not (self.proven or self.infeasible):
            self._deepen(rounds)
        if not (self.proven or self.infeasible):
            self._pool(planes, rounds)
        if not (self.proven or self.infeasible):
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

    def _price(
        self,
        at: Multipliers | None = None,
        plans: Sequence[Columns] = (),
        *,
        close: float = CLOSE,
    ) -> tuple[list[Plane], Rounds]:
        """Multipliers and columns in turn, until no pair outside improves the bound.

        Parameters
        ----------
        at : Multipliers, optional
            Good ones, from which to start.
        plans : sequence of Columns
            Plans within places, whether or not they keep to the conditions.
        close : float
            The share of the bound by which better multipliers or columns may still lower it.
        """
        rounds = self.rounds.again(self.task.market, self.clock)
        relaxation = Relaxation(self.task, self.tables, rounds.core, self.clock)
        relaxation.learn(plans)
        start = relaxation.at(Multipliers.none(self.task) if at is None else at)
        for number in range(ROUNDS):
            relaxation.core = rounds.core
            later = number or at is not None
            steps, first = (LATER_STEPS, LATER_FIRST) if later else (STEPS, FIRST_STEP)
            try:
                best = relaxation.search(start, steps, first, close)
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
            enough = self.bound - best.value <= close * abs(best.value)
            if enough or self.proven or rounds.proven or len(rounds.core.columns) == before:
                break
        if self.multipliers is not at:
            rounds = self._again(rounds, self.multipliers)
        return relaxation.planes, rounds

    def _sizes(self, planes: list[Plane], rounds: Rounds) -> None:
        """The best plans of so many pairs, then of one fewer, until none can be better."""
        assert self.bound is not None
        size = size_of(self.task, self.multipliers, self.mentor_price, self.mentee_price)
        if size is None:
            return
        plans = [plane.plan for plane in self._close(planes)]
        least = sum(map(int, self.task.made.units))
        bound, here, most = self.bound, least - 1, self.bound
        try:
            for fewer in range(SIZES):
                most = bound - fewer * size.price
                if most <= self._worth_as_much():
                    break
                exact = counted(self.task, size.most - fewer)
                if exact is None:
                    continue
                one = Search(exact, rounds, self.clock, self.accept)
                one.plan = self.plan
                try:
                    at = multipliers_counted(self.task, self.multipliers, exact)
                    one._finish(*one._price(at, plans), sizes=False)
                finally:
                    if one.plan is not None:
                        self.offer(one.plan)
                    if not one.infeasible:
                        here = max(here, most if one.best_bound is None else one.best_bound)
                    most -= size.price
                if not (one.proven or one.infeasible):
                    break
        finally:
            reached = here if self.plan is None else max(here, self.task.total(self.plan))
            self.settled = max(reached, most)
            self.infeasible = self.plan is None and self.settled < least

    def _worth_as_much(self) -> int:
        """A plan worth no more than this need not be looked for."""
        if self.plan is None:
            return sum(map(int, self.task.made.units)) - 1
        return self.task.total(self.plan) + self.accept
