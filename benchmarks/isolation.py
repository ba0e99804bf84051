"""Run one measurement in a process of its own, with a limit of time and of memory."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = HERE / ".environments"
OWN = "revmentor"


def python_of(environment: str) -> Path:
    """The Python of an environment of peers, or of the project itself."""
    if environment == OWN:
        return Path(sys.executable)
    return ENVIRONMENTS / environment / "bin" / "python"


def measured(
    command: Sequence[str], *, seconds: float, memory_mb: int, environment: str = OWN
) -> dict[str, Any]:
    """What a script says in the JSON object that is its last line, or why it says nothing.

    Parameters
    ----------
    command : sequence of str
        A script of this folder and its arguments.
    seconds : float
        After which the process and all that it started are ended.
    memory_mb : int
        Most memory that one process may ask for.
    environment : str

    Returns
    -------
    dict
        The object, with ``outcome`` ``done`` and the ``process_seconds`` from start to end;
        else ``outcome`` is ``timeout``, ``memory``, ``failed`` or ``not installed``, and
        ``detail`` what it last said.
    """
    python = python_of(environment)
    if not python.exists():
        return {"outcome": "not installed", "detail": f"no environment {environment}: run setup"}

    def limit() -> None:
        most = memory_mb * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))

    with (
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as errors,
        tempfile.TemporaryDirectory() as scratch,
    ):
        process = subprocess.Popen(
            [str(python), str(HERE / command[0]), *command[1:]],
            stdout=out,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            preexec_fn=limit,
            start_new_session=True,
            env=_surroundings(scratch),
        )
        began = time.perf_counter()
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            return {"outcome": "timeout", "detail": f"not done in {seconds:g} seconds"}
        finally:
            _end(process)
        whole = time.perf_counter() - began
        out.seek(0)
        errors.seek(0)
        lines = out.read().strip().splitlines()
        said = errors.read().strip()
    if lines and lines[-1].startswith("{"):
        return {"outcome": "done", "process_seconds": whole, **json.loads(lines[-1])}
    detail = (said.splitlines() or [f"ended with {code}"])[-1][:300]
    short = code == -signal.SIGKILL or any(
        word in said for word in ("MemoryError", "bad_alloc", "Unable to allocate", "out of memory")
    )
    return {"outcome": "memory" if short else "failed", "detail": detail}


def _surroundings(scratch: str) -> dict[str, str]:
    """Variables for a measurement: PuLP leaves its model files in `scratch` when it is ended."""
    # Warm caches hold compiled modules too, wherever this process is told to write none.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "TMPDIR": scratch}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and what it started, if anything is left of them."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()
