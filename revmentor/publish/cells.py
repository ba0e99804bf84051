"""Cells of tables for spreadsheets: text that a spreadsheet would run as a formula is made inert.

A text cell that starts with one of ``= + - @``, tab, carriage return, line feed or the full-width
forms of these gets one leading apostrophe, and so does text that already has apostrophes before
such a character; `restore` takes exactly one away again. Numbers are left alone. See OWASP, *CSV
Injection*.
"""

from __future__ import annotations

import io
import re

import pandas as pd

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


def to_csv(frame: pd.DataFrame, list_separator: str = ";") -> bytes:
    """The table as a CSV file that a spreadsheet opens safely.

    Parameters
    ----------
    frame : DataFrame
        Any table; tuples and lists become one cell, dates ISO text, missing values empty cells.
    list_separator : str
        Between the items of a list.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark (which Excel needs), commas, CRLF, a header, no index.
    """

    def cell(value: object) -> object:
        if isinstance(value, tuple | list):
            return inert(list_separator.join(str(item) for item in value))
        return inert(value) if isinstance(value, str) else value

    safe = frame.copy()
    for column in safe.columns:
        if pd.api.types.is_string_dtype(safe[column]) or safe[column].dtype == object:
            safe[column] = safe[column].astype(object).map(cell, na_action="ignore")
    safe.columns = pd.Index([inert(str(name)) for name in safe.columns])
    text = io.StringIO()
    safe.to_csv(text, index=False, lineterminator="\r\n", date_format="%Y-%m-%d")
    return text.getvalue().encode("utf-8-sig")
