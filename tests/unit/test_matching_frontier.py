"""The frontier between total and worst pair, where limits bind all pairs together."""

from __future__ import annotations

import numpy as np

from revmentor.matching import Problem, explain, solve
from revmentor.matching.conditions import PairKind


def limited(
    scores: list[list[int]], most: int, require: list[tuple[int, int]] | None = None
) -> Problem:
    matrix = np.array(scores)
    few = PairKind.every(*matrix.shape).number("pairs", "", at_most=most)
    return Problem.from_scores(matrix).under(few, require=require or [])


def test_the_best_worst_pair_is_on_the_frontier_under_a_limit() -> None:
    problem = limited([[90, 60, 1], [60, 31, 1], [1, 1, 30]], 2)
    match = solve(problem)
    found = explain.frontier(problem, match, points=2)
    assert found[["worst", "total"]].to_numpy().tolist() == [[31, 121], [60, 120]]


def test_required_pairs_do_not_count_as_the_worst() -> None:
    problem = limited([[90, 60, 1], [60, 31, 1], [1, 1, 5]], 3, require=[(2, 2)])
    match = solve(problem)
    assert match.pairs["score"].min() == 5
    found = explain.frontier(problem, match, points=2)
    assert found["worst"].tolist() == [31, 60]


def test_a_worst_pair_that_cannot_be_better_is_the_only_point() -> None:
    problem = limited([[9, 1], [1, 8]], 2)
    assert len(explain.frontier(problem, solve(problem))) == 1
