"""What was known on a day: rows after it are gone, and who left later had not left yet."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from review_cases import Cycle

from revmentor.metrics import Evidence, known_by, last_day, people_by

DAY = dt.date(2026, 4, 1)


@pytest.fixture(scope="module")
def evidence(whole: Cycle) -> Evidence:
    return whole.review().findings.evidence


def days(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts))).astype("datetime64[us]")


def outcomes() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": ["a", "b", "c"],
            "on": days("2026-07-10", "2026-07-10", "2026-03-01"),
            "left_on": days("2026-03-31", "2026-04-02", None),
            "promoted_on": days(None, "2026-04-01", "2026-05-01"),
        }
    )


@pytest.mark.parametrize("table", ["sessions", "pulse", "goals", "training"])
def test_rows_after_the_day_are_gone(table: str, evidence: Evidence) -> None:
    frame, day = evidence.tables[table], DAY if table != "training" else dt.date(2026, 1, 20)
    known = known_by({table: frame}, day)[table]
    kept = [on for on in frame["on"] if pd.isna(on) or on <= pd.Timestamp(day)]
    assert 0 < len(known) < len(frame)
    assert len(known) == len(kept)
    assert not (known["on"] > pd.Timestamp(day)).any()
    assert known["on"].isna().sum() == frame["on"].isna().sum()


def test_who_left_or_rose_later_had_not_yet_and_is_seen_up_to_the_day() -> None:
    known = known_by({"outcomes": outcomes()}, DAY)["outcomes"]
    assert known["left_on"].notna().tolist() == [True, False, False]
    assert known["promoted_on"].notna().tolist() == [False, True, False]
    assert known["on"].tolist() == [pd.Timestamp(DAY)] * 2 + [pd.Timestamp("2026-03-01")]


def test_people_who_left_or_rose_later_had_not_yet() -> None:
    known = people_by(outcomes(), DAY)
    assert known["left_on"].notna().tolist() == [True, False, False]
    assert known["promoted_on"].notna().tolist() == [False, True, False]


def test_tables_without_days_are_as_they_are(evidence: Evidence) -> None:
    for name in ("skills", "leadership", "creativity", "ties"):
        known = known_by({name: evidence.tables[name]}, DAY)[name]
        assert_frame_equal(known, evidence.tables[name].reset_index(drop=True))


def test_a_table_without_any_row_by_then_is_left_out(evidence: Evidence) -> None:
    before = dt.date(2025, 1, 1)
    known = known_by(evidence.tables, before)
    assert {"sessions", "pulse", "goals"}.isdisjoint(known)
    assert "outcomes" in known


def test_nothing_that_is_given_is_changed(evidence: Evidence) -> None:
    before = {name: frame.copy() for name, frame in evidence.tables.items()}
    known_by(evidence.tables, DAY)
    for name, frame in before.items():
        assert_frame_equal(evidence.tables[name], frame)


def test_the_last_day_is_that_of_meetings_pulse_and_goals(evidence: Evidence) -> None:
    tables = evidence.tables
    every = [on for name in ("sessions", "pulse", "goals") for on in tables[name]["on"]]
    assert last_day(tables) == max(every).date()
    for name in ("sessions", "pulse", "goals"):
        assert last_day({name: tables[name]}) == tables[name]["on"].max().date()
    assert last_day({name: tables[name] for name in ("training", "outcomes", "ties")}) is None
    assert last_day({}) is None


def test_looking_from_the_last_day_of_all_changes_nothing(evidence: Evidence) -> None:
    dated = [frame["on"].max() for frame in evidence.tables.values() if "on" in frame]
    known = known_by(evidence.tables, max(dated).date())
    assert set(known) == set(evidence.tables)
    for name, frame in known.items():
        assert_frame_equal(frame, evidence.tables[name].reset_index(drop=True))


@given(st.integers(-10, 200), st.integers(-10, 200))
@settings(deadline=None, max_examples=30)
def test_a_later_look_knows_at_least_as_much_and_looking_twice_is_looking_once(
    first: int, second: int
) -> None:
    start = dt.date(2026, 1, 12)
    early, late = (start + dt.timedelta(days=n) for n in sorted((first, second)))
    on = days(*[(start + dt.timedelta(days=n)).isoformat() for n in range(0, 190, 7)], None)
    tables = {"sessions": pd.DataFrame({"on": on}), "outcomes": outcomes()}
    once, later = known_by(tables, early), known_by(tables, late)
    again = known_by(later, early)
    assert set(again) == set(once)
    for name in once:
        assert_frame_equal(again[name], once[name])
        assert len(once[name]) <= len(later[name])


@pytest.mark.parametrize(
    ("seen", "end", "expected"),
    [
        ("2026-07-10", "2026-07-10", "2026-07-10"),
        ("2026-09-01", "2026-07-10", "2026-07-10"),
        ("2026-04-01", "2026-07-10", "2026-04-01"),
        ("2026-01-12", "2026-07-10", None),
    ],
)
def test_the_window_ends_with_the_cycle_or_with_what_is_known(
    evidence: Evidence, seen: str, end: str, expected: str | None
) -> None:
    outcome = evidence.tables["outcomes"].assign(on=pd.Timestamp(seen))
    found = Evidence(
        evidence.pairs, evidence.people, evidence.applications, {"outcomes": outcome},
        evidence.start, dt.date.fromisoformat(end), (), 30, {},
    ).window_end  # fmt: skip
    assert found == (dt.date.fromisoformat(expected) if expected else None)
