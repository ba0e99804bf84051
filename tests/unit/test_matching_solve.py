"""Does a solved matching hold what its fields promise, in plain and in awkward cases?"""

import numpy as np
import pandas as pd
import pytest
from matching_cases import junior, named, params, senior, tables
from scipy.optimize import linear_sum_assignment

from revmentor.matching import Matching, Problem, solve, verify

SITE = {"site": 1.0}


def solved(problem: Problem, **options: object) -> Matching:
    """Solved, verified and proven."""
    m = solve(problem, **options)
    assert m.status == "optimal"
    assert m.gap == 0
    assert m.objective == m.bound
    assert verify(problem, m) == (m.objective, m.bound)
    return m


def listed(m: Matching) -> list[tuple[object, object]]:
    return list(zip(m.pairs["mentor_id"], m.pairs["mentee_id"], strict=True))


def test_the_example_of_the_docs() -> None:
    m = solved(Problem.from_scores([[0.9, 0.8], [0.7, 0.1]]))
    assert list(m.pairs.columns) == ["mentor_id", "mentee_id", "score"]
    assert listed(m) == [(1, 0), (0, 1)]
    assert m.objective == 1.5
    assert (m.objective_units, m.bound_units) == (1_500_000, 1_500_000)
    assert m.unmatched.empty


def test_agrees_with_scipy_at_200() -> None:
    scores = np.random.default_rng(1).random((200, 200))
    m = solved(Problem.from_scores(scores))
    units = np.rint(scores * 1e6).astype(int)
    rows, columns = linear_sum_assignment(units, maximize=True)
    assert m.objective_units == units[rows, columns].sum()


def test_agrees_with_scipy_where_prices_start_from_a_sample() -> None:
    scores = np.random.default_rng(2).integers(0, 1000, (400, 350))
    m = solved(Problem.from_scores(scores))
    rows, columns = linear_sum_assignment(scores, maximize=True)
    assert m.objective == scores[rows, columns].sum()


@pytest.mark.parametrize("levels", [1, 2, 3, 5])
def test_coarse_scores_end_with_gap_0(levels: int) -> None:
    scores = np.random.default_rng(levels).integers(1, levels + 1, (700, 700))
    m = solved(Problem.from_scores(scores))
    rows, columns = linear_sum_assignment(scores, maximize=True)
    assert m.objective == scores[rows, columns].sum()
    assert m.columns < 700 * 700 / 4


def test_identical_people() -> None:
    m = solved(Problem.from_scores(np.full((300, 450), 0.5)))
    assert len(m.pairs) == 300
    assert set(m.unmatched["code"]) == {"outbid"}
    assert len(m.unmatched) == 150


@pytest.mark.parametrize("near", [0.0, 0.02])
def test_everybody_prefers_the_same_people(near: float) -> None:
    random = np.random.default_rng(5)
    scores = np.outer(random.random(150), random.random(150)) + near * random.random((150, 150))
    m = solved(Problem.from_scores(scores))
    units = np.rint(scores * 1e6).astype(int)
    rows, columns = linear_sum_assignment(units, maximize=True)
    assert m.objective_units == units[rows, columns].sum()


def test_large_whole_numbers_are_exact() -> None:
    """Prices beyond what a float solver resolves: the exact ones take over."""
    scores = np.random.default_rng(3).integers(0, 2**50, (60, 60))
    m = solved(Problem.from_scores(scores))
    rows, columns = linear_sum_assignment(scores.astype(object).astype(float), maximize=True)
    assert m.objective >= sum(int(scores[i, j]) for i, j in zip(rows, columns, strict=True))


def test_only_positive_scores_are_made() -> None:
    m = solved(Problem.from_scores([[0.0, 0.4], [0.0, 0.3]]))
    assert listed(m) == [(0, 1)]
    assert m.unmatched["person_id"].tolist() == [1, 0]
    assert m.unmatched["code"].tolist() == ["outbid", "minimum_score"]


def test_capacity_and_demand_of_several() -> None:
    scores = [[9, 8, 7], [5, 4, 3]]
    m = solved(Problem.from_scores(scores, mentor_capacity=[2, 3], mentee_demand=2))
    assert m.objective == 9 + 8 + 5 + 4 + 3
    assert m.pairs.duplicated().sum() == 0
    assert len(m.certificate.pair)


def test_no_pair_is_made_twice() -> None:
    m = solved(Problem.from_scores([[7]], mentor_capacity=3, mentee_demand=3))
    assert listed(m) == [(0, 0)]
    assert m.objective == 7


@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (4, 0), (1, 1), (1, 50), (50, 1)])
def test_any_number_of_people(shape: tuple[int, int]) -> None:
    m = solved(Problem.from_scores(np.ones(shape)))
    assert len(m.pairs) == min(shape)
    assert len(m.unmatched) == sum(shape) - 2 * min(shape)


def test_nobody_is_eligible() -> None:
    problem = Problem.from_scores(np.ones((2, 3)), eligible=np.zeros((2, 3), bool))
    m = solved(problem)
    assert m.objective == 0
    assert set(m.unmatched["code"]) == {"no_eligible_partner"}
    assert "No eligible partner among 3 mentees" in m.unmatched["reason"][0]


def test_everybody_has_capacity_0() -> None:
    m = solved(Problem.from_scores(np.ones((2, 2)), mentor_capacity=0))
    assert m.unmatched["code"].tolist() == ["capacity"] * 2 + ["places_taken"] * 2


def test_the_dual_price_is_what_another_place_adds() -> None:
    scores = [[9, 8], [4, 1]]
    before = solved(Problem.from_scores(scores))
    after = solved(Problem.from_scores(scores, mentor_capacity=[2, 1]))
    assert after.objective - before.objective == 17 - 12
    assert before.certificate.mentor.to_dict()[0] >= 5


def test_ids_of_any_text_and_order() -> None:
    ids = ["zoë ", "a b", "x_1", "x-1", "日本", "pair_0"]
    scores = np.random.default_rng(0).random((6, 6))
    m = solved(Problem.from_scores(scores, mentor_ids=ids, mentee_ids=ids[::-1]))
    assert set(m.pairs["mentor_id"]) == set(ids)
    assert m.pairs["mentee_id"].tolist() == sorted(ids)


def test_row_order_and_seed() -> None:
    random = np.random.default_rng(0)
    scores = random.integers(0, 3, (40, 50))
    ids = [f"m{n}" for n in range(40)], [f"s{n}" for n in range(50)]
    first = solved(Problem.from_scores(scores, mentor_ids=ids[0], mentee_ids=ids[1]), seed=4)
    rows, columns = random.permutation(40), random.permutation(50)
    shuffled = Problem.from_scores(
        scores[rows][:, columns],
        mentor_ids=[ids[0][k] for k in rows],
        mentee_ids=[ids[1][k] for k in columns],
    )
    again = solved(shuffled, seed=4)
    pd.testing.assert_frame_equal(first.pairs, again.pairs)
    pd.testing.assert_frame_equal(first.unmatched, again.unmatched)
    other = solved(shuffled, seed=5)
    assert other.objective == first.objective
    assert not other.pairs.equals(first.pairs)


def tie_pool() -> tuple[pd.DataFrame, pd.DataFrame]:
    return tables(
        junior("m1", site="X"), junior("m2", site="X", capacity=2), junior("m3", site="Y"),
        senior("s1", site="X"), senior("s2", site="X"), senior("s3", site="X"),
    )  # fmt: skip


def test_required_pairs_are_made_and_take_places() -> None:
    wanted = named(("m3", "s1"), ("m2", "s2"), decision="require")
    problem = Problem.from_tables(*tie_pool(), params(SITE), decisions=wanted)
    m = solved(problem)
    assert {("m3", "s1"), ("m2", "s2")} <= set(listed(m))
    assert m.objective == 2
    assert len(m.pairs) == 3


def test_a_required_pair_may_score_nothing_and_leaves_others_unmatched() -> None:
    wanted = named(("m3", "s1"), ("m3", "s1"), decision="require")
    people, applications = tie_pool()
    only = people["person_id"].isin(["m1", "m3", "s1"])
    problem = Problem.from_tables(
        people[only], applications[only.to_numpy()], params(SITE), decisions=wanted
    )
    m = solved(problem)
    assert listed(m) == [("m3", "s1")]
    assert m.unmatched["code"].tolist() == ["places_taken"]
    assert "without a place" in m.unmatched["reason"][0]


def test_below_the_minimum_score() -> None:
    people, applications = tables(
        junior("m", skills_offered=("R",)), senior("s", skills_wanted=("R", "Go", "C"))
    )
    m = solved(Problem.from_tables(people, applications, params(minimum_score=0.5)))
    assert m.unmatched["code"].tolist() == ["minimum_score"] * 2
    assert "scores 33.3, under the minimum of 50" in m.unmatched["reason"][0]
    exact = solved(Problem.from_tables(people, applications, params(minimum_score=0.333333)))
    assert len(exact.pairs) == 1


def test_reasons_of_the_unmatched_are_in_order_of_side_and_id() -> None:
    m = solved(Problem.from_scores(np.eye(3), mentor_capacity=[1, 0, 1]))
    found = [tuple(row) for row in m.unmatched[["side", "person_id", "code"]].to_numpy()]
    assert found == [("mentor", 1, "capacity"), ("mentee", 1, "places_taken")]


def test_on_both_sides_capacity_counts_mentees() -> None:
    people, applications = tables(
        junior("m", site="X"), junior("n", site="X"),
        {"person_id": "b", "grade": 1, "side": "both", "capacity": 2, "site": "X"},
        senior("s", grade=2, site="X"), senior("t", grade=2, site="X"),
    )  # fmt: skip
    problem = Problem.from_tables(people, applications, params(SITE))
    assert dict(zip(problem.mentors.ids, problem.mentors.places, strict=True))["b"] == 2
    assert dict(zip(problem.mentees.ids, problem.mentees.places, strict=True))["b"] == 1
    assert solved(problem).objective == 3
