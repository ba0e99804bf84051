"""Which database has the answers: a private file, or a server, made ready for one cycle."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, select
from sqlalchemy.exc import SQLAlchemyError

from revmentor.checkin.connected import WRITES
from revmentor.checkin.store import Store
from revmentor.checkin.tokens import folder_of
from revmentor.data.checkin_tables import METADATA
from revmentor.data.database_address import database_url as named_url
from revmentor.errors import Fault, InputError
from revmentor.publish.atomic import PRIVATE_FILE

FILE = "answers.sqlite"
PATIENCE_S = 30.0
ONE_MAKER = int.from_bytes(b"revment")


def open_store(home: Path, cycle: str, database: str = "") -> Store:
    """Open the answers of a cycle; makes what is not there.

    Parameters
    ----------
    home : Path
        Folder of the cycle's results.
    cycle : str
    database : str
        `checkin.database`: empty for ``checkin/answers.sqlite`` (0600), else an SQLAlchemy URL.

    Raises
    ------
    InputError
        If a variable is not set, or the database cannot be opened: the URL is not told.
    """
    url = database_url(home, database)
    try:
        engine = _engine(url)
        _make_tables(engine)
    except (SQLAlchemyError, ImportError, OSError) as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        problem = f"the database of the check-in page cannot be opened ({kind})"
        cure = "check checkin.database, that its server runs, and that its user may make tables"
        raise InputError(Fault("no database", problem, cure, "checkin.database")) from None
    return Store(engine, cycle)


def database_url(home: Path, database: str = "") -> URL:
    """Where are the answers of this cycle: ``${NAME}`` is taken from the environment."""
    if not database:
        path = folder_of(home) / FILE
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, PRIVATE_FILE))
        return URL.create("sqlite", database=str(path))
    return named_url(database, "checkin.database")


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch to WAL; of two that do it at once SQLite refuses one at once, without patience."""
    last = time.monotonic() + PATIENCE_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                raise
            time.sleep(0.01)


def _make_tables(engine: Engine) -> None:
    """Of several programs that start at once one makes the tables; the others wait for them."""
    with engine.connect() as bare:
        connection = bare.execution_options(**{WRITES: True})
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(ONE_MAKER)))
            METADATA.create_all(connection)


def _engine(url: URL) -> Engine:
    # Answers are personal: an error message must not carry them.
    if url.get_backend_name() != "sqlite":
        return create_engine(
            url, hide_parameters=True, pool_size=10, max_overflow=20, pool_pre_ping=True
        )
    engine = create_engine(
        url, hide_parameters=True, pool_size=20, max_overflow=40,
        connect_args={"timeout": PATIENCE_S, "check_same_thread": False},
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def durable(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        cursor = connection.cursor()  # type: ignore[attr-defined]
        _write_ahead(cursor)
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later could find the database locked.
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
