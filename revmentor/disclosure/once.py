"""Each group of people once: comparing two of them is comparing two addresses, not all ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from revmentor.disclosure.ledger import Ledger, Query
from revmentor.disclosure.members import Counted, Estimated, Group, Members
from revmentor.people import People


class Once:
    """Groups that were seen, each as one object."""

    def __init__(self) -> None:
        self._groups: dict[People, People] = {}

    def group(self, group: People) -> People:
        """The object that stands for these people."""
        return self._groups.setdefault(group, group)

    def ledger(self, queries: Iterable[Query]) -> Ledger:
        """The same numbers, about these objects."""
        return tuple(
            replace(query, members=self.group(query.members), of=self.group(query.of))
            for query in queries
        )

    def members(self, who: Members) -> Members:
        """The same people, as these objects."""
        match who:
            case Counted():
                cells = {place: self.group(people) for place, people in who.cells.items()}
                return replace(who, cells=cells)
            case Estimated():
                groups = {key: self._estimated(group) for key, group in who.groups.items()}
                return replace(who, groups=groups)
        return who

    def _estimated(self, group: Group) -> Group:
        having = None if group.having is None else self.group(group.having)
        return replace(group, people=self.group(group.people), having=having)
