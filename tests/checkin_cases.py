"""A small cycle for the tests of the check-in page: its roster, its page, its visitors."""

from __future__ import annotations

import datetime as dt
import re
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import Any

from httpx import Response

from revmentor.checkin import tokens
from revmentor.checkin.app import build_app
from revmentor.checkin.database import open_store
from revmentor.checkin.days import Days
from revmentor.checkin.roster import Roster
from revmentor.checkin.serve import bound, server_of
from revmentor.checkin.site import Site
from revmentor.checkin.store import Store

with warnings.catch_warnings():
    # It would rather have a package that is not there yet.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

KEY = b"k" * 32
TODAY = dt.date(2026, 2, 16)
ITEMS = [f"{principle}_{n}" for principle in
         ("compassion", "respect", "transparency", "willingness", "commitment")
         for n in (1, 2)]  # fmt: skip

RATED = dict.fromkeys((f"item-{item}" for item in ITEMS), "4")
MET = {"happened": "held", "on": "2026-02-10", "minutes": "50", "topic": "pivot tables"}
GOAL = {"goal": "A dashboard", "skill": "SQL", "baseline": "1", "target": "4"}


def roster_dict(couples_in: int = 12, **changed: Any) -> dict[str, Any]:
    """Pairs m1-s1, m2-s2, ...; the last mentor has two mentees. Two waves, the first is open."""
    couples = [(n, f"m{n}", f"s{n}") for n in range(1, couples_in + 1)]
    couples.append((couples_in + 1, f"m{couples_in}", f"s{couples_in + 1}"))
    sides = {one: "mentor" for _, one, _ in couples} | {two: "mentee" for _, _, two in couples}
    names = {one: ("Mo " if side == "mentor" else "Su ") + one for one, side in sides.items()}
    return {
        "cycle": "c", "title": "Spring 2026", "start": "2026-01-12", "end": "2026-07-10",
        "languages": ["en", "de"], "expires": "2026-08-09",
        "waves": [{"name": "day30", "opens": "2026-02-11", "closes": "2026-03-04"},
                  {"name": "day60", "opens": "2026-03-13", "closes": "2026-04-03"}],
        "items": [{"item": item, "principle": item[:-2]} for item in ITEMS],
        "scale": {"from": 1, "to": 5}, "minimum_group": 5,
        "people": [{"person_id": one, "name": names[one], "email": f"{one}@example.com",
                    "side": side} for one, side in sides.items()],
        "pairs": [{"number": n, "mentor_id": one, "mentee_id": two, "mentor_name": names[one],
                   "mentee_name": names[two], "skills": ["SQL", "Dashboards"],
                   "start": "2026-01-12", "end": "2026-07-10"} for n, one, two in couples],
        "meeting_minutes": 45, "coordinator": {"name": "Kim Ordin", "email": "kim@example.com"},
        **changed,
    }  # fmt: skip


@dataclass
class Bench:
    """The page of a small cycle, in this process."""

    store: Store
    roster: Roster = field(default_factory=lambda: Roster.model_validate(roster_dict()))
    today: dt.date = TODAY
    now: Days | None = None
    address: str = "https://checkin.example.com"

    def __post_init__(self) -> None:
        self.site = Site(lambda: self.roster, self.store, KEY, self.address, self.days)
        self.app = build_app(self.site)

    def days(self) -> Days:
        """The days that it is: one everywhere, if the test says no more."""
        return self.now or Days.only(self.today)

    def client(self, language: str = "en") -> TestClient:
        """A browser of somebody's own, over https."""
        return TestClient(
            self.app, base_url=self.address, follow_redirects=False,
            headers={"accept-language": language}, client=("10.0.0.1", 5000),
            raise_server_exceptions=False,
        )  # fmt: skip

    def path(self, person: str, version: int = 1, cycle: str = "c") -> str:
        """The path of a personal link."""
        return tokens.link("", KEY, cycle, person, version, self.roster.expires)

    def visitor(self, person: str, language: str = "en") -> Visitor:
        """Somebody with a browser and a link."""
        return Visitor(self.client(language), self.path(person))

    def coordinator(self) -> TestClient:
        """A browser in which the coordinator is signed in."""
        client = self.client()
        until = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
        path = tokens.login_link("", KEY, "c", until)
        done = client.post(path, data={"code": hidden(client.get(path).text)["code"]})
        assert done.status_code == 303, done.text
        return client


@dataclass
class Visitor:
    """A participant: opens pages of their link, and sends forms as a browser does."""

    client: TestClient
    link: str

    def get(self, page: str = "") -> Response:
        """Open a page."""
        return self.client.get(self.link + page)

    def fields(self, page: str) -> dict[str, str]:
        """What the page's form holds without being touched (hidden fields)."""
        return hidden(self.get(page).text)

    def send(self, page: str, fields: Mapping[str, str]) -> Response:
        """Open a form, fill it in, send it."""
        return self.client.post(self.link + page, data={**self.fields(page), **fields})


def words(page: Response) -> str:
    """What somebody reads on the page."""
    text = re.sub(r"<(style|title).*?</\1>", " ", page.text, flags=re.S)
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", text).split()))


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's last form."""
    found = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', page)
    return {name: value for name, value in found if name != "goal_id"}


@contextmanager
def open_bench(folder: Path, database: str = "", **changed: Any) -> Iterator[Bench]:
    """The page on a new store in this folder, or on another database."""
    store = open_store(folder, "c", database)
    try:
        yield Bench(store, Roster.model_validate(roster_dict(**changed)))
    finally:
        store.close()


@contextmanager
def served(bench: Bench) -> Iterator[str]:
    """The page on loopback, as it is really served; gives its address."""
    listening = bound("127.0.0.1", 0)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    bench.site = replace(bench.site, address=address)
    server = server_of(bench.site)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()
