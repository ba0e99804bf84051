"""The attack on all numbers of people: cluster by cluster, and what one tells another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from revmentor.disclosure.atoms import Atoms
from revmentor.disclosure.attack_counts import NEAR, Counts
from revmentor.disclosure.ledger import Ledger, Query, count_query
from revmentor.disclosure.linked import clusters, frame_of
from revmentor.people import People

DERIVED = "what follows from other tables"


class Audit:
    """All clusters of a publication; what is told can be changed, who stands behind it cannot."""

    def __init__(
        self, before: Ledger, current: Ledger, minimum: int, *, beside: Ledger = ()
    ) -> None:
        now = {*beside, *current}
        every = (*before, *beside, *current)
        found = clusters(every, minimum)
        atoms = Atoms.of(
            group
            for query in every
            if query.kind != "sum" and query.members
            for group in (query.members, query.of)
        )
        self.parts = [Counts(part, now, minimum, atoms) for part in found]
        self.frame = frame_of(query for query in every if query.kind != "sum" and query.members)
        self.targets = [(part, at) for part in self.parts for at in range(len(part.targets))]
        self._names = {
            part: dict.fromkeys(q.name for q in every if q.kind != "sum" and part.knows(q))
            for part in self.parts
        }
        self._totals = {part: self._totals_in(part) for part in self.parts}
        self._before = _by_name((*before, *beside))
        self._now: dict[str, list[Query]] = {}
        self._derived: dict[Counts, list[Query]] = {part: [] for part in self.parts}
        self._because: dict[Query, tuple[Query, ...]] = {}
        self.tell(_by_name(current))

    def tell(self, told: Mapping[str, Sequence[Query]]) -> set[Counts]:
        """This is what these values tell now, by name; returns the clusters that it is known to."""
        news = {
            group
            for name, queries in told.items()
            for query in {*queries} ^ {*self._now.get(name, ())}
            for group in (query.members, query.of)
        }
        self._now |= {name: list(queries) for name, queries in told.items()}
        touched = {part for part in self.parts if not news.isdisjoint(part.place)}
        exact = {
            query.members
            for part in (self._before, self._now)
            for queries in part.values()
            for query in queries
            if query.kind == "count" and query.low == query.high
        }
        before = {part: tuple(found) for part, found in self._derived.items()}
        for part in self.parts:
            if part in touched:
                part.tell(self._known(part))
                hidden = [group for group in self._totals[part] if group not in exact]
                found = [self._derive(part, group) for group in hidden]
                self._derived[part] = [query for query in found if query is not None]
        changed = {
            query.members
            for part, found in self._derived.items()
            for query in {*found} ^ {*before[part]}
        }
        for part in self.parts:
            if part in touched or not changed.isdisjoint(part.place):
                others = [
                    query
                    for other, found in self._derived.items()
                    for query in found
                    if other is not part and query.members in part.place
                ]
                if others or part not in touched:
                    part.tell([*self._known(part), *others])
                    touched.add(part)
        return touched

    def _known(self, part: Counts) -> list[Query]:
        return [
            query
            for told in (self._before, self._now)
            for name in self._names[part]
            for query in told.get(name, ())
            if query.kind != "sum" and query.members and part.knows(query)
        ]

    def _totals_in(self, part: Counts) -> list[People]:
        """Groups of the frame that this cluster's own groups add up to: others tell nothing new."""
        if len(self.parts) < 2:
            return []
        inside = part.atoms.inside
        own = inside[[at for group, at in part.place.items() if group not in self.frame]]
        found = []
        for group in (group for group in part.place if group in self.frame):
            whole = inside[part.place[group]]
            inner = own[~own[:, ~whole].any(axis=1) & ~own[:, whole].all(axis=1)]
            if (inner.any(axis=0) == whole).all():
                found.append(group)
        return found

    def _derive(self, part: Counts, group: People) -> Query | None:
        """What this cluster tells of a group of the frame that is not told exactly."""
        low, high, held = part.extent(part.atoms.inside[part.place[group]])
        if all(query.members == group for query in held):
            return None
        ends = math.ceil(low - NEAR), math.floor(high + NEAR)
        query = count_query(DERIVED, (), "count", group, *ends)
        self._because[query] = held
        return query

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

    def around(self, target: int) -> tuple[Query, ...]:
        """All that is told in this small group's cluster: whole numbers can hold it together."""
        return tuple(dict.fromkeys(self._known(self.targets[target][0])))

    def groups(self, target: int) -> frozenset[People]:
        """All groups that are put together in this small group's cluster."""
        return frozenset(self.targets[target][0].place)

    def values(self, target: int) -> int:
        """How many values can the number of this small group have?"""
        part, at = self.targets[target]
        return part.values(at)


def _by_name(ledger: Ledger) -> dict[str, list[Query]]:
    found: dict[str, list[Query]] = {}
    for query in ledger:
        found.setdefault(query.name, []).append(query)
    return found
