"""Is the quality of a matching what a count by hand and scipy give?"""

import numpy as np
import pandas as pd
import pytest
from scipy.stats.contingency import expected_freq

from revmentor.metrics import (
    quality,
    scores,
    typical_pairs,
    unmatched_reasons,
    wanted_skill,
    who_meets_whom,
    wishes_met,
)

PEOPLE = pd.DataFrame(
    {
        "person_id": ["m1", "m2", "m3", "s1", "s2", "s3", "s4"],
        "department": ["Sales", "IT", "IT", "IT", "Sales", "Law", None],
        "generation": ["Z", "Z", "Y", "X", "X", "X", "X"],
        "site": ["Bern", "Bern", "Lyon", "Bern", "Lyon", "Lyon", "Bern"],
        "birth_year": [2000, 2001, 1990, 1970, 1968, 1971, 1972],
    }
)
APPLICATIONS = pd.DataFrame(
    {
        "person_id": PEOPLE["person_id"],
        "side": ["mentor"] * 3 + ["mentee"] * 4,
        "skills_offered": [("Python",), ("Excel", "Go"), (), (), (), (), ()],
        "skills_wanted": [(), (), (), ("Python",), ("Python",), ("R", "Go"), ()],
        "wishes": [("s1", "s2"), (), ("s4",), ("m2", "m1"), ("m1",), (), ("m3", "m1")],
    }
)
PAIRS = pd.DataFrame(
    {
        "mentor_id": ["m1", "m1", "m2", "m3"],
        "mentee_id": ["s1", "s2", "s3", "s4"],
        "score": [0.9, 0.5, 0.7, 0.3],
    }
)
CONTRIBUTIONS = PAIRS[["mentor_id", "mentee_id"]].assign(
    skills=[0.4, 0.4, 0.2, 0.0], wishes=[0.5, 0.1, 0.5, 0.3]
)


def test_quality_of_a_small_matching():
    found = quality(
        PAIRS,
        CONTRIBUTIONS,
        PEOPLE,
        APPLICATIONS,
        possible=3.0,
        able=5,
    )
    assert (found.pairs, found.mentors, found.mentees) == (4, 3, 4)
    assert found.scores.lowest == 0.3
    assert found.share_of_possible.value == pytest.approx(2.4 / 3.0)
    assert found.share_of_possible.n == 5
    assert (found.wanted_skill.count, found.wanted_skill.n) == (3, 3), "s4 names no skill"
    assert (found.across["department"].count, found.across["department"].n) == (2, 3)
    assert found.across["generation"].value == 1.0
    assert (found.across["site"].count, found.across["site"].n) == (3, 4)
    assert found.criteria["criterion"].tolist() == ["wishes", "skills"]
    assert found.criteria["points"].tolist() == pytest.approx([35.0, 25.0])


def test_wishes_are_counted_by_side_and_rank():
    table = wishes_met(PAIRS, APPLICATIONS).set_index(["side", "rank"])
    assert table.loc[("mentor", 1)].tolist() == [2, 2]
    assert table.loc[("mentor", 2)].tolist() == [1, 1]
    assert table.loc[("mentee", 1)].tolist() == [3, 2]
    assert table.loc[("mentee", 2)].tolist() == [2, 1]


def test_nobody_wishes():
    assert wishes_met(PAIRS, APPLICATIONS.assign(wishes=[()] * 7)).empty


def test_a_matching_without_pairs_says_so():
    none = PAIRS.iloc[:0]
    found = quality(none, CONTRIBUTIONS.iloc[:0], PEOPLE, APPLICATIONS, possible=0.0, able=0)
    assert found.pairs == 0
    assert found.scores.mean is None
    assert found.share_of_possible.reason == "no mentee has an eligible partner"
    assert found.wanted_skill.reason == "there are no pairs"
    assert found.criteria.empty or found.criteria["points"].isna().all()
    assert who_meets_whom(none, PEOPLE, "site").counts.empty


def test_quartiles_are_numpys():
    values = pd.Series(np.random.default_rng(1).random(37))
    found = scores(values)
    assert found.lower_quartile == pytest.approx(np.quantile(values, 0.25))
    assert found.upper_quartile == pytest.approx(np.quantile(values, 0.75))
    assert found.mean == pytest.approx(values.mean())


def test_a_wanted_skill_counts_once_per_pair():
    assert wanted_skill(PAIRS, APPLICATIONS).value == 1.0


def test_who_meets_whom_against_scipys_expectation():
    found = who_meets_whom(PAIRS, PEOPLE, "site", least=1)
    assert found.counts.loc["Lyon", "Bern"] == 2
    assert found.counts.loc["Bern"].tolist() == [1, 1]
    assert found.chance.to_numpy() == pytest.approx(expected_freq(found.counts.to_numpy()))
    assert found.counts.to_numpy().sum() == len(PAIRS)


def test_many_groups_are_summed_up_on_each_side():
    rng = np.random.default_rng(5)
    people = pd.DataFrame({"person_id": [f"p{k}" for k in range(400)]})
    people["department"] = [f"d{k:02}" for k in rng.zipf(1.4, 400).clip(max=20)]
    pairs = pd.DataFrame(
        {
            "mentor_id": [f"p{k}" for k in range(200)],
            "mentee_id": [f"p{k}" for k in range(200, 400)],
        }
    )
    found = who_meets_whom(pairs, people, "department", most=6, least=1)
    assert found.counts.shape == (6, 6)
    assert str(found.counts.index[-1]).endswith("others")
    assert str(found.counts.columns[-1]).endswith("others")
    assert found.counts.to_numpy().sum() == 200


def test_typical_pairs_are_named():
    assert typical_pairs(PAIRS) == {
        "best pair": ("m1", "s1"),
        "median pair": ("m1", "s2"),
        "worst pair": ("m3", "s4"),
    }
    assert typical_pairs(PAIRS.iloc[:1]) == {"best pair": ("m1", "s1")}
    assert typical_pairs(PAIRS.iloc[:0]) == {}


def test_reasons_are_counted_by_side():
    unmatched = pd.DataFrame(
        {
            "person_id": list("abcd"),
            "side": ["mentee", "mentee", "mentor", "mentee"],
            "reason": ["places taken", "vetoes", "places taken", "places taken"],
        }
    )
    table = unmatched_reasons(unmatched)
    assert table.index.tolist() == ["places taken", "vetoes"]
    assert table.loc["places taken"].tolist() == [1, 2]
    assert unmatched_reasons(unmatched.iloc[:0]).empty
