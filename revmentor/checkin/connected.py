"""How is the database of a check-in page read and written: one writer, whole transactions?"""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, literal, select
from sqlalchemy.dialects import postgresql, sqlite

WRITES = "revmentor_writes"


def utc_now() -> dt.datetime:
    """The time in UTC, without an offset, as it is stored."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


class Connected:
    """One cycle in one database.

    Parameters
    ----------
    engine : Engine
        SQLite, where one writer at a time is let in, or PostgreSQL.
    cycle : str
    """

    def __init__(self, engine: Engine, cycle: str) -> None:
        self.engine, self.cycle = engine, cycle
        self._one_writer: contextlib.AbstractContextManager[object] = (
            threading.Lock() if engine.dialect.name == "sqlite" else contextlib.nullcontext()
        )
        self._upsert = (sqlite if engine.dialect.name == "sqlite" else postgresql).insert

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on the disk when the block has ended."""
        with self._one_writer, self.engine.connect() as bare:
            connection = bare.execution_options(**{WRITES: True})
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A view of the answers at one moment."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def answers(self) -> bool:
        """Does the database answer?"""
        with self.reading() as connection:
            return bool(connection.scalar(select(literal(1))) == 1)
