"""Training, the load of mentors and disagreement within pairs, as by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from revmentor.metrics import burden, disagreement, load, pair_differences, training_compliance
from revmentor.metrics.sessions import Span

PAIRS = pd.DataFrame({"mentor_id": ["m1", "m1", "m2", "m3"], "mentee_id": ["s1", "s2", "s3", "m2"]})
START, AS_OF = dt.date(2026, 1, 1), dt.date(2026, 3, 1)
MONTHS = 60 / (365.25 / 12)


def training(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["person_id", "module", "status"])


def test_compliance_is_completed_of_those_due() -> None:
    found = training_compliance(
        training(
            ("m1", "feedback", "completed"), ("m1", "goals", "attended"),
            ("m2", "feedback", "invited"), ("m2", "goals", "completed"),
            ("m3", "feedback", "excused"), ("m3", "goals", "completed"),
            ("s1", "feedback", "completed"), ("x1", "feedback", "completed"),
        ),
        PAIRS,
    )  # fmt: skip
    assert found.left_out == 1
    mentors = found.completed["feedback", "mentor"]
    assert (mentors.count, mentors.n) == (1, 2), "m3 is excused"
    assert (found.attended["goals", "mentor"].count, found.attended["goals", "mentor"].n) == (3, 3)
    whole = found.completed["all modules", "both"]
    assert (whole.count, whole.n) == (4, 6), "m2 is on both sides and counts once"
    table = found.table.set_index(["module", "side"])
    assert table.loc[("all modules", "mentee")].tolist() == [3, 2, 2, 0]
    assert table.loc[("feedback", "mentor")].tolist() == [2, 1, 1, 1]


def test_training_of_one_person_is_alike() -> None:
    rows = [(f"m{n % 4}", f"module {n // 4}", "completed" if n % 4 < 2 else "invited")
            for n in range(40)]  # fmt: skip
    pairs = pd.DataFrame({"mentor_id": [f"m{n}" for n in range(4)], "mentee_id": list("abcd")})
    found = training_compliance(training(*rows), pairs)
    whole = found.completed["all modules", "mentor"]
    assert (whole.value, whole.n) == (0.5, 40)
    assert whole.high - whole.low > 0.6, "40 trainings, but 4 people"


def test_no_training_at_all() -> None:
    found = training_compliance(training(), PAIRS)
    assert found.completed["all modules", "mentor"].reason == "there are no trainings due"


def dated(rows: list[tuple], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(on=pd.to_datetime(frame["on"]).astype("datetime64[us]"))


SESSIONS = dated(
    [
        ("m1", "s1", "2026-01-10", "held", 60),
        ("m1", "s2", "2026-01-20", "held", None),
        ("m1", "s2", "2026-01-30", "cancelled_by_mentor", None),
        ("m1", "s2", "2026-02-10", "cancelled_by_mentee", None),
        ("m2", "s3", "2026-01-20", "held", 30),
        ("m2", "s3", "2026-04-20", "held", 600),
        ("m9", "s3", "2026-01-20", "held", 600),
    ],
    ["mentor_id", "mentee_id", "on", "status", "minutes"],
)
ITEMS = ["commitment_1", "commitment_2", "respect_1"]
PULSE = dated(
    [
        ("m1", "s1", "day30", "2026-02-01", 5, 5, 5, "time"),
        ("m1", "s1", "day60", "2026-02-20", 2, 1, 2, None),
        ("m1", "s2", "day60", "2026-02-20", 2, 3, 3, "ideas"),
        ("m2", "s3", "day30", "2026-02-01", 4, 5, 3, None),
        ("s1", "m1", "day60", "2026-02-20", 4, None, 5, "time"),
        ("s2", "m1", "day60", "2026-02-20", 2, 2, 3, None),
        ("s3", "m2", "day30", "2026-02-01", 5, 5, 4, None),
        ("m2", "m3", "day60", "2026-02-20", 1, 1, 1, "not as a mentor"),
        ("s3", "m2", "day90", "2026-04-01", 1, 1, 1, None),
    ],
    ["person_id", "partner_id", "wave", "on", *ITEMS, "support_needed"],
)
GAVE = pd.DataFrame({"person_id": ["m1", "m2", "m3"], "hours_per_month": [0.5, 4, None]})


def loaded(**more):
    told = {"sessions": SESSIONS, "pulse": PULSE, "items": ITEMS, "applications": GAVE}
    return burden(PAIRS, start=START, as_of=AS_OF, minutes=45, middle=3.0, **{**told, **more})


def test_the_load_of_each_mentor() -> None:
    found = loaded()
    table = found.mentors
    assert table["partners"].tolist() == [2, 1, 1]
    assert table["hours"].tolist() == pytest.approx([1.75 / MONTHS, 0.5 / MONTHS, 0])
    assert table["commitment"].tolist()[:2] == pytest.approx([2.0, 4.5])
    assert table.loc["m1", ["sign_hours", "sign_commitment", "sign_cancelled", "sign_support"]].tolist() == [True] * 4  # noqa: E501  # fmt: skip
    assert (table.loc["m1", "signs"], table.loc["m2", "signs"]) == (4, 0)
    assert table.loc["m3", "known"] == 0
    assert (found.loaded.count, found.loaded.n) == (1, 2)
    assert (found.support.count, found.support.n) == (1, 2), "m2 asked as a mentee"
    assert (found.cancelled.count, found.cancelled.n) == (1, 5)
    hours = np.array([1.75, 0.5]) / MONTHS
    interval = stats.ttest_1samp(hours, 0).confidence_interval()
    assert found.hours.value == pytest.approx(hours.mean())
    assert found.hours.n == 2, "of m3 no meeting is told, which may be one that nobody entered"
    assert interval.low < 0
    assert (found.hours.low, found.hours.high) == (0, pytest.approx(interval.high))


def test_hours_that_are_needed_are_those_of_pairs_at_the_same_time() -> None:
    early, late = [[dt.date(2026, month, day) for day in (1, 15)] for month in (1, 3)]
    spans = {
        "one": Span(early, dt.date(2026, 1, 31)),
        "two": Span([*late, dt.date(2026, 3, 29)], dt.date(2026, 3, 31)),
    }
    pairs = PAIRS.assign(wave=["one", "two", "one", "two"])
    gave = pd.DataFrame({"person_id": ["m1", "m2", "m3"], "hours_per_month": [2.3, 1.4, 2.1]})
    found = load(pairs, gave, early, dt.date(2026, 3, 31), 60, spans)
    month = 31 / (365.25 / 12)
    assert found.needed == pytest.approx((2 + 3) / 2 / month)
    assert found.weeks.loc[found.weeks["meetings"] > 0, ["week", "meetings"]].values.tolist() == [
        [1, 2], [3, 2], [9, 2], [11, 2], [13, 2],
    ]  # fmt: skip
    assert (found.overbooked["mentor"].count, found.overbooked["mentor"].n) == (3, 3)
    gave["hours_per_month"] = [3.0, 2.0, 2.9]
    assert load(pairs, gave, early, dt.date(2026, 3, 31), 60, spans).overbooked["mentor"].count == 1
    both = load(
        pairs, gave, early, dt.date(2026, 3, 31), 60, {"one": spans["one"], "two": spans["one"]}
    )
    assert both.overbooked["mentor"].count == 1, "m1 has two pairs at once"
    circles = pd.DataFrame(
        [(1, "m3", "mentor"), (1, "s1", "mentee"), (2, "m9", "mentor")],
        columns=["circle", "person_id", "side"],
    )
    more = load(pairs, gave, early, dt.date(2026, 3, 31), 60, spans, circles)
    in_circle = 2 / (90 / (365.25 / 12))
    assert (more.pairs, more.circles) == (4, 2)
    assert more.circle == pytest.approx(in_circle)
    assert more.needed == found.needed
    assert more.people == {"mentor": 4, "mentee": 4}
    assert (more.weeks["meetings"] - found.weeks["meetings"]).loc[lambda n: n > 0].to_list() == [
        2, 2,
    ]  # fmt: skip
    kept = gave.assign(hours_per_month=[9.0, 9.0, 3 / month + in_circle])
    for hours, over in ((0.01, 0), (-0.01, 1)):
        kept.loc[2, "hours_per_month"] += hours
        told = load(pairs, kept, early, dt.date(2026, 3, 31), 60, spans, circles)
        assert told.overbooked["mentor"].count == over, "m3 is in a pair and a circle at once"
        kept.loc[2, "hours_per_month"] -= hours
    none = load(pairs.iloc[:0], gave, early, dt.date(2026, 1, 31), 60, spans)
    assert none.weeks["meetings"].sum() == 0
    assert none.needed == pytest.approx(2 / month)


def test_a_pair_of_a_later_wave_had_less_time_to_meet() -> None:
    days = {
        "begins": [START, START, "2026-01-16", START],
        "ends": [*[AS_OF] * 2, "2026-01-25", AS_OF],
    }
    pairs = PAIRS.assign(**{name: pd.to_datetime(told) for name, told in days.items()})
    found = burden(
        pairs, start=START, as_of=AS_OF, minutes=45, middle=3.0, sessions=SESSIONS
    ).mentors
    assert found.loc["m1", "hours"] == pytest.approx(1.75 / MONTHS)
    ten_days = 10 / (365.25 / 12)
    assert found.loc["m2", "hours"] == pytest.approx(0.5 / ten_days)


def test_the_load_without_tables() -> None:
    found = loaded(sessions=None, pulse=None, items=(), applications=None)
    assert found.hours.reason == "there is no table sessions"
    assert found.commitment.reason == found.support.reason == "there is no table pulse"
    assert found.partners.value == pytest.approx(4 / 3)
    assert found.loaded.reason == "there are no mentors of whom two signs can be told"
    alike = burden(PAIRS.iloc[2:], start=START, as_of=AS_OF, minutes=45, middle=3.0)
    assert (alike.partners.value, alike.partners.low) == (1.0, None)
    empty = loaded(sessions=SESSIONS.iloc[:0], pulse=PULSE.iloc[:0])
    assert (empty.hours.value, empty.hours.reason) == (None, "no meeting is told yet")
    assert empty.cancelled.reason == "there are no arranged meetings"


def test_disagreement_is_within_the_pair_and_wave() -> None:
    gaps = pair_differences(PULSE, PAIRS, ITEMS)
    assert gaps.loc[("m1", "s1", "day60"), "commitment"] == -2, "items that both answered"
    assert gaps.loc[("m2", "s3", "day30"), "commitment"] == pytest.approx(-0.5)
    assert len(gaps) == 3
    found = {(d.principle, d.wave): d for d in disagreement(PULSE, PAIRS, ITEMS)}
    wave = found["commitment", "day60"]
    assert wave.distance.value == pytest.approx(np.mean([2, 0.5]))
    assert wave.signed.value == pytest.approx(np.mean([-2, 0.5]))
    interval = stats.ttest_1samp([-2, 0.5], 0).confidence_interval()
    assert (wave.signed.low, wave.signed.high) == pytest.approx(tuple(interval))
    assert (wave.apart.count, wave.apart.n) == (1, 2)
    assert found["commitment", "day30"].distance.reason == "there is one value only"
    assert found["respect", "day90"].apart.reason.startswith("there are no pairs")
    assert disagreement(PULSE.iloc[:0], PAIRS, ITEMS) == ()
