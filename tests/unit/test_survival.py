"""Who stayed and for how long: by hand, against published curves, statsmodels, and real data."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from revmentor.metrics.survival import attrition, follow, promotion, retention
from revmentor.metrics.survival_curves import (
    at_risk,
    restricted_mean,
    survival_curves,
    survival_table,
)

START, END = dt.date(2026, 1, 1), dt.date(2026, 7, 1)

# Remission in weeks under 6-MP and placebo: Freireich and others (1963), as in every textbook.
SIX_MP = (
    [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35],
    [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0],
)
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def leukaemia():
    days = np.array([*SIX_MP[0], *PLACEBO])
    happened = np.array([*SIX_MP[1], *[1] * 21], dtype=bool)
    return days, happened, ["6-MP"] * 21 + ["placebo"] * 21


def company():
    """Eight people, each a case of its own."""
    people = pd.DataFrame(
        [
            ("stays", "2020-01-01", None, None),
            ("leaves", "2020-01-01", None, None),
            ("left before", "2020-01-01", "2025-12-31", None),
            ("hired later", "2026-02-01", None, None),
            ("unseen", "2020-01-01", None, None),
            ("seen to April", "2020-01-01", None, None),
            ("leaves after", "2020-01-01", None, None),
            ("risen", "2020-01-01", None, "2024-01-01"),
        ],
        columns=["person_id", "hired_on", "left_on", "promoted_on"],
    )
    outcomes = pd.DataFrame(
        [
            ("stays", "2026-04-01", None, None),
            ("stays", "2026-07-10", None, None),
            ("leaves", "2026-07-01", "2026-03-02", None),
            ("left before", "2026-07-01", "2025-12-31", None),
            ("hired later", "2026-07-01", None, None),
            ("seen to April", "2026-04-01", None, None),
            ("leaves after", "2026-07-10", "2026-07-05", None),
            ("risen", "2026-07-01", "2026-06-01", "2026-05-01"),
        ],
        columns=["person_id", "on", "left_on", "promoted_on"],
    )
    for frame in (people, outcomes):
        for column in set(frame.columns) - {"person_id"}:
            frame[column] = pd.to_datetime(frame[column]).astype("datetime64[us]")
    return people, outcomes


def test_who_is_at_risk_and_for_how_long():
    found = follow(*company(), START, END)
    assert found.rows["days"].to_dict() == {
        "leaves": 60,
        "leaves after": 181,
        "risen": 151,
        "seen to April": 90,
        "stays": 181,
    }
    assert set(found.rows.index[found.rows["happened"]]) == {"leaves", "risen"}
    assert (found.hired_later, found.gone_before, found.unseen) == (1, 1, 1)
    assert (found.length, found.cut_short) == (181, 1)


def test_promotions_before_the_start_do_not_count_and_leaving_ends_the_view():
    found = follow(*company(), START, END, "promoted_on")
    assert found.rows["happened"].to_dict() == {
        "leaves": False,
        "leaves after": False,
        "risen": True,
        "seen to April": False,
        "stays": False,
    }
    assert found.rows.loc["risen", "days"] == 120
    assert found.rows["gone"].to_dict()["leaves"]
    share = promotion(found, ["stays", "risen", "leaves", "leaves after"])
    assert (share.count, share.n) == (1, 4)


def test_attrition_is_leavers_over_those_at_risk():
    found = follow(*company(), START, END)
    seen = ["stays", "leaves", "leaves after", "risen", "hired later", "nobody"]
    gone = attrition(found, seen, "participants")
    assert (gone.count, gone.n, gone.value) == (2, 4, 0.5)
    assert gone.method.startswith("share, Wilson")
    kept = retention(found, seen)
    assert (kept.count, kept.value) == (2, 0.5)
    assert (kept.low, kept.high) == (1 - gone.high, 1 - gone.low)
    assert "none of the people were at risk" in attrition(found, []).reason


def test_a_view_cut_short_is_allowed_for_and_said():
    found = follow(*company(), START, END)
    gone = attrition(found)
    # By hand: 60 days (4 of 5 stay), 151 days (2 of 3): one censored at 90.
    assert gone.value == pytest.approx(1 - 4 / 5 * 2 / 3)
    assert "1 of 5 were seen for less than the window" in gone.method
    assert gone.low < gone.value < gone.high
    alone = attrition(found, ["stays", "seen to April"])
    assert "observation ended early for some" in alone.reason


def test_people_followed_for_one_event_are_not_taken_for_another():
    with pytest.raises(ValueError, match="promoted_on, not left_on"):
        attrition(follow(*company(), START, END, "promoted_on"))


def test_the_order_of_rows_has_no_say():
    people, outcomes = company()
    found = follow(people, outcomes, START, END)
    turned = follow(people.iloc[::-1], outcomes.iloc[::-1], START, END)
    pd.testing.assert_frame_equal(found.rows, turned.rows)


def test_the_curve_is_the_published_one_with_its_log_log_interval():
    table = survival_table(np.array(SIX_MP[0]), np.array(SIX_MP[1], dtype=bool)).iloc[1:]
    published = [
        (6, 21, 3, 0.857, 0.0764, 0.620, 0.952),
        (7, 17, 1, 0.807, 0.0869, 0.563, 0.923),
        (10, 15, 1, 0.753, 0.0963, 0.503, 0.889),
        (13, 12, 1, 0.690, 0.1068, 0.432, 0.849),
        (16, 11, 1, 0.627, 0.1141, 0.368, 0.805),
        (22, 7, 1, 0.538, 0.1282, 0.268, 0.747),
        (23, 6, 1, 0.448, 0.1346, 0.188, 0.680),
    ]
    columns = ["day", "at_risk", "events", "survival", "error", "low", "high"]
    assert table[columns].to_numpy() == pytest.approx(np.array(published), abs=6e-4)


def test_groups_compare_by_the_published_log_rank_test_and_a_difference_in_weeks():
    days, happened, groups = leukaemia()
    found = survival_curves(days, happened, groups, order=["placebo", "6-MP"], ticks=[0, 10, 20])
    assert found.chi2 == pytest.approx(16.79, abs=0.005)
    assert found.p == pytest.approx(4.17e-5, rel=0.01)
    assert found.tau == 23
    ((name, difference),) = found.differences
    assert name == "6-MP"
    placebo, six = found.curves
    assert placebo.median.value == 8
    assert (placebo.median.low, placebo.median.high) == (4, 11)
    assert six.median.reason.startswith("the interval has no upper end")
    assert placebo.mean.value == pytest.approx(np.minimum(PLACEBO, 23).mean())
    assert difference.value == pytest.approx(six.mean.value - placebo.mean.value)
    assert difference.low > 0
    assert [n for _, n in placebo.ticks] == [21, 8, 2]


@given(st.lists(st.integers(1, 30), min_size=6, max_size=40), st.integers(2, 31))
@settings(deadline=None, max_examples=50)
def test_without_censoring_the_restricted_mean_is_a_mean(days, tau):
    value, error = restricted_mean(survival_table(np.array(days), np.full(len(days), True)), tau)
    cut = np.minimum(days, tau)
    assert value == pytest.approx(cut.mean())
    assert error**2 == pytest.approx(cut.var() / len(cut))


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=30))
@settings(deadline=None, max_examples=60)
def test_the_curve_is_the_product_by_hand(cases):
    days, happened = (np.array(part) for part in zip(*cases, strict=True))
    table = survival_table(days, happened)
    stay = 1.0
    for row in table.iloc[1:].itertuples():
        risk = sum(day >= row.day for day in days)
        events = sum(day == row.day and did for day, did in cases)
        stay *= 1 - events / risk
        assert (row.at_risk, row.events) == (risk, events)
        assert row.survival == pytest.approx(stay)
        assert 0 <= row.low <= row.survival <= row.high <= 1
    assert len(table) == 1 + len({day for day, did in cases if did})
    assert at_risk(days, [3]) == [int((days >= 3).sum())]


def test_nobody_and_nothing_are_answers():
    none = survival_curves(np.array([5, 5]), np.array([False, False]), ["a", "b"])
    assert (none.chi2, none.p) == (None, None)
    assert none.differences[0][1].reason == "no events in a: too few for an interval"
    assert "fewer than half" in none.curves[0].median.reason
    assert survival_curves(np.zeros(0), np.zeros(0, bool), []).curves == ()


def test_the_interval_of_a_difference_covers_the_truth():
    rng = np.random.default_rng(5)
    hits = 0
    truth = None
    for _ in range(200):
        time = np.concatenate([rng.exponential(100, 150), rng.exponential(140, 150)])
        stop = rng.uniform(40, 160, 300)
        stop[[0, 150]] = 200.0
        days, happened = np.minimum(time, stop), time <= stop
        groups = ["a"] * 150 + ["b"] * 150
        found = survival_curves(days, happened, groups)
        tau = found.tau
        truth = 140 * (1 - np.exp(-tau / 140)) - 100 * (1 - np.exp(-tau / 100))
        difference = found.differences[0][1]
        hits += difference.low <= truth <= difference.high
    assert hits >= 180


@pytest.mark.real
def test_the_job_survey_agrees_with_statsmodels(real_data):
    table = pd.read_csv(real_data / "pad_job_retention.csv")
    days, happened = table["month"].to_numpy(), table["left"].to_numpy() == 1
    found = survival_curves(days, happened, table["gender"], ticks=range(0, 13, 3))
    for curve in found.curves:
        mine = (table["gender"] == curve.group).to_numpy()
        theirs = SurvfuncRight(days[mine], happened[mine].astype(int))
        hit = theirs.n_events > 0
        rows = curve.table.iloc[1:]
        assert rows["survival"].to_numpy() == pytest.approx(theirs.surv_prob[hit])
        assert rows["error"].to_numpy() == pytest.approx(theirs.surv_prob_se[hit])
        assert rows["at_risk"].to_numpy() == pytest.approx(theirs.n_risk[hit])
        assert curve.ticks[0][1] == curve.n == mine.sum()
    chi2, p = survdiff(days, happened.astype(int), table["gender"].to_numpy())
    assert (found.chi2, found.p) == pytest.approx((chi2, p))
    assert all(difference.value is not None for _, difference in found.differences)
    levels = survival_curves(days, happened, table["level"], order=["Low", "Medium", "High"])
    assert [curve.group for curve in levels.curves] == ["Low", "Medium", "High"]
    assert len(levels.differences) == 2
