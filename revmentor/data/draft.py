"""A table on its way in: its rows so far, and everything that there is to say about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from revmentor.data.columns import TableContract
from revmentor.data.report import EXAMPLES, Exclusion, TableReport, Trimmed
from revmentor.errors import Fault


@dataclass(frozen=True)
class Draft:
    """One table between its source and `Tables`; every method returns a new one.

    Parameters
    ----------
    contract : TableContract
        With the question columns of this cycle.
    file : str
        The source's name for messages.
    frame : DataFrame
        Index: spreadsheet rows. Contract columns, then extra ones.
    everyone : DataFrame
        All rows as text, also those that were left out since.
    names : mapping
        Contract column to the source's own column name.
    left_out : mapping
        Spreadsheet row to the reason, for rows that are no longer in `frame`.
    """

    contract: TableContract
    file: str
    frame: pd.DataFrame
    everyone: pd.DataFrame
    names: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[int, str] = field(default_factory=dict)
    mapped: tuple[str, ...] = ()
    trimmed: tuple[Trimmed, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()
    digest: str = ""

    def fault(
        self,
        kind: str,
        problem: str,
        cure: str,
        row: int | None = None,
        column: str = "",
        value: str | None = None,
    ) -> Fault:
        """A fault of this file; the value is kept only if the contract says it is not personal."""
        known = column in self.contract.names
        if not known or self.contract.column(column).personal:
            value = None
        own = self.names.get(column, column)
        return Fault(kind, problem, cure, self.file, None if row is None else int(row), own, value)

    def filled(self, column: str) -> Iterator[tuple[int, Any]]:
        """Spreadsheet row and value of every row that has a value there."""
        cells = self.frame[column].dropna()
        return zip(cells.index.tolist(), cells.tolist(), strict=True)

    def by_person(self, column: str) -> dict[str, Any]:
        """Value of a column by `person_id`; empty values included."""
        known = self.frame.dropna(subset="person_id").drop_duplicates("person_id")
        return dict(zip(known["person_id"].tolist(), known[column].tolist(), strict=True))

    def row_by_person(self) -> dict[str, int]:
        """Spreadsheet row by `person_id`."""
        return {person: row for row, person in self.filled("person_id")}

    def blame(self, faults: Iterable[Fault]) -> Draft:
        """With these faults as well."""
        return replace(self, faults=self.faults + tuple(faults))

    def warn(self, warnings: Iterable[Fault]) -> Draft:
        """With these warnings as well."""
        return replace(self, warnings=self.warnings + tuple(warnings))

    def note(self, *notes: str) -> Draft:
        """With these notes as well."""
        return replace(self, notes=self.notes + notes)

    def with_frame(self, frame: pd.DataFrame) -> Draft:
        """With another frame of the same rows."""
        return replace(self, frame=frame)

    def leave_out(self, rows: Iterable[int], reason: str) -> Draft:
        """Without these spreadsheet rows, for this reason."""
        gone = {int(row): reason for row in rows}
        if not gone:
            return self
        return replace(
            self,
            frame=self.frame.drop(index=list(gone)),
            left_out={**self.left_out, **gone},
        )

    def report(self) -> TableReport:
        """What happened to this table so far."""
        reasons: dict[str, list[int]] = {}
        for row, reason in self.left_out.items():
            reasons.setdefault(reason, []).append(row)
        return TableReport(
            table=self.contract.name,
            source=self.file,
            rows_read=len(self.everyone),
            rows_used=len(self.frame),
            excluded=tuple(
                Exclusion(reason, len(rows), tuple(sorted(rows)[:EXAMPLES]))
                for reason, rows in reasons.items()
            ),
            mapped=self.mapped,
            trimmed=self.trimmed,
            notes=self.notes,
        )
