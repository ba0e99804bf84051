"""Are arrays that cannot be a problem refused, with all that is wrong with them?"""

import numpy as np
import pandas as pd
import pytest

from revmentor.errors import InputError
from revmentor.matching import Problem, solve


@pytest.mark.parametrize(
    ("scores", "kind"),
    [
        ([[0.5, float("nan")]], "not a number"),
        ([[0.5, float("inf")]], "not a number"),
        ([[0.5, -0.1]], "negative score"),
        ([[-1]], "negative score"),
        ([0.5, 0.7], "wrong shape"),
        (0.5, "wrong shape"),
        (np.zeros((2, 2, 2)), "wrong shape"),
        ([["0.5", "0.7"]], "not numbers"),
        ([[None, 0.5]], "not numbers"),
        ([[1e12]], "score too large"),
        ([[2**60]], "score too large"),
        ([[1 + 2j]], "not numbers"),
    ],
)
def test_scores_that_are_none(scores: object, kind: str) -> None:
    with pytest.raises(InputError) as caught:
        Problem.from_scores(scores)
    assert [fault.kind for fault in caught.value.faults] == [kind]


@pytest.mark.parametrize(
    ("argument", "value", "kind"),
    [
        ("eligible", np.ones((2, 3), bool), "wrong shape"),
        ("eligible", [[1, 0], [0, 1]], "not true or false"),
        ("mentor_capacity", 1.5, "not whole"),
        ("mentor_capacity", [1, -1], "negative"),
        ("mentee_demand", [1, 2, 3], "wrong length"),
        ("mentee_demand", True, "not whole"),
        ("mentor_ids", ["a"], "wrong length"),
        ("mentor_ids", ["a", "a"], "duplicate id"),
        ("mentee_ids", ["a", 1], "mixed ids"),
        ("mentee_ids", [1.0, 2.0], "mixed ids"),
    ],
)
def test_arguments_that_do_not_fit(argument: str, value: object, kind: str) -> None:
    with pytest.raises(InputError) as caught:
        Problem.from_scores([[0.1, 0.2], [0.3, 0.4]], **{argument: value})
    assert [(fault.kind, fault.column) for fault in caught.value.faults] == [(kind, argument)]


def test_all_faults_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Problem.from_scores([[1, 2]], mentor_capacity=-1, mentee_ids=["a", "a"])
    assert len(caught.value.faults) == 2


def test_a_sum_that_would_leave_64_bits_is_refused() -> None:
    large = np.full((3000, 3000), 2**51)
    with pytest.raises(InputError, match="too much to add"):
        Problem.from_scores(large)


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int8, np.uint64, np.int64, bool])
def test_all_kinds_of_numbers(kind: type) -> None:
    scores = np.array([[1, 0], [1, 1]]).astype(kind)
    m = solve(Problem.from_scores(scores))
    assert m.objective == 2
    assert isinstance(m.objective, float if scores.dtype.kind == "f" else int)
    assert m.pairs["score"].dtype.kind == ("f" if scores.dtype.kind == "f" else "i")


def test_floats_are_rounded_to_millionths_and_whole_numbers_taken_exactly() -> None:
    assert solve(Problem.from_scores([[0.12345649]])).objective == 0.123456
    assert solve(Problem.from_scores([[0.12345651]])).objective == 0.123457
    assert solve(Problem.from_scores([[2**50 + 1]])).objective == 2**50 + 1
    assert solve(Problem.from_scores([[1e-7]])).objective == 0


def test_lists_frames_and_arrays_mean_the_same() -> None:
    rows = [[0.25, 0.5], [0.75, 1.0]]
    frozen = np.array(rows, order="F")
    frozen.flags.writeable = False
    results = [solve(Problem.from_scores(given)).objective for given in (rows, frozen)]
    assert results == [1.25, 1.25]


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Index, pd.Series])
@pytest.mark.parametrize("ids", [["b", "a"], [7, 3]])
def test_ids_in_any_container(kind: type, ids: list[str | int]) -> None:
    m = solve(Problem.from_scores([[1, 0], [0, 1]], mentor_ids=kind(ids), mentee_ids=["x", "y"]))
    assert m.pairs["mentor_id"].tolist() == ids
    assert type(m.pairs["mentor_id"].tolist()[0]) is type(ids[0])


def test_what_was_given_is_kept_apart() -> None:
    scores = np.array([[0.25, 0.5], [0.75, 1.0]])
    problem = Problem.from_scores(scores)
    scores[:] = 0
    assert solve(problem).objective == 1.25
