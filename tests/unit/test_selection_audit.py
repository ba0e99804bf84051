"""Impact ratios against statsmodels and published examples, and when nothing is concluded."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
)
from statsmodels.stats.proportion import test_proportions_2indep as proportions_2indep

from revmentor.metrics import selection_audit
from revmentor.metrics.selection_audit import ratio_interval


def test_the_example_of_the_uniform_guidelines() -> None:
    """29 CFR 1607, question 12: 48 of 80 whites and 12 of 40 blacks are hired, 30/60 = 50%."""
    found = selection_audit(
        {"white": (48, 80), "black": (12, 40)}, "race", "hired", four_fifths=True
    )
    ratio = found.groups[1].ratio
    assert found.reference == "white"
    assert ratio.value == pytest.approx(0.5)
    assert found.groups[1].verdict == "below"
    assert "“black” is under four fifths of it" in found.text


def test_one_person_more_would_turn_it_so_nothing_is_concluded() -> None:
    """Question 21: 3 of 20 men and 1 of 10 women; one woman more and one man less turn it."""
    found = selection_audit({"men": (3, 20), "women": (1, 10)}, "sex", "hired", four_fifths=True)
    assert found.groups[1].ratio.value == pytest.approx(2 / 3)
    assert found.groups[1].verdict == "open"
    assert "Of “women” nothing can be concluded" in found.text


@pytest.mark.parametrize(
    ("hit", "n", "top", "of"),
    [(30, 80, 70, 120), (5, 9, 9, 11), (0, 40, 9, 40)],
)
def test_rates_and_intervals_are_those_of_statsmodels(hit: int, n: int, top: int, of: int) -> None:
    found = selection_audit({"a": (top, of), "b": (hit, n)}, "gender", "applied")
    rate, ratio = found.groups[1].rate, found.groups[1].ratio
    assert (rate.low, rate.high) == pytest.approx(proportion_confint(hit, n, method="wilson"))
    low, high = confint_proportions_2indep(hit, n, top, of, compare="ratio", method="score")
    assert ratio.value == pytest.approx(hit / n / (top / of))
    assert (ratio.low, ratio.high) == pytest.approx((max(0, low), high), abs=1e-6)


def test_a_small_difference_in_a_large_group_is_not_below() -> None:
    found = selection_audit({"f": (290, 600), "m": (300, 600)}, "gender", "applied",
                            four_fifths=True)  # fmt: skip
    assert found.groups[0].verdict == "not below"


def test_chance_is_not_called_adverse() -> None:
    found = selection_audit({"f": (9, 30), "m": (13, 30)}, "gender", "placed", four_fifths=True)
    ratio = found.groups[0].ratio
    assert ratio.value is not None
    assert ratio.value < 0.8
    assert found.groups[0].verdict == "open"


def test_age_has_rates_and_no_verdict() -> None:
    found = selection_audit({"old": (10, 100), "young": (60, 100)}, "generation", "applied")
    assert {each.verdict for each in found.groups} == {""}
    assert "nothing is concluded" in found.text


def test_groups_of_few_are_no_reference_and_have_no_ratio() -> None:
    found = selection_audit({"a": (4, 4), "b": (10, 20), "c": (9, 20)}, "gender", "applied")
    assert found.reference == "b"
    assert found.groups[0].ratio.value is None


@pytest.mark.parametrize("chosen", [{}, {"a": (3, 9)}, {"a": (0, 9), "b": (0, 9)}, {"a": (1, 2)}])
def test_nothing_to_compare_is_said(chosen: dict[str, tuple[int, int]]) -> None:
    found = selection_audit(chosen, "gender", "applied", four_fifths=True)
    assert found.reference == ""
    assert "no two groups" in found.text


def test_the_interval_is_what_the_score_test_does_not_reject() -> None:
    """Against statsmodels' test, also where its closed-form interval misses the estimate."""
    for hit, n, top, of in [(371, 492, 66, 66), (3, 7, 7, 7), (1, 300, 299, 300), (20, 40, 21, 41)]:
        low, high = ratio_interval(hit, n, top, of)
        assert low < hit / n / (top / of) < high
        for end in (low, high):
            test = proportions_2indep(hit, n, top, of, value=end, compare="ratio", method="score")
            assert test.pvalue == pytest.approx(0.05, abs=2e-4)


def test_intervals_hold_what_they_should_over_many_tables() -> None:
    random = np.random.default_rng(0)
    for _ in range(300):
        n, of = random.integers(5, 400, 2).tolist()
        hit, top = int(random.integers(0, n + 1)), int(random.integers(1, of + 1))
        low, high = ratio_interval(hit, n, top, of)
        assert 0 <= low <= hit / n / (top / of) <= high
