"""Which group is a report silent about, where earlier pages and reports hold a small group tightly?

What was told earlier cannot be told less of. But a number of this page that speaks of a group again
lets a reader put earlier numbers together that nobody could before (see `frame_of` in
`revmentor.disclosure.linked`), and a new group makes new differences. So this page says nothing at
all of such a group: not how many they are, and nothing about them. The pool and the pairs are never
left out: a report that is silent about them is none. A small group of their table is: those who are
without a partner are not shown anyway, and even "at least one" can be too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from revmentor.disclosure.attack import Finding
from revmentor.disclosure.ledger import Ledger
from revmentor.disclosure.linked import frame_of
from revmentor.people import NOBODY, People

ONE_BY_ONE = 3


@dataclass(frozen=True)
class Stuck:
    """What is given away whatever is told less of, and the groups that are put together there."""

    finding: Finding
    around: frozenset[People]


def left_out(
    stuck: Iterable[Stuck],
    current: Ledger,
    earlier: Ledger,
    costs: Mapping[People, int],
    attempt: int,
) -> set[People]:
    """Of which further groups does this page say nothing?

    For each small group that is given away, one: of those that the numbers which hold it are
    about, or else of all that are put together with it. First a group under the minimum (all that
    is lost is "fewer than"), then what a reader misses least; after `ONE_BY_ONE` attempts all.

    Parameters
    ----------
    stuck : iterable of Stuck
    current : tuple of Query
        What this page would tell.
    earlier : tuple of Query
        What earlier reports and earlier pages told.
    costs : mapping of group to int
        How much a reader misses what is told of a group, for all of whom this page tells.
    attempt : int
        From 0.

    Returns
    -------
    set of frozenset of str
        Empty if nothing can be left out.
    """
    known = frame_of(query for query in earlier if query.kind != "sum")
    stuck = tuple(stuck)
    minimum = min(each.finding.minimum for each in stuck)
    core = {query.members for query in current if query.core and len(query.members) >= minimum}
    able = costs.keys() - core - {NOBODY}
    return _near(stuck, able - known, costs, attempt) or _near(stuck, able, costs, attempt) or able


def _near(
    stuck: Iterable[Stuck], free: Set[People], costs: Mapping[People, int], attempt: int
) -> set[People]:
    """Of those that may be left out, what lies near each small group that is given away."""
    found = set[People]()
    for each in stuck:
        held = {group for query in each.finding.queries for group in (query.members, query.of)}
        near = free & held or free & each.around
        if attempt >= ONE_BY_ONE:
            found |= near
        elif near and not near & found:
            minimum = each.finding.minimum
            found.add(
                min(near, key=lambda who: (len(who) >= minimum, costs[who], len(who), sorted(who)))
            )
    return found
