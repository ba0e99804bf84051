"""The same seed gives the same files: whatever else ran, in whatever order rows and tables come."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from revmentor.data.demo import company, write_tables
from revmentor.data.demo.draws import Draws

START = dt.date(2026, 3, 2)


def digests(tables: dict[str, pd.DataFrame], folder: Path) -> dict[str, str]:
    files = write_tables(tables, folder)
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@settings(
    deadline=None,
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    people=st.integers(40, 400),
    seed=st.integers(0, 2**40),
    other=st.integers(0, 2**31),
    start=st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31)),
)
def test_same_seed_same_bytes(
    tmp_path: Path, people: int, seed: int, other: int, start: dt.date
) -> None:
    first = digests(company(people, seed, start), tmp_path)
    rng = np.random.default_rng(other)
    again = {
        name: rows.iloc[rng.permutation(len(rows))]
        for name, rows in reversed(company(people, seed, start).items())
    }
    assert digests(again, tmp_path) == first


def test_global_seed_has_no_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = digests(company(120, 3, START), tmp_path)
    state = np.random.get_state()
    monkeypatch.setattr(np.random, "random", None)
    try:
        np.random.seed(99)
        assert digests(company(120, 3, START), tmp_path) == first
    finally:
        np.random.set_state(state)


def test_other_seed_other_company(tmp_path: Path) -> None:
    one, other = (digests(company(120, seed, START), tmp_path) for seed in (3, 4))
    assert not set(one.values()) & set(other.values())


@given(
    st.lists(st.just(0.0) | st.floats(0.001, 5), min_size=1, max_size=8),
    st.integers(0, 10),
    st.integers(0, 99),
)
def test_race_has_as_many_winners_as_places(weights: list[float], count: int, seed: int) -> None:
    won = Draws(seed, "test").first(np.array(weights), count)
    runners = np.array(weights) > 0
    assert won.sum() == min(count, runners.sum())
    assert not (won & ~runners).any()


def test_picks_follow_their_weights() -> None:
    picked = Draws(1, "test").pick([0.2, 0.0, 0.8], 20_000)
    share = np.bincount(picked, minlength=3) / 20_000
    assert share[1] == 0
    assert abs(share[2] - 0.8) < 4 * (0.16 / 20_000) ** 0.5


def test_rounding_keeps_the_mean() -> None:
    values = np.full(40_000, 2.35)
    rounded = Draws(1, "test").rounded(values)
    assert set(rounded) == {2, 3}
    assert abs(rounded.mean() - 2.35) < 4 * 0.5 / 200
