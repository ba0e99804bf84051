"""Pairs in time: each sign appears on the day that it should, for the reason that it should."""

from __future__ import annotations

import datetime as dt
import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revmentor.metrics.health import SIGNS, base_rates, pair_facts, screen, this_week
from revmentor.params.review import Review

START, END = dt.date(2026, 1, 5), dt.date(2026, 7, 3)
PAIRS = pd.DataFrame({"mentor_id": ["J1", "J2"], "mentee_id": ["S1", "S2"]})
ITEMS = ["compassion_1", "compassion_2", "respect_1", "respect_2"]
STATUSES = ("held", "cancelled_by_mentor", "cancelled_by_mentee", "missed")


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def sessions(*rows: tuple[int, str], pair: tuple[str, str] = ("J1", "S1")) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "mentor_id": [pair[0]] * len(rows),
            "mentee_id": [pair[1]] * len(rows),
            "on": pd.to_datetime([day(number) for number, _ in rows]).astype("datetime64[us]"),
            "status": [status for _, status in rows],
        }
    )


def pulse(*rows: tuple[str, str, str, int, float, str | None]) -> pd.DataFrame:
    """person, partner, wave, day, level of every item, support asked for."""
    table = pd.DataFrame(
        {
            "person_id": [row[0] for row in rows],
            "partner_id": [row[1] for row in rows],
            "wave": [row[2] for row in rows],
            "on": pd.to_datetime([day(row[3]) for row in rows]).astype("datetime64[us]"),
            "support_needed": pd.array([row[5] for row in rows], dtype="str"),
        }
    )
    return table.assign(**{item: [row[4] for row in rows] for item in ITEMS})


def look(as_of: int, **tables: pd.DataFrame) -> pd.DataFrame:
    facts = pair_facts(PAIRS, as_of=day(as_of), start=START, items=ITEMS, **tables)
    return screen(
        facts,
        as_of=day(as_of),
        start=START,
        end=END,
        first_meeting_within_days=30,
        thresholds=Review(),
    )


def signs(table: pd.DataFrame, pair: tuple[str, str] = ("J1", "S1")) -> set[str]:
    return {name for name in SIGNS if table.loc[pair, name]}


def test_a_pair_without_a_meeting_is_flagged_from_the_thirtieth_day_on() -> None:
    meets = sessions((29, "held"), pair=("J2", "S2"))
    assert signs(look(29, sessions=meets)) == set()
    flagged = look(30, sessions=meets)
    assert signs(flagged) == {"no_first_meeting"}
    assert signs(flagged, ("J2", "S2")) == set()
    assert flagged.loc[("J1", "S1"), "reasons"] == ("no meeting yet, 30 days after the start",)
    assert "first meeting" in flagged.loc[("J1", "S1"), "action"]
    assert look(60, sessions=meets).loc[("J1", "S1"), "action"].startswith("rematch")


def test_two_cancellations_in_a_row_by_the_senior_are_a_red_flag() -> None:
    rows = [(3, "held"), (17, "cancelled_by_mentee"), (31, "cancelled_by_mentee")]
    table = look(35, sessions=sessions(*rows))
    assert signs(table) == {"senior_cancels"}
    assert table.loc[("J1", "S1"), "red"] == 1
    assert "2 times in a row" in table.loc[("J1", "S1"), "reasons"][0]
    assert signs(look(20, sessions=sessions(*rows))) == set()
    again = look(50, sessions=sessions(*rows, (45, "cancelled_by_mentee")))
    assert again.loc[("J1", "S1"), "action"].startswith("rematch")


@pytest.mark.parametrize("between", ["held", "cancelled_by_mentor", "missed"])
def test_a_row_of_cancellations_ends_with_anything_else(between: str) -> None:
    rows = [(3, "held"), (10, "cancelled_by_mentee"), (17, between), (24, "cancelled_by_mentee")]
    assert "senior_cancels" not in signs(look(25, sessions=sessions(*rows)))


@given(st.lists(st.sampled_from(STATUSES), max_size=9))
@settings(max_examples=80, deadline=None)
def test_the_streak_is_what_a_loop_counts(statuses: list[str]) -> None:
    table = look(150, sessions=sessions(*((7 * k, s) for k, s in enumerate(statuses))))
    tail = itertools.takewhile(lambda s: s == "cancelled_by_mentee", reversed(statuses))
    assert table.loc[("J1", "S1"), "cancelled_in_a_row"] == len(list(tail))
    assert table.loc[("J1", "S1"), "held"] == statuses.count("held")
    assert table.loc[("J2", "S2"), "cancelled_in_a_row"] == 0


def test_a_pair_that_fell_silent_is_flagged() -> None:
    meets = sessions((3, "held"))
    assert "silent" not in signs(look(44, sessions=meets))
    assert "silent" in signs(look(45, sessions=meets))


def test_a_falling_pulse_and_a_disagreement_are_flagged_by_side() -> None:
    answers = pulse(
        ("J1", "S1", "day30", 30, 4.0, None),
        ("S1", "J1", "day30", 30, 4.0, None),
        ("J1", "S1", "day60", 60, 3.0, None),
        ("S1", "J1", "day60", 60, 4.0, "a fixed slot"),
        ("J2", "S2", "day30", 30, 4.0, None),
        ("J2", "S2", "day60", 60, 3.6, None),
    )
    early, late = look(40, pulse=answers), look(65, pulse=answers)
    assert signs(early) == set()
    assert signs(late) == {"falling_pulse", "disagreement", "support_asked"}
    assert late.loc[("J1", "S1"), "falling_side"] == "mentor"
    assert late.loc[("J1", "S1"), "gap"] == pytest.approx(-1.0)
    assert "the pulse of the mentor fell by 1.0 points" in late.loc[("J1", "S1"), "reasons"]
    assert "the mentor sees it 1.0 points lower" in late.loc[("J1", "S1"), "reasons"][1]
    assert signs(late, ("J2", "S2")) == set()


def test_a_change_is_against_the_wave_that_the_person_answered_before() -> None:
    answers = pulse(
        ("J1", "S1", "day30", 30, 4.0, None),
        ("S1", "J1", "day60", 60, 4.0, None),
        ("J1", "S1", "day90", 90, 3.2, None),
        ("S1", "J1", "day90", 90, 4.1, None),
    )
    table = look(95, pulse=answers)
    assert table.loc[("J1", "S1"), "mentor_change"] == pytest.approx(-0.8)
    assert table.loc[("J1", "S1"), "mentee_change"] == pytest.approx(0.1)


def test_nobody_answers() -> None:
    answers = pulse(("J2", "S2", "day30", 30, 4.0, None))
    table = look(35, pulse=answers)
    assert signs(table) == {"no_answer"}
    assert signs(table, ("J2", "S2")) == set()


def test_goals_training_and_leavers() -> None:
    goals = pd.DataFrame(
        {
            "mentor_id": ["J1"],
            "mentee_id": ["S1"],
            "goal": ["g"],
            "baseline": [0.0],
            "target": [10.0],
            "current": [2.0],
            "on": pd.to_datetime([day(80)]),
        }
    )
    training = pd.DataFrame(
        {
            "person_id": ["J1", "S1", "S1", "J2"],
            "module": ["feedback", "feedback", "goals", "feedback"],
            "status": ["invited", "completed", "excused", "completed"],
            "on": pd.to_datetime([day(0)] * 4),
        }
    )
    outcomes = pd.DataFrame({"person_id": ["J2", "S2"], "left_on": pd.to_datetime([day(50), None])})
    table = look(100, goals=goals, training=training, outcomes=outcomes)
    assert signs(table) == {"behind", "untrained"}
    assert table.loc[("J1", "S1"), "untrained_side"] == "mentor"
    attended = training.replace({"status": {"invited": "attended"}})
    assert "untrained" in signs(look(100, training=attended)), "attended is not completed"
    assert signs(table, ("J2", "S2")) == {"left"}
    assert table.loc[("J2", "S2"), "action"] == "rematch"
    assert table.loc[("J2", "S2"), "health"] == 0
    assert signs(look(49, outcomes=outcomes), ("J2", "S2")) == set()


def test_the_list_of_the_week_has_the_worst_first_and_nobody_who_is_well() -> None:
    meets = sessions((3, "held"), (40, "cancelled_by_mentee"), (54, "cancelled_by_mentee"))
    table = look(58, sessions=pd.concat([meets, sessions((50, "held"), pair=("J2", "S2"))]))
    week = this_week(table, 10)
    assert week["mentor_id"].tolist() == ["J1"]
    assert week["health"].tolist() == [45]
    both = this_week(look(60), 1)
    assert len(both) <= 1


def asked(*rows: tuple[str, str | None, str]) -> pd.DataFrame:
    """Who, about whom, hand or support: waiting since the start."""
    return pd.DataFrame(
        {
            "person_id": [row[0] for row in rows],
            "partner_id": pd.array([row[1] for row in rows], dtype="str"),
            "kind": [row[2] for row in rows],
            "on": pd.Timestamp(START),
        }
    )


def test_a_raised_hand_goes_before_everything_and_says_nothing_of_health() -> None:
    meets = pd.concat([sessions((3, "held")), sessions((50, "held"), pair=("J2", "S2"))])
    left = pd.DataFrame({"person_id": ["J1"], "left_on": pd.to_datetime([day(10)])})
    table = look(58, sessions=meets, outcomes=left, requests=asked(("S2", "J2", "hand")))
    assert signs(table, ("J2", "S2")) == {"hand"}
    assert this_week(table, 10)["mentor_id"].tolist() == ["J2", "J1"]
    row = table.loc[("J2", "S2")]
    assert (row["health"], row["red"], row["hand_side"]) == (100, 0, "mentee")
    assert row["reasons"] == ("the mentee raised a hand in confidence",)
    assert row["action"].startswith("open the coordinator's page")
    assert row["action"].endswith("the mentee")
    # Nobody's hand falls off a short list, and somebody who left may have raised one before.
    both = asked(("J1", "S1", "hand"), ("J2", None, "hand"))
    table = look(58, sessions=meets, outcomes=left, requests=both)
    assert len(this_week(table, 1)) == 2
    assert signs(table) == {"left", "hand"}
    assert "coordinator's page" in table.loc[("J1", "S1"), "action"]


def test_a_hand_raised_about_a_circle_is_no_sign_of_the_pair() -> None:
    hands = asked(("S2", None, "hand"), ("J1", "S1", "hand")).assign(circle=["Data", None])
    table = look(58, requests=hands)
    assert "hand" not in signs(table, ("J2", "S2"))
    assert "hand" in signs(table, ("J1", "S1"))


def test_support_that_waits_is_the_sign_of_support_whoever_asked() -> None:
    told = pulse(("J1", "S1", "day30", 20, 4.0, "time"), ("S1", "J1", "day30", 20, 4.0, None))
    table = look(25, pulse=told, requests=asked(("S1", "J1", "support"), ("S2", "J2", "support")))
    assert table.loc[("J1", "S1"), "support_side"] == "both"
    assert table.loc[("J2", "S2"), "support_side"] == "mentee"
    assert "hand" not in signs(table)


def test_reasons_name_nobody() -> None:
    table = look(70, sessions=sessions((3, "held")))
    words = " ".join(reason for reasons in table["reasons"] for reason in reasons)
    for ident in ("J1", "J2", "S1", "S2"):
        assert ident not in words


def test_base_rates_are_bayes_rule_counted_out() -> None:
    rates = base_rates(0.2, 0.4, 0.75)
    hits, alarms = 0.4 * 200, 0.25 * 800
    assert rates.right == pytest.approx(hits / (hits + alarms))
    assert base_rates(0.0).right == 0.0


def test_a_pair_is_as_old_as_its_own_wave() -> None:
    ends = pd.to_datetime([END, day(90)]).astype("datetime64[us]")
    begins = pd.to_datetime([day(60), START]).astype("datetime64[us]")
    pairs = PAIRS.assign(begins=begins, ends=ends)
    meets = sessions((10, "held"), pair=("J2", "S2"))

    def seen(as_of: int) -> pd.DataFrame:
        facts = pair_facts(pairs, as_of=day(as_of), start=START, sessions=meets)
        return screen(
            facts,
            as_of=day(as_of),
            start=START,
            end=END,
            first_meeting_within_days=30,
            thresholds=Review(),
        )

    assert signs(seen(40)) == set()  # its wave has not begun
    assert signs(seen(89)) == set()
    assert signs(seen(90)) == {"no_first_meeting"}
    assert seen(90).loc[("J1", "S1"), "reasons"] == ("no meeting yet, 30 days after the start",)
    assert "close" not in seen(90).loc[("J2", "S2"), "action"]
    assert seen(91).loc[("J2", "S2"), "action"].startswith("close")
    assert not seen(91).loc[("J1", "S1"), "action"].startswith("close")
