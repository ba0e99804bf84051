"""The application: which address shows which page, and what every answer carries."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from revmentor.checkin import coordinator, entries, participant
from revmentor.checkin.site import Site, style
from revmentor.checkin.visit import (
    RefusedError,
    Visit,
    language_of,
    person_of,
    read_form,
    remember_language,
    still_valid,
)

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
HSTS = "max-age=31536000"
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" '
    'rx="8" fill="#0b6e75"/><path d="M9 16.5l5 5 9-11" fill="none" stroke="#fff" '
    'stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
Page = Callable[[Visit], Response]
Handler = Callable[[Request, Exception], Awaitable[Response]]


class Guard:
    """Around everything: headers on every answer, a limit per address, no error that tells."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers(scope).items():
                    headers.setdefault(name, value)
            await send(message)

        address = scope["client"][0] if scope.get("client") else ""
        if not self.site.per_address.take(address):
            await PlainTextResponse("Too many requests.", 429)(scope, receive, guarded)
            return
        try:
            await self.app(scope, receive, guarded)
        except Exception as error:  # noqa: BLE001
            # The message, and the values in it, may be personal: only the place is told.
            last = traceback.extract_tb(error.__traceback__)[-1]
            told = f"{type(error).__name__} in {last.name}, line {last.lineno}"
            print(f"check-in page: {told}; nothing was stored", file=sys.stderr)

    @cached_property
    def _fixed(self) -> Mapping[str, str]:
        return {**HEADERS, "cache-control": "no-store"}

    def _headers(self, scope: Scope) -> Mapping[str, str]:
        if self.site.secure or scope.get("scheme") == "https":
            return {**self._fixed, "strict-transport-security": HSTS}
        return self._fixed


def _refusal(site: Site, request: Request, refused: RefusedError) -> Response:
    """A page that says what to do, and not why."""
    language = language_of(request, site.roster())
    headers = {"retry-after": "60"} if refused.status == 429 else {}
    # An address that does not open may be somebody's link: it is not repeated on the page.
    base = "/".join(request.url.path.split("/")[:3]) if refused.page != "link" else ""
    values = {"kind": refused.page, "base": base if base.startswith("/c/") else "", "here": ""}
    return site.page("notice", language, values, refused.status, headers)


def _answered(
    site: Site, answer: Callable[[Request], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            response = await answer(request)
        except RefusedError as refused:
            return await run_in_threadpool(_refusal, site, request, refused)
        remember_language(request, response, site)
        return response

    return endpoint


def build_app(site: Site) -> ASGIApp:
    """The whole page of one cycle, to be served.

    >>> sorted(HEADERS)[:2]
    ['content-security-policy', 'cross-origin-opener-policy']
    """

    def personal(path: str, page: Page, *, posts: bool = False) -> Route:
        async def answer(request: Request) -> Response:
            roster = site.roster()
            person, claim = person_of(site, request, roster)
            form = await read_form(request) if request.method == "POST" else None
            language = language_of(request, roster)
            visit = Visit(site, request, roster, person, claim, language, form)

            def work() -> Response:
                still_valid(site, claim)
                return page(visit)

            return await run_in_threadpool(work)

        methods = ["GET", "POST"] if posts else ["GET"]
        return Route(f"/c/{{token}}{path}", _answered(site, answer), methods=methods)

    def desk(path: str, page: Callable[[coordinator.Desk], Response], method: str) -> Route:
        async def answer(request: Request) -> Response:
            form = await read_form(request) if request.method == "POST" else None
            roster = site.roster()
            language = language_of(request, roster)

            def work() -> Response:
                session = coordinator.session_of(site, request)
                return page(coordinator.Desk(site, request, roster, session, language, form))

            return await run_in_threadpool(work)

        return Route(coordinator.PATH + path, _answered(site, answer), methods=[method])

    async def login(request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else None
        language = language_of(request, site.roster())
        return await run_in_threadpool(coordinator.login, site, request, language, form)

    async def look(_request: Request) -> Response:
        keep = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(style()[0], media_type="text/css", headers=keep)

    async def icon(_request: Request) -> Response:
        keep = {"cache-control": "public, max-age=86400"}
        return Response(ICON, media_type="image/svg+xml", headers=keep)

    async def health(_request: Request) -> Response:
        well = await run_in_threadpool(site.store.answers)
        return PlainTextResponse("ok" if well else "no database", 200 if well else 503)

    async def nothing(request: Request, _error: Exception) -> Response:
        return await run_in_threadpool(_refusal, site, request, RefusedError(404))

    async def no_method(request: Request, _error: Exception) -> Response:
        return await run_in_threadpool(_refusal, site, request, RefusedError(405, "form"))

    async def broken(request: Request, _error: Exception) -> Response:
        return await run_in_threadpool(_refusal, site, request, RefusedError(500, "broken"))

    forms = [
        personal(f"/{{pair:int}}/{name}", page, posts=True)
        for name, page in participant.PAGES.items()
    ]
    routes = [
        personal("", participant.home),
        personal("/privacy", participant.privacy),
        personal("/{pair:int}", participant.overview),
        personal("/{pair:int}/thanks", participant.thanks),
        personal("/{pair:int}/back/{kind}/{entry:int}", entries.take_back, posts=True),
        *forms,
        desk("", coordinator.board, "GET"),
        desk("/done", coordinator.finish, "POST"),
        desk("/links", coordinator.links, "POST"),
        desk("/leave", coordinator.leave, "POST"),
        Route(f"{coordinator.PATH}/{{token}}", _answered(site, login), methods=["GET", "POST"]),
        Route(style()[1], look),
        Route("/icon.svg", icon),
        Route("/health", health),
    ]
    answers: dict[int | type[Exception], Handler] = {
        404: nothing, 405: no_method, Exception: broken,
    }  # fmt: skip
    # A slash too many must not answer with a redirect that repeats the link.
    app = Starlette(routes=routes, exception_handlers=answers)
    app.router.redirect_slashes = False
    return Guard(app, site)
