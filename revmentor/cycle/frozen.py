"""An approved match is frozen: no run replaces the pairs that are running."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from revmentor.cycle.approval import Approval, approval_of
from revmentor.cycle.identity import match_in
from revmentor.cycle.reuse import Published
from revmentor.cycle.stages import STAGES, Stage
from revmentor.errors import Fault, InputError
from revmentor.publish.workspace import Workspace

STAGE = "match"
NOTEBOOKS = tuple(book.name for stage in STAGES if stage.name == STAGE for book in stage.notebooks)


@dataclass(frozen=True)
class Frozen:
    """A match that a person approved, and the published result that it stands in."""

    approval: Approval
    published: Published

    @property
    def prints(self) -> Mapping[str, str]:
        """The fingerprint of the approved stage, which stays."""
        return {STAGE: str(self.published.stages[STAGE]["fingerprint"])}

    @property
    def why(self) -> Mapping[str, str]:
        """Why the stage is kept, for whoever runs."""
        by = self.approval
        return {
            STAGE: f"kept as approved by {by.by} on {by.at:%-d %B %Y}; revmentor reopen "
            f"{by.cycle} to match anew."
        }


def frozen_match(standing: Approval | None, result: Path) -> Frozen | None:
    """The approved match of a scenario; None where none stands approved by a person.

    Parameters
    ----------
    standing : Approval or None
        Of this scenario.
    result : Path
        Its published result.

    Raises
    ------
    InputError
        The files of the approved match are not as they were approved.
    """
    if standing is None or standing.itself:
        return None
    published = Published.read(result, whole=False)
    match = match_in(Workspace(result)) if published.intact(STAGE) else None
    if match is None or match.digest != standing.match:
        problem = (
            f"the match stands {standing.sentence}, but its files are not there any more, or are "
            "not those that were approved"
        )
        cure = (
            "put this folder back from a backup, or match anew: "
            f"`revmentor reopen {standing.cycle} --by NAME --reason TEXT`"
        )
        raise InputError(Fault("approved match", problem, cure, str(result)))
    return Frozen(standing, published)


def also_published(home: Path, scenario: str) -> tuple[Stage, ...]:
    """The published stages of an approved match: none of them is dropped, so all may run again."""
    standing = approval_of(home, scenario)
    if standing is None or standing.itself:
        return ()
    published = Published.read(home / scenario, whole=False)
    return tuple(stage for stage in STAGES if stage.name in published.stages)
