"""A table's source, whichever it is, as text tables: from files, a query or the check-in page."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import cast

from revmentor.data.contract import CONTRACT
from revmentor.data.database import Database
from revmentor.data.home import Home
from revmentor.data.query import Answers, answers_as_text, read_query, read_store
from revmentor.data.reading import RawTable, Reading
from revmentor.data.source import find_source, read_source
from revmentor.errors import Fault, InputError
from revmentor.params.models import Derived, Params, Source, TableName

CHECKIN_SECONDS = 60


@dataclass
class Gatherer:
    """Reads the sources of one cycle; a file that feeds several tables is read once.

    Parameters
    ----------
    params : Params
    folder : Path
        Where relative paths start.
    cycle : str
        Whose answers are read from the check-in page's store.
    home : Home or None
        What the cycle keeps beside its tables.
    """

    params: Params
    folder: Path
    cycle: str
    home: Home | None
    taken: dict[str, RawTable | None] = field(default_factory=dict)
    _read: dict[tuple[Path, Reading], RawTable] = field(default_factory=dict)

    def source(self, table: str) -> Source:
        """What params say of the table's source."""
        return self.params.data.tables[cast(TableName, table)]

    def gather(self, table: str) -> list[tuple[RawTable, Source]]:
        """The text tables that make up this table, each with how it is written; empty: absent.

        Raises
        ------
        InputError
            Every fault of the form of every file, or why the database gives nothing.
        """
        source = self.source(table)
        if source.way in ("sql", "checkin"):
            raw = self._from_database(table, source)
            return [] if raw is None else [(raw, source)]
        parts = _parts(source)
        faults: list[Fault] = []
        found = []
        for part in parts:
            try:
                raw = self._from_file(part)
            except InputError as error:
                faults += error.faults
                continue
            if raw is not None:
                found.append((raw, part))
        if faults:
            raise InputError(faults)
        return found

    def _from_file(self, source: Source) -> RawTable | None:
        file = find_source(self.folder, source.path, optional=source.optional)
        if file is None:
            return None
        reading = Reading.of(source, self.params.data)
        if (file, reading) not in self._read:
            self._read[file, reading] = read_source(file, reading)
        return self._read[file, reading]

    def _from_database(self, table: str, source: Source) -> RawTable | None:
        known = self.home.taken(table) if self.home else None
        if known is not None:
            return known[0]
        raw = self._checkin(table, source) if source.checkin else self._query(table, source)
        self.taken[table] = raw
        return raw

    def _query(self, table: str, source: Source) -> RawTable:
        param = f"data.tables.{table}.database"
        database = Database.of(source.database, self.folder, param, source.seconds)
        return read_query(database, source.sql, self._reading(source, database))

    def _checkin(self, table: str, source: Source) -> RawTable | None:
        database, answers = self._store
        if database is None or not answers.get(table):
            return None
        contract = CONTRACT[table].with_items(self.params.data.items)
        reading = self._reading(source, database)
        return answers_as_text(answers[table], contract, reading, database.label)

    @cached_property
    def _store(self) -> tuple[Database | None, Answers]:
        """The check-in page's store and what is in it, read once for all tables."""
        address = self.params.checkin.database
        # As the page itself takes a relative path.
        where = Path()
        if not address:
            if self.home is None or not self.home.store.is_file():
                return None, {}
            address, where = f"sqlite:///{self.home.store.name}", self.home.store.parent
        database = Database.of(address, where, "checkin.database", CHECKIN_SECONDS)
        return database, read_store(database, self.cycle)

    def _reading(self, source: Source, database: Database) -> Reading:
        return Reading.of(source.model_copy(update={"path": database.label}), self.params.data)


def _parts(source: Source) -> list[Source]:
    """One source for each file, with what is the same in all of its rows."""
    if source.way == "path":
        return [source]
    return [
        source.model_copy(
            update={
                "files": (),
                "path": file.path,
                "sheet": file.sheet or source.sheet,
                "columns": {
                    **source.columns,
                    **{name: Derived(constant=value) for name, value in file.always.items()},
                },
            }
        )
        for file in source.files
    ]
