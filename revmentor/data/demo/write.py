"""Demo tables as CSV files in the contract's default layout."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

KEYS: dict[str, tuple[str, ...]] = {
    "people": ("person_id",),
    "applications": ("person_id",),
    "decisions": ("mentor_id", "mentee_id"),
    "history": ("cycle", "mentor_id", "mentee_id"),
    "training": ("person_id", "module"),
    "sessions": ("mentor_id", "mentee_id", "on"),
    "goals": ("mentor_id", "mentee_id", "goal", "on"),
    "pulse": ("on", "person_id", "partner_id", "wave"),
    "skills": ("person_id", "skill", "when"),
    "leadership": ("person_id", "when"),
    "creativity": ("person_id", "when"),
    "ties": ("person_id", "when", "other_id"),
    "outcomes": ("person_id",),
}
"""The columns that make a row unique, in the order in which rows are written."""


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Where are the CSV files of these tables, now that they are written?

    UTF-8, comma, rows ended by one line feed, sorted by `KEYS`: the bytes depend on the content
    alone, not on the order of rows or tables. An empty cell is a missing value.

    Parameters
    ----------
    tables : mapping of table name to DataFrame of text
    folder : Path
        Made if it is not there; files of the same names are replaced.

    Returns
    -------
    list of Path
        One file per table, in the order of their names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for table in sorted(tables):
        rows = tables[table].sort_values(list(KEYS[table]), kind="stable", ignore_index=True)
        file = folder / f"{table}.csv"
        file.write_bytes(rows.to_csv(index=False, lineterminator="\n").encode("utf-8"))
        files.append(file)
    return files
