"""What do the cells of a column say, as numbers that can be compared at once?"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray

if TYPE_CHECKING:
    import pandas as pd

NOTHING = -1


def texts(frame: pd.DataFrame, column: str) -> list[str | None]:
    """A column as text, None where it is missing or absent."""
    if column not in frame.columns:
        return [None] * len(frame)
    cells = frame[column]
    if cells.dtype == "str":
        return [None if cell != cell else cell for cell in cells.tolist()]
    missing = cells.isna().tolist()
    return [
        None if blank else str(cell) for cell, blank in zip(cells.tolist(), missing, strict=True)
    ]


@dataclass(frozen=True, eq=False)
class Labels:
    """One name per row, as a number.

    Parameters
    ----------
    code : array of int32, by row
        Place in `names`; -1 where the cell is missing.
    names : tuple of str
        In their own order, so that numbers do not depend on the order of rows.
    """

    code: np.ndarray[tuple[int], np.dtype[np.int32]]
    names: tuple[str, ...]

    @classmethod
    def of(cls, cells: Sequence[str | None]) -> Labels:
        """Number the names.

        >>> Labels.of(["b", None, "a", "b"]).code.tolist()
        [1, -1, 0, 1]
        """
        names = tuple(sorted(set(cells) - {None}))  # type: ignore[type-var]
        place: dict[str | None, int] = {name: number for number, name in enumerate(names)}
        place[None] = NOTHING
        code = np.fromiter(map(place.__getitem__, cells), np.int32, len(cells))
        return cls(code, names)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class Lists:
    """A list of names per row, as numbers, in the order given, without blanks and repeats.

    Parameters
    ----------
    row, item : arrays of int, one element per item, by row
    rows : int
    names : tuple of str
        What the items mean, in their own order.
    """

    row: IntArray
    item: IntArray
    rows: int
    names: tuple[str, ...]

    @classmethod
    def of(cls, columns: Iterable[list[object]], separator: str) -> tuple[Lists, ...]:
        """Read columns whose items are numbered together.

        Parameters
        ----------
        columns : lists of cells
            A cell is a list, or a text with separators; anything else is an empty list.

        >>> offered, wanted = Lists.of([[("R", "C")], ["SQL; R;;R "]], ";")
        >>> offered.names, offered.item.tolist(), wanted.item.tolist()
        (('C', 'R', 'SQL'), [1, 0], [2, 1])
        """
        listed = [_listed(column, separator) for column in columns]
        flat = [_flat(cells) for cells in listed]
        cleaned = {item: item.strip() for item in set(itertools.chain.from_iterable(flat))}
        names = tuple(sorted(set(cleaned.values()) - {""}))
        number = {name: place for place, name in enumerate(names)} | {"": NOTHING}
        place = {item: number[name] for item, name in cleaned.items()}
        found = []
        for cells, items in zip(listed, flat, strict=True):
            size = np.fromiter(map(len, cells), np.int64, len(cells))
            item = np.fromiter(map(place.__getitem__, items), np.int64, len(items))
            found.append(cls._tidy(np.repeat(np.arange(len(cells)), size), item, len(cells), names))
        return tuple(found)

    @classmethod
    def _tidy(cls, row: IntArray, item: IntArray, rows: int, names: tuple[str, ...]) -> Lists:
        """Without blanks and repeats."""
        row, item = row[item >= 0], item[item >= 0]
        first = np.sort(np.unique(row * max(1, len(names)) + item, return_index=True)[1])
        return cls(row[first], item[first], rows, names)

    def size(self) -> IntArray:
        """Items in each row."""
        return np.bincount(self.row, minlength=self.rows)

    def rank(self) -> IntArray:
        """Place of each item in its row's list, from 0."""
        start = np.cumsum(self.size()) - self.size()
        return np.arange(len(self.row)) - start[self.row]

    def words(self, which: BoolArray) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
        """The items of some rows as bits: an array of shape (words, rows)."""
        words = np.zeros((max(1, -(-len(self.names) // 64)), self.rows), np.uint64)
        bit = np.left_shift(np.uint64(1), (self.item % 64).astype(np.uint64))
        # Every item stands once in its row, so adding bits is the same as uniting them.
        np.add.at(words.reshape(-1), self.item // 64 * self.rows + self.row, bit)
        return np.ascontiguousarray(words[:, which])


def _listed(cells: list[object], separator: str) -> list[Sequence[object]]:
    """Every cell as a list."""
    if set(map(type, cells)) <= {tuple, list}:
        return cells  # type: ignore[return-value]
    return [
        cell.split(separator)
        if isinstance(cell, str)
        else tuple(cell)
        if isinstance(cell, Iterable)
        else ()
        for cell in cells
    ]


def _flat(cells: list[Sequence[object]]) -> list[str]:
    """All items, one list after the other."""
    items = list(itertools.chain.from_iterable(cells))
    return items if set(map(type, items)) <= {str} else [str(item) for item in items]  # type: ignore[return-value]
