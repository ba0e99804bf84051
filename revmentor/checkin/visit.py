"""Who visits which page, and may they? Links, forms and languages, before any page is made."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from revmentor.checkin import tokens
from revmentor.checkin.days import Days
from revmentor.checkin.roster import CheckinPair, Participant, Roster
from revmentor.checkin.site import Site
from revmentor.checkin.texts import Texts, chosen, texts_of

COOKIE = "checkin"
LANGUAGE = "language"
MOST_BYTES = 64 * 1024
MOST_FIELDS = 60
PATIENCE_S = 20.0
YEAR_S = 365 * 86_400


class RefusedError(Exception):
    """The request is answered with a page that says what to do, and nothing is stored.

    ``page`` is the kind of page: ``link``, ``form``, ``again``, ``large``, ``often``, ``closed``.
    """

    def __init__(self, status: int, page: str = "link") -> None:
        super().__init__(page)
        self.status, self.page = status, page


def language_of(request: Request, roster: Roster) -> str:
    """In which language is this request answered?"""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE, "")
    return chosen(roster.languages, asked, request.headers.get("accept-language", ""))


def remember_language(request: Request, response: Response, site: Site) -> None:
    """Keep a language that was chosen on the page."""
    asked = request.query_params.get("lang", "")
    if asked in site.roster().languages:
        response.set_cookie(
            LANGUAGE, asked, max_age=YEAR_S, httponly=True, samesite="strict", secure=site.secure
        )


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form that was sent; raises `RefusedError` for what is none of ours."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise RefusedError(415, "form")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise RefusedError(403, "form")
    with contextlib.suppress(ValueError):
        if int(request.headers.get("content-length", "0")) > MOST_BYTES:
            raise RefusedError(413, "large")
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise RefusedError(413, "large")
    except TimeoutError:
        raise RefusedError(408, "form") from None
    try:
        fields = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise RefusedError(400, "form") from None
    if len({name for name, _ in fields}) < len(fields):
        raise RefusedError(400, "form")
    return dict(fields)


@dataclass(frozen=True)
class Visit:
    """A participant who opened their link; ``form`` holds what was sent, None for a look."""

    site: Site
    request: Request
    roster: Roster
    person: Participant
    claim: tokens.Claim
    language: str
    form: Mapping[str, str] | None

    @property
    def say(self) -> Texts:
        """The words of this visit."""
        return texts_of(self.language)

    @cached_property
    def days(self) -> Days:
        """The day that the page goes by, here and elsewhere."""
        return self.site.days()

    @property
    def today(self) -> dt.date:
        """The day that entries bear."""
        return self.days.day

    @property
    def base(self) -> str:
        """The path of one's own page."""
        return f"/c/{self.request.path_params['token']}"

    @cached_property
    def pairs(self) -> tuple[CheckinPair, ...]:
        """One's own pairs."""
        return self.roster.pairs_of(self.person.person_id)

    @property
    def pair(self) -> CheckinPair:
        """The pair that the address names; another's is refused."""
        number = self.request.path_params["pair"]
        for pair in self.pairs:
            if pair.number == number:
                return pair
        raise RefusedError(404)

    @property
    def partner(self) -> tuple[str, str]:
        """Id and name of the other one of the pair."""
        return self.pair.partner_of(self.person.person_id)

    @cached_property
    def cookie(self) -> str:
        """The secret that a browser gets with this link, and sends with its forms."""
        claim = self.claim
        parts = (claim.person_id, str(claim.version), claim.expires.isoformat())
        return tokens.proof(self.site.secret, "cookie", self.site.store.cycle, *parts)

    def code(self, key: str) -> str:
        """What shows that a form is ours: of this link, page and browser, about this pair."""
        # The number of a pair may be another pair's after the next launch.
        pair = self.pair if self.request.path_params.get("pair") else None
        about = (pair.mentor_id, pair.mentee_id) if pair else ("", "")
        path = self.request.url.path
        return tokens.proof(self.site.secret, "form", self.cookie, path, *about, key)

    def checked(self) -> tuple[str, Mapping[str, str]]:
        """The key of the form that was sent, and its fields; `RefusedError` if it is not ours."""
        form = self.form or {}
        key = form.get("key", "")
        cookie = self.request.cookies.get(COOKIE, "")
        if not tokens.same(cookie, self.cookie) or not tokens.same(
            form.get("code", ""), self.code(key)
        ):
            raise RefusedError(403, "form")
        return key, form

    def page(self, name: str, status: int = 200, **values: object) -> Response:
        """A page for this person, with a fresh form key."""
        key = secrets.token_hex(16)
        named: dict[str, object] = {
            "me": self.person, "base": self.base, "here": self.request.url.path, "key": key,
            "code": self.code(key), "form": self.form or {}, "pairs": self.pairs,
        }  # fmt: skip
        response = self.site.page(name, self.language, {**named, **values}, status)
        response.set_cookie(
            COOKIE, self.cookie, path=self.base, httponly=True, samesite="strict",
            secure=self.site.secure,
        )  # fmt: skip
        return response


def person_of(site: Site, request: Request, roster: Roster) -> tuple[Participant, tokens.Claim]:
    """Whose link is this? Raises `RefusedError` if it does not open, without saying why."""
    address = request.client.host if request.client else ""
    try:
        token = request.path_params["token"]
        claim = tokens.open_token(token, site.secret, roster.cycle, site.days().earliest)
    except tokens.ExpiredLinkError:
        raise RefusedError(410) from None
    except tokens.BadLinkError:
        if not site.wrong_links.take(address):
            raise RefusedError(429, "often") from None
        raise RefusedError(404) from None
    # By link: whoever has one that was taken back must not lock out its owner's new one.
    if not site.per_link.take(f"{claim.version}:{claim.person_id}"):
        raise RefusedError(429, "often")
    person = roster.person.get(claim.person_id)
    if person is None:
        raise RefusedError(404)
    if person.gone(site.days().earliest):
        raise RefusedError(410)
    return person, claim


def still_valid(site: Site, claim: tokens.Claim) -> None:
    """Was the link taken back, or followed by another? Then it opens no longer."""
    link = site.store.link_of(claim.person_id)
    if link.revoked or link.version != claim.version:
        raise RefusedError(410)
