"""Which method weighs worth against kept pairs in a problem?"""

from __future__ import annotations

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.generation import Rounds
from revmentor.matching.market import opened
from revmentor.matching.problem import Problem
from revmentor.matching.tradeoff.conditional import Conditional, has_conditions
from revmentor.matching.tradeoff.parametric import Parametric
from revmentor.matching.tradeoff.point import Tradeoff


def tradeoff(
    problem: Problem,
    mentor: IntArray,
    mentee: IntArray,
    clock: Clock,
    *,
    seed: int = 0,
    warm: Rounds | None = None,
) -> Tradeoff | tuple[str, ...]:
    """Worth against the number of some pairs kept.

    Parameters
    ----------
    mentor, mentee : arrays of int
        The pairs to keep, each once, by places in the rosters. Pairs that may not be made are
        never kept.
    warm : Rounds, optional
        Of the same people: where the first solve starts.

    Returns
    -------
    Tradeoff, or tuple of str
        Why there is no plan at all, if so.

    Raises
    ------
    OutOfTime
        From the clock.
    """
    start = opened(problem)
    if start.conflicts:
        return start.conflicts
    if has_conditions(problem):
        found = Conditional(problem, mentor, mentee, clock, seed)
        return ("no plan keeps to all conditions",) if found.keeping(0) is None else found
    return Parametric(start, mentor, mentee, clock, seed, warm)
