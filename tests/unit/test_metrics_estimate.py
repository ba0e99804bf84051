"""Are shares and means the textbook's, and is "not computed" said where it must be?"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from revmentor.metrics import Estimate, census_share, clustered_share, mean, proportion


def test_wilson_gives_the_published_interval():
    kept = proportion(24, 25, "people")
    assert kept.value == 0.96
    assert round(100 * kept.low, 1) == 80.5
    assert round(100 * kept.high, 1) == 99.3


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(deadline=None)
def test_wilson_solves_its_own_equation(pair):
    count, n = pair
    share = proportion(count, n, "people")
    assert 0 <= share.low <= count / n <= share.high <= 1
    z = stats.norm.ppf(0.975)
    for end in (share.low, share.high):
        if 1e-9 < end < 1 - 1e-9:
            assert abs(count / n - end) == pytest.approx(z * np.sqrt(end * (1 - end) / n), abs=1e-9)


def test_the_mean_agrees_with_statsmodels():
    values = pd.Series([3.5, 4.0, 2.5, 5.0, None, 4.5])
    found = mean(values, "points", "mentors")
    low, high = DescrStatsW(values.dropna()).tconfint_mean()
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.n == 5


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], "there is no value"),
        ([None, None], "there is no value"),
        ([3.0, None], "there is one value only"),
        ([4.0, 4.0, 4.0], "all 3 values are the same"),
    ],
)
def test_a_mean_of_too_little_is_not_computed(values, reason):
    found = mean(pd.Series(values, dtype=float), "points", "mentors")
    assert found.value is None
    assert found.low is None
    assert found.reason == reason


def test_a_share_of_nobody_is_not_computed():
    assert proportion(0, 0, "pairs").reason == "there are no pairs"
    assert census_share(0, 0, "pairs").reason == "there are no pairs"
    assert clustered_share([], [], "goals", "pairs").reason == "there are no goals"


def test_a_share_within_one_cluster_is_not_computed():
    assert "one of the pairs" in clustered_share([3], [9], "goals", "pairs").reason


def test_clusters_of_one_give_nearly_wilsons_interval():
    clusters = clustered_share([1] * 30 + [0] * 70, [1] * 100, "meetings", "pairs")
    plain = proportion(30, 100, "meetings")
    assert clusters.value == plain.value
    assert clusters.low == pytest.approx(plain.low, abs=0.002)
    assert clusters.high == pytest.approx(plain.high, abs=0.002)


def test_the_clustered_interval_covers_where_the_plain_one_does_not():
    rng = np.random.default_rng(11)
    hit = {"clustered": 0, "plain": 0}
    runs = 400
    for _ in range(runs):
        chance = rng.beta(1, 4, size=60)
        sizes = rng.integers(6, 14, size=60)
        counts = rng.binomial(sizes, chance)
        together = clustered_share(counts, sizes, "meetings", "pairs")
        plain = proportion(int(counts.sum()), int(sizes.sum()), "meetings")
        hit["clustered"] += together.low <= 0.2 <= together.high
        hit["plain"] += plain.low <= 0.2 <= plain.high
    assert hit["clustered"] / runs >= 0.92
    assert hit["plain"] / runs < 0.9


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": None, "reason": ""},
        {"value": 0.5, "reason": "why"},
        {"value": float("nan")},
        {"count": 9},
    ],
)
def test_an_impossible_estimate_cannot_be_built(wrong):
    right = {"value": 0.5, "low": None, "high": None, "n": 4, "unit": "share", "method": "m"}
    with pytest.raises(ValueError, match=r"estimate|impossible"):
        Estimate(**(right | wrong))


def test_the_interval_of_a_mean_ends_where_the_values_must() -> None:
    few = pd.Series([0.0] * 42 + [0.5, 0.5])
    free, kept = mean(few, "share", "pairs"), mean(few, "share", "pairs", bounds=(0.0, 1.0))
    assert free.low is not None
    assert free.low < 0
    assert (kept.low, kept.high, kept.value) == (0.0, free.high, free.value)
    many = mean(1 - few, "share", "pairs", bounds=(0.0, 1.0))
    assert many.high == 1.0
    inside = pd.Series([0.4, 0.5, 0.6])
    assert mean(inside, "share", "pairs", bounds=(0, 1)) == mean(inside, "share", "pairs")
