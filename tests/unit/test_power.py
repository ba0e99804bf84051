"""Can the cycle tell? Against published sample sizes, statsmodels, exact sums and the verdict."""

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import power_proportions_2indep, proportion_confint

from revmentor.measures import MEASURES
from revmentor.metrics.estimate import Estimate, proportion
from revmentor.metrics.verdict import Aim, judge
from revmentor.planning.power import power
from revmentor.planning.power_curves import share_chance, smallest_n, two_shares_chance

RETENTION = MEASURES["retention_difference"]


@pytest.mark.parametrize(("base", "gain", "n"), [(0.90, 0.05, 434), (0.80, 0.10, 199)])
def test_a_difference_needs_the_published_number_an_arm(base, gain, n):
    found = power(RETENTION, 100, baseline=0.0, target=gain, comparison=base)
    assert found.needed == n
    at = power(RETENTION, n, baseline=0.0, target=gain, comparison=base)
    assert at.power == pytest.approx(0.8, abs=0.0005)
    assert at.detectable == pytest.approx(gain, abs=0.0001)


def test_a_difference_agrees_with_statsmodels_for_unequal_arms():
    found = power(RETENTION, 150, baseline=0.0, target=0.06, comparison=0.85, comparison_n=450)
    expected = power_proportions_2indep(0.06, 0.85, 150, ratio=3, alpha=0.05).power
    assert found.power == pytest.approx(expected)
    assert "comparable people in this proportion" in found.text


@pytest.mark.parametrize(("effect", "spread", "n"), [(0.3, 0.9, 60), (0.1, 1.1, 180), (1, 1, 10)])
def test_a_change_agrees_with_students_t(effect, spread, n):
    found = power(MEASURES["skill_change"], n, target=effect, spread=spread)
    assert found.power == pytest.approx(TTestPower().power(effect / spread, n, 0.05))
    least = TTestPower().solve_power(nobs=n, alpha=0.05, power=0.8) * spread
    assert found.detectable == pytest.approx(least, rel=1e-4)
    needed = TTestPower().solve_power(effect / spread, alpha=0.05, power=0.8)
    assert found.needed in (math.floor(needed), math.ceil(needed))


def test_a_mean_below_its_baseline_can_be_wanted():
    found = power(MEASURES["senior_cancellation_share"], 100, baseline=0.2, target=0.1)
    assert found.detectable < 0.1
    mirrored = power(MEASURES["retention"], 100, baseline=0.8, target=0.9, rule="interval")
    assert mirrored.detectable == pytest.approx(1 - found.detectable)
    assert mirrored.must_reach == pytest.approx(1 - found.must_reach)
    assert "or less" in found.text
    assert found.text.endswith(
        "met from 4% down; if the truth is just 10%, it mostly cannot be concluded."
    )


def exact(reference, value, n):
    """Chance that Wilson's interval of a share of n leaves out the reference: a binomial sum."""
    counts = np.arange(n + 1)
    low, high = proportion_confint(counts, n, method="wilson")
    return float(stats.binom.pmf(counts, n, value)[(low > reference) | (high < reference)].sum())


@pytest.mark.parametrize(
    ("reference", "value", "n"), [(0.7, 0.85, 64), (0.9, 0.95, 239), (0.5, 0.6, 194)]
)
def test_the_chance_for_a_share_is_that_of_wilsons_interval(reference, value, n):
    near = np.mean([exact(reference, value, size) for size in range(n - 8, n + 9)])
    assert share_chance(reference, value, n) == pytest.approx(near, abs=0.02)


def test_without_a_change_the_chance_is_the_tests_error():
    assert share_chance(0.7, 0.7, 100) == pytest.approx(0.05)
    assert two_shares_chance(0.9, 1.0)(0.0, 0.0, 100) == pytest.approx(0.05)


@pytest.mark.parametrize("name", ["first_meeting_share", "senior_cancellation_share"])
@pytest.mark.parametrize("rule", ["interval", "baseline"])
@pytest.mark.parametrize("n", [12, 60, 181])
def test_what_must_be_reached_is_the_least_that_the_verdict_calls_met(name, rule, n):
    measure = MEASURES[name]
    baseline, target = (0.6, 0.75) if measure.higher else (0.4, 0.25)
    found = power(measure, n, baseline=baseline, target=target, rule=rule)
    aim = Aim(target, baseline, rule, measure.higher)
    met = [k / n for k in range(n + 1) if judge(proportion(k, n, "x"), aim).answer == "met"]
    assert found.must_reach == pytest.approx(min(met) if measure.higher else max(met))


@pytest.mark.parametrize("rule", ["interval", "baseline"])
def test_what_a_mean_must_reach_is_the_least_that_the_verdict_calls_met(rule):
    found = power(MEASURES["skill_change"], 40, target=0.2, rule=rule, spread=1.0)
    half = stats.t.ppf(0.975, 39) / math.sqrt(40)
    aim = Aim(0.2, 0.0, rule)

    def answer(value):
        return judge(Estimate(value, value - half, value + half, 40, "points", "m"), aim).answer

    assert answer(found.must_reach + 1e-9) == "met"
    assert answer(found.must_reach - 1e-9) == "cannot conclude"


def test_so_few_that_nothing_is_met_is_said():
    found = power(MEASURES["first_meeting_share"], 18, target=0.9)
    assert (found.must_reach, found.detectable) == (None, None)
    assert "cannot be met with so few" in found.text


def test_plain_words_with_numbers():
    skill = power(MEASURES["skill_change"], 180, target=0.3)
    assert skill.text.startswith(
        "With 180 mentees we would see a change of 0.19 points in eight of ten such cycles; a "
        "smaller one mostly stays invisible."
    )
    assert "standard deviation of 0.90 for one person's change (assumed)" in skill.text
    stay = power(RETENTION, 180, target=0.05)
    assert "Eight of ten need 434 participants on either side." in stay.text
    assert "Computed with a share of 90% among comparable people (assumed)." in stay.text
    assert "If the truth is 5 percentage points, it is told from no change in 44%" in stay.text
    known = power(MEASURES["skill_change"], 180, spread=0.7, spread_from="last cycle")
    assert "(last cycle)" in known.text
    assert known.power is None


@pytest.mark.parametrize(
    ("name", "n", "given", "reason"),
    [
        ("score_share", 100, {"target": 0.9}, "nothing has to be inferred"),
        ("retention", 3, {"baseline": 0.9}, "fewer than 4 participants"),
        ("retention", 100, {"target": 0.9, "rule": "baseline"}, "no baseline"),
        ("retention", 100, {"baseline": 0.9, "target": 0.9}, "no better than the baseline"),
        ("senior_cancellation_share", 90, {"baseline": 0.1, "target": 0.2}, "no better"),
        ("retention", 100, {"baseline": 90.0, "target": 95.0}, "not in 0 to 1"),
        ("first_meeting_share", 100, {"baseline": 1.0}, "all or nobody"),
        ("retention_difference", 100, {"comparison": 1.0}, "between 0 and 1"),
    ],
)
def test_what_cannot_be_computed_says_why(name, n, given, reason):
    found = power(MEASURES[name], n, **given)
    assert reason in found.reason
    assert found.detectable is None
    assert found.text.startswith("Not computed: ")


def test_the_curve_rises_to_the_number_needed():
    found = power(RETENTION, 180, baseline=0.0, target=0.05)
    sizes, chances = (np.array(part) for part in zip(*found.curve, strict=True))
    assert (np.diff(sizes) > 0).all()
    assert (np.diff(chances) > 0).all()
    assert sizes[-1] > found.needed
    assert np.interp(found.needed, sizes, chances) == pytest.approx(0.8, abs=0.005)


def test_the_smallest_n_is_the_smallest():
    for bar in (3, 40, 4321):
        assert smallest_n(lambda n, bar=bar: float(n >= bar), 0.8, 2, 10**6) == bar
    assert smallest_n(lambda n: 0.5, 0.8, 2, 10**6) is None


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_every_measure_of_the_charter_gets_an_answer(name):
    measure = MEASURES[name]
    baseline, target = (0.4, 0.6) if measure.higher else (0.6, 0.4)
    if measure.kind == "difference":
        baseline, target = 0.0, 0.05
    found = power(measure, 120, baseline=baseline, target=target)
    assert found.text
    assert bool(found.reason) == (measure.kind == "counted")
