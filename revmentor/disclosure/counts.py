"""What has passed disclosure control: the only values that figures and tables accept.

A value of these types holds no number about a group under the minimum: the constructors check it,
also when a value is read back from a file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from revmentor import words
from revmentor.errors import Fault, InputError

SCHEMA = 1
NOT_SHOWN = "not shown"
# The minimum of values that only the coordinator reads, who has every name: nothing is hidden.
EVERY_NUMBER = 1


def fewer_than(minimum: int) -> str:
    """What is a group under the minimum called?

    >>> fewer_than(5)
    'fewer than 5'
    """
    return f"fewer than {minimum}"


class Frozen(BaseModel):
    """Frozen and closed; every number is finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Disclosed(Frozen):
    """Base of everything that may be shown; written to and read from JSON with a schema version."""

    minimum: int

    kinds: ClassVar[dict[str, type[Disclosed]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        Disclosed.kinds[cls.__name__] = cls

    def to_json(self) -> dict[str, object]:
        """This value as JSON-ready types, with its kind and schema version."""
        return {"schema": SCHEMA, "kind": type(self).__name__, **self.model_dump(mode="json")}

    @classmethod
    def from_json(cls, payload: Mapping[str, object] | str) -> Self:
        """Which disclosed value does this JSON hold? `InputError` if it holds none of this type."""
        fields = dict(json.loads(payload) if isinstance(payload, str) else payload)
        schema, kind = fields.pop("schema", None), str(fields.pop("kind", ""))
        found = Disclosed.kinds.get(kind)
        problem = ""
        if schema != SCHEMA:
            problem = f"its schema is {schema!r}, this version reads {SCHEMA}"
        elif found is None or not issubclass(found, cls):
            problem = f"it holds {kind or 'nothing known'!r} where {cls.__name__} is expected"
        else:
            try:
                value = found.model_validate_json(json.dumps(fields))
            except ValidationError as error:
                first = error.errors(include_url=False, include_input=False)[0]
                problem = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            else:
                assert isinstance(value, cls)
                return value
        cure = "run the stage that writes it again with this version of revmentor"
        raise InputError(Fault("no disclosed value", problem, cure, "report data"))


class Count(Frozen):
    """A count as a reader sees it: a number, or words in its place and what they allow.

    ``low`` and ``high`` are the smallest and largest number that the words allow (``high`` None:
    any); they equal ``value`` where it is shown.
    """

    value: int | None
    low: int
    high: int | None
    text: str

    @classmethod
    def shown(cls, value: int) -> Count:
        """A count that may be seen."""
        return cls(value=value, low=value, high=value, text=words.number(value))


Counts = tuple[Count, ...]


class DisclosedCounts(Disclosed):
    """A table of counts, row by row, with the totals that are published.

    Parameters
    ----------
    rows, columns : tuple of str
        Labels.
    cells : tuple of tuple of Count
        One tuple per row.
    row_totals, column_totals : tuple of Count
        Empty where not published.
    total : Count or None
        Grand total, if published.
    row_name, column_name : str
        What rows and columns are.
    unit : str
        What is counted, plural.
    open_columns : tuple of str
        Columns that count no people but plans (meetings due); never hidden.
    note : str
        Why some numbers are not shown; empty if all are.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[Counts, ...]
    row_totals: Counts = ()
    column_totals: Counts = ()
    total: Count | None = None
    row_name: str = ""
    column_name: str = ""
    unit: str = "people"
    open_columns: tuple[str, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.cells) != len(self.rows) or any(
            len(c) != len(self.columns) for c in self.cells
        ):
            raise ValueError("cells must have one tuple per row and one count per column")
        if self.row_totals and len(self.row_totals) != len(self.rows):
            raise ValueError("row_totals must have one count per row")
        if self.column_totals and len(self.column_totals) != len(self.columns):
            raise ValueError("column_totals must have one count per column")
        guarded = [
            count
            for row in self.cells
            for name, count in zip(self.columns, row, strict=True)
            if name not in self.open_columns
        ]
        for name, count in zip(self.columns, self.column_totals, strict=False):
            guarded += [] if name in self.open_columns else [count]
        guarded += [*self.row_totals, *([self.total] if self.total else [])]
        if any(count.value is not None and 0 < count.value < self.minimum for count in guarded):
            raise ValueError(f"a count under the minimum of {self.minimum} must not be shown")
        return self

    def column(self, name: str) -> Counts:
        """Which counts stand in this column?"""
        index = self.columns.index(name)
        return tuple(row[index] for row in self.cells)

    def at(self, row: str, column: str) -> Count:
        """Which count stands here?"""
        return self.cells[self.rows.index(row)][self.columns.index(column)]

    def largest(self) -> tuple[tuple[str, ...], int]:
        """Which rows have the largest sum of what is shown, and which sum? Several where they tie.

        No row where nothing is shown.
        """
        sums = [sum(count.value or 0 for count in row) for row in self.cells]
        most = max(sums, default=0)
        tied = zip(self.rows, sums, strict=True)
        return tuple(row for row, total in tied if total == most > 0), most

    def chance(self, row: int, column: int) -> float | None:
        """What would chance give here (product of the totals over the grand total), if shown?"""
        if not self.row_totals or not self.column_totals or self.total is None:
            return None
        across, down = self.row_totals[row].value, self.column_totals[column].value
        whole = self.total.value
        return None if across is None or down is None or not whole else across * down / whole
