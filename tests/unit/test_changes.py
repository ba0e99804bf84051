"""What changed since the match that is published, and what brought it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from approval_cases import pairs_of, published

from revmentor.cycle.changes import Changes, changes_since, compared
from revmentor.matching import Problem, explain, solve
from revmentor.publish.workspace import Workspace

NAMES = {"a": "Ann", "x": "Xia", "y": "=Yan"}


def decided(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["mentor_id", "mentee_id", "decision"], dtype="str")
    return frame.assign(by="Bo", reason="as agreed")


def rows(found: Changes) -> list[tuple[str, ...]]:
    columns = ["change", "mentor_id", "mentee_id", "mentor_now", "mentee_now", "decision"]
    return [tuple(row) for row in found.table[columns].to_numpy().tolist()]


def test_pairs_kept_gone_and_new_with_what_brought_them() -> None:
    before = pairs_of(("a", "x"), ("b", "y"), ("c", "z"))
    after = pairs_of(("a", "y"), ("b", "x"), ("c", "z"))
    found = compared(before, after, decided(("a", "x", "forbid"), ("c", "z", "require")), NAMES)
    assert rows(found) == [
        ("gone", "a", "x", "=Yan", "b", "forbid"),
        ("gone", "b", "y", "Xia", "Ann", ""),
        ("new", "a", "y", "", "", ""),
        ("new", "b", "x", "", "", ""),
        ("kept", "c", "z", "", "", ""),
    ]
    assert found.table["mentor_name"].tolist() == ["Ann", "b", "Ann", "b", "c"]
    assert found.sentence == (
        "Against the match published before: 1 pair as before, 2 gone and 2 new; 4 people have "
        "another partner. 1 change follows from decisions."
    )


def test_somebody_without_a_partner_now_has_no_other_one() -> None:
    found = compared(pairs_of(("a", "x"), ("b", "y")), pairs_of(("a", "x")), None, {})
    assert rows(found)[0] == ("gone", "b", "y", "nobody", "nobody", "")
    assert found.moved == 0
    assert "No decision about just these pairs brought it." in found.sentence


def test_a_further_partner_counts_as_another_one() -> None:
    found = compared(
        pairs_of(("a", "x")), pairs_of(("a", "x"), ("a", "y")), decided(("a", "y", "lock")), NAMES
    )
    assert rows(found)[0] == ("new", "a", "y", "", "", "lock")
    assert found.sentence == (
        "Against the match published before: 1 pair as before, 0 gone and 1 new; 1 person has "
        "another partner. 1 change follows from decisions."
    )


def test_a_pair_of_somebody_who_takes_part_no_longer_is_gone_because_of_that() -> None:
    before = pairs_of(("a", "x"), ("b", "y"), ("c", "z"), ("d", "w"))
    away = decided(("c", "z", "forbid"))
    found = compared(before, pairs_of(("e", "v")), away, NAMES, there={"b", "y", "x", "e", "v"})
    reasons = dict(zip(found.table["mentor_id"], found.table["reason"], strict=True))
    assert reasons == {
        "a": "Ann takes part no longer",
        "b": "",
        "c": "as agreed",
        "d": "d and w take part no longer",
        "e": "",
    }
    assert found.decided == 1


def test_the_published_match_is_the_measure(tmp_path: Path) -> None:
    assert changes_since(Workspace(tmp_path), pairs_of(("a", "x")), None, None, {}) is None
    result = Workspace(published(tmp_path, ("a", "x"), ("b", "y")) / "base")
    same = changes_since(result, pairs_of(("b", "y"), ("a", "x"), score=0.9), None, None, {})
    assert same is not None
    assert same.sentence == "These are the same pairs as in the match published before."
    waves = pairs_of(("b", "y"), ("a", "x")).assign(wave=["one", "two"])
    moved = changes_since(result, waves, None, None, {})
    assert moved is not None
    assert moved.sentence.endswith("before, in other waves or circles.")


@pytest.mark.parametrize("seed", range(6))
def test_best_other_partners_are_the_first_alternatives(seed: int) -> None:
    scores = np.random.default_rng(seed).integers(0, 5, (6, 5))
    problem = Problem.from_scores(scores, mentor_capacity=2)
    matching = solve(problem)
    found = explain.best_others(problem, matching)
    assert len(found) == len(matching.pairs)
    for _, row in found.iterrows():
        others = explain.alternatives(problem, matching, (row["mentor_id"], row["mentee_id"]))
        for side, whom in (("mentor", "mentee_id"), ("mentee", "mentor_id")):
            listed = others[others["side"] == side]
            if listed.empty:
                assert pd.isna(row[f"{side}_other"])
                assert pd.isna(row[f"{side}_other_score"])
            else:
                assert row[f"{side}_other_score"] == pytest.approx(listed["score"].iloc[0])
                assert row[f"{side}_other"] == listed[whom].iloc[0]


def test_nobody_else_is_nobody() -> None:
    problem = Problem.from_scores([[5]])
    (row,) = explain.best_others(problem, solve(problem)).to_dict("records")
    assert pd.isna(row["mentor_other"])
    assert pd.isna(row["mentee_other_score"])
