"""Whose is every id, from one published cycle to the next?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from revmentor.cycle.published import results
from revmentor.data import Tables
from revmentor.data.owners import Owner, Owners, owners_of
from revmentor.params import Resolved
from revmentor.publish.workspace import Workspace

ARTEFACT = "owners"


def keep_owners(folder: Path, resolved: Resolved, tables: Tables) -> Path | None:
    """Keep, in the restricted part of a result, whose its ids are.

    Invented people own no ids: a demo cycle keeps nothing.
    """
    if resolved.params.data.demo is not None:
        return None
    frame = owners_of(tables.people, resolved.cycle)
    if frame.empty:
        return None
    start = resolved.params.programme.start.isoformat()
    return Workspace(folder).write_table(ARTEFACT, frame.assign(start=start))


def earlier_owners(outputs: Path, resolved: Resolved) -> Owners:
    """Whose was every id in the published cycles that started before this one?

    Parameters
    ----------
    outputs : Path
        The folder of all results.
    resolved : Resolved
        The cycle that is run; its own results do not count.

    Returns
    -------
    mapping
        Id to its owner in the last cycle that knew it. Empty for a demo cycle.
    """
    if resolved.params.data.demo is not None or not outputs.is_dir():
        return {}
    start = resolved.params.programme.start
    frames = []
    for result in results(outputs):
        work = Workspace(result.folder)
        if result.cycle != resolved.cycle and work.has(ARTEFACT):
            frame = work.read_table(ARTEFACT)
            began = dt.date.fromisoformat(str(frame["start"].iloc[0]))
            if began < start:
                frames.append((began, result.created_at, frame))
    found: dict[str, Owner] = {}
    for _, _, frame in sorted(frames, key=lambda each: each[:2]):
        for cycle, person, name, birth in zip(
            frame["cycle"], frame["person_id"], frame["name"], frame["birth"], strict=True
        ):
            found[person] = Owner(cycle, name, birth)
    return found
