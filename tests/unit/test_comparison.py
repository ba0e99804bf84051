"""Participants against comparable people: a lottery first, then people made alike; how sure?"""

import numpy as np
import pandas as pd
import pytest
from demo_months import END, PROGRAMME, START
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.linear_model import LogisticRegression
from statsmodels.stats.proportion import confint_proportions_2indep

from revmentor.data.demo import PLANTED, PLANTED_NONE, company
from revmentor.data.demo.cohort import read_cohort
from revmentor.data.demo.draws import Draws
from revmentor.data.demo.outcomes import fate
from revmentor.metrics.balance import balance, codes, design
from revmentor.metrics.comparison import compare, e_value_said
from revmentor.metrics.covariates import covariates
from revmentor.metrics.sensitivity import e_value
from revmentor.metrics.weighting import (
    by_overlap,
    by_strata,
    linearised,
    refitted,
    strata_weights,
)


def people_of(size, seed=0, **columns):
    """A roster in which tenure decides who leaves, and who takes part."""
    rng = np.random.default_rng(seed)
    tenure = rng.integers(100, 5000, size)
    people = pd.DataFrame(
        {
            "person_id": [f"p{i:05}" for i in range(size)],
            "hired_on": pd.Timestamp(START) - pd.to_timedelta(tenure, unit="D"),
            "department": rng.choice(["IT", "HR", "Law"], size),
            "birth_year": 1995 - tenure // 200,
        }
    ).assign(**columns)
    return people, tenure, rng


def outcomes_of(people, left, *, until=END):
    when = np.where(left, np.datetime64("2026-05-01"), np.datetime64("NaT", "D"))
    return pd.DataFrame(
        {
            "person_id": people["person_id"],
            "on": pd.Timestamp(until),
            "left_on": pd.to_datetime(when),
            "promoted_on": pd.NaT,
        }
    )


def forms(people, **columns):
    return people[["person_id"]].assign(side="mentee", **columns)


@pytest.mark.parametrize(
    ("ratio", "low", "high", "point", "end"),
    # VanderWeele and Ding (2017), the example of breastfeeding; and a protective ratio turned.
    [(3.9, 1.8, 8.7, 7.26, 3.0), (1 / 3.9, 1 / 8.7, 1 / 1.8, 7.26, 3.0), (1.5, 0.8, 2.8, 2.37, 1)],
)
def test_e_values_are_the_published_ones(ratio, low, high, point, end):
    found = e_value(ratio, low, high)
    assert (round(found.point, 2), round(found.end, 2)) == (point, end)


def test_a_ratio_of_nothing_has_no_e_value():
    with pytest.raises(ValueError, match="above 0"):
        e_value(0.0, 0.0, 1.0)


def test_standardised_differences_are_the_textbooks():
    columns = np.array([[1.0, 0], [2, 1], [4, 1], [1, 0], [5, 0]])
    treated = np.array([True, True, True, False, False])
    first, second = balance(columns, ["x", "y"], treated, np.array([1.0, 1, 1, 3, 1]))
    spread = np.sqrt((np.var([1, 2, 4]) + np.var([1, 5])) / 2)
    assert first.before == pytest.approx((7 / 3 - 3) / spread)
    assert first.after == pytest.approx((7 / 3 - 2) / spread)
    assert second.before == pytest.approx((2 / 3) / np.sqrt((2 / 9) / 2))
    assert not second.balanced


def test_only_what_was_known_before_the_start_is_used():
    people = pd.DataFrame(
        {
            "person_id": ["a", "b", "c"],
            "hired_on": pd.to_datetime(["2026-05-01", "2020-01-01", None]),
            "promoted_on": pd.to_datetime(["2026-05-01", "2025-06-01", None]),
            "site": ["x", "x", "x"],
        }
    )
    known = covariates(people, START)
    assert known.groups["tenure"].tolist() == ["not given", "6 to 10 years", "not given"]
    assert known.groups["promoted"].tolist() == [
        "no promotion known",
        "under 1 year",
        "no promotion known",
    ]
    assert known.redated == 1
    assert known.known == ("tenure at the start", "time since the last promotion")
    assert known.unknown == ("grade", "department", "site", "year of birth", "gender")


def test_strata_weights_by_hand():
    strata = np.array([0, 0, 0, 1, 1, 1, 2, 3])
    treated = np.array([True, False, False, True, True, False, True, False])
    # Stratum 0: 1 treated, 2 controls; stratum 1: 2 and 1; the others have one side only.
    weights = strata_weights(strata, treated)
    assert weights.tolist() == [1, 0.5, 0.5, 1, 1, 2, 0, 0]
    assert weights[~treated].sum() == 3


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=30)
def test_the_difference_within_strata_is_the_standardised_one(seed):
    rng = np.random.default_rng(seed)
    strata, treated = rng.integers(0, 4, 200), rng.random(200) < 0.4
    did = rng.random(200) < 0.2
    found = by_strata(strata, treated, did, draws=5, seed=1)
    share = pd.crosstab(strata[treated], "n")["n"] / treated.sum()
    risks = pd.Series(did).groupby([strata, treated]).mean().unstack()
    assert found.risk_treated == pytest.approx((share * risks[True]).sum())
    assert found.risk_control == pytest.approx((share * risks[False]).sum())
    for group in (treated, ~treated):
        direct = np.average(did[group], weights=found.weights[group])
        expected = found.risk_treated if group[0] == treated[0] == True else direct  # noqa: E712
        assert direct == pytest.approx(expected if group is treated else found.risk_control)


def test_overlap_weights_are_those_of_scikit_learn_and_balance_exactly():
    rng = np.random.default_rng(3)
    columns = rng.normal(size=(500, 4))
    treated = rng.random(500) < 1 / (1 + np.exp(-columns[:, 0]))
    found = by_overlap(columns, treated, rng.random(500) < 0.2, draws=5, seed=1)
    scaled = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    chance = LogisticRegression(C=10).fit(scaled, treated).predict_proba(scaled)[:, 1]
    expected = np.where(treated, 1 - chance, chance)
    assert found.weights == pytest.approx(expected, abs=1e-3)
    after = [abs(each.after) for each in balance(columns, "abcd", treated, found.weights)]
    assert max(after) < 0.002


def test_draws_to_first_order_vary_as_refitted_ones_do():
    rng = np.random.default_rng(3)
    columns = rng.normal(size=(3000, 3))
    treated = rng.random(3000) < 1 / (1 + np.exp(-columns[:, 0]))
    did = rng.random(3000) < 0.3 + 0.1 * (columns[:, 0] > 0)
    full = np.column_stack([np.ones(3000), columns])
    model = LogisticRegression(C=10, tol=1e-8).fit(columns, treated)
    start = np.concatenate([model.intercept_, model.coef_[0]])
    one, other = (
        draw(full, start, treated, did, 2000, np.random.default_rng(5))
        for draw in (refitted, linearised)
    )
    assert one.mean(axis=0) == pytest.approx(other.mean(axis=0), abs=0.001)
    assert np.cov(one.T) == pytest.approx(np.cov(other.T), rel=0.05, abs=2e-6)


def binomial_limits(runs, share):
    """Hits that a true share leaves with a chance of 1 in 1,000 on either side."""
    return stats.binom.ppf([0.001, 0.999], runs, share)


@pytest.mark.parametrize("effect", [0.0, -0.1])
def test_overlap_weights_recover_an_effect_at_the_stated_coverage(effect):
    rng = np.random.default_rng(11)
    runs, hits, naive = 120, 0, []
    for run in range(runs):
        columns = np.column_stack([rng.normal(size=400), rng.random(400) < 0.5])
        treated = rng.random(400) < 1 / (1 + np.exp(-columns[:, 0] - columns[:, 1]))
        risk = 0.35 - 0.1 * np.tanh(columns[:, 0]) - 0.1 * columns[:, 1]
        did = rng.random(400) < risk + effect * treated
        found = by_overlap(columns, treated, did, draws=60, seed=run)
        half = 1.96 * found.widen * (found.draws[:, 0] - found.draws[:, 1]).std(ddof=1)
        value = found.risk_treated - found.risk_control
        hits += abs(value - effect) <= half
        naive.append(did[treated].mean() - did[~treated].mean())
    low, high = binomial_limits(runs, 0.95)
    assert low <= hits <= high
    assert np.mean(naive) < effect - 0.05


def demo_case(seed, planted, columns):
    """A demo company, and a way to draw what becomes of its people."""
    tables = company(600, seed, START, planted=planted)
    form = tables["applications"].merge(tables["people"], on="person_id")
    form = form[form.left_on == ""]
    one, other = (form.person_id[form.side == side].tolist() for side in ("mentor", "mentee"))
    few = min(len(one), len(other))
    pairs = pd.DataFrame({"mentor_id": one[:few], "mentee_id": other[:few]})
    people = tables["people"][columns].copy()
    for name in ("hired_on", "left_on", "promoted_on"):
        people[name] = pd.to_datetime(people[name].replace("", None))
    cohort = read_cohort(tables, pairs, PROGRAMME)

    def outcomes(draw):
        left, _ = fate(Draws(draw, "outcomes"), cohort, planted)
        days = np.where(left < 0, np.datetime64("NaT", "D"), left.astype("datetime64[D]"))
        return pd.DataFrame(
            {
                "person_id": cohort.ids,
                "on": pd.Timestamp(END),
                "left_on": pd.to_datetime(days),
                "promoted_on": pd.NaT,
            }
        ).loc[cohort.here]

    return people, tables["applications"], {*one[:few], *other[:few]}, outcomes


@pytest.mark.parametrize("planted", [PLANTED, PLANTED_NONE], ids=["planted", "none"])
def test_the_planted_effect_is_recovered_and_nothing_is_not_found(planted):
    truth = -planted.retention.size
    columns = ["person_id", "hired_on", "left_on", "promoted_on"]
    runs, covered, excluded, values, naive = 200, 0, 0, [], []
    for seed in range(20):
        people, applications, participants, outcomes = demo_case(seed, planted, columns)
        for draw in range(10):
            found = compare(
                people,
                applications,
                outcomes(100 * seed + draw),
                participants,
                START,
                END,
                draws=150,
            )
            assert (found.kind, found.speaks) == ("matched", True)
            difference = found.difference
            covered += difference.low <= truth <= difference.high
            excluded += not difference.low <= 0 <= difference.high
            values.append(difference.value)
            naive.append(found.naive.value)
    low, _ = binomial_limits(runs, 0.95)
    assert covered >= low
    error = np.std(values) / np.sqrt(runs)
    assert abs(np.mean(values) - truth) < 4 * error
    assert np.mean(naive) > truth + 4 * np.std(naive) / np.sqrt(runs)
    if planted is PLANTED_NONE:
        assert excluded <= binomial_limits(runs, 0.05)[1]


def test_everything_known_is_balanced_in_the_demo():
    columns = [
        *("person_id", "hired_on", "left_on", "promoted_on"),
        *("grade", "department", "site", "gender"),
    ]
    people, applications, participants, outcomes = demo_case(3, PLANTED, columns)
    found = compare(people, applications, outcomes(1), participants, START, END)
    assert found.speaks
    assert max(abs(each.before) for each in found.balance) > 0.3
    assert max(abs(each.after) for each in found.balance) < 0.01
    assert "overlap weights" in found.difference.method
    assert found.difference.low < found.difference.value < found.difference.high
    good = found.risk_treated.value - found.risk_control.value
    assert good == pytest.approx(found.difference.value)
    assert "participants are compared with" in found.why
    assert found.caution.endswith("that taking part caused it.")


def test_the_same_tables_in_any_order_give_the_same_answer():
    columns = ["person_id", "hired_on", "left_on", "promoted_on", "grade", "department"]
    people, applications, participants, outcomes = demo_case(3, PLANTED, columns)
    seen = outcomes(1)
    first = compare(people, applications, seen, participants, START, END, seed=4, draws=50)
    again = compare(
        people.sample(frac=1, random_state=1),
        applications.iloc[::-1],
        seen.iloc[::-1],
        sorted(participants),
        START,
        END,
        seed=4,
        draws=50,
    )
    assert first == again


def test_a_lottery_comes_first_and_counts_people_as_drawn():
    people, _, rng = people_of(400)
    place = np.array(["drawn", "not drawn", ""])[rng.integers(0, 3, 400)]
    left = rng.random(400) < np.where(place == "drawn", 0.1, 0.2)
    drawn, undrawn = place == "drawn", place == "not drawn"
    took = people["person_id"][drawn].tolist()[5:]
    form = forms(people, place=np.where(place == "", None, place))
    found = compare(people, form, outcomes_of(people, left), took, START, END)
    low, high = confint_proportions_2indep(
        (~left)[drawn].sum(), drawn.sum(), (~left)[undrawn].sum(), undrawn.sum(), method="newcomb"
    )
    assert found.kind == "lottery"
    assert (found.difference.low, found.difference.high) == pytest.approx((low, high))
    assert (found.treated, found.control) == (drawn.sum(), undrawn.sum())
    assert "5 people drawn who did not take part are counted as drawn" in found.why
    assert (found.speaks, found.e_value) == (True, None)
    assert e_value_said(found) == ""


def test_lotteries_of_two_sides_are_compared_within_each():
    people, _, rng = people_of(2000)
    side = np.where(np.arange(2000) < 1000, "mentor", "mentee")
    chance = np.where(side == "mentor", 0.8, 0.2)
    drawn = rng.random(2000) < chance
    left = rng.random(2000) < np.where(side == "mentor", 0.3, 0.05)
    form = forms(people, place=np.where(drawn, "drawn", "not drawn")).assign(side=side)
    found = compare(people, form, outcomes_of(people, left), people["person_id"][drawn], START, END)
    assert found.naive.high < -0.05, "the sides differ, so all together mislead"
    assert found.difference.low < 0 < found.difference.high
    assert abs(found.difference.value) < 0.05
    assert "within each side" in found.why


@pytest.mark.parametrize("how", ["column", "ids"])
def test_a_waitlist_comes_before_other_people(how):
    people, tenure, rng = people_of(900)
    group = rng.integers(0, 3, 900)
    left = rng.random(900) < 0.2 - 0.1 * (tenure > 2500)
    took = people["person_id"][group == 0]
    waiting = people["person_id"][group == 1]
    form = forms(people)
    lacked = waiting.tolist() if how == "ids" else []
    if how == "column":
        form["place"] = np.where(group == 1, "waitlist", None)
    seen = outcomes_of(people, left)
    found = compare(people, form, seen, took, START, END, lacked_places=lacked)
    assert (found.kind, found.speaks) == ("waitlist", True)
    assert found.treated <= len(took)
    assert found.control <= len(waiting)
    assert "asked for a place" in found.why


def test_a_lottery_of_few_is_passed_over():
    people, _, rng = people_of(300)
    took = people["person_id"][:150]
    place = [*["drawn"] * 10, *["not drawn"] * 10, *[None] * 280]
    seen = outcomes_of(people, rng.random(300) < 0.2)
    found = compare(people, forms(people, place=place), seen, took, START, END)
    assert found.kind == "matched"


def test_groups_that_cannot_be_made_alike_do_not_speak():
    people, tenure, rng = people_of(300)
    took = people["person_id"][tenure > 2500]
    people = people.drop(columns="birth_year")
    seen = outcomes_of(people, rng.random(300) < 0.2)
    found = compare(people, forms(people), seen, took, START, END)
    assert not found.speaks
    assert "A verdict may not use it" in found.why
    assert "tenure" in found.why


def test_without_anything_known_it_does_not_speak():
    people, _, rng = people_of(200)
    people = people[["person_id"]]
    seen = outcomes_of(people, rng.random(200) < 0.2)
    found = compare(people, forms(people), seen, people["person_id"][:100], START, END)
    assert (found.kind, found.speaks, found.balance) == ("matched", False, ())
    assert found.difference.value == pytest.approx(found.naive.value)
    assert "Nothing is known about people before the start" in found.why


@pytest.mark.parametrize(("who", "lacking"), [(0, "participants"), (200, "other people")])
def test_where_there_is_nobody_to_compare_with_it_says_so(who, lacking):
    people, _, rng = people_of(200)
    seen = outcomes_of(people, rng.random(200) < 0.2)
    found = compare(people, forms(people), seen, people["person_id"][:who], START, END)
    assert (found.kind, found.speaks, found.difference.value) == ("none", False, None)
    assert lacking in found.difference.reason


def test_where_nobody_left_there_is_no_difference_to_tell():
    people, _, _ = people_of(200)
    seen = outcomes_of(people, np.zeros(200, dtype=bool))
    found = compare(people, forms(people), seen, people["person_id"][:100], START, END)
    assert found.difference.reason == "nobody left"
    assert (found.speaks, found.e_value) == (False, None)


def test_people_seen_too_briefly_are_left_out_and_counted():
    people, _, rng = people_of(200)
    seen = outcomes_of(people, rng.random(200) < 0.2)
    seen.loc[:9, "on"] = pd.Timestamp("2026-04-01")
    seen.loc[:9, "left_on"] = pd.NaT
    found = compare(people, forms(people), seen, people["person_id"][:100], START, END)
    assert "10 people were not observed to the end" in found.why


def test_promotions_are_compared_with_the_sign_that_a_reader_expects():
    people, _, rng = people_of(600)
    took = np.arange(600) < 300
    rose = rng.random(600) < np.where(took, 0.4, 0.1)
    seen = outcomes_of(people, np.zeros(600, dtype=bool))
    when = np.where(rose, np.datetime64("2026-05-01"), np.datetime64("NaT", "D"))
    seen["promoted_on"] = pd.to_datetime(when)
    found = compare(
        people, forms(people), seen, people["person_id"][took], START, END, event="promoted_on"
    )
    assert found.difference.low > 0.15
    assert found.risk_treated.value == pytest.approx(0.4, abs=0.08)
    assert found.e_value.ratio > 2
    assert "being promoted by a risk ratio of" in e_value_said(found)


def test_codes_are_alike_only_where_everything_is():
    people, _, _ = people_of(50)
    known = covariates(people, START)
    strata = codes(known)
    keys = known.groups.agg("|".join, axis=1)
    assert pd.Series(strata).groupby(keys.to_numpy()).nunique().eq(1).all()
    assert len(set(strata)) == keys.nunique()
    columns, names = design(known)
    assert columns.shape == (50, len(names))
