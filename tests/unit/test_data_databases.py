"""Tables that come from a query: read as text, only read, in time, without a password in sight."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import sqlalchemy as sa
from small_company import Company, make_params, small_company

from revmentor.data.home import Home, snapshot_files
from revmentor.errors import InputError
from revmentor.params.table_source import Source

SESSIONS = """\
mentor_id,mentee_id,on,status,minutes,topic
00003,00001,2026-02-11,held,45,=1+1
00004,00002,2026-02-12,missed,,
"""
QUERY = 'SELECT mentor_id, mentee_id, on_day AS "on", status, minutes, topic FROM meetings'
ROWS = (
    ("00003", "00001", "2026-02-11", "held", 45, "=1+1"),
    ("00004", "00002", "2026-02-12", "missed", None, ""),
)
MAKE = (
    "CREATE TABLE meetings (mentor_id text, mentee_id text, on_day date, status text, "
    "minutes integer, topic text)"
)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return small_company(tmp_path)


def sqlite_file(company: Company) -> str:
    with sqlite3.connect(company.folder / "hr.sqlite") as made:
        made.execute(MAKE)
        made.executemany("INSERT INTO meetings VALUES (?, ?, ?, ?, ?, ?)", ROWS)
    made.close()
    return "sqlite:///hr.sqlite"


def duckdb_file(company: Company) -> str:
    with duckdb.connect(str(company.folder / "hr.duckdb")) as made:
        made.execute(MAKE)
        made.executemany("INSERT INTO meetings VALUES (?, ?, ?, ?, ?, ?)", ROWS)
    return "duckdb:///hr.duckdb"


def postgresql(url: str) -> str:
    """The tests' PostgreSQL with the meetings; the address without its password."""
    engine = sa.create_engine(url)
    with engine.begin() as made:
        made.exec_driver_sql(MAKE)
        for row in ROWS:
            made.exec_driver_sql("INSERT INTO meetings VALUES (%s, %s, %s, %s, %s, %s)", row)
    engine.dispose()
    return (
        sa.make_url(url)
        .set(password="SECRET")
        .render_as_string(False)
        .replace("SECRET", "${HR_PASSWORD}")
    )


@pytest.fixture(params=["sqlite", "duckdb", pytest.param("postgresql", marks=pytest.mark.postgres)])
def address(
    request: pytest.FixtureRequest, company: Company, monkeypatch: pytest.MonkeyPatch
) -> str:
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        monkeypatch.setenv("HR_PASSWORD", str(sa.make_url(url).password))
        return postgresql(url)
    return sqlite_file(company) if request.param == "sqlite" else duckdb_file(company)


def asked(sql: str, database: str, **more: Any) -> dict[str, Any]:
    return {"data": {"tables": {"sessions": {"sql": sql, "database": database, **more}}}}


def test_a_query_gives_what_the_file_gives(company: Company, address: str) -> None:
    company.write("sessions.csv", SESSIONS)
    from_file = company.load().sessions
    found = company.load(asked(QUERY + " ORDER BY mentor_id", address))
    assert from_file is not None
    pd.testing.assert_frame_equal(found.sessions, from_file)
    told = found.report.table("sessions")
    assert (told.rows_read, told.rows_used) == (2, 2)
    assert told.source.startswith(address.partition(":")[0].partition("+")[0])
    assert "@" not in told.source


def test_typed_values_become_the_text_that_means_them(company: Company, address: str) -> None:
    query = """SELECT '00003' AS mentor_id, '00001' AS mentee_id, 'NULL' AS goal,
        CAST(2.50 AS decimal(5,2)) AS baseline, 1e3 AS target, 7 AS current,
        '2026-03-01' AS "on", '  ' AS skill, '50%' AS note"""
    over = {"data": {"tables": {"goals": {"sql": query, "database": address}}}}
    (row,) = company.load(over).goals.to_dict("records")
    assert row["goal"] == "NULL"
    assert (row["baseline"], row["target"], row["current"]) == (2.5, 1000, 7)
    assert pd.isna(row["skill"])
    assert row["note"] == "50%"


def test_a_percent_sign_and_a_colon_are_the_querys_own(company: Company, address: str) -> None:
    found = company.load(asked(QUERY + " WHERE status LIKE 'h%' AND topic <> ':x'", address))
    assert found.sessions["status"].tolist() == ["held"]


def test_the_digest_is_of_the_content(company: Company, address: str) -> None:
    ordered = QUERY + " ORDER BY mentor_id"
    first = company.load(asked(ordered, address)).digests["sessions"]
    assert company.load(asked(ordered, address)).digests["sessions"] == first
    fewer = company.load(asked(QUERY + " WHERE status = 'held'", address)).digests["sessions"]
    assert fewer != first


REFUSED = (
    "DELETE FROM meetings",
    "INSERT INTO meetings (mentor_id) VALUES ('x')",
    "DROP TABLE meetings",
    "SELECT 1; DROP TABLE meetings",
    "COMMIT; DELETE FROM meetings",
    "CREATE TABLE other (a text)",
    "SELEC mentor_id FROM meetings",
    "SELECT no_such FROM meetings",
    "SELECT * FROM nowhere",
)


def test_what_is_not_one_select_is_refused_and_changes_nothing(
    company: Company, address: str
) -> None:
    for sql in REFUSED:
        fault = company.fault(asked(sql, address))
        assert fault.kind == "wrong query", sql
        assert fault.column == "data.tables.sessions.sql"
        assert "one SELECT" in fault.cure
    assert len(company.load(asked(QUERY, address)).sessions) == 2


def test_a_query_cannot_write_files(company: Company) -> None:
    target = company.folder / "copied"
    for database, sql in (
        (sqlite_file(company), f"VACUUM INTO '{target}'"),
        ("sqlite:///hr.sqlite", f"ATTACH '{target}' AS other"),
        (duckdb_file(company), f"COPY meetings TO '{target}'"),
    ):
        assert company.fault(asked(sql, database)).kind == "wrong query"
    assert not target.exists()


def test_duckdb_reads_no_other_file(company: Company) -> None:
    sql = f"SELECT * FROM read_csv('{company.folder / 'people.csv'}')"
    fault = company.fault(asked(sql, duckdb_file(company)))
    assert fault.kind == "wrong query"


def test_a_query_that_takes_too_long_is_stopped(company: Company, address: str) -> None:
    slow = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
        "SELECT count(*) FROM n"
    )
    fault = company.fault(asked(slow, address, seconds=1))
    assert fault.kind == "slow query"
    assert "seconds" in fault.cure


def test_a_file_that_is_not_there_is_not_made(company: Company) -> None:
    for kind in ("sqlite", "duckdb"):
        fault = company.fault(asked("SELECT 1", f"{kind}:///absent.db"))
        assert (fault.kind, fault.file) == ("missing file", "absent.db")
    assert not (company.folder / "absent.db").exists()


def test_a_variable_that_is_not_set_is_named(company: Company) -> None:
    fault = company.fault(asked("SELECT 1", "postgresql://u:${NO_SUCH_VARIABLE}@localhost/hr"))
    assert fault.kind == "missing variable"
    assert "NO_SUCH_VARIABLE" in fault.problem
    assert fault.file == "data.tables.sessions.database"


def test_no_server_is_told_with_what_to_check(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HR_PASSWORD", "s3cret")
    # Nothing listens on the port of discarded messages.
    fault = company.fault(asked("SELECT 1", "postgresql://u:${HR_PASSWORD}@127.0.0.1:9/hr"))
    assert (fault.kind, fault.file) == ("no connection", "postgresql://127.0.0.1/hr")
    assert "s3cret" not in str(fault)


def test_a_missing_driver_and_another_kind_are_told(company: Company) -> None:
    driver = company.fault(asked("SELECT 1", "postgresql+psycopg2://u@localhost/hr"))
    assert driver.kind == "missing driver"
    assert "postgresql+psycopg://" in driver.cure
    kind = company.fault(asked("SELECT 1", "mysql://u@localhost/hr"))
    assert "sqlite, duckdb and postgresql" in kind.problem


@pytest.mark.postgres
def test_a_wrong_password_is_told_without_it(
    company: Company, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HR_PASSWORD", "wr@ng/:pass")
    fault = company.fault(asked("SELECT 1", postgresql(postgres_url)))
    assert fault.kind == "no connection"
    assert "wr@ng" not in str(fault)


@pytest.mark.postgres
def test_a_value_of_a_person_is_not_in_the_message(
    company: Company, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HR_PASSWORD", str(sa.make_url(postgres_url).password))
    sql = "SELECT CAST('Ann ' || mentor_id AS integer) FROM meetings"
    fault = company.fault(asked(sql, postgresql(postgres_url)))
    assert "Ann" not in str(fault)
    assert "22P02" in fault.problem


@pytest.mark.parametrize(
    "database",
    ["postgresql://u:pa55@h/d", "postgresql://u:pa55@rd@h/d", "postgresql://h/d?password=pa55"],
)
def test_a_password_in_the_params_is_refused_and_not_shown(database: str) -> None:
    with pytest.raises(ValueError, match="a password stands in the address") as refused:
        make_params(asked("SELECT 1", database))
    (said,) = refused.value.errors(include_input=False)  # type: ignore[attr-defined]
    assert "pa55" not in said["msg"]


def test_a_table_has_one_source() -> None:
    with pytest.raises(ValueError, match="path and sql are both given"):
        make_params(asked("SELECT 1", "sqlite:///a.db", path="mine.csv"))
    with pytest.raises(ValueError, match="sql and checkin are given"):
        make_params(asked("SELECT 1", "sqlite:///a.db", checkin=True))
    with pytest.raises(ValueError, match="sql is given and database is not"):
        make_params({"data": {"tables": {"sessions": {"sql": "SELECT 1"}}}})
    with pytest.raises(ValueError, match="does not say where the table comes from"):
        Source()
    with pytest.raises(ValueError, match="people are read from one file"):
        make_params({"data": {"tables": {"people": {"files": [{"path": "a.csv"}]}}}})
    with pytest.raises(ValueError, match="does not ask for skills"):
        make_params({"data": {"tables": {"skills": {"checkin": True}}}})


def test_what_a_run_has_read_stays_as_it_was(company: Company, address: str) -> None:
    over = asked(QUERY + " ORDER BY mentor_id", address)
    first = company.load(over)
    home = Home(company.folder, snapshot=company.folder / "run")
    (company.folder / "run").mkdir()
    for name, text in snapshot_files(first.taken).items():
        (company.folder / "run" / name).write_text(text, encoding="utf-8")
    over["data"]["tables"]["sessions"]["sql"] = QUERY + " WHERE status = 'held'"
    again = company.load(over, home=home)
    pd.testing.assert_frame_equal(again.sessions, first.sessions)
    assert again.digests == first.digests
    assert len(company.load(over).sessions) == 1


def test_a_list_of_values_needs_another_separator(company: Company) -> None:
    sql = "SELECT ['a;b', 'c'] AS topic"
    fault = company.fault(asked(sql, duckdb_file(company)))
    assert fault.kind == "column type"
    with pytest.raises(InputError, match="bytes"):
        company.load(asked("SELECT 'x'::BLOB AS topic", "duckdb:///hr.duckdb"))


@pytest.mark.postgres
def test_types_of_postgresql_become_text_or_are_refused(
    company: Company, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HR_PASSWORD", str(sa.make_url(postgres_url).password))
    database = postgresql(postgres_url)
    sql = """SELECT '00003' AS person_id, 'mentor' AS side,
        ARRAY['Python', 'SQL'] AS skills_offered, true AS flag, 2 AS capacity,
        NUMERIC '1.50' AS weight, DATE '2026-01-02' AS applied_on,
        TIMESTAMPTZ '2026-01-02 10:00+00' AS at, gen_random_uuid() AS token, NULL AS wishes"""
    source = {"sql": sql, "database": database}
    over = {"data": {"tables": {"applications": source}}}
    (row,) = company.load(over).applications.to_dict("records")
    assert (row["person_id"], row["capacity"], row["skills_offered"]) == (
        "00003", 2, ("Python", "SQL"),
    )  # fmt: skip
    assert (row["flag"], row["weight"], row["wishes"]) == ("TRUE", "1.50", ())
    assert f"{row['applied_on']:%F}" == "2026-01-02"
    source["sql"] = (
        "SELECT '00003' AS person_id, 'mentor' AS side, '{}'::json AS more, 'a'::bytea AS b"
    )
    found = company.faults(over)
    assert [(fault.kind, fault.column) for fault in found] == [
        ("column type", "more"),
        ("column type", "b"),
    ]
