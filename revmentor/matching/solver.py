"""Which pairs together score most, and how do we know?

Column generation: a PuLP model knows only the pairs worth considering. Its prices of people tell
which of all other pairs would improve it; those come in, until there are none. Then the prices
prove that no matching over all pairs scores more.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from revmentor.matching.account import settle
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns
from revmentor.matching.market import FreeMarket, pinned_market
from revmentor.matching.pricing import Lottery
from revmentor.matching.problem import Problem
from revmentor.matching.result import Matching, Status, no_pairs, nobody, table
from revmentor.matching.search import Search


def solve(problem: Problem, *, time_limit: float | None = None, seed: int = 0) -> Matching:
    """Find a matching of maximum total score, and prove it.

    Parameters
    ----------
    problem : Problem
    time_limit : float, seconds, optional
        Stop then with the best plan so far, whose gap is told.
    seed : int, at least 0
        Decides among equally good candidates. The same seed gives the same matching whatever the
        order of rows.

    Returns
    -------
    Matching
        Look at its `status` first.

    Raises
    ------
    InputError
        The time limit is not above 0.
    SolverError
        HiGHS is missing or failed.

    >>> m = solve(Problem.from_scores([[5, 9], [8, 7]]))
    >>> m.status, m.objective, m.bound, m.pairs["mentor_id"].tolist()
    ('optimal', 17, 17, [1, 0])
    """
    clock = Clock.start(time_limit)
    market, conflicts = pinned_market(problem)
    if conflicts:
        return _without_plan(problem, "infeasible", conflicts, seed)
    lottery = Lottery.draw(len(problem.mentors), len(problem.mentees), seed)
    search = Search(market, lottery, clock)
    reasons: tuple[str, ...] = ()
    try:
        search.run()
    except OutOfTime:
        reasons = (f"the time limit of {time_limit:g} seconds passed before the proof",)
    if search.plan is None:
        return _without_plan(problem, "none", reasons, seed)
    return _with_plan(market, search, search.plan, reasons, seed)


def _with_plan(
    market: FreeMarket, search: Search, plan: Columns, reasons: tuple[str, ...], seed: int
) -> Matching:
    problem = market.problem
    objective = market.pinned_units + int(plan.units.sum())
    bound = market.pinned_units + search.bound
    if objective < bound and not reasons:
        reasons = ("scores are too large for the solver to tell the last units apart",)
    settled = settle(market, plan, search.mentor_price, objective == bound)
    pinned = market.pinned.pairs()
    i, j = np.r_[pinned[0], plan.mentor], np.r_[pinned[1], plan.mentee]
    order = np.lexsort((i, j))
    i, j = i[order], j[order]
    units = problem.scores.units(i, j)
    pairs = {
        "mentor_id": [problem.mentors.ids[k] for k in i],
        "mentee_id": [problem.mentees.ids[k] for k in j],
        "score": units if problem.per_point == 1 else units / problem.per_point,
    }
    return Matching(
        pairs=partial(table, pairs),
        status="optimal" if objective == bound else "feasible",
        objective=problem.points(objective),
        bound=problem.points(bound),
        objective_units=objective,
        bound_units=bound,
        unmatched=settled.unmatched,
        certificate=settled.certificate,
        reasons=reasons,
        rounds=search.rounds,
        columns=search.columns,
        seed=seed,
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
