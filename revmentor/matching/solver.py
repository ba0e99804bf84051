"""Which pairs together are best, and how do we know?"""

from __future__ import annotations

from dataclasses import replace

from revmentor.matching import objectives
from revmentor.matching.answer import Answer, matching, no_matching
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.market import Opened, opened
from revmentor.matching.problem import Problem
from revmentor.matching.result import Matching
from revmentor.matching.tickets import Tickets

# Time for finding out what conflicts, where there is no limit: what is known by then is told.
CONFLICT_SECONDS = 60.0


def solve(
    problem: Problem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    warm: Matching | None = None,
) -> Matching:
    """Find the best matching by the problem's objective, and prove it.

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
        The time limit is not above 0, or the problem is too large for its objective.
    SolverError
        HiGHS is missing or failed; only conditions and waves need it.

    >>> m = solve(Problem.from_scores([[5, 9], [8, 7]]))
    >>> m.status, m.objective, m.bound, m.pairs["mentor_id"].tolist()
    ('optimal', 17, 17, [1, 0])
    """
    clock = Clock.start(time_limit)
    start = opened(problem)
    if start.conflicts:
        return _infeasible(problem, start.conflicts, time_limit, clock, seed)
    try:
        answer = _answer(problem, start, clock, seed, warm)
    except OutOfTime:
        return no_matching(problem, "none", (_too_late(time_limit, "the proof"),), seed)
    if answer is None:
        return _infeasible(problem, (), time_limit, clock, seed)
    reasons: tuple[str, ...] = ()
    if not answer.proven:
        reasons = (_too_late(time_limit, "the proof"),)
        state = answer.state
        if not len(answer.plan) and (state is None or not len(state.core.columns)):
            return no_matching(problem, "none", reasons, seed)
    elif answer.undrawn:
        reasons = (_too_late(time_limit, "the lottery among equally good matchings"),)
    return matching(problem, start, answer, reasons, seed)


def _answer(
    problem: Problem, start: Opened, clock: Clock, seed: int, warm: Matching | None
) -> Answer | None:
    tickets = Tickets.draw(len(problem.mentors), len(problem.mentees), seed)
    state = None if warm is None else warm.state
    conditional = bool(problem.conditions) or problem.waves is not None
    match problem.objective:
        case "total" if not conditional:
            return objectives.total(start, tickets, clock, state)
        case "participation" if not conditional:
            return objectives.participation(start, tickets, clock, state)
        case _ if conditional:
            return objectives.under_conditions(problem, start, tickets, clock, seed)
        case _:
            return objectives.fair(problem, start, tickets, clock, seed)


def _infeasible(
    problem: Problem,
    reasons: tuple[str, ...],
    time_limit: float | None,
    clock: Clock,
    seed: int,
) -> Matching:
    """Nothing can be made: what conflicts, and the least that repairs it."""
    from revmentor.matching.constrained.solve import find_conflict  # only now: it loads PuLP

    conflict = find_conflict(
        problem, Clock.start(CONFLICT_SECONDS) if time_limit is None else clock
    )
    told = reasons or conflict.sentences(problem.per_point) or (NO_TIME,)
    return replace(no_matching(problem, "infeasible", told, seed), conflict=conflict)


NO_TIME = "what is asked cannot all hold; there was no time to find out what conflicts"


def _too_late(time_limit: float | None, before: str) -> str:
    limit = "" if time_limit is None else f" of {time_limit:g} seconds"
    return f"the time limit{limit} passed before {before}"
