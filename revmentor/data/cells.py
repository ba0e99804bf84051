"""Text as cells of a spreadsheet: what would run as a formula is made inert, and restored.

A text cell that starts with one of ``= + - @``, tab, carriage return, line feed or the full-width
forms of these gets one leading apostrophe, and so does text that already has apostrophes before
such a character; `restore` takes exactly one away again. See OWASP, *CSV Injection*.
"""

from __future__ import annotations

import re

_ACTIVE = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def inert(text: str) -> str:
    """The text as a cell that no spreadsheet runs.

    >>> inert("=HYPERLINK(1)"), inert("plain"), inert("'=1"), inert("＝1")
    ("'=HYPERLINK(1)", 'plain', "''=1", "'＝1")
    """
    return "'" + text if _ACTIVE.match(text) else text


def restore(cell: str) -> str:
    """The text that `inert` was given.

    >>> [restore(inert(text)) for text in ("=1", "plain", "'=1", "'quoted'", "")]
    ['=1', 'plain', "'=1", "'quoted'", '']
    """
    return cell[1:] if cell.startswith("'") and _ACTIVE.match(cell) else cell
