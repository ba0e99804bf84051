"""What does a user see when no matching is possible, proven, or computed at all?"""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matching_cases import junior, named, params, senior, tables
from pulp.apis.core import PulpSolverError

from revmentor.errors import InputError, SolverError
from revmentor.matching import Matching, Problem, engine, generation, solve, verify
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns
from revmentor.matching.conditions import PairKind
from revmentor.matching.constrained import model
from revmentor.matching.constrained.model import Solved
from revmentor.matching.flow.core import Core

SITE = {"site": 1.0}


def pool(decisions: pd.DataFrame, **rules: object) -> Problem:
    people, applications = tables(
        junior("m1", site="X", vetoes=("s2",)), junior("m2", site="X", grade=3),
        senior("s1", site="X"), senior("s2", site="X", grade=4),
    )  # fmt: skip
    return Problem.from_tables(people, applications, params(SITE, rules=rules), decisions=decisions)


def no_plan(problem: Problem, status: str, **options: float) -> Matching:
    m = solve(problem, **options)
    assert m.status == status
    assert m.pairs.empty
    assert list(m.pairs.columns) == ["mentor_id", "mentee_id", "score"]
    assert m.certificate is None
    assert m.objective_units is None
    assert all(math.isnan(number) for number in (m.objective, m.bound, m.gap))
    assert m.reasons
    verify(problem, m)
    return m


# V1: infeasible


def test_required_against_the_direction_and_a_veto_are_both_named() -> None:
    wanted = named(("m2", "s1"), ("m1", "s2"), decision="require")
    m = no_plan(pool(wanted, vetoes=True), "infeasible")
    assert m.reasons == (
        "required pair m1 (mentor) with s2 (mentee): breaks the rule 'nobody has vetoed the other'",
        "required pair m2 (mentor) with s1 (mentee): "
        "breaks the rule 'the mentor is junior by grade'",
    )


def test_two_required_pairs_beyond_capacity_are_named_with_the_person() -> None:
    m = no_plan(pool(named(("m1", "s1"), ("m1", "s2"), decision="require")), "infeasible")
    assert m.reasons == ("mentor m1 has 1 place, but 2 required pairs: with s1, s2",)


def test_required_somebody_who_is_not_in_the_pool() -> None:
    m = no_plan(pool(named(("m1", "s9"), decision="require")), "infeasible")
    assert "s9 is not in the pool as a mentee" in m.reasons[0]


def test_required_and_forbidden() -> None:
    both = named(("m1", "s1"), ("m1", "s1"), decision=["require", "forbid"])
    assert (
        "breaks the rule 'not forbidden by a decision'"
        in no_plan(pool(both), "infeasible").reasons[0]
    )


# V2 and V3: the time limit


@pytest.fixture
def large() -> Problem:
    return Problem.from_scores(np.random.default_rng(0).random((500, 500)))


def test_no_plan_in_no_time(large: Problem) -> None:
    m = no_plan(large, "none", time_limit=1e-9)
    assert "time limit of 1e-09 seconds" in m.reasons[0]
    assert m.unmatched.empty


class ExpiringClock(Clock):
    """A clock that has time for so many looks at it, whatever the machine's speed."""

    def __init__(self, looks: int) -> None:
        super().__init__(None)
        object.__setattr__(self, "looks", [looks])

    def left(self) -> float | None:
        self.looks[0] -= 1
        return 0.0 if self.looks[0] < 0 else 1000.0


@pytest.mark.parametrize("looks", [0, 1, 2, 3, 5, 8, 13, 21, 34])
def test_stopped_at_any_moment(large: Problem, monkeypatch: pytest.MonkeyPatch, looks: int) -> None:
    """Whatever is known by then is told with an honest gap, and holds."""
    monkeypatch.setattr(generation, "ALL_COLUMNS", 2_000)
    monkeypatch.setattr(generation, "FIRST_FEW", 2)
    monkeypatch.setattr(generation, "FEW", 1)
    monkeypatch.setattr(Clock, "start", lambda limit: ExpiringClock(looks))
    m = solve(large, time_limit=1000)
    verify(large, m)
    if m.status == "optimal":
        assert m.gap == 0
        return
    assert m.reasons == ("the time limit of 1000 seconds passed before the proof",)
    if m.status == "none":
        return
    assert m.status == "feasible"
    assert 0 < m.gap < 1
    assert m.objective < m.bound
    assert len(m.pairs)
    assert set(m.unmatched["code"]) <= {"not_proven"}


def test_moments_of_all_kinds_are_met(large: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    """The more time, the smaller the gap; from no plan by way of a gap to the proof."""
    monkeypatch.setattr(generation, "ALL_COLUMNS", 2_000)
    monkeypatch.setattr(generation, "FIRST_FEW", 2)
    monkeypatch.setattr(generation, "FEW", 1)
    found = []
    for looks in range(400):
        monkeypatch.setattr(Clock, "start", lambda limit, looks=looks: ExpiringClock(looks))
        found.append(solve(large, time_limit=1000).status)
        if found[-1] == "optimal":
            break
    order = ["none", "feasible", "optimal"]
    assert sorted(set(found), key=order.index) == order
    assert found == sorted(found, key=order.index)


def test_a_proof_stands_when_time_ends_before_the_lottery(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> Columns:
        raise OutOfTime

    monkeypatch.setattr(engine, "draw", late)
    problem = Problem.from_scores(np.ones((20, 20)))
    m = solve(problem, time_limit=1000)
    assert m.status == "optimal"
    assert "before the lottery" in m.reasons[0]
    verify(problem, m)


@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_a_time_limit_is_positive(limit: float) -> None:
    with pytest.raises(InputError, match="time_limit"):
        solve(Problem.from_scores([[1]]), time_limit=limit)


# V4: what is claimed is counted, not believed


def test_a_core_that_is_wrong_leaves_a_gap_and_not_a_claim(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The worst pair for a plan, with prices that are too high: feasible, with what is proven."""

    def wrong(self: Core, clock: Clock) -> None:
        self.taken = self.columns.units == self.columns.units.min()
        self.mentor_price[:] = 9
        self.mentee_price[:] = 9

    monkeypatch.setattr(Core, "solve", wrong)
    monkeypatch.setattr(engine, "draw", lambda rounds, *_: rounds.plan())
    problem = Problem.from_scores([[9, 8], [8, 1]])
    m = solve(problem)
    assert m.status == "feasible"
    assert m.objective < 16 <= m.bound
    verify(problem, m)


def test_a_lottery_that_loses_worth_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        generation.Rounds,
        "tight",
        lambda self, most: self.core.columns.take(np.flatnonzero(~self.core.taken)[:1]),
    )
    with pytest.raises(SolverError, match="lost worth"):
        solve(Problem.from_scores([[9, 8], [8, 1]]))


# V5: names


def test_ids_that_collide_as_solver_names() -> None:
    ids = [
        "a b",
        "a_b",
        "a-b",
        "a+b",
        "[a]",
        "",
        " ",
        "é",
        "e\u0301",
        "pair_0",
        "mentor_0",
        "x" * 300,
    ]
    scores = np.random.default_rng(0).random((12, 12))
    m = solve(Problem.from_scores(scores, mentor_ids=ids, mentee_ids=ids[::-1]))
    assert m.status == "optimal"
    assert sorted(m.pairs["mentor_id"]) == sorted(ids)


# V7: numbers of people, threads, processes


def test_the_same_answer_from_another_process_and_number_of_threads() -> None:
    code = (
        "import numpy as np\n"
        "from revmentor.matching import Problem, solve\n"
        "s = np.random.default_rng(0).integers(0, 4, (620, 610))\n"
        "m = solve(Problem.from_scores(s), seed=3)\n"
        "print(m.objective, m.pairs.to_csv(index=False))\n"
    )
    answers = set()
    for threads in ("1", "4"):
        settings = {"OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads}
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[2],
            env=os.environ | settings,
            capture_output=True,
            text=True,
            check=True,
        )
        answers.add(done.stdout)
    assert len(answers) == 1


# V4, V5 and V6 under conditions, which HiGHS decides


def few_pairs() -> Problem:
    """Two of a kind are worth most together, and prices alone cannot tell so."""
    names = ["a b", "a_b", "é=:<>", "pair_0"]
    kind = PairKind.having(np.arange(4) < 1, np.zeros(4, bool), "mentor")
    scores = [[9, 9, 9, 9], [2, 3, 1, 1], [2, 2, 1, 1], [1, 1, 1, 1]]
    return Problem.from_scores(
        scores, mentor_capacity=2, mentor_ids=names, mentee_ids=names[::-1]
    ).under(*kind.share("half of a kind", "", at_most=0.45))


def read_as(change: Callable[[Solved], Solved], monkeypatch: pytest.MonkeyPatch) -> None:
    """What HiGHS found, changed before anybody sees it."""
    read = model.Model._read
    monkeypatch.setattr(
        model.Model, "_read", lambda self, highs, *, whole: change(read(self, highs, whole=whole))
    )


def test_values_that_are_nearly_whole_are_counted_as_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    right = solve(few_pairs())
    read_as(
        lambda s: s if s.values is None else replace(s, values=s.values * 0.9999999),
        monkeypatch,
    )
    m = solve(few_pairs())
    assert (m.status, m.objective) == ("optimal", right.objective)
    assert verify(few_pairs(), m).unproven == ()


def test_a_solution_that_breaks_a_condition_is_never_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    right = solve(few_pairs())
    read_as(
        lambda s: s if s.values is None else replace(s, values=np.ones_like(s.values)), monkeypatch
    )
    m = solve(few_pairs())
    assert m.objective_units is None or m.objective <= right.objective <= m.bound
    verify(few_pairs(), m)


def test_ids_of_any_text_under_conditions() -> None:
    m = solve(few_pairs())
    assert m.status == "optimal"
    assert set(m.pairs["mentor_id"]) <= {"a b", "a_b", "é=:<>", "pair_0"}


def test_a_solver_that_fails_is_said_to_have_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise PulpSolverError("it died")

    monkeypatch.setattr(model.ArrayHiGHS, "buildSolverModel", dies)
    with pytest.raises(SolverError, match="HiGHS failed: it died") as caught:
        solve(few_pairs())
    assert caught.value.exit_code == 5
