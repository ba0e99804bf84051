"""Which pairs together score most, and how do we know?"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from revmentor.matching.account import certificate, unmatched
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.engine import Found, best
from revmentor.matching.market import Opened, opened
from revmentor.matching.problem import Problem
from revmentor.matching.result import Matching, Status, no_pairs, nobody, table
from revmentor.matching.tickets import Tickets


def solve(
    problem: Problem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    warm: Matching | None = None,
) -> Matching:
    """Find a matching of maximum total score, and prove it.

    Parameters
    ----------
    problem : Problem
    time_limit : float, seconds, optional
        Stop then with the best plan so far, whose gap is told.
    seed : int, at least 0
        Of the lottery among equally good matchings. The same seed gives the same matching
        whatever the order of rows, the machine and the number of processors.
    warm : Matching, optional
        Of the same people under other weights: a start that makes the answer come sooner. The
        answer is the same.

    Returns
    -------
    Matching
        Look at its `status` first.

    Raises
    ------
    InputError
        The time limit is not above 0.

    >>> m = solve(Problem.from_scores([[5, 9], [8, 7]]))
    >>> m.status, m.objective, m.bound, m.pairs["mentor_id"].tolist()
    ('optimal', 17, 17, [1, 0])
    """
    clock = Clock.start(time_limit)
    start = opened(problem)
    if start.conflicts:
        return _without_plan(problem, "infeasible", start.conflicts, seed)
    tickets = Tickets.draw(len(problem.mentors), len(problem.mentees), seed)
    found = best(start.market, tickets, clock, None if warm is None else warm.state)
    reasons: tuple[str, ...] = ()
    if not found.proven:
        reasons = (f"the time limit of {time_limit:g} seconds passed before the proof",)
        if not len(found.plan) and found.state is not None and not len(found.state.core.columns):
            return _without_plan(problem, "none", reasons, seed)
    elif not found.drawn:
        reasons = (
            f"the time limit of {time_limit:g} seconds passed before the lottery among equally "
            "good matchings",
        )
    return _with_plan(problem, start, found, reasons, seed)


def _with_plan(
    problem: Problem, start: Opened, found: Found, reasons: tuple[str, ...], seed: int
) -> Matching:
    plan = Columns.join([start.made, found.plan])
    order = np.lexsort((plan.mentor, plan.mentee))
    i, j = plan.mentor[order], plan.mentee[order]
    made = sum(start.made.units.tolist())
    objective = made + sum(found.plan.units.tolist())
    bound = made + found.bound(start.market)

    def pairs() -> dict[str, object]:
        units = problem.scores.plain(i, j)
        return {
            "mentor_id": [problem.mentors.ids[k] for k in i.tolist()],
            "mentee_id": [problem.mentees.ids[k] for k in j.tolist()],
            "score": units if problem.per_point == 1 else units / problem.per_point,
        }

    return Matching(
        pairs=lambda: table(pairs()),
        status="optimal" if objective == bound else "feasible",
        objective=problem.points(objective),
        bound=problem.points(bound),
        objective_units=objective,
        bound_units=bound,
        unmatched=partial(unmatched, problem, start, found),
        certificate=certificate(problem, found),
        reasons=reasons,
        rounds=found.rounds,
        columns=found.columns,
        passes=found.passes,
        seed=seed,
        state=found.state,
    )


def _without_plan(
    problem: Problem, status: Status, reasons: tuple[str, ...], seed: int
) -> Matching:
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
