"""A table on its way in: its rows so far, and everything that there is to say about them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from revmentor.data.columns import TableContract
from revmentor.data.report import EXAMPLES, Exclusion, TableReport, Trimmed, row_list
from revmentor.errors import Fault

PART = 10_000_000
"""More rows than any one file has."""
SEPARATE = 3
"""In more rows than these, one value is one fault."""


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
    parts : tuple of str
        The files, where the table comes from several: the rows of the n-th count from n times
        `PART`.
    elsewhere : mapping
        Row of `frame` to the file and row that it really stands in, for rows of another source.
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
    parts: tuple[str, ...] = ()
    elsewhere: Mapping[int, tuple[str, int]] = field(default_factory=dict)

    def place(self, row: int) -> tuple[str, int]:
        """In which file, and in which spreadsheet row of it, is this row?"""
        if row in self.elsewhere:
            return self.elsewhere[row]
        if not self.parts:
            return self.file, row
        return self.parts[row // PART], row % PART

    def told(self, rows: Sequence[int]) -> str:
        """Some rows in words, with their files if there are several."""
        if not self.parts and not self.elsewhere.keys() & set(rows):
            if len(rows) == 2:
                return f"rows {rows[0]:,} and {rows[1]:,}"
            return row_list(tuple(rows[:EXAMPLES]), len(rows))
        by_file: dict[str, list[int]] = {}
        for row in rows:
            file, number = self.place(row)
            by_file.setdefault(file, []).append(number)
        return "; ".join(
            f"{file}: {row_list(tuple(some[:EXAMPLES]), len(some))}"
            for file, some in by_file.items()
        )

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
        file, number = (self.file, None) if row is None else self.place(int(row))
        own = column if row in self.elsewhere else own
        return Fault(kind, problem, cure, file, number, own, value)

    def faults_of_one(
        self, rows: Sequence[int], kind: str, problem: str, cure: str, column: str, value: str
    ) -> list[Fault]:
        """The faults of one value in these rows: told once where it stands in more than a few."""
        told = rows if len(rows) <= SEPARATE else rows[:1]
        if len(told) < len(rows):
            problem = f"{problem}; it stands in {len(rows):,} rows ({self.told(rows)})"
        return [self.fault(kind, problem, cure, row, column, value) for row in told]

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

    def keyed(self) -> tuple[list[str], pd.DataFrame]:
        """By which columns no two rows may be alike, and the rows of which all of that is known.

        None and none for a table whose rows may repeat, or that lacks a required one of them.
        """
        key = [name for name in self.contract.key if name in self.frame]
        needed = [name for name in self.contract.key if self.contract.column(name).required]
        if not key or not set(needed) <= set(key):
            return [], self.frame.iloc[:0]
        return key, self.frame.dropna(subset=needed)

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
            file, number = self.place(row)
            told = f"{reason} (in {file})" if self.parts else reason
            reasons.setdefault(told, []).append(number)
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


def joined(drafts: Sequence[Draft]) -> Draft:
    """One draft of several files of the same table, each row still known by its file."""
    if len(drafts) == 1:
        return drafts[0]

    def together(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
        moved = [f.set_axis(f.index + PART * n) for n, f in enumerate(frames)]
        return pd.concat(moved).astype("str").rename_axis("row")

    digests = " ".join(draft.digest for draft in drafts)
    return Draft(
        contract=drafts[0].contract,
        file=" and ".join(draft.file for draft in drafts),
        frame=together(draft.frame for draft in drafts),
        everyone=together(draft.everyone for draft in drafts),
        names={name: own for draft in reversed(drafts) for name, own in draft.names.items()},
        left_out={
            row + PART * n: why
            for n, draft in enumerate(drafts)
            for row, why in draft.left_out.items()
        },
        mapped=tuple(dict.fromkeys(how for draft in drafts for how in draft.mapped)),
        trimmed=tuple(one for draft in drafts for one in draft.trimmed),
        notes=tuple(f"{draft.file}: {note}" for draft in drafts for note in draft.notes),
        warnings=tuple(warned for draft in drafts for warned in draft.warnings),
        faults=tuple(fault for draft in drafts for fault in draft.faults),
        digest=hashlib.sha256(digests.encode()).hexdigest(),
        parts=tuple(draft.file for draft in drafts),
    )
