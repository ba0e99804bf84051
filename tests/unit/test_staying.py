"""Who is still there day by day: counted where everybody is seen, Kaplan and Meier's where not."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from revmentor.metrics.staying import staying, ticks
from revmentor.metrics.survival import Followed, follow

START, END = dt.date(2026, 1, 12), dt.date(2026, 7, 10)
LENGTH = (END - START).days


def followed(days: list[int], happened: list[bool]) -> Followed:
    rows = pd.DataFrame(
        {"days": days, "happened": happened, "gone": False},
        index=pd.Index([f"p{n:04}" for n in range(len(days))], name="person_id"),
    )
    return Followed(rows, "left_on", START, END, 0, 0, 0)


def people(n: int, seed: int, censored: bool) -> Followed:
    rng = np.random.default_rng(seed)
    leaves = rng.integers(1, 600, n)
    lost = rng.integers(1, 400, n) if censored else np.full(n, LENGTH)
    last = np.minimum(np.minimum(leaves, lost), LENGTH)
    return followed(last.tolist(), (leaves <= np.minimum(lost, LENGTH)).tolist())


@pytest.mark.parametrize("seed", range(5))
def test_with_people_lost_from_sight_it_is_kaplan_and_meiers(seed: int) -> None:
    found = people(200, seed, censored=True)
    reference = SurvfuncRight(found.rows["days"], found.rows["happened"].astype(int))
    for at in staying(found, found.rows.index, ticks(LENGTH), "people"):
        upto = reference.surv_times <= at.day
        assert at.share.value == pytest.approx(reference.surv_prob[upto][-1], abs=1e-12)
        assert at.share.low is not None
        assert at.share.high is not None
        assert at.share.low < at.share.value < at.share.high
        assert at.share.method == "Kaplan-Meier, log-log 95% interval"
        assert at.share.n == 200


@pytest.mark.parametrize("seed", range(5))
def test_with_everybody_seen_it_is_a_count(seed: int) -> None:
    found = people(200, seed, censored=False)
    for at in staying(found, found.rows.index, ticks(LENGTH), "people"):
        left = [p for p, row in found.rows.iterrows() if row.happened and row.days <= at.day]
        there = [p for p, row in found.rows.iterrows() if row.days >= at.day]
        assert at.share.count == 200 - len(left)
        assert list(at.left) == left
        assert list(at.at_risk) == there


@given(st.lists(st.tuples(st.integers(1, LENGTH), st.booleans()), min_size=1, max_size=40))
@settings(deadline=None, max_examples=60)
def test_the_share_never_rises_and_at_risk_never_grows(rows: list[tuple[int, bool]]) -> None:
    found = followed([day for day, _ in rows], [left for _, left in rows])
    curve = staying(found, found.rows.index, ticks(LENGTH, 7), "people")
    values = [round(at.share.value, 12) for at in curve if at.share.value is not None]
    assert values == sorted(values, reverse=True)
    risks = [len(at.at_risk) for at in curve]
    assert risks == sorted(risks, reverse=True)
    for at in curve:
        assert (at.share.value is None) == bool(at.share.reason)
        assert not set(at.left) & set(at.at_risk) or any(
            found.rows.loc[person, "days"] == at.day for person in at.left
        )


def test_only_these_people_count_and_nobody_gives_a_reason() -> None:
    found = people(50, 1, censored=False)
    some = found.rows.index[:20]
    at = staying(found, some.append(pd.Index(["stranger"])), [LENGTH], "participants")[0]
    assert at.share.n == 20
    assert at.share.of == "participants"
    nobody = staying(found, pd.Index([]), [LENGTH], "participants")[0]
    assert nobody.share.reason == "there are no participants"


def test_the_last_day_agrees_with_the_share_who_stay() -> None:
    ids = [f"p{n}" for n in range(60)]
    left = [START + dt.timedelta(days=3 * n) if n % 4 == 0 else None for n in range(60)]
    company = pd.DataFrame({"person_id": ids, "hired_on": pd.Timestamp("2020-01-01")})
    seen = pd.DataFrame(
        {"person_id": ids, "on": pd.Timestamp(END), "left_on": pd.to_datetime(pd.Series(left))}
    )
    found = follow(company, seen, START, END)
    last = staying(found, found.rows.index, ticks(found.length), "people")[-1]
    assert last.day == LENGTH
    assert last.share.count == int((~found.rows["happened"]).sum())


@pytest.mark.parametrize(
    ("length", "expected"), [(10, [10]), (30, [30]), (31, [30, 31]), (90, [30, 60, 90])]
)
def test_ticks_are_months_and_the_last_day(length: int, expected: list[int]) -> None:
    assert ticks(length) == expected
