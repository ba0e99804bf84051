"""Are alpha and omega those that others published or computed, and is a bad scale refused?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.multivariate.factor import Factor

from revmentor.metrics import reliability
from revmentor.metrics.one_factor import one_factor
from revmentor.metrics.reliability import cronbach_alpha, doubts, mcdonald_omega

# Chatterjee and Price (1977), the data set `attitude` of R; psych::alpha gives 0.84.
ATTITUDE = np.array([
    [43, 51, 30, 39, 61, 92, 45], [63, 64, 51, 54, 63, 73, 47], [71, 70, 68, 69, 76, 86, 48],
    [61, 63, 45, 47, 54, 84, 35], [81, 78, 56, 66, 71, 83, 47], [43, 55, 49, 44, 54, 49, 34],
    [58, 67, 42, 56, 66, 68, 35], [71, 75, 50, 55, 70, 66, 41], [72, 82, 72, 67, 71, 83, 31],
    [67, 61, 45, 47, 62, 80, 41], [64, 53, 53, 58, 58, 67, 34], [67, 60, 47, 39, 59, 74, 41],
    [69, 62, 57, 42, 55, 63, 25], [68, 83, 83, 45, 59, 77, 35], [77, 77, 54, 72, 79, 77, 46],
    [81, 90, 50, 72, 60, 54, 36], [74, 85, 64, 69, 79, 79, 63], [65, 60, 65, 75, 55, 80, 60],
    [65, 70, 46, 57, 75, 85, 46], [50, 58, 68, 54, 64, 78, 52], [50, 40, 33, 34, 43, 64, 33],
    [64, 61, 52, 62, 66, 80, 41], [53, 66, 52, 50, 63, 80, 37], [40, 37, 42, 58, 50, 57, 49],
    [63, 54, 42, 48, 66, 75, 33], [66, 77, 66, 63, 88, 76, 72], [78, 75, 58, 74, 80, 78, 49],
    [48, 57, 44, 45, 51, 83, 38], [85, 85, 71, 71, 77, 74, 55], [82, 82, 39, 59, 64, 78, 39],
], dtype=float)  # fmt: skip

# R's `ability.cov` (112 people) and what ?factanal prints for one factor.
ABILITY = np.array([
    [24.641, 5.991, 33.520, 6.023, 20.755, 29.701],
    [5.991, 6.700, 18.137, 1.782, 4.936, 7.204],
    [33.520, 18.137, 149.831, 19.424, 31.430, 50.753],
    [6.023, 1.782, 19.424, 12.711, 4.757, 9.075],
    [20.755, 4.936, 31.430, 4.757, 52.604, 66.762],
    [29.701, 7.204, 50.753, 9.075, 66.762, 135.292],
])  # fmt: skip
LOADINGS = np.array([0.682, 0.384, 0.502, 0.300, 0.877, 0.849])
UNIQUE = np.array([0.535, 0.853, 0.748, 0.910, 0.232, 0.280])


def people_with(covariance: np.ndarray, people: int) -> np.ndarray:
    """Answers whose sample covariance is exactly this."""
    raw = np.random.default_rng(0).normal(size=(people, len(covariance)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw.T))).T
    return white @ np.linalg.cholesky(covariance).T


def alpha_by_variance_components(answers: np.ndarray) -> tuple[float, float, float]:
    """Hoyt's (1941) way: 1 - MS(residual) / MS(people) of a two-way analysis of variance."""
    n, k = answers.shape
    people = k * ((answers.mean(axis=1) - answers.mean()) ** 2).sum() / (n - 1)
    rest = answers - answers.mean(axis=1, keepdims=True) - answers.mean(axis=0) + answers.mean()
    error = (rest**2).sum() / ((n - 1) * (k - 1))
    alpha = 1 - error / people
    tails = stats.f((n - 1), (n - 1) * (k - 1)).ppf([0.975, 0.025])
    return alpha, 1 - error / people * tails[0], 1 - error / people * tails[1]


def frame(answers: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(answers, columns=[f"i{n}" for n in range(answers.shape[1])])


def test_alpha_of_a_published_data_set() -> None:
    found = cronbach_alpha(ATTITUDE)
    assert round(found.value, 2) == 0.84
    assert (found.value, found.low, found.high) == pytest.approx(
        alpha_by_variance_components(ATTITUDE)
    )
    judged = reliability(frame(ATTITUDE), [f"i{n}" for n in range(7)], "attitude")
    assert (judged.verdict, judged.people) == ("reliable", 30)
    assert "alpha 0.84" in judged.text
    rest = [np.corrcoef(ATTITUDE[:, k], np.delete(ATTITUDE, k, 1).sum(1))[0, 1] for k in range(7)]
    assert list(judged.with_rest.values()) == pytest.approx(rest)


def test_the_factor_and_omega_of_a_published_covariance() -> None:
    spread = np.sqrt(np.diag(ABILITY))
    loadings, unique = one_factor(ABILITY / np.outer(spread, spread))
    assert loadings.round(3).tolist() == LOADINGS.tolist()
    assert unique.round(3).tolist() == UNIQUE.tolist()
    common = (spread * LOADINGS).sum() ** 2
    published = common / (common + (spread**2 * UNIQUE).sum())
    assert mcdonald_omega(people_with(ABILITY, 112)).value == pytest.approx(published, abs=1e-3)


def test_omega_of_items_that_fit_one_factor_exactly() -> None:
    loadings, own = np.array([1.0, 0.8, 0.6, 0.9]), np.array([0.5, 0.7, 0.4, 1.1])
    answers = people_with(np.outer(loadings, loadings) + np.diag(own), 50)
    expected = loadings.sum() ** 2 / (loadings.sum() ** 2 + own.sum())
    assert mcdonald_omega(answers).value == pytest.approx(expected, abs=1e-6)
    equal = people_with(np.full((4, 4), 0.5) + np.eye(4) * 0.5, 50)
    assert mcdonald_omega(equal).value == pytest.approx(cronbach_alpha(equal).value, abs=1e-6)


@pytest.mark.parametrize("coefficient", [cronbach_alpha, mcdonald_omega])
def test_the_intervals_cover(coefficient) -> None:
    rng, n, tries = np.random.default_rng(1), 150, 200
    loadings = np.full(4, 0.7) if coefficient is cronbach_alpha else np.array([0.8, 0.7, 0.6, 0.5])
    true = loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum())
    hits = 0
    for _ in range(tries):
        own = rng.normal(size=(n, 4)) * np.sqrt(1 - loadings**2)
        found = coefficient(rng.normal(size=(n, 1)) * loadings + own)
        hits += found.low < true < found.high
    assert hits >= stats.binom.ppf(0.001, tries, 0.95)


def test_the_error_of_omega_is_that_of_leaving_people_out() -> None:
    rng = np.random.default_rng(5)
    answers = np.clip(rng.normal(3, 0.8, (150, 1)) + rng.normal(0, 0.9, (150, 5)), 1, 5).round()
    left = np.array([mcdonald_omega(np.delete(answers, n, 0)).value for n in range(150)])
    jackknife = np.sqrt(149 / 150 * ((left - left.mean()) ** 2).sum())
    found = mcdonald_omega(answers)
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(jackknife, rel=0.05)


@pytest.mark.real
def test_a_real_survey_against_statsmodels(real_data: Path) -> None:
    survey = pd.read_csv(real_data / "pad_employee_survey.csv").astype("float64")
    scales = {name: [c for c in survey if c.startswith(name)] for name in
              ("Ben", "Work", "Man", "Car")}  # fmt: skip
    for name, items in scales.items():
        answers = survey[items].to_numpy()
        judged = reliability(survey, items, name)
        estimate = judged.alpha
        assert (estimate.value, estimate.low, estimate.high) == pytest.approx(
            alpha_by_variance_components(answers)
        )
        fitted = Factor(answers, n_factor=1, method="ml").fit()
        spread, loadings = answers.std(axis=0, ddof=1), np.abs(np.real(fitted.loadings[:, 0]))
        common = (spread * loadings).sum() ** 2
        omega = common / (common + (spread**2 * np.real(fitted.uniqueness)).sum())
        assert judged.omega.value == pytest.approx(omega, abs=1e-4)
        assert judged.people == 2833
    assert reliability(survey, scales["Ben"], "Ben").verdict == "doubtful"
    turned = survey.assign(Ben2=5 - survey["Ben2"])
    refused = reliability(turned, scales["Ben"], "benefits")
    assert list(refused.against) == ["Ben2"]
    assert refused.text.startswith(
        "Benefits is not averaged: Ben2 (correlation −0.57) runs against"
    )


@given(
    st.integers(2, 6).flatmap(
        lambda k: st.lists(
            st.lists(st.integers(1, 5), min_size=k, max_size=k), min_size=0, max_size=12
        ).map(lambda rows: np.array(rows, dtype=float).reshape(len(rows), k))
    )
)
@settings(deadline=None, max_examples=200)
def test_any_answers_get_a_verdict_with_words(answers: np.ndarray) -> None:
    judged = reliability(frame(answers), [f"i{n}" for n in range(answers.shape[1])], "scale")
    assert judged.text.endswith(".")
    assert len(answers) < 3 or "people" not in judged.text
    if judged.verdict == "refused":
        assert judged.alpha.value is None or judged.against
    else:
        assert judged.alpha.value is not None
        assert (judged.verdict == "reliable") == (judged.alpha.value >= 0.7)
    if judged.alpha.value is not None and len(answers) > 2:
        assert judged.alpha.value == pytest.approx(alpha_by_variance_components(answers)[0])


def test_doubtful_scales_are_one_sentence_and_refused_ones_keep_theirs() -> None:
    noisy = pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 3], "b": [3.0, 2, 1, 4, 3, 4]})
    judged = {
        name: reliability(table, ["a", "b"], name)
        for name, table in (
            ("trust", noisy),
            ("respect", noisy[::-1]),
            ("care", noisy.assign(b=6 - noisy["a"])),
            ("hope", noisy.assign(b=noisy["a"])),
        )
    }
    told = doubts(list(judged.values()))
    assert len(told) == 2
    assert "trust 0.38 (−3.40 to 0.91; 2 items) and respect 0.38" in told[0]
    assert told[1] == judged["care"].text
    assert doubts([judged["trust"], judged["hope"]]) == (judged["trust"].text,)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([[1, 2, 3]], "1 person answered all items, and three are the fewest"),
        ([[1, 2, 3], [2, 3, 4]], "2 people answered all items, and three are the fewest"),
        ([[3, 3, 3]] * 5, "everybody has the same sum of answers"),
        ([[np.nan, 1, 2]] * 9, "no people answered all items, and three are the fewest"),
    ],
)
def test_too_little_to_judge_is_refused(answers: list, reason: str) -> None:
    judged = reliability(frame(np.array(answers, dtype=float)), ["i0", "i1", "i2"], "trust")
    assert (judged.verdict, judged.alpha.reason) == ("refused", reason)
    assert judged.text == f"Trust is not averaged: {reason}."


def test_an_item_that_never_varies_is_no_part_of_omega() -> None:
    rng = np.random.default_rng(2)
    level = rng.integers(1, 4, 40)
    answers = frame(np.stack([level, level + rng.integers(0, 2, 40), np.full(40, 3.0)], axis=1))
    judged = reliability(answers, ["i0", "i1", "i2"], "trust")
    assert judged.with_rest["i2"] is None
    assert judged.omega.reason == "an item has the same answer from everybody"


def test_an_item_without_relation_to_the_others_leaves_the_factor_open() -> None:
    answers = [[1, 1, 5], [1, 3, 1], [2, 5, 3], [3, 1, 5], [4, 5, 1], [5, 1, 2], [5, 3, 5]]
    known = np.array(answers, dtype=float)
    assert np.cov(known.T)[0, 1:] == pytest.approx([0, 0], abs=1e-12)
    omega = mcdonald_omega(known)
    assert omega.value is None
    assert omega.reason == "the items do not determine one common factor"


def test_one_item_has_no_reliability() -> None:
    judged = reliability(frame(np.array([[1.0], [2], [3]])), ["i0", "gone"], "trust")
    assert (judged.verdict, judged.items) == ("doubtful", ("i0",))
    assert judged.text == "Trust has 1 item: its reliability cannot be told."


def test_two_reversed_items_run_against_each_other() -> None:
    level = np.arange(1.0, 6)
    answers = frame(np.stack([level, 6 - level + np.array([0, 0, 0.5, 0, 0])], axis=1))
    text = reliability(answers, ["i0", "i1"], "trust").text
    assert text.startswith("Trust is not averaged: i0 and i1 run against each other")
