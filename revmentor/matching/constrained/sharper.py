"""How can a task be stated so that its bound is tighter, without changing its plans?

Multipliers are whole units: where scores are coarse, finer units give finer multipliers. And the
number of pairs is whole: where a share of them must be of a kind of which there can only be so
many, there are no more pairs than that allows, rounded down (a Chvátal-Gomory cut).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from revmentor.matching.arrays import BoolArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.conditions import Condition, PairKind
from revmentor.matching.constrained.model import Model
from revmentor.matching.constrained.task import Task
from revmentor.matching.scores import MatrixScores
from revmentor.matching.worth import Market

# Scores of fewer units than this are counted in finer ones, of about so many.
FINE = 1_000_000
IMPLIED = "implied:pairs"


@dataclass(frozen=True, eq=False)
class Sharper:
    """A task with the same plans and a tighter bound.

    Parameters
    ----------
    task : Task
    scale : int
        Its units in one unit of the task that it was made of.
    """

    task: Task
    scale: int

    def plain(self, plan: Columns) -> Columns:
        """A plan in the units of the task that it was made of."""
        return Columns(plan.mentor, plan.mentee, plan.units // self.scale)


def sharper(task: Task, clock: Clock) -> Sharper | None:
    """The sharper task; None where it is the same."""
    market = task.market
    scale = 1
    if isinstance(market.scores, MatrixScores) and 0 < market.largest < FINE // 100:
        scale = FINE // market.largest
    most = most_pairs(task, clock)
    if scale == 1 and most is None:
        return None
    conditions = task.conditions
    if most is not None:
        every = PairKind.every(len(market.mentor_places), len(market.mentee_places))
        conditions = (*conditions, every.number(IMPLIED, "", at_most=most))
    made = Columns(task.made.mentor, task.made.mentee, task.made.units * scale)
    return Sharper(Task(_finer(market, scale), conditions, task.waves, made), scale)


def _finer(market: Market, scale: int) -> Market:
    """The same market in units of which one makes so many."""
    scores = market.scores
    if scale == 1 or not isinstance(scores, MatrixScores):
        return market
    matrix = np.where(scores.matrix > 0, scores.matrix * scale, scores.matrix)
    return replace(
        market,
        scores=MatrixScores(matrix),
        least=market.least * scale,
        groups=tuple(replace(groups, units=groups.units * scale) for groups in market.groups),
        pairs=replace(market.pairs, value=market.pairs.value * scale),
    )


def most_pairs(task: Task, clock: Clock) -> int | None:
    """More pairs than this cannot meet the shares; None where shares do not limit them."""
    found = [
        most
        for condition in task.conditions
        if condition.share is not None
        and condition.lower is not None
        and (most := _most_of_share(task, condition, clock)) is not None
    ]
    if not found:
        return None
    least = min(found)
    market = task.market
    places = min(int(market.mentor_places.sum()), int(market.mentee_places.sum()))
    limits = [c.upper for c in task.conditions if c.upper is not None and _every(c)]
    return least if least < min([places + len(task.made), *limits]) else None


def _every(condition: Condition) -> bool:
    """Does it count every pair once?"""
    return bool(np.all(condition.coefficient == 1))


def _most_of_share(task: Task, condition: Condition, clock: Clock) -> int | None:
    """Pairs that there can be if such a share of them is of a kind.

    With t pairs in all, c of the kind, and coefficients a of the kind and -b of others:
    ``a c - b (t - c) >= 0``, so ``t <= c (a + b) / b``.
    """
    coefficient = condition.coefficient
    others = int(coefficient.min(initial=0))
    if others >= 0:
        return None
    # Of a share of all pairs, the coefficient of the kind itself is 0.
    kind = coefficient >= 0
    count = _most_of_kind(task, condition, kind, clock)
    count += int(kind[condition.mentor[task.made.mentor], condition.mentee[task.made.mentee]].sum())
    return count * condition.per_pair // -others


def _most_of_kind(task: Task, condition: Condition, kind: BoolArray, clock: Clock) -> int:
    """The most pairs of a kind that places allow, whoever is eligible: a flow between groups."""
    market = task.market
    supply, demand = (
        np.bincount(groups, weights=places, minlength=size).astype(np.int64)
        for groups, places, size in (
            (condition.mentor, market.mentor_places, kind.shape[0]),
            (condition.mentee, market.mentee_places, kind.shape[1]),
        )
    )
    cells = np.argwhere(kind & (supply[:, None] > 0) & (demand[None, :] > 0))
    if not len(cells):
        return 0
    model = Model("kind")
    mentors = np.array([model.row(f"mentors_{k}", "<=", int(n)) for k, n in enumerate(supply)])
    mentees = np.array([model.row(f"mentees_{k}", "<=", int(n)) for k, n in enumerate(demand)])
    rows = np.stack([mentors[cells[:, 0]], mentees[cells[:, 1]]], axis=1)
    size = len(cells)
    model.columns("pairs", np.ones(size), np.full(size, np.inf), rows, np.ones((size, 2)),
                  whole=False)  # fmt: skip
    return round(model.solve(clock).value)


def met_closely(condition: Condition, price: int, gap: int) -> Condition:
    """The condition, met with no more to spare than a gap pays for at its price per pair."""
    if not price:
        return condition
    spare = condition.per_pair * gap // abs(price)
    if price > 0 and condition.lower is not None:
        most = condition.lower + spare
        return replace(
            condition, upper=most if condition.upper is None else min(condition.upper, most)
        )
    if price < 0 and condition.upper is not None:
        least = condition.upper - spare
        return replace(
            condition, lower=least if condition.lower is None else max(condition.lower, least)
        )
    return condition
