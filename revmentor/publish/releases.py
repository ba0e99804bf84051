"""What has been published of a cycle, so that no two reports can be subtracted from each other.

``outputs/<cycle>/.releases/`` (0700, files 0600) keeps the ledger of every published report and the
minimums that they were made with. It outlives the results, which a new run replaces.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from revmentor.disclosure.ledger import COLUMNS, Ledger, from_frame, to_frame
from revmentor.errors import Fault, InputError, check_faults
from revmentor.publish.atomic import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    make_folder,
    write_bytes,
    write_text,
)

FOLDER = ".releases"
MINIMUMS = "minimums.json"
LOCK = ".lock"
SCHEMA = 1
_META = b"revmentor"


def releases_of(home: Path) -> Ledger:
    """What did all earlier reports of this cycle tell? Empty if there are none.

    Parameters
    ----------
    home : Path
        Folder of the cycle's results.

    Raises
    ------
    InputError
        If one of them cannot be read: nothing is published that it was not compared with.
    """
    return tuple(query for frame, source in _kept(home) for query in from_frame(frame, source))


def check_releases(home: Path) -> None:
    """Can every earlier report of this cycle be read? Raises `InputError` for all that cannot."""
    _kept(home)


def _kept(home: Path) -> list[tuple[pd.DataFrame, str]]:
    """The table of every earlier report, and which report it is."""
    found, faults = [], []
    for path in sorted((home / FOLDER).glob("*.parquet")):
        try:
            table = pq.read_table(path)
            about = json.loads((table.schema.metadata or {}).get(_META, b"{}"))
            schema = about.get("schema")
            if schema == SCHEMA:
                found.append((table.select(COLUMNS).to_pandas(), str(about["source"])))
                continue
        except (OSError, ValueError, KeyError, AttributeError):
            faults.append(
                Fault(
                    "unreadable report",
                    "what an earlier report of this cycle told cannot be read, so that a new one "
                    "cannot be compared with it",
                    "restore this file from a copy, or publish under a new cycle; if that report "
                    "was never shared, remove the file on purpose",
                    str(path),
                )
            )
        else:
            faults.append(
                Fault(
                    "other schema",
                    "an earlier report was kept by another version, so it cannot be compared",
                    "run with the version that made it, or publish under a new cycle",
                    str(path),
                )
            )
    check_faults(faults)
    return found


def keep_release(home: Path, ledger: Ledger, *, scenario: str, on: dt.datetime) -> Path | None:
    """Keep what a report tells, for its owner only; None where just this is kept already.

    Parameters
    ----------
    home : Path
        Folder of the cycle's results.
    ledger : tuple of Query
    scenario : str
    on : datetime
        When the report was made.
    """
    frame = to_frame(ledger)
    frame = frame.sort_values(["name", "part"], kind="stable", ignore_index=True)
    digest = hashlib.sha256(frame.to_json(orient="values").encode()).hexdigest()[:20]
    folder = make_folder(home / FOLDER, PRIVATE_FOLDER)
    path = folder / f"{digest}.parquet"
    if path.is_file() or frame.empty:
        return None
    source = f"in the report of {on:%-d %B %Y %H:%M}, scenario {scenario}"
    table = pa.Table.from_pandas(frame, preserve_index=False)
    about = json.dumps({"schema": SCHEMA, "source": source}).encode()
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), _META: about})
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return write_bytes(path, stream.getvalue(), PRIVATE_FILE)


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Nobody else compares and keeps reports of this cycle meanwhile: others wait."""
    place = make_folder(home / FOLDER, PRIVATE_FOLDER) / LOCK
    handle = os.open(place, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def check_minimums(home: Path, minimums: dict[str, int]) -> None:
    """Are the minimums those of the cycle's first published report? Raises `InputError` if not.

    Parameters
    ----------
    home : Path
        Folder of the cycle's results.
    minimums : mapping
        Path of the parameter to its value.
    """
    fixed = _fixed(home / FOLDER / MINIMUMS)
    faults = [
        Fault(
            "minimum changed",
            f"it was {fixed[name]} in the first report of this cycle, and two reports with other "
            "minimums could be subtracted from each other",
            f"set it to {fixed[name]} again, or start a new cycle; if no earlier report was ever "
            f"shared, remove the folder {FOLDER} of this cycle on purpose",
            "params",
            None,
            name,
            str(value),
        )
        for name, value in minimums.items()
        if name in fixed and fixed[name] != value
    ]
    check_faults(faults)


def _fixed(place: Path) -> dict[str, int]:
    """The minimums that were fixed; empty if no report has been published."""
    if not place.is_file():
        return {}
    try:
        fixed = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        fixed = None
    if not isinstance(fixed, dict) or any(type(value) is not int for value in fixed.values()):
        raise InputError(
            Fault(
                "minimums",
                "the minimum groups of this cycle's first report cannot be read",
                "restore this file from a copy; if the minimums of the params are still those of "
                "the first report, remove the file on purpose, and the next report writes it again",
                str(place),
            )
        )
    return fixed


def fix_minimums(home: Path, minimums: dict[str, int]) -> Path | None:
    """From now on the minimums of this cycle are these; None where they are fixed already."""
    place = make_folder(home / FOLDER, PRIVATE_FOLDER) / MINIMUMS
    if place.is_file():
        return None
    return write_text(place, json.dumps(minimums, indent=1) + "\n", PRIVATE_FILE)
