"""The best matching under conditions, waves and pairs to make, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns
from revmentor.matching.conditions import PairKind
from revmentor.matching.constrained.asked import Asked
from revmentor.matching.constrained.bound import Multipliers
from revmentor.matching.constrained.conflict import Conflict
from revmentor.matching.constrained.repair import least_relaxation, smallest_conflict
from revmentor.matching.constrained.search import Search
from revmentor.matching.constrained.task import Task
from revmentor.matching.constrained.wide import wide_conflict
from revmentor.matching.generation import Rounds
from revmentor.matching.problem import Problem
from revmentor.matching.worth import everybody

# Of a problem with more pairs than this, rules are not told among the items of a conflict.
ALL_PAIRS = 100_000


@dataclass(frozen=True, eq=False)
class Outcome:
    """A plan under conditions, and what is known about it.

    Parameters
    ----------
    plan : Columns or None
        Pairs beside those made already, by mentee and mentor, with their worth; None: none found.
    waves : array of int
        Wave of each pair, those made already first; -1 without waves.
    objective, bound : int or None
        Worth of all pairs, those made already included, and what no plan exceeds.
    certified : int or None
        The bound that multipliers and prices prove over all pairs in whole numbers; `bound` may
        be lower, by branch and bound over the pairs that the prices leave possible.
    multipliers : Multipliers
    mentor_price, mentee_price, dearer
        As in `engine.Found`, for the market with the multipliers' units for groups.
    infeasible : bool
        Proven: no plan keeps to everything.
    stopped : bool
        The clock stopped the search.
    fewest_short : int or None
        For most pairs first: how many more pairs another plan might have; 0 if proven most.
    """

    task: Task
    plan: Columns | None
    waves: IntArray
    objective: int | None
    bound: int | None
    certified: int | None
    multipliers: Multipliers
    mentor_price: IntArray
    mentee_price: IntArray
    dearer: Columns
    infeasible: bool
    stopped: bool
    fewest_short: int | None = None

    @property
    def proven(self) -> bool:
        """Is no plan worth more?"""
        return self.plan is not None and self.objective == self.bound and not self.fewest_short

    def prices(self) -> Mapping[str, int]:
        """Units that one more pair would bring where a condition or a wave binds, by name.

        Of a share: what one pair more of slack would bring.
        """
        conditions = zip(self.task.conditions, self.multipliers.condition.tolist(), strict=True)
        found = {condition.name: abs(price) for condition, price in conditions}
        if self.task.waves is not None:
            waves = zip(self.task.waves.names, self.multipliers.wave.tolist(), strict=True)
            found |= {f"wave:{name}": price for name, price in waves}
        return found


def solve_constrained(task: Task, rounds: Rounds, clock: Clock) -> Outcome:
    """The plan of greatest worth under conditions and waves, with its proof.

    Parameters
    ----------
    task : Task
    rounds : Rounds
        Of the task's market, started; what they have found already is not looked for again.
    clock : Clock
        When it stops, the best plan and bound so far come back.

    Raises
    ------
    SolverError
        HiGHS is missing or failed.
    """
    search = Search(task, rounds, clock)
    stopped = False
    try:
        search.run()
    except OutOfTime:
        stopped = True
    return _outcome(search, stopped)


def _outcome(search: Search, stopped: bool, fewest_short: int | None = None) -> Outcome:
    task, plan = search.task, search.plan
    return Outcome(
        task,
        plan,
        np.empty(0, np.int64) if plan is None else task.waves_of(plan),
        None if plan is None else task.total(plan),
        search.best_bound,
        search.bound,
        search.multipliers,
        search.mentor_price,
        search.mentee_price,
        search.dearer,
        search.infeasible,
        stopped,
        fewest_short,
    )


def solve_participation(task: Task, rounds: Rounds, clock: Clock) -> Outcome:
    """The most pairs that conditions and waves allow, and of such plans the one worth most.

    First every pair is worth so much more that no score outweighs another pair; the bound then
    tells how many pairs there can be. Then so many are a condition.

    Parameters
    ----------
    task, rounds, clock
        As for `solve_constrained`.
    """
    market = task.market
    sizes = len(market.mentor_places), len(market.mentee_places)
    places = min(int(market.mentor_places.sum()), int(market.mentee_places.sum()))
    rounds.run()
    # Less than half of it is the worth of all pairs: half of it may stay open.
    bonus = 2 + 2 * max(1, places) * max(1, market.largest)
    more = everybody(*sizes, bonus)
    crowded = replace(task, market=market.adding(more))
    search = Search(crowded, rounds.again(crowded.market, clock), clock, bonus // 2 - 1)
    try:
        search.run()
    except OutOfTime:
        pass_on = _outcome(search, True)
        return pass_on if search.plan is None else _plain(task, search, pass_on, bonus)
    if search.plan is None:
        return _outcome(search, False)
    made = sum(map(int, task.made.units))
    assert search.best_bound is not None
    most = (search.best_bound - made) // bonus
    pairs = len(search.plan)
    enough = PairKind.every(*sizes).number(
        "participation", "", at_least=pairs + len(task.made.mentor)
    )
    fewest = replace(task, conditions=(*task.conditions, enough))
    final = Search(fewest, rounds, clock)
    worth = market.worth(search.plan.mentor, search.plan.mentee)
    final.offer(Columns(search.plan.mentor, search.plan.mentee, worth))
    stopped = False
    try:
        final.run()
    except OutOfTime:
        stopped = True
    return _outcome(final, stopped, max(0, most - pairs))


def _plain(task: Task, search: Search, found: Outcome, bonus: int) -> Outcome:
    """A stopped outcome in plain worth."""
    assert search.plan is not None
    worth = task.market.worth(search.plan.mentor, search.plan.mentee)
    plan = Columns(search.plan.mentor, search.plan.mentee, worth)
    return replace(
        found, task=task, plan=plan, objective=task.total(plan), bound=None, certified=None
    )


def find_conflict(problem: Problem, clock: Clock) -> Conflict:
    """Why can a problem not be solved, and what is the least that repairs it?

    Of a problem that can be solved the conflict has no items and the relaxation no changes.

    Parameters
    ----------
    problem : Problem
    clock : Clock
        When it stops, what is known so far comes back.
    """
    if len(problem.mentors) * len(problem.mentees) > ALL_PAIRS:
        return wide_conflict(problem, clock)
    asked = Asked.of_all(problem)
    try:
        relaxation = least_relaxation(asked, clock)
    except OutOfTime:
        return Conflict((), False, None)
    if not relaxation.changes:
        return Conflict((), True, relaxation)
    try:
        items, smallest = smallest_conflict(asked, clock)
    except OutOfTime:
        items, smallest = (), False
    return Conflict(items, smallest, relaxation)
