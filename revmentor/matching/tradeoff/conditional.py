"""Worth against pairs kept where plans must keep to conditions: one solve for each question."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.conditions import Condition
from revmentor.matching.problem import Problem
from revmentor.matching.result import Matching
from revmentor.matching.solver import solve
from revmentor.matching.tradeoff.point import Fullest, Point
from revmentor.matching.variants import LABELS, WAVES, without_waves

KEPT = "kept pairs"


def has_conditions(problem: Problem) -> bool:
    """Is there anything that ties pairs together beyond people's places?"""
    return bool(problem.conditions) or problem.waves is not None


def lifted(problem: Problem) -> list[tuple[str, str, Problem]]:
    """Name and label of each condition, and the problem without it; waves are one condition."""
    conditions = problem.conditions
    found = [
        (
            one.name,
            one.label,
            replace(problem, conditions=tuple(c for c in conditions if c is not one)),
        )
        for one in conditions
    ]
    if problem.waves is not None:
        found.append((WAVES, LABELS[WAVES], without_waves(problem)))
    return found


def kept_condition(problem: Problem, mentor: IntArray, mentee: IntArray, least: int) -> Condition:
    """The condition that at least so many of these pairs are made.

    Everybody in one of the pairs is a group of their own, all others are one.
    """
    groups, sizes = [], []
    for roster, who in ((problem.mentors, mentor), (problem.mentees, mentee)):
        group = np.zeros(len(roster), np.int64)
        named = np.unique(who)
        group[named] = np.arange(1, len(named) + 1)
        groups.append(group)
        sizes.append(len(named) + 1)
    coefficient = np.zeros(sizes, np.int64)
    coefficient[groups[0][mentor], groups[1][mentee]] = 1
    return Condition(KEPT, KEPT, groups[0], groups[1], coefficient, least, None)


class Conditional:
    """See `point.Tradeoff`; every answer is a solve under one more condition."""

    def __init__(
        self, problem: Problem, mentor: IntArray, mentee: IntArray, clock: Clock, seed: int
    ) -> None:
        self.problem, self.clock, self.seed = problem, clock, seed
        self.mentor, self.mentee = mentor, mentee
        self._keys = mentee * len(problem.mentors) + mentor
        self._known: dict[int, Point | None] = {}

    def keeping(self, least: int) -> Point | None:
        """The plan worth most among those that keep at least so many; None if there is none."""
        if least not in self._known:
            self._known[least] = self._solve(least)
        return self._known[least]

    def best(self) -> Point:
        """The plan worth most; among those, one that keeps most pairs."""
        top = self.keeping(0)
        assert top is not None
        found = self.worth_at_least(top.units)
        return top if found is None else replace(found.point, bound=top.bound)

    def fullest(self) -> Point:
        """The plan that keeps most pairs; among those, one worth most."""
        low = self.keeping(0)
        assert low is not None
        few, many = low.kept, len(self._keys)
        while few < many:
            middle = (few + many + 1) // 2
            point = self.keeping(middle)
            if point is None:
                many = middle - 1
            else:
                few = point.kept
        point = self.keeping(few)
        assert point is not None
        return point

    def worth_at_least(self, units: int) -> Fullest | None:
        """The plan that keeps most among those worth so much; None if there is none."""
        point = self.keeping(0)
        if point is None or point.units < units:
            return None
        many, sure = len(self._keys), len(self._keys)
        while point.kept < many:
            middle = (point.kept + many + 1) // 2
            found = self.keeping(middle)
            if found is not None and found.units >= units:
                point = found
            else:
                many = middle - 1
                if found is None or found.bound < units:
                    sure = many
        return Fullest(point, max(point.kept, sure))

    def envelope(self) -> list[Point]:
        """All efficient points: under conditions each is found by itself."""
        points, least = [], 0
        top = self.best()
        full = self.fullest()
        points.append(top)
        least = top.kept + 1
        while least <= full.kept:
            point = self.keeping(least)
            assert point is not None
            points.append(point)
            least = point.kept + 1
        return points[::-1]

    def _solve(self, least: int) -> Point | None:
        """Solve with the condition that so many pairs are kept."""
        if least > len(self._keys):
            return None
        more = (kept_condition(self.problem, self.mentor, self.mentee, least),) if least else ()
        asked = replace(self.problem, conditions=(*self.problem.conditions, *more))
        left = self.clock.left()
        if left == 0:
            raise OutOfTime
        found = solve(asked, time_limit=left, seed=self.seed)
        return None if found.status == "infeasible" else self._point(found)

    def _point(self, found: Matching) -> Point:
        if found.objective_units is None or found.bound_units is None:
            raise OutOfTime
        at = [
            {who: k for k, who in enumerate(r.ids)}
            for r in (self.problem.mentors, self.problem.mentees)
        ]
        i = np.array([at[0][who] for who in found.pairs["mentor_id"]], np.int64)
        j = np.array([at[1][who] for who in found.pairs["mentee_id"]], np.int64)
        kept = int(np.isin(j * len(self.problem.mentors) + i, self._keys).sum())
        return Point(i, j, found.objective_units, kept, found.bound_units)
