"""A model in which whatever is asked can be missed, at a price of one for each unit or item.

To the constrained matching come, for everything that may give way, a slack in its row: places of
people and waves, pairs in a condition, pairs to make that are given up, rules. The objective is
the fewest units of slack, or the fewest items with any; or, with that many allowed, the worth.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from revmentor.matching.arrays import FloatArray, IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.constrained.asked import Asked, Part, person_item
from revmentor.matching.constrained.conflict import Change
from revmentor.matching.constrained.formulation import LARGEST_COST, NO_ROW
from revmentor.matching.constrained.model import Model, Solved
from revmentor.matching.constrained.task import Task
from revmentor.matching.worth import Market

Counted = Literal["units", "items"]


@dataclass(frozen=True, eq=False)
class Slack:
    """Columns by which one part gives way."""

    part: Part
    columns: IntArray


class Elastic:
    """One elastic model.

    Parameters
    ----------
    asked : Asked
    hard : collection of str
        Names of the items that must hold.
    counted : {"units", "items"}
        What a miss costs: each unit one; or each item one, by however much.
    most : int, optional
        Allow so many units, and maximise the worth instead.
    free : collection of str
        Names of items whose misses cost nothing.
    whole : bool
        False: the relaxation, in which pairs and misses may be parts.
    """

    def __init__(
        self,
        asked: Asked,
        hard: Collection[str],
        counted: Counted,
        *,
        most: int | None = None,
        free: Collection[str] = (),
        whole: bool = True,
    ) -> None:
        self.asked, self.hard, self.counted, self.most = asked, hard, counted, most
        self.free, self.whole = free, whole
        problem = asked.problem
        self.model = Model("elastic")
        self.slacks: list[Slack] = []
        firm = sum(
            1 << k for k, name in enumerate(asked.rules) if counted == "units" or self._holds(name)
        )
        usable = np.flatnonzero((asked.broken & firm) == 0)
        self.pairs, self.broken = asked.pairs.take(usable), asked.broken[usable]
        self.pins = problem.pins
        self.pin_at = [
            np.array([NO_ROW if k is None else k for k in side], np.int64)
            for side in (
                [pin.mentor for pin in self.pins],
                [pin.mentee for pin in self.pins],
            )
        ]
        market = Market(problem.scores, problem.mentors.places, problem.mentees.places)
        self.task = Task(market, problem.conditions, problem.waves)
        worths = np.concatenate([self.pairs.units, self._pin_worth()])
        self.scale = max(1.0, float(worths.max(initial=0)) / LARGEST_COST)
        self.budget = NO_ROW if most is None else self.model.row("budget", "<=", most)
        self.ceiling = len(self.pairs) + len(self.pins)
        self._rows()
        self._pairs()
        self._running()
        self._give_way()

    def _holds(self, rule: str) -> bool:
        return f"rule:{rule}" in self.hard

    def _pin_worth(self) -> IntArray:
        here = self._placed()
        found = np.zeros(len(self.pins), np.int64)
        i, j = self.pin_at[0][here], self.pin_at[1][here]
        problem = self.asked.problem
        found[here] = problem.scores.plain(i, j)
        for priority in problem.priorities:
            found[here] += priority.at(i, j)
        return found

    def _placed(self) -> IntArray:
        """Pins whose people are both in the pool."""
        return np.flatnonzero((self.pin_at[0] >= 0) & (self.pin_at[1] >= 0))

    def _rows(self) -> None:
        model, problem = self.model, self.asked.problem
        people = []
        for side, roster, of_pairs, of_pins in (
            ("mentor", problem.mentors, self.pairs.mentor, self.pin_at[0]),
            ("mentee", problem.mentees, self.pairs.mentee, self.pin_at[1]),
        ):
            rows = np.full(len(roster), NO_ROW)
            for person in np.unique(np.concatenate([of_pairs, of_pins[of_pins >= 0]])).tolist():
                rows[person] = model.row(f"{side}_{person}", "<=", int(roster.places[person]))
            people.append(rows)
        self.people = people
        self.condition_rows: list[tuple[int, int]] = []
        for number, condition in enumerate(problem.conditions):
            low, high = condition.lower, condition.upper
            self.condition_rows.append(
                (
                    NO_ROW if low is None else model.row(f"condition_{number}_lower", ">=", low),
                    NO_ROW if high is None else model.row(f"condition_{number}_upper", "<=", high),
                )
            )
        self.pin_rows = [model.row(f"pin_{k}", ">=", 1) for k in range(len(self.pins))]
        i = np.concatenate([self.pairs.mentor, self.pin_at[0][self._placed()]])
        j = np.concatenate([self.pairs.mentee, self.pin_at[1][self._placed()]])
        patterns = np.unique(self.task.patterns(i, j)).tolist()
        self.pattern_rows = {p: model.row(f"pattern_{p}", "==", 0) for p in patterns if p}
        limits = () if problem.waves is None else problem.waves.at_most
        self.wave_rows = [
            NO_ROW if most is None else model.row(f"wave_{w}", "<=", most)
            for w, most in enumerate(limits)
        ]
        soft = self.counted == "items"
        self.rule_rows = [
            model.row(f"rule_{name}", "<=", 0) if soft and not self._holds(name) else NO_ROW
            for name in self.asked.rules
        ]

    def _pairs(self) -> None:
        """A column for every pair that may take part and for every pin."""
        here = self._placed()
        pairs, pins = self.pairs, (self.pin_at[0][here], self.pin_at[1][here])
        i, j = np.concatenate([pairs.mentor, pins[0]]), np.concatenate([pairs.mentee, pins[1]])
        broken = np.concatenate([self.broken, self.asked.pin_rules()[here]])
        size = len(i)
        rows, values = [self.people[0][i], self.people[1][j]], [np.ones(size), np.ones(size)]
        for condition, bounds in zip(self.task.conditions, self.condition_rows, strict=True):
            for row in bounds:
                if row != NO_ROW:
                    rows.append(np.full(size, row))
                    values.append(condition.at(i, j).astype(np.float64))
        patterns = self.task.patterns(i, j).tolist()
        rows.append(np.array([self.pattern_rows.get(p, NO_ROW) for p in patterns], np.int64))
        values.append(np.ones(size))
        own = np.full(size, NO_ROW)
        own[len(pairs) :] = np.array(self.pin_rows, np.int64)[here]
        rows.append(own)
        values.append(np.ones(size))
        for number, row in enumerate(self.rule_rows):
            rows.append(np.where(broken >> number & 1, row, NO_ROW))
            values.append(np.ones(size))
        # A pin that breaks a rule which must hold cannot be made.
        firm = sum(1 << k for k, row in enumerate(self.rule_rows) if row == NO_ROW)
        if not self.asked.rules:
            firm = -1
        most = np.where(broken & firm, 0.0, 1.0)
        worth = np.concatenate([pairs.units, self._pin_worth()[here]]) / self.scale
        cost = worth if self.most is not None else np.zeros(size)
        self.made = self._add("pair", cost, most, rows, values)

    def _running(self) -> None:
        rows = [
            (row, self.wave_rows[w])
            for p, row in self.pattern_rows.items()
            for w in range(len(self.wave_rows))
            if p >> w & 1
        ]
        if rows:
            self.model.columns(
                "running", np.zeros(len(rows)), np.full(len(rows), np.inf), np.array(rows),
                np.tile([-1.0, 1.0], (len(rows), 1)), whole=False,
            )  # fmt: skip

    def _add(
        self,
        name: str,
        cost: FloatArray,
        most: FloatArray,
        rows: list[IntArray],
        values: list[FloatArray],
    ) -> IntArray:
        return self.model.columns(
            name, cost, most, np.stack(rows, axis=1), np.stack(values, axis=1), whole=self.whole
        )

    def _give_way(self) -> None:
        """Slack for every part that may give way."""
        for part in self.asked.parts():
            if part.item.name in self.hard or (
                part.item.kind == "rule" and self.counted == "units"
            ):
                continue
            rows, value, limits = self._room(part)
            self.slacks.append(Slack(part, self._slack(part, rows, value, limits)))

    def _room(self, part: Part) -> tuple[IntArray, float, FloatArray]:
        """Rows that a part relaxes, by how much a unit does, and more units than ever needed."""
        number = part.number
        match part.item.kind:
            case "pin":
                return np.array([self.pin_rows[number]]), 1.0, np.ones(1)
            case "rule":
                return np.array([self.rule_rows[number]]), -1.0, np.full(1, float(self.ceiling))
            case "wave":
                return np.array([self.wave_rows[number]]), -1.0, np.full(1, float(self.ceiling))
            case "condition":
                condition = self.task.conditions[number]
                row = self.condition_rows[number][0 if part.bound == "lower" else 1]
                value = condition.per_pair if part.bound == "lower" else -condition.per_pair
                ends = max(abs(condition.lower or 0), abs(condition.upper or 0))
                reach = int(np.abs(condition.coefficient).max(initial=0)) * self.ceiling
                return np.array([row]), float(value), np.full(1, (ends + reach) // abs(value) + 1.0)
            case _:
                rows = self.people[number][np.array(part.people, np.int64)]
                of = np.concatenate([(self.pairs.mentor, self.pairs.mentee)[number],
                                     self.pin_at[number][self.pin_at[number] >= 0]])  # fmt: skip
                pairs = np.bincount(of, minlength=len(self.people[number]))
                limits = pairs[np.array(part.people, np.int64)][rows != NO_ROW]
                return rows[rows != NO_ROW], -1.0, limits.astype(np.float64)

    def _slack(self, part: Part, rows: IntArray, value: float, limits: FloatArray) -> IntArray:
        """Columns of slack in these rows; by items, the one switch that opens them."""
        size, number = len(rows), len(self.slacks)
        entries, values = [rows], [np.full(size, value)]
        if self.counted == "units":
            if self.budget != NO_ROW:
                entries.append(np.full(size, self.budget))
                values.append(np.ones(size))
            counts = self.budget == NO_ROW and part.item.name not in self.free
            cost = np.full(size, -1.0 if counts else 0.0)
            if part.item.kind != "pin":
                # No bound, so that in the relaxation all of a price stands in the row.
                limits = np.full(size, np.inf)
            return self._add(f"slack_{number}", cost, limits, entries, values)
        links = np.array(
            [self.model.row(f"switch_{number}_{k}", "<=", 0) for k in range(size)], np.int64
        )
        self._add(f"slack_{number}", np.zeros(size), limits, [*entries, links],
                  [*values, np.ones(size)])  # fmt: skip
        return self.model.columns(
            f"switch_{number}", np.array([-1.0]), np.ones(1), links[None, :], -limits[None, :],
            whole=True,
        )  # fmt: skip

    def prices(self, solved: Solved) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Prices in a relaxation: of mentors, mentees, conditions (per pair, signed) and waves."""
        found = np.append(solved.prices, 0.0)
        people = [np.maximum(found[rows], 0.0) for rows in self.people]
        rows = np.array(self.condition_rows, np.int64).reshape(-1, 2)
        each = np.array([condition.per_pair for condition in self.task.conditions], np.float64)
        conditions = -np.minimum(found[rows[:, 0]], 0.0) - np.maximum(found[rows[:, 1]], 0.0)
        waves = np.maximum(found[np.array(self.wave_rows, np.int64)], 0.0)
        return people[0], people[1], conditions * each, waves

    def solve(self, clock: Clock) -> Solved:
        """Solve it to its end, or until the clock stops."""
        return self.model.solve(clock)

    def missed(self, solved: Solved) -> frozenset[str]:
        """Names of the items that give way."""
        assert solved.values is not None
        return frozenset(
            slack.part.item.name
            for slack in self.slacks
            if np.rint(solved.values[slack.columns]).any()
        )

    def changes(self, solved: Solved) -> tuple[Change, ...]:
        """What gives way by how many units, people one by one."""
        assert solved.values is not None
        problem = self.asked.problem
        found = []
        for slack in self.slacks:
            part = slack.part
            by = np.rint(solved.values[slack.columns]).astype(np.int64).tolist()
            if part.item.kind == "places":
                rows = self.people[part.number]
                people = [person for person in part.people if rows[person] != NO_ROW]
                found += [
                    Change(person_item(problem, part.number, person), more)
                    for person, more in zip(people, by, strict=True)
                    if more
                ]
            elif sum(by):
                found.append(Change(part.item, sum(by)))
        return tuple(found)

    def worth(self, solved: Solved) -> int:
        """What the chosen pairs are worth."""
        assert solved.values is not None
        worths = np.concatenate([self.pairs.units, self._pin_worth()[self._placed()]])
        return int(worths[solved.values[self.made] > 0.5].sum())
