"""The attack on all numbers of people: cluster by cluster, and what one tells another."""

from __future__ import annotations

import math
from collections.abc import Iterator

from revmentor.disclosure.attack_counts import NEAR, Counts
from revmentor.disclosure.ledger import Ledger, Query, count_query
from revmentor.disclosure.linked import clusters, frame_of
from revmentor.disclosure.members import People

DERIVED = "what follows from other tables"


class Audit:
    """All clusters of a publication; what is told can be changed, who stands behind it cannot."""

    def __init__(self, before: Ledger, current: Ledger, minimum: int) -> None:
        now = set(current)
        every = (*before, *current)
        self.parts = [Counts(part, now, minimum) for part in clusters(every, minimum)]
        self.frame = frame_of(query for query in every if query.kind != "sum" and query.members)
        self.targets = [(part, at) for part in self.parts for at in range(len(part.targets))]
        self._because: dict[Query, tuple[Query, ...]] = {}

    def tell(self, queries: Ledger) -> None:
        """This is what is published, and nothing else."""
        told = [query for query in queries if query.kind != "sum" and query.members]
        self._because = {}
        for part in self.parts:
            part.tell(query for query in told if part.knows(query))
        derived = list(self._derived(told))
        for part in self.parts if derived else ():
            known = [query for query in told if part.knows(query)]
            part.tell([*known, *(query for query in derived if part.knows(query))])

    def _derived(self, told: list[Query]) -> Iterator[Query]:
        """What each cluster tells of groups of the frame that are not told exactly."""
        exact = {q.members for q in told if q.kind == "count" and q.low == q.high}
        for part in self.parts:
            if len(self.parts) < 2:
                return
            for group in sorted((self.frame - exact) & part.place.keys(), key=sorted):
                yield from self._derive(part, group)

    def _derive(self, part: Counts, group: People) -> Iterator[Query]:
        low, high, held = part.extent(part.atoms.inside[part.place[group]])
        if any(query.members != group for query in held):
            ends = math.ceil(low - NEAR), math.floor(high + NEAR)
            query = count_query(DERIVED, (), "count", group, *ends)
            self._because[query] = held
            yield query

    def is_wide(self, target: int) -> bool:
        """Is it known that this small group can have enough different numbers of people?"""
        part, at = self.targets[target]
        return part.is_wide(at)

    def ask(self, target: int) -> tuple[bool, tuple[Query, ...]]:
        """Is this small group's number hidden well; and if not, by which numbers is it held?"""
        part, at = self.targets[target]
        fine, held = part.ask(at)
        found = [source for query in held for source in self._because.get(query, (query,))]
        return fine, tuple(dict.fromkeys(found))

    def values(self, target: int) -> int:
        """How many values can the number of this small group have?"""
        part, at = self.targets[target]
        return part.values(at)

    def forget(self) -> None:
        """More is told than before: nothing is known to be possible but what is so."""
        for part in self.parts:
            part.forget()
