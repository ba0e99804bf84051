"""How many pairs has a plan that is worth so much, and what do shares of them come to?

Pairs are whole. Once it is known how many there are, a share of them is a number, and a number is
rounded: 3.85% of 1,800 pairs are 69.3, so at least 70 (Chvátal-Gomory cuts, one for each number
of pairs). The bound is tighter by what multipliers say of the part that was rounded, which is
most of what they leave open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.conditions import Condition, PairKind
from revmentor.matching.constrained.bound import Multipliers
from revmentor.matching.constrained.task import Task

COUNTED = "counted:pairs"


@dataclass(frozen=True)
class Size:
    """How many pairs can there be, and what does each one less cost?

    Parameters
    ----------
    most : int
        No plan has more pairs, those made already included.
    price : int
        A plan is worth at most the bound less so many units for every pair that it has less.
    """

    most: int
    price: int


def size_of(
    task: Task, at: Multipliers, mentor_price: IntArray, mentee_price: IntArray
) -> Size | None:
    """The smallest number of pairs with a price; None where pairs fewer cost nothing.

    A condition on all pairs has a multiplier; where all of one side are matched, a pair less
    leaves somebody's place open, whose price the bound counted.

    Parameters
    ----------
    at, mentor_price, mentee_price
        They prove the bound.
    """
    found = [
        Size(condition.upper, -price // condition.per_pair)
        for condition, price in zip(task.conditions, at.condition.tolist(), strict=True)
        if condition.upper is not None and price < 0 and counts_all(condition)
    ]
    sides = (task.market.mentor_places, mentor_price), (task.market.mentee_places, mentee_price)
    for places, price in sides:
        cheapest = int(price[places > 0].min(initial=2**62))
        found.append(Size(int(places.sum()) + len(task.made), cheapest))
    priced = [size for size in found if 0 < size.price < 2**62]
    return min(priced, key=lambda size: (size.most, -size.price), default=None)


def counted(task: Task, pairs: int) -> Task | None:
    """The task for plans of exactly so many pairs, shares as numbers; None if it has no plan."""
    conditions = []
    every = PairKind.every(len(task.market.mentor_places), len(task.market.mentee_places))
    exactly = every.number(COUNTED, "", at_least=pairs, at_most=pairs)
    for condition in task.conditions:
        if not counts_all(condition):
            conditions.append(of_pairs(condition, pairs))
        elif not condition.holds(pairs):
            return None
        else:
            # One condition says it: others would only share its multiplier.
            conditions.append(replace(condition, lower=None, upper=None))
    return replace(task, conditions=(*conditions, exactly))


def counts_all(condition: Condition) -> bool:
    """Does it count every pair once?"""
    return bool(np.all(condition.coefficient == 1))


def of_pairs(condition: Condition, pairs: int) -> Condition:
    """What a condition on two kinds of pairs asks of the number of one, if there are so many.

    With n pairs of the kind with the larger coefficient a, and b for the others::

        lower <= a n + b (pairs - n) <= upper

    >>> some = PairKind.having([True, False], [False]).share("s", "", at_least=0.385)[0]
    >>> found = of_pairs(some, 18)
    >>> found.coefficient.tolist(), found.lower, found.upper
    ([[0, 1], [1, 1]], 7, None)
    """
    kinds = np.unique(condition.coefficient)
    if len(kinds) != 2:
        return condition
    b, a = kinds.tolist()
    lower, upper = condition.lower, condition.upper
    return replace(
        condition,
        coefficient=(condition.coefficient == a).astype(np.int64),
        lower=None if lower is None else -((b * pairs - lower) // (a - b)),
        upper=None if upper is None else (upper - b * pairs) // (a - b),
        per_pair=1,
        share=None,
    )


def multipliers_counted(task: Task, at: Multipliers, exact: Task) -> Multipliers:
    """The multipliers of a counted task that price pairs just as those of the task it is made of.

    A share that adds m a to one kind of pairs and m b to the others adds m (a - b) to the first
    and m b to all.
    """
    found = Multipliers.none(exact)
    found.wave[:] = at.wave
    all_pairs = 0
    for k, (condition, price) in enumerate(
        zip(task.conditions, at.condition.tolist(), strict=True)
    ):
        kinds = np.unique(condition.coefficient).tolist()
        if counts_all(condition):
            all_pairs += price // condition.per_pair
        elif len(kinds) == 2:
            b, a = kinds
            found.condition[k] = price * (a - b) // condition.per_pair
            all_pairs += price * b // condition.per_pair
        else:
            found.condition[k] = price
    found.condition[-1] = all_pairs
    return found
