"""Which of the things that are asked cannot hold together, and what is the least repair?

A smallest conflict is found by hitting sets: every set of items whose loss makes the rest
possible must take one item of every conflict. The smallest set of items that meets all such sets
found so far is a conflict, and then no conflict is smaller; or it is possible, and the fewest
items that must give way for it make one more such set (Liffiton and Sakallah, Journal of
Automated Reasoning 40, 2008; Ignatiev and others, CP 2015).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from revmentor.matching.clock import Clock
from revmentor.matching.constrained.asked import Asked
from revmentor.matching.constrained.conflict import Item, Relaxation
from revmentor.matching.constrained.elastic import Elastic
from revmentor.matching.constrained.model import Model
from revmentor.matching.flow.core import Core
from revmentor.matching.problem import Problem

# After so many sets, the search for a smallest conflict leaves it at one without spare items.
MOST_SETS = 40


def smallest_conflict(asked: Asked, clock: Clock) -> tuple[tuple[Item, ...], bool]:
    """Items that cannot hold together, and whether no conflict has fewer; () if all can.

    Raises
    ------
    OutOfTime
    """
    items = [part.item for part in asked.parts()]
    names = [item.name for item in items]
    corrections: list[frozenset[str]] = []
    while len(corrections) < MOST_SETS:
        hard = _hitting(names, corrections, clock)
        model = Elastic(asked, hard, "items")
        solved = model.solve(clock)
        clock.check()
        if solved.infeasible:
            return tuple(item for item in items if item.name in hard), True
        missed = model.missed(solved)
        if not missed:
            return (), True
        corrections.append(missed)
    return _irreducible(asked, items, clock), False


def _irreducible(asked: Asked, items: Sequence[Item], clock: Clock) -> tuple[Item, ...]:
    """A conflict without a spare item: leave out one after the other while it stays one."""
    kept = list(items)
    for item in items:
        rest = [other for other in kept if other is not item]
        solved = Elastic(asked, {other.name for other in rest}, "items").solve(clock)
        clock.check()
        if solved.infeasible:
            kept = rest
    return tuple(kept)


def _hitting(names: Sequence[str], sets: Sequence[frozenset[str]], clock: Clock) -> frozenset[str]:
    """The fewest names that meet every set."""
    used = [name for name in names if any(name in one for one in sets)]
    if not used:
        return frozenset()
    model = Model("hitting")
    rows = np.array([model.row(f"set_{k}", ">=", 1) for k in range(len(sets))])
    meets = np.array([[name in one for one in sets] for name in used], np.float64)
    model.columns("name", np.full(len(used), -1.0), np.ones(len(used)),
                  np.tile(rows, (len(used), 1)), meets, whole=True)  # fmt: skip
    solved = model.solve(clock)
    clock.check()
    assert solved.values is not None
    return frozenset(
        name for name, on in zip(used, solved.values.tolist(), strict=True) if on > 0.5
    )


def least_relaxation(asked: Asked, clock: Clock, free: int | None = None) -> Relaxation:
    """The fewest units of change that make it possible; of these, the changes worth most.

    Parameters
    ----------
    asked : Asked
    clock : Clock
    free : int, optional
        What the best matching is worth under rules and places alone, where that is known.

    Raises
    ------
    OutOfTime
    """
    first = Elastic(asked, (), "units")
    fewest = first.solve(clock)
    clock.check()
    units = sum(change.by for change in first.changes(fewest))
    second = Elastic(asked, (), "units", most=units)
    best = second.solve(clock)
    if best.values is None:
        second, best = first, fewest
    free = free_worth(asked, clock) if free is None else free
    return Relaxation(second.changes(best), second.worth(best), free, True)


def free_worth(asked: Asked, clock: Clock) -> int:
    """What the best matching is worth under rules and places alone."""
    problem: Problem = asked.problem
    core = Core(problem.mentors.places, problem.mentees.places)
    fine = np.flatnonzero(asked.broken == 0)
    core.add(asked.pairs.take(fine))
    core.add(asked.eligible_pins())
    core.solve(clock)
    return core.value
