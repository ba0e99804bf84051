"""Readiness on the principles: means per side, who is low, and what must not be averaged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.weightstats import DescrStatsW

from revmentor.metrics import low_readiness, readiness
from revmentor.names import PRINCIPLES
from revmentor.planning.ready import IF_LOW

ITEMS = ("compassion_1", "compassion_2", "respect_1", "respect_2")


def answers(n: int = 40) -> pd.DataFrame:
    random = np.random.default_rng(3)
    level = random.integers(2, 6, n).astype(float)
    frame = {item: np.clip(level + random.integers(-1, 2, n), 1, 5) for item in ITEMS}
    return pd.DataFrame(
        {"person_id": [f"P{k}" for k in range(n)], "side": ["mentor", "mentee"] * (n // 2), **frame}
    )


def test_means_and_intervals_per_side_are_students() -> None:
    frame = answers()
    found = readiness(frame, ITEMS)
    assert found.principles == ("compassion", "respect")
    mine = frame.loc[frame["side"] == "mentor", ["compassion_1", "compassion_2"]].mean(axis=1)
    mean = found.means["compassion", "mentor"]
    assert mean.value == pytest.approx(mine.mean())
    assert (mean.low, mean.high) == pytest.approx(DescrStatsW(mine).tconfint_mean())
    assert mean.n == 20


def test_who_is_on_both_sides_counts_on_both() -> None:
    frame = answers().assign(side="both")
    assert readiness(frame, ITEMS).means["respect", "mentee"].n == 40


def test_items_that_contradict_each_other_are_not_averaged() -> None:
    frame = answers()
    frame["respect_2"] = 6 - frame["respect_1"]
    found = readiness(frame, ITEMS)
    assert found.principles == ("compassion",)
    assert found.means["respect", "mentor"].value is None
    assert "respect" not in set(low_readiness(found, 5.0)["principle"])


def test_low_is_below_the_bar_and_each_has_something_to_do() -> None:
    frame = answers()
    frame.loc[0, ["compassion_1", "compassion_2"]] = [1.0, 2.0]
    low = low_readiness(readiness(frame, ITEMS), 2.0)
    assert ["P0", "mentor", "compassion", 1.5] in low.to_numpy().tolist()
    assert low["points"].is_monotonic_increasing
    assert (low["points"] < 2.0).all()
    assert set(IF_LOW) == set(PRINCIPLES)


def test_nothing_asked_is_nothing_told() -> None:
    frame = answers()[["person_id", "side"]]
    found = readiness(frame, ITEMS)
    assert found.means == {}
    assert low_readiness(found, 3.0).empty
