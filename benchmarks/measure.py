"""How much time and memory does a stretch of work take in this process?"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# What takes less than this many seconds is run so often, and the median run counts.
BRIEF, REPEATS = 0.5, 5
STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")


@dataclass
class Spent:
    """Seconds by the clock, and of processors (all threads, and programs that ended)."""

    wall: float = 0.0
    cpu: float = 0.0


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@contextmanager
def timed() -> Iterator[Spent]:
    """Fill in what the block takes when it ends."""
    spent = Spent()
    wall, cpu = time.perf_counter(), _cpu()
    try:
        yield spent
    finally:
        spent.wall = time.perf_counter() - wall
        spent.cpu = _cpu() - cpu


def _status(field: str) -> float | None:
    if not STATUS.exists():
        return None
    lines = STATUS.read_text(encoding="utf-8").splitlines()
    found = [line.split()[1] for line in lines if line.startswith(field + ":")]
    return int(found[0]) / 1024 if found else None


def peak_mb() -> float:
    """Most resident memory so far, in MB (2**20 bytes)."""
    peak = _status("VmHWM")
    # Where there is no /proc: kilobytes, on macOS bytes.
    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if peak is not None else usage / (2**20 if os.uname().sysname == "Darwin" else 1024)


def resident_mb() -> float:
    """Resident memory now, in MB; the peak where the system does not tell."""
    return _status("VmRSS") or peak_mb()


def children_peak_mb() -> float:
    """Most resident memory of a program that this process started and that has ended, in MB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def forget_peak() -> bool:
    """Let the peak start again from what is resident now; False where Linux does not let us."""
    try:
        CLEAR.write_text("5", encoding="ascii")
    except OSError:
        return False
    return True


def median_run[S, T](work: Callable[[], tuple[S, T]], seconds: Callable[[S], float]) -> tuple[S, T]:
    """Run once, or if that is brief some times: what the run of median length took, and a result.

    Of all results only the last is kept, so that the peak of memory is that of one run.
    """
    spent, made = work()
    runs = [spent]
    while seconds(runs[0]) < BRIEF and len(runs) < REPEATS:
        del made
        spent, made = work()
        runs.append(spent)
    return sorted(runs, key=seconds)[len(runs) // 2], made
