"""What is asked of a match, in words: its aim, its limits, what cannot hold."""

from __future__ import annotations

import numpy as np
import pytest

from revmentor.cycle.steps.asked import aim, cannot, limit_words, limits_met
from revmentor.cycle.steps.circling import circles_proof
from revmentor.cycle.steps.headline import proof
from revmentor.cycle.trail import FILE
from revmentor.matching import Problem, solve
from revmentor.matching.conditions import PairKind, Waves

PEOPLE = 6


def limited() -> Problem:
    half = np.arange(PEOPLE) < 3
    conditions = (
        PairKind.every(PEOPLE, PEOPLE).number("pairs", "", at_least=1, at_most=4),
        *PairKind.having(half, half, "mentee").share("half", "of the first", at_least=0.5),
    )
    free = np.ones((PEOPLE, 2), bool)
    waves = Waves(("a", "b"), (2, None), free, free)
    scores = np.random.default_rng(3).random((PEOPLE, PEOPLE))
    return Problem.from_scores(scores).under(*conditions, waves=waves)


def test_every_limit_has_words_and_a_count() -> None:
    problem = limited()
    told = limit_words(problem)
    assert told["pairs"] == "at least 1 pair and at most 4 pairs"
    assert told["half"] == "at least 50% of the pairs of the first"
    assert told["waves"] == "waves: at most 2 in wave a at a time"
    match = solve(problem)
    found = limits_met(problem, match, 1)
    assert found is not None
    counts = dict(zip(found.rows, [row[0].value for row in found.cells], strict=True))
    assert counts["at most 4 pairs"] == 4
    first = match.pairs["mentee_id"].isin([0, 1, 2])
    assert counts["at least 50% of the pairs of the first"] == int(first.sum())
    in_waves = match.pairs["wave"].value_counts()
    assert counts["at most 2 pairs in wave a"] == in_waves.get("a", 0)
    assert len(counts) == 4


def test_a_small_group_within_a_limit_is_not_shown() -> None:
    problem = limited()
    found = limits_met(problem, solve(problem), 5)
    assert found is not None
    assert all(count.value in (None, 0) for row in found.cells for count in row)


def test_without_limits_there_is_no_table() -> None:
    problem = Problem.from_scores([[1, 2], [3, 4]])
    assert limits_met(problem, solve(problem), 5) is None


@pytest.mark.parametrize(
    ("objective", "told", "proven"),
    [
        ("total", "largest total", "can score more"),
        ("participation", "as many pairs as possible", "has more pairs"),
        ("max_min", "worst-off of the mentors", "worst-off person better off"),
        ("leximin", "worst-off of the mentors", "serves the worst-off better"),
    ],
)
def test_every_objective_has_an_aim_and_a_proof(objective: str, told: str, proven: str) -> None:
    problem = Problem.from_scores([[1]]).under(objective=objective, over="mentors")  # type: ignore[arg-type]
    assert told in aim(problem)
    assert proven in proof("optimal", 0.0, objective)


def test_what_cannot_hold_is_told_in_lines() -> None:
    many = PairKind.every(2, 2).number("pairs", "", at_least=3)
    problem = Problem.from_scores(np.full((2, 2), 0.5)).under(many)
    error = cannot(problem, solve(problem))
    lines = str(error).splitlines()
    assert error.exit_code == 3
    assert any("at least 3 pairs" in line for line in lines)
    assert any(line.strip().startswith("The least that repairs it") for line in lines)
    assert any("100 a pair at most" in line for line in lines)


def test_a_required_pair_that_cannot_be_made_is_told_with_the_place_of_its_decision() -> None:
    possible = [[True, False], [True, True]]
    problem = Problem.from_scores(
        np.full((2, 2), 0.5), eligible=possible, mentor_ids=["a", "b"], mentee_ids=["x", "y"]
    ).under(require=[("a", "y")])
    key = ("a", "y", "require")
    found = solve(problem)
    in_table = str(cannot(problem, found, {key: ("decisions.csv", 3)}))
    assert (
        "To change it: the required pair a (mentor) with y (mentee) stands in decisions.csv, row "
        "3; choose lock, which keeps a pair whatever the rules say, or delete the row."
    ) in in_table
    by_sheet = str(cannot(problem, found, {key: (FILE, 12)}))
    assert "was decided by sheet (entry 12 of the trail); choose lock" in by_sheet
    assert "withdraw into the sheet Further pairs of restricted/decisions.xlsx" in by_sheet
    assert "revmentor decide" in by_sheet
    for told in (in_table, by_sheet):
        assert "unit" not in told
        assert "No repair changes fewer" not in told


def test_circles_that_are_proven_and_that_are_not() -> None:
    assert circles_proof({"status": "optimal", "gap": 0.0}).startswith("Proven optimal")
    assert "at most 2.0% more" in circles_proof({"status": "feasible", "gap": 0.0192})
