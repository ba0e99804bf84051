"""Serve the check-in page until it is stopped."""

from __future__ import annotations

import datetime as dt
import errno
import socket
import time
from collections.abc import Callable
from dataclasses import replace

import uvicorn

from revmentor.checkin.app import build_app
from revmentor.checkin.connected import utc_now
from revmentor.checkin.days import Days
from revmentor.checkin.opened import Opened
from revmentor.checkin.participant import question
from revmentor.checkin.site import Rosters, Site
from revmentor.checkin.texts import texts_of
from revmentor.errors import Fault, InputError
from revmentor.params.checkin import Checkin, opens_here_only

KEEP_ALIVE_S = 5
WAITING = 2048
PORT = 8765
NEAR = 20
GRACE_S = 10


def site_of(found: Opened, address: str, as_of: dt.date | None = None) -> Site:
    """The page of an opened cycle; `as_of` is the day that it goes by, today if None."""
    _check_questions(found)
    rosters = Rosters(found.home, found.scenario)
    secret, store = found.secret, found.store
    site = Site(lambda: rosters.now(time.monotonic()), store, secret, address)
    if as_of is None:
        return site

    def rehearsed() -> dt.datetime:
        return dt.datetime.combine(as_of, utc_now().time())

    return replace(site, days=lambda: Days.only(as_of), now=rehearsed)


def port_of(checkin: Checkin, asked: int | None = None) -> int:
    """Which port to listen on: the one asked for, else where links of this machine lead."""
    return asked if asked is not None else checkin.port or PORT


def elsewhere(checkin: Checkin, port: int) -> str:
    """What is wrong if links of this machine lead to another port than this? "" if nothing is."""
    if not opens_here_only(checkin.address) or checkin.port == port:
        return ""
    cure = "leave --port out" if checkin.port else "give checkin.address a port"
    return (
        f"Personal links begin with {checkin.address}, but the page listens on port {port}: they "
        f"do not open it, unless something there passes them on. To mend it, {cure}."
    )


def bound(host: str, port: int) -> socket.socket:
    """A socket on this address; raises `InputError`, with a free port, if it is taken."""
    try:
        return _listening(host, port)
    except OSError as error:
        free = _free(host, port)
        cure = f"choose another port, such as --port {free}" if free else "choose another --host"
        if free and error.errno == errno.EADDRINUSE:
            cure = f"stop what is served there, or {cure}"
        problem = f"nothing can listen on {host}, port {port} ({error.strerror})"
        raise InputError(Fault("port", problem, cure, "--port" if free else "--host")) from None


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(WAITING)
    except OSError:
        listening.close()
        raise
    return listening


def _free(host: str, port: int) -> int:
    """A port near this one, or near the usual one, on which something can listen; 0: none."""
    tried: list[int] = [*range(port + 1, min(port + NEAR, 65_536)), *range(PORT, PORT + NEAR)]
    for near in tried:
        try:
            _listening(host, near).close()
        except OSError:
            continue
        return near
    return 0


def local_address(host: str, port: int) -> str:
    """Under which address does a browser on this machine find the page?

    >>> local_address("127.0.0.1", 8765), local_address("::1", 8765)
    ('http://127.0.0.1:8765', 'http://[::1]:8765')
    """
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    site: Site, listening: socket.socket, *, ready: Callable[[], None] = lambda: None
) -> None:
    """Answer requests until SIGINT or SIGTERM; `ready` is called before the first one."""
    ready()
    server_of(site).run(sockets=[listening])


def server_of(site: Site) -> uvicorn.Server:
    """The server of a page.

    Notes
    -----
    There is no access log: its lines would hold the links. Behind a reverse proxy on this machine
    its X-Forwarded-For and -Proto count (uvicorn's FORWARDED_ALLOW_IPS names another proxy).
    """
    config = uvicorn.Config(
        build_app(site),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        backlog=WAITING,
        lifespan="off",
        ws="none",
    )
    return uvicorn.Server(config)


def _check_questions(found: Opened) -> None:
    faults = [
        Fault(
            "no text",
            f"the statement of the item {item.item} is not known in {language}",
            f"write it in checkin.questions.{item.item}.{language}",
            "checkin.questions",
        )
        for item in found.roster.items
        for language in found.roster.languages
        if not question(found.roster, item.item, texts_of(language))
    ]
    if faults:
        raise InputError(faults)
