"""Is the best matching under other weights exact, held whole or solved warm?"""

from __future__ import annotations

import numpy as np
import pytest
from explain_cases import all_plans, cells_of, table_problem
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from revmentor.errors import InputError
from revmentor.matching import Matching, Problem, explain, solve, sweep
from revmentor.matching.clock import Clock
from revmentor.matching.explain.people import plan_of
from revmentor.matching.variants import shares_of, with_shares

SEEDS = st.integers(0, 2**32 - 1)
exact = settings(deadline=None, max_examples=60)


def solved(seed: int) -> tuple[Problem, Matching, np.random.Generator]:
    random = np.random.default_rng(seed)
    problem = table_problem(random)
    matching = solve(problem)
    assume(matching.status == "optimal")
    return problem, matching, random


@exact
@given(SEEDS, st.booleans())
def test_scenarios_against_all_plans(seed: int, dense: bool) -> None:
    problem, matching, random = solved(seed)
    names = list(shares_of(problem))
    shares = random.random((3, len(names)))
    shares /= shares.sum(axis=1, keepdims=True)
    pairs = plan_of(problem, matching)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "DENSE", 400 if dense else -1)
        found = list(sweep.resolve(problem, shares, pairs, Clock.start(None)))
    today = cells_of(problem, matching.pairs)
    for row, scenario in zip(shares.tolist(), found, strict=True):
        changed = with_shares(problem, dict(zip(names, row, strict=True)))
        plans = all_plans(changed)
        best = max((total, len(plan & today)) for total, plan in plans)
        assert (scenario.units, int(scenario.survives.sum())) == best
        kept = {
            (int(a), int(b)) for a, b in zip(*(p[scenario.survives] for p in pairs), strict=True)
        }
        assert any(total == best[0] and kept <= plan for total, plan in plans)


@exact
@given(SEEDS)
def test_scores_again_are_the_same_to_the_last_bit(seed: int) -> None:
    problem, _, random = solved(seed)
    names = list(shares_of(problem))
    shares = random.random((2, len(names)))
    i, j = (a.ravel() for a in np.indices((len(problem.mentors), len(problem.mentees))))
    found = sweep.scored(problem, shares, i, j)
    for row, units in zip(shares.tolist(), found, strict=True):
        changed = with_shares(problem, dict(zip(names, row, strict=True)))
        assert units.tolist() == changed.scores.plain(i, j).tolist()


@settings(deadline=None, max_examples=20)
@given(SEEDS)
def test_robustness_counts_scenarios(seed: int) -> None:
    problem, matching, _ = solved(seed)
    assume(len(shares_of(problem)) > 1)
    found = explain.robustness(problem, matching, draws=6, seed=3)
    again = explain.robustness(problem, matching, draws=6, seed=3)
    assert found.pairs.equals(again.pairs)
    assert found.draws == 6
    assert (found.pairs["survives"].between(0, 1)).all()
    assert not (found.pairs["always"] & (found.pairs["survives"] < 1)).any()
    assert found.criteria["criterion"].tolist() == list(shares_of(problem))
    if len(found.pairs):
        assert found.always == (found.pairs["survives"] == 1).mean()
        assert 0 <= found.reached <= 1
        assert all(sentence.endswith(".") for sentence in found.sentences)
    still = explain.robustness(problem, matching, draws=2, by=0.0)
    assert (still.pairs["survives"] == 1).all()
    assert still.pairs["always"].all()


def test_one_criterion_cannot_move() -> None:
    problem = Problem.from_scores([[3, 1], [1, 3]])
    found = explain.robustness(problem, solve(problem))
    assert (found.always, found.median) == (1.0, 1.0)
    assert found.sentences[0].startswith("Only one criterion counts")


def test_wrong_questions_are_refused() -> None:
    problem = Problem.from_scores([[3]])
    with pytest.raises(InputError, match="share 0 to 1"):
        explain.robustness(problem, solve(problem), by=1.5)
