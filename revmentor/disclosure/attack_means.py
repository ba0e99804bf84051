"""The attack on answers: between which ends can a small group's mean answer lie?"""

from __future__ import annotations

import numpy as np

from revmentor.disclosure.atoms import Atoms, Bools, small_groups
from revmentor.disclosure.ledger import Ledger, Query
from revmentor.disclosure.polytope import Floats, Polytope

NEAR = 1e-6


class Means:
    """The attack on the answers to variables that are published together."""

    def __init__(
        self, queries: Ledger, current: Ledger, minimum: int, atoms: Atoms | None = None
    ) -> None:
        self.minimum = minimum
        self.queries = queries
        groups = [query.members for query in queries]
        self.atoms = Atoms.of(groups) if atoms is None else atoms.among(groups)
        self.place = self.atoms.place
        self.variables = sorted({term.variable for query in queries for term in query.terms})
        self.scale = {t.variable: query.scale for query in queries for t in query.terms}
        self.now = sorted({self.place[query.members] for query in current})
        held: dict[str, Bools] = {
            name: np.zeros(len(self.atoms.sizes), bool) for name in self.variables
        }
        for query in queries:
            for term in query.terms:
                held[term.variable] |= self.atoms.inside[self.place[query.members]]
        self.held = held
        small = small_groups(self.atoms, minimum, current=self.now, tables=())
        self.targets = [
            (group, name)
            for group in small
            for name in self.variables
            if not (group & ~held[name]).any()
        ]
        self._model: Polytope | None = None

    def _column(self, name: str, atom: int) -> int:
        return self.variables.index(name) * len(self.atoms.sizes) + atom

    def _cost(self, group: Bools, name: str) -> Floats:
        cost = np.zeros((len(self.variables), len(group)))
        cost[self.variables.index(name), group] = 1.0 / float(self.atoms.sizes[group].sum())
        return cost.ravel()

    @property
    def model(self) -> Polytope:
        """The linear program; made when it is first asked."""
        if self._model is None:
            sizes = self.atoms.sizes.astype(float)
            low = np.concatenate([sizes * self.scale[name][0] for name in self.variables])
            high = np.concatenate([sizes * self.scale[name][1] for name in self.variables])
            self._model = Polytope(low, high, low)
            for query in self.queries:
                atoms = np.flatnonzero(self.atoms.inside[self.place[query.members]])
                columns = [self._column(t.variable, int(a)) for t in query.terms for a in atoms]
                signs = np.repeat([float(t.sign) for t in query.terms], len(atoms))
                self._model.add_row(query.low - NEAR, query.high + NEAR, columns, signs)
        return self._model

    def leave(self, query: Query) -> None:
        """This number is not published after all."""
        self.model.set_row(self.queries.index(query), -np.inf, np.inf)

    def ask(self, target: int) -> tuple[float, tuple[Query, ...]]:
        """How much of the scale is this mean's interval, and which numbers hold it?"""
        group, name = self.targets[target]
        first, last = self.model.ends(self._cost(group, name))
        low, high = self.scale[name]
        held = sorted({*first.rows, *last.rows})
        return (last.value - first.value) / (high - low), tuple(self.queries[row] for row in held)


def by_variables(queries: Ledger) -> list[Ledger]:
    """Sums that share variables, directly or through others, belong together."""
    of: dict[str, str] = {}

    def root(name: str) -> str:
        while of.setdefault(name, name) != name:
            name = of[name]
        return name

    for query in queries:
        first, *others = (root(term.variable) for term in query.terms)
        for other in others:
            of[root(other)] = root(first)
    parts: dict[str, list[Query]] = {}
    for query in queries:
        parts.setdefault(root(query.terms[0].variable), []).append(query)
    return [tuple(parts[name]) for name in sorted(parts)]
