"""What does a pair score, worked out a second time from what the problem was made of?

For `verify` only. Nothing here is shared with what the solver uses but the data types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from revmentor.matching.problem import GivenSource, Id

Mask = npt.NDArray[np.bool_]
Units = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Row:
    """One mentee's pairs with every mentor, in the recount's order of mentors.

    Parameters
    ----------
    units : array of int
        Scores in whole units, rules aside.
    broken : dict of rule to array of bool
        Which pairs break it.
    """

    units: Units
    broken: Mapping[str, Mask]


class Recount(Protocol):
    """A second opinion on a problem."""

    @property
    def mentors(self) -> tuple[Id, ...]:
        """Mentors, in the recount's order."""
        ...

    @property
    def mentees(self) -> tuple[Id, ...]:
        """Mentees, in the recount's order."""
        ...

    @property
    def capacity(self) -> Mapping[Id, int]:
        """Places of each mentor."""
        ...

    @property
    def demand(self) -> Mapping[Id, int]:
        """Places of each mentee."""
        ...

    @property
    def required(self) -> frozenset[tuple[Id, Id]]:
        """Required pairs."""
        ...

    @property
    def per_point(self) -> int:
        """Units in a score of 1."""
        ...

    @property
    def least(self) -> int:
        """Fewest units of a pair that is not required."""
        ...

    def row(self, mentee: int) -> Row:
        """Everything about one mentee's pairs; call it once for each mentee."""
        ...

    def complaints(self) -> list[str]:
        """What the problem states about shares and stand-ins and is not so; after all rows."""
        ...


class GivenRecount:
    """The second opinion on given scores."""

    def __init__(self, source: GivenSource) -> None:
        self._source = source
        self.per_point = 10**6 if source.scores.dtype.kind == "f" else 1
        self.least = 1
        self.mentors, self.mentees = source.mentor_ids, source.mentee_ids
        self.capacity = dict(zip(self.mentors, source.mentor_capacity.tolist(), strict=True))
        self.demand = dict(zip(self.mentees, source.mentee_demand.tolist(), strict=True))
        self.required: frozenset[tuple[Id, Id]] = frozenset()

    def row(self, mentee: int) -> Row:
        """One column of the given scores."""
        scores = self._source.scores[:, mentee].tolist()
        exact = [round(float(x) * 1e6) if self.per_point > 1 else int(x) for x in scores]
        allowed = self._source.eligible
        out = np.zeros(len(exact), bool) if allowed is None else ~allowed[:, mentee].astype(bool)
        return Row(np.array(exact, np.int64), {"eligible": out})

    def complaints(self) -> list[str]:
        """Given scores have no shares."""
        return []
