"""Are new ties and the E-I index counted as by hand, with intervals that cover?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from revmentor.metrics import ei_index, network

PEOPLE = pd.DataFrame(
    {
        "person_id": ["m1", "m2", "s1", "s2", "o1", "o2", "o3"],
        "department": ["A", "A", "B", "B", "A", "B", None],
        "site": ["X", "Y", "X", "Y", "X", "Y", "X"],
    }
)
PAIRS = pd.DataFrame({"mentor_id": ["m1", "m2"], "mentee_id": ["s1", "s2"]})


def ties(**named: str) -> pd.DataFrame:
    """Who names whom: before|after, blank between names."""
    rows = [
        (person, other, when)
        for person, text in named.items()
        for when, names in zip(("before", "after"), text.split("|"), strict=True)
        for other in names.split()
    ]
    return pd.DataFrame(rows, columns=["person_id", "other_id", "when"])


TIES = ties(
    m1="m2 o1|m2 s1 s2 o3",
    m2="m1|m1",
    s1="s2 o2|s2 m1 o2",
    s2="s1|",
    o1="m1|m1 o2",
    o2="s1|s1 s2",
    o3="|m1",
)


def test_new_ties_are_those_named_after_and_not_before() -> None:
    found = network(TIES, PEOPLE, PAIRS, seed=0, groupings=("department", "site"))
    assert found.answered == {"participants": (4, 3, 3), "others": (2, 3, 2)}
    anybody = found.new_ties()
    assert anybody.participants.value == pytest.approx(np.mean([3, 0, 1]))
    assert anybody.participants.n == 3, "s2 did not answer after the cycle"
    assert anybody.others.reason == "all 2 values are the same"
    across = found.new_ties("department")
    assert across.participants.value == pytest.approx(np.mean([2, 0, 1])), "o3 has no department"
    assert across.others.n == 2
    assert found.new_ties("site").participants.value == pytest.approx(np.mean([1, 0, 0]))


def test_the_difference_is_welchs() -> None:
    found = network(TIES, PEOPLE, PAIRS, seed=0, groupings=("department",)).new_ties("department")
    expected = stats.ttest_ind([2, 0, 1], [1, 0], equal_var=False).confidence_interval()
    assert found.difference.value == pytest.approx(1 - 0.5)
    assert (found.difference.low, found.difference.high) == pytest.approx(tuple(expected))


def test_the_index_is_of_all_ties_whose_groups_are_known() -> None:
    mixed = network(TIES, PEOPLE, PAIRS, seed=0, groupings=("department",)).mixed("department")
    # Before: m1-m2, m1-o1, m2-m1, s1-s2, s1-o2, all within. After: out m1-s1, m1-s2, s1-m1.
    assert mixed.before.reason == "all who answered are alike"
    assert mixed.after.value == pytest.approx((3 - 4) / 7)
    assert mixed.change.value == pytest.approx((3 - 4) / 7 + 1)
    assert mixed.change.n == 3


def test_a_known_index() -> None:
    # Krackhardt and Stern's bounds: all ties within, all out, and half of each.
    assert (ei_index(0, 4), ei_index(4, 0), ei_index(2, 2)) == (-1, 1, 0)


def drawn(rng: np.random.Generator, people: int, out: tuple[float, float]) -> tuple:
    """A company in two departments whose people name three others, out of it by chance."""
    ids = [f"p{n}" for n in range(people)]
    department = np.arange(people) % 2
    rows = []
    for when, share in zip(("before", "after"), out, strict=True):
        for person in range(people):
            away = rng.random(3) < np.clip(share + rng.normal(0, 0.15), 0, 1)
            others = rng.choice(people // 2 - 1, 3, replace=False) * 2
            for far, other in zip(away, others, strict=True):
                named = other + (1 - department[person] if far else department[person])
                rows.append((ids[person], ids[named], when))
    frame = pd.DataFrame({"person_id": ids, "department": department.astype(str)})
    pairs = pd.DataFrame({"mentor_id": ids[::2], "mentee_id": ids[1::2]})
    return pd.DataFrame(rows, columns=["person_id", "other_id", "when"]), frame, pairs


def test_the_bootstrap_covers() -> None:
    rng, hits, tries = np.random.default_rng(0), 0, 120
    for seed in range(tries):
        table, people, pairs = drawn(rng, 80, (0.4, 0.5))
        table = table.loc[table["person_id"] != table["other_id"]]
        found = network(table, people, pairs, seed=seed, groupings=("department",), resamples=499)
        change = found.mixed("department").change
        hits += change.low < 0.2 < change.high
    assert hits >= stats.binom.ppf(0.001, tries, 0.95)


def test_the_order_of_rows_has_no_say() -> None:
    table, people, pairs = drawn(np.random.default_rng(1), 40, (0.3, 0.5))
    few = {"groupings": ("department",), "resamples": 99}
    first = network(table, people, pairs, seed=3, **few)
    again = network(table.iloc[::-1], people.iloc[::-1], pairs.iloc[::-1], seed=3, **few)
    assert first == again
    other = network(table, people, pairs, seed=4, **few)
    assert other.mixing != first.mixing
    assert other.new == first.new


def test_nobody_answered() -> None:
    found = network(TIES.iloc[:0], PEOPLE, PAIRS, seed=0, groupings=("site",))
    assert found.new_ties().participants.reason == "there is no value"
    assert found.new_ties().difference.reason == "no people of the participants answered both times"
    assert found.mixed("site", "others").change.reason.startswith("no people answered both times")
    one = network(ties(m1="m2|s1"), PEOPLE, PAIRS, seed=0, groupings=("site",))
    assert one.mixed("site").after.reason.startswith("1 person answered both times")
    loners = ties(m1="o3|o3", m2="o3|o3", s1="o3|o3")
    found = network(loners, PEOPLE, PAIRS, seed=0, groupings=("department",))
    assert found.mixed("department").before.reason == ("nobody named anybody whose group is known")
