"""What later cycles need of the published ones: pairs, ratings, figures, verdicts, in one file.

``outputs/history.duckdb`` is a cache of the published folders: `rebuild` makes the same of them,
and deleting it loses nothing. It names people, so nobody but its owner reads it (mode 0600).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from revmentor.cycle.folders import check_writable
from revmentor.cycle.kept import TABLES, Rows, rows_of
from revmentor.cycle.lock import hold
from revmentor.cycle.published import Result, check_published, results
from revmentor.errors import InputError, RevmentorError
from revmentor.publish.atomic import PRIVATE_FILE, sync

FILE = "history.duckdb"
LOCK = ".lock-history"
_UNFINISHED = ".history-"


def record(outputs: Path, folder: Path) -> Path:
    """Put one published result into the history, in one transaction; its earlier rows go.

    Parameters
    ----------
    outputs : Path
        The folder of all results.
    folder : Path
        The published result.

    Returns
    -------
    Path
        The file. Two runs at once wait for each other; where there is no file, or it cannot be
        read, it is rebuilt from all published results.
    """
    with _held(outputs):
        place = outputs / FILE
        published = {result.folder: result for result in results(outputs)}
        if not _readable(place):
            return _rebuilt(outputs, tuple(published.values()))
        with _opened(place) as connection:
            connection.begin()
            for result in published.values():
                if result.folder == folder:
                    _put(connection, result, rows_of(result))
            connection.commit()
        return place


def rebuild(outputs: Path) -> Path:
    """Make the history anew from every published result; a reader sees the old file or the new.

    Raises
    ------
    InputError
        Where nothing is published and there is no history, or a result cannot be read.
    RevmentorError
        Where the file cannot be written.
    """
    if not (outputs / FILE).exists():
        check_published(outputs)
    with _explained(outputs), _held(check_writable(outputs)):
        return _rebuilt(outputs, results(outputs))


def read(outputs: Path) -> dict[str, pd.DataFrame]:
    """The whole history, table by table, sorted by all columns.

    Returns
    -------
    dict
        With the keys of `revmentor.cycle.kept.TABLES`. Where the file is not there, or does not
        tell of just the results that are published, it is rebuilt first.
    """
    if not outputs.is_dir() or not results(outputs):
        return {table: schema.empty_table().to_pandas() for table, schema in TABLES.items()}
    with _explained(outputs), _held(outputs):
        published = results(outputs)
        place = outputs / FILE
        if not _readable(place) or _known(place) != {result.digest for result in published}:
            _rebuilt(outputs, published)
        with _opened(place, read_only=True) as connection:
            return {table: _table(connection, table) for table in TABLES}


def remember(outputs: Path, folder: Path) -> None:
    """`record` a result that has just been published; says so where it cannot.

    Raises
    ------
    RevmentorError
        If the file cannot be written, or another published result not be read; this one stays.
    """
    import duckdb

    try:
        record(outputs, folder)
    except (OSError, duckdb.Error) as error:
        raise RevmentorError(
            f"the result is published, but {outputs / FILE} could not be brought up to date "
            f"({type(error).__name__}): see that the disk has room, then run "
            "`revmentor history rebuild`."
        ) from error
    except InputError as error:
        raise RevmentorError(
            f"the result is published, but {outputs / FILE} could not be brought up to date. "
            f"{error}\nThen run `revmentor history rebuild`."
        ) from error


@contextmanager
def _explained(outputs: Path) -> Iterator[None]:
    """What the disk or the database refuses becomes a sentence that says what to do."""
    import duckdb

    try:
        yield
    except (OSError, duckdb.Error) as error:
        raise RevmentorError(
            f"{outputs / FILE} could not be made ({type(error).__name__}): see that no folder has "
            "this name, that you may write beside it and that the disk has room, then run again. "
            "The published results are as they were."
        ) from error


@contextmanager
def _held(outputs: Path) -> Iterator[None]:
    """Alone with the history, and whatever is made is for its owner only."""
    with hold(outputs / LOCK, "the history of cycles", wait=True):
        before = os.umask(0o077)
        try:
            yield
        finally:
            os.umask(before)


@contextmanager
def _opened(place: Path, *, read_only: bool = False) -> Iterator[Any]:
    import duckdb

    connection = duckdb.connect(str(place), read_only=read_only)
    try:
        yield connection
    finally:
        connection.close()


def _readable(place: Path) -> bool:
    """Is there a history with the tables that this version writes?"""
    import duckdb

    if not place.is_file():
        return False
    try:
        with _opened(place) as connection:
            found: list[tuple[str, str]] = connection.execute(
                "select table_name, column_name from information_schema.columns "
                "order by table_name, ordinal_position"
            ).fetchall()
    except duckdb.Error:
        return False
    return found == [(table, name) for table in sorted(TABLES) for name in TABLES[table].names]


def _known(place: Path) -> set[str]:
    with _opened(place, read_only=True) as connection:
        return {digest for (digest,) in connection.execute("select manifest from runs").fetchall()}


def _rebuilt(outputs: Path, published: tuple[Result, ...]) -> Path:
    place, new = outputs / FILE, outputs / f"{_UNFINISHED}{os.getpid()}.duckdb"
    for left in outputs.glob(f"{_UNFINISHED}*"):
        left.unlink()
    try:
        with _opened(new) as connection:
            connection.begin()
            for table, schema in TABLES.items():
                columns = ", ".join(f'"{field.name}" {_TYPES[field.type]}' for field in schema)
                connection.execute(f'create table "{table}" ({columns})')
            for result in published:
                _put(connection, result, rows_of(result))
            connection.commit()
        new.chmod(PRIVATE_FILE)
        (outputs / f"{FILE}.wal").unlink(missing_ok=True)
        os.replace(new, place)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    sync(outputs)
    return place


_TYPES = {
    pa.string(): "varchar",
    pa.float64(): "double",
    pa.int64(): "bigint",
    pa.date32(): "date",
    pa.bool_(): "boolean",
}


def _put(connection: Any, result: Result, rows: Rows) -> None:
    for table, schema in TABLES.items():
        connection.execute(
            f'delete from "{table}" where cycle = ? and scenario = ?',
            [result.cycle, result.scenario],
        )
        found = pa.Table.from_pylist(rows[table], schema=schema)
        connection.register("found", found)
        connection.execute(f'insert into "{table}" select * from found')
        connection.unregister("found")


def _table(connection: Any, table: str) -> pd.DataFrame:
    found: pd.DataFrame = (
        connection.sql(f'select * from "{table}" order by all').to_arrow_table().to_pandas()
    )
    return found
