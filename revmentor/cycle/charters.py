"""Which version of its charter does a cycle stand by, and what changed since the first?"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, cast

import pandas as pd

from revmentor.cycle.lock import hold
from revmentor.data import Tables
from revmentor.errors import Fault, InputError, RevmentorError
from revmentor.params import load_params
from revmentor.params.models import ObjectiveKind
from revmentor.paths import workbench_root
from revmentor.planning.promise import Promised, changes, digest
from revmentor.planning.templates import template_yaml
from revmentor.planning.waves import waves_of
from revmentor.publish.atomic import OPEN_FILE, write_text
from revmentor.publish.workspace import Workspace

FILE = "charters.json"
ARTEFACT = "charter"
LOCK = ".lock-charters"
SCHEMA = 1
SHOWN = 12
# What tells how the cycle goes: who reads it before fixing the charter knows the answer.
DATED = ("sessions", "pulse", "goals")


@dataclass(frozen=True)
class Version:
    """One published version of a charter.

    Parameters
    ----------
    number : int
        1, 2, ... in the order of publication.
    digest : str
        sha256 of what is promised.
    on : date
        First published on this day (UTC).
    after_start, after_data : bool
        Whether that was after the day the cycle starts, and after the first meeting, pulse or goal
        that its tables tell of.
    changed : tuple of str
        What changed against the version before, in words; empty for the first.
    promised : mapping
        What is promised: see `revmentor.planning.promise`.
    """

    number: int
    digest: str
    on: dt.date
    after_start: bool
    after_data: bool
    changed: tuple[str, ...]
    promised: Promised

    @property
    def when(self) -> str:
        """At which moment of the cycle was it published?

        >>> Version(1, "", dt.date(2026, 1, 5), False, False, (), {}).when
        'before the start'
        """
        if self.after_data:
            return "after the first data were there"
        return "after the start" if self.after_start else "before the start"


@dataclass(frozen=True)
class Standing:
    """Where a charter stands among the published versions of its cycle.

    ``known`` is False for one that no run has published yet; ``current`` is then what it would be.
    """

    current: Version
    earlier: tuple[Version, ...]
    later: tuple[Version, ...]
    known: bool

    @property
    def late(self) -> bool:
        """Was the charter changed after the start, or after the first data?"""
        versions = (*self.earlier, self.current, *self.later)
        return any(each.number > 1 and (each.after_start or each.after_data) for each in versions)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The version and what changed, for everybody: a late change is said as such."""
        name = f"Version {self.current.number} of the charter ({self.current.digest[:SHOWN]})"
        told = [f"{name}, first published on {self.current.on:%-d %B %Y}, {self.current.when}."]
        for version in (*self.earlier, self.current, *self.later):
            if version.changed:
                told.append(
                    f"Changed {version.when}, in version {version.number} of "
                    f"{version.on:%-d %B %Y}: {'; '.join(version.changed)}."
                )
        if self.later:
            told.append(
                f"Version {self.later[-1].number} was published since; this run went back to "
                f"version {self.current.number}."
            )
        return tuple(told)


def read(home: Path) -> tuple[Version, ...]:
    """Every published version of the charter, first to last.

    Parameters
    ----------
    home : Path
        Folder of the cycle's results, ``outputs/<cycle>``.

    Raises
    ------
    InputError
        If the file of versions cannot be read.
    """
    path = home / FILE
    if not path.is_file():
        return ()
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["schema"] != SCHEMA:
            raise ValueError
        return tuple(from_json(entry) for entry in document["versions"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = "the published versions of the charter cannot be read"
        cure = "restore the file from a copy; if there is none, remove it: versions then start at 1"
        raise InputError(Fault("charters", problem, cure, str(path))) from error


def to_json(version: Version) -> dict[str, Any]:
    """The version in JSON's own types."""
    return {**asdict(version), "on": version.on.isoformat(), "changed": list(version.changed)}


def from_json(entry: Mapping[str, Any]) -> Version:
    """The version that `to_json` was given; raises TypeError for what it never gives."""
    kinds = {"number": int, "digest": str, "after_start": bool, "after_data": bool}
    if not (isinstance(entry["changed"], list) and isinstance(entry["promised"], dict)):
        raise TypeError
    if any(type(entry[name]) is not kind for name, kind in kinds.items()):
        raise TypeError
    fields = {
        **entry,
        "on": dt.date.fromisoformat(entry["on"]),
        "changed": tuple(entry["changed"]),
    }
    return Version(**fields)


def version_of(home: Path, fingerprint: str) -> Version | None:
    """Which published version has this fingerprint? None if no run has published it."""
    return next((each for each in read(home) if each.digest == fingerprint), None)


def standing(
    home: Path,
    promise: Promised,
    start: dt.date,
    today: dt.date,
    first_data: Callable[[], dt.date | None] = lambda: None,
) -> Standing:
    """Where does this charter stand among the published versions?

    Parameters
    ----------
    home : Path
        ``outputs/<cycle>``; without a file of versions, this charter is version 1.
    promise : mapping
        From `revmentor.planning.promise.promised`.
    start : date
        First day of the cycle.
    today : date
        Day of publication if it is new.
    first_data : callable
        The day of the first data, or None; asked only for a new charter after the start.
    """
    versions, fingerprint = read(home), digest(promise)
    for at, version in enumerate(versions):
        if version.digest == fingerprint:
            return Standing(version, versions[:at], versions[at + 1 :], True)
    seen = first_data() if today >= start else None
    new = Version(
        len(versions) + 1,
        fingerprint,
        today,
        today >= start,
        seen is not None and today >= seen,
        _changed(versions, promise),
        promise,
    )
    return Standing(new, versions, (), False)


def _changed(versions: tuple[Version, ...], promise: Promised) -> tuple[str, ...]:
    if not versions:
        return ()
    return changes(versions[-1].promised, promise) or ("its wording was changed",)


def record(home: Path, new: Version) -> Version:
    """Note that this charter is published: nothing happens if it was before.

    Two runs of one cycle wait for each other; a reader sees the old file or the new one.

    Parameters
    ----------
    home : Path
        ``outputs/<cycle>``.
    new : Version
        As its page says it; its number and changes are told anew if another run was quicker.
    """
    with hold(home / LOCK, "the charter's versions", wait=True):
        versions = read(home)
        known = next((each for each in versions if each.digest == new.digest), None)
        if known is not None:
            return known
        changed = _changed(versions, new.promised)
        added = replace(new, number=len(versions) + 1, changed=changed)
        entries = [to_json(each) for each in (*versions, added)]
        text = json.dumps({"schema": SCHEMA, "versions": entries}, ensure_ascii=False, indent=1)
        write_text(home / FILE, text + "\n", OPEN_FILE)
        return added


def record_published(home: Path, result: Path) -> None:
    """Note the charter of a result that has just been published, if it has one.

    Raises
    ------
    RevmentorError
        If the file cannot be written; the published result stays.
    """
    work = Workspace(result)
    if not work.has(ARTEFACT):
        return
    told = work.read_json(ARTEFACT).get("version")
    if told is None:
        return
    try:
        record(home, from_json(told))
    except OSError as error:
        raise RevmentorError(
            f"the result is published, but {home / FILE} could not be written "
            f"({error.strerror}): run again when the disk has room, so that the charter's version "
            "is kept."
        ) from error
    except InputError as error:
        raise RevmentorError(
            f"the result is published, but not its charter's version. {error}"
        ) from error


def first_data(tables: Tables) -> dt.date | None:
    """On which day was the first meeting, pulse or goal that the tables tell of, if any?"""
    frames: Iterable[pd.DataFrame | None] = (getattr(tables, name) for name in DATED)
    days = [
        frame["on"].min()
        for frame in frames
        if frame is not None and "on" in frame and frame["on"].notna().any()
    ]
    return min(days).date() if days else None


def charter_template(kind: str, cycle: str = "", *, root: str | Path = "") -> str:
    """A worked charter of this kind as YAML, with the dates of a cycle if one is named."""
    chosen = cast(ObjectiveKind, kind)
    if not cycle:
        return template_yaml(chosen)
    params = load_params(cycle, root=workbench_root(root)).params
    return template_yaml(chosen, params.programme, waves_of(params))
