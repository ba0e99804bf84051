"""Answers of the check-in page, read straight from its store into the contract's tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from small_company import Company, small_company

from revmentor.data import checkin_tables as store
from revmentor.data.home import Home

CYCLE = "spring"
FROM_PAGE: dict[str, Any] = {
    "data": {
        "items": {"pulse": ["respect_1", "respect_2"]},
        "tables": {name: {"checkin": True} for name in ("sessions", "pulse", "goals")},
    }
}
DAY = dt.date(2026, 2, 11)
NOW = dt.datetime(2026, 2, 11, 9, 30)
PAIR = {"mentor_id": "00003", "mentee_id": "00001", "on": DAY}


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return small_company(tmp_path)


@pytest.fixture
def home(company: Company) -> Home:
    return Home(company.folder / "outputs" / CYCLE)


def fill(url: str) -> None:
    """One meeting, one goal and one pulse answer of this cycle, and a meeting of another."""
    engine = sa.create_engine(url)
    store.METADATA.create_all(engine)
    meeting = {**PAIR, "status": "held", "minutes": 45, "topic": "=charts",
               "entered_by": "00003", "entered_at": NOW}  # fmt: skip
    with engine.begin() as made:
        made.execute(
            sa.insert(store.SESSIONS),
            [{**meeting, "cycle": CYCLE, "key": "a"}, {**meeting, "cycle": "other", "key": "b"}],
        )
        made.execute(
            sa.insert(store.GOALS).values(
                **PAIR, cycle=CYCLE, goal="Read a chart", baseline=1, target=4, current=2.5,
                skill="Python", entered_by="00001", entered_at=NOW, key="c",
            )
        )  # fmt: skip
        key = made.execute(
            sa.insert(store.PULSE).values(
                cycle=CYCLE, person_id="00001", partner_id="00003", wave="day30", on=DAY,
                comment="'); DROP TABLE checkin_pulse; --", first_at=NOW, entered_at=NOW, key="d",
            )
        ).inserted_primary_key[0]  # fmt: skip
        made.execute(sa.insert(store.ITEMS), [{"pulse_id": key, "item": "respect_1", "value": 4.0}])
    engine.dispose()


def check(company: Company, home: Home, over: dict[str, Any]) -> str:
    """All three tables hold what was answered in this cycle; returns the pulse's digest."""
    tables = company.load(over, cycle=CYCLE, home=home)
    (meeting,) = tables.sessions.to_dict("records")
    assert (meeting["mentor_id"], meeting["status"], meeting["minutes"]) == ("00003", "held", 45)
    assert (meeting["topic"], f"{meeting['on']:%F}") == ("=charts", "2026-02-11")
    assert tables.goals["current"].tolist() == [2.5]
    (answer,) = tables.pulse.to_dict("records")
    assert (answer["respect_1"], answer["comment"]) == (4, "'); DROP TABLE checkin_pulse; --")
    assert tables.pulse["respect_2"].isna().all()
    return tables.digests["pulse"]


def test_answers_are_read_from_the_store_beside_the_results(company: Company, home: Home) -> None:
    home.store.parent.mkdir(parents=True)
    url = f"sqlite:///{home.store}"
    fill(url)
    first = check(company, home, FROM_PAGE)
    assert check(company, home, FROM_PAGE) == first
    engine = sa.create_engine(url)
    with engine.begin() as changed:
        changed.execute(sa.update(store.ITEMS).values(value=5.0))
    engine.dispose()
    after = company.load(FROM_PAGE, cycle=CYCLE, home=home)
    assert after.digests["pulse"] != first
    assert after.report.table("pulse").source == "sqlite:answers.sqlite"


@pytest.mark.postgres
def test_answers_are_read_from_a_database_that_params_name(
    company: Company, home: Home, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(postgres_url)
    url = sa.make_url(postgres_url)
    monkeypatch.setenv("CHECKIN_PASSWORD", str(url.password))
    address = url.set(password="X").render_as_string(False).replace(":X@", ":${CHECKIN_PASSWORD}@")
    over = {**FROM_PAGE, "checkin": {"database": address}}
    check(company, home, over)
    told = company.load(over, cycle=CYCLE, home=home).report.text()
    assert "postgresql://127.0.0.1/" in told
    assert str(url.password) not in told


def test_what_waits_for_an_answer_is_read_without_its_words(company: Company, home: Home) -> None:
    home.store.parent.mkdir(parents=True)
    engine = sa.create_engine(f"sqlite:///{home.store}")
    store.METADATA.create_all(engine)
    hand = {"cycle": CYCLE, "person_id": "00003", "partner_id": "00001", "text": "in confidence"}
    later = NOW + dt.timedelta(days=2)
    with engine.begin() as made:
        made.execute(sa.insert(store.HANDS), [
            {**hand, "raised_at": NOW, "done_at": None, "key": "a"},
            {**hand, "raised_at": NOW, "done_at": later, "key": "b"},
            {**hand, "raised_at": NOW, "done_at": None, "key": "c", "cycle": "other"},
            {**hand, "raised_at": NOW, "done_at": None, "key": "d", "person_id": "gone"},
        ])  # fmt: skip
        row = {**hand, "asked_at": later, "partner_id": None, "key": "e"}
        made.execute(sa.insert(store.SUPPORT).values(row))
    engine.dispose()
    tables = company.load(cycle=CYCLE, home=home)
    assert tables.requests is not None
    assert tables.requests["kind"].tolist() == ["hand", "support"]
    assert tables.requests["partner_id"].isna().tolist() == [False, True]
    assert [f"{day:%F}" for day in tables.requests["on"]] == ["2026-02-11", "2026-02-13"]
    assert "in confidence" not in str(tables.requests.to_dict()) + str(tables.taken)
    assert "requests" in company.load(cycle=CYCLE).report.absent


def test_no_store_and_no_answers_are_no_table(company: Company, home: Home) -> None:
    assert company.load(FROM_PAGE, cycle=CYCLE, home=home).pulse is None
    assert company.load(FROM_PAGE, cycle=CYCLE).pulse is None
    home.store.parent.mkdir(parents=True)
    engine = sa.create_engine(f"sqlite:///{home.store}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE other (a text)")
    assert company.load(FROM_PAGE, cycle=CYCLE, home=home).pulse is None
    store.METADATA.create_all(engine)
    engine.dispose()
    found = company.load(FROM_PAGE, cycle=CYCLE, home=home)
    assert found.pulse is None
    assert set(found.report.absent) >= {"sessions", "pulse", "goals"}
    told = found.report.text()
    assert "\nnothing entered on the check-in page yet: sessions, goals, pulse" in told
    assert "goals" not in told.partition("not there: ")[2].partition("\n")[0]
