"""Do blocking pairs and stable matchings keep to their definition? Pair by pair."""

from __future__ import annotations

import numpy as np
import pytest
from explain_cases import cells_of, pins, some_problem, units
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from revmentor.matching import Problem, explain, solve
from revmentor.matching.explain import deferred
from revmentor.matching.problem import TableSource

SEEDS = st.integers(0, 2**32 - 1)
exact = settings(deadline=None, max_examples=80)


def rank(problem: Problem, mine: str, other: str, score: int, ranking: str) -> tuple[int, int]:
    """How somebody ranks somebody: place in their wishes from the end, then score."""
    if ranking == "wishes" and isinstance(problem.source, TableSource):
        rows = problem.source.applications.set_index("person_id")
        wishes = list(rows.loc[mine, "wishes"])
        if other in wishes:
            return (len(wishes) - wishes.index(other) + 100 - len(wishes), score)
    return (0, score)


def blocking(problem: Problem, plan: frozenset, ranking: str) -> set[tuple[int, int]]:
    """All blocking pairs, by their definition."""
    value = units(problem)
    found = set()
    for a, b in np.ndindex(value.shape):
        if value[a, b] < problem.least or (a, b) in plan or (a, b) in pins(problem):
            continue
        wants = []
        for side, who, roster in ((0, a, problem.mentors), (1, b, problem.mentees)):
            mine = [cell for cell in plan if cell[side] == who]
            others = problem.mentees if side == 0 else problem.mentors

            def held(cell: tuple[int, int], side=side, roster=roster, who=who, others=others):
                score = int(problem.scores.plain(np.array([cell[0]]), np.array([cell[1]]))[0])
                ids = roster.ids[who], others.ids[cell[1 - side]]
                return rank(problem, *ids, score, ranking)

            lowest = min((held(cell) for cell in mine if cell not in pins(problem)), default=None)
            spare = len(mine) < roster.places[who]
            wants.append(spare or (lowest is not None and held((a, b)) > lowest))
        if all(wants):
            found.add((a, b))
    return found


@exact
@given(SEEDS, st.sampled_from(["score", "wishes"]))
def test_blocking_pairs(seed: int, ranking: str) -> None:
    problem, _ = some_problem(seed)
    matching = solve(problem)
    assume(matching.status == "optimal")
    found = explain.blocking_pairs(problem, matching, ranking=ranking)
    expected = blocking(problem, cells_of(problem, matching.pairs), ranking)
    assert cells_of(problem, found.pairs) == expected
    assert found.count == len(expected)
    assert (found.mentors, found.mentees) == tuple(len({c[s] for c in expected}) for s in (0, 1))
    few = explain.blocking_pairs(problem, matching, ranking=ranking, most=1)
    assert few.count == found.count
    assert len(few.pairs) == min(1, found.count)


@exact
@given(SEEDS, st.sampled_from(["score", "wishes"]), st.sampled_from([1, 32]))
def test_a_stable_matching_has_no_blocking_pair(seed: int, ranking: str, listed: int) -> None:
    problem, _ = some_problem(seed)
    matching = solve(problem)
    assume(matching.status == "optimal")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deferred, "LISTED", listed)
        found = explain.stability_price(problem, matching, ranking=ranking)
    plan = cells_of(problem, found.pairs)
    value = units(problem)
    assert pins(problem) <= plan
    assert all(value[cell] >= problem.least for cell in plan - pins(problem))
    for side, roster in ((0, problem.mentors), (1, problem.mentees)):
        load = np.bincount([cell[side] for cell in plan], minlength=len(roster))
        assert (load <= roster.places).all()
    assert blocking(problem, plan, ranking) == set()
    today = cells_of(problem, matching.pairs)
    assert found.differ == len(today - plan)
    total = sum(int(value[cell]) for cell in plan)
    assert round(found.objective * problem.per_point) == total
    assert round(found.price * problem.per_point) == matching.objective_units - total


def test_without_ties_it_is_the_greedy_matching() -> None:
    random = np.random.default_rng(0)
    scores = random.permutation(900).reshape(30, 30) + 1
    problem = Problem.from_scores(scores)
    found = explain.stability_price(problem, solve(problem))
    left, greedy = scores.astype(float), set()
    while np.isfinite(left).any() and left.max() > 0:
        a, b = np.unravel_index(int(np.argmax(left)), left.shape)
        greedy.add((int(a), int(b)))
        left[a], left[:, b] = -1, -1
    assert set(zip(found.pairs["mentor_id"], found.pairs["mentee_id"], strict=True)) == greedy
    assert found.sentence.startswith("A matching without blocking pairs would lose ")
