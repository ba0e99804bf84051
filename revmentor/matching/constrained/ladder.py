"""Which plan under conditions is fairest? One level of people's best pairs after the other.

Ascending vectors of best pairs compare like the numbers of people at or above each level, from
the lowest level up. So these numbers are made as large as possible one by one, each with the
earlier ones kept (Ogryczak, European Journal of Operational Research 103, 1997). Levels at which
the plan in hand leaves nobody behind cannot change the count and are passed over; whether more
people than in the plan can reach the next one is a model of its own, and so is every proof.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.constrained.formulation import Formulation
from revmentor.matching.constrained.levels import Floor, LevelFormulation
from revmentor.matching.constrained.model import Solved
from revmentor.matching.constrained.task import Task
from revmentor.matching.fairness.table import Compared, fortunes

# Costs that lead a model to plans that do well at all levels: steep for low ones.
STEEP, LARGEST_LEAD = 8, 1_000
# Such a model may stop at plans that miss so much of it: leads prove nothing.
LEAD_GAP = 2.0 * LARGEST_LEAD


@dataclass(eq=False)
class Fairest:
    """The fairest plan met so far.

    Parameters
    ----------
    task : Task
    who : Compared
    whole : bool
        Compare all fortunes; else how many people are served and the worst of them.
    """

    task: Task
    who: Compared
    whole: bool
    plan: Columns | None = None
    held: IntArray = field(default_factory=lambda: np.empty(0, np.int64))

    def offer(self, plan: Columns) -> None:
        """Keep a plan if it keeps to everything, counted exactly, and is the fairest so far."""
        plan = plan.take(np.lexsort((plan.mentor, plan.mentee)))
        worth = self.task.market.worth(plan.mentor, plan.mentee)
        plan = Columns(plan.mentor, plan.mentee, worth)
        if self.task.broken(plan):
            return
        held = fortunes(self.task.market, plan, self.who)
        if self.plan is None or self._key(plan, held) > self._key(self.plan, self.held):
            self.plan, self.held = plan, held

    def _key(self, plan: Columns, held: IntArray) -> tuple[list[int], int]:
        served = held[held > 0]
        few = [len(served), int(served.min(initial=2**62))]
        return held.tolist() if self.whole else few, self.task.total(plan)

    @property
    def served(self) -> int:
        """How many people compared it serves."""
        return int(np.count_nonzero(self.held))

    @property
    def worst(self) -> int:
        """Units of the best pair of the worst of them; 0 for nobody."""
        return int(self.held[self.held > 0].min(initial=2**62)) if self.served else 0

    def reaching(self, level: int) -> int:
        """How many people have at least so much."""
        return int(np.count_nonzero(self.held >= level))


class Ladder:
    """Levels settled from below, on listed pairs.

    Parameters
    ----------
    best : Fairest
        With a plan only if it serves most people and the worst of them as well as can be.
    columns : Columns
        All pairs that a fairest plan may make.
    clock : Clock

    Attributes
    ----------
    floors : list of Floor
        Settled: no plan reaches the first with more people, and none that reaches all before one
        reaches that with more.
    sure : bool
        Every step was proven.
    infeasible : bool
        No plan keeps to everything.
    """

    def __init__(self, best: Fairest, columns: Columns, clock: Clock) -> None:
        self.best, self.clock = best, clock
        self.floors: list[Floor] = []
        self.sure, self.infeasible = True, False
        if best.plan is not None:
            self.floors = [Floor(max(best.task.market.least, best.worst), best.served)]
        market, who = best.task.market, best.who
        self._columns = columns
        self._units = market.scores.units(columns.mentor, columns.mentee)
        single = (
            who.mentors & (market.mentor_places <= 1),
            who.mentees & (market.mentee_places <= 1),
        )
        self._single = single[0][columns.mentor] | single[1][columns.mentee]
        self._compared = who.mentors[columns.mentor].astype(np.int64) + who.mentees[columns.mentee]

    def serve(self) -> None:
        """Find out how many people can be served.

        Raises
        ------
        OutOfTime
        """
        floors = [Floor(self.best.task.market.least, 0)]
        model = LevelFormulation(
            self.best.task, self._columns, self.best.who, floors, counting=True
        )
        self.clock.check()
        # People are whole, so a gap of less than one is none.
        solved = model.solve(self.clock, gap=0.9)
        if solved.values is not None:
            self.best.offer(model.plan(solved))
        if solved.infeasible:
            self.infeasible = self.best.plan is None
            return
        bound = whole_bound(model, solved)
        if self.best.plan is None or bound is None or bound > self.best.served:
            self.clock.check()
            self.sure = False
        self.floors = [Floor(floors[0].level, self.best.served)]

    def lift(self) -> None:
        """Raise the floor under the worst person served as far as it goes.

        Raises
        ------
        OutOfTime
        """
        levels = self._room()
        tried = len(levels) - 1
        while len(levels):
            if self._ask(int(levels[tried]), self.floors[-1].count):
                room = self._room()
                levels = room[room <= levels[-1]]
            else:
                levels = levels[:tried]
            tried = (len(levels) - 1) // 2

    def climb(self) -> None:
        """Settle all levels, from the lowest.

        Raises
        ------
        OutOfTime
        """
        while self._settle():
            self.clock.check()

    def total(self) -> int | None:
        """The largest total of plans as fair as this one; None if unknown.

        Raises
        ------
        OutOfTime
        """
        task = self.best.task
        self._tighten()
        columns = self._columns
        worth = task.market.worth(columns.mentor, columns.mentee)
        columns = Columns(columns.mentor, columns.mentee, worth)
        model = LevelFormulation(task, columns, self.best.who, self.floors)
        self.clock.check()
        solved = model.solve(self.clock)
        if solved.values is None:
            self.clock.check()
            self.sure = False
            return None
        self.best.offer(model.plan(solved))
        bound = whole_bound(model, solved)
        return None if bound is None else bound + sum(map(int, task.made.units))

    def _settle(self) -> bool:
        """Raise the floor, and count who can go beyond it; False if nobody can."""
        step, refused = 1, False
        above = np.empty(0, np.int64)
        while True:
            room = self._room()
            if refused:
                room = room[room <= above.max(initial=0)] if len(above) else above
            count = self.floors[-1].count
            ahead = self._ahead()
            if not count or not len(ahead):
                return False
            level = int(ahead[0])
            beyond = self.best.reaching(level)
            if step == 1 or not len(room):
                most = min(self._able(level), count if len(room) else count - 1)
                if beyond >= most or not self._ask(level, beyond + 1):
                    self.floors.append(Floor(level, beyond))
                    return beyond > 0
                step = 2
                continue
            tried = min(step, len(room)) - 1
            if self._ask(int(room[tried]), count):
                step *= 2
            else:
                refused, above, step = True, room[:tried], max(1, tried // 2)

    def _ask(self, level: int, count: int) -> bool:
        """Can so many have so much, with all that is settled? Then the plan is such a one."""
        floors = [floor for floor in self.floors if floor.count > count] + [Floor(level, count)]
        model = LevelFormulation(self.best.task, self._led(), self.best.who, floors)
        self.clock.check()
        # Most answers are no, and the relaxation gives them sooner than presolve is done.
        solved = model.solve(self.clock, gap=LEAD_GAP, presolve=False)
        if solved.values is not None:
            self.best.offer(model.plan(solved))
            if self.best.reaching(level) >= count:
                self._tighten()
                return True
        if not solved.infeasible:
            self.clock.check()
            self.sure = False
        return False

    def _led(self) -> Columns:
        """The pairs, with costs that lead to plans that are good at all levels at once."""
        units = self._units
        levels = np.unique(units[self._compared > 0])
        rank = np.searchsorted(levels, units) / max(1, len(levels))
        lead = np.rint(LARGEST_LEAD * (1 - (1 - rank) ** STEEP)).astype(np.int64)
        return Columns(self._columns.mentor, self._columns.mentee, lead * self._compared)

    def _tighten(self) -> None:
        """Raise the last floor to what the plan reaches, and drop pairs that fall between."""
        last = self.floors[-1]
        held = self.best.held[self.best.held >= last.level]
        if len(held) != last.count or not last.count:
            return
        floor = int(held[0])
        self.floors[-1] = Floor(floor, last.count)
        low = 0 if len(self.floors) == 1 else last.level
        between = self._single & (self._units >= low) & (self._units < floor)
        if between.any():
            self._take(np.flatnonzero(~between))

    def _take(self, which: IntArray) -> None:
        self._columns = self._columns.take(which)
        self._units, self._single = self._units[which], self._single[which]
        self._compared = self._compared[which]

    def _ahead(self) -> IntArray:
        """Levels above the last floor, once it is as high as the plan's."""
        self._tighten()
        units = self._units[self._compared > 0]
        return np.unique(units[units > self.floors[-1].level])

    def _room(self) -> IntArray:
        """Those of them that enough people could reach, each alone."""
        levels, able = self._ahead(), self._best_each()
        count = self.floors[-1].count
        return levels[levels <= able[count - 1]] if count else levels[:0]

    def _able(self, level: int) -> int:
        """How many people have any pair with so much?"""
        return int(np.count_nonzero(self._best_each() >= level))

    def _best_each(self) -> IntArray:
        """Best listed pair of each person compared, descending."""
        who = self.best.who
        best = []
        for counts, end in (
            (who.mentors, self._columns.mentor),
            (who.mentees, self._columns.mentee),
        ):
            each = np.zeros(len(counts), np.int64)
            np.maximum.at(each, end, self._units)
            best.append(each[counts])
        return -np.sort(-np.concatenate(best))


def whole_bound(model: Formulation, solved: Solved) -> int | None:
    """What branch and bound leaves possible, in whole units; None if it was stopped before."""
    return model.whole_bound(solved) if math.isfinite(solved.bound) else None
