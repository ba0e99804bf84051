"""What does every published number tell, and about whom? The ledger that an attack starts from.

Three kinds of number are linear in the people behind them: a count, a share whose n is not told
exactly (a ratio of two counts), and a sum of answers (n times a mean).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from revmentor.disclosure.members import Key, Term
from revmentor.people import NOBODY, People

Kind = Literal["count", "ratio", "sum"]
COLUMNS = [
    "name", "key", "part", "kind", "members", "of", "variables", "signs", "lowest", "highest",
    "low", "high", "core",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Query:
    """One number that was published, as a question about people.

    Parameters
    ----------
    name : str
        The disclosed value that holds it.
    key : tuple of str
        Its place there.
    part : str
        What of it: "cell", "total", "n", "count", "value", "bin".
    kind : "count", "ratio" or "sum"
    members : frozenset of str
        Who is counted, or whose answers are added up.
    low, high : float
        What the publication tells: equal where exact, inf where open. Of a count, of the ratio
        count of `members` / count of `of`, or of the sum of `terms` over the members.
    of : frozenset of str
        Only for a ratio: of whom.
    terms : tuple of Term
        Only for a sum: variables and signs.
    scale : (float, float)
        Only for a sum: lowest and highest value of one answer.
    core : bool
        Everybody knows how this group lies to others: the pool, the pairs.
    source : str
        Which report published it; empty: the one that is being made.
    """

    name: str
    key: Key
    part: str
    kind: Kind
    members: People
    low: float
    high: float
    of: People = NOBODY
    terms: tuple[Term, ...] = ()
    scale: tuple[float, float] = (0.0, 1.0)
    core: bool = False
    source: str = ""

    def _fields(self) -> tuple[object, ...]:
        return tuple(self.__dict__.values())

    def __eq__(self, other: object) -> bool:
        # As a tuple: two fields that are one object are alike without a look at all its ids.
        return isinstance(other, Query) and self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash(self._fields())

    @property
    def place(self) -> str:
        """Which number is it, in words? It names nobody."""
        where = ", ".join(self.key)
        by = f", {self.source}" if self.source else ""
        return f"{self.part} in “{self.name}”{f' ({where})' if where else ''}{by}"


Ledger = tuple[Query, ...]


def to_frame(ledger: Iterable[Query]) -> pd.DataFrame:
    """The ledger as a table; for the restricted folder only, as it lists people."""
    rows = [
        (
            query.name, list(query.key), query.part, query.kind, sorted(query.members),
            sorted(query.of), [term.variable for term in query.terms],
            [term.sign for term in query.terms], *map(float, query.scale),
            float(query.low), float(query.high), query.core,
        )
        for query in ledger
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def from_frame(frame: pd.DataFrame, source: str = "") -> Ledger:
    """The ledger that a table holds; `source` says which report it is of."""

    def texts(cell: Iterable[object] | None) -> tuple[str, ...]:
        return () if cell is None else tuple(map(str, cell))

    return tuple(
        Query(
            name=str(row["name"]),
            key=texts(row["key"]),
            part=str(row["part"]),
            kind=row["kind"],
            members=frozenset(texts(row["members"])),
            low=float(row["low"]),
            high=float(row["high"]),
            of=frozenset(texts(row["of"])),
            terms=tuple(
                Term(name, int(sign))
                for name, sign in zip(texts(row["variables"]), row["signs"], strict=True)
            ),
            scale=(float(row["lowest"]), float(row["highest"])),
            core=bool(row["core"]),
            source=source,
        )
        for row in frame.to_dict("records")
    )


def count_query(
    name: str, key: Key, part: str, members: People, low: float, high: float | None
) -> Query:
    """A count of people of which this much is told; `high` None: no upper end."""
    return Query(name, key, part, "count", members, low, math.inf if high is None else high)
