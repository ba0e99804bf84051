"""One message per person and pair: as a table for the company's mailer, and as it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Self

import pandas as pd
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from revmentor.params.launch import Mail
from revmentor.planning import Pack
from revmentor.planning.walk import day
from revmentor.publish.cells import to_csv
from revmentor.publish.named import FOLDER, pack_file, series_file
from revmentor.words import counted

MAIL = "mail"
MERGE = "mailmerge.csv"
ITSELF = "The coordinator"


@dataclass(frozen=True)
class Letter:
    """One message, as it goes to one person about one pair or circle.

    Parameters
    ----------
    key : str
        Stays the same as long as it is the same person about the same pair or circle.
    files : tuple of str
        What is attached, relative to the restricted folder.
    """

    key: str
    person_id: str
    name: str
    email: str
    side: str
    partner: str
    subject: str
    text: str
    link: str
    first_meeting_by: str
    files: tuple[str, ...]

    @property
    def reader(self) -> str:
        """A print of address and link, which says no more than whether they are others now."""
        parts = (self.key, self.email.casefold(), self.link)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """As `to_json` made it."""
        return cls(**{**content, "files": tuple(content["files"])})

    def to_json(self) -> dict[str, Any]:
        """As plain JSON."""
        return {**asdict(self), "files": list(self.files)}


def letters(
    packs: Sequence[Pack], mail: Mail, *, cycle: str, title: str, pdfs: bool
) -> tuple[Letter, ...]:
    """Which message goes with each pack?

    Parameters
    ----------
    packs : sequence of Pack
    mail : Mail
        Templates of subject and text.
    cycle, title : str
    pdfs : bool
        Are there PDFs? Then these are attached, else the pages.
    """
    subject, text = (_template(each) for each in (mail.subject, mail.text))
    found = []
    for pack in packs:
        names = [one.name for one in pack.others]
        partner = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        told = {
            "coordinator": pack.coordinator or ITSELF,
            "end": day(pack.end),
            "first_meeting_by": day(pack.first_meeting_by),
            "link": pack.link,
            "meetings": counted(len(pack.slots), "meeting"),
            "minutes": counted(pack.minutes, "minute"),
            "name": pack.you.name if pack.you.named else "colleague",
            "partner": partner,
            "side": pack.side,
            "start": day(pack.start),
            "title": title,
            "topic": pack.topic or ("what brings you together" if pack.kind == "circle" else ""),
        }
        files = (pack_file(pack, ".pdf" if pdfs else ".html"), series_file(pack))
        found.append(
            Letter(
                key=letter_key(cycle, pack),
                person_id=pack.person_id,
                name=pack.you.name,
                email=pack.you.email,
                side=pack.side,
                partner=partner,
                subject=" ".join(subject.render(told).split()),
                text=text.render(told).strip() + "\n",
                link=pack.link,
                first_meeting_by=pack.first_meeting_by.isoformat(),
                files=tuple(f"{FOLDER}/{name}" for name in files),
            )
        )
    return tuple(found)


def letter_key(cycle: str, pack: Pack) -> str:
    """What tells that a message was sent already: reader, and who is in the pair or circle."""
    about = pack.topic if pack.kind == "circle" else ""
    parts = [cycle, pack.kind, about, pack.person_id, *sorted((pack.person_id, *pack.partner_ids))]
    text = "\0".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def merge_table(found: Sequence[Letter]) -> bytes:
    """The messages as a CSV file for a mailer: safe to open in Excel, and to read again."""
    rows = [
        {
            "person_id": each.person_id,
            "name": each.name,
            "email": each.email,
            "side": each.side,
            "partner": each.partner,
            "subject": each.subject,
            "first_meeting_by": each.first_meeting_by,
            "link": each.link,
            "pack": each.files[0],
            "calendar": each.files[1],
            "text": each.text,
        }
        for each in found
    ]
    heads = list(rows[0]) if rows else ["person_id", "name", "email"]
    return to_csv(pd.DataFrame(rows, columns=heads, dtype=object))


@cache
def _template(text: str) -> Template:
    # Plain text, so nothing is escaped; the sandbox keeps a template from calling anything.
    room = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True)
    return room.from_string(text)
