"""Which stages of the published result still hold, and can be kept instead of run again?"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from revmentor.cycle.stages import STAGES, Stage
from revmentor.publish.atomic import make_folder
from revmentor.publish.manifest import read_manifest, sha256

_OF_THE_RUN = ("notebooks/", "restricted/changes.")


@dataclass(frozen=True)
class Published:
    """The result that is published now, as its manifest tells; empty if there is none."""

    folder: Path
    stages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path, *, whole: bool = True) -> Published:
        """What stands in this folder? ``whole=False``: also where files of it are lacking."""
        manifest = read_manifest(folder, whole=whole)
        if manifest is None:
            return cls(folder)
        return cls(
            folder,
            {record["stage"]: record for record in manifest["stages"]},
            manifest["files"],
            {table: facts["sha256"] for table, facts in manifest["inputs"].items()},
        )

    def intact(self, stage: str) -> bool:
        """Are all files of this stage there, byte for byte as they were published?"""
        record = self.stages.get(stage)
        return record is not None and all(
            (self.folder / name).is_file()
            and sha256(self.folder / name) == self.files[name]["sha256"]
            for name in record["files"]
        )

    def copy(self, stage: str, folder: Path) -> Mapping[str, Any]:
        """Copy the files of this stage into a new result, and return its record."""
        record = self.stages[stage]
        for name in record["files"]:
            source, target = self.folder / name, folder / name
            for up in reversed([up for up in target.parents if folder in up.parents]):
                mode = (self.folder / up.relative_to(folder)).stat().st_mode & 0o777
                make_folder(up, mode)
            shutil.copy2(source, target)
        return record


@dataclass(frozen=True)
class Plan:
    """What a run does with each stage: keep it, run it, or (later ones) keep it if nothing moved.

    A stage that is in none of the three is dropped: its files build on what is no longer so. Where
    `renew` is true, none is: what cannot be kept is run.
    """

    kept: tuple[Stage, ...]
    run: tuple[Stage, ...]
    later: tuple[Stage, ...]
    renew: bool = False


def plan(
    asked: Sequence[Stage],
    every: bool,
    fingerprints: Mapping[str, str],
    published: Published,
    approved: str = "",
) -> Plan:
    """Which of these stages must run?

    Parameters
    ----------
    asked : Sequence[Stage]
        All stages up to the one that was asked for.
    every : bool
        True runs them all; False only the last, and earlier ones that are not up to date.
    fingerprints : Mapping[str, str]
        Today's fingerprint of every stage.
    published : Published
        The result as it stands.
    approved : str
        The stage whose files stand approved: they are kept whatever has changed, and no later
        stage is dropped. Empty: there is none.
    """

    def holds(stage: Stage) -> bool:
        record = published.stages.get(stage.name)
        return record is not None and record["fingerprint"] == fingerprints[stage.name]

    def fit(stages: Sequence[Stage]) -> tuple[Stage, ...]:
        """Those from the first on that can be kept."""
        return tuple(takewhile(lambda s: holds(s) and published.intact(s.name), stages))

    if not approved:
        kept = () if every else fit(asked[:-1])
        return Plan(kept, tuple(asked[len(kept) :]), fit(STAGES[len(asked) :]))

    at = [stage.name for stage in STAGES].index(approved)
    first, rest = asked[:at], asked[at + 1 :]
    after = [stage for stage in STAGES[max(at + 1, len(asked)) :] if stage.name in published.stages]
    held, run = [STAGES[at]], list[Stage]()
    for part in (first, rest):
        named = part[-1:] if part and part[-1] == asked[-1] else ()
        good = () if every else fit(part[: len(part) - len(named)])
        held += good
        run += part[len(good) :]
    later = fit(after)
    run += after[len(later) :]
    return Plan(_ordered(held), _ordered(run), later, renew=True)


def _ordered(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    return tuple(stage for stage in STAGES if stage in stages)


def same_artefacts(published: Published, record: Mapping[str, Any], folder: Path) -> bool:
    """Did this stage, run again, write the same artefacts as the published ones?

    Executed notebooks carry times and are left out, and so is what a match says of the one before
    it. Where anything differs, later stages cannot be
    kept: they would describe another match.
    """

    def artefacts(names: Sequence[str]) -> list[str]:
        return sorted(name for name in names if not name.startswith(_OF_THE_RUN))

    before = published.stages.get(record["stage"])
    names = artefacts(record["files"])
    return (
        before is not None
        and artefacts(before["files"]) == names
        and all(sha256(folder / name) == published.files[name]["sha256"] for name in names)
    )
