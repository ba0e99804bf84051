"""Who may open the page: signed personal links, and the key that signs them."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadData, URLSafeSerializer

from revmentor.errors import Fault, InputError
from revmentor.publish.atomic import PRIVATE_FILE, PRIVATE_FOLDER, make_folder, sync

FOLDER = "checkin"
KEY_FILE = "secret.key"
VARIABLE = "REVMENTOR_CHECKIN_SECRET"
KEY_BYTES = 32
LONGEST_TOKEN = 1000

_PERSON = "revmentor.checkin.person"
_COORDINATOR = "revmentor.checkin.coordinator"
_SESSION = "revmentor.checkin.session"


class BadLinkError(Exception):
    """The link is not one of ours, or of another cycle; the page is told no more."""


class ExpiredLinkError(BadLinkError):
    """The link was ours, and its last day is over."""


@dataclass(frozen=True)
class Claim:
    """Whom a personal link is for: the version of the link, and the last day of its use."""

    person_id: str
    version: int
    expires: dt.date


def folder_of(home: Path) -> Path:
    """Where does this cycle keep what its check-in page needs (made if absent, 0700)?"""
    return make_folder(home / FOLDER, PRIVATE_FOLDER)


def secret_of(home: Path) -> bytes:
    """With which key are this cycle's links signed? Made once; raises `InputError` if unusable.

    Parameters
    ----------
    home : Path
        Folder of the cycle's results; the key is in ``checkin/secret.key`` (0600). The environment
        variable ``REVMENTOR_CHECKIN_SECRET``, of at least 32 characters, goes before it.
    """
    given = os.environ.get(VARIABLE, "")
    if given:
        if len(given) < KEY_BYTES:
            problem = f"the secret has {len(given)} characters, and a short one can be guessed"
            cure = f"set {VARIABLE} to at least {KEY_BYTES} random characters, or leave it unset"
            raise InputError(Fault("short secret", problem, cure, VARIABLE))
        return given.encode()
    path = folder_of(home) / KEY_FILE
    if not path.exists():
        _make_key(path)
    key = path.read_bytes()
    if len(key) < KEY_BYTES:
        problem = "the key that signs the links is damaged"
        cure = "restore it from a backup, or delete it: then every link must be sent again"
        raise InputError(Fault("damaged key", problem, cure, str(path)))
    return key


def _make_key(path: Path) -> None:
    draft = path.with_name(f".{KEY_FILE}-{os.getpid()}-{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(secrets.token_bytes(KEY_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        # Of two that make a key at once, the first to link it wins, and both use that one.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    sync(path.parent)


def _signer(secret: bytes, purpose: str, cycle: str) -> URLSafeSerializer:
    options = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeSerializer(secret, salt=f"{purpose}:{cycle}", signer_kwargs=options)


def link(
    address: str, secret: bytes, cycle: str, person_id: str, version: int, expires: dt.date
) -> str:
    """Under which link does this person open the page?

    Parameters
    ----------
    address : str
        Where the page is served, such as ``https://checkin.example.com``.
    secret : bytes
        From `secret_of`.
    cycle, person_id : str
    version : int
        1 for the first; a link that was revoked is followed by the next version.
    expires : date
        Last day on which it opens.

    >>> link("http://127.0.0.1:8765", b"k" * 32, "demo", "p1", 1, dt.date(2026, 8, 9))[:24]
    'http://127.0.0.1:8765/c/'
    """
    content = [person_id, version, expires.isoformat()]
    return f"{address}/c/{_signer(secret, _PERSON, cycle).dumps(content)}"


def open_token(token: str, secret: bytes, cycle: str, today: dt.date) -> Claim:
    """Whom is this link for? Raises `BadLinkError`, or `ExpiredLinkError` after its last day.

    Whether the person is (still) in the cycle, and the version the one that is valid, is for the
    caller to see.

    >>> address = link("", b"k" * 32, "demo", "p1", 1, dt.date(2026, 8, 9))
    >>> open_token(address.removeprefix("/c/"), b"k" * 32, "demo", dt.date(2026, 8, 9)).person_id
    'p1'
    """
    if len(token) > LONGEST_TOKEN:
        raise BadLinkError
    try:
        person, version, expires = _signer(secret, _PERSON, cycle).loads(token)
        claim = Claim(str(person), int(version), dt.date.fromisoformat(expires))
    except (BadData, ValueError, TypeError):
        raise BadLinkError from None
    if today > claim.expires:
        raise ExpiredLinkError
    return claim


def login_link(address: str, secret: bytes, cycle: str, until: dt.datetime) -> str:
    """Under which link does the coordinator sign in, once, until then (UTC)?"""
    content = [secrets.token_urlsafe(16), int(until.timestamp())]
    return f"{address}/coordinator/{_signer(secret, _COORDINATOR, cycle).dumps(content)}"


def open_login(token: str, secret: bytes, cycle: str, now: dt.datetime) -> str:
    """Which sign-in is this, for use once? Raises `BadLinkError` or `ExpiredLinkError`."""
    return _timed(token, _signer(secret, _COORDINATOR, cycle), now)


def session_value(secret: bytes, cycle: str, until: dt.datetime) -> str:
    """What does the coordinator's cookie hold until then (UTC)?"""
    content = [secrets.token_urlsafe(16), int(until.timestamp())]
    return str(_signer(secret, _SESSION, cycle).dumps(content))


def open_session(value: str, secret: bytes, cycle: str, now: dt.datetime) -> str:
    """Which session is this? Raises `BadLinkError` or `ExpiredLinkError`."""
    return _timed(value, _signer(secret, _SESSION, cycle), now)


def _timed(token: str, signer: URLSafeSerializer, now: dt.datetime) -> str:
    if len(token) > LONGEST_TOKEN:
        raise BadLinkError
    try:
        nonce, until = signer.loads(token)
        last = int(until)
    except (BadData, ValueError, TypeError):
        raise BadLinkError from None
    if now.timestamp() > last:
        raise ExpiredLinkError
    return str(nonce)


def proof(secret: bytes, *parts: str) -> str:
    """A code that only the holder of the secret can make of these parts.

    >>> proof(b"k", "a", "bc") == proof(b"k", "ab", "c")
    False
    """
    text = "\0".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Are they the same? Takes as long for a near miss as for a far one."""
    return hmac.compare_digest(one.encode(), other.encode())
