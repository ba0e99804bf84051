"""Is a rematch the best with as few changes? Against all plans of tiny problems."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from explain_cases import all_plans, cells_of, some_problem, units
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matching_cases import junior, named, params, senior, tables

from revmentor.errors import InputError, NoFeasibleMatching
from revmentor.matching import Problem
from revmentor.matching.rematch import rematch, rematch_frontier

SEEDS = st.integers(0, 2**32 - 1)
exact = settings(deadline=None, max_examples=60)


def some_running(problem: Problem, random: np.random.Generator) -> pd.DataFrame:
    """Pairs of people of the problem and of one who has left on each side."""
    ids = [(*roster.ids, "gone") for roster in (problem.mentors, problem.mentees)]
    cells = [(a, b) for a in ids[0] for b in ids[1]]
    picked = [cells[k] for k in random.permutation(len(cells))[: random.integers(0, 6)]]
    return pd.DataFrame(picked, columns=["mentor_id", "mentee_id"], dtype=object)


def kept_in(problem: Problem, running: pd.DataFrame, plan: frozenset) -> int:
    ids = {(problem.mentors.ids[a], problem.mentees.ids[b]) for a, b in plan}
    return sum(pair in ids for pair in running.itertuples(index=False, name=None))


@exact
@given(SEEDS, st.integers(0, 5))
def test_best_with_so_many_changes(seed: int, changes: int) -> None:
    problem, random = some_problem(seed)
    running = some_running(problem, random)
    plans = [
        (total, len(running) - kept_in(problem, running, p)) for total, p in all_plans(problem)
    ]
    found = rematch(problem, running, changes=changes)
    if not plans:
        assert found.status == "infeasible"
        assert found.least_changes is None
        return
    assert found.least_changes == min(broken for _, broken in plans)
    most = max((total for total, broken in plans if broken <= changes), default=None)
    assert found.status == ("infeasible" if most is None else "optimal")
    assert all(sentence.endswith(".") for sentence in found.sentences)
    if most is None:
        assert found.reasons[0].startswith("at least ")
        return
    assert round(found.objective * problem.per_point) == most
    assert found.bound == found.objective
    plan = cells_of(problem, found.pairs)
    assert (most, len(running) - kept_in(problem, running, plan)) in plans
    assert found.changes == len(found.broken) <= changes
    assert int(found.pairs["running"].sum()) == len(running) - found.changes
    for row in found.broken.itertuples():
        assert bool(row.reason) == row.forced
    value = units(problem)
    for row in found.broken[~found.broken["forced"].astype(bool)].itertuples():
        cell = problem.mentors.ids.index(row.mentor_id), problem.mentees.ids.index(row.mentee_id)
        assert value[cell] >= problem.least


@exact
@given(SEEDS)
def test_the_frontier_has_every_choice_that_gains(seed: int) -> None:
    problem, random = some_problem(seed)
    running = some_running(problem, random)
    plans = [
        (total, len(running) - kept_in(problem, running, p)) for total, p in all_plans(problem)
    ]
    assume(plans)
    best = {
        broken: max(total for total, changes in plans if changes <= broken)
        for broken in range(min(broken for _, broken in plans), len(running) + 1)
    }
    efficient = {
        broken: total for broken, total in best.items() if total > best.get(broken - 1, -1)
    }
    every = rematch_frontier(problem, running, every=True)
    assert (
        dict(zip(every["changes"], (every["objective"] * problem.per_point).round(), strict=True))
        == efficient
    )
    assert (every["status"] == "optimal").all()
    corners = rematch_frontier(problem, running)
    assert corners["envelope"].all()
    assert set(corners["changes"]) == set(every["changes"][every["envelope"].astype(bool)])
    slopes = corners["objective"].diff().iloc[1:] / corners["changes"].diff().iloc[1:]
    assert (slopes.diff().iloc[1:] <= 1e-12).all()


def test_it_says_who_left_and_what_a_veto_ends() -> None:
    people, applications = tables(
        junior("m1", skills_offered=("R",)),
        junior("m2", skills_offered=("R",), vetoes=("s2",)),
        senior("s1", skills_wanted=("R",)),
        senior("s2", skills_wanted=("R",)),
        senior("s3", skills_wanted=("R",)),
    )
    problem = Problem.from_tables(people, applications, params(rules={"vetoes": True}))
    running = named(("m1", "s1"), ("m2", "s2"), ("m9", "s3"))
    found = rematch(problem, running)
    assert found.least_changes == found.changes == 2
    assert found.broken["reason"].tolist() == [
        "it breaks rule 'nobody has vetoed the other'",
        "m9 is no longer in the pool as a mentor",
    ]
    assert found.sentences == (
        "1 running pair of 3 is kept, 2 are broken (2 of them forced), and 1 new pair is made.",
        "Proven: no plan with as few changes is worth more.",
    )
    few = rematch(problem, running, changes=1)
    assert few.status == "infeasible"
    assert few.sentences[0] == "At least 2 running pairs must end, more than the 1 allowed."
    assert len(few.pairs) == 0


def test_wrong_questions_are_refused() -> None:
    problem = Problem.from_scores([[1, 2]])
    twice = pd.DataFrame({"mentor_id": [0, 0], "mentee_id": [1, 1]})
    with pytest.raises(InputError, match="listed twice"):
        rematch(problem, twice)
    with pytest.raises(InputError, match="at least 0"):
        rematch(problem, twice.iloc[:1], changes=-1)


def test_a_frontier_needs_required_pairs_that_can_be_made() -> None:
    people, applications = tables(junior("m1"), senior("s1"), senior("s2"))
    both = named(("m1", "s1"), ("m1", "s2"), decision="require")
    problem = Problem.from_tables(people, applications, params(), decisions=both)
    with pytest.raises(NoFeasibleMatching, match="required"):
        rematch_frontier(problem, named(("m1", "s1")))
