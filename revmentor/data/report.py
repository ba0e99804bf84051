"""What was read, mapped, trimmed and left out, and why: the load report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from revmentor.errors import SHOWN_PER_KIND, Fault

EXAMPLES = 5


class Exclusion(NamedTuple):
    """Why rows were left out, how many, and the first few of them (spreadsheet rows)."""

    reason: str
    n: int
    rows: tuple[int, ...]


class Trimmed(NamedTuple):
    """How many values of a source column had blanks around them."""

    column: str
    n: int


@dataclass(frozen=True)
class TableReport:
    """What happened to one table on the way in; ``rows_read = rows_used + rows left out``."""

    table: str
    source: str
    rows_read: int
    rows_used: int
    excluded: tuple[Exclusion, ...] = ()
    mapped: tuple[str, ...] = ()
    trimmed: tuple[Trimmed, ...] = ()
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """The table's part of the report, a few lines for a terminal."""
        left_out = sum(exclusion.n for exclusion in self.excluded)
        lines = [
            f"{self.table} ({self.source}): {count(self.rows_read, 'row')} read, "
            f"{self.rows_used:,} used, {left_out:,} left out"
        ]
        lines += [
            f"  left out: {exclusion.n:,} because {exclusion.reason} ({rows(exclusion)})"
            for exclusion in self.excluded
        ]
        lines += [f"  mapped: {how}" for how in self.mapped]
        if self.trimmed:
            columns = ", ".join(f"{name} ({n:,})" for name, n in self.trimmed)
            lines.append(f"  trimmed: blanks around values of {columns}")
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)


@dataclass(frozen=True)
class LoadReport:
    """What happened to all tables on the way in, and what deserves a second look."""

    tables: tuple[TableReport, ...]
    absent: tuple[str, ...] = ()
    on_page: tuple[str, ...] = ()
    warnings: tuple[Fault, ...] = ()

    def table(self, name: str) -> TableReport:
        """The report of one table; KeyError if it was not loaded."""
        for report in self.tables:
            if report.table == name:
                return report
        raise KeyError(name)

    def text(self) -> str:
        """The whole report for a terminal; at most 20 warnings of a kind, then a count."""
        parts = [report.text() for report in self.tables]
        absent = [table for table in self.absent if table not in self.on_page]
        if absent:
            parts.append(f"not there: {', '.join(absent)}")
        waiting = [table for table in self.absent if table in self.on_page]
        if waiting:
            parts.append(f"nothing entered on the check-in page yet: {', '.join(waiting)}")
        if self.warnings:
            parts.append("\n".join(self._warned()))
        return "\n".join(parts)

    def _warned(self) -> list[str]:
        kinds: dict[tuple[str, str], list[Fault]] = {}
        for warning in self.warnings:
            kinds.setdefault((warning.file, warning.kind), []).append(warning)
        lines = [f"{count(len(self.warnings), 'warning')}:"]
        for (_, kind), group in kinds.items():
            lines += [f"  {warning}" for warning in group[:SHOWN_PER_KIND]]
            if len(group) > SHOWN_PER_KIND:
                lines.append(f"  and {len(group) - SHOWN_PER_KIND:,} more of this kind ({kind}).")
        return lines

    def to_json(self) -> dict[str, object]:
        """The report as plain values; holds row numbers, never personal values."""
        return {
            "tables": [
                {
                    "table": report.table,
                    "source": report.source,
                    "rows_read": report.rows_read,
                    "rows_used": report.rows_used,
                    "excluded": [
                        {"reason": e.reason, "count": e.n, "rows": list(e.rows)}
                        for e in report.excluded
                    ],
                    "mapped": list(report.mapped),
                    "trimmed": [{"column": t.column, "count": t.n} for t in report.trimmed],
                    "notes": list(report.notes),
                }
                for report in self.tables
            ],
            "absent": list(self.absent),
            "warnings": [str(warning) for warning in self.warnings],
        }


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, singular or plural.

    >>> count(1, "row"), count(1200, "row"), count(2, "person", "people")
    ('1 row', '1,200 rows', '2 people')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def rows(exclusion: Exclusion) -> str:
    """The example rows of an exclusion, in words.

    >>> rows(Exclusion("gone", 7, (2, 5))), rows(Exclusion("gone", 1, (9,)))
    ('rows 2, 5 ...', 'row 9')
    """
    return row_list(exclusion.rows, exclusion.n)


def row_list(examples: tuple[int, ...], total: int) -> str:
    """Some spreadsheet rows in words, with dots if there are more.

    >>> row_list((3, 4), 2)
    'rows 3, 4'
    """
    shown = ", ".join(str(row) for row in examples)
    return f"row{'s' if total > 1 else ''} {shown}{' ...' if total > len(examples) else ''}"
