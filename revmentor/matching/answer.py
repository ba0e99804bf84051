"""How does a plan become a matching: ids, points, reasons, and the prices that prove it?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from revmentor.matching.account import unmatched
from revmentor.matching.arrays import IntArray
from revmentor.matching.columns import Columns
from revmentor.matching.generation import Rounds
from revmentor.matching.made_of import Id
from revmentor.matching.market import Opened
from revmentor.matching.problem import Problem
from revmentor.matching.result import (
    Certificate,
    Fairness,
    Matching,
    Status,
    no_pairs,
    nobody,
    side_constraints,
    table,
)
from revmentor.matching.result import (
    prices as prices_by_id,
)
from revmentor.matching.worth import Market


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices of people, of pairs and of conditions; see `result.Certificate`.

    Parameters
    ----------
    mentor, mentee : array of int, at least 0
    dearer : Columns
        Pairs with a price of their own, in place of units.
    market : Market
        Where no pair is worth more than its prices: with what multipliers and a bonus for every
        pair add to the worth.
    bonus : int
        What is added to every pair.
    conditions : mapping of name to int
        Multipliers.
    bound : int
        What they prove: no plan is worth more, required pairs included, bonus left out.
    """

    mentor: IntArray
    mentee: IntArray
    dearer: Columns
    market: Market
    bound: int
    bonus: int = 0
    conditions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Answer:
    """A plan for the open places of a problem, and what is known about it.

    Parameters
    ----------
    plan : Columns
        Chosen pairs with their worth.
    bound : int
        No plan is worth more, required pairs included.
    proven : bool
        No plan is better, by the problem's objective.
    prices : Prices or None
        None where the proof is another: see `Matching.fairness`.
    waves : array of int or None
        Of the required pairs and then those of the plan.
    undrawn : bool
        There was no time for the lottery among all that are as good. (Under conditions that bind
        and for fairness the order of the search decides, which is the same for the same seed.)
    """

    plan: Columns
    bound: int
    proven: bool
    prices: Prices | None
    waves: IntArray | None = None
    undrawn: bool = False
    rounds: int = 0
    columns: int = 0
    passes: float = 0.0
    state: Rounds | None = None
    fairness: Fairness | None = None


def matching(
    problem: Problem, start: Opened, answer: Answer, reasons: tuple[str, ...], seed: int
) -> Matching:
    """The matching of an answer, whose tables are made when they are first read."""
    plan = Columns.join([start.made, answer.plan])
    order = np.lexsort((plan.mentor, plan.mentee))
    i, j = plan.mentor[order], plan.mentee[order]
    objective = sum(plan.units.tolist())
    bound = objective if answer.proven else max(objective, answer.bound)
    found = answer.prices
    market = start.market if found is None else found.market
    prices = None if found is None else (found.mentor, found.mentee)

    def pairs() -> dict[str, object]:
        ids: dict[str, object] = {
            "mentor_id": [problem.mentors.ids[k] for k in i.tolist()],
            "mentee_id": [problem.mentees.ids[k] for k in j.tolist()],
        }
        units = problem.scores.plain(i, j)
        ids["score"] = _points(problem, units)
        if problem.priorities:
            ids["priority"] = _points(problem, plan.units[order] - units)
        if problem.waves is not None and answer.waves is not None:
            ids["wave"] = [problem.waves.names[k] for k in answer.waves[order].tolist()]
        return ids

    return Matching(
        pairs=lambda: table(pairs()),
        status="optimal" if answer.proven else "feasible",
        objective=problem.points(objective),
        bound=problem.points(bound),
        objective_units=objective,
        bound_units=bound,
        unmatched=partial(unmatched, problem, market, plan, prices, answer.proven),
        certificate=None if found is None else _certificate(problem, found),
        reasons=reasons,
        rounds=answer.rounds,
        columns=answer.columns,
        seed=seed,
        passes=answer.passes,
        state=answer.state,
        fairness=answer.fairness,
    )


def no_matching(problem: Problem, status: Status, reasons: tuple[str, ...], seed: int) -> Matching:
    """What is told where there is no plan."""
    return Matching(
        pairs=partial(no_pairs, problem.per_point == 1),
        status=status,
        objective=math.nan,
        bound=math.nan,
        objective_units=None,
        bound_units=None,
        unmatched=nobody,
        certificate=None,
        reasons=reasons,
        rounds=0,
        columns=0,
        seed=seed,
    )


def _points(problem: Problem, units: IntArray) -> object:
    return units if problem.per_point == 1 else units / problem.per_point


def _certificate(problem: Problem, found: Prices) -> Certificate:
    ids: tuple[tuple[Id, ...], tuple[Id, ...]] = (problem.mentors.ids, problem.mentees.ids)
    dearer = found.dearer
    pairs = {
        "mentor_id": [ids[0][k] for k in dearer.mentor.tolist()],
        "mentee_id": [ids[1][k] for k in dearer.mentee.tolist()],
        "price": dearer.units,
    }
    return Certificate(
        mentor=partial(prices_by_id, ids[0], found.mentor),
        mentee=partial(prices_by_id, ids[1], found.mentee),
        pair=partial(table, pairs),
        side_constraints=partial(side_constraints, dict(found.conditions)),
        bonus=found.bonus,
        least=found.market.least,
        bound_units=found.bound,
    )
