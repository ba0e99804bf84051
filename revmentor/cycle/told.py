"""What do the pages and the terminal say of a match: draft or approved, and what changed?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from revmentor.cycle.approval import Approval, approval_of_match, next_of_draft
from revmentor.cycle.changes import FILE, NAME
from revmentor.cycle.identity import Match, match_in
from revmentor.params import Resolved
from revmentor.publish.named import PAIRS_PAGE
from revmentor.publish.workspace import Workspace


@dataclass(frozen=True)
class Told:
    """The match of a run, as it is told.

    Parameters
    ----------
    match : Match
    approval : Approval or None
        None: it is a draft.
    changed : str
        How it differs from the match published before; empty: nothing to compare.
    next : str
        What to do with a draft.
    """

    match: Match
    approval: Approval | None
    changed: str
    next: str

    @property
    def lines(self) -> tuple[str, str]:
        """Above pages that may be shared, and above restricted ones."""
        if self.approval is None:
            draft = "Match: draft, not approved yet."
            return draft, " ".join(filter(None, (draft, self.changed, self.next)))
        open_, closed = self.approval.shareable, self.approval.sentence
        return f"Match: {open_}.", " ".join(filter(None, (f"Match: {closed}.", self.changed)))

    @property
    def facts(self) -> dict[str, Any]:
        """For the manifest: which match it is and where it stands, without a name."""
        found = self.approval
        on = found.on.isoformat() if found and found.on else None
        by = "approved by the cycle" if found and found.itself else "approved"
        state = by if found else "draft"
        return {"match": self.match.digest, "state": state, "on": on}


def told_of(folder: Path, resolved: Resolved, standing: Approval | None) -> Told | None:
    """What is told of the match in this folder of a run; None if there is no match in it.

    Parameters
    ----------
    folder : Path
        The run's folder, all notebooks done.
    resolved : Resolved
    standing : Approval or None
        What stands approved of this scenario.
    """
    work = Workspace(folder)
    match = match_in(work)
    if match is None:
        return None
    names = resolved.cycle, resolved.scenario
    found = approval_of_match(standing, resolved.params, *names, match.digest)
    changed = _changed(work.read_json(NAME)) if work.has(NAME) else ""
    return Told(match, found, changed, next_of_draft(*names))


def _changed(told: Mapping[str, Any]) -> str:
    """How the match differs from the one before, and where its changed pairs stand by name."""
    where = f" Which pairs, and why: restricted/{PAIRS_PAGE} and restricted/{FILE}."
    return f"{told['sentence']}{'' if told['same'] else where}"
