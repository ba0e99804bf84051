"""The check-in of one cycle as a command finds it: parameters, roster, key and answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from revmentor.checkin import coordinator, tokens
from revmentor.checkin.connected import utc_now
from revmentor.checkin.database import open_store
from revmentor.checkin.days import Days
from revmentor.checkin.roster import Roster, read_roster
from revmentor.checkin.store import Store
from revmentor.data.checkin_tables import read_answers
from revmentor.data.contract import CONTRACT
from revmentor.errors import Fault, InputError
from revmentor.params.models import Params
from revmentor.params.resolve import load_params
from revmentor.paths import cycle_dir, outputs_dir, workbench_root
from revmentor.publish.atomic import PRIVATE_FILE, PRIVATE_FOLDER, make_folder, write_bytes
from revmentor.publish.cells import to_csv

LINKS_FILE = "links.csv"


@dataclass(frozen=True)
class Opened:
    """A cycle's check-in: where it is, what it asks, who is in it, what was answered."""

    cycle: str
    scenario: str
    home: Path
    params: Params
    roster: Roster
    store: Store
    secret: bytes


@contextmanager
def opened(
    cycle: str, scenario: str = "base", root: str = "", outputs: str = ""
) -> Iterator[Opened]:
    """Open the check-in of a cycle; raises `InputError` if nobody has been launched yet."""
    bench = workbench_root(root)
    params = load_params(cycle, scenario, root=bench).params
    home = cycle_dir(outputs_dir(bench, outputs), cycle)
    roster = read_roster(home, scenario)
    store = open_store(home, roster.cycle, params.checkin.database)
    try:
        yield Opened(cycle, scenario, home, params, roster, store, tokens.secret_of(home))
    finally:
        store.close()


def write_links(found: Opened) -> Path:
    """Write everybody's personal link that is valid, for the company's mailer; restricted."""
    address = found.params.checkin.address
    if not address:
        raise no_address()
    links = found.store.links([person.person_id for person in found.roster.people])
    day = Days.at(utc_now()).earliest
    rows = [
        {
            "person_id": person.person_id,
            "name": person.name,
            "email": person.email,
            "side": person.side,
            "link": ""
            if (link := links[person.person_id]).revoked or person.gone(day)
            else tokens.link(
                address, found.secret, found.roster.cycle, person.person_id, link.version,
                found.roster.expires,
            ),
            "expires": found.roster.expires.isoformat(),
        }
        for person in found.roster.people
    ]  # fmt: skip
    path = tokens.folder_of(found.home) / LINKS_FILE
    return write_bytes(path, to_csv(pd.DataFrame(rows)), PRIVATE_FILE)


def versions_of(
    home: Path, cycle: str, people: Sequence[str], database: str = ""
) -> dict[str, int]:
    """Which version has the valid link of each of these people? 0: it was taken back."""
    store = open_store(home, cycle, database)
    try:
        return {
            person: 0 if link.revoked else link.version
            for person, link in store.links(people).items()
        }
    finally:
        store.close()


def login_link(found: Opened, address: str = "") -> str:
    """A link with which the coordinator signs in, once, within a day."""
    address = address or found.params.checkin.address
    if not address:
        raise no_address()
    return coordinator.login_link(address, found.secret, found.store.cycle)


def revoke(found: Opened, people: Sequence[str]) -> int:
    """Take back the links of these people, of everybody if none is named; how many."""
    chosen = _chosen(found, people)
    if people:
        found.store.revoke(chosen)
    else:
        found.store.revoke_all(chosen)
    return len(chosen)


def renew(found: Opened, people: Sequence[str]) -> tuple[Path, int, int]:
    """Give these people (everybody if none is named) new links, and write all.

    No earlier link opens any more. A link that was taken back from its owner is followed by a new
    one only if they are named; one that was taken back with everybody's, in any case.

    Returns
    -------
    (Path, int, int)
        The file of all links, how many are new, and how many people stay without one.
    """
    if not found.params.checkin.address:
        raise no_address()
    chosen = _chosen(found, people)
    links = found.store.links(chosen)
    renewed = [who for who in chosen if people or not links[who].barred]
    found.store.reissue_all(renewed)
    return write_links(found), len(renewed), len(chosen) - len(renewed)


def _chosen(found: Opened, people: Sequence[str]) -> list[str]:
    """These people, each once; everybody if none is named."""
    unknown = [person for person in people if person not in found.roster.person]
    if unknown:
        problem = "nobody in this cycle has this id"
        cure = f"look the id up in {tokens.FOLDER}/{LINKS_FILE}, made by `revmentor checkin links`"
        raise InputError(Fault("unknown person", problem, cure, "--person"))
    return list(dict.fromkeys(people)) or [person.person_id for person in found.roster.people]


def export(found: Opened, folder: Path, *, comments: bool = False) -> tuple[Path, ...]:
    """Write the answers as `sessions.csv`, `pulse.csv` and `goals.csv`, as the contract has them.

    Parameters
    ----------
    folder : Path
        Made if absent (0700); files are 0600. No cell is a formula to a spreadsheet, and reading
        the files back gives the texts as they were written.
    comments : bool
        With what people wrote for the review, which no page shows with who wrote it.
    """
    with found.store.reading() as connection:
        answers = read_answers(connection, found.store.cycle)
    make_folder(folder, PRIVATE_FOLDER if not folder.exists() else folder.stat().st_mode & 0o777)
    written = []
    for name in ("sessions", "pulse", "goals"):
        rows = answers[name]
        columns = [column.name for column in CONTRACT[name].columns]
        if name == "pulse":
            place = columns.index("support_needed")
            columns[place:place] = [item.item for item in found.roster.items]
            columns = [name for name in columns if comments or name != "comment"]
        frame = pd.DataFrame(rows, columns=columns)
        if "minutes" in frame:
            frame["minutes"] = frame["minutes"].astype("Int64")
        written.append(write_bytes(folder / f"{name}.csv", to_csv(frame), PRIVATE_FILE))
    return tuple(written)


def no_address() -> InputError:
    """What to do when nobody has said where the page is served."""
    problem = "nobody has said where the check-in page is served, so links have no beginning"
    cure = "set checkin.address in the cycle's parameters, such as https://checkin.example.com"
    return InputError(Fault("no address", problem, cure, "checkin.address"))


def told(found: Opened, days: Days) -> tuple[str, ...]:
    """What should whoever serves the page know about this day?"""
    roster = found.roster
    notes = []
    if days.earliest > roster.expires:
        notes.append(f"All personal links ended on {roster.expires:%-d %B %Y}.")
    waves = roster.open_waves(days)
    if waves:
        notes += [
            f"The check-in {wave.label} is open until {wave.closes:%-d %B %Y}." for wave in waves
        ]
    elif roster.waves:
        asked = ", ".join(f"{wave.label} from {wave.opens}" for wave in roster.waves)
        first = min(wave.opens for wave in roster.waves)
        notes.append(
            f"No check-in is open on {days.day:%-d %B %Y} ({asked}). "
            f"To see the page as on another day: --as-of {first}"
        )
    return tuple(notes)
