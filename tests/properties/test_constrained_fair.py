"""Are fair matchings under conditions the fairest there are? Against all tiny matchings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from condition_cases import every_matching, random_problem
from hypothesis import given, settings
from hypothesis import strategies as st

from revmentor.errors import InputError, SolverError
from revmentor.matching import Problem, solve, verify
from revmentor.matching import generation as rounds_module
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.conditions import PairKind
from revmentor.matching.constrained import fair, lifting, search
from revmentor.matching.constrained.fair import FairOutcome, solve_fair
from revmentor.matching.constrained.solve import solve_participation
from revmentor.matching.constrained.task import Task
from revmentor.matching.fairness import Compared
from revmentor.matching.fairness.table import fortunes
from revmentor.matching.generation import Rounds
from revmentor.matching.market import opened
from revmentor.matching.scanning.scan import Scan
from revmentor.matching.tickets import Tickets

SEEDS = st.integers(0, 2**32 - 1)
OVER = st.sampled_from(["mentees", "mentors", "both"])
OBJECTIVES = st.sampled_from(["max_min", "leximin"])
FOREVER = Clock.start(None)


def begun(problem: Problem, clock: Clock = FOREVER) -> tuple[Task, Rounds] | None:
    start = opened(problem)
    if start.conflicts:
        return None
    market = start.market
    tickets = Tickets.draw(len(problem.mentors), len(problem.mentees), 0)
    people = np.flatnonzero(market.mentor_places), np.flatnonzero(market.mentee_places)
    rounds = Rounds(Scan.of(market, tickets, clock), clock, *people)
    rounds.start()
    return Task(market, problem.conditions, problem.waves, start.made), rounds


def compared(task: Task, over: str) -> Compared:
    """Everybody with places left, but for those in required pairs."""
    served = Compared(
        np.isin(np.arange(len(task.market.mentor_places)), task.made.mentor),
        np.isin(np.arange(len(task.market.mentee_places)), task.made.mentee),
    )
    return Compared.of(task.market, over, served)  # type: ignore[arg-type]


def fairest(problem: Problem, task: Task, who: Compared, objective: str) -> object:
    """The best of all matchings by trying each: fortunes or served and worst, then total."""
    made = set(zip(task.made.mentor.tolist(), task.made.mentee.tolist(), strict=True))
    found = []
    for tried in every_matching(problem):
        if {} not in tried.misses:
            continue
        best: dict[tuple[str, int], int] = {}
        for side, counts in (("mentor", who.mentors), ("mentee", who.mentees)):
            best |= {(side, k): 0 for k in np.flatnonzero(counts).tolist()}
        for i, j in set(tried.pairs) - made:
            units = int(problem.scores.plain(np.array([i]), np.array([j]))[0])
            for key in (("mentor", i), ("mentee", j)):
                if key in best:
                    best[key] = max(best[key], units)
        held = sorted(best.values())
        some = [units for units in held if units]
        few = [len(some), min(some, default=0)]
        found.append((held if objective == "leximin" else few, tried.worth))
    return max(found, default=None)


def check(problem: Problem, over: str, objective: str) -> FairOutcome | None:
    start = begun(problem)
    if start is None:
        return None
    task, rounds = start
    who = compared(task, over)
    found = solve_fair(task, who, objective, rounds, FOREVER)  # type: ignore[arg-type]
    wanted = fairest(problem, task, who, objective)
    if wanted is None:
        assert found.plan is None
        return found
    assert found.plan is not None
    assert task.broken(found.plan) == ()
    assert found.task.broken(found.plan) == ()
    held = fortunes(task.market, found.plan, who).tolist()
    some = [units for units in held if units]
    assert (found.served, found.worst) == (len(some), min(some, default=0))
    few = [found.served, found.worst]
    assert (held if objective == "leximin" else few, found.objective) == wanted
    assert found.objective == task.total(found.plan)
    assert found.most_proven
    assert found.worst_proven
    assert found.proven
    assert len(found.waves) == len(found.plan) + len(task.made)
    if found.certified is not None:
        assert found.certified >= wanted[1]  # type: ignore[index]
    return found


@settings(deadline=None, max_examples=200)
@given(SEEDS, OVER, OBJECTIVES)
def test_the_fairest_of_all_matchings(seed: int, over: str, objective: str) -> None:
    found = check(random_problem(np.random.default_rng(seed)), over, objective)
    if found is not None and found.plan is None:
        assert found.infeasible


def with_one_place(problem: Problem, over: str) -> Problem:
    """The same, but everybody compared has one place at most."""
    limit = {
        side: replace(roster, places=np.minimum(roster.places, 1))
        for side, roster in (("mentors", problem.mentors), ("mentees", problem.mentees))
        if over in (side, "both")
    }
    return replace(problem, **limit)


@settings(deadline=None, max_examples=150)
@given(SEEDS, OVER, OBJECTIVES)
def test_the_same_where_everybody_compared_has_one_place(
    seed: int, over: str, objective: str
) -> None:
    problem = with_one_place(random_problem(np.random.default_rng(seed)), over)
    check(problem, over, objective)


@settings(deadline=None, max_examples=60)
@given(SEEDS, OVER, OBJECTIVES)
def test_the_same_by_multipliers_as_for_large_problems(
    seed: int, over: str, objective: str
) -> None:
    problem = with_one_place(random_problem(np.random.default_rng(seed)), over)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "DIRECT", 0)
        patch.setattr(lifting, "COUNTED_AT_ONCE", -1)
        patch.setattr(rounds_module, "ALL_COLUMNS", 1)
        patch.setattr(rounds_module, "FIRST_FEW", 1)
        patch.setattr(rounds_module, "FEW", 1)
        check(problem, over, objective)


@settings(deadline=None, max_examples=100)
@given(SEEDS, OVER, OBJECTIVES)
def test_the_same_where_the_plan_without_conditions_is_tried_first(
    seed: int, over: str, objective: str
) -> None:
    problem = random_problem(np.random.default_rng(seed))
    problem = problem.under(objective=objective, over=over)
    start = begun(problem)
    if start is None:
        return
    task, _ = start
    wanted = fairest(problem, task, compared(task, over), objective)
    found = solve(problem)
    if wanted is None:
        assert found.status == "infeasible"
        return
    assert found.status == "optimal"
    number = len(task.made)
    i, j = (found.pairs[f"{side}_id"].to_numpy(np.int64) for side in ("mentor", "mentee"))
    assert len(i) >= number
    made = set(zip(task.made.mentor.tolist(), task.made.mentee.tolist(), strict=True))
    kept = [
        k for k, pair in enumerate(zip(i.tolist(), j.tolist(), strict=True)) if pair not in made
    ]
    worth = task.market.worth(i[kept], j[kept])
    plan = Columns(i[kept], j[kept], worth)
    assert task.broken(plan) == ()
    held = fortunes(task.market, plan, compared(task, over))
    some = held[held > 0].tolist()
    few = [len(some), min(some, default=0)]
    assert (held.tolist() if objective == "leximin" else few, task.total(plan)) == wanted


@pytest.mark.parametrize("objective", ["max_min", "leximin"])
def test_conditions_that_the_fairest_plan_keeps_need_no_model(objective: str) -> None:
    problem = Problem.from_scores([[5, 9], [8, 7]]).under(objective=objective)
    every = PairKind.every(2, 2).number("pairs", "", at_least=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fair, "solve_fair", None)
        found = solve(problem.under(every))
    plain = solve(problem)
    assert found.status == "optimal"
    assert found.pairs.to_numpy().tolist() == plain.pairs.to_numpy().tolist()
    assert found.fairness is not None
    assert plain.fairness is not None
    assert (found.fairness.served, found.fairness.worst) == (2, plain.fairness.worst)
    verify(problem.under(every), found)


def test_scores_too_large_to_count_pairs_first_are_refused() -> None:
    size = 300
    few = PairKind.every(size, size).number("pairs", "", at_most=2)
    scores = np.full((size, size), 2**51) - np.arange(size**2).reshape(size, size)
    start = begun(Problem.from_scores(scores).under(few))
    assert start is not None
    task, rounds = start
    who = Compared.of(task.market, "mentees")
    with pytest.raises(SolverError, match=r"most pairs first.*To fix: give smaller"):
        solve_fair(task, who, "max_min", rounds, FOREVER)
    with pytest.raises(SolverError, match=r"most pairs first.*To fix: give smaller"):
        solve_participation(task, rounds, FOREVER)


@dataclass(frozen=True)
class Counting(Clock):
    """The time is over once somebody has looked so many times."""

    looks: list[None] = field(default_factory=list)

    def left(self) -> float | None:
        if self.looks:
            self.looks.pop()
            return None
        return 0.0


@settings(deadline=None, max_examples=120)
@given(SEEDS, OVER, OBJECTIVES, st.booleans(), st.integers(0, 25))
def test_what_is_known_when_the_time_is_over(
    seed: int, over: str, objective: str, one_place: bool, looks: int
) -> None:
    problem = random_problem(np.random.default_rng(seed))
    problem = with_one_place(problem, over) if one_place else problem
    start = begun(problem)
    if start is None:
        return
    task, rounds = start
    who = compared(task, over)
    clock = Counting(None, [None] * looks)
    found = solve_fair(task, who, objective, rounds, clock)  # type: ignore[arg-type]
    wanted = fairest(problem, task, who, objective)
    if found.plan is None:
        assert found.stopped or wanted is None
        return
    assert wanted is not None
    assert task.broken(found.plan) == ()
    held = fortunes(task.market, found.plan, who).tolist()
    few = [found.served, found.worst]
    reached = (held if objective == "leximin" else few, found.objective)
    truth = fairest(problem, task, who, "max_min")[0]  # type: ignore[index]
    assert reached <= wanted
    assert found.stopped or found.proven
    assert not found.most_proven or found.served == truth[0]
    assert not found.worst_proven or few == truth
    assert not found.order_proven or reached[0] == wanted[0]  # type: ignore[index]
    assert not found.proven or reached == wanted
    assert found.bound is None or found.bound >= found.objective
    assert not found.order_proven or found.bound is None or found.bound >= wanted[1]  # type: ignore[index]


def test_nobody_compared_leaves_the_largest_total() -> None:
    few = PairKind.every(2, 2).number("pairs", "", at_most=1)
    start = begun(Problem.from_scores([[5, 9], [8, 7]]).under(few))
    assert start is not None
    task, rounds = start
    nobody = Compared(np.zeros(2, bool), np.zeros(2, bool))
    found = solve_fair(task, nobody, "leximin", rounds, FOREVER)
    assert (found.objective, found.served, found.worst, found.proven) == (9, 0, 0, True)


def test_further_partners_never_count_against_anybody() -> None:
    """A mentee's second mentor may be as bad as conditions ask."""
    scores = [[9, 9], [1, 2], [8, 1]]
    third = PairKind.having([False, True, False], [False, False]).number("b", "", at_least=1)
    problem = Problem.from_scores(scores, mentor_capacity=1, mentee_demand=[1, 2]).under(third)
    start = begun(problem)
    assert start is not None
    task, rounds = start
    found = solve_fair(task, Compared.of(task.market, "mentees"), "leximin", rounds, FOREVER)
    assert found.plan is not None
    pairs = zip(found.plan.mentor.tolist(), found.plan.mentee.tolist(), strict=True)
    assert list(pairs) == [(2, 0), (0, 1), (1, 1)]
    assert (found.worst, found.objective, found.proven) == (8, 19, True)


@pytest.mark.parametrize(
    ("objective", "demand", "cure"),
    [
        ("max_min", 2, "choose objective max_min with fairness_over a side"),
        ("leximin", 2, "choose objective max_min with fairness_over a side"),
        ("leximin", 1, "choose objective max_min, or"),
    ],
)
def test_more_pairs_than_models_hold_are_refused(objective: str, demand: int, cure: str) -> None:
    few = PairKind.every(3, 3).number("pairs", "", at_most=2)
    start = begun(Problem.from_scores(np.full((3, 3), 4), mentee_demand=demand).under(few))
    assert start is not None
    task, rounds = start
    who = Compared.of(task.market, "mentees")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fair, "MOST_PAIRS", 8)
        with pytest.raises(InputError, match=f"stops at 8 of them. To fix: {cure}"):
            solve_fair(task, who, objective, rounds, FOREVER)  # type: ignore[arg-type]
