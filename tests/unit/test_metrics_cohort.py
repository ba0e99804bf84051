"""Are supply, demand, funnel and composition what a count by hand gives?"""

from collections import Counter

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revmentor.metrics import composition, demand, funnel, group_order, supply_demand
from revmentor.metrics.groups import lump


def applications(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(
        rows, columns=["person_id", "side", "capacity", "skills_offered", "skills_wanted"]
    )
    return frame.astype({"person_id": "str", "side": "str", "capacity": "Int64"})


POOL = applications(
    ("a", "mentor", 2, ("Python", "Excel"), ()),
    ("b", "mentor", None, ("Python", "Python"), ()),
    ("c", "both", 1, ("Go",), ("Python",)),
    ("d", "mentee", None, (), ("Python", "Excel", "Prompting")),
    ("e", "mentee", None, ("Excel",), ("Python",)),
    ("f", "mentee", None, (), ("Python", "Prompting")),
    ("g", "mentee", None, (), ("Python",)),
)
PEOPLE = pd.DataFrame(
    {
        "person_id": list("abcdefgh"),
        "department": ["Sales", "Sales", "IT", "IT", "IT", "Law", None, "Law"],
        "generation": ["Z", "Z", "Y", "X", "X", "X", "X", "Y"],
        "birth_year": [2000, 1999, 1988, 1970, 1971, 1969, 1974, 1990],
        "grade": list("ABCCCDDB"),
        "grade_rank": [0, 1, 2, 2, 2, 3, 3, 1],
    }
)


def test_supply_and_demand_of_a_small_pool():
    table = supply_demand(POOL, default_capacity=1).set_index("skill")
    assert list(table.index) == ["Prompting", "Python", "Excel", "Go"]
    assert table.loc["Python"].to_dict() == {"mentors": 2, "places": 3, "wanted": 5, "short": 2}
    assert table.loc["Prompting", ["mentors", "places", "short"]].tolist() == [0, 0, 2]
    assert table.loc["Excel", "places"] == 2, "a mentee's own skill is no place"


def test_the_demand_names_the_top_wants_and_what_covers_them():
    found = demand(supply_demand(POOL, 1), top=2)
    assert found.skills == ("Python", "Prompting")
    assert found.share_of_wants.value == pytest.approx(7 / 8)
    assert found.covered.value == pytest.approx(3 / 7)
    assert (found.skills_wanted, found.skills_short) == (3, 2)


def test_no_wants_is_no_share():
    nobody = supply_demand(POOL.loc[POOL["side"] == "mentor"], 1)
    found = demand(nobody)
    assert found.skills == ()
    assert found.covered.reason == "there are no wants"


def test_a_pool_without_any_skill_has_an_empty_table():
    empty = POOL.assign(skills_offered=[()] * 7, skills_wanted=[()] * 7)
    assert supply_demand(empty, 1).empty


def test_the_funnel_counts_both_sides():
    table = funnel(PEOPLE, POOL, {"mentor": ["a", "c"], "mentee": ["c", "d", "e", "nobody"]})
    assert table["mentor"].tolist() == [8, 3, 2]
    assert table["mentee"].tolist() == [8, 5, 3]


def test_the_composition_places_everybody_once():
    table = composition(PEOPLE, POOL, "department", least=1)
    assert table["company"].sum() == 8
    assert table.loc["IT"].to_dict() == {
        "mentors": 0,
        "mentees": 2,
        "both": 1,
        "neither": 0,
        "company": 3,
    }
    assert table.index[-1] == "not given"
    assert table.loc["Law", "neither"] == 1


def test_generations_stand_from_old_to_young_and_grades_from_junior_to_senior():
    assert group_order(PEOPLE, "generation") == ["X", "Y", "Z"]
    assert group_order(PEOPLE, "grade") == ["A", "B", "C", "D"]
    assert group_order(PEOPLE, "department") == ["IT", "Law", "Sales", "not given"]


def test_a_grouping_that_people_lack_is_named():
    with pytest.raises(KeyError, match="has no column 'team'"):
        composition(PEOPLE, POOL, "team")


def test_small_groups_are_summed_under_one_label():
    sizes = pd.Series({"a": 5, "b": 1, "c": 9, "d": 2})
    assert lump(list("abcd"), sizes, 4, 1)["b"] == "b"
    assert lump(list("abcd"), sizes, 3, 1) == {"a": "a", "c": "c", "b": "b, d", "d": "b, d"}
    assert lump(list("abcd"), sizes, 2, 1) == {
        "c": "c",
        "a": "3 others",
        "b": "3 others",
        "d": "3 others",
    }


def test_a_single_small_group_takes_the_next_smallest_with_it():
    sizes = pd.Series({"a": 50, "b": 1, "c": 9})
    assert lump(list("abc"), sizes, 9, 5) == {"a": "a", "b": "b, c", "c": "b, c"}


def test_ordered_groups_are_joined_with_a_neighbour():
    sizes = pd.Series({"A": 1, "B": 40, "C": 3, "D": 3, "E": 3, "not given": 1})
    young = dict.fromkeys(["C", "D", "E", "not given"], "C to E, not given")
    labels = lump([*"ABCDE", "not given"], sizes, 9, 5, ordered=True)
    assert labels == {"A": "A, B", "B": "A, B"} | young


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=8),
    st.integers(2, 9),
    st.integers(1, 12),
    st.booleans(),
)
@settings(deadline=None)
def test_every_group_has_one_label_and_no_sum_is_small(sizes, most, least, ordered):
    names = [f"g{k}" for k in range(len(sizes))]
    labels = lump(names, pd.Series(sizes, index=names), most, least, ordered=ordered)
    assert sorted(labels) == sorted(names)
    sums = pd.Series(sizes, index=names).groupby(labels).sum()
    assert len(sums) <= most
    assert len(sums) == 1 or sums.min() >= least


skills = st.lists(st.sampled_from(["p", "q", "r"]), max_size=3).map(tuple)
people = st.lists(
    st.tuples(st.sampled_from(["mentor", "mentee", "both"]), st.integers(0, 3), skills, skills),
    max_size=12,
)


@given(people)
@settings(deadline=None)
def test_supply_and_demand_agree_with_a_plain_loop(rows):
    table = supply_demand(applications(*((str(i), *row) for i, row in enumerate(rows))), 1)
    places, wanted = Counter(), Counter()
    for side, capacity, offered, wants in rows:
        for skill in set(offered) if side != "mentee" else ():
            places[skill] += capacity
        for skill in set(wants) if side != "mentor" else ():
            wanted[skill] += 1
    assert dict(zip(table["skill"], table["wanted"], strict=True)) == {
        skill: wanted[skill] for skill in table["skill"]
    }
    assert table["places"].sum() == places.total()
    assert table["wanted"].sum() == wanted.total()
    assert table["short"].is_monotonic_decreasing


def test_the_smallest_groups_stand_last_under_both_names():
    table = composition(PEOPLE, POOL, "department", most=3, least=1)
    assert table.index.tolist() == ["IT", "Law", "Sales, not given"]
    assert table["company"].tolist() == [3, 2, 3]
