"""Where the steps of a cycle leave their artefacts for the next: tables, JSON and text in a folder.

``restricted/`` holds what names people (folder 0700, files 0600); ``report/data/`` holds what may
be shared. Every artefact carries the schema version, so that a later reader knows what it reads.
A reader never sees half a file; what is published is made durable as a whole, before it is.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from revmentor.errors import Fault, InputError
from revmentor.publish.atomic import (
    OPEN_FILE,
    OPEN_FOLDER,
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    make_folder,
    write_bytes,
)
from revmentor.publish.cells import to_csv

SCHEMA = 1
RESTRICTED = "restricted"
REPORT = "report"
SHARED = "report/data"
DONE = ".done"


@dataclass(frozen=True)
class Workspace:
    """A folder that one run of a cycle writes into and reads from.

    Parameters
    ----------
    folder : Path
        Made when the first artefact is written.
    writers : Mapping[str, str]
        Which notebook writes which artefact, so that an absent one can be explained.
    """

    folder: Path
    writers: Mapping[str, str] = field(default_factory=dict)

    def write_table(
        self, name: str, frame: pd.DataFrame, *, restricted: bool = True, csv: bool = False
    ) -> Path:
        """Keep this table as Parquet, and as a spreadsheet-safe CSV beside it if asked.

        Parameters
        ----------
        name : str
            Artefact name, without ending.
        frame : DataFrame
            Columns are kept with their types, lists as lists; the index is not kept.
        restricted : bool
            True for anything that names people.
        csv : bool
            Also write ``<name>.csv`` for people; see `revmentor.publish.cells`.
        """
        table = pa.Table.from_pandas(frame.reset_index(drop=True), preserve_index=False)
        header = json.dumps({"schema": SCHEMA, "name": name}).encode()
        metadata = {**(table.schema.metadata or {}), b"revmentor": header}
        stream = io.BytesIO()
        pq.write_table(table.replace_schema_metadata(metadata), stream, compression="zstd")
        if csv:
            self.write_bytes(f"{name}.csv", to_csv(frame), restricted=restricted)
        return self.write_bytes(f"{name}.parquet", stream.getvalue(), restricted=restricted)

    def read_table(self, name: str) -> pd.DataFrame:
        """The table that was kept under this name; raises `InputError` if there is none."""
        path = self._find(name, ".parquet")
        try:
            table = pq.read_table(path)
            header = json.loads((table.schema.metadata or {}).get(b"revmentor", "{}"))
        except (OSError, ValueError) as error:
            raise _unreadable(path) from error
        self._check_schema(path, header)
        frame: pd.DataFrame = table.to_pandas()
        for column, kind in zip(table.column_names, table.schema.types, strict=True):
            if pa.types.is_list(kind) or pa.types.is_large_list(kind):
                values = [() if cell is None else tuple(cell) for cell in frame[column]]
                frame[column] = pd.Series(values, index=frame.index, dtype=object)
        return frame

    def write_json(self, name: str, content: object, *, restricted: bool) -> Path:
        """Keep this value as JSON under a header ``{"schema": 1, "name": ..., "content": ...}``.

        Dates become ISO text, tuples and arrays lists, numbers that are not finite null.
        """
        document = {"schema": SCHEMA, "name": name, "content": _plain(content)}
        text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        return self.write_bytes(f"{name}.json", text.encode(), restricted=restricted)

    def read_json(self, name: str) -> Any:
        """The value that was kept under this name; raises `InputError` if there is none."""
        path = self._find(name, ".json")
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise _unreadable(path) from error
        self._check_schema(path, document)
        return document["content"]

    def write_report(self, name: str, content: object) -> Path:
        """Write this straight into ``report/``: text as it is, any other value as plain JSON."""
        text = content
        if not isinstance(content, str):
            text = json.dumps(_plain(content), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        folder = make_folder(self.folder / REPORT, OPEN_FOLDER)
        return write_bytes(folder / name, str(text).encode(), OPEN_FILE, durable=False)

    def has_report(self, name: str) -> bool:
        """Is there a file of this name straight in ``report/``?"""
        return (self.folder / REPORT / name).is_file()

    def write_text(self, name: str, text: str, *, restricted: bool = True) -> Path:
        """Keep this text under this file name (with its ending), as UTF-8."""
        return self.write_bytes(name, text.encode(), restricted=restricted)

    def write_bytes(self, name: str, content: bytes, *, restricted: bool = True) -> Path:
        """Keep these bytes under this file name (with its ending; folders with ``/``)."""
        target = self._place(name, restricted)
        folder = self.folder / (RESTRICTED if restricted else SHARED)
        for part in ("", *PurePosixPath(name).parts[:-1]):
            folder = folder / part
            make_folder(folder, PRIVATE_FOLDER if restricted else OPEN_FOLDER)
        mode = PRIVATE_FILE if restricted else OPEN_FILE
        return write_bytes(target, content, mode, durable=False)

    def clear(self, name: str) -> None:
        """Take away a restricted file or folder of an earlier time, if it is there."""
        place = self._place(name, restricted=True)
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)

    def has(self, name: str) -> bool:
        """Is there a table or a JSON value of this name?"""
        return any(
            self._place(name + ending, restricted).is_file()
            for ending in (".parquet", ".json")
            for restricted in (True, False)
        )

    def mark_done(self, notebook: str, **facts: object) -> Path:
        """Leave the end mark of this notebook: its last cell was reached.

        A runner believes this mark and nothing else: a notebook that leaves early with exit code 0
        looks finished otherwise.
        """
        folder = make_folder(self.folder / DONE, PRIVATE_FOLDER)
        document = {"schema": SCHEMA, "name": notebook, "content": _plain(facts)}
        return write_bytes(folder / f"{notebook}.json", json.dumps(document).encode(), PRIVATE_FILE)

    def is_done(self, notebook: str) -> bool:
        """Has this notebook left its end mark?"""
        return (self.folder / DONE / f"{notebook}.json").is_file()

    def clear_done(self, notebook: str) -> None:
        """Take away the end mark of this notebook, before it runs again."""
        (self.folder / DONE / f"{notebook}.json").unlink(missing_ok=True)

    def _place(self, name: str, restricted: bool) -> Path:
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or "\0" in name or {"..", "."} & set(parts):
            raise ValueError(f"an artefact's name stays inside its folder, not {name!r}")
        return self.folder.joinpath(RESTRICTED if restricted else SHARED, *parts)

    def _find(self, name: str, ending: str) -> Path:
        for restricted in (True, False):
            path = self._place(name + ending, restricted)
            if path.is_file():
                return path
        writer = self.writers.get(name, "")
        raise InputError(
            Fault(
                "absent artefact",
                f"{name} is not there yet",
                f"run the notebook {writer} first, it writes {name}"
                if writer
                else f"run the notebook that writes {name} first",
                f"{name}{ending}",
            )
        )

    @staticmethod
    def _check_schema(path: Path, header: object) -> None:
        schema = header.get("schema") if isinstance(header, dict) else None
        if schema != SCHEMA:
            raise InputError(
                Fault(
                    "other schema",
                    f"this artefact has schema {schema}, this version reads schema {SCHEMA}",
                    "run the cycle again with this version",
                    path.name,
                )
            )


def _unreadable(path: Path) -> InputError:
    problem = "this artefact is damaged and cannot be read"
    return InputError(Fault("damaged artefact", problem, "run the cycle again", str(path)))


def _plain(value: object) -> object:
    """The value in JSON's own types."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, pd.Timestamp | dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | pd.Series | list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [_plain(item) for item in items]
    raise TypeError(f"{type(value).__name__} has no place in JSON")
