"""What every page needs: the roster, the store, the key, the clock, the words and the look."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from revmentor.checkin.connected import utc_now
from revmentor.checkin.days import Days
from revmentor.checkin.limits import ADDRESS, LINK, WRONG, Allowance
from revmentor.checkin.roster import Roster, read_roster, roster_file
from revmentor.checkin.store import Store
from revmentor.checkin.texts import NAMES, Texts, texts_of
from revmentor.errors import InputError

LOOK_AGAIN_S = 2.0


def environment(language: str) -> Environment:
    """The templates in one language; whatever is put into them is shown as text."""
    loader = PackageLoader("revmentor.checkin", "templates")
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    catalogue = texts_of(language).catalogue
    made.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    return made


_environment = cache(environment)


@cache
def style() -> tuple[str, str]:
    """The stylesheet, and the name under which browsers may keep it."""
    text = (files("revmentor.checkin") / "templates" / "style.css").read_text(encoding="utf-8")
    return text, f"/style-{hashlib.sha256(text.encode()).hexdigest()[:12]}.css"


class Rosters:
    """The roster of a published result, read again when another one is published."""

    def __init__(self, home: Path, scenario: str) -> None:
        self._home, self._scenario = home, scenario
        self._path = roster_file(home, scenario)
        self._lock = threading.Lock()
        # Looked at first: what is published while it is read is read again.
        self._stamp = self._seen()
        self._roster = read_roster(home, scenario)
        self._looked = 0.0

    def now(self, at: float) -> Roster:
        """The roster as it is; `at` is a steady clock's time in seconds."""
        with self._lock:
            if at - self._looked >= LOOK_AGAIN_S:
                self._looked = at
                stamp = self._seen()
                if stamp is not None and stamp != self._stamp:
                    try:
                        self._roster = read_roster(self._home, self._scenario)
                    except InputError:
                        # A result that cannot be read: the page goes on with what it has.
                        return self._roster
                    self._stamp = stamp
            return self._roster

    def _seen(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino


@dataclass(frozen=True)
class Site:
    """The page of one cycle.

    Parameters
    ----------
    roster : callable
        Returns the roster as it is now.
    store : Store
    secret : bytes
        Signs links and forms.
    address : str
        What links begin with; https makes cookies secure.
    days : callable
        Returns the day that the page goes by, as it is in UTC and elsewhere.
    now : callable
        Returns the time (UTC, without an offset) that entries are kept with: on that day.
    """

    roster: Callable[[], Roster]
    store: Store
    secret: bytes
    address: str
    days: Callable[[], Days] = lambda: Days.at(utc_now())
    now: Callable[[], dt.datetime] = utc_now
    per_link: Allowance = field(default_factory=lambda: Allowance(LINK))
    per_address: Allowance = field(default_factory=lambda: Allowance(ADDRESS))
    wrong_links: Allowance = field(default_factory=lambda: Allowance(WRONG))

    def today(self) -> dt.date:
        """The day that entries bear."""
        return self.days().day

    @cached_property
    def secure(self) -> bool:
        """Is the page served by https?"""
        return self.address.startswith("https://")

    def page(
        self,
        name: str,
        language: str,
        values: Mapping[str, object],
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """A page from a template, in one language."""
        roster, say = self.roster(), texts_of(language)
        page = _environment(say.language).get_template(f"{name}.j2")
        helper = helper_name(roster, say)
        languages = [(code, NAMES[code]) for code in roster.languages if code in NAMES]
        shared: dict[str, object] = {
            "roster": roster, "say": say, "languages": languages, "style": style()[1],
            "today": self.today(), "errors": {},
            "helper": helper, "Helper": helper[:1].upper() + helper[1:],
        }  # fmt: skip
        return HTMLResponse(page.render({**shared, **values}), status, dict(headers or {}))


def helper_name(roster: Roster, say: Texts) -> str:
    """How is the coordinator called on the page?"""
    return roster.coordinator.name or say("the coordinator of the programme")
