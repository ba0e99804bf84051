"""What the check-in page keeps is read as the contract's tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, insert
from sqlalchemy.exc import IntegrityError

from revmentor.data.checkin_tables import (
    GOALS,
    ITEMS,
    METADATA,
    PULSE,
    SESSIONS,
    read_answers,
)

DAY = dt.date(2026, 3, 2)


def at(hour: int) -> dt.datetime:
    return dt.datetime(2026, 3, 2, hour)


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.connect() as open_one:
        yield open_one
    engine.dispose()


def session(key: str, by: str, status: str, hour: int, cycle: str = "c") -> dict[str, object]:
    return {"cycle": cycle, "mentor_id": "m", "mentee_id": "s", "on": DAY, "status": status,
            "minutes": 45, "topic": "charts", "entered_by": by, "entered_at": at(hour),
            "key": key}  # fmt: skip


def test_the_mentor_has_the_last_word_on_a_meeting(connection: Connection) -> None:
    rows = [session("1", "m", "held", 8), session("2", "m", "cancelled_by_mentee", 9),
            session("3", "s", "held", 10), session("4", "m", "held", 11, "other")]  # fmt: skip
    connection.execute(insert(SESSIONS), rows)
    [found] = read_answers(connection, "c")["sessions"]
    assert found == {"mentor_id": "m", "mentee_id": "s", "on": DAY,
                     "status": "cancelled_by_mentee", "minutes": 45, "topic": "charts"}  # fmt: skip


def test_a_key_is_stored_once(connection: Connection) -> None:
    connection.execute(insert(SESSIONS), session("1", "m", "held", 8))
    with pytest.raises(IntegrityError):
        connection.execute(insert(SESSIONS), session("1", "m", "held", 8))


def test_items_become_columns_and_goals_keep_the_later_word(connection: Connection) -> None:
    connection.execute(
        insert(PULSE),
        {"id": 7, "cycle": "c", "person_id": "m", "partner_id": "s", "wave": "day30", "on": DAY,
         "comment": "good", "first_at": at(8), "entered_at": at(8), "key": "p"},
    )  # fmt: skip
    connection.execute(insert(ITEMS), {"pulse_id": 7, "item": "respect_1", "value": 4.0})
    goal = {"cycle": "c", "mentor_id": "m", "mentee_id": "s", "goal": "a dashboard",
            "baseline": 1.0, "target": 5.0, "on": DAY, "entered_by": "s"}  # fmt: skip
    connection.execute(
        insert(GOALS),
        [goal | {"current": 2.0, "entered_at": at(8), "key": "g1"},
         goal | {"current": 3.0, "entered_at": at(9), "key": "g2"}],
    )  # fmt: skip
    found = read_answers(connection, "c")
    assert found["pulse"] == [{"person_id": "m", "partner_id": "s", "wave": "day30", "on": DAY,
                               "support_needed": None, "comment": "good",
                               "respect_1": 4.0}]  # fmt: skip
    assert [row["current"] for row in found["goals"]] == [3.0]


def test_the_same_goal_of_both_sides_is_two_goals(connection: Connection) -> None:
    goal = {"cycle": "c", "mentor_id": "m", "mentee_id": "s", "goal": "a dashboard",
            "baseline": 1.0, "target": 5.0, "on": DAY, "entered_at": at(8)}  # fmt: skip
    rows = [goal | {"current": 5.0, "entered_by": "m", "key": "g1"},
            goal | {"current": 1.0, "entered_by": "s", "key": "g2"}]  # fmt: skip
    connection.execute(insert(GOALS), rows)
    found = read_answers(connection, "c")["goals"]
    assert {row["side"]: row["current"] for row in found} == {"mentor": 5.0, "mentee": 1.0}
