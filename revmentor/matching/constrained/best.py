"""The best plan and the best bound that are known under conditions."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.constrained.bound import GroupTables, Multipliers, constant
from revmentor.matching.constrained.task import Task
from revmentor.matching.constrained.trim import trimmed
from revmentor.matching.generation import Rounds


@dataclass(eq=False)
class Best:
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

    def offer_trimmed(self, plan: Columns) -> None:
        """Keep what is left of a plan once it meets all conditions."""
        fine = trimmed(self.task, self.own(plan))
        if fine is not None:
            self.offer(fine)

    def note(self, rounds: Rounds, at: Multipliers) -> None:
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

    def own(self, columns: Columns) -> Columns:
        """The same pairs with what they are worth without multipliers."""
        worth = self.task.market.worth(columns.mentor, columns.mentee)
        return Columns(columns.mentor, columns.mentee, worth)
