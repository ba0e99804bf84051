"""How is less told? A count becomes a range, then nothing; an estimate loses n, then everything.

Mean, interval, n and extremes are one disclosure: what is withheld is withheld together.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from statsmodels.stats.proportion import proportion_confint

from revmentor import words
from revmentor.disclosure.counts import NOT_SHOWN, Count, Disclosed, DisclosedCounts
from revmentor.disclosure.estimates import (
    DisclosedDistribution,
    DisclosedEstimate,
    DisclosedEstimates,
)
from revmentor.disclosure.members import (
    Counted,
    Estimated,
    Group,
    Key,
    Members,
    Spread,
)
from revmentor.people import People

AS_RANGE, OPEN, GONE = 1, 2, 3
NOTE = "ranges stand where a number, with others of this or an earlier report, would give away more"


@dataclass
class Hidden:
    """What is told less of: groups by level, and values withheld.

    Of a group is told a range (`AS_RANGE`), no number (`OPEN`), or nothing whatever (`GONE`).
    """

    levels: dict[People, int] = field(default_factory=dict)
    withheld: set[tuple[str, Key]] = field(default_factory=set)

    def level(self, people: People) -> int:
        """How much less is told of this group?"""
        return self.levels.get(people, 0)


def weaken(name: str, value: Disclosed, who: Members, hidden: Hidden) -> Disclosed:
    """The value with less told: about groups, and of what is withheld.

    Parameters
    ----------
    name : str
        Name of the value, as in `hidden.withheld`.
    value : Disclosed
        As it would be shown by itself.
    who : Members
        Who stands behind it.
    hidden : Hidden
    """
    match value, who:
        case DisclosedCounts(), Counted():
            return _counts(value, who, hidden)
        case DisclosedEstimates(), Estimated():
            changed = tuple(
                _estimate(each, who.groups.get(key), (name, key) in hidden.withheld, hidden)
                for key, each in zip(value.keys, value.estimates, strict=True)
            )
            return value.model_copy(update={"estimates": changed})
        case DisclosedEstimate(), Estimated():
            gone = any((name, key) in hidden.withheld for key in who.groups)
            for group in who.groups.values():
                value = _estimate(value, group, gone, hidden)
            return value
        case DisclosedDistribution(), Spread():
            gone = any(of == name for of, _ in hidden.withheld)
            return _distribution(value, who, gone, hidden)
    return value


def range_of(value: int, minimum: int) -> tuple[int, int]:
    """Which range stands for a number: as wide as the minimum, from a multiple of it on.

    >>> range_of(118, 5), range_of(5, 5)
    ((115, 119), (5, 9))
    """
    low = value // minimum * minimum
    return low, low + minimum - 1


def _count(count: Count, level: int, minimum: int) -> Count:
    if not level:
        return count
    if level == GONE:
        return Count(value=None, low=0, high=None, text=NOT_SHOWN)
    if level == OPEN or count.value is None or count.value < minimum:
        return Count(value=None, low=min(1, count.low), high=None, text=NOT_SHOWN)
    low, high = range_of(count.value, minimum)
    text = f"{words.number(low)} to {words.number(high)}"
    return Count(value=None, low=low, high=high, text=text)


def _counts(value: DisclosedCounts, who: Counted, hidden: Hidden) -> DisclosedCounts:
    guarded = [column for column in value.columns if column not in value.open_columns]

    def level(rows: tuple[str, ...], columns: list[str]) -> int:
        people = frozenset[str]().union(*(who.at(row, name) for row in rows for name in columns))
        return hidden.level(people) if people else 0

    def changed(count: Count, rows: tuple[str, ...], columns: list[str]) -> Count:
        return _count(count, level(rows, columns), value.minimum)

    cells = tuple(
        tuple(
            changed(count, (row,), [column]) if column in guarded else count
            for column, count in zip(value.columns, counts, strict=True)
        )
        for row, counts in zip(value.rows, value.cells, strict=True)
    )
    by_row = zip(value.rows, value.row_totals, strict=False)
    by_column = zip(value.columns, value.column_totals, strict=False)
    update = {
        "cells": cells,
        "row_totals": tuple(changed(count, (row,), guarded) for row, count in by_row),
        "column_totals": tuple(
            changed(count, value.rows, [column]) if column in guarded else count
            for column, count in by_column
        ),
        "total": value.total and changed(value.total, value.rows, guarded),
    }
    found = value.model_copy(update=update)
    if found == value:
        return value
    note = f"{value.note}; {NOTE}" if value.note else NOTE
    return found.model_copy(update={"note": note})


def _withheld(value: DisclosedEstimate) -> DisclosedEstimate:
    return DisclosedEstimate(
        minimum=value.minimum,
        state="withheld",
        unit=value.unit,
        of=value.of,
        method=value.method,
        reason="" if value.state != "not computed" else value.reason,
    )


def _estimate(
    value: DisclosedEstimate, who: Group | None, gone: bool, hidden: Hidden
) -> DisclosedEstimate:
    if who is None or value.state == "withheld":
        return value
    of_n = hidden.level(who.people)
    having = who.having if who.having is not None else who.people
    of_count = max(hidden.level(having), hidden.level(who.rest))
    gone = gone or GONE in (of_n, of_count)
    if value.state == "small group":
        gone = gone or of_n > 0
    if value.state in ("few", "nearly all"):
        gone = gone or (who.having is not None and of_count > 0)
    if gone:
        return _withheld(value)
    update: dict[str, object] = {}
    if who.having is not None and of_count:
        update["count"] = None
    if of_n and value.n is not None:
        low, high = range_of(value.n, value.minimum)
        told = value.minimum if of_n == OPEN else low
        update |= {"n": None, "count": None, "n_low": told}
        update["n_high"] = None if of_n == OPEN else high
        update |= _ends_without_n(value, told)
    return value.model_copy(update=update) if update else value


def _ends_without_n(value: DisclosedEstimate, low: int) -> dict[str, object]:
    """Bounds and Wilson's interval as the smallest n in the range gives them.

    Wilson's interval of a share tells n; with the smallest n it is a little wider than it need be.
    """
    small = value.minimum - 1
    if value.state == "few":
        return {"bound": words.as_shown(small / low, value.unit)}
    if value.state == "nearly all":
        return {"bound": words.as_shown((low - small) / low, value.unit)}
    if value.low is None or value.value is None or "Wilson" not in value.method:
        return {}
    ends = proportion_confint(value.value * low, low, alpha=0.05, method="wilson")
    least, most = (words.as_shown(min(1.0, max(0.0, float(end))), "share") for end in ends)
    return {"low": min(least, value.value), "high": max(most, value.value)}


def _distribution(
    value: DisclosedDistribution, who: Spread, gone: bool, hidden: Hidden
) -> DisclosedDistribution:
    if value.n is None:
        return value
    ids = who.values.index.astype(str)
    level = hidden.level(frozenset(ids))
    ends = zip(value.edges, value.edges[1:], strict=False)
    for low, high in ends:
        last = high == value.edges[-1]
        inside = (who.values >= low - 1e-9) & ((who.values < high - 1e-9) | last)
        of_bin = hidden.level(frozenset(ids[inside]))
        level = max(level, of_bin if of_bin == GONE else min(AS_RANGE, of_bin))
    if gone or level == GONE:
        return DisclosedDistribution(
            minimum=value.minimum, step=value.step, unit=value.unit, of=value.of, reason=NOT_SHOWN
        )
    if not level:
        return value
    least, most = range_of(value.n, value.minimum)
    return value.model_copy(
        update={
            "n": None,
            "n_low": least if level == AS_RANGE else value.minimum,
            "n_high": most if level == AS_RANGE else None,
            "in_percent": True,
            "counts": tuple(round(100 * count / value.n) for count in value.counts),
        }
    )
