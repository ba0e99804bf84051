"""What a query or the check-in page's store gives, as a text table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from revmentor.data.columns import TableContract
from revmentor.data.database import Database, alarm
from revmentor.data.plaintext import NoTextError, joined, plain_text
from revmentor.data.reading import Grid, RawTable, Reading, tidy
from revmentor.errors import Fault, InputError

Answers = dict[str, list[dict[str, object]]]
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
            columns.append(_texts([row[position] for row in rows], reading.list_separator))
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


def _texts(cells: Sequence[object], list_separator: str) -> list[str]:
    """The text of each value; each different one is made once."""
    made: dict[tuple[type, object], str] = {}
    texts = []
    for value in cells:
        if isinstance(value, list | tuple):
            texts.append(joined(value, list_separator))
            continue
        if value.__hash__ is None:
            texts.append(plain_text(value))
            continue
        # 1, 1.0 and True are equal, and not the same text.
        key = (type(value), value)
        text = made.get(key)
        if text is None:
            text = made[key] = plain_text(value)
        texts.append(text)
    return texts


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


def read_store(database: Database, cycle: str) -> Answers:
    """What has been answered on the check-in page, as rows by table, all at one moment?

    Raises
    ------
    InputError
        No connection to the store.
    """
    from sqlalchemy.exc import DBAPIError

    from revmentor.data.checkin_tables import read_answers

    with database.connect() as connection:
        try:
            return read_answers(connection, cycle)
        except DBAPIError as error:
            # Nobody has opened the page yet, so it has not made its tables.
            fresh = getattr(error.orig, "sqlstate", "") == _NO_TABLE
            if fresh or "no such table" in str(error.orig):
                return {}
            raise


def answers_as_text(
    rows: Sequence[Mapping[str, object]], contract: TableContract, reading: Reading, label: str
) -> RawTable:
    """The answers for one table as a text table: the contract's columns, then further items."""
    answered = dict.fromkeys(name for row in rows for name in row)
    names = list(dict.fromkeys((*contract.names, *sorted(answered))))
    return as_text(names, [tuple(map(row.get, names)) for row in rows], reading, label)
