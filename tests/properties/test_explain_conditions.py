"""Do explanations keep to conditions on the whole match? Solves are replaced by all plans."""

from __future__ import annotations

import dataclasses
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from explain_cases import Plan, all_plans, cells_of, given_problem
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from revmentor.matching import Problem, explain
from revmentor.matching.conditions import PairKind
from revmentor.matching.explain import alone, costs
from revmentor.matching.rematch import rematch
from revmentor.matching.tradeoff import conditional

SEEDS = st.integers(0, 2**32 - 1)
exact = settings(deadline=None, max_examples=60)


def plans_under(problem: Problem) -> list[tuple[int, Plan]]:
    """All plans that keep to the conditions."""
    found = []
    for total, plan in all_plans(problem):
        i = np.array([a for a, _ in sorted(plan)], np.int64)
        j = np.array([b for _, b in sorted(plan)], np.int64)
        if all(c.holds(c.total(i, j)) for c in problem.conditions):
            found.append((total, plan))
    return found


def by_all_plans(problem: Problem, **_: Any) -> Any:
    """What `solve` would give."""
    plans = plans_under(problem)
    if not plans:
        empty = pd.DataFrame({"mentor_id": [], "mentee_id": []})
        return SimpleNamespace(
            status="infeasible", pairs=empty, objective_units=None, bound_units=None,
            certificate=None, seed=0, state=None,
        )  # fmt: skip
    total, plan = max(plans, key=lambda found: (found[0], sorted(found[1])))
    cells = sorted(plan, key=lambda cell: cell[::-1])
    pairs = pd.DataFrame(
        {
            "mentor_id": [problem.mentors.ids[a] for a, _ in cells],
            "mentee_id": [problem.mentees.ids[b] for _, b in cells],
        }
    )
    return SimpleNamespace(
        status="optimal", pairs=pairs, objective_units=total, bound_units=total,
        objective=total, certificate=None, seed=0, state=None,
    )  # fmt: skip


def under_conditions(seed: int) -> tuple[Problem, Any, np.random.Generator]:
    random = np.random.default_rng(seed)
    problem = given_problem(random)
    sides = [random.random(len(r)) < 0.5 for r in (problem.mentors, problem.mentees)]
    few = PairKind.every(*map(len, sides)).number("pairs", "", at_most=int(random.integers(0, 4)))
    some = PairKind.having(*sides).number("marked", "marked", at_least=int(random.integers(0, 2)))
    problem = problem.under(few, some)
    matching = by_all_plans(problem)
    assume(matching.status == "optimal")
    return problem, matching, random


@pytest.fixture(autouse=True)
def _solved_by_all_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (conditional, costs, alone):
        monkeypatch.setattr(module, "solve", by_all_plans)


@exact
@given(SEEDS, st.sampled_from([0.0, 0.2, 1.0]))
def test_why_not_under_conditions(seed: int, loss: float) -> None:
    problem, matching, random = under_conditions(seed)
    today = cells_of(problem, matching.pairs)
    a, b = int(random.integers(len(problem.mentors))), int(random.integers(len(problem.mentees)))
    found = explain.why_not(problem, matching, (problem.mentors.ids[a], problem.mentees.ids[b]),
                            loss=loss)  # fmt: skip
    plans = [(total, len(plan & today)) for total, plan in plans_under(problem) if (a, b) in plan]
    if found.status in ("made", "forbidden"):
        return
    assert found.status == ("optimal" if plans else "impossible")
    if plans:
        best = max(plans)
        assert found.best is not None
        assert (found.best.objective, len(today) - found.best.broken) == best
        least = math.ceil((1 - loss) * matching.objective_units - 1e-9)
        kept = max((kept for total, kept in plans if total >= least), default=None)
        assert (found.fewest is None) == (kept is None)
        if found.fewest is not None:
            assert found.fewest.broken == len(today) - kept


@exact
@given(SEEDS, st.integers(0, 4))
def test_rematch_under_conditions(seed: int, changes: int) -> None:
    problem, _, random = under_conditions(seed)
    cells = [(a, b) for a in problem.mentors.ids for b in problem.mentees.ids]
    picked = [cells[k] for k in random.permutation(len(cells))[:3]]
    running = pd.DataFrame(picked, columns=["mentor_id", "mentee_id"])
    keep = set(cells_of(problem, running))
    plans = [(total, len(keep) - len(plan & keep)) for total, plan in plans_under(problem)]
    found = rematch(problem, running, changes=changes)
    assert found.least_changes == min(broken for _, broken in plans)
    most = max((total for total, broken in plans if broken <= changes), default=None)
    assert (found.status == "optimal") == (most is not None)
    if most is not None:
        assert found.objective == most
        assert found.changes <= changes


@exact
@given(SEEDS)
def test_what_conditions_and_places_cost(seed: int) -> None:
    problem, matching, _ = under_conditions(seed)
    prices = explain.condition_prices(problem, matching).set_index("condition")
    for number, condition in enumerate(problem.conditions):
        others = problem.conditions[:number] + problem.conditions[number + 1 :]
        free = dataclasses.replace(problem, conditions=others)
        more = max(total for total, _ in plans_under(free)) - matching.objective_units
        assert prices.loc[condition.name, "price"] == more
    assert len(prices) == 2


@exact
@given(SEEDS)
def test_who_is_kept_out_by_a_condition(seed: int) -> None:
    problem, matching, _ = under_conditions(seed)
    for who in problem.mentors.ids:
        if who in set(matching.pairs["mentor_id"]):
            continue
        found = explain.why_unmatched(problem, matching, who, side="mentor")
        assert found.code in (
            "capacity", "no_eligible_partner", "minimum_score", "places_taken", "condition",
            "outbid",
        )  # fmt: skip
        assert bool(found.conditions) == (found.code == "condition")
        assert all(sentence.endswith(".") for sentence in found.sentences)
    assert not explain.other_optima(problem, matching).known
