"""For a fair objective: does `why_not` tell what the pair would do to the worst served?"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from revmentor.matching import Problem, explain, solve


def fairest(scores: np.ndarray, forced: tuple[int, int] | None) -> tuple[int, int]:
    """Most mentees served, then the best worst of them, of all plans by hand."""
    size = len(scores)
    best = (0, 0)
    for partners in itertools.product(range(-1, size), repeat=size):
        made = {(mentor, mentee) for mentee, mentor in enumerate(partners) if mentor >= 0}
        once = len({mentor for mentor, _ in made}) == len(made)
        if once and all(scores[j, i] > 0 for i, j in made) and (not forced or forced in made):
            found = [int(scores[j, i]) for i, j in made]
            best = max(best, (len(found), min(found, default=0)))
    return best


@pytest.mark.parametrize("objective", ["max_min", "leximin"])
@pytest.mark.parametrize("seed", range(12))
def test_the_worst_served_with_the_pair(objective: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.integers(0, 9, (4, 4))
    problem = Problem.from_scores(scores.T).under(objective=objective)
    matching = solve(problem)
    made = set(zip(matching.pairs["mentor_id"], matching.pairs["mentee_id"], strict=True))
    for i, j in itertools.product(range(4), range(4)):
        found = explain.why_not(problem, matching, (i, j))
        if (i, j) in made or scores[j, i] == 0:
            assert found.worst is None
            continue
        assert found.worst is not None
        today, then = ((each.served, each.worst) for each in found.worst)
        assert today == fairest(scores, None)
        assert then == fairest(scores, (i, j))
        assert f"the worst of them scores {then[1]}" in found.sentences[1]


def test_the_total_has_no_worst_to_tell() -> None:
    problem = Problem.from_scores([[5, 9], [8, 7]])
    assert explain.why_not(problem, solve(problem), (0, 0)).worst is None
