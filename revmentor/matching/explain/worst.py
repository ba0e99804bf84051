"""What would a better worst pair cost in total?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from revmentor.errors import InputError, NotProven
from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns
from revmentor.matching.engine import best
from revmentor.matching.market import opened
from revmentor.matching.objectives import compared
from revmentor.matching.problem import Problem
from revmentor.matching.result import Matching
from revmentor.matching.solver import solve
from revmentor.matching.tickets import Tickets
from revmentor.matching.tradeoff.conditional import has_conditions
from revmentor.matching.worth import Market

if TYPE_CHECKING:
    import pandas as pd


def frontier(
    problem: Problem,
    matching: Matching,
    *,
    points: int = 12,
    time_limit: float | None = None,
) -> pd.DataFrame:
    """What is the best total for each worst pair, with as many people served as possible?

    Parameters
    ----------
    matching : Matching
        Of the problem; its seed decides among equals.
    points : int, at least 2
        How many floors to try, from the worst pair of the best total to the best worst pair.
    time_limit : float, seconds, optional

    Returns
    -------
    DataFrame
        worst (score of the worst served person's best pair), total (objective), pairs; best total
        first, in the unit of the scores. Each total is the best with that worst pair. Required
        pairs count in total and pairs, not in worst.

    Raises
    ------
    NotProven
        The time limit passed.

    Notes
    -----
    Under conditions on the whole match, floors are spread evenly from the worst pair today to the
    best worst pair that there can be, and as many pairs as possible are made at each.

    >>> problem = Problem.from_scores([[9, 8], [8, 1]])
    >>> frontier(problem, solve(problem))[["worst", "total"]].values.tolist()
    [[8, 16]]
    """
    if has_conditions(problem):
        rows = _by_solving(problem, matching, points, time_limit)
    else:
        rows = _by_floors(problem, matching, points, time_limit)
    from revmentor.matching.result import table

    names = ("worst", "total", "pairs")
    return table({name: [row[at] for row in rows] for at, name in enumerate(names)})


Row = tuple[float | int, float | int, int]


def _by_floors(
    problem: Problem, matching: Matching, points: int, time_limit: float | None
) -> list[Row]:
    from revmentor.matching.fairness import frontier as floors  # only now: it loads slowly

    clock = Clock.start(time_limit)
    start = opened(problem)
    tickets = Tickets.draw(len(problem.mentors), len(problem.mentees), matching.seed)
    who = compared(problem, start)

    def largest(market: Market) -> Columns:
        found = best(market, tickets, clock)
        if not found.proven:
            raise OutOfTime
        return found.plan

    try:
        found = floors(start.market, who, largest, clock, points=points, seed=matching.seed)
    except OutOfTime as error:
        raise NotProven(
            f"The time limit of {time_limit} seconds passed before the frontier. Raise it."
        ) from error
    made = sum(start.made.units.tolist())
    return [
        (problem.points(worst), problem.points(total + made), pairs + len(start.made))
        for worst, total, pairs in found[["worst", "total", "pairs"]].values.tolist()
    ]


def _by_solving(
    problem: Problem, matching: Matching, points: int, time_limit: float | None
) -> list[Row]:
    free = unpinned(problem, matching.pairs)
    scores = np.rint(free["score"].to_numpy() * problem.per_point).astype(np.int64)
    if not len(scores):
        return []
    rows: list[Row] = []
    most = 0
    low = int(scores.min())
    high = max(low, _best_worst(problem, matching, scores, time_limit))
    # The least step up is one of them: if it cannot be made, the worst pair cannot be better.
    floors = {low, min(low + 1, high), *np.linspace(low, high, points).astype(np.int64).tolist()}
    for floor in sorted(floors):
        asked = replace(problem, objective="participation", least=max(problem.least, floor))
        found = solve(asked, time_limit=time_limit, seed=matching.seed)
        if found.status == "feasible":
            raise NotProven(
                f"The time limit of {time_limit} seconds passed before the frontier. Raise it."
            )
        if found.status != "optimal" or len(found.pairs) < most or found.pairs.empty:
            break
        most = len(found.pairs)
        left = unpinned(problem, found.pairs)
        if left.empty:
            break
        if rows and rows[-1][1] == found.objective:
            rows.pop()
        rows.append((left["score"].min(), found.objective, len(found.pairs)))
    return rows


def _best_worst(
    problem: Problem, matching: Matching, scores: IntArray, time_limit: float | None
) -> int:
    """Units of the best worst pair that there can be; of the median where it is not worked out."""
    try:
        fairest = solve(
            replace(problem, objective="max_min"), time_limit=time_limit, seed=matching.seed
        )
    except InputError:
        # Fair objectives under conditions have a limit of size, see `constrained.fair`.
        return int(np.median(scores))
    if fairest.status != "optimal" or fairest.fairness is None:
        raise NotProven(
            f"The time limit of {time_limit} seconds passed before the frontier. Raise it."
        )
    return fairest.fairness.worst


def unpinned(problem: Problem, pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs that nobody has required or locked."""
    pinned = {(pin.mentor_id, pin.mentee_id) for pin in problem.pins}
    both = zip(pairs["mentor_id"], pairs["mentee_id"], strict=True)
    return pairs.loc[[pair not in pinned for pair in both]]
