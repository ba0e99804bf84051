"""Which pairs does a model consider, each once, or the best few of each person?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import IntArray


@dataclass(frozen=True, eq=False)
class Columns:
    """Pairs that a model considers: mentor, mentee and units of each."""

    mentor: IntArray
    mentee: IntArray
    units: IntArray

    def __len__(self) -> int:
        return len(self.mentor)

    def take(self, which: IntArray) -> Columns:
        """Some of them."""
        return Columns(self.mentor[which], self.mentee[which], self.units[which])

    @classmethod
    def none(cls) -> Columns:
        """No pairs."""
        return cls(*(np.empty(0, np.int64) for _ in range(3)))

    @classmethod
    def join(cls, parts: Sequence[Columns]) -> Columns:
        """All of several lists, one after the other."""
        if not parts:
            return cls.none()
        return cls(
            np.concatenate([part.mentor for part in parts]),
            np.concatenate([part.mentee for part in parts]),
            np.concatenate([part.units for part in parts]),
        )


def distinct(columns: Columns) -> Columns:
    """Each pair once, by mentee and then mentor."""
    width = int(columns.mentor.max(initial=0)) + 1
    return columns.take(np.unique(columns.mentee * width + columns.mentor, return_index=True)[1])


def first_few(who: IntArray, gain: IntArray, ticket: IntArray, few: int) -> IntArray:
    """Places of the `few` highest gains of each person, ties by ticket, in order of person."""
    order = np.lexsort((-ticket, -gain, who))
    owner = who[order]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]) if len(owner) else owner
    nth = np.arange(len(owner)) - np.repeat(starts, np.diff(np.r_[starts, len(owner)]))
    return order[nth < few]
