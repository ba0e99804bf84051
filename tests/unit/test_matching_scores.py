"""Does each criterion score what its definition says, also where somebody states nothing?"""

import math

import numpy as np
import pytest
from matching_cases import junior, named, params, senior, tables

from revmentor.errors import InputError
from revmentor.matching import Problem, explain


def score(problem: Problem, mentor: str, mentee: str) -> float:
    i, j = problem.mentors.ids.index(mentor), problem.mentees.ids.index(mentee)
    return int(problem.scores.plain(np.array([i]), np.array([j]))[0]) / problem.per_point


def one_pair(weights: dict[str, float], mentor: dict, mentee: dict, **changes: object) -> float:
    people, applications = tables(junior("m", **mentor), senior("s", **mentee))
    return score(Problem.from_tables(people, applications, params(weights, **changes)), "m", "s")


def test_skills_are_the_share_of_the_wanted_that_is_offered() -> None:
    offers = {"skills_offered": ("R", "SQL", "Go")}
    assert one_pair({"skills": 1}, offers, {"skills_wanted": ("SQL", "R", "C")}) == 0.666667
    assert one_pair({"skills": 1}, offers, {"skills_wanted": ("C",)}) == 0


def test_more_than_64_skills_all_count() -> None:
    many = tuple(f"skill {n}" for n in range(500))
    assert one_pair({"skills": 1}, {"skills_offered": many}, {"skills_wanted": many}) == 1
    half = {"skills_offered": many[250:]}
    assert one_pair({"skills": 1}, half, {"skills_wanted": many}) == 0.5


@pytest.mark.parametrize("name", ["department", "site", "generation"])
@pytest.mark.parametrize(("direction", "other", "same"), [("different", 1, 0), ("same", 0, 1)])
def test_categories_in_both_directions(name: str, direction: str, other: int, same: int) -> None:
    forms = {"criteria": {name: {"direction": direction}}}
    assert one_pair({name: 1}, {name: "A"}, {name: "B"}, **forms) == other
    assert one_pair({name: 1}, {name: "A"}, {name: "A"}, **forms) == same


def test_the_largest_seniority_gap_of_the_pool_scores_one() -> None:
    people, applications = tables(
        junior("m1"), junior("m2", grade=2), senior("s1", grade=5), senior("s2", grade=3)
    )
    problem = Problem.from_tables(people, applications, params({"seniority_gap": 1}))
    scores = [score(problem, a, b) for a in ("m1", "m2") for b in ("s1", "s2")]
    assert scores == [1, 0.6, 0.6, 0.2]


def test_a_target_gap_falls_off_on_both_sides() -> None:
    form = {"seniority_gap": {"form": "target", "target": 3.0, "falloff": 2.0}}
    scores = [
        one_pair({"seniority_gap": 1}, {}, {"grade": grade}, criteria=form) for grade in range(1, 7)
    ]
    assert scores == [0, 0.5, 1, 0.5, 0, 0]


def test_interests_are_jaccard() -> None:
    likes = {"interests": ("jazz", "chess", "hiking")}
    assert one_pair({"interests": 1}, likes, {"interests": ("chess", "cooking")}) == 0.25


@pytest.mark.parametrize(("direction", "expected"), [("complementary", 0.75), ("similar", 0.25)])
def test_personality_on_its_scale(direction: str, expected: float) -> None:
    forms = {"criteria": {"personality": {"direction": direction}}}
    loud, quiet = {"extraversion": 4.5}, {"extraversion": 1.5}
    assert one_pair({"personality": 1}, loud, quiet, **forms) == expected


@pytest.mark.parametrize(
    ("one", "other", "hours"),
    [
        ("Europe/London", "Asia/Kolkata", 2.5),
        ("Europe/London", "Europe/London", 8),
        ("Pacific/Auckland", "America/Los_Angeles", 5),
        ("Pacific/Auckland", "Europe/London", 0),
        ("Pacific/Kiritimati", "Pacific/Honolulu", 8),
        ("Asia/Kathmandu", "Asia/Kolkata", 7.75),
    ],
)
def test_hours_shared_in_january(one: str, other: str, hours: float) -> None:
    shared = one_pair({"time_zone": 1}, {"time_zone": one}, {"time_zone": other})
    assert shared * 8 == pytest.approx(hours, abs=1e-5)


def test_long_days_can_share_their_early_and_their_late_hours() -> None:
    zones = {"time_zone": "Pacific/Auckland"}, {"time_zone": "Etc/GMT-1"}
    hours = {"working_hours": {"from": 2, "to": 22}}
    assert one_pair({"time_zone": 1}, *zones, **hours) * 20 == pytest.approx(16)


def test_a_time_zone_that_does_not_exist_is_named() -> None:
    with pytest.raises(InputError, match="Mars/Olympus"):
        one_pair({"time_zone": 1}, {"time_zone": "Mars/Olympus"}, {})


def test_language_counts_once_it_is_shared() -> None:
    assert one_pair({"language": 1}, {"languages": ("de", "en")}, {"languages": ("en",)}) == 1
    assert one_pair({"language": 1}, {"languages": ("de",)}, {"languages": ("en",)}) == 0


def test_wishes_are_credited_by_rank_and_side() -> None:
    people, applications = tables(
        junior("m1", wishes=("s2", "s1")), junior("m2"), senior("s1", wishes=("m1",)), senior("s2")
    )
    forms = {"wishes": {"credit": (1.0, 0.6), "mentor_share": 0.25}}
    problem = Problem.from_tables(people, applications, params({"wishes": 1}, criteria=forms))
    scores = [score(problem, a, b) for a in ("m1", "m2") for b in ("s1", "s2")]
    assert scores == [0.25 * 0.6 + 0.75, 0.25, 0, 0]


SILENT = (
    junior("m1", skills_offered=("R",), department="A"),
    junior("m2", department="A"),
    senior("s1", skills_wanted=("R", "Go"), department="B"),
    senior("s2", skills_wanted=("R",), department="B"),
)


@pytest.mark.parametrize(
    ("missing", "silent_pair"), [("mean", 0.875), ("zero", 0.5), ("exclude", 1.0)]
)
def test_whoever_states_nothing(missing: str, silent_pair: float) -> None:
    weights = {"skills": 1.0, "department": 1.0}
    people, applications = tables(*SILENT)
    problem = Problem.from_tables(people, applications, params(weights, missing=missing))
    assert score(problem, "m1", "s1") == 0.75
    assert score(problem, "m1", "s2") == 1
    assert score(problem, "m2", "s1") == silent_pair
    listed = explain.contributions(problem, named(("m1", "s1"), ("m2", "s1")))
    assert listed["assumed"].tolist() == ["", "skills"]
    assert any("1 of 2 mentors" in note for note in problem.notes)


def test_blank_is_not_equal_to_blank() -> None:
    people, applications = tables(
        junior("m1"), junior("m2", site="X"), senior("s1"), senior("s2", site="X")
    )
    problem = Problem.from_tables(people, applications, params({"site": 1}, missing="zero"))
    assert score(problem, "m1", "s1") == 0
    assert score(problem, "m2", "s2") == 1


def test_the_mean_leaves_out_oneself() -> None:
    """Somebody on both sides is no partner for themselves, so no part of the mean."""
    people, applications = tables(
        {"person_id": "b", "grade": 1, "side": "both", "site": "X"},
        junior("m", site="Y"), junior("n"), senior("s", grade=2, site="X"),
    )  # fmt: skip
    problem = Problem.from_tables(people, applications, params({"site": 1}))
    row = problem.influence.set_index("criterion").loc["site"]
    assert row["stand_in"] == pytest.approx(1 / 3, abs=1e-6)


def test_a_criterion_nobody_can_be_scored_on_leaves_its_weight_to_the_others() -> None:
    people, applications = tables(
        junior("m", department="A"), senior("s", department="B"), senior("t", department="A")
    )
    weights = {"skills": 3.0, "department": 1.0}
    problem = Problem.from_tables(people, applications, params(weights))
    assert score(problem, "m", "s") == 1
    influence = problem.influence.set_index("criterion")
    assert influence.loc["skills", "share"] == 0
    assert influence.loc["department", "share"] == 1
    assert not influence.loc["skills", "influence"]
    assert any("no mentor states a skill to offer" in note for note in problem.notes)


def test_a_constant_criterion_is_said_to_have_no_influence() -> None:
    people, applications = tables(
        junior("m", department="A", site="X"), senior("s", department="B", site="X"),
        senior("t", department="C", site="Y"),
    )  # fmt: skip
    weights = {"department": 1.0, "site": 1.0}
    problem = Problem.from_tables(people, applications, params(weights))
    influence = problem.influence.set_index("criterion")["influence"]
    assert not influence["department"]
    assert influence["site"]
    assert any("it is the same, 1, for every pair" in note for note in problem.notes)


def test_nobody_wishes_and_all_is_said() -> None:
    people, applications = tables(junior("m", department="A"), senior("s", department="B"))
    weights = {"wishes": 1.0, "department": 1.0}
    problem = Problem.from_tables(people, applications, params(weights))
    assert score(problem, "m", "s") == 1
    assert any("no mentor states a wish" in note for note in problem.notes)


def test_tiny_and_huge_weights_sum_to_one() -> None:
    people, applications = tables(
        junior("m", department="A", site="X"), senior("s", department="B", site="X")
    )
    weights = {"department": 1e-9, "site": 1e9}
    problem = Problem.from_tables(people, applications, params(weights))
    assert score(problem, "m", "s") == 1
    assert math.isclose(problem.influence["share"].sum(), 1)
