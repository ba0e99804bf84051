"""Is change that of the same people, each once, with the interval, effect size and p of others?"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from revmentor.metrics import (
    paired_change,
    pulse_changes,
    pulse_points,
    scale_changes,
    sign_flip,
    skill_changes,
    standardised_change,
)
from revmentor.metrics.change import FLIPS
from revmentor.metrics.otherwise import changed_between
from revmentor.params.models import ChangedItems

PAIRS = pd.DataFrame(
    {"mentor_id": ["m1", "m1", "m2", "m3", "m4"], "mentee_id": ["s1", "s2", "s3", "s4", "s5"]}
)
ITEMS = ["listening_1", "listening_2", "speaking_1"]


def paired(before: list[float], after: list[float]):
    names = [f"p{n}" for n in range(len(before))]
    return paired_change(
        pd.Series(before, names),
        pd.Series(after, names),
        what="SQL",
        side="mentee",
        of="mentees",
        seed=1,
    )


def skills(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["person_id", "skill", "level", "when"]).astype(
        {"level": "float64"}
    )


def survey(rows: dict[tuple[str, str], list[float | None]]) -> pd.DataFrame:
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=ITEMS).astype("float64")
    keys = pd.DataFrame(list(rows), columns=["person_id", "when"], index=frame.index)
    return pd.concat([keys, frame], axis=1).reset_index(drop=True)


def test_the_interval_is_that_of_the_paired_t_test() -> None:
    before, after = [1.0, 2, 4, 3, 3], [2.0, 4, 4, 3, 5]
    found = paired(before, after)
    expected = stats.ttest_rel(after, before)
    interval = expected.confidence_interval()
    assert found.difference.value == pytest.approx(1.0)
    assert (found.difference.low, found.difference.high) == pytest.approx(tuple(interval))
    assert (found.before.value, found.after.value) == pytest.approx((2.6, 3.6))


@given(st.lists(st.integers(-4, 4), min_size=1, max_size=9))
@settings(deadline=None)
def test_few_differences_are_flipped_in_all_ways(whole: list[int]) -> None:
    values = np.array(whole, dtype=float)
    flipped = [abs(np.dot(signs, values)) for signs in
               itertools.product([-1, 1], repeat=len(values))]  # fmt: skip
    expected = np.mean([total >= abs(values.sum()) - 1e-9 for total in flipped])
    found = sign_flip(values, seed=0)
    assert found == (pytest.approx(expected) if values.any() else None)


@pytest.mark.parametrize("shift", [0.0, 0.15, 0.4])
def test_many_differences_are_flipped_by_draws_as_scipy_does(shift: float) -> None:
    values = np.random.default_rng(3).normal(shift, 1.0, 60).round(1)
    reference = stats.permutation_test(
        (values,), np.mean, permutation_type="samples", n_resamples=20_000,
        rng=np.random.default_rng(5),
    )  # fmt: skip
    found = sign_flip(values, seed=2)
    assert found is not None
    error = 4 * np.sqrt(max(reference.pvalue, 1e-3) / FLIPS)
    assert found == pytest.approx(reference.pvalue, abs=error)
    assert found >= 1 / (FLIPS + 1)
    assert found == sign_flip(values[::-1], seed=2), "the order of people has no say"


def test_the_flips_are_fair_without_an_effect() -> None:
    rng = np.random.default_rng(11)
    low = sum((sign_flip(rng.normal(size=30).round(1), seed=n) or 1) <= 0.05 for n in range(300))
    assert stats.binom.ppf(0.001, 300, 0.05) <= low <= stats.binom.ppf(0.999, 300, 0.05)


def test_the_standardised_change_is_by_the_spread_before() -> None:
    before = np.array([1.0, 2, 4, 3, 3, 5])
    after = np.array([2.0, 4, 4, 3, 5, 5])
    found = standardised_change(before, after, "mentees")
    d = (after - before).mean() / before.std(ddof=1)
    shrink = 1 - 3 / (4 * 5 - 1)
    assert found.value == pytest.approx(shrink * d)
    wide = (after - before).var(ddof=1) / before.var(ddof=1) / 5 + (shrink * d) ** 2 / 10
    assert found.high - found.value == pytest.approx(stats.norm.ppf(0.975) * wide**0.5)


def test_the_standardised_interval_covers() -> None:
    rng = np.random.default_rng(4)
    true, hits = 0.5 / 0.8, 0
    for _ in range(400):
        before = rng.normal(3, 0.8, 60)
        after = before + rng.normal(0.5, 1.0, 60)
        found = standardised_change(before, after, "mentees")
        hits += found.low < true < found.high
    assert hits >= stats.binom.ppf(0.001, 400, 0.95)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ([], [], "no people answered both times (0 before, 0 after)"),
        ([3.0], [4.0], "1 person answered both times (1 before, 1 after)"),
        ([np.nan, np.nan], [3, 4], "no people answered both times (0 before, 2 after)"),
        ([3.0, 4], [4.0, 5], "all 2 changed by the same 1.00"),
        ([3.0, 3], [3.0, 3], "all 2 changed by the same 0.00"),
    ],
)
def test_nothing_is_computed_from_nothing(before: list, after: list, reason: str) -> None:
    found = paired(before, after)
    assert found.difference.reason == reason
    assert (found.p, found.difference.value, found.standardised.value) == (None, None, None)


def test_no_spread_before_leaves_the_difference() -> None:
    found = paired([3, 3, 3, 3], [3, 4, 5, 4])
    assert found.difference.value == 1.0
    assert found.standardised.reason == "all 4 answered the same before"


def test_nobody_stands_for_two_people() -> None:
    with pytest.raises(ValueError, match="each person"):
        paired_change(
            pd.Series([1.0, 2], ["a", "a"]), pd.Series([1.0], ["a"]),
            what="", side="", of="", seed=0,
        )  # fmt: skip


def test_a_person_with_several_skills_counts_once() -> None:
    table = skills(
        ("s1", "SQL", 1, "before"), ("s1", "SQL", 4, "after"),
        ("s1", "Python", 2, "before"), ("s1", "Python", 3, "after"),
        ("s2", "SQL", 2, "before"), ("s2", "SQL", 3, "after"),
        ("s3", "SQL", 2, "before"),
        ("s4", "Python", 5, "after"),
        ("s5", "SQL", 4, "before"), ("s5", "Python", 1, "after"),
        ("m1", "SQL", 1, "before"), ("m1", "SQL", 5, "after"),
        ("x9", "SQL", 1, "before"), ("x9", "SQL", 5, "after"),
    )  # fmt: skip
    found = skill_changes(table, PAIRS, seed=0)
    whole = found.change("all skills", "mentee")
    assert whole.difference.n == 2, "s5 was rated in different skills: no change of a person"
    assert whole.difference.value == pytest.approx(np.mean([(3 + 1) / 2, 1]))
    assert (whole.n_before, whole.n_after) == (4, 4)
    sql = found.change("SQL", "mentee")
    assert (sql.difference.value, sql.difference.n, sql.n_before) == (2.0, 2, 4)
    assert [change.what for change in found.changes] == ["all skills", "SQL", "Python"]
    assert found.left_out == 2, "a mentor and a stranger"
    assert (found.measured["mentee"].count, found.measured["mentee"].n) == (2, 5)


def test_a_scale_compares_the_items_answered_both_times() -> None:
    table = survey({
        ("m1", "before"): [1, 2, 3], ("m1", "after"): [2, 3, None],
        ("m2", "before"): [3, None, 3], ("m2", "after"): [5, 1, 3],
        ("m3", "before"): [2, 2, 2], ("m4", "after"): [4, 4, 4],
        ("m4", "before"): [5, 4, 5], ("s1", "before"): [4, 5, 4], ("s1", "after"): [4, 5, 5],
        ("x9", "before"): [1, 1, 1],
    })  # fmt: skip
    found = scale_changes(table, PAIRS, ITEMS, table="leadership", seed=0, sides=["mentor"])
    whole = found.change("all of leadership", "mentor")
    assert whole.difference.n == 3
    assert whole.difference.value == pytest.approx(np.mean([1, 1, -2 / 3]))
    assert (whole.n_before, whole.n_after, found.left_out) == (4, 3, 2)
    item = found.change("listening_2", "mentor")
    assert (item.difference.n, item.n_before, item.n_after) == (2, 3, 3)
    both = scale_changes(table, PAIRS, ITEMS, table="leadership", seed=0)
    assert both.change("all of leadership", "both").difference.n == 4
    assert both.change("all of leadership", "mentee").difference.reason.startswith("1 person")


def test_a_scale_that_does_not_hang_together_is_not_averaged() -> None:
    rng = np.random.default_rng(0)
    rows: dict[tuple[str, str], list[float | None]] = {}
    mentors = [f"m{n}" for n in range(30)]
    for person in mentors:
        level = rng.integers(1, 5)
        for when in ("before", "after"):
            rows[person, when] = [level, min(5, level + rng.integers(0, 2)), 6 - level]
    pairs = pd.DataFrame({"mentor_id": mentors, "mentee_id": [f"s{n}" for n in range(30)]})
    found = scale_changes(survey(rows), pairs, ITEMS, table="leadership", seed=0, sides=["mentor"])
    whole = found.change("all of leadership", "mentor")
    assert "speaking_1" in whole.difference.reason
    assert found.reliability[0].refused
    assert found.change("listening_2", "mentor").difference.value is not None


def otherwise(**more) -> ChangedItems:
    told = {
        "table": "pulse",
        "items": ["compassion_1"],
        "waves": ["day60"],
        "what": "two sentences",
    }
    return ChangedItems.model_validate({**told, **more})


def pulse(*rows: tuple) -> pd.DataFrame:
    columns = ["person_id", "partner_id", "wave", "on", "compassion_1", "compassion_2", "respect_1"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(on=pd.to_datetime(frame["on"]).astype("datetime64[us]"))


ANSWERS = pulse(
    ("m1", "s1", "day30", "2026-02-01", 2, 3, 4),
    ("m1", "s2", "day30", "2026-02-01", 5, 5, 4),
    ("m2", "s3", "day30", "2026-02-01", 3, None, 2),
    ("m3", "s4", "day30", "2026-02-01", 4, 4, 4),
    ("s1", "m1", "day30", "2026-02-01", 4, 4, 3),
    ("s9", "m9", "day30", "2026-02-01", 4, 4, 3),
    ("m1", "s1", "day60", "2026-03-01", 4, 4, 4),
    ("m2", "s3", "day60", "2026-03-01", 4, 1, 3),
    ("m4", "s5", "day60", "2026-03-01", 1, 1, 1),
    ("s1", "m1", "day60", "2026-03-01", 5, 3, 3),
)
PULSE_ITEMS = ["compassion_1", "compassion_2", "respect_1"]


def test_the_pulse_compares_answers_about_the_same_partner() -> None:
    found = pulse_changes(ANSWERS, PAIRS, PULSE_ITEMS, seed=0)
    mentors = found.change("compassion", "mentor")
    assert mentors.difference.n == 2
    assert mentors.difference.value == pytest.approx(np.mean([1.5, 1.0]))
    assert (mentors.n_before, mentors.n_after, found.left_out) == (3, 3, 1)
    assert found.change("compassion", "both").difference.n == 3
    assert (found.first, found.last) == ("day30", "day60")
    assert found.measured["mentor"].count == 2
    one = pulse_changes(ANSWERS.loc[ANSWERS["wave"] == "day30"], PAIRS, PULSE_ITEMS, seed=0)
    assert one.changes[0].difference.reason == "there are no two waves to compare"
    assert pulse_changes(ANSWERS.iloc[:0], PAIRS, PULSE_ITEMS, seed=0).changes[0].n_before == 0


def test_what_was_asked_otherwise_is_not_compared() -> None:
    found = pulse_changes(ANSWERS, PAIRS, PULSE_ITEMS, seed=0, changed=[otherwise()])
    reason = found.change("compassion", "mentor").difference.reason
    assert reason == "compassion_1 was asked otherwise (two sentences in day60)"
    assert found.change("respect", "mentor").difference.value == 0.5
    points = {(p.principle, p.wave, p.side): p for p in pulse_points(
        ANSWERS, PAIRS, PULSE_ITEMS, [otherwise()])}  # fmt: skip
    assert points["compassion", "day60", "mentor"].change.reason == reason
    assert points["compassion", "day60", "mentor"].mean.n == 3
    scale = otherwise(what="", scale={"from": 1, "to": 7})
    points = {(p.principle, p.wave, p.side): p for p in pulse_points(
        ANSWERS, PAIRS, PULSE_ITEMS, [scale])}  # fmt: skip
    assert points["compassion", "day60", "mentor"].mean.reason == "asked on a scale of 1 to 7"
    assert points["compassion", "day30", "mentor"].mean.n == 3


def test_waves_that_were_asked_alike_are_compared() -> None:
    both = otherwise(waves=["day60", "day90"])
    assert changed_between([both], "pulse", "day60", "day90") == {}
    assert list(changed_between([both], "pulse", "day30", "day90")) == ["compassion_1"]
    assert changed_between([both], "skills", "day30", "day90") == {}
    other = otherwise(waves=["day30"], what="a first version")
    assert list(changed_between([both, other], "pulse", "day30", "day60")) == ["compassion_1"]


def test_skills_on_another_scale_are_refused_by_name() -> None:
    rows = [(f"s{n}", "SQL", n % 3 + 1 + (n % 2 if when == "after" else 0), when)
            for n in (1, 2, 3, 4) for when in ("before", "after")]  # fmt: skip
    change = otherwise(
        table="skills", items=["level"], waves=["after"], what="", scale={"from": 0, "to": 10}
    )
    found = skill_changes(skills(*rows), PAIRS, seed=0, changed=[change])
    assert found.changes[0].difference.reason == (
        "level was asked otherwise (a scale of 0 to 10 in after)"
    )
    assert (found.changes[0].n_before, found.changes[0].n_after) == (4, 4)


@given(st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=20)
def test_the_order_of_rows_has_no_say(rng) -> None:
    order = list(range(len(ANSWERS)))
    rng.shuffle(order)
    again = pulse_changes(ANSWERS.iloc[order], PAIRS.iloc[::-1], PULSE_ITEMS, seed=0)
    assert again == pulse_changes(ANSWERS, PAIRS, PULSE_ITEMS, seed=0)
