"""Answers are kept once, whole and durably, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from revmentor.checkin.database import database_url, open_store
from revmentor.checkin.links import Link
from revmentor.checkin.store import Form, Store
from revmentor.data.checkin_tables import (
    CIRCLES,
    HANDS,
    ITEMS,
    METADATA,
    NONCES,
    PULSE,
    SESSIONS,
    SUPPORT,
    WITHDRAWN,
    read_answers,
)  # fmt: skip
from revmentor.errors import InputError

DAY = dt.date(2026, 3, 2)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    opened = open_store(tmp_path, "c", url)
    yield opened
    opened.close()


def meeting(key: str, topic: str = "charts") -> Form:
    row = {"mentor_id": "m", "mentee_id": "s", "on": DAY, "status": "held", "minutes": 45,
           "topic": topic, "entered_by": "m"}  # fmt: skip
    return Form(key, "m", [(SESSIONS, row)])


def pulse(key: str, value: float, person: str = "m") -> Form:
    row = {"person_id": person, "partner_id": "s", "wave": "day30", "on": DAY,
           "support_needed": None, "comment": "x"}  # fmt: skip
    return Form(key, person, [(PULSE, row)], {"respect_1": value})


def count(store: Store, table: object) -> int:
    with store.reading() as connection:
        found = connection.scalar(select(func.count()).select_from(table))  # type: ignore[arg-type]
    return int(found or 0)


def test_a_form_that_is_sent_twice_is_stored_once(store: Store) -> None:
    assert store.keep(meeting("k1")) == "new"
    assert store.keep(meeting("k1")) == "again"
    assert store.keep(meeting("k1", "another topic")) == "other"
    assert store.keep(meeting("k2")) == "new"
    assert count(store, SESSIONS) == 2


def test_the_same_form_from_many_at_once_is_stored_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: store.keep(meeting("k1")), range(24)))
    assert sorted(kept) == ["again"] * 23 + ["new"]
    assert count(store, SESSIONS) == 1


def test_a_later_check_in_takes_the_place_of_the_earlier(store: Store) -> None:
    for key, value in (("k1", 1.0), ("k2", 5.0)):
        assert store.keep(pulse(key, value)) == "new"
    assert store.keep(pulse("k1", 1.0)) == "again"
    with store.reading() as connection:
        [row] = read_answers(connection, "c")["pulse"]
    assert row["respect_1"] == 5.0
    assert count(store, ITEMS) == 1


def test_the_support_of_a_check_in_is_that_of_its_latest_answer(store: Store) -> None:
    def asking(key: str, support: str) -> Form:
        form = pulse(key, 3.0)
        row = {"person_id": "m", "partner_id": "s", "text": support}
        return replace(form, rows=[*form.rows, (SUPPORT, row)]) if support else form

    row = {"person_id": "m", "partner_id": "s", "text": "a room"}
    store.keep(Form("alone", "m", [(SUPPORT, row)]))
    for key, support in (("k1", "a licence"), ("k2", "time")):
        store.keep(asking(key, support))
        assert [row["text"] for row in store.waiting("support")] == ["a room", support]
    assert store.keep(asking("k1", "a licence")) == "again"
    assert [row["text"] for row in store.waiting("support")] == ["a room", "time"]
    store.keep(asking("k3", ""))
    assert [row["text"] for row in store.waiting("support")] == ["a room"]
    assert (len(rows(store, "requests")), count(store, SUPPORT)) == (1, 3)
    # Of many at once one is the latest, and only its request waits.
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.keep(asking(f"p{n}", f"{n}")), range(16)))
    [row] = store.entered(PULSE, "m")
    assert [one["key"] for one in store.waiting("support")] == ["alone", row["key"]]


def test_many_answers_at_once_are_all_kept(store: Store) -> None:
    forms = [pulse(f"p{n}", 3.0, f"m{n % 20}") for n in range(60)]
    forms += [meeting(f"k{n}") for n in range(60)]
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(store.keep, forms)) == {"new"}
    assert (count(store, SESSIONS), count(store, PULSE), count(store, ITEMS)) == (60, 20, 20)
    assert count(store, NONCES) == 120


def test_text_of_any_kind_is_kept_as_it_is(store: Store) -> None:
    text = "'); DROP TABLE checkin_hands; -- \\ %s :x {0} =1+1 😀 <b>"
    row = {"person_id": text, "partner_id": None, "text": text}
    assert store.keep(Form("k", text, [(HANDS, row)])) == "new"
    [found] = store.waiting("hand")
    assert (found["text"], found["person_id"]) == (text, text)


def test_links_are_taken_back_and_made_anew(store: Store) -> None:
    assert store.link_of("m") == Link(1, False)
    store.revoke(["m", "s"])
    barred = Link(1, revoked=True, barred=True)
    assert store.links(["m", "s", "x"]) == {"m": barred, "s": barred, "x": Link()}
    assert store.reissue("m") == Link(2, False)
    assert store.reissue("m") == Link(3, False)
    store.revoke(["m"])
    assert store.link_of("m") == Link(3, revoked=True, barred=True)
    store.revoke_all(["m", "s", "x"])
    assert [link.barred for link in store.links(["m", "s", "x"]).values()] == [True, True, False]
    assert store.link_of("x") == Link(1, revoked=True)
    store.revoke(["x"])
    assert store.link_of("x").barred


def test_requests_wait_until_they_are_done(store: Store) -> None:
    for n in range(2):
        row = {"person_id": "m", "partner_id": None, "text": f"{n}"}
        store.keep(Form(f"k{n}", "m", [(HANDS, row)]))
    first, second = store.waiting("hand")
    store.finish("hand", first["id"])  # type: ignore[arg-type]
    store.finish("hand", 999)
    assert store.waiting("hand") == [second]


def test_who_asked_again_is_done_with_up_to_what_was_read(store: Store) -> None:
    for n, who in enumerate("mmsm"):
        row = {"person_id": who, "partner_id": None, "text": f"{n}"}
        store.keep(Form(f"k{n}", who, [(SUPPORT, row)]))
    first, second, other, unread = store.waiting("support")
    store.finish("support", second["id"])  # type: ignore[arg-type]
    assert store.waiting("support") == [other, unread]
    assert first["person_id"] == "m"


def test_something_is_used_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: store.use("n"), range(16))) == 1
    assert store.used("n")
    assert not store.used("m")


def test_another_cycle_in_the_same_database_sees_nothing(store: Store) -> None:
    store.keep(meeting("k1"))
    store.revoke(["m"])
    other = Store(store.engine, "other")
    assert other.entered(SESSIONS, "m") == []
    assert other.link_of("m") == Link()
    with other.reading() as connection:
        assert read_answers(connection, "other")["sessions"] == []


def test_first_answers_are_counted_by_day(store: Store) -> None:
    store.keep(pulse("k1", 1.0))
    tomorrow = dt.datetime.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(days=1)
    assert store.answered_before(tomorrow) == [("m", "s", "day30")]
    assert store.answered_before(tomorrow - dt.timedelta(days=2)) == []


def test_the_file_is_private_and_survives_power_cuts(tmp_path: Path) -> None:
    store = open_store(tmp_path, "c")
    store.keep(meeting("k1"))
    for path in (tmp_path / "checkin").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    with store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    store.close()


def test_many_that_start_at_once_find_one_set_of_tables(store: Store, tmp_path: Path) -> None:
    url = "" if store.engine.dialect.name == "sqlite" else store.engine.url.render_as_string(False)
    for folder in ("a", "b", "c"):
        METADATA.drop_all(store.engine)
        ready = threading.Barrier(6)

        def start(_: int, home: Path = tmp_path / folder, ready: threading.Barrier = ready) -> bool:
            ready.wait(20)
            opened = open_store(home, "c", url)
            try:
                return opened.use("once")
            finally:
                opened.close()

        with ThreadPoolExecutor(6) as pool:
            assert sorted(pool.map(start, range(6))) == [False] * 5 + [True], folder


def test_a_url_takes_any_password_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql+psycopg://me:${CHECKIN_PASSWORD}@host/name"
    with pytest.raises(InputError, match="CHECKIN_PASSWORD is not set"):
        database_url(tmp_path, url)
    monkeypatch.setenv("CHECKIN_PASSWORD", "a@b/c:d%20")
    assert database_url(tmp_path, url).password == "a@b/c:d%20"
    monkeypatch.setenv("CHECKIN_DB", "sqlite:///x")
    assert database_url(tmp_path, "${CHECKIN_DB}").database == "x"


def test_a_database_that_does_not_open_is_named_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHECKIN_PASSWORD", "very-secret")
    url = "postgresql+psycopg://me:${CHECKIN_PASSWORD}@127.0.0.1:1/name"
    with pytest.raises(InputError, match="cannot be opened") as wrong:
        open_store(tmp_path, "c", url)
    assert "secret" not in str(wrong.value)


def rows(store: Store, table: str) -> list[dict[str, object]]:
    with store.reading() as connection:
        return read_answers(connection, "c")[table]


def test_only_its_owner_takes_a_row_back_and_once(store: Store) -> None:
    hand = {"person_id": "m", "partner_id": "s", "text": "please call"}
    store.keep(Form("h", "m", [(HANDS, hand)]))
    assert not store.take_back(HANDS, 1, "s")
    assert not store.take_back(HANDS, 2, "m")
    assert (len(store.waiting("hand")), len(rows(store, "requests"))) == (1, 1)
    assert store.take_back(HANDS, 1, "m")
    assert store.take_back(HANDS, 1, "m")
    assert (store.waiting("hand"), rows(store, "requests")) == ([], [])
    assert (count(store, HANDS), count(store, WITHDRAWN)) == (1, 1)


def test_taking_back_moves_no_number_of_a_day_that_is_over(store: Store) -> None:
    day = dt.datetime(2026, 2, 16)

    def counted(days: int) -> int:
        return len(store.answered_before(day + dt.timedelta(days)))

    store.keep(pulse("a", 4.0), day + dt.timedelta(0.5))
    assert (counted(0), counted(1)) == (0, 1)
    store.take_back(PULSE, 1, "m", day + dt.timedelta(1.5))
    assert (counted(1), counted(2), rows(store, "pulse")) == (1, 0, [])
    store.keep(pulse("b", 3.0), day + dt.timedelta(1.6))
    assert (counted(1), counted(2)) == (1, 1)
    assert [row["respect_1"] for row in rows(store, "pulse")] == [3.0]
    store.take_back(PULSE, 1, "m", day + dt.timedelta(2.5))
    store.keep(pulse("c", 2.0), day + dt.timedelta(3.5))
    assert (counted(3), counted(4)) == (0, 1)


def test_a_store_of_before_is_read_as_ever(store: Store) -> None:
    store.keep(meeting("k1"))
    hand = {"person_id": "m", "partner_id": "s", "text": ""}
    store.keep(Form("k2", "m", [(HANDS, hand)]))
    with store.writing() as connection:
        WITHDRAWN.drop(connection)
        CIRCLES.drop(connection)
    assert len(rows(store, "sessions")) == 1
    assert [row["circle"] for row in rows(store, "requests")] == [None]
