"""How are points of a score told?"""

from __future__ import annotations

from revmentor.matching.problem import Problem
from revmentor.matching.scores import TableScores
from revmentor.words import number

LEAST = 0.1


def told_points(problem: Problem, units: int, digits: int = 6) -> str:
    """Units as everybody reads them: of tables in points of 100, of given scores in their unit.

    >>> told_points(Problem.from_scores([[0.5]]), 7213)
    '0.007213'
    """
    return told_score(problem, problem.points(units), digits)


def told_score(problem: Problem, points: float, digits: int = 10) -> str:
    """A score, or a difference of two, as everybody reads it; see `told_points`."""
    if not isinstance(problem.scores, TableScores):
        return f"{points:.{digits}g}"
    if 0 < 100 * points < LEAST:
        return f"under {LEAST}"
    return number(100 * points, 1).removesuffix(".0")
