"""How do the worst served fare in a plan?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.explain.people import plan_of
from revmentor.matching.points import told_score
from revmentor.matching.problem import Problem
from revmentor.matching.result import Matching
from revmentor.matching.solver import solve
from revmentor.matching.variants import requiring

FAIR = ("max_min", "leximin")


@dataclass(frozen=True)
class Worst:
    """How many people are served, and how well the worst of them.

    Parameters
    ----------
    served : int
        People with a pair, of the sides that the fair objective compares.
    worst : float, or int for whole scores
        The score of the best pair of the worst of them; 0 if nobody is served.
    """

    served: int
    worst: float | int


def worst_served(problem: Problem, i: IntArray, j: IntArray) -> Worst:
    """How many people do these pairs serve, and how well the worst of them?

    >>> worst_served(Problem.from_scores([[5, 9], [8, 7]]), np.array([0, 1]), np.array([1, 0]))
    Worst(served=2, worst=8)
    """
    units = problem.scores.plain(i, j)
    best = []
    for side, who, people in (
        ("mentors", i, len(problem.mentors)),
        ("mentees", j, len(problem.mentees)),
    ):
        if problem.over in (side, "both"):
            held = np.full(people, -1, np.int64)
            np.maximum.at(held, who, units)
            best.append(held[held >= 0])
    fortunes = np.concatenate(best)
    return Worst(len(fortunes), problem.points(int(fortunes.min()) if len(fortunes) else 0))


def fairest_with(
    problem: Problem, i: int, j: int, *, seed: int, time_limit: float | None
) -> Worst | None:
    """The same in the fairest plan that makes one more pair; None if none is found in time."""
    asked = requiring(problem, i, j)
    found: Matching = solve(asked, time_limit=time_limit, seed=seed)
    return worst_served(problem, *plan_of(problem, found)) if found.status == "optimal" else None


def told(problem: Problem, today: Worst, then: Worst) -> str:
    """Both in a sentence.

    >>> told(Problem.from_scores([[0.5]]), Worst(3, 0.5), Worst(3, 0.25))[35:]
    '3 people are served, as today, and the worst of them scores 0.25 instead of 0.5.'
    """
    people = f"{then.served} {'person is' if then.served == 1 else 'people are'} served"
    people += f" instead of {today.served}" if then.served != today.served else ", as today"
    now, before = (told_score(problem, each.worst) for each in (then, today))
    score = f"scores {now}"
    score += f" instead of {before}" if then.worst != today.worst else ", as today"
    return f"In the fairest plan with the pair, {people}, and the worst of them {score}."
