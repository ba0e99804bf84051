"""One run at a time for a cycle and scenario: an advisory lock that says who holds it."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from revmentor.errors import Fault, InputError, LockedError
from revmentor.publish.atomic import PRIVATE_FILE


@contextmanager
def hold(path: Path, what: str, *, wait: bool = False) -> Iterator[str]:
    """Hold this lock while the block runs.

    Parameters
    ----------
    path : Path
        The lock's file; its folder must exist. It stays, empty, when the lock is released: a lock
        file that is deleted could be held twice.
    what : str
        What is locked, for the message.
    wait : bool
        True waits until the other has finished; False raises `LockedError`.

    Yields
    ------
    str
        Empty, or a sentence about the run that ended without releasing its lock. The system drops
        the lock of a process that dies, so a stale lock stops nobody.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        _acquire(handle, path, what, wait)
        stale = _holder(handle)
        me = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        }
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(me).encode(), 0)
        try:
            name = what.rstrip(",")
            yield f"{name}: {stale} ended without finishing; its lock was taken." if stale else ""
        finally:
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _acquire(handle: int, path: Path, what: str, wait: bool) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        holder = _holder(handle) or "another process"
        raise LockedError(
            f"{what} is being run by {holder}. Wait until it has finished, or end it, "
            "then run again."
        ) from None
    except OSError as error:
        raise InputError(
            Fault(
                "no locks",
                f"files cannot be locked here ({error.strerror})",
                "choose outputs on a local disk",
                str(path.parent),
            )
        ) from error


def _holder(handle: int) -> str:
    text = os.pread(handle, 1000, 0)
    try:
        record = json.loads(text or b"null")
    except (json.JSONDecodeError, UnicodeDecodeError):
        return "a run that left no readable name"
    if not isinstance(record, dict):
        return ""
    return f"process {record.get('pid')} on {record.get('host')} since {record.get('since')}"
