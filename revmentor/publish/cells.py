"""Tables as CSV files in which no cell is a formula to a spreadsheet; numbers are left alone."""

from __future__ import annotations

import io

import pandas as pd

from revmentor.data.cells import inert, restore

__all__ = ["inert", "restore", "to_csv"]


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
