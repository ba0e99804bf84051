"""Who decided what, and when? A file of entries, each of which holds the hash of the one before.

``outputs/<cycle>/trail.jsonl`` names people, so nobody but its owner reads it (mode 0600). Each
line is one entry; its hash covers the entry and the hash of the line before it, so an entry that is
edited alone no longer fits. A chain without a key cannot show more: whoever may write the file can
cut off its end, or write it anew from some entry on with hashes that fit. The manifests of
published results show that for the entries before them, as each carries the head that the trail had
then; for later ones only a hash noted down elsewhere does (``revmentor trail --holds``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from revmentor.cycle.lock import hold
from revmentor.errors import Fault, InputError, RevmentorError
from revmentor.publish.atomic import PRIVATE_FILE, sync
from revmentor.publish.manifest import NAME as MANIFEST

FILE = "trail.jsonl"
LOCK = ".lock-trail"
SHORT = 12
NOTHING = ""
_KEYS = ["n", "before", "at", "what", "by", "facts", "hash"]
RESTORE = (
    "put the trail back from a backup; without one, nothing shows any longer who decided what: "
    "keep the file aside, remove it and the published results of this cycle, and run it again"
)


@dataclass(frozen=True)
class Entry:
    """One thing that somebody did.

    Parameters
    ----------
    n : int
        Its number, from 1: the line that it stands on.
    at : datetime
        When, UTC, to the second.
    what : str
        ``approved``, ``reopened``, ``decided``.
    by : str
        Who; empty: the cycle itself.
    facts : mapping
        About what; plain JSON.
    before, hash : str
        Of the entry before it, and its own: sha256, hex.
    """

    n: int
    at: dt.datetime
    what: str
    by: str
    facts: Mapping[str, Any]
    before: str
    hash: str

    @property
    def short(self) -> str:
        """The first characters of the hash, to note down."""
        return self.hash[:SHORT]

    @property
    def line(self) -> str:
        """The entry as it stands in the file."""
        told = _told(self.n, self.before, self.at, self.what, self.by, self.facts)
        return json.dumps({**told, "hash": self.hash}, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Trail:
    """All entries, in order, each found to follow the one before it.

    Parameters
    ----------
    entries : tuple of Entry
        From the first on.
    torn : bytes
        What a writer that was stopped left of an entry. It was never acknowledged, and the next
        entry takes its place.
    unended : bool
        The last entry is whole, but the end of its line is not there; the next entry adds it.
    """

    entries: tuple[Entry, ...] = ()
    torn: bytes = b""
    unended: bool = False

    @property
    def head(self) -> tuple[int, str]:
        """Number and hash of the last entry; 0 and empty text without any."""
        return (self.entries[-1].n, self.entries[-1].hash) if self.entries else (0, NOTHING)


@dataclass
class Pen:
    """What is to be added to a trail that nobody else writes to meanwhile."""

    trail: Trail
    added: list[Entry] = field(default_factory=list)

    def add(self, what: str, by: str, facts: Mapping[str, Any]) -> Entry:
        """One more entry; it is written when the pen is put down without an error."""
        n, before = (self.added[-1].n, self.added[-1].hash) if self.added else self.trail.head
        at = dt.datetime.now(dt.UTC).replace(microsecond=0)
        told = _told(n + 1, before, at, what, by, facts)
        entry = Entry(n + 1, at, what, by, told["facts"], before, _hash(told))
        self.added.append(entry)
        return entry


def read(home: Path) -> Trail:
    """The trail of a cycle, verified: against itself, and against the published results.

    Parameters
    ----------
    home : Path
        ``outputs/<cycle>``; it need not exist.

    Raises
    ------
    InputError
        With the line that was changed, removed, moved or put in, and what to do.
    """
    trail = _read(home)
    # Another process may be in the middle of a line: with the lock, there is none.
    if trail.torn and os.access(home, os.W_OK):
        with hold(home / LOCK, "the trail", wait=True):
            trail = _read(home)
    return trail


@contextmanager
def writing(home: Path) -> Iterator[Pen]:
    """Add to the trail, alone; all entries of one pen are written together, durably, or none.

    Parameters
    ----------
    home : Path
        ``outputs/<cycle>``, which must exist.

    Raises
    ------
    InputError
        The trail is not as it was written; see `read`.
    RevmentorError
        It cannot be written; it is then as it was.
    """
    with hold(home / LOCK, "the trail", wait=True):
        pen = Pen(_read(home))
        yield pen
        if pen.added:
            _append(home / FILE, pen)


def _append(place: Path, pen: Pen) -> None:
    text = "".join(f"{entry.line}\n" for entry in pen.added).encode()
    text = b"\n" + text if pen.trail.unended else text
    new = not place.exists()
    handle = -1
    try:
        handle = os.open(place, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        os.fchmod(handle, PRIVATE_FILE)
        end = os.fstat(handle).st_size - len(pen.trail.torn)
        os.ftruncate(handle, end)
        try:
            written = 0
            while written < len(text):
                written += os.pwrite(handle, text[written:], end + written)
            os.fsync(handle)
        except BaseException:
            os.ftruncate(handle, end)
            raise
    except OSError as error:
        raise RevmentorError(
            f"{place} could not be written ({error.strerror}): see that the disk has room and "
            "that you may write there, then do it again. The trail is as it was."
        ) from error
    finally:
        if handle >= 0:
            os.close(handle)
    if new:
        sync(place.parent)


def _read(home: Path) -> Trail:
    place = home / FILE
    try:
        content = place.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        content = b""
    except OSError as error:
        problem = f"the trail cannot be read ({error.strerror})"
        cure = "see that it is a file that you may read"
        raise InputError(Fault("trail", problem, cure, str(place))) from error
    *lines, rest = content.split(b"\n")
    entries: list[Entry] = []
    for n, line in enumerate(lines, start=1):
        entries.append(_entry(line, n, entries[-1].hash if entries else NOTHING, place))
    trail = Trail(tuple(entries))
    if rest and _is_json(rest):
        last = _entry(rest, len(lines) + 1, trail.head[1], place)
        trail = Trail((*entries, last), unended=True)
    elif rest and _surely_torn(rest, *trail.head):
        trail = Trail(tuple(entries), torn=rest)
    elif rest:
        raise _fault(place, len(lines) + 1, "this line is no entry, nor the beginning of one")
    _check_heads(home, trail)
    return trail


def _entry(line: bytes, n: int, before: str, place: Path) -> Entry:
    changed = "this entry is not as it was written: its hash no longer fits what it says"
    try:
        told = json.loads(line)
        if list(told) != _KEYS:
            raise ValueError
        entry = Entry(
            told["n"], dt.datetime.fromisoformat(told["at"]), told["what"], told["by"],
            told["facts"], told["before"], told["hash"],
        )  # fmt: skip
        whole = entry.line.encode() == line and _hash({**told, "hash": None}) == entry.hash
    except (ValueError, TypeError, KeyError, AttributeError):
        whole = False
    if not whole:
        raise _fault(place, n, changed)
    if entry.n != n or entry.before != before:
        at = f"as entry {entry.n:,} it does not follow the line before it: a line was changed, "
        raise _fault(place, n, f"{at}removed, moved or put in")
    return entry


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _surely_torn(rest: bytes, n: int, before: str) -> bool:
    """Did a writer that was stopped leave this? It begins as the entry after this one would."""
    start = f'{{"n":{n + 1},"before":"{before}","at":"'.encode()
    return start.startswith(rest) or rest.startswith(start)


def _check_heads(home: Path, trail: Trail) -> None:
    """Does the trail hold the head of every published result?"""
    for path in sorted(home.glob(f"[!.]*/{MANIFEST}")):
        n, expected = _head_in(path)
        found = trail.entries[n - 1].hash if 0 < n <= len(trail.entries) else NOTHING
        if n and found != expected:
            there = "it is another now" if found else "it is not there any more"
            problem = (
                f"when the result in {path.parent.name} was published, entry {n:,} had the hash "
                f"{expected[:SHORT]}; {there}"
            )
            raise _fault(home / FILE, n, problem)


def anchored(home: Path) -> int:
    """Up to which entry does a published result hold the trail? 0: none does."""
    return max((_head_in(path)[0] for path in home.glob(f"[!.]*/{MANIFEST}")), default=0)


def _head_in(path: Path) -> tuple[int, str]:
    try:
        told = json.loads(path.read_text(encoding="utf-8")).get("trail") or {}
        return int(told.get("n", 0)), str(told.get("hash", NOTHING))
    except (OSError, ValueError, AttributeError, TypeError):
        return 0, NOTHING


def _fault(place: Path, n: int, problem: str) -> InputError:
    return InputError(Fault("trail", problem, RESTORE, str(place), n))


def _told(
    n: int, before: str, at: dt.datetime, what: str, by: str, facts: Mapping[str, Any]
) -> dict[str, Any]:
    told = {"n": n, "before": before, "at": at.isoformat(), "what": what, "by": by}
    return {**told, "facts": dict(facts)}


def _hash(told: Mapping[str, Any]) -> str:
    named = {key: value for key, value in told.items() if key != "hash"}
    text = json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
