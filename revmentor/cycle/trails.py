"""A cycle's trail for a reader: who did what, when, about what; and is a noted hash in it?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from revmentor.cycle import trail
from revmentor.cycle.trail import Entry, Trail
from revmentor.errors import Fault, InputError
from revmentor.paths import cycle_dir, outputs_dir, workbench_root
from revmentor.words import counted


def trail_text(
    cycle: str, *, holds: str = "", root: str | Path = "", outputs: str | Path = ""
) -> str:
    """The trail of a cycle as text, verified.

    Parameters
    ----------
    cycle : str
        Name.
    holds : str
        The beginning of a hash that somebody noted down; an entry must have it.
    root, outputs : str or Path
        The workbench and the folder of all results; empty: the defaults.

    Raises
    ------
    InputError
        The trail is not as it was written, or has no entry with this hash.
    """
    home = cycle_dir(outputs_dir(workbench_root(root), outputs), cycle)
    found = trail.read(home)
    lines = [_line(entry) for entry in found.entries]
    if holds:
        lines.append(_noted(home, found, holds))
    n, head = found.head
    if not n:
        return f"Nothing has been decided, approved or reopened in {cycle} yet."
    lines.append(
        f"Verified: {counted(n, 'entry')}, each with the hash that fits what it says and the one "
        f"before it, and no published result knows another. Head: {head[: trail.SHORT]}."
    )
    lines += _held_by_nothing(trail.anchored(home), n)
    if found.torn:
        lines.append(
            "A writer was stopped in the middle of the next entry. What it left says nothing, and "
            "goes when the next entry is written; do again what was being done."
        )
    return "\n".join(lines)


def _held_by_nothing(anchored: int, n: int) -> list[str]:
    """Which entries could have been written anew, with hashes that fit?"""
    if anchored >= n:
        return []
    later = f"Entry {n:,} is" if anchored + 1 == n else f"Entries {anchored + 1:,} to {n:,} are"
    return [
        f"{later} later than every published result: hashes that fit do not show that nobody wrote "
        "them anew. A hash that was noted down elsewhere does: check it with --holds."
    ]


def _line(entry: Entry) -> str:
    by = entry.by or "the cycle itself"
    when = f"{entry.at:%-d %B %Y %H:%M} UTC"
    return f"{entry.n:>4}  {entry.short}  {when}  {by} {entry.what} {_about(entry)}"


def _about(entry: Entry) -> str:
    facts: Mapping[str, Any] = entry.facts
    why = f": {facts['reason']}" if facts.get("reason") else ""
    if entry.what == "decided":
        return f"{facts['decision']} {facts['mentor_id']} with {facts['mentee_id']}{why}"
    size = f", {counted(int(facts['pairs']), 'pair')}" if "pairs" in facts else ""
    if "messages" in facts:
        size = f", {counted(int(facts['messages']), 'message')}{size}"
    why = f", again to {facts['again']}{why}" if facts.get("again") else why
    match = str(facts.get("match", ""))[: trail.SHORT]
    return f"scenario {facts.get('scenario', '')}, match {match}{size}{why}"


def _noted(home: Path, found: Trail, holds: str) -> str:
    for entry in found.entries:
        if len(holds) >= 4 and entry.hash.startswith(holds.lower()):
            return f"Entry {entry.n:,} has the hash that was noted."
    problem = "no entry has this hash: the trail was cut off or written anew since it was noted"
    cure = f"check the hash; if it is right, {trail.RESTORE}"
    raise InputError(Fault("trail", problem, cure, str(home / trail.FILE), column="--holds"))
