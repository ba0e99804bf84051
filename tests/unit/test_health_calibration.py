"""Does pair health foretell early ends? Against scikit-learn and DeLong's variance pair by pair."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import brier_score_loss, roc_auc_score

from revmentor.metrics.health.calibration import calibration


def drawn(seed, size=200, strength=1.0):
    """Health of pairs that end early more often where it is low."""
    rng = np.random.default_rng(seed)
    health = rng.choice([0, 25, 45, 60, 75, 85, 100], size).astype(float)
    chance = 1 / (1 + np.exp(1.5 + strength * (health - 60) / 25))
    return health, rng.random(size) < chance


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=30)
def test_auc_and_brier_are_those_of_scikit_learn(seed):
    health, early = drawn(seed)
    found = calibration(health, early, least=3)
    if min(early.sum(), (~early).sum()) < 3:
        assert "too few" in found.auc.reason
        return
    assert found.auc.value == pytest.approx(roc_auc_score(early, -health))
    assert found.brier.value == pytest.approx(brier_score_loss(early, 1 - health / 100))
    assert (found.pairs, found.early) == (200, early.sum())
    share = early.mean()
    assert found.brier_of_base_rate == pytest.approx(brier_score_loss(early, np.full(200, share)))


def test_delongs_variance_pair_by_pair():
    health, early = drawn(3)
    sick, fine = health[early], health[~early]
    better = (sick[:, None] < fine) + 0.5 * (sick[:, None] == fine)
    variance = better.mean(axis=1).var(ddof=1) / len(sick)
    variance += better.mean(axis=0).var(ddof=1) / len(fine)
    found = calibration(health, early).auc
    logit = np.log(better.mean() / (1 - better.mean()))
    half = 1.959964 * np.sqrt(variance) / (better.mean() * (1 - better.mean()))
    expected = 1 / (1 + np.exp(-np.array([logit - half, logit + half])))
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-6)


def test_the_interval_covers_the_truth():
    health, early = drawn(0, 400_000)
    truth = roc_auc_score(early, -health)
    hits = 0
    for seed in range(1, 301):
        found = calibration(*drawn(seed)).auc
        hits += found.low <= truth <= found.high
    low, high = stats.binom.ppf([0.001, 0.999], 300, 0.95)
    assert low <= hits <= high


def test_bands_count_everybody_once():
    health, early = drawn(3)
    found = calibration(health, early)
    assert [(band.low, band.high) for band in found.bands] == [
        (0, 50),
        (50, 75),
        (75, 100),
        (100, 100),
    ]
    assert sum(band.early.n for band in found.bands) == 200
    assert sum(band.early.count for band in found.bands) == found.early
    assert found.bands[-1].expected == 0


@pytest.mark.parametrize(("sick", "fine"), [(9, 100), (100, 9), (0, 50), (0, 0)])
def test_too_few_is_said(sick, fine):
    health = np.linspace(0, 100, sick + fine)
    found = calibration(health, np.arange(sick + fine) < sick)
    assert found.auc.reason.startswith("too few: ")
    assert found.brier.value is None
    assert found.bands == ()
    assert "cannot be told" in found.sentence


def test_pairs_without_an_end_or_a_health_are_left_out():
    health, early = drawn(3)
    more = pd.Series([*health, np.nan, 50.0])
    ends = pd.Series([*early, True, None], dtype="boolean")
    assert calibration(more, ends).auc == calibration(health, early).auc


def test_chance_is_called_chance():
    rng = np.random.default_rng(1)
    found = calibration(rng.integers(0, 101, 200).astype(float), rng.random(200) < 0.3)
    assert "may be chance" in found.sentence
    same = calibration(np.full(60, 75.0), np.arange(60) < 20)
    assert "none from another" in same.auc.reason


def test_a_good_forecast_and_a_mere_order_are_told_apart():
    rng = np.random.default_rng(1)
    health = rng.choice([10.0, 90.0], 400)
    early = rng.random(400) < 1 - health / 100
    assert "beats the share" in calibration(health, early).sentence
    order = calibration(90 + health / 10, early)
    assert "no better than the share" in order.sentence
    assert order.auc.value == calibration(health, early).auc.value
