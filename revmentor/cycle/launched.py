"""What did a launch leave to be sent? Its messages, and their files as they were published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from revmentor import words
from revmentor.cycle.approval import Approval
from revmentor.cycle.next_step import command
from revmentor.errors import Fault, InputError, check_faults
from revmentor.publish.mailmerge import MAIL, MERGE, Letter
from revmentor.publish.manifest import NAME as MANIFEST
from revmentor.publish.workspace import RESTRICTED, Workspace


class LaunchFiles:
    """What a launch left, each file as it was published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        manifest = json.loads(self._read(MANIFEST) or '{"files": {}}')
        self._known: Mapping[str, Mapping[str, str]] = manifest["files"]

    def _read(self, name: str) -> bytes:
        path = self.folder / name
        return path.read_bytes() if path.is_file() else b""

    def unchanged(self, name: str) -> bytes:
        """The content of this restricted file."""
        place = f"{RESTRICTED}/{name}"
        content = self._read(place)
        if self._known.get(place, {}).get("sha256") != hashlib.sha256(content).hexdigest():
            problem = "it is not as it was published"
            cure = "run the launch of this cycle again, then send: what was sent is not sent again"
            raise InputError(Fault("changed file", problem, cure, str(self.folder / place)))
        return content

    def of(self, letter: Letter) -> Mapping[str, bytes]:
        """What is attached to this message, by file name."""
        return {name.rpartition("/")[2]: self.unchanged(name) for name in letter.files}


def letters_of(
    files: LaunchFiles, approval: Approval, cycle: str, *, only: str, again: str
) -> tuple[Sequence[Letter], Letter | None]:
    """The messages that are asked for, and one to invented people, where the launch wrote it."""
    launch = command("run", cycle, "--stage", "launch", scenario=approval.scenario)
    work = Workspace(files.folder)
    if not work.has(MAIL):
        problem = "the packs of the approved match have not been made yet"
        raise InputError(Fault("no packs", problem, launch, str(files.folder)))
    files.unchanged(f"{MAIL}.json")
    mail = work.read_json(MAIL)
    if mail["match"] != approval.match:
        problem = "the packs were made for another match than the one that is approved now"
        raise InputError(Fault("other match", problem, launch, str(files.folder)))
    found = [Letter.from_json(each) for each in mail["letters"]]
    person, option = (again, "--again") if again else (only, "--only")
    chosen = [letter for letter in found if not person or letter.person_id == person]
    if person and not chosen:
        problem = "nobody with this id has a pack in this launch"
        cure = (
            f"write the person_id; it stands with the name in {files.folder / RESTRICTED / MERGE}"
        )
        raise InputError(Fault("unknown person", problem, cure, column=option))
    check_faults(_shared(found, chosen, files))
    return chosen, Letter.from_json(mail["sample"]) if "sample" in mail else None


def _shared(
    found: Sequence[Letter], chosen: Sequence[Letter], files: LaunchFiles
) -> Iterator[Fault]:
    """Messages that somebody else would read, as both people have one address."""
    readers: dict[str, dict[str, int]] = {}
    for row, letter in enumerate(found, start=2):
        readers.setdefault(letter.email.casefold(), {}).setdefault(letter.person_id, row)
    for address in dict.fromkeys(letter.email.casefold() for letter in chosen if letter.email):
        rows = [f"{row:,}" for row in readers[address].values()]
        if len(rows) > 1:
            problem = f"rows {words.listed(rows)} are of different people with one e-mail address"
            cure = "mend the addresses in the people table, run the launch again, then send"
            where = str(files.folder / RESTRICTED / MERGE)
            yield Fault("shared address", problem, cure, where, column="email")
