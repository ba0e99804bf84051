"""Are meetings, pulse and goals counted as by hand, and only for pairs of this matching?"""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from revmentor.metrics import (
    Span,
    cancellations,
    first_meeting,
    goal_attainment,
    load,
    pulse_points,
    response_rates,
    rhythm,
    support_needed,
    wave_order,
)
from revmentor.metrics.health.facts import pair_facts
from revmentor.metrics.pulse import asked_by, of_pairs
from revmentor.metrics.sessions import due_by_day, met_in_time

START = dt.date(2026, 1, 5)
END = dt.date(2026, 3, 1)
PAIRS = pd.DataFrame({"mentor_id": ["m1", "m1", "m2", "m3"], "mentee_id": ["s1", "s2", "s3", "s4"]})
DUE = [START + dt.timedelta(days=14 * k) for k in range(4)]


def dated(rows: list[tuple], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(on=pd.to_datetime(frame["on"]).astype("datetime64[us]"))


def sessions(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return dated(list(rows), ["mentor_id", "mentee_id", "on", "status"])


HELD = sessions(
    ("m1", "s1", "2026-01-06", "held"),
    ("m1", "s1", "2026-01-20", "held"),
    ("m1", "s2", "2026-02-04", "held"),
    ("m2", "s3", "2026-01-12", "cancelled_by_mentee"),
    ("m2", "s3", "2026-02-05", "held"),
    ("m3", "s4", "2026-01-14", "cancelled_by_mentor"),
    ("m3", "s4", "2026-03-09", "held"),
    ("m3", "s1", "2026-01-07", "held"),
)


def test_the_first_meeting_counts_up_to_the_last_day():
    found = first_meeting(HELD, PAIRS, START, 30)
    assert (found.count, found.n) == (2, 4)
    assert first_meeting(HELD, PAIRS, START, 31).count == 3


def test_an_open_window_is_not_judged():
    found = first_meeting(HELD, PAIRS, START, 30, as_of=dt.date(2026, 1, 20))
    assert found.reason == "the 30 days are open until 2026-02-04"


def test_meetings_by_week():
    found = rhythm(HELD, PAIRS, DUE, END)
    weeks = found.weeks.set_index("week")
    assert (found.left_out, found.outside) == (1, 1)
    assert len(weeks) == 8
    assert weeks["held"].tolist() == [1, 0, 1, 0, 2, 0, 0, 0]
    assert weeks.loc[2, "cancelled_by_mentee"] == 1
    assert weeks["due"].tolist() == [2] * 8
    assert weeks["begins"].iloc[1] == pd.Timestamp("2026-01-12")
    ratio = np.array([2, 1, 1, 0]) / 4
    assert found.held_of_due.value == pytest.approx(ratio.mean())
    expected = stats.ttest_1samp(ratio, 0).confidence_interval()
    assert expected.low < 0, "no share of meetings is less than nothing"
    assert (found.held_of_due.low, found.held_of_due.high) == pytest.approx((0, expected.high))


def test_weeks_that_are_not_over_yet_are_left_out():
    found = rhythm(HELD, PAIRS, DUE, END, as_of=dt.date(2026, 1, 20))
    assert found.weeks["week"].tolist() == [1, 2, 3]
    assert found.weeks["due"].sum() == round(4 * (1 + 2 / 14))
    assert found.outside == 3


@given(gaps=st.lists(st.integers(1, 40), min_size=1, max_size=12), tail=st.integers(0, 40))
@settings(deadline=None)
def test_due_meetings_are_spread_without_loss(gaps, tail):
    days = [START + dt.timedelta(days=int(k)) for k in np.cumsum([0, *gaps])]
    owed = due_by_day(days, days[-1] + dt.timedelta(days=tail))
    assert owed.sum() == pytest.approx(len(days))
    assert owed.index.is_monotonic_increasing


def test_before_the_start_there_is_no_week():
    found = rhythm(HELD, PAIRS, DUE, END, as_of=dt.date(2025, 12, 24))
    assert found.weeks.empty
    assert found.held_of_due.reason == "no meeting was due yet"


def test_cancellations_by_side():
    found = cancellations(HELD, PAIRS)
    assert (found["mentor"].count, found["mentee"].count, found["mentor"].n) == (1, 1, 7)
    assert found["mentor"].low < 1 / 7 < found["mentor"].high


def test_no_sessions_at_all():
    none = HELD.iloc[:0]
    assert cancellations(none, PAIRS)["mentor"].reason == "there are no arranged meetings"
    found = rhythm(none, PAIRS, DUE, END)
    assert found.weeks["held"].sum() == 0
    assert (found.held_of_due.value, found.held_of_due.low) == (0.0, None)
    assert first_meeting(none, PAIRS, START, 30).value == 0.0


ITEMS = ["compassion_1", "compassion_2", "respect_1", "respect_2"]


def pulse(*rows: tuple) -> pd.DataFrame:
    columns = ["person_id", "partner_id", "wave", "on", *ITEMS, "support_needed"]
    return dated(list(rows), columns)


ANSWERS = pulse(
    ("m1", "s1", "day30", "2026-02-04", 4, 4, 3, None, "time"),
    ("m1", "s2", "day30", "2026-02-04", 2, 2, 3, 3, "time"),
    ("m2", "s3", "day30", "2026-02-05", 5, 4, 4, 4, None),
    ("s1", "m1", "day30", "2026-02-05", 5, 5, 5, 5, None),
    ("m1", "s1", "day120", "2026-05-05", 5, 5, 4, 4, "training"),
    ("m2", "s3", "day120", "2026-05-05", 5, 5, 5, 4, None),
    ("m3", "s4", "day120", "2026-05-06", 3, 3, 3, 3, None),
    ("m9", "s1", "day30", "2026-02-05", 1, 1, 1, 1, "a lot"),
    ("m2", "s3", "day30", "2026-02-01", 1, 1, 1, 1, None),
)


def test_a_principle_whose_items_run_against_each_other_is_not_averaged():
    told = [(1, 5), (2, 3), (3, 3), (5, 2)]
    rows = [
        (f"m{at}", f"s{at}", wave, day, *both, at + 1, at + 1, None)
        for wave, day in (("day30", "2026-02-04"), ("day60", "2026-03-04"))
        for at, both in enumerate(told)
    ]
    pairs = pd.DataFrame({"mentor_id": [row[0] for row in rows[:4]],
                          "mentee_id": [row[1] for row in rows[:4]]})  # fmt: skip
    points = {(p.principle, p.wave): p for p in pulse_points(pulse(*rows), pairs, ITEMS)
              if p.side == "mentor"}  # fmt: skip
    for wave in ("day30", "day60"):
        point = points["compassion", wave]
        for estimate in (point.mean, *([point.change] if wave == "day60" else [])):
            assert estimate.value is None
            assert "run against each other" in estimate.reason
            assert estimate.n == 4, "of those who answered, as the ledger counts them"
        assert points["respect", wave].mean.value == 2.5


def test_the_pulse_counts_people_once_and_pairs_change_by_person():
    points = {(p.principle, p.wave, p.side): p for p in pulse_points(ANSWERS, PAIRS, ITEMS)}
    first = points["compassion", "day30", "mentor"]
    assert first.mean.value == pytest.approx(np.mean([3.0, 4.5]))
    assert first.mean.n == 2
    assert first.change.reason == "this is the first wave"
    later = points["compassion", "day120", "mentor"]
    assert later.mean.n == 3
    assert later.change.value == pytest.approx(np.mean([5 - 3, 5 - 4.5]))
    assert later.change.n == 2, "only those who answered both waves"
    assert later.since_first == later.change
    assert points["respect", "day120", "mentee"].mean.reason == "there is no value"
    assert points["compassion", "day30", "mentee"].mean.reason == "there is one value only"


def test_waves_stand_in_the_order_of_time_and_numbers():
    assert wave_order(ANSWERS) == ["day30", "day120"]
    same_day = ANSWERS.assign(on=pd.Timestamp("2026-01-01"))
    assert wave_order(same_day) == ["day30", "day120"]


def test_response_counts_everybody_invited():
    rates = response_rates(ANSWERS, PAIRS)
    assert next(iter(rates)) == ("day30", "mentor")
    assert (rates["day30", "mentor"].count, rates["day30", "mentor"].n) == (3, 4)
    assert (rates["day120", "mentee"].count, rates["day120", "mentee"].n) == (0, 4)


def test_a_later_wave_of_pairs_is_asked_when_it_is_as_old():
    begins = pd.to_datetime(["2026-01-05", "2026-01-05", "2026-02-02", "2026-03-30"])
    begins = pd.Series(begins.astype("datetime64[us]"))
    pairs = PAIRS.assign(begins=begins, ends=begins + pd.Timedelta(days=150))
    told = pulse(
        ("m1", "s1", "day30", "2026-02-04", 4, 4, 3, None, None),
        ("s1", "m1", "day60", "2026-03-06", 4, 4, 3, None, None),
        ("m1", "s1", "day60", "2026-03-07", 4, 4, 3, None, None),
        ("m2", "s3", "day30", "2026-03-09", 4, 4, 3, None, None),
        ("s3", "m2", "day30", "2026-03-09", 4, 4, 3, None, None),
    )
    answers = of_pairs(told, pairs).rows
    assert wave_order(answers) == ["day30", "day60"], "though most of day30 was after day60"
    asked = asked_by(answers, pairs, dt.date(2026, 3, 10))
    assert asked.values.tolist() == [[True, True], [True, True], [True, False], [False, False]]
    rates = response_rates(told, pairs, dt.date(2026, 3, 10))
    found = {key: (rate.count, rate.n) for key, rate in rates.items()}
    assert found == {
        ("day30", "mentor"): (2, 3), ("day30", "mentee"): (1, 3),
        ("day60", "mentor"): (1, 2), ("day60", "mentee"): (1, 2),
    }  # fmt: skip
    facts = pair_facts(pairs, as_of=dt.date(2026, 3, 10), start=START, pulse=told, items=ITEMS)
    assert facts["answered"].tolist()[:3] == [2, 0, 2], "m2 and s3 answered all they were asked"
    assert np.isnan(facts["answered"].iloc[3])
    later = asked_by(answers, pairs, dt.date(2026, 4, 10))
    assert later.values.tolist()[2:] == [[True, True], [False, False]]
    assert asked_by(of_pairs(told, PAIRS).rows, PAIRS, None).to_numpy().all()


def test_support_counts_people_of_this_matching():
    table = support_needed(ANSWERS, PAIRS)
    assert table.loc["time"].tolist() == [1, 0]
    assert table.index.tolist() == ["time", "training"]
    assert support_needed(ANSWERS.iloc[:0], PAIRS).empty


def goals(*rows: tuple) -> pd.DataFrame:
    columns = ["mentor_id", "mentee_id", "goal", "baseline", "target", "current", "on"]
    return dated(list(rows), columns).astype(
        {"baseline": "float64", "target": "float64", "current": "float64"}
    )


GOALS = goals(
    ("m1", "s1", "sql", 1, 3, 2, "2026-02-01"),
    ("m1", "s1", "sql", 1, 3, 4, "2026-03-01"),
    ("m1", "s1", "meet", 10, 5, 10, "2026-03-01"),
    ("m1", "s2", "sql", 2, 4, 3, "2026-03-01"),
    ("m2", "s3", "sql", 2, 4, 1, "2026-03-01"),
    ("m2", "s3", "same", 2, 2, 2, "2026-03-01"),
    ("m3", "s4", "sql", 2, 4, None, "2026-03-01"),
    ("m9", "s4", "sql", 2, 4, 4, "2026-03-01"),
)


def test_goals_take_the_latest_row_and_average_within_the_pair():
    found = goal_attainment(GOALS, PAIRS)
    assert (found.left_out, found.undefined) == (1, 2)
    per_goal = found.goals.set_index(["mentee_id", "goal"])["attainment"]
    assert per_goal["s1", "sql"] == 1.5
    assert per_goal["s1", "meet"] == 0.0
    assert found.uncapped.value == pytest.approx(np.mean([0.75, 0.5, -0.5]))
    assert found.capped.value == pytest.approx(np.mean([0.5, 0.5, 0.0]))
    assert (found.reached.count, found.reached.n, found.capped.n) == (1, 4, 3)


def test_a_goal_that_falls_is_attained_by_falling():
    falling = goals(
        ("m1", "s1", "hours", 10, 5, 6, "2026-03-01"), ("m2", "s3", "h", 10, 5, 9, "2026-03-01")
    )
    found = goal_attainment(falling, PAIRS)
    assert found.goals["attainment"].tolist() == pytest.approx([0.8, 0.2])


def test_the_same_words_of_the_other_side_are_another_goal():
    mentors = goals(
        ("m1", "s1", "sql", 1, 3, 1, "2026-02-01"), ("m1", "s1", "sql", 1, 3, 3, "2026-03-01")
    )
    mentees = goals(("m1", "s1", "sql", 0, 4, 1, "2026-03-02"))
    both = pd.concat([mentors.assign(side="mentor"), mentees.assign(side="mentee")])
    found = goal_attainment(both, PAIRS)
    assert found.goals.set_index("side")["attainment"].to_dict() == {"mentor": 1.0, "mentee": 0.25}
    assert (len(found.goals), found.reached.n) == (2, 2)
    # Where nobody says whose they are, the same words are the same goal.
    told = goal_attainment(both.assign(side=pd.Series(None, index=both.index, dtype="str")), PAIRS)
    assert told.goals["attainment"].tolist() == [0.25]


def test_no_goals():
    found = goal_attainment(GOALS.iloc[:0], PAIRS)
    assert found.capped.reason == "there is no value"
    assert found.reached.reason == "there are no goals"


def test_the_load_of_the_weeks_ahead():
    gave = pd.DataFrame(
        {
            "person_id": ["m1", "m2", "m3", "s1", "s2", "s3", "s4"],
            "hours_per_month": [2.5, 2.0, None, 4, 4, 1, 4],
        }
    )
    found = load(PAIRS, gave, DUE, END, minutes=45)
    assert found.weeks["meetings"].tolist() == [4, 0, 4, 0, 4, 0, 4, 0]
    assert found.people == {"mentor": 3, "mentee": 4}
    assert found.hours["mentor"].n == 2
    assert (found.overbooked["mentor"].count, found.overbooked["mentor"].n) == (1, 2)
    assert (found.overbooked["mentee"].count, found.overbooked["mentee"].n) == (1, 4)


# Two waves: m1's pairs from 5 January every two weeks, the others from 2 February every week.
SECOND = dt.date(2026, 2, 2)
SPANS = {
    "first": Span(DUE, END),
    "second": Span([SECOND + dt.timedelta(days=7 * k) for k in range(4)], END),
}
WAVED = PAIRS.assign(
    wave=["first", "first", "second", "second"],
    begins=pd.to_datetime([START, START, SECOND, SECOND]).astype("datetime64[us]"),
)


class TestWaves:
    def test_meetings_are_due_from_the_start_of_a_pair_s_own_wave(self) -> None:
        found = rhythm(HELD, WAVED, DUE, END, waves=SPANS)
        both = [rhythm(HELD, WAVED[:2], DUE, END).weeks["due"]]
        alone = rhythm(HELD, WAVED[2:], SPANS["second"].due, END).weeks["due"]
        both.append(pd.Series([0] * 4 + alone.tolist()))
        assert found.weeks["due"].tolist() == sum(both).tolist()
        assert found.weeks["due"].sum() == 2 * 4 + 2 * 4

    def test_held_of_due_goes_by_what_each_pair_owes(self) -> None:
        found = rhythm(HELD, WAVED, DUE, END, as_of=dt.date(2026, 2, 15), waves=SPANS)
        # 3 of 4 meetings of the first wave are due by then, 2 of 4 of the second.
        shares = [2 / 3, 1 / 3, 1 / 2, 0]
        assert found.held_of_due.value == pytest.approx(np.mean(shares))

    def test_pairs_whose_wave_has_not_begun_have_no_share(self) -> None:
        found = rhythm(HELD, WAVED, DUE, END, as_of=dt.date(2026, 1, 18), waves=SPANS)
        assert found.held_of_due.n == 2

    def test_those_behind_a_share_are_those_whom_it_counts(self) -> None:
        for day in (dt.date(2026, 1, 18), dt.date(2026, 2, 10), None):
            found = rhythm(HELD, WAVED, DUE, END, as_of=day, waves=SPANS)
            assert len(found.begun) == found.held_of_due.n
        early, day = first_meeting(HELD, WAVED, START, 30, SECOND + dt.timedelta(9)), SECOND
        judged, in_time = met_in_time(HELD, WAVED, START, 30, day + dt.timedelta(9))
        assert (len(in_time), len(judged)) == (early.count, early.n)
        assert set(judged) == {("m1", "s1"), ("m1", "s2")}

    def test_one_wave_of_all_is_as_without_waves(self) -> None:
        pairs = PAIRS.assign(wave="first")
        plain, waved = (
            rhythm(HELD, PAIRS, DUE, END),
            rhythm(HELD, pairs, DUE, END, waves={"first": Span(DUE, END)}),
        )
        pd.testing.assert_frame_equal(plain.weeks, waved.weeks)
        assert plain.held_of_due == waved.held_of_due

    def test_a_first_meeting_has_its_days_from_the_pair_s_own_start(self) -> None:
        found = first_meeting(HELD, WAVED, START, 30)
        assert (found.count, found.n) == (3, 4)  # m2 with s3: three days after 2 February
        early = first_meeting(HELD, WAVED, START, 30, as_of=dt.date(2026, 2, 10))
        assert (early.count, early.n) == (2, 2)
        none = first_meeting(HELD, WAVED, START, 30, as_of=dt.date(2026, 1, 10))
        assert none.reason == "the 30 days are open until 2026-02-04"
