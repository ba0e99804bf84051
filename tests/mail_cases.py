"""A published and approved launch of a few messages, and a real mail server on this machine."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pack_cases import packs, spring
from tiny import mark_published

from revmentor.cycle import trail
from revmentor.publish.mailmerge import MAIL, Letter, letters
from revmentor.publish.workspace import Workspace

CYCLE = "spring"
MATCH = "a" * 64


def launched(
    root: Path,
    repository: Path,
    many: int,
    port: int,
    emails: Mapping[str, str] | None = None,
    links: str = "",
    **smtp: Any,
) -> Path:
    """A workbench with a launch of so many messages, approved; returns the folder of the cycle."""
    params = root / "params"
    if not params.exists():
        shutil.copytree(repository / "params", params)
    lines = "".join(f"    {key}: {value}\n" for key, value in smtp.items())
    (params / "cycles" / f"{CYCLE}.yaml").write_text(
        "programme:\n  title: Spring\n  start: 2026-01-12\n  end: 2026-07-10\n"
        "launch:\n  mail:\n    from: Mentoring <mentoring@example.com>\n"
        "    reply_to: pat@example.com\n"
        f"  smtp:\n    host: localhost\n    port: {port}\n    timeout: 5\n{lines}"
    )
    home = root / "outputs" / CYCLE
    folder = home / "base"
    work = Workspace(folder)
    other = emails or {}
    found = [
        dataclasses.replace(each, email=other.get(each.person_id, each.email), link=links)
        for each in some_letters(many)
    ]
    for letter in found:
        work.write_text(letter.files[0], f"<p>{letter.name}</p>" * 300)
        work.write_text(letter.files[1], "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    sample = dataclasses.replace(found[0], name="Joris", subject="Spring", text="Dear Joris,\n")
    content = {
        "match": MATCH,
        "letters": [each.to_json() for each in found],
        "sample": sample.to_json(),
    }
    work.write_json(MAIL, content, restricted=True)
    mark_published(folder, CYCLE)
    approve(home)
    return home


def approve(home: Path, match: str = MATCH) -> None:
    """Somebody approves this match."""
    with trail.writing(home) as pen:
        pen.add("approved", "Pat", {"scenario": "base", "match": match, "pairs": 2})


def some_letters(many: int) -> list[Letter]:
    """Messages of invented people, by one template."""
    params = spring()
    one = letters(packs(params), params.launch.mail, cycle=CYCLE, title="Spring", pdfs=False)[0]
    return [
        dataclasses.replace(
            one,
            key=f"{k:040d}",
            person_id=f"p{k:03d}",
            name=f"Person {k}",
            email=f"person{k}@example.com",
            files=(f"packs/pair-{k:04d}-mentor.html", f"packs/pair-{k:04d}.ics"),
        )
        for k in range(1, many + 1)
    ]


class Inbox:
    """What a server was given; ``answer`` may refuse, delay or hang up."""

    def __init__(self, answer: Callable[[Inbox, str, str], str | None] | None = None) -> None:
        self.messages: list[Message] = []
        self.raw: list[bytes] = []
        self.begun = 0
        self.rcpts: list[str] = []
        self.answer = answer
        self.wait = 0.0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.rcpts.append(address)
        told = self.answer(self, "rcpt", address) if self.answer else None
        if told:
            return told
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.begun += 1
        assert isinstance(envelope.content, bytes)
        told = self.answer(self, "data", envelope.rcpt_tos[0]) if self.answer else None
        if told == "hang up":
            assert server.transport is not None
            server.transport.close()
            return "250 lost"
        if told:
            return told
        self.raw.append(envelope.content)
        self.messages.append(message_from_bytes(envelope.content))
        if self.wait:
            await asyncio.sleep(self.wait)
        return "250 accepted"

    @property
    def to(self) -> list[str]:
        """To whom messages were accepted, in order."""
        return [str(message["To"]) for message in self.messages]


class _AnyPort(Controller):
    """On a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Server:
    """A mail server in a thread, on a free port."""

    def __init__(
        self,
        inbox: Inbox,
        tls: ssl.SSLContext | None = None,
        login: tuple[str, str] | None = None,
    ) -> None:
        def check(
            server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
        ) -> AuthResult:
            good = isinstance(data, LoginPassword) and login is not None
            good = good and (data.login.decode(), data.password.decode()) == login  # type: ignore[attr-defined]
            return AuthResult(success=good, handled=good)

        options: dict[str, Any] = {"tls_context": tls, "require_starttls": tls is not None}
        if login:
            options |= {"authenticator": check, "auth_required": True}
        self._controller = _AnyPort(inbox, hostname="127.0.0.1", port=0, **options)

    def __enter__(self) -> Server:
        self._controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._controller.port)


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until this holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        threading.Event().wait(0.01)
