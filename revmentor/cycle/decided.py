"""Which decisions were taken by sheet, as the trail tells?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from revmentor.cycle import trail
from revmentor.cycle.trail import Entry
from revmentor.data.decided import Decided

DECIDED = "decided"


def decided_by(entries: Iterable[Entry]) -> tuple[Decided, ...]:
    """The decisions among these entries, in order."""
    return tuple(
        Decided(
            str(entry.facts["mentor_id"]),
            str(entry.facts["mentee_id"]),
            str(entry.facts["decision"]),
            entry.by,
            str(entry.facts["reason"]),
            entry.at.date(),
            trail.FILE,
            entry.n,
        )
        for entry in entries
        if entry.what == DECIDED
    )


def decided_in(home: Path) -> tuple[Decided, ...]:
    """All decisions by sheet of a cycle, in order; see `revmentor.cycle.trail.read`."""
    return decided_by(trail.read(home).entries)
