"""Are tables read as they stand, whatever they hold their cells in?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matching_cases import junior, named, params, random_tables, senior, tables

from revmentor.errors import InputError
from revmentor.matching import Problem
from revmentor.matching.intake.cells import Labels, Lists, texts
from revmentor.matching.intake.hierarchy import line_spans

LISTED = ("skills_offered", "skills_wanted", "interests", "wishes", "vetoes")


def all_units(problem: Problem) -> np.ndarray:
    i, j = np.indices((len(problem.mentors), len(problem.mentees)))
    return problem.scores.units(i.ravel(), j.ravel())


def as_texts(frame: pd.DataFrame) -> pd.DataFrame:
    lists = [name for name in (*LISTED, "languages") if name in frame.columns]
    return frame.assign(**{name: [" ; ".join(x) or None for x in frame[name]] for name in lists})


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("how", ["texts", "lists", "arrays", "objects"])
def test_the_same_whatever_holds_the_cells(seed: int, how: str) -> None:
    case = random_tables(np.random.default_rng(seed))
    other = dict(case)
    for table in ("people", "applications"):
        frame = case[table]
        if how == "texts":
            other[table] = as_texts(frame)
        elif how == "objects":
            other[table] = frame.astype(object)
        else:
            kind = list if how == "lists" else np.array
            names = [name for name in (*LISTED, "languages") if name in frame.columns]
            other[table] = frame.assign(
                **{name: pd.Series([kind(x) for x in frame[name]], dtype=object) for name in names}
            )
    one, two = Problem.from_tables(**case), Problem.from_tables(**other)
    assert one.mentors.ids == two.mentors.ids
    assert one.mentees.places.tolist() == two.mentees.places.tolist()
    assert all_units(one).tolist() == all_units(two).tolist()
    assert one.notes == two.notes


def test_blanks_and_repeats_in_lists_do_not_count() -> None:
    lists = Lists.of([[("b", " b ", "", "a", "a"), (), (3, "3", " ")], [["z"], None, 1.5]], ";")
    assert lists[0].names == ("3", "a", "b", "z")
    assert lists[0].row.tolist() == [0, 0, 2]
    assert lists[0].item.tolist() == [2, 1, 0]
    assert lists[0].rank().tolist() == [0, 1, 0]
    assert lists[0].size().tolist() == [2, 0, 1]
    assert lists[1].size().tolist() == [1, 0, 0]


def test_items_beyond_64_are_packed_in_further_words() -> None:
    items = tuple(f"{n:03d}" for n in range(130))
    (lists,) = Lists.of([[items, (), items[64:65]]], ";")
    words = lists.words(np.array([True, False, True]))
    assert words.shape == (3, 2)
    assert np.bitwise_count(words).sum(axis=0).tolist() == [130, 1]
    assert words[1, 1] == 1


def test_texts_of_any_column() -> None:
    frame = pd.DataFrame({"n": [1, 2], "f": [1.5, None], "s": ["a", None], "c": ["x", "x"]})
    frame["c"] = frame["c"].astype("category")
    found = [texts(frame, name) for name in ("n", "f", "s", "c", "absent")]
    assert found == [["1", "2"], ["1.5", None], ["a", None], ["x", "x"], [None, None]]
    assert Labels.of(found[2]).code.tolist() == [0, -1]


def test_a_manager_without_an_application_still_joins_the_line() -> None:
    people, applications = tables(
        junior("m", manager_id="middle"),
        {"person_id": "middle", "manager_id": "s"},
        senior("s", manager_id="outside"),
    )
    chosen = params(rules={"reporting_line": True})
    problem = Problem.from_tables(people, applications, chosen)
    assert all_units(problem).tolist() == [-1]


def test_a_long_line_and_a_loop() -> None:
    first, last = line_spans(np.arange(-1, 9999))
    assert first.tolist() == list(range(10_000))
    assert set(last.tolist()) == {9999}
    with pytest.raises(InputError, match="2 people report to themselves"):
        line_spans(np.array([-1, 2, 1, 0]))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p, a: (pd.concat([p, p[:1]]), a), "more than one row"),
        (lambda p, a: (p, pd.concat([a, a[:1]])), "more than one row"),
        (lambda p, a: (p, a.assign(side="chair")), "a side is mentor, mentee or both"),
        (lambda p, a: (p[1:], a), "not in people"),
        (lambda p, a: (p.assign(grade=pd.array([None, 1], "Int64")), a), "without a grade"),
        (lambda p, a: (p, a.assign(person_id=[None, "s"])), "not in people"),
    ],
)
def test_whoever_cannot_be_placed_is_named(change: object, words: str) -> None:
    people, applications = tables(junior("m"), senior("s"))
    people, applications = change(people, applications)
    with pytest.raises(InputError, match=words):
        Problem.from_tables(people, applications, params())


def test_people_outside_the_pool_are_let_be_in_history_and_wishes() -> None:
    people, applications = tables(
        junior("m", wishes=("gone", "s"), vetoes=("gone",)), senior("s", wishes=("gone",))
    )
    problem = Problem.from_tables(
        people, applications,
        params({"wishes": 1.0}, criteria={"wishes": {"credit": (1.0, 0.5), "mentor_share": 0.5}},
               rules={"vetoes": True, "no_repeat": True}),
        history=named(("gone", "s"), ("m", "gone")),
    )  # fmt: skip
    assert all_units(problem).tolist() == [250_000]
