"""A typed value, from a column store or a database, as the plain text of a cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from revmentor.data.workbook import number_text


class NoTextError(ValueError):
    """The value's type has no plain text."""


def plain_text(value: object) -> str:
    """The text that means just this value; nothing for a missing one.

    >>> plain_text(45.0), plain_text("00123"), plain_text(None), plain_text(Decimal("2.50"))
    ('45', '00123', '', '2.50')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        clock = value.time() != dt.time() or value.tzinfo is not None
        return value.isoformat(sep=" ") if clock else value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, UUID | dt.timedelta):
        return str(value)
    raise NoTextError(f"values of type {type(value).__name__} have no plain text")


def joined(items: Iterable[object], separator: str) -> str:
    """The texts of a list's items between separators; `NoTextError` if an item holds one."""
    texts = [plain_text(item) for item in items]
    if any(separator in text for text in texts):
        raise NoTextError(
            f"a list item holds {separator!r}, the declared list separator; declare another one"
        )
    return separator.join(texts)
