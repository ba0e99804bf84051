"""What is a stage made from? One digest per stage that changes when any of it changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from revmentor.cycle.stages import Stage
from revmentor.paths import notebooks_dir
from revmentor.publish.atomic import PRIVATE_FILE, PRIVATE_FOLDER, make_folder, write_text
from revmentor.publish.workspace import DONE

STAMPS = "stamps.json"
_CODE = (".py", ".j2", ".css", ".json")


@cache
def code_digest(*rooms: str) -> str:
    """Digest of the package's code and templates as installed.

    Parameters
    ----------
    *rooms : str
        Folders of the package to look at; none: all of it.
    """
    package = Path(__file__).parents[1]
    folders = [package / room for room in rooms] or [package]
    digest = hashlib.sha256()
    for path in sorted(file for folder in folders for file in folder.rglob("*")):
        if path.suffix in _CODE and path.is_file():
            digest.update(path.relative_to(package).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def notebook_digest(path: Path) -> str:
    """Digest of what a notebook says and does; outputs and an editor's traces do not count."""
    book = json.loads(path.read_text(encoding="utf-8"))
    cells = [
        [cell["cell_type"], "".join(cell["source"]), sorted(cell["metadata"].get("tags", []))]
        for cell in book["cells"]
    ]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def write_stamps(folder: Path, prints: Mapping[str, str]) -> Path:
    """Leave the fingerprints in a run's folder: its notebooks then agree on what is up to date.

    Parameters
    ----------
    folder : Path
        The run's private folder.
    prints : Mapping[str, str]
        From `stage_fingerprints`.
    """
    place = make_folder(folder / DONE, PRIVATE_FOLDER) / STAMPS
    return write_text(place, json.dumps(dict(prints)), PRIVATE_FILE)


def read_stamps(folder: Path) -> Mapping[str, str] | None:
    """The fingerprints that a runner left in this folder; None in a draft folder."""
    place = folder / DONE / STAMPS
    if not place.is_file():
        return None
    stamps: dict[str, str] = json.loads(place.read_text(encoding="utf-8"))
    return stamps


def stage_fingerprints(
    stages: Sequence[Stage],
    root: Path,
    params_digest: str,
    tables: Mapping[str, str],
    approval: str = "",
    kept: Mapping[str, str] = MappingProxyType({}),
    early: str = "",
) -> dict[str, str]:
    """Fingerprint of each stage; each builds on the one before.

    Parameters
    ----------
    stages : Sequence[Stage]
        All stages from the first on, in order.
    root : Path
        The workbench.
    params_digest : str
        Digest of the resolved params.
    tables : Mapping[str, str]
        Table to the digest of its source; absent tables are simply not there.
    approval : str
        What stands approved: packs are made of that only. Empty: nothing does.
    kept : Mapping[str, str]
        Stage to the fingerprint that it has whatever has changed since: an approved match.
    early : str
        Which criteria of the charter are not due yet: a review holds until the next one is.

    Returns
    -------
    dict[str, str]
        Stage to sha256, hex.
    """
    prints: dict[str, str] = {}
    before = code_digest()
    for stage in stages:
        parts = [
            before,
            params_digest,
            [[table, tables.get(table)] for table in sorted(stage.tables)],
            [
                [book.name, notebook_digest(notebooks_dir(root) / f"{book.name}.ipynb")]
                for book in stage.notebooks
            ],
            {"launch": approval, "review": early}.get(stage.name, ""),
        ]
        if stage.name in kept:
            parts = [before, kept[stage.name]]
        before = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        prints[stage.name] = kept.get(stage.name, before)
    return prints
