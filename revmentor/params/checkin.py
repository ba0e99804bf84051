"""Where and how do participants answer?"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from revmentor.params.section import IsoDate, Section, wrong

Language = Literal["en", "de"]

_LOCAL = ("localhost", "127.0.0.1", "::1")
_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_PASSWORD = re.compile(r"//[^/@]*:(?!\$\{)[^/@]+@")


def opens_here_only(address: str) -> bool:
    """Does this address, or a link that begins with it, lead to the very machine that opens it?

    >>> opens_here_only("http://127.0.0.1:8765/c/x"), opens_here_only("https://[::1]")
    (True, True)
    >>> opens_here_only("https://checkin.example.com"), opens_here_only("")
    (False, False)
    """
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in _LOCAL


def _bad_port(address: str) -> bool:
    """Is there something behind the colon that is no port?"""
    try:
        return urlsplit(address).port == 0
    except ValueError:
        return True


class Coordinator(Section):
    """Whom participants ask for help."""

    name: str = ""
    email: str = ""


class Checkin(Section):
    """The check-in page: its address, its store, its languages, its questions."""

    address: str = ""
    database: str = ""
    languages: Annotated[tuple[Language, ...], Field(min_length=1, strict=False)] = ("en", "de")
    wave_open_days: Annotated[int, Field(ge=1, le=366)] = 21
    link_days_after_end: Annotated[int, Field(ge=0, le=366)] = 30
    as_of: IsoDate | None = None
    coordinator: Coordinator = Coordinator()
    questions: dict[str, dict[Language, str]] = Field(default_factory=dict)

    def caution(self, link: str | None = None) -> str:
        """Why do participants not reach the page, and what is to be done? "" if nothing is known.

        Parameters
        ----------
        link : str or None
            A personal link as it was written; None: as the address would make it now. In a
            rehearsal (``as_of``) a link that opens here only is as it should be.
        """
        begins = self.address if link is None else link
        if not begins:
            return (
                "Nobody has a personal link to the check-in page: write where it is served into "
                "checkin.address (such as https://checkin.example.com), then run the launch."
            )
        if self.as_of is None and opens_here_only(begins):
            place = "://".join(urlsplit(begins)[:2])
            return (
                f"Personal links begin with {place}, which opens on this machine only: no phone "
                "reaches it. Write the https address under which the page is served into "
                "checkin.address (see docs/checkin.md), then run the launch."
            )
        return ""

    @property
    def port(self) -> int | None:
        """The port of this machine that the address names; None if it names none, or another's."""
        return urlsplit(self.address).port if opens_here_only(self.address) else None

    @field_validator("address")
    @classmethod
    def _web_address(cls, address: str) -> str:
        parts = urlsplit(address)
        if address and (
            _bad_port(address)
            or parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.path.strip("/")
            or parts.query
            or parts.fragment
            or "@" in parts.netloc
        ):
            raise wrong(
                "",
                "this is no address that links can start with",
                "write it like https://checkin.example.com, or leave it empty for no links",
            )
        if parts.scheme == "http" and parts.hostname not in _LOCAL:
            raise wrong(
                "",
                "links to this address would travel unencrypted",
                "use https, by a reverse proxy before `revmentor checkin serve`",
            )
        return address.rstrip("/")

    @field_validator("database")
    @classmethod
    def _no_password(cls, database: str) -> str:
        if database and "://" not in database and not _VARIABLE.fullmatch(database):
            raise wrong(
                "",
                "this is no database address",
                "write it like postgresql+psycopg://user:${CHECKIN_PASSWORD}@host/name, or leave "
                "it empty for a SQLite file beside the results",
            )
        if _PASSWORD.search(database):
            raise wrong(
                "",
                "a password stands in the parameters, which are kept with every result",
                "write ${CHECKIN_PASSWORD} in its place, and set that environment variable",
            )
        return database

    @field_validator("languages")
    @classmethod
    def _once(cls, languages: tuple[Language, ...]) -> tuple[Language, ...]:
        if len(set(languages)) < len(languages):
            raise wrong("", "a language stands more than once", "keep one of them")
        return languages
