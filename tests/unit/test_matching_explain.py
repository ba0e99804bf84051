"""Do explanations add up, and name what really would have been possible?"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matching_cases import junior, named, params, random_tables, senior, tables

from revmentor.errors import InputError
from revmentor.matching import Problem, explain, solve
from revmentor.matching.variants import without
from revmentor.params.models import CRITERIA


@pytest.fixture(scope="module")
def problem() -> Problem:
    people, applications = tables(
        junior("m1", skills_offered=("R", "Go", "C"), department="A", extraversion=2),
        junior("m2", skills_offered=("R",), department="B", extraversion=5),
        junior("m3", skills_offered=("C", "Go"), department="A", vetoes=("s1",)),
        senior("s1", skills_wanted=("R", "Go", "C"), department="B", extraversion=1),
        senior("s2", skills_wanted=("R", "C"), department="A", extraversion=4),
    )
    weights = {"skills": 3.0, "department": 2.0, "personality": 2.0}
    return Problem.from_tables(people, applications, params(weights, rules={"vetoes": True}))


def test_contributions_add_up_to_the_score_to_the_millionth(problem: Problem) -> None:
    m = solve(problem)
    found = explain.contributions(problem, m.pairs)
    assert list(found.columns) == [
        "mentor_id", "mentee_id", "skills", "department", "personality", "score", "assumed",
    ]  # fmt: skip
    assert found["score"].tolist() == m.pairs["score"].tolist()
    parts = np.rint(found[["skills", "department", "personality"]] * 1e6).astype(int)
    assert (parts.sum(axis=1) == np.rint(found["score"] * 1e6)).all()


@pytest.mark.parametrize("seed", range(60))
def test_contributions_add_up_in_any_pool(seed: int) -> None:
    problem = Problem.from_tables(**random_tables(np.random.default_rng(seed)))
    everybody = [(a, b) for a in problem.mentors.ids for b in problem.mentees.ids]
    found = explain.contributions(problem, named(*everybody))
    parts = found[[name for name in CRITERIA if name in found]]
    units = np.rint(parts.to_numpy(float) * 1e6).astype(int)
    assert (units >= 0).all()
    assert (units.sum(axis=1) == np.rint(found["score"].to_numpy(float) * 1e6)).all()


def test_contributions_of_given_scores() -> None:
    problem = Problem.from_scores([[3, 4]])
    pair = pd.DataFrame({"mentor_id": [0], "mentee_id": [1]})
    assert explain.contributions(problem, pair)[["given", "score"]].iloc[0].tolist() == [4, 4]


def test_contributions_of_somebody_unknown(problem: Problem) -> None:
    with pytest.raises(InputError, match="not a mentor of the pool"):
        explain.contributions(problem, named(("s1", "m1")))


def test_alternatives_are_the_best_others_that_may_be_made(problem: Problem) -> None:
    m = solve(problem)
    found = explain.alternatives(problem, m, ("m1", "s1"))
    assert found[["side", "mentor_id", "mentee_id"]].to_numpy().tolist() == [
        ["mentor", "m1", "s2"], ["mentee", "m2", "s1"],
    ]  # fmt: skip
    own = explain.contributions(problem, named(("m1", "s1")))["score"][0]
    assert (found["difference"] - (found["score"] - own)).abs().max() < 1e-9


def test_alternatives_leave_out_partners_and_are_limited() -> None:
    scores = np.array([[9, 8, 7, 6, 5], [1, 1, 1, 1, 0]])
    problem = Problem.from_scores(scores, mentor_capacity=[2, 1])
    found = explain.alternatives(problem, solve(problem), (0, 0), most=2)
    assert found[["side", "mentor_id", "mentee_id", "score"]].to_numpy().tolist() == [
        ["mentor", 0, 2, 7], ["mentor", 0, 3, 6], ["mentee", 1, 0, 1],
    ]  # fmt: skip


def test_binding_places_are_priced_in_the_unit_of_the_scores() -> None:
    problem = Problem.from_scores([[0.9, 0.8], [0.4, 0.0]], mentor_ids=["a", "b"])
    found = explain.binding_capacity(problem, solve(problem))
    assert list(found.columns) == ["person_id", "side", "capacity", "price"]
    dearest = found.iloc[0]
    assert (dearest["person_id"], dearest["side"]) == ("a", "mentor")
    assert 0.5 <= dearest["price"] <= 0.8


def test_a_mentor_without_places_is_priced_by_what_one_would_add() -> None:
    problem = Problem.from_scores([[0.9, 0.8], [0.4, 0.3]], mentor_capacity=[0, 1])
    found = explain.binding_capacity(problem, solve(problem)).set_index(["side", "person_id"])
    more = Problem.from_scores([[0.9, 0.8], [0.4, 0.3]], mentor_capacity=[1, 1])
    gain = solve(more).objective - solve(problem).objective
    assert found.loc[("mentor", 0), "price"] >= gain - 1e-9


def test_potential_is_each_mentees_best(problem: Problem) -> None:
    best = explain.potential(problem)
    scores = explain.contributions(problem, named(("m1", "s1"), ("m2", "s2")))["score"]
    assert best.mentees == 2
    assert best.total == pytest.approx(scores.sum())
    assert best.mean == pytest.approx(scores.mean())
    assert np.isnan(explain.potential(Problem.from_scores([[0.0]])).mean)


def test_rule_effects_of_given_scores() -> None:
    problem = Problem.from_scores(
        [[1, 0], [1, 1]], eligible=np.array([[True, True], [True, False]])
    )
    effects = explain.rule_effects(problem)
    assert effects.to_numpy().tolist() == [
        ["all pairs", 4, 0], ["eligible", 3, 0], ["minimum_score", 2, 1],
    ]  # fmt: skip


def test_nobody_is_their_own_partner_however_far_the_grade_gap_is_lowered() -> None:
    """People on both sides fit nobody as well as themselves; no rule on lines forbids it."""
    both: dict[str, Any] = {"side": "both", "skills_offered": ("R",), "skills_wanted": ("R",)}
    people, applications = tables(
        *({"person_id": who, "grade": grade, **both} for grade, who in enumerate("abcd"))
    )
    problem = Problem.from_tables(people, applications, params(rules={"minimum_grade_gap": 3}))
    priced = explain.rule_prices(problem, solve(problem))
    assert priced[["rule", "price"]].to_numpy().tolist() == [["minimum_grade_gap", 2.0]]
    lower = solve(without(problem, "minimum_grade_gap"))
    assert lower.pairs["mentor_id"].tolist() == ["a", "b", "c"]
    assert lower.pairs["mentee_id"].tolist() == ["b", "c", "d"]
