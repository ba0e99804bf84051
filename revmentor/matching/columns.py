"""Which pairs does a model consider?"""

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
