"""What a query or the check-in page's store gives, as a text table."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from revmentor.data.columns import TableContract
from revmentor.data.database import Database, alarm
from revmentor.data.plaintext import NoTextError, joined, plain_text
from revmentor.data.reading import Grid, RawTable, Reading, tidy
from revmentor.errors import Fault, InputError

_BATCH = 10_000
_NO_TABLE = "42P01"


def read_query(database: Database, sql: str, reading: Reading) -> RawTable:
    """What does the query give, as text? Nothing is added to it, and nothing is put into it.

    Raises
    ------
    InputError
        No connection, a query that is refused or too slow, columns whose type has no plain text.
    """
    if database.url.get_backend_name() == "duckdb":
        names, rows = _duckdb(database, sql)
    else:
        with database.connect() as connection:
            options = {"no_parameters": True}
            if connection.dialect.name == "postgresql":
                # A cursor takes one statement that gives rows, and no other.
                options["stream_results"] = True
            asked = connection.execution_options(**options).exec_driver_sql(sql)
            if not asked.returns_rows:
                raise InputError(database.wrong_query("it gives no rows"))
            names = list(asked.keys())
            rows = [tuple(row) for part in asked.partitions(_BATCH) for row in part]
    return as_text(names, rows, reading, database.label)


def as_text(
    names: Sequence[str], rows: Sequence[Sequence[object]], reading: Reading, label: str
) -> RawTable:
    """Typed rows as a text table; its digest is of the texts, so it changes when they do.

    A missing value (NULL) and an empty text are both *no value*; every other text is kept.
    """
    faults = []
    columns: list[list[str]] = []
    for position, name in enumerate(names):
        try:
            cells = [row[position] for row in rows]
            columns.append([_cell(value, reading.list_separator) for value in cells])
        except NoTextError as error:
            cure = "make it text, a number, a date or a list of text in the query"
            faults.append(Fault("column type", str(error), cure, label, None, name))
    if faults:
        raise InputError(faults)
    records = [list(record) for record in zip(*columns, strict=True)]
    print_of = hashlib.sha256()
    for record in (list(names), *records):
        print_of.update(repr(record).encode())
    several = {
        (index, position): index + 2
        for position, column in enumerate(columns)
        for index, cell in enumerate(column)
        if "\n" in cell.strip()
    }
    return tidy(Grid(list(names), records, several_lines=several), reading, print_of.hexdigest())


def _cell(value: object, list_separator: str) -> str:
    if isinstance(value, list | tuple):
        return joined(value, list_separator)
    return plain_text(value)


def _duckdb(database: Database, sql: str) -> tuple[list[str], list[tuple[object, ...]]]:
    """By DuckDB's own connection: it needs no driver, reads no other file and loads nothing."""
    import duckdb

    closed: dict[str, str | bool | int | float | list[str]]
    closed = {"enable_external_access": "false", "autoinstall_known_extensions": "false"}
    try:
        with (
            duckdb.connect(str(database.url.database), read_only=True, config=closed) as connection,
            alarm(database.seconds, connection.interrupt),
        ):
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise InputError(database.wrong_query("it is not one SELECT"))
            asked = connection.execute(statements[0])
            names = [str(column[0]) for column in asked.description or ()]
            return names, asked.fetchall()
    except duckdb.InterruptException:
        raise InputError(database.too_slow()) from None
    except duckdb.ConversionException:
        raise InputError(database.wrong_query("a value cannot be converted")) from None
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise InputError(database.wrong_query(first)) from None


def read_checkin(
    database: Database, contract: TableContract, cycle: str, reading: Reading
) -> RawTable | None:
    """What has been answered on the check-in page for this table? None if nothing yet.

    Raises
    ------
    InputError
        No connection to the store.
    """
    from sqlalchemy.exc import DBAPIError

    from revmentor.data.checkin_tables import read_answers

    with database.connect() as connection:
        try:
            rows = read_answers(connection, cycle)[contract.name]
        except DBAPIError as error:
            # Nobody has opened the page yet, so it has not made its tables.
            fresh = getattr(error.orig, "sqlstate", "") == _NO_TABLE
            if fresh or "no such table" in str(error.orig):
                return None
            raise
    if not rows:
        return None
    answered = dict.fromkeys(name for row in rows for name in row)
    names = list(dict.fromkeys((*contract.names, *sorted(answered))))
    cells = [tuple(row.get(name) for name in names) for row in rows]
    return as_text(names, cells, reading, database.label)
