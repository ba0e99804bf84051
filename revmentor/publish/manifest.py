"""The manifest of a published result: written last; a folder without one is not a result."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import revmentor
from revmentor.publish.atomic import OPEN_FILE, write_bytes

SCHEMA = 1
NAME = "manifest.json"
_NEEDED = {"cycle", "scenario", "created_at", "inputs", "stages", "files"}
PACKAGES = ("highspy", "numpy", "pandas", "papermill", "pulp")


def sha256(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def describe_files(folder: Path) -> dict[str, dict[str, str | int]]:
    """Every file below this folder but the manifest, by relative path: ``sha256`` and ``size``."""
    return {
        path.relative_to(folder).as_posix(): {"sha256": sha256(path), "size": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / NAME
    }


def versions() -> dict[str, str]:
    """Versions of Python, of revmentor and of the packages that make its numbers."""
    found = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), "revmentor": revmentor.__version__, **found}


def git_state(root: Path) -> dict[str, str | bool] | None:
    """Commit of the workbench and whether it has changes; None where there is no git or no commit.

    Parameters
    ----------
    root : Path
        The workbench; a repository that only holds it further down is not its own.
    """

    def git(*arguments: str) -> str | None:
        command = ["git", "-C", str(root), *arguments]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout.strip()

    top, commit = git("rev-parse", "--show-toplevel"), git("rev-parse", "--verify", "HEAD")
    if top is None or commit is None or Path(top).resolve() != root.resolve():
        return None
    return {"commit": commit, "dirty": bool(git("status", "--porcelain"))}


def build_manifest(
    folder: Path,
    *,
    cycle: str,
    scenario: str,
    created_at: dt.datetime,
    inputs: Mapping[str, str],
    params_digest: str,
    seed: int,
    git: Mapping[str, str | bool] | None,
    stages: Sequence[Mapping[str, object]],
    matching: Mapping[str, object] | None,
    trail: tuple[int, str] = (0, ""),
    approval: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """What is in this result, and what was it made from?

    Parameters
    ----------
    folder : Path
        The finished result, all files but the manifest.
    cycle, scenario : str
        Names.
    created_at : datetime
        With a time zone; written in UTC.
    inputs : Mapping[str, str]
        Table to the sha256 of its source.
    params_digest : str
        Digest of the resolved params.
    seed : int
        Seed of the solver's lottery.
    git : Mapping or None
        See `git_state`.
    stages : Sequence[Mapping]
        One record per stage, in order.
    matching : Mapping or None
        Status, objective, bound and gap of the matching, if there is one.
    trail : tuple of int and str
        Number and hash of the last entry of the cycle's trail, which must still be there later.
    approval : Mapping or None
        Digest of the match and whether it is a draft, without a name; None without a match.
    """
    return {
        "schema": SCHEMA,
        "cycle": cycle,
        "scenario": scenario,
        "created_at": created_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "inputs": {table: {"sha256": digest} for table, digest in sorted(inputs.items())},
        "params": {"sha256": params_digest},
        "seed": seed,
        "versions": versions(),
        "git": dict(git) if git else None,
        "matching": dict(matching) if matching else None,
        "approval": dict(approval) if approval else None,
        "trail": {"n": trail[0], "hash": trail[1]},
        "stages": [dict(stage) for stage in stages],
        "files": describe_files(folder),
    }


def write_manifest(folder: Path, manifest: Mapping[str, object]) -> Path:
    """Write the manifest; call it when every other file of the result is in place."""
    text = json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return write_bytes(folder / NAME, text.encode(), OPEN_FILE)


def read_manifest(folder: Path, *, whole: bool = True) -> dict[str, Any] | None:
    """The manifest of a published result; None where there is none or this version cannot read it.

    A manifest that names a file which is absent, or of another size, describes no result either,
    unless a part of the result is enough for the caller (``whole=False``).
    """
    try:
        manifest = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError, UnicodeDecodeError):
        return None
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        return None
    if not manifest.keys() >= _NEEDED or not isinstance(manifest["files"], dict):
        return None
    for name, facts in manifest["files"].items() if whole else ():
        path = folder / name
        if not path.is_file() or path.stat().st_size != facts["size"]:
            return None
    return manifest
