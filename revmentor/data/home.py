"""What does a cycle keep beside its tables that reading them may need?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from revmentor.data.reading import RawTable
from revmentor.data.report import Trimmed

SNAPSHOT = ".read"
"""Folder, in that of a run, of what it has read from databases."""
PAIRS = ("mentor_id", "mentee_id")


@dataclass(frozen=True)
class Home:
    """A cycle's folder of results, as far as the loader looks into it.

    Parameters
    ----------
    folder : Path
        ``outputs/<cycle>``.
    scenario : str
        Whose published pairs say who is whose partner.
    snapshot : Path or None
        Folder of what a run has read from databases, so that all its steps see the same rows;
        None: databases are read as they are now.
    """

    folder: Path
    scenario: str = "base"
    snapshot: Path | None = None

    @property
    def store(self) -> Path:
        """Where the check-in page keeps answers, unless params name a database."""
        return self.folder / "checkin" / "answers.sqlite"

    @property
    def _published(self) -> Path:
        return self.folder / self.scenario / "restricted" / "pairs.parquet"

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...] | None:
        """Mentor and mentee of every published pair; None if no pairs are published."""
        if not self._published.is_file():
            return None
        frame = pd.read_parquet(self._published, columns=list(PAIRS))
        return tuple(
            zip(frame["mentor_id"].astype(str), frame["mentee_id"].astype(str), strict=True)
        )

    @property
    def pairs_digest(self) -> str:
        """SHA-256 of the published pairs; of nothing if there are none."""
        return hashlib.sha256(repr(sorted(self.pairs or ())).encode()).hexdigest()

    def taken(self, table: str) -> tuple[RawTable | None] | None:
        """What the run has read for this table, if it has; None inside: it was not there."""
        file = self.snapshot / f"{table}.json" if self.snapshot else None
        if file is None or not file.is_file():
            return None
        kept = json.loads(file.read_text(encoding="utf-8"))
        return (None if kept is None else _revived(kept),)


def snapshot_files(taken: Mapping[str, RawTable | None]) -> dict[str, str]:
    """The files of a snapshot, by name, of what was read from databases."""
    return {
        f"{table}.json": json.dumps(None if raw is None else _plain(raw), ensure_ascii=False)
        for table, raw in taken.items()
    }


def _plain(raw: RawTable) -> dict[str, object]:
    kept = asdict(raw)
    return {
        **kept,
        "rows": list(raw.rows),
        "blank": sorted(raw.blank),
        "several_lines": [[*place, line] for place, line in raw.several_lines.items()],
        "warnings": [],
        "skipped": [],
    }


def _revived(kept: dict[str, Any]) -> RawTable:
    return RawTable(
        file=kept["file"],
        columns=kept["columns"],
        rows=kept["rows"],
        blank=frozenset(kept["blank"]),
        several_lines={(row, name): line for row, name, line in kept["several_lines"]},
        trimmed=tuple(Trimmed(*one) for one in kept["trimmed"]),
        notes=tuple(kept["notes"]),
        digest=kept["digest"],
    )
