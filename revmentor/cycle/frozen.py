"""An approved match is frozen: no run replaces the pairs that are running."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from revmentor import words
from revmentor.cycle.approval import Approval, approval_of
from revmentor.cycle.identity import CIRCLES, PAIRS, match_in
from revmentor.cycle.reuse import Published
from revmentor.cycle.stages import STAGES, Stage
from revmentor.data import Tables
from revmentor.errors import Fault, InputError, check_faults
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


def check_there(frozen: Frozen, tables: Tables) -> None:
    """Is everybody of the approved match still there? Packs and reviews are about all of them.

    Raises
    ------
    InputError
        With the rows of ``pairs.csv`` and ``circles.csv`` whose people are not in the tables.
    """
    work, faults = Workspace(frozen.published.folder), list[Fault]()
    for name, columns in ((PAIRS, ("mentor_id", "mentee_id")), (CIRCLES, ("person_id",))):
        if not work.has(name):
            continue
        listed = work.read_table(name)
        for table in ("people", "applications"):
            there = set(getattr(tables, table)["person_id"])
            for column in columns:
                gone = ~listed[column].isin(there).to_numpy()
                for row in np.flatnonzero(gone).tolist():
                    faults.append(_gone(f"restricted/{name}.csv", row + 2, column, table, frozen))
    check_faults(faults)


def left_in(frozen: Frozen, gone: Collection[str]) -> tuple[str, ...]:
    """What is to be done where somebody of the approved match has left?

    Parameters
    ----------
    frozen : Frozen
    gone : collection of str
        Who has left.

    Returns
    -------
    tuple of str
        A sentence, with numbers only; none if all are still there.
    """
    work, found = Workspace(frozen.published.folder), []
    pairs = work.read_table(PAIRS)
    broken = pairs[["mentor_id", "mentee_id"]].isin(gone).any(axis=1).sum()
    if broken:
        found.append(words.counted(int(broken), "pair"))
    if work.has(CIRCLES):
        members = work.read_table(CIRCLES)
        fewer = members.loc[members["person_id"].isin(gone), "circle"].nunique()
        if fewer:
            found.append(words.counted(fewer, "circle"))
    if not found:
        return ()
    by = frozen.approval
    other = "" if by.scenario == "base" else f" --scenario {by.scenario}"
    return (
        f"somebody of the approved match has left (people.left_on), in {words.listed(found)}: "
        f"`revmentor run {by.cycle}{other} --stage launch` closes their links, makes no pack about "
        f"them and names them in restricted/lacking.html; `revmentor rematch {by.cycle}{other}` "
        "finds new partners.",
    )


def _gone(file: str, row: int, column: str, table: str, frozen: Frozen) -> Fault:
    problem = f"this person of the approved match is not in the table {table} any more"
    cure = (
        f"keep who has left in {table} (people: with left_on), or match anew without them: "
        f"`revmentor reopen {frozen.approval.cycle} --by NAME --reason TEXT`"
    )
    return Fault("approved match without its people", problem, cure, file, row, column)


def also_published(home: Path, scenario: str) -> tuple[Stage, ...]:
    """The published stages of an approved match: none of them is dropped, so all may run again."""
    standing = approval_of(home, scenario)
    if standing is None or standing.itself:
        return ()
    published = Published.read(home / scenario, whole=False)
    return tuple(stage for stage in STAGES if stage.name in published.stages)
