"""Where is a database that params name? Its secrets stand in the environment, never in params."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from revmentor.errors import Fault, InputError

if TYPE_CHECKING:
    from sqlalchemy import URL

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PARTS = ("username", "password", "host", "database")


def database_url(address: str, param: str) -> URL:
    """The address with ``${NAME}`` taken from the environment.

    Parts are filled in after parsing, so that a password may hold any character; an address that is
    one variable is filled in whole.

    Parameters
    ----------
    address : str
        As SQLAlchemy writes it.
    param : str
        Where params name it, for messages: the address itself is never told.

    Raises
    ------
    InputError
        It is no address, or the environment has no such variable.

    >>> str(database_url("sqlite:///answers.sqlite", "checkin.database"))
    'sqlite:///answers.sqlite'
    """
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    whole = _VARIABLE.fullmatch(address)
    try:
        url = make_url(_filled(address, param) if whole else address)
    except (ArgumentError, ValueError):
        cure = "write it like postgresql+psycopg://user:${PASSWORD}@server/database"
        raise refused("database", "this is no address of a database", cure, param) from None
    if whole:
        return url
    parts = {part: _filled(str(text), param) for part in _PARTS if (text := getattr(url, part))}
    host, _, port = parts.get("host", "").rpartition(":")
    if host and port.isdigit():
        parts["host"] = host
        url = url.set(port=int(port))
    return url.set(**parts)  # type: ignore[arg-type]


def _filled(text: str, param: str, known: Mapping[str, str] = os.environ) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in known:
            problem = f"the environment variable {match[1]} is not set"
            cure = f"set {match[1]} where the command is started"
            raise refused("missing variable", problem, cure, param)
        return known[match[1]]

    return _VARIABLE.sub(value, text)


def refused(kind: str, problem: str, cure: str, param: str) -> InputError:
    """The one fault of a database that params name."""
    return InputError(Fault(kind, problem, cure, param))
