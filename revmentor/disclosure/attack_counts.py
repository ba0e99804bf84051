"""The attack on numbers of people: which values can the number of a small group have?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Set

import numpy as np
from scipy import sparse

from revmentor.disclosure.atoms import Atoms, Bools, small_groups
from revmentor.disclosure.ledger import Ledger, Query
from revmentor.disclosure.polytope import Floats, Polytope, is_whole

NEAR = 1e-6
# So small a model is looked at in whole numbers. In a larger one the whole numbers between the ends
# of the linear program are taken as possible, as audits of tables do: whole numbers were found to
# reach them wherever it was tried, at a hundred times the cost.
EXACT_UP_TO = 40
OPEN = ((0.0, math.inf), (-math.inf, 0.0))


class Counts:
    """The attack on the numbers of people that can be put together.

    Parameters
    ----------
    linear : tuple of Query
        Counts and ratios; see `revmentor.disclosure.linked`.
    current : set of Query
        Those of the report that is made.
    minimum : int
    atoms : Atoms, optional
        Cut by these groups and others, where they are cut already.
    """

    def __init__(
        self,
        linear: Ledger,
        current: Set[Query],
        minimum: int,
        atoms: Atoms | None = None,
    ) -> None:
        self.minimum = minimum
        self.need = minimum - 1
        groups = [group for query in linear for group in (query.members, query.of)]
        self.atoms = Atoms.of(groups) if atoms is None else atoms.among(groups)
        self.place = self.atoms.place
        now = {
            self.place[group]
            for query in linear
            for group in (query.members, query.of)
            if group and query in current
        }
        tables: dict[tuple[str, str], list[int]] = {}
        for query in linear:
            if query.members:
                table = tables.setdefault((query.source, query.name), [])
                table.append(self.place[query.members])
        self.targets = small_groups(
            self.atoms, minimum, current=sorted(now), tables=list(tables.values())
        )
        self._sums = sparse.csr_matrix(self.targets, dtype=np.float64)
        self._ratios: dict[tuple[int, int, float, float], tuple[int, int]] = {}
        self._model: Polytope | None = None
        self._queries: dict[int, list[Query]] = {}
        self._ends = np.tile([-np.inf, np.inf], (len(self.atoms.groups), 1))
        self.forget()

    def forget(self) -> None:
        """Only what is so is known to be possible: more is told than before."""
        self._low = (self.targets @ self.atoms.sizes).astype(float)
        self._high = self._low.copy()

    @property
    def exact(self) -> bool:
        """Is the model small enough for whole numbers?"""
        return len(self.atoms.sizes) <= EXACT_UP_TO

    @property
    def model(self) -> Polytope:
        """The linear program; made when it is first asked."""
        if self._model is None:
            sizes = self.atoms.sizes.astype(float)
            cap = np.full(len(sizes), max(float(sizes.sum()), 10.0 * self.minimum))
            self._model = Polytope(np.zeros(len(sizes)), cap, sizes)
            for group in self.atoms.inside:
                columns = np.flatnonzero(group)
                self._model.add_row(-np.inf, np.inf, columns.tolist(), np.ones(len(columns)))
        return self._model

    def tell(self, queries: Iterable[Query]) -> None:
        """This is what is published, and nothing else."""
        model, self._queries = self.model, {}
        ends = np.tile([-np.inf, np.inf], (len(self.atoms.groups), 1))
        used = set()
        for query in queries:
            at = self.place[query.members]
            if query.kind == "count":
                ends[at] = max(ends[at, 0], query.low), min(ends[at, 1], query.high)
                self._queries.setdefault(at, []).append(query)
            else:
                key = (at, self.place[query.of], query.low, query.high)
                used.add(key)
                for row, (low, high) in zip(self._ratio(key), OPEN, strict=True):
                    model.set_row(row, low, high)
                    self._queries.setdefault(row, []).append(query)
        for row in np.flatnonzero((ends != self._ends).any(axis=1)).tolist():
            model.set_row(row, *ends[row].tolist())
        self._ends = ends
        for key in self._ratios.keys() - used:
            for row in self._ratios[key]:
                model.set_row(row, -np.inf, np.inf)

    def _ratio(self, key: tuple[int, int, float, float]) -> tuple[int, int]:
        """Rows: part - low x whole is not below 0, part - high x whole is not above 0."""
        if key not in self._ratios:
            part, whole = (self.atoms.inside[at].astype(float) for at in key[:2])
            rows = []
            for share in key[2:]:
                values = part - share * whole
                columns = np.flatnonzero(values)
                rows.append(self.model.add_row(-np.inf, np.inf, columns.tolist(), values[columns]))
            self._ratios[key] = (rows[0], rows[1])
        return self._ratios[key]

    def knows(self, query: Query) -> bool:
        """Are the groups of this number among those that are put together here?"""
        return query.members in self.place and (query.kind == "count" or query.of in self.place)

    def extent(self, group: Bools) -> tuple[float, float, tuple[Query, ...]]:
        """Between which ends does the number of these people lie, and what holds it there?"""
        first, last = self.model.ends(group.astype(float))
        held = sorted({*first.rows, *last.rows})
        return first.value, last.value, tuple(q for row in held for q in self._queries.get(row, ()))

    def values(self, target: int) -> int:
        """How many values are known to be possible?"""
        low, high = float(self._low[target]), float(self._high[target])
        return math.floor(high + NEAR) - math.ceil(low - NEAR) + 1

    def is_wide(self, target: int) -> bool:
        """Is it known that this small group can have enough different numbers of people?"""
        return self.values(target) >= self.need

    def _possible(self, point: Floats, target: int) -> bool:
        """This can be so: every small group can have these numbers; is the one asked for wide?"""
        values = self._sums @ point
        np.minimum(self._low, values, out=self._low)
        np.maximum(self._high, values, out=self._high)
        return self.is_wide(target)

    def ask(self, target: int) -> tuple[bool, tuple[Query, ...]]:
        """Is this small group's number hidden well; and if not, by which numbers is it held?"""
        if self.is_wide(target):
            return True, ()
        cost = self.targets[target].astype(float)
        held = set[int]()
        ends = []
        for end in self.model.ends(cost):
            ends.append(end)
            held.update(end.rows)
            if (is_whole(end.point) or not self.exact) and self._possible(end.point, target):
                return True, ()
        # Whole numbers lie between the ends of the linear program: where these are too near to
        # each other already, no search is needed.
        room = math.floor(ends[1].value + NEAR) - math.ceil(ends[0].value - NEAR) + 1
        for end in ends if self.exact and room >= self.need else ():
            if not is_whole(end.point):
                point = self.model.in_whole_numbers(end.sense, cost)
                if self._possible(point, target):
                    return True, ()
        return False, tuple(q for row in sorted(held) for q in self._queries.get(row, ()))
