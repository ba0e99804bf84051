"""The folders of a run: private while it works, swapped in at once, tidied after a crash."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from pathlib import Path

from revmentor.errors import Fault, InputError, RevmentorError
from revmentor.publish.atomic import (
    OPEN_FOLDER,
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    TEMPORARY,
    make_folder,
    sync,
    sync_tree,
)
from revmentor.publish.manifest import NAME as MANIFEST
from revmentor.publish.workspace import DONE, RESTRICTED

ROOM_NEEDED = 64 * 2**20
_TOP = frozenset({MANIFEST, "params.resolved.yaml", "run.log", "notebooks", RESTRICTED, "report"})


def check_writable(folder: Path, room: int = ROOM_NEEDED) -> Path:
    """Can results be written here? Makes the folder; raises `InputError` before any work is done.

    Parameters
    ----------
    folder : Path
        Where results go.
    room : int
        Bytes that are reserved for a moment, to see that disk and quota allow them.
    """
    try:
        make_folder(folder)
        with tempfile.TemporaryFile(dir=folder) as probe:
            os.posix_fallocate(probe.fileno(), 0, room)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            problem = f"there is no room for {room // 2**20} MiB of results"
            cure = "free some space, or choose another folder with --outputs"
        else:
            problem = f"nothing can be written here ({error.strerror})"
            cure = "choose a folder that you may write to with --outputs"
        raise InputError(Fault("outputs", problem, cure, str(folder))) from error
    return folder


def private_folder(cycle_folder: Path, scenario: str) -> Path:
    """Make the folder that a run works in; nobody else reads it."""
    folder = cycle_folder / f".run-{scenario}-{os.getpid()}"
    folder.mkdir(mode=PRIVATE_FOLDER)
    return folder


def failed_folder(cycle_folder: Path, scenario: str) -> Path:
    """Where the notebook that failed is kept."""
    return cycle_folder / f".failed-{scenario}"


def recover(result: Path) -> list[str]:
    """Undo what a crashed run left behind; call it while holding the lock.

    Parameters
    ----------
    result : Path
        Folder of the published result, there or not.

    Returns
    -------
    list of str
        What was done, in sentences.
    """
    said = []
    for old in _siblings(result, "old"):
        if result.exists():
            discard(old)
        else:
            os.rename(old, result)
            said.append("A run was stopped while it published; the result before it is back.")
    for run in _siblings(result, "run"):
        discard(run)
        said.append("What an interrupted run had left was removed.")
    return said


def finish(folder: Path) -> None:
    """Make a run's folder fit to publish: no leftovers, restricted files closed to others."""
    shutil.rmtree(folder / DONE, ignore_errors=True)
    strange = sorted({path.name for path in folder.iterdir()} - _TOP)
    strange += sorted(path.name for path in folder.rglob(f"{TEMPORARY}*"))
    if strange:
        raise RevmentorError(
            f"the run left files that belong to no result: {', '.join(strange[:5])}. "
            "Notebooks write through the workspace only."
        )
    for path in (folder / RESTRICTED).rglob("*"):
        path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)
    if (folder / RESTRICTED).is_dir():
        (folder / RESTRICTED).chmod(PRIVATE_FOLDER)
    folder.chmod(OPEN_FOLDER)


def swap_in(folder: Path, result: Path) -> None:
    """Publish: the finished folder, made durable, takes the result's name; the old result goes.

    Between the two renames there is no result for an instant; `recover` puts the old one back if
    the machine stops just there.
    """
    sync_tree(folder)
    old = result.with_name(f".old-{result.name}-{os.getpid()}")
    if result.exists():
        os.rename(result, old)
    os.rename(folder, result)
    sync(result.parent)
    discard(old)


def discard(folder: Path) -> None:
    """Remove a folder; what cannot be removed now is removed by the next run."""
    shutil.rmtree(folder, ignore_errors=True)


def _siblings(result: Path, kind: str) -> list[Path]:
    pattern = re.compile(rf"\.{kind}-{re.escape(result.name)}-\d+")
    return sorted(path for path in result.parent.iterdir() if pattern.fullmatch(path.name))
