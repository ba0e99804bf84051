"""A plan that keeps to all conditions, made by giving pairs up: quick, and far from the best."""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.columns import Columns
from revmentor.matching.conditions import Condition
from revmentor.matching.constrained.running import flow, pattern_counts
from revmentor.matching.constrained.task import Task

# Giving up pairs for one condition can break another: after so many turns it is left.
TURNS = 20


def trimmed(task: Task, plan: Columns) -> Columns | None:
    """The plan without pairs that keep it from meeting everything; None where that fails.

    For each bound that is missed, as many pairs as it takes are given up: first those that other
    bounds do not need, then those that help most, then those of least worth. What asks for more
    pairs cannot be met so.
    """
    for _ in range(TURNS):
        before = len(plan)
        for condition in task.left:
            plan = plan.take(_kept(condition, task, plan))
        plan = plan.take(_running(task, plan))
        if not task.broken(plan):
            return plan
        if len(plan) == before:
            return None
    return None


def _kept(condition: Condition, task: Task, plan: Columns) -> IntArray:
    """Which pairs stay, in their order."""
    everybody = np.arange(len(plan))
    each = condition.at(plan.mentor, plan.mentee)
    total = int(each.sum())
    if condition.lower is not None and total < condition.lower:
        missing, by = condition.lower - total, -each
    elif condition.upper is not None and total > condition.upper:
        missing, by = total - condition.upper, each
    else:
        return everybody
    order = np.lexsort((plan.units, -by, _needed(task, plan)))
    order = order[by[order] > 0]
    enough = np.searchsorted(np.cumsum(by[order]), missing) + 1
    return np.setdiff1d(everybody, order[:enough])


def _needed(task: Task, plan: Columns) -> IntArray:
    """How many smallest shares and numbers would miss each pair?"""
    needed = np.zeros(len(plan), np.int64)
    for condition in task.left:
        if condition.lower is not None:
            needed += condition.at(plan.mentor, plan.mentee) > 0
        elif condition.share is not None:
            needed += condition.at(plan.mentor, plan.mentee) < 0
    return needed


def _running(task: Task, plan: Columns) -> IntArray:
    """Which pairs stay so that waves hold all of them."""
    everybody = np.arange(len(plan))
    if task.waves is None:
        return everybody
    patterns = task.patterns(plan.mentor, plan.mentee)
    counts = pattern_counts(patterns)
    both = dict(task.made_patterns)
    for pattern, many in counts.items():
        both[pattern] = both.get(pattern, 0) + many
    placed: dict[int, int] = {}
    for (pattern, _), many in flow(both, [most or 0 for most in task.waves.at_most]).items():
        placed[pattern] = placed.get(pattern, 0) + many
    gone = [np.empty(0, np.int64)]
    for pattern in counts:
        who = np.flatnonzero(patterns == pattern)
        over = both[pattern] - placed.get(pattern, 0)
        gone.append(who[np.argsort(plan.units[who], kind="stable")[:over]])
    return np.setdiff1d(everybody, np.concatenate(gone))
