"""What a contract says of a table and of each of its columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from revmentor.params.models import Items

Kind = Literal[
    "id",  # text that names a person
    "text",  # free or short text, kept as written
    "choice",  # one of `choices`
    "grade",  # one of params.grades, or a whole number if there are none
    "generation",  # one of the names in params.generations
    "zone",  # IANA time zone
    "year",  # birth year
    "whole",  # whole number
    "number",  # finite number
    "scale",  # number or label on the scale named `scale`
    "date",
    "list",  # items between list separators, normalised by `vocabulary`
    "ids",  # person ids between list separators
]
ScaleName = Literal["extraversion", "rating", "item", "level"]
ItemsName = Literal["readiness", "pulse", "leadership", "creativity"]


@dataclass(frozen=True)
class Column:
    """What may one column hold?

    Parameters
    ----------
    name : str
        The contract's name.
    kind : Kind
        How its text is read.
    required : bool
        Must every row have a value?
    personal : bool
        True: its values never appear in a message.
    free_text : bool
        True: a value may run over several lines.
    choices : tuple of str
        All allowed values of a ``choice``.
    scale : str
        Which of ``params.data.scales`` a ``scale`` column uses.
    low, high : float or None
        Ends (included) of a ``whole`` or ``number`` column; None: open.
    vocabulary : str
        Columns of one vocabulary share one spelling of each item; empty: kept as written.
    identity : bool
        True: only compared with `people` (whose id is this?); in the frame only if supplied.
    """

    name: str
    kind: Kind
    required: bool = False
    personal: bool = False
    free_text: bool = False
    choices: tuple[str, ...] = ()
    scale: ScaleName | None = None
    low: float | None = None
    high: float | None = None
    vocabulary: str = ""
    identity: bool = False


@dataclass(frozen=True)
class TableContract:
    """Which columns does a table have, what makes a row unique, and what if an id is unknown?

    Parameters
    ----------
    name : str
        The table's name in ``params.data.tables``.
    columns : tuple of Column
        In the order of the loaded frame.
    key : tuple of str
        Columns that no two rows may share; empty: rows may repeat. In one that is not required,
        blank is a value like any other.
    items : str or None
        Which list of ``params.data.items`` adds question columns.
    unknown_ids : {"error", "exclude"}
        An id that the people table has never had: refuse, or leave the row out and list it.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    items: ItemsName | None = None
    unknown_ids: Literal["error", "exclude"] = "error"

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that every row must fill."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def people_columns(self) -> tuple[str, ...]:
        """Names of the required columns that name a person."""
        return tuple(c.name for c in self.columns if c.kind == "id" and c.required)

    def with_items(self, items: Items) -> TableContract:
        """The same table with its declared question columns (scale ``item``) added."""
        if self.items is None:
            return self
        asked: tuple[str, ...] = getattr(items, self.items)
        known = set(self.names)
        extra = tuple(Column(i, "scale", scale="item") for i in asked if i not in known)
        return replace(self, columns=self.columns + extra)
