"""The coordinator's page: who asks for help, how many answer, whose link is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from revmentor.checkin import tokens
from revmentor.checkin.response import response
from revmentor.checkin.roster import Roster
from revmentor.checkin.site import Site
from revmentor.checkin.store import Row
from revmentor.checkin.texts import texts_of
from revmentor.checkin.visit import RefusedError

PATH = "/coordinator"
COOKIE = "coordinator"
SESSION_HOURS = 8
LOGIN_HOURS = 24
FOUND = 20


@dataclass(frozen=True)
class Desk:
    """The coordinator's visit: with a session, and what was sent."""

    site: Site
    request: Request
    roster: Roster
    session: str
    language: str
    form: Mapping[str, str] | None

    @property
    def code(self) -> str:
        """What shows that a form comes from this session's page."""
        return tokens.proof(self.site.secret, "desk", self.site.store.cycle, self.session)

    def checked(self) -> Mapping[str, str]:
        """The fields that were sent; raises `RefusedError` if the form is not ours."""
        form = self.form or {}
        if not tokens.same(form.get("code", ""), self.code):
            raise RefusedError(403, "form")
        return form


def login(site: Site, request: Request, language: str, form: Mapping[str, str] | None) -> Response:
    """Sign in with a link that is good for once: a look does not use it up, the button does."""
    token, cycle = request.path_params["token"], site.store.cycle
    now = dt.datetime.now(dt.UTC)
    address = request.client.host if request.client else ""
    try:
        nonce = tokens.open_login(token, site.secret, cycle, now)
    except tokens.ExpiredLinkError:
        raise RefusedError(410, "login") from None
    except tokens.BadLinkError:
        if not site.wrong_links.take(address):
            raise RefusedError(429, "often") from None
        raise RefusedError(404, "login") from None
    code = tokens.proof(site.secret, "login", cycle, nonce)
    if form is None:
        return site.page("login", language, {"code": code, "here": request.url.path})
    if not tokens.same(form.get("code", ""), code):
        raise RefusedError(403, "form")
    if not site.store.use(nonce):
        raise RefusedError(410, "login")
    answer = RedirectResponse(PATH, 303)
    value = tokens.session_value(site.secret, cycle, now + dt.timedelta(hours=SESSION_HOURS))
    answer.set_cookie(
        COOKIE, value, path=PATH, max_age=SESSION_HOURS * 3600, httponly=True,
        samesite="strict", secure=site.secure,
    )  # fmt: skip
    return answer


def session_of(site: Site, request: Request) -> str:
    """Which session is this? Raises `RefusedError` without one, or after signing out."""
    now = dt.datetime.now(dt.UTC)
    try:
        value = request.cookies.get(COOKIE, "")
        session = tokens.open_session(value, site.secret, site.store.cycle, now)
    except tokens.BadLinkError:
        raise RefusedError(403, "login") from None
    if site.store.used(session):
        raise RefusedError(403, "login")
    return session


def board(desk: Desk, **more: object) -> Response:
    """What waits for the coordinator, and how many have answered."""
    say, roster, store = texts_of(desk.language), desk.roster, desk.site.store
    values: dict[str, object] = {
        "hands": asking(roster, store.waiting("hand")),
        "requests": asking(roster, store.waiting("support")),
        "responses": response(roster, store, desk.site.today()),
        "code": desk.code, "found": [], "asked": "", "fresh": None, "say": say, "here": PATH,
    }  # fmt: skip
    return desk.site.page("board", desk.language, {**values, **more})


def finish(desk: Desk) -> Response:
    """Mark a raised hand or a request as done."""
    form = desk.checked()
    what, number = form.get("what", ""), form.get("id", "")
    if what not in ("hand", "support") or not number.isdecimal() or len(number) > 9:
        raise RefusedError(400, "form")
    desk.site.store.finish(what, int(number))  # type: ignore[arg-type]
    return RedirectResponse(PATH, 303)


def links(desk: Desk) -> Response:
    """Find somebody, take back their link, or make a new one (shown once, here)."""
    form = desk.checked()
    person = desk.roster.person.get(form.get("person", ""))
    act = form.get("act", "")
    fresh = None
    if act in ("revoke", "renew") and person is None:
        raise RefusedError(404, "form")
    if person is not None and act == "revoke":
        desk.site.store.revoke([person.person_id])
    if person is not None and act == "renew":
        version = desk.site.store.reissue(person.person_id).version
        address = desk.site.address or str(desk.request.base_url).rstrip("/")
        made = tokens.link(
            address, desk.site.secret, desk.roster.cycle, person.person_id, version,
            desk.roster.expires,
        )  # fmt: skip
        fresh = (person, made)
    asked = " ".join(form.get("asked", "").split())[:100]
    words = asked.casefold().split()
    found = [
        one for one in desk.roster.people
        if words and all(w in f"{one.name} {one.email} {one.person_id}".casefold() for w in words)
    ][:FOUND]  # fmt: skip
    if person is not None and person not in found:
        found = [person, *found]
    states = desk.site.store.links([one.person_id for one in found]) if found else {}
    return board(
        desk, asked=asked, fresh=fresh, found=[(one, states[one.person_id]) for one in found]
    )


def leave(desk: Desk) -> Response:
    """Sign out: the session is of no use any more."""
    desk.checked()
    desk.site.store.use(desk.session)
    answer = desk.site.page("login", desk.language, {"code": "", "here": PATH})
    answer.delete_cookie(COOKIE, path=PATH)
    return answer


@dataclass(frozen=True)
class Asked:
    """One raised hand or request: when, about whom ("" if nobody), in which words.

    ``circle`` is the topic of the circle that it is about, None if it is about none.
    """

    at: dt.datetime
    partner: str
    text: str
    circle: str | None = None


@dataclass(frozen=True)
class Asking:
    """Somebody who waits, and what they have sent, the newest first; ``id`` is the newest's."""

    name: str
    email: str
    id: int
    asked: tuple[Asked, ...]


def asking(roster: Roster, rows: Sequence[Row]) -> list[Asking]:
    """Who waits, each once, with all that they sent; who has waited longest comes first."""
    sent: dict[str, list[Row]] = {}
    for row in rows:
        sent.setdefault(str(row["person_id"]), []).insert(0, row)
    found = []
    for who, mine in sent.items():
        person = roster.person.get(who)
        name, email = (person.name, person.email) if person else (who, "")
        told = tuple(_asked(roster, row) for row in mine)
        found.append(Asking(name, email, int(str(mine[0]["id"])), told))
    return found


def _asked(roster: Roster, row: Row) -> Asked:
    at = row.get("raised_at") or row.get("asked_at")
    assert isinstance(at, dt.datetime)
    partner = roster.person.get(str(row["partner_id"]))
    circle = None if row.get("circle") is None else str(row["circle"])
    return Asked(at, partner.name if partner else "", str(row["text"]), circle)


def login_link(site_address: str, secret: bytes, cycle: str) -> str:
    """A link with which the coordinator signs in once, within a day."""
    until = dt.datetime.now(dt.UTC) + dt.timedelta(hours=LOGIN_HOURS)
    return tokens.login_link(site_address, secret, cycle, until)
