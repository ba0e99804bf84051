"""Which conditions, waves and priorities do the params ask for?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from revmentor.errors import Fault, check_faults
from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.conditions import Condition, PairKind, Waves
from revmentor.matching.intake.cells import texts
from revmentor.matching.intake.pool import Pool
from revmentor.matching.scores import MILLION
from revmentor.matching.worth import GroupUnits
from revmentor.names import OTHER_LABELS
from revmentor.params.keys import suggestion
from revmentor.params.limits import SHARED, Limits, Quota

if TYPE_CHECKING:
    import pandas as pd

WHOSE = {
    "mentor": "whose mentor has",
    "mentee": "whose mentee has",
    "either": "in which somebody has",
    "both": "in which both have",
}


def conditions_of(limits: Limits, people: pd.DataFrame, pool: Pool) -> tuple[Condition, ...]:
    """The conditions on the whole match.

    Parameters
    ----------
    limits : Limits
    people : DataFrame
        As loaded; quotas go by any of its columns.
    pool : Pool

    Raises
    ------
    InputError
        For quotas by a column or a value that `people` does not have.
    """
    sides = pool.mentors, pool.mentees
    every = PairKind.every(*(len(side.ids) for side in sides))
    found: list[Condition] = []
    if limits.pairs.at_least is not None or limits.pairs.at_most is not None:
        found.append(
            every.number("pairs", "", at_least=limits.pairs.at_least, at_most=limits.pairs.at_most)
        )
    for column in SHARED:
        asked = getattr(limits.shares, column)
        kind = PairKind.joining(*(getattr(side, column) for side in sides))
        found += kind.share(
            f"share:{column}",
            f"that join two different {OTHER_LABELS[column]}",
            at_least=asked.at_least,
            at_most=asked.at_most,
        )
    check_faults(_quota_faults(limits.quotas, people))
    for number, quota in enumerate(limits.quotas):
        found += _quota(number, quota, people, pool)
    return tuple(found)


def _quota(number: int, quota: Quota, people: pd.DataFrame, pool: Pool) -> Iterator[Condition]:
    marked = set(_marked(people, quota.column, quota.value))
    marks = [
        np.fromiter((person in marked for person in side.ids), bool, len(side.ids))
        for side in (pool.mentors, pool.mentees)
    ]
    kind = PairKind.having(marks[0], marks[1], quota.side)
    label = f"{WHOSE[quota.side]} {quota.column} {quota.value}"
    name = f"quota:{number}:{quota.column}={quota.value}"
    if quota.at_least is not None or quota.at_most is not None:
        yield kind.number(name, label, at_least=quota.at_least, at_most=quota.at_most)
    yield from kind.share(
        f"{name}:share", label, at_least=quota.share_at_least, at_most=quota.share_at_most
    )


def _marked(people: pd.DataFrame, column: str, value: str) -> Iterator[str | None]:
    """Who has this value in a column, or among the items of a list there?"""
    ids = texts(people, "person_id")
    for person, cell, text in zip(ids, people[column], texts(people, column), strict=True):
        if value in cell if isinstance(cell, tuple | list) else text == value:
            yield person


def _quota_faults(quotas: tuple[Quota, ...], people: pd.DataFrame) -> Iterator[Fault]:
    for number, quota in enumerate(quotas):
        path = f"matching.limits.quotas[#{number + 1}]"
        if quota.column not in people.columns:
            yield Fault("unknown column", "the table people has no such column",
                        suggestion(quota.column, [str(name) for name in people.columns]),
                        "params", None, f"{path}.column", quota.column)  # fmt: skip
        elif next(_marked(people, quota.column, quota.value), None) is None:
            values = sorted({text for text in texts(people, quota.column) if text is not None})
            yield Fault("unknown value", f"nobody in people has this {quota.column}",
                        suggestion(quota.value, values), "params", None, f"{path}.value",
                        quota.value)  # fmt: skip


def waves_of(limits: Limits, pool: Pool) -> Waves | None:
    """The waves and who is free when; None where the params name none."""
    if not limits.waves:
        return None
    each = np.arange(len(limits.waves), dtype=np.int64)
    free: Callable[[IntArray], BoolArray] = lambda bits: (bits[:, None] >> each & 1) == 1  # noqa: E731
    return Waves(
        tuple(wave.name for wave in limits.waves),
        tuple(wave.at_most for wave in limits.waves),
        free(pool.mentors.waves),
        free(pool.mentees.waves),
    )


def waiting_units(points: float, pool: Pool) -> tuple[GroupUnits, ...]:
    """What the cycles that both people have waited add to the worth of a pair.

    Parameters
    ----------
    points : float, 0..1
        For each cycle that one of the two has waited.
    """
    each = round(points * MILLION)
    if not each:
        return ()
    groups = [np.unique(side.waited, return_inverse=True) for side in (pool.mentors, pool.mentees)]
    (mentor_cycles, mentor), (mentee_cycles, mentee) = groups
    return (GroupUnits(mentor, mentee, each * (mentor_cycles[:, None] + mentee_cycles[None, :])),)
