"""Do explanations read as sentences that say who, what and how much?"""

import numpy as np
import pytest
from matching_cases import junior, named, params, senior, tables

from revmentor.errors import InputError
from revmentor.matching import Problem, explain, solve
from revmentor.matching.variants import removable, without


@pytest.fixture(scope="module")
def problem() -> Problem:
    people, applications = tables(
        junior("m1", skills_offered=("R", "Go"), vetoes=("s1",), languages=("en",)),
        junior("m2", skills_offered=("R",), languages=("de",), capacity=0),
        senior("s1", skills_wanted=("R", "Go"), languages=("de",)),
        senior("s2", skills_wanted=("R",), languages=("en",)),
        senior("s3", skills_wanted=("Go", "C", "R"), languages=("en",)),
    )
    rules = {"vetoes": True, "shared_language": True}
    forbid = named(("m2", "s2"), decision="forbid")
    return Problem.from_tables(people, applications, params(rules=rules), decisions=forbid)


def test_all_broken_rules_are_named(problem: Problem) -> None:
    found = explain.why_not(problem, solve(problem), ("m1", "s1"))
    assert found.rules == ("vetoes", "shared_language")
    assert found.score == 1
    assert found.sentences == (
        "The pair of mentor m1 and mentee s1 is not allowed: it breaks rules 'nobody has vetoed "
        "the other' and 'a language in common'.",
    )


def test_a_pair_without_a_place_is_impossible(problem: Problem) -> None:
    found = explain.why_not(problem, solve(problem), ("m2", "s1"))
    assert found.status == "impossible"
    assert "m2 has no places" in found.sentences[0]


def test_what_a_pair_would_cost_and_change(problem: Problem) -> None:
    found = explain.why_not(problem, solve(problem), ("m1", "s3"), loss=0.5)
    assert found.sentences == (
        "Making the pair of mentor m1 and mentee s3 would lose 33.3 of 100 (33%): 3 people "
        "change partner.",
        "Mentor m1: from s2 to s3.",
        "Mentee s2: from m1 to nobody.",
        "Mentee s3: from nobody to m1.",
        "The fewest changes within a loss of at most 50.0% break 1 pair of today's: 3 people "
        "change partner.",
    )
    strict = explain.why_not(problem, solve(problem), ("m1", "s3"))
    assert strict.fewest is None
    assert strict.sentences[-1] == "No plan with the pair stays within a loss of at most 1.0%."


def test_why_people_have_no_partner(problem: Problem) -> None:
    matching = solve(problem)
    told = {who: explain.why_unmatched(problem, matching, who) for who in ("m2", "s1", "s3")}
    assert {who: found.code for who, found in told.items()} == {
        "m2": "capacity", "s1": "places_taken", "s3": "outbid",
    }  # fmt: skip
    assert told["m2"].sentences == ("Mentor m2 can take nobody: their capacity is 0.",)
    assert told["s3"].sentences == (
        "Mentee s3 has 1 eligible partner, and all are in pairs that score more together.",
        "Mentor m1 (score 66.7) is with s2 (score 100): the pair would have to score 33.3 more.",
    )
    assert told["s3"].partners["taken_by"].tolist() == [("s2",)]
    rules = told["s1"].rules.set_index("rule")
    assert rules.loc["vetoes", ["partners", "first"]].tolist() == [1, 1]
    assert rules.loc["shared_language", ["partners", "first"]].tolist() == [1, 0]


def test_nobody_left_by_rules_or_by_the_minimum() -> None:
    closed = Problem.from_scores([[1, 0], [0, 0]], eligible=np.array([[True, False]] * 2))
    matching = solve(closed)
    assert explain.why_unmatched(closed, matching, 1, side="mentee").sentences == (
        "Mentee 1 has no eligible partner among 2 mentors: rule 'marked as eligible' leaves out 2.",
    )
    assert explain.why_unmatched(closed, matching, 1, side="mentor").sentences == (
        "Mentor 1 has no eligible partner with a score above 0 among 2 mentees.",
    )


def test_questions_about_the_wrong_people_are_refused(problem: Problem) -> None:
    matching = solve(problem)
    with pytest.raises(InputError, match="not in the pool"):
        explain.why_unmatched(problem, matching, "nobody")
    with pytest.raises(InputError, match="has a partner"):
        explain.why_unmatched(problem, matching, "m1")
    twice = Problem.from_scores([[0]])
    with pytest.raises(InputError, match="name the side"):
        explain.why_unmatched(twice, solve(twice), 0)
    with pytest.raises(InputError, match="a share of the objective"):
        explain.why_not(problem, matching, ("m1", "s3"), loss=2)
    with pytest.raises(InputError, match="not a mentor"):
        explain.why_not(problem, matching, ("s1", "s3"))


def test_rules_that_can_be_lifted(problem: Problem) -> None:
    assert removable(problem) == ("vetoes", "forbidden", "shared_language")
    prices = explain.rule_prices(problem, solve(problem)).set_index("rule")
    assert prices["price"].to_dict() == {"vetoes": 0.0, "forbidden": 0.0, "shared_language": 0.0}
    assert prices.loc["vetoes", "label"] == "nobody has vetoed the other"
    with pytest.raises(InputError, match="cannot be lifted"):
        without(problem, "reporting_line")


def test_nobody_would_rather_be_with_somebody_else() -> None:
    problem = Problem.from_scores([[9, 1], [1, 9]])
    matching = solve(problem)
    assert explain.blocking_pairs(problem, matching).sentence == (
        "No two people would both rather be with each other."
    )
    assert explain.stability_price(problem, matching).sentence == (
        "A matching without blocking pairs would lose nothing and change 0 of 2 pairs."
    )
    assert explain.other_optima(problem, matching).sentence == (
        "No other matching is equally good for anybody."
    )
