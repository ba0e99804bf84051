"""Conditions, waves, pins, locks and priorities, against every matching of tiny problems."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from condition_cases import Tried, every_matching, random_problem, solved
from hypothesis import given, settings
from hypothesis import strategies as st

from revmentor.matching import Problem
from revmentor.matching import generation as rounds_module
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.constrained import remaining, search, wide
from revmentor.matching.constrained import solve as solve_module
from revmentor.matching.constrained.asked import Asked
from revmentor.matching.constrained.counted import counted, size_of
from revmentor.matching.constrained.solve import Outcome, find_conflict
from revmentor.matching.constrained.task import Task
from revmentor.matching.constrained.trim import trimmed
from revmentor.matching.market import opened

SEEDS = st.integers(0, 2**32 - 1)


def best(problem: Problem, matchings: list[Tried]) -> tuple[int, int] | None:
    """Pairs (0 if they are not the aim) and worth of the best matching that misses nothing."""
    first = problem.objective == "participation"
    fine = [tried for tried in matchings if {} in tried.misses]
    return max(((len(t.pairs) if first else 0, t.worth) for t in fine), default=None)


def held_to_all(problem: Problem, found: Outcome | None) -> None:
    expected = best(problem, every_matching(problem))
    if found is None:
        assert expected is None
        return
    if expected is None:
        assert found.plan is None
        return
    assert found.plan is not None
    pairs = len(found.plan) + len(found.task.made)
    assert (pairs * (problem.objective == "participation"), found.objective) == expected
    assert found.proven
    assert found.task.broken(found.plan) == ()
    assert found.certified is not None
    assert found.objective is not None
    assert found.certified >= found.objective
    if problem.waves is not None:
        in_its_wave(problem, found)


def in_its_wave(problem: Problem, found: Outcome) -> None:
    """Every pair runs in a wave in which both are free, and no wave holds more than it can."""
    waves, plan = problem.waves, found.plan
    assert waves is not None
    assert plan is not None
    i = np.concatenate([found.task.made.mentor, plan.mentor])
    j = np.concatenate([found.task.made.mentee, plan.mentee])
    assert np.all(found.waves >= 0)
    both = waves.mentor[i, found.waves] & waves.mentee[j, found.waves]
    never = ~np.any(waves.mentor[i] & waves.mentee[j], axis=1)
    assert np.all(both | never)
    for number, most in enumerate(waves.at_most):
        assert most is None or np.count_nonzero(found.waves == number) <= most


@settings(deadline=None, max_examples=150)
@given(SEEDS)
def test_the_best_of_all_matchings(seed: int) -> None:
    problem = random_problem(np.random.default_rng(seed))
    found = solved(problem)
    held_to_all(problem, found)
    if found is not None and found.plan is None:
        assert found.infeasible


@settings(deadline=None, max_examples=80)
@given(SEEDS)
def test_the_same_by_multipliers_pool_and_what_remains(seed: int) -> None:
    """As for large problems: no model of all pairs, few candidates, several rounds."""
    problem = random_problem(np.random.default_rng(seed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "DIRECT", 0)
        patch.setattr(rounds_module, "ALL_COLUMNS", 1)
        patch.setattr(rounds_module, "FIRST_FEW", 1)
        patch.setattr(rounds_module, "FEW", 1)
        held_to_all(problem, solved(problem))


@settings(deadline=None, max_examples=60)
@given(SEEDS, st.integers(0, 3))
def test_every_multiplier_proves_a_bound(seed: int, steps: int) -> None:
    """Wherever the search for multipliers is stopped, no matching exceeds the bound."""
    problem = random_problem(np.random.default_rng(seed))
    expected = best(problem, every_matching(problem))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "DIRECT", 0)
        patch.setattr(search, "ROUNDS", 1 + steps)
        patch.setattr(search, "STEPS", steps)
        patch.setattr(search, "SIZES", steps)
        patch.setattr(remaining, "DEEPEST", steps)
        patch.setattr(remaining, "REMAINING", steps)
        patch.setattr(remaining, "FIRST_REMAINING", steps - 1)
        patch.setattr(remaining, "SPARE", 1)
        found = solved(problem)
    if found is not None and expected is not None and problem.objective == "total":
        assert found.certified is not None
        assert found.bound is not None
        assert found.certified >= found.bound >= expected[1]
        assert found.plan is None or found.objective <= expected[1]


@settings(deadline=None, max_examples=80)
@given(SEEDS)
def test_shares_of_so_many_pairs_are_numbers(seed: int) -> None:
    """What is asked of plans of one size is just what is asked of them among all plans."""
    problem = random_problem(np.random.default_rng(seed))
    task = Task(opened(problem).market, problem.conditions)
    for tried in every_matching(problem):
        plan = Columns(*np.array([(i, j, 1) for i, j in tried.pairs], np.int64).reshape(-1, 3).T)
        exact = counted(task, len(plan))
        assert (exact is not None and exact.broken(plan) == ()) == (task.broken(plan) == ())


@settings(deadline=None, max_examples=80)
@given(SEEDS)
def test_every_pair_less_costs_its_price(seed: int) -> None:
    problem = random_problem(np.random.default_rng(seed))
    found = solved(problem)
    if found is None or found.plan is None or problem.objective != "total":
        return
    size = size_of(found.task, found.multipliers, found.mentor_price, found.mentee_price)
    if size is None:
        return
    assert found.certified is not None
    for tried in every_matching(problem):
        if {} in tried.misses:
            fewer = size.most - len(tried.pairs)
            assert fewer >= 0
            assert tried.worth <= found.certified - fewer * size.price


@settings(deadline=None, max_examples=80)
@given(SEEDS)
def test_what_is_left_of_a_plan_meets_everything(seed: int) -> None:
    random = np.random.default_rng(seed)
    problem = random_problem(random)
    start = opened(problem)
    task = Task(start.market, problem.conditions, problem.waves, start.made)
    i, j = np.nonzero(random.random((len(problem.mentors), len(problem.mentees))) < 0.6)
    plan = Columns(i, j, random.integers(1, 9, len(i)))
    left = trimmed(task, plan)
    if left is not None:
        assert task.broken(left) == ()
        assert set(zip(left.mentor, left.mentee, strict=True)) <= set(zip(i, j, strict=True))
    elif not task.broken(Columns.none()):
        # Only what asks for more pairs, or places, can be in the way.
        asks = any(c.lower is not None and c.lower > 0 for c in task.left)
        assert asks or {"mentor places", "mentee places"} & set(task.broken(plan))


def smallest_and_least(problem: Problem, *, rules_are_items: bool) -> None:
    matchings = every_matching(problem)
    found = find_conflict(problem, Clock.start(None))
    assert found.relaxation is not None
    repairs = [
        (sum(misses.values()), -tried.worth)
        for tried in matchings
        for misses in tried.misses
        if not any(name.startswith("rule") for name in misses)
    ]
    size, worth = min(repairs)
    assert found.relaxation.size == size
    # Without a list of all pairs the proof is a relaxation, rounded up: it may fall short.
    assert found.relaxation.proven or not rules_are_items
    named = {item.name for item in found.items}
    everything = {part.item.name for part in Asked.of_all(problem).parts()}
    rules = {name for name in everything if name.startswith("rule")}
    if rules_are_items:
        assert found.relaxation.objective_units == -worth
        rules = set()
    else:
        # Pairs that no repair needs may have been left out, so that the match is worth less.
        assert found.relaxation.objective_units <= -worth

    def possible(asked: set[str]) -> bool:
        held = asked | rules
        return any(not held & set(misses) for tried in matchings for misses in tried.misses)

    if best(problem, matchings) is not None:
        assert (named, found.relaxation.changes) == (set(), ())
        return
    assert found.smallest
    assert not possible(named)
    assert all(
        possible(set(fewer))
        for size in range(len(named))
        for fewer in itertools.combinations(everything - rules, size)
    )


@settings(deadline=None, max_examples=80)
@given(SEEDS)
def test_conflicts_are_smallest_and_repairs_least(seed: int) -> None:
    problem = random_problem(np.random.default_rng(seed))
    smallest_and_least(problem, rules_are_items=True)
    if best(problem, every_matching(problem)) is None:
        found = solved(problem)
        assert found is None or found.infeasible


@settings(deadline=None, max_examples=60)
@given(SEEDS)
def test_the_same_without_listing_all_pairs(seed: int) -> None:
    """As for large problems, where pairs come in by prices and rules are taken as given."""
    problem = random_problem(np.random.default_rng(seed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve_module, "ALL_PAIRS", 0)
        patch.setattr(wide, "FEW", 1)
        smallest_and_least(problem, rules_are_items=False)
