"""Do chosen pairs keep to the limits that the params name? Counted a second time."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from revmentor.matching.problem import TableSource
from revmentor.matching.verification.people import Applicants, Numbers, cells
from revmentor.params.limits import SHARED, Quota


def missed(people: Applicants, source: TableSource, r: Numbers, s: Numbers) -> list[str]:
    """Limits that pairs of applicants, mentors and mentees, do not keep to."""
    limits = source.params.matching.limits
    found = [*_number("pairs", len(r), limits.pairs.at_least, limits.pairs.at_most)]
    for column in SHARED:
        asked, word = getattr(limits.shares, column), people.word[column]
        apart = int(np.count_nonzero((word[r] != word[s]) & (word[r] >= 0) & (word[s] >= 0)))
        found += _share(f"shares.{column}", apart, len(r), asked.at_least, asked.at_most)
    for quota in limits.quotas:
        name, many = f"the quota of {quota.value}", _marked(people, source, quota, r, s)
        found += _number(name, many, quota.at_least, quota.at_most)
        found += _share(name, many, len(r), quota.share_at_least, quota.share_at_most)
    return found


def _number(name: str, many: int, low: int | None, high: int | None) -> Iterator[str]:
    if low is not None and many < low:
        yield f"the limit {name} does not hold: {many} pairs, and at least {low} are asked for"
    if high is not None and many > high:
        yield f"the limit {name} does not hold: {many} pairs, and at most {high} are allowed"


def _share(
    name: str, many: int, pairs: int, low: float | None, high: float | None
) -> Iterator[str]:
    """Shares are meant to the ten-thousandth: a smallest one rounded down, a largest one up."""
    if low is not None and many * 10_000 < math.floor(round(low * 10_000, 6)) * pairs:
        yield f"the limit {name} does not hold: {many} of {pairs} pairs, and {low:g} are asked for"
    if high is not None and many * 10_000 > math.ceil(round(high * 10_000, 6)) * pairs:
        yield f"the limit {name} does not hold: {many} of {pairs} pairs, and {high:g} are allowed"


def _marked(people: Applicants, source: TableSource, quota: Quota, r: Numbers, s: Numbers) -> int:
    """How many of the pairs does a quota count?"""
    marks = np.array([
        quota.value in cell if isinstance(cell, tuple | list) else str(cell) == quota.value
        for cell in cells(source.people, quota.column)
    ], bool)[people.row]  # fmt: skip
    either = {"mentor": marks[r], "mentee": marks[s], "either": marks[r] | marks[s]}
    return int(np.count_nonzero(either.get(quota.side, marks[r] & marks[s])))
