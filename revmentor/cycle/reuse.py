"""Which stages of the published result still hold, and can be kept instead of run again?"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from revmentor.cycle.stages import STAGES, Stage
from revmentor.publish.atomic import make_folder
from revmentor.publish.manifest import read_manifest, sha256


@dataclass(frozen=True)
class Published:
    """The result that is published now, as its manifest tells; empty if there is none."""

    folder: Path
    stages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Published:
        """What stands in this folder?"""
        manifest = read_manifest(folder)
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

    A stage that is in none of the three is dropped: its files build on what is no longer so.
    """

    kept: tuple[Stage, ...]
    run: tuple[Stage, ...]
    later: tuple[Stage, ...]


def plan(
    asked: Sequence[Stage], every: bool, fingerprints: Mapping[str, str], published: Published
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
    """

    def holds(stage: Stage) -> bool:
        record = published.stages.get(stage.name)
        return record is not None and record["fingerprint"] == fingerprints[stage.name]

    kept: list[Stage] = []
    if not every:
        for stage in asked[:-1]:
            if not (holds(stage) and published.intact(stage.name)):
                break
            kept.append(stage)
    later = []
    for stage in STAGES[len(asked) :]:
        if not (holds(stage) and published.intact(stage.name)):
            break
        later.append(stage)
    return Plan(tuple(kept), tuple(asked[len(kept) :]), tuple(later))


def same_artefacts(published: Published, record: Mapping[str, Any], folder: Path) -> bool:
    """Did this stage, run again, write the same artefacts as the published ones?

    Executed notebooks carry times and are left out. Where anything differs, later stages cannot be
    kept: they would describe another match.
    """

    def artefacts(names: Sequence[str]) -> list[str]:
        return sorted(name for name in names if not name.startswith("notebooks/"))

    before = published.stages.get(record["stage"])
    names = artefacts(record["files"])
    return (
        before is not None
        and artefacts(before["files"]) == names
        and all(sha256(folder / name) == published.files[name]["sha256"] for name in names)
    )
