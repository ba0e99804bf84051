"""What does a user see when no matching is possible, proven, or computed at all?"""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pulp
import pytest
from matching_cases import junior, named, params, senior, tables

from revmentor.errors import InputError, SolverError
from revmentor.matching import Matching, Problem, search, solve, verify
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns
from revmentor.matching.market import pinned_market
from revmentor.matching.master import Master, whole_part
from revmentor.matching.prices import exact_prices
from revmentor.matching.pricing import Lottery, Quota, price

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


@pytest.mark.parametrize("rounds", [0, 1])
def test_stopped_before_the_proof(
    large: Problem, monkeypatch: pytest.MonkeyPatch, rounds: int
) -> None:
    """HiGHS is stopped in the round after these: the best plan so far, with an honest gap."""
    monkeypatch.setattr(search, "LARGE", 10**9)
    monkeypatch.setattr(search, "FIRST_FEW", 2)
    monkeypatch.setattr(search, "FEW", 1)
    solved = Master.solve
    calls = []

    def stopping(self: Master, clock: Clock) -> object:
        calls.append(clock)
        return solved(self, ExpiringClock(0) if len(calls) > rounds else clock)

    monkeypatch.setattr(Master, "solve", stopping)
    m = solve(large, time_limit=1000)
    assert m.status == "feasible"
    assert m.rounds == rounds
    assert 0 < m.gap < 1
    assert m.objective < m.bound
    assert m.reasons == ("the time limit of 1000 seconds passed before the proof",)
    assert len(m.pairs)
    assert set(m.unmatched["code"]) <= {"not_proven"}
    assert verify(large, m) == (m.objective, m.bound)


def test_the_clock_is_looked_at_between_blocks(large: Problem) -> None:
    market, _ = pinned_market(large)
    nothing = np.zeros(500, np.int64)
    with pytest.raises(OutOfTime):
        price(market, nothing, nothing, Quota(1, 1), Lottery.draw(500, 500, 0), ExpiringClock(0))


def test_what_a_stopped_solver_holds_is_no_solution() -> None:
    """PuLP says that it has one, with an objective; neither is believed."""
    market, _ = pinned_market(Problem.from_scores(np.random.default_rng(0).random((100, 100))))
    master = Master(market)
    i, j = (part.ravel() for part in np.indices((100, 100)))
    master.add(Columns(i, j, market.worth(i, j)))
    with pytest.raises(OutOfTime):
        master.solve(ExpiringClock(0))


@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_a_time_limit_is_positive(limit: float) -> None:
    with pytest.raises(InputError, match="time_limit"):
        solve(Problem.from_scores([[1]]), time_limit=limit)


# V4: near-integers


def test_noise_is_rounded_and_places_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    solved = Master.solve
    random = np.random.default_rng(1)

    def noisy(self: Master, clock: Clock) -> object:
        chosen, mentor, mentee = solved(self, clock)
        return (
            chosen + random.normal(0, 1e-9, len(chosen)),
            mentor + random.normal(0, 0.2, len(mentor)),
            mentee + random.normal(0, 0.2, len(mentee)),
        )

    monkeypatch.setattr(Master, "solve", noisy)
    problem = Problem.from_scores(np.random.default_rng(0).random((40, 40)))
    m = solve(problem)
    assert m.status == "optimal"
    verify(problem, m)


def test_prices_off_by_many_units_are_replaced_by_exact_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solved = Master.solve

    def off(self: Master, clock: Clock) -> object:
        chosen, mentor, mentee = solved(self, clock)
        return chosen, mentor + 1000, mentee + 1000

    monkeypatch.setattr(Master, "solve", off)
    problem = Problem.from_scores(np.random.default_rng(0).random((30, 40)))
    m = solve(problem)
    assert m.status == "optimal"
    verify(problem, m)


def test_a_fractional_answer_is_solved_again_with_whole_pairs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solved = Master.solve

    def halves(self: Master, clock: Clock) -> object:
        chosen, mentor, mentee = solved(self, clock)
        return chosen if self.whole else np.full(len(chosen), 0.5), mentor, mentee

    monkeypatch.setattr(Master, "solve", halves)
    problem = Problem.from_scores([[3, 3], [3, 3]])
    m = solve(problem)
    assert (m.status, m.objective) == ("optimal", 6)
    verify(problem, m)


def test_a_choice_beyond_places_is_cut_to_them() -> None:
    market, _ = pinned_market(Problem.from_scores([[3, 2], [1, 1]]))
    columns = Columns(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([3, 2, 1]))
    taken = whole_part(np.array([1.0, 1.0, 0.4]), columns, market)
    assert taken.tolist() == [True, False, False]


def test_exact_prices_refuse_a_matching_that_is_not_best() -> None:
    market, _ = pinned_market(Problem.from_scores([[3, 2], [3, 1]]))
    columns = Columns(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([3, 2, 3, 1]))
    assert exact_prices(market, columns, np.array([True, False, False, True])) is None
    assert exact_prices(market, columns, np.array([False, True, False, False])) is None
    mentor, mentee = exact_prices(market, columns, np.array([False, True, True, False]))
    assert mentor.sum() + mentee.sum() == 5


def test_a_solver_that_is_wrong_leaves_a_gap_and_not_a_claim(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its second best choice, with prices of nothing: feasible, with what is proven."""

    def wrong(self: Master, clock: Clock) -> object:
        chosen = np.zeros(len(self.columns))
        worst = int(np.argmin(self.columns.units))
        chosen[worst] = 1
        zeros = [np.full(n, 9.0) for n in (2, 2)]
        return chosen, zeros[0], zeros[1]

    monkeypatch.setattr(Master, "solve", wrong)
    problem = Problem.from_scores([[9, 8], [8, 1]])
    m = solve(problem)
    assert m.status == "feasible"
    assert m.objective < 16 <= m.bound
    assert "too large for the solver" in m.reasons[0]
    verify(problem, m)


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


# V6: no solver


def test_without_highs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulp.apis.highs.highspy_mod", None)
    with pytest.raises(SolverError, match="HiGHS is not installed") as caught:
        solve(Problem.from_scores([[1, 2], [3, 4]]))
    assert caught.value.exit_code == 5


def test_a_solver_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, lp: object) -> None:
        raise pulp.PulpSolverError("out of licence")

    monkeypatch.setattr(pulp.HiGHS, "buildSolverModel", broken)
    with pytest.raises(SolverError, match="out of licence"):
        solve(Problem.from_scores([[1, 2], [3, 4]]))


def test_a_solver_that_stops_for_another_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def confused(self: object, lp: object) -> tuple[pulp.LpSolveStatus, bool]:
        return pulp.LpSolveStatus.Undefined, True

    monkeypatch.setattr(pulp.HiGHS, "findSolutionValues", confused)
    with pytest.raises(SolverError, match="without a solution"):
        solve(Problem.from_scores([[1, 2], [3, 4]]))


# V7: numbers of people, threads, processes


def test_the_same_answer_from_another_process_and_number_of_threads() -> None:
    code = (
        "import numpy as np\n"
        "from revmentor.matching import Problem, solve\n"
        "s = np.random.default_rng(0).integers(0, 4, (320, 310))\n"
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
