"""A database that params name: read only, within a time, and without a password in sight."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from revmentor.data.database_address import database_url, refused
from revmentor.errors import Fault, InputError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

_KNOWN = "sqlite, duckdb and postgresql"
# What a query may do in SQLite; everything else, writing files included, is denied.
_MAY = frozenset(
    (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
)
# PostgreSQL's classes of messages that speak of the query or the connection, not of a value.
_TELLING = ("08", "28", "3D", "42", "53", "57")


@dataclass(frozen=True)
class Database:
    """A database and how it is called in messages.

    Parameters
    ----------
    url : sqlalchemy.URL
        With its password; never shown.
    label : str
        Kind, server and name: what messages, reports and logs say.
    param : str
        Where params name it.
    seconds : int
        The longest that a query may take.
    """

    url: URL
    label: str
    param: str
    seconds: int

    @classmethod
    def of(cls, address: str, folder: Path, param: str, seconds: int) -> Database:
        """The database that params name; ``${NAME}`` is taken from the environment.

        Parameters
        ----------
        address : str
            SQLAlchemy's URL of SQLite, DuckDB or PostgreSQL.
        folder : Path
            Where a relative path of a database in a file starts.
        param : str
            Where params name it, for messages.
        seconds : int
            The longest that a query may take.

        Raises
        ------
        InputError
            No such variable, no such file, an address that is none, another kind of database.
        """
        url = database_url(address, param)
        kind = url.get_backend_name()
        if kind not in ("sqlite", "duckdb", "postgresql"):
            cure = f"use one of {_KNOWN}, or export the table to a file"
            raise refused("database", f"no {kind} is read, only {_KNOWN}", cure, param)
        if kind == "postgresql" and url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        if kind == "postgresql":
            return cls(url, f"postgresql://{url.host or ''}/{url.database or ''}", param, seconds)
        path = folder / (url.database or "")
        if not path.is_file():
            problem = "there is no such database file"
            raise InputError(
                Fault("missing file", problem, f"correct {param}", str(url.database or ""))
            )
        return cls(url.set(database=str(path)), f"{kind}:{path.name}", param, seconds)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection that cannot write, and whose queries end in time.

        Raises
        ------
        InputError
            No connection, a missing driver, or a query that the database refuses.
        """
        from sqlalchemy import create_engine
        from sqlalchemy.exc import DBAPIError
        from sqlalchemy.pool import NullPool

        try:
            if self.url.get_backend_name() == "sqlite":
                engine = create_engine("sqlite://", creator=self._sqlite, poolclass=NullPool)
            else:
                engine = create_engine(
                    self.url, connect_args=self._postgresql(), poolclass=NullPool
                )
        except ModuleNotFoundError as error:
            cure = "write postgresql+psycopg://, whose driver comes with the workbench"
            problem = f"the driver {error.name} is not installed"
            raise refused("missing driver", problem, cure, self.param) from None
        try:
            with engine.connect() as connection, self._stopped(connection):
                yield connection
        except DBAPIError as error:
            raise InputError(self._fault(error)) from None
        finally:
            engine.dispose()

    def _sqlite(self) -> sqlite3.Connection:
        where = f"file:{quote(str(self.url.database))}?mode=ro"
        connection = sqlite3.connect(where, uri=True, check_same_thread=False, timeout=10)
        connection.set_authorizer(_allowed)
        return connection

    def _postgresql(self) -> dict[str, Any]:
        ms = self.seconds * 1000
        wanted = f"-c default_transaction_read_only=on -c statement_timeout={ms}"
        return {"options": wanted, "connect_timeout": 10, "application_name": "revmentor"}

    @contextmanager
    def _stopped(self, connection: Connection) -> Iterator[None]:
        """Interrupt SQLite when the time is over; PostgreSQL does so by itself."""
        if connection.dialect.name != "sqlite":
            yield
            return
        raw: Any = connection.connection.dbapi_connection
        with alarm(self.seconds, raw.interrupt):
            yield

    def _fault(self, error: Any) -> Fault:
        """What the database said, as far as it tells of the query and not of a value in it."""
        from sqlalchemy.exc import OperationalError

        said = " ".join(str(error.orig).split())
        state = getattr(error.orig, "sqlstate", None)
        diag = getattr(error.orig, "diag", None)
        message = getattr(diag, "message_primary", None) or said
        if state == "57014" or said == "interrupted":
            return self.too_slow()
        if state is None and isinstance(error, OperationalError) and not _of_sqlite(error):
            problem = f"there is no connection ({self._bare(message)})"
            cure = "check that the server runs, its name and port, user and password"
            return Fault("no connection", problem, cure, self.label, None, self.param)
        if state is not None and not state.startswith(_TELLING):
            message = f"SQLSTATE {state}"
        if said == "not authorized" or "read-only" in said:
            message = "it would do more than read"
        return self.wrong_query(message)

    def too_slow(self) -> Fault:
        """What to say of a query that took too long."""
        problem = f"the query took longer than {self.seconds} seconds and was stopped"
        cure = f"narrow the query, or allow more with {self.param.rpartition('.')[0]}.seconds"
        return Fault("slow query", problem, cure, self.label, None, self.param)

    def wrong_query(self, message: str) -> Fault:
        """What to say of a query that the database refuses."""
        problem = f"the database refuses the query: {self._bare(message)}"
        cure = "try the query in the database's own program; it must be one SELECT"
        where = self.param.rpartition(".")[0]
        return Fault("wrong query", problem, cure, self.label, None, f"{where}.sql")

    def _bare(self, message: str) -> str:
        password = self.url.password
        text = message.replace(str(password), "***") if password else message
        return " ".join(text.split())[:200].rstrip(".")


@contextmanager
def alarm(seconds: float, stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` from another thread if the block takes longer."""
    timer = Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _allowed(action: int, name: str | None, value: str | None, *_: object) -> int:
    # SQLAlchemy asks for this setting when it connects.
    asks = action == sqlite3.SQLITE_PRAGMA and name == "read_uncommitted" and value is None
    return sqlite3.SQLITE_OK if asks or action in _MAY else sqlite3.SQLITE_DENY


def _of_sqlite(error: Any) -> bool:
    return isinstance(error.orig, sqlite3.Error)
