"""Which published numbers can a reader put together?

A reader can subtract two numbers if the groups behind them are known to be nested or disjoint. That
is known

- of the groups of one table, and of those that carry the same words: two tables by department, a
  mean in *day30* and a change since *day30*;
- of a group that lies in another and lacks fewer than the minimum of it: whoever sees two such
  numbers will take the smaller for a part of the larger;
- of the *frame*: the pool, the pairs, everybody who was asked: what a step marks as `core`, and
  every group of people that is told of under two names.

It is not known of, say, a department and the pairs that score from 60 to 65: what combinations of
these occur is no part of any report. So numbers are attacked together with the frame and with all
that shares a word with them, and not with the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from revmentor.disclosure.ledger import Ledger, Query
from revmentor.disclosure.members import Key
from revmentor.names import SIDES
from revmentor.people import NOBODY, People

Family = tuple[str, Key]
TABLE_PARTS = {"cell", "total", "bin"}
_BREAK = re.compile(r"[\W_]+")
# Words that stand in many keys and say nothing of what the groups are cut by.
EVERYWHERE = {
    *SIDES, *(f"{side}s" for side in SIDES), "a", "across", "all", "and", "as", "at", "both", "by",
    "change", "every", "first", "for", "given", "has", "have", "in", "is", "mean", "neither", "no",
    "not", "of", "on", "or", "other", "others", "pair", "pairs", "people", "share", "since", "the",
    "to", "with", "without",
}  # fmt: skip


def family_of(query: Query) -> Family:
    """To which table or estimate does it belong?"""
    whole = query.part in TABLE_PARTS or query.key[:1] == ("every bin",)
    return (query.name, () if whole else query.key)


def words_of(query: Query) -> set[str]:
    """By which words is its group known?

    >>> from revmentor.disclosure.ledger import count_query
    >>> cell = count_query("by-site", ("Rome", "mentors"), "cell", frozenset("a"), 1, 1)
    >>> sorted(words_of(cell))
    ['rome', 'site']
    """
    told = [*query.key, *([query.name] if query.part in TABLE_PARTS else [])]
    found = {word for text in told for word in _BREAK.split(text.lower())}
    return {word for word in found if word not in EVERYWHERE and not word.isdigit() and word}


def frame_of(queries: Iterable[Query]) -> set[People]:
    """Which groups does every reader know: marked as core, or told of under two names?"""
    names: dict[People, set[str]] = {}
    core = set()
    for query in queries:
        for group in (query.members, query.of):
            names.setdefault(group, set()).add(query.name)
        if query.core:
            core.add(query.members)
    return {NOBODY, *core, *(group for group, under in names.items() if len(under) > 1)}


def nearly_alike(groups: Iterable[People], minimum: int) -> list[tuple[People, People]]:
    """Which groups lie in another and lack fewer than the minimum of it, but somebody?

    >>> nearly_alike([frozenset("abc"), frozenset("abcd"), frozenset("xyz")], 3) == [
    ...     (frozenset("abc"), frozenset("abcd"))
    ... ]
    True
    """
    order = sorted(dict.fromkeys(groups), key=len)
    found = []
    for at, part in enumerate(order):
        for whole in order[at + 1 :]:
            if len(whole) >= len(part) + minimum:
                break
            if part < whole:
                found.append((part, whole))
    return found


def clusters(queries: Ledger, minimum: int) -> list[Ledger]:
    """Numbers that can be put together, cluster by cluster; each has the frame.

    Sums are left out. A number can be in several clusters. A ratio does not bring its whole along:
    so telling less of a number never makes a cluster larger.
    """
    linear = [query for query in queries if query.kind != "sum" and query.members]
    frame = frame_of(linear)
    families: dict[Family, set[int]] = {}
    carrying: dict[str, set[Family]] = {}
    for at, query in enumerate(linear):
        family = family_of(query)
        families.setdefault(family, set()).add(at)
        for word in words_of(query):
            carrying.setdefault(word, set()).add(family)
    always = {at for at, query in enumerate(linear) if {query.members, query.of} <= frame}
    sets = [frozenset({family}) for family in families] + [
        frozenset(each) for each in carrying.values()
    ]
    kept: list[frozenset[Family]] = []
    for each in sorted(set(sets), key=lambda each: (-len(each), sorted(each))):
        if not any(each <= other for other in kept):
            kept.append(each)
    places = [always.union(*(families[family] for family in each)) for each in kept]
    telling: dict[People, set[int]] = {}
    for at, query in enumerate(linear):
        telling.setdefault(query.members, set()).add(at)
    for part, whole in nearly_alike(telling, minimum):
        known = {part, whole, *frame}
        pair = always | {at for at in telling[part] | telling[whole] if linear[at].of in known}
        if not any(pair <= other for other in places):
            places.append(pair)
    return [tuple(linear[at] for at in sorted(each)) for each in places]
