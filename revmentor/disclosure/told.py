"""What does each disclosed value tell its reader, as questions about the people behind it?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from revmentor import words
from revmentor.disclosure.counts import NOT_SHOWN, Count, Disclosed, DisclosedCounts
from revmentor.disclosure.estimates import (
    DisclosedDistribution,
    DisclosedEstimate,
    DisclosedEstimates,
)
from revmentor.disclosure.ledger import Ledger, Query, count_query
from revmentor.disclosure.members import (
    Counted,
    Estimated,
    Group,
    Key,
    Members,
    Spread,
    Term,
)
from revmentor.people import People

ALL = "all"
EVERY: Key = ("every bin",)


def told(found: Mapping[str, Disclosed], members: Mapping[str, Members]) -> Ledger:
    """What do these values tell about those who stand behind them?

    Parameters
    ----------
    found : mapping of name to disclosed value
    members : mapping of name to who stands behind it
        Values without an entry tell nothing of people.

    Raises
    ------
    ValueError
        A number that is shown is not the number of the people who are said to stand behind it.
    """
    return tuple(
        query
        for name, value in found.items()
        if name in members
        for query in _marked(_queries(name, value, members[name]), members[name])
    )


def _marked(queries: Iterator[Query], who: Members) -> Iterator[Query]:
    core = isinstance(who, Counted) and who.core
    return (replace(query, core=True) for query in queries) if core else queries


def _queries(name: str, value: Disclosed, who: Members) -> Iterator[Query]:
    match value, who:
        case DisclosedCounts(), Counted():
            yield from _of_counts(name, value, who)
        case DisclosedEstimates(), Estimated():
            for key, estimate in zip(value.keys, value.estimates, strict=True):
                if key in who.groups:
                    yield from _of_estimate(name, key, estimate, who.groups[key])
        case DisclosedEstimate(), Estimated():
            for key, group in who.groups.items():
                yield from _of_estimate(name, key, value, group)
        case DisclosedDistribution(), Spread():
            yield from _of_distribution(name, value, who)
        case _:
            raise ValueError(
                f"{name}: who stands behind a {type(value).__name__} cannot be said by "
                f"{type(who).__name__}"
            )


def _of_counts(name: str, value: DisclosedCounts, who: Counted) -> Iterator[Query]:
    guarded = [column for column in value.columns if column not in value.open_columns]

    def all_of(rows: tuple[str, ...], columns: list[str]) -> People:
        return frozenset().union(*(who.at(row, column) for row in rows for column in columns))

    for row in value.rows:
        for column in guarded:
            count = value.at(row, column)
            if (row, column) in who.cells or count.value == 0:
                yield from _counted(name, (row, column), "cell", who.at(row, column), count)
    for row, count in zip(value.rows, value.row_totals, strict=False):
        yield from _counted(name, (row, ALL), "total", all_of((row,), guarded), count)
    for column, count in zip(value.columns, value.column_totals, strict=False):
        if column in guarded:
            yield from _counted(name, (ALL, column), "total", all_of(value.rows, [column]), count)
    if value.total is not None:
        yield from _counted(name, (ALL, ALL), "total", all_of(value.rows, guarded), value.total)


def _counted(name: str, key: Key, part: str, people: People, count: Count) -> Iterator[Query]:
    if (count.low, count.high) == (0, None):
        return
    if count.value is not None and count.value != len(people):
        raise ValueError(
            f"{name} {key}: a number is shown that {len(people)} people do not make; register "
            "those whom it counts"
        )
    yield count_query(name, key, part, people, count.low, count.high)


def _of_estimate(name: str, key: Key, value: DisclosedEstimate, who: Group) -> Iterator[Query]:
    n = len(who.people)
    if value.n is not None and value.n != n:
        raise ValueError(
            f"{name} {key}: n is shown, but not of the people who are registered; register those "
            "whom it counts"
        )
    if value.n is not None:
        yield count_query(name, key, "n", who.people, n, n)
    elif value.n_low is not None:
        yield count_query(name, key, "n", who.people, value.n_low, value.n_high)
    elif value.state == "small group":
        yield count_query(name, key, "n", who.people, 1, value.minimum - 1)
    if who.having is not None:
        yield from _of_share(name, key, value, who.people, who.having)
    if who.terms and value.state == "shown" and value.value is not None:
        half = 0.5 * 10.0 ** -words.digits(value.unit)
        ends = (n * (value.value - half), n * (value.value + half))
        yield _sum(name, key, who.people, ends, who.total, who.terms, who.scale)


def _of_share(
    name: str, key: Key, value: DisclosedEstimate, people: People, having: People
) -> Iterator[Query]:
    small = value.minimum - 1
    match value.state:
        case "few":
            yield count_query(name, key, "count", having, 1, small)
        case "nearly all":
            yield count_query(name, key, "remainder", people - having, 1, small)
        case "shown" if value.count is not None:
            yield count_query(name, key, "count", having, value.count, value.count)
        case "shown" if value.value is not None:
            low, high = share_ends(value.value)
            yield Query(name, key, "value", "ratio", having, low, high, people)


def share_ends(shown: float) -> tuple[float, float]:
    """Between which shares does the true one lie, if this is shown?

    >>> share_ends(0.995), share_ends(0.005), share_ends(1.0)
    ((0.995, 1.0), (0.0, 0.005), (1.0, 1.0))
    """
    if shown in (0.0, 1.0):
        return shown, shown
    if shown == words.as_shown(1 - 1e-9, "share"):
        return shown, 1.0
    if shown == words.as_shown(1e-9, "share"):
        return 0.0, shown
    return shown - 0.005, shown + 0.005


def _sum(
    name: str,
    key: Key,
    people: People,
    ends: tuple[float, float],
    total: float,
    terms: tuple[Term, ...],
    scale: tuple[float, float],
) -> Query:
    low, high = ends
    if not low - 1e-6 <= total <= high + 1e-6:
        raise ValueError(
            f"{name} {key}: the mean that is shown is not that of the values which are registered"
        )
    return Query(name, key, "value", "sum", people, low, high, terms=terms, scale=scale)


def _of_distribution(name: str, value: DisclosedDistribution, who: Spread) -> Iterator[Query]:
    ids = who.values.index.astype(str)
    everybody = frozenset(ids)
    if value.n is not None:
        yield count_query(name, EVERY, "n", everybody, value.n, value.n)
    elif value.n_low is not None:
        yield count_query(name, EVERY, "n", everybody, value.n_low, value.n_high)
    elif value.reason != NOT_SHOWN and everybody:
        yield count_query(name, EVERY, "n", everybody, 1, value.minimum - 1)
    for low, high, count in zip(value.edges, value.edges[1:], value.counts, strict=False):
        last = high == value.edges[-1]
        inside = (who.values >= low - 1e-9) & ((who.values < high - 1e-9) | last)
        people = frozenset(ids[inside])
        key = (f"{low:g} to {high:g}",)
        if value.in_percent:
            ends = max(0.0, count - 0.5) / 100, (count + 0.5) / 100
            yield Query(name, key, "bin", "ratio", people, *ends, everybody)
        elif count != len(people):
            raise ValueError(f"{name} {key}: a bin is shown that {len(people)} people do not make")
        else:
            yield count_query(name, key, "bin", people, count, count)
    if value.mean is not None and value.counts:
        half = 0.5 * 10.0 ** -words.digits(value.unit)
        n = len(everybody)
        ends = (n * (value.mean - half), n * (value.mean + half))
        total = math.fsum(who.values)
        yield _sum(name, EVERY, everybody, ends, total, (Term(who.variable),), who.scale)
