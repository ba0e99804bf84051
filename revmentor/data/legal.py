"""What may each column of a table hold, for whoever fills it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import wrap
from types import MappingProxyType
from typing import Any, Final

from revmentor.data.columns import Column
from revmentor.data.contract import CONTRACT
from revmentor.data.meanings import meaning
from revmentor.params.sources import Items

WIDTH = 96
INDENT = " " * 6
_HOLDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": "an id as it stands in your system; 007 stays 007",
        "grade": "a grade that the list “grades” of the parameters names",
        "text": "text",
        "year": "a year, such as 1994",
        "generation": "a generation that the list “generations” of the parameters names",
        "date": "a date, such as 2027-03-01",
        "zone": "a time zone, such as Europe/Berlin",
        "list": "items with {separator} between them",
        "ids": "ids with {separator} between them",
    }
)


def legal_values(
    names: Iterable[str], items: Items, scales: Mapping[str, Mapping[str, Any]], separator: str
) -> str:
    """What each column of these tables may hold and means, as plain text.

    Parameters
    ----------
    names : iterable of str
        Tables of the contract.
    items : Items
        Columns of questions, by table.
    scales : mapping of scale to mapping
        Ends of each scale, as ``from`` and ``to``.
    separator : str
        Between the items of a list.
    """
    lines = [
        "What each column may hold, and what it means. “needed”: every row has a value; else leave",
        "blank what you do not know. Other columns may stand there too; they are kept as text.",
    ]
    for name in names:
        lines += ["", f"{name}.csv"]
        columns = [c for c in CONTRACT[name].with_items(items).columns if not c.identity]
        for column in sorted(columns, key=lambda each: not each.required):
            needed = "needed; " if column.required else ""
            holds = f"  {column.name}: {needed}{_holds(column, scales, separator)}"
            lines += [holds, *_indented(meaning(name, column))]
    return "\n".join(lines) + "\n"


def _indented(text: str) -> list[str]:
    return [INDENT + line for line in wrap(text, WIDTH - len(INDENT))]


def _holds(column: Column, scales: Mapping[str, Mapping[str, Any]], separator: str) -> str:
    if column.choices:
        return " | ".join(column.choices)
    if column.scale:
        ends = scales[column.scale]
        return f"a number from {ends['from']} to {ends['to']}"
    if column.kind in ("whole", "number"):
        what = "a whole number" if column.kind == "whole" else "a number"
        if column.low is None:
            return what
        return f"{what}, {column.low:g} or more" + (
            "" if column.high is None else f", at most {column.high:g}"
        )
    return _HOLDS[column.kind].format(separator=separator)
