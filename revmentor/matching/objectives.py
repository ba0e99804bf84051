"""Which plan is best for what the problem is for, with conditions or without?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from revmentor.errors import InputError
from revmentor.matching.answer import Answer, Prices
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns
from revmentor.matching.engine import Found, best, opening, price_closed
from revmentor.matching.generation import Rounds
from revmentor.matching.market import Opened
from revmentor.matching.problem import Problem
from revmentor.matching.result import Fairness
from revmentor.matching.tickets import Tickets
from revmentor.matching.worth import Market, everybody

if TYPE_CHECKING:
    from revmentor.matching.fairness import Compared

# Of a time limit, how much the fairest plan without conditions may take.
PLAIN_SHARE = 0.25


def total(start: Opened, tickets: Tickets, clock: Clock, warm: Rounds | None) -> Answer:
    """The largest total."""
    return _priced(start, best(start.market, tickets, clock, warm), start.market, 0)


def participation(start: Opened, tickets: Tickets, clock: Clock, warm: Rounds | None) -> Answer:
    """Most pairs, and then the largest total: every pair is worth more than all scores."""
    from revmentor.matching.fairness.service import whole_bonus  # only now: it loads slowly

    market = start.market
    bonus = whole_bonus(market)
    more = market.adding(everybody(len(market.mentor_places), len(market.mentee_places), bonus))
    return _priced(start, best(more, tickets, clock, warm), more, bonus)


def _priced(start: Opened, found: Found, market: Market, bonus: int) -> Answer:
    """A plan of the plain engine, in worth without the bonus."""
    plan = Columns(found.plan.mentor, found.plan.mentee, found.plan.units - bonus)
    made = sum(start.made.units.tolist())
    proven = found.bound(market)
    bound = made + proven - bonus * len(plan)
    if not found.proven:
        # Where more pairs may be possible, prices with the bonus say nothing of the total.
        pairs = min(int(market.mentor_places.sum()), int(market.mentee_places.sum()))
        bound = min(bound, made + pairs * (market.largest - bonus))
    prices = Prices(
        found.mentor_price,
        found.mentee_price,
        found.dearer,
        market,
        made + proven - bonus * len(plan),
        bonus,
    )
    optimal = sum(found.plan.units.tolist()) == proven
    return Answer(
        plan, bound, optimal, prices, None, found.proven and not found.drawn, found.rounds,
        found.columns, found.passes, found.state,
    )  # fmt: skip


def fair(problem: Problem, start: Opened, tickets: Tickets, clock: Clock, seed: int) -> Answer:
    """Most people served, then the worst of them best served, or all in turn; then the total.

    Raises
    ------
    OutOfTime
        There is no plan then.
    """
    from revmentor.matching.fairness import leximin, max_min  # only now: it loads slowly
    from revmentor.matching.fairness.service import whole_bonus

    market, who = start.market, compared(problem, start)
    solved: list[tuple[Market, Found]] = []

    def largest(asked: Market) -> Columns:
        found = best(asked, tickets, clock)
        if not found.proven:
            raise OutOfTime
        solved.append((asked, found))
        return found.plan

    if problem.objective == "max_min":
        found = max_min(market, who, largest, clock, seed=seed)
    else:
        found = leximin(market, who, clock, seed=seed)
    fairness = Fairness(
        problem.objective, problem.over, found.served, found.worst, found.most, found.best_worst
    )
    reached = sum(start.made.units.tolist()) + sum(found.plan.units.tolist())
    answer = Answer(found.plan, reached, True, None, fairness=fairness)
    if not solved:
        return answer
    asked, last = solved[-1]
    # Where nobody is compared, the number of pairs does not come first.
    bonus = whole_bonus(market) if who.mentors.any() or who.mentees.any() else 0
    passes = sum(each.passes for _, each in solved)
    answer = replace(answer, rounds=last.rounds, columns=last.columns, passes=passes)
    if sum(last.plan.units.tolist()) != sum((found.plan.units + bonus).tolist()):
        return answer
    prices = Prices(last.mentor_price, last.mentee_price, last.dearer, asked, reached, bonus)
    return replace(answer, prices=prices)


def compared(problem: Problem, start: Opened) -> Compared:
    """Whose fortunes count: all that the problem names, but for those in required pairs."""
    from revmentor.matching.fairness import Compared  # only now: it loads slowly

    served = Compared(
        np.isin(np.arange(len(problem.mentors)), start.made.mentor),
        np.isin(np.arange(len(problem.mentees)), start.made.mentee),
    )
    return Compared.of(start.market, problem.over, served)


def _fair_anyway(
    problem: Problem, start: Opened, tickets: Tickets, clock: Clock, seed: int
) -> Answer | None:
    """The fairest plan without conditions and waves, if it is found in a part of the time."""
    left = clock.left()
    if left == 0:
        return None
    try:
        part = clock if left is None else Clock.start(PLAIN_SHARE * left)
        return fair(problem, start, tickets, part, seed)
    except (OutOfTime, InputError):
        # Too slow or too large without conditions says nothing of with them.
        return None


def under_conditions(
    problem: Problem, start: Opened, tickets: Tickets, clock: Clock, seed: int
) -> Answer | None:
    """The plan that is best by the problem's objective under conditions and waves.

    None if there is none. Where the best plan without them keeps to them, it is the best.

    Raises
    ------
    OutOfTime
        There is no plan yet.
    """
    from revmentor.matching.constrained.bound import GroupTables  # only now: it loads PuLP
    from revmentor.matching.constrained.fair import solve_fair
    from revmentor.matching.constrained.solve import (
        Outcome,
        solve_constrained,
        solve_participation,
    )
    from revmentor.matching.constrained.task import Task

    market = start.market
    task = Task(market, problem.conditions, problem.waves, start.made)
    fairness = None
    if problem.objective in ("max_min", "leximin"):
        free = _fair_anyway(problem, start, tickets, clock, seed)
        if free is not None and free.proven and not task.broken(free.plan):
            return replace(free, waves=task.waves_of(free.plan))
        rounds = opening(market, tickets, clock)
        rounds.start()
        served = solve_fair(task, compared(problem, start), problem.objective, rounds, clock)
        fairness = Fairness(problem.objective, problem.over, served.served, served.worst)
        # Its prices hold among plans that are as fair, which no certificate can say.
        found: Outcome = replace(served, certified=None)
    else:
        most_first = problem.objective == "participation"
        plain = (participation if most_first else total)(start, tickets, clock, None)
        if plain.proven and not task.broken(plain.plan):
            # Conditions bind nobody, so the choice among equals is the lottery's.
            return replace(plain, waves=task.waves_of(plain.plan))
        if most_first or plain.state is None:
            rounds = opening(market, tickets, clock)
            rounds.start()
        else:
            rounds = plain.state
        found = (solve_participation if most_first else solve_constrained)(task, rounds, clock)
    if found.infeasible:
        return None
    if found.plan is None:
        raise OutOfTime
    plan = found.plan
    made = sum(start.made.units.tolist())
    bound = made + sum(plan.units.tolist()) if found.bound is None else found.bound
    if found.bound is None:
        bound += (market.largest + 1) * int(market.mentor_places.sum())
    prices = None
    if found.certified is not None:
        priced = market.adding(*GroupTables(found.task).units(found.multipliers))
        names = [condition.name for condition in found.task.conditions]
        at = dict(zip(names, found.multipliers.condition.tolist(), strict=True))
        if found.task.waves is not None:
            waved = [f"wave:{name}" for name in found.task.waves.names]
            at |= dict(zip(waved, found.multipliers.wave.tolist(), strict=True))
        v, u = found.mentor_price.copy(), found.mentee_price.copy()
        again = rounds.again(priced, Clock.start(None))
        price_closed(again, v, u, exactly=not found.stopped)
        prices = Prices(v, u, found.dearer, priced, found.certified, 0, at)
    return Answer(
        plan, bound, found.proven, prices, found.waves, False,
        rounds.rounds, len(rounds.core.columns),
        rounds.scan.pairs_scanned / max(1, len(problem.mentors) * len(problem.mentees)), rounds,
        fairness,
    )  # fmt: skip
