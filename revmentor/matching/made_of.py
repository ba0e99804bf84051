"""What is a problem made of: people with places, what was given, and pairs that are decided?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from revmentor.matching.arrays import IntArray
from revmentor.matching.criteria import Scoring
from revmentor.matching.intake.frames import named_pairs
from revmentor.matching.intake.pool import Pool

if TYPE_CHECKING:
    import pandas as pd

    from revmentor.params.models import Params

Id = str | int
PinKind = Literal["require", "lock"]


@dataclass(frozen=True, eq=False)
class Roster:
    """One side: ids in ascending order, and how many partners each person can have."""

    ids: tuple[Id, ...]
    places: IntArray

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class GivenSource:
    """What `Problem.from_scores` was given, as it was given; for `verify`."""

    scores: npt.NDArray[np.generic]
    eligible: npt.NDArray[np.generic] | None
    mentor_ids: tuple[Id, ...]
    mentee_ids: tuple[Id, ...]
    mentor_capacity: IntArray
    mentee_demand: IntArray


@dataclass(frozen=True, eq=False)
class TableSource:
    """What `Problem.from_tables` was given, as it was given; for `verify`."""

    people: pd.DataFrame
    applications: pd.DataFrame
    params: Params
    decisions: pd.DataFrame | None
    history: pd.DataFrame | None
    scoring: Scoring


@dataclass(frozen=True)
class Pin:
    """A pair that is made whatever else is; people not in the pool on that side are None.

    A required pair must obey the rules. A locked one, which is running, is kept whatever they say.
    """

    mentor_id: Id
    mentee_id: Id
    mentor: int | None
    mentee: int | None
    kind: PinKind = "require"

    @property
    def words(self) -> str:
        """The pair, in words."""
        kind = "required" if self.kind == "require" else "locked"
        return f"{kind} pair {self.mentor_id} (mentor) with {self.mentee_id} (mentee)"


def pins_of(decisions: pd.DataFrame | None, pool: Pool) -> tuple[Pin, ...]:
    """Locked and required pairs; one that is both is locked."""
    at = [{person: k for k, person in enumerate(s.ids)} for s in (pool.mentors, pool.mentees)]
    locked, required = (
        {(str(a), str(b)) for a, b in named_pairs(decisions, kind)} for kind in ("lock", "require")
    )
    return tuple(
        Pin(a, b, at[0].get(a), at[1].get(b), "lock" if (a, b) in locked else "require")
        for a, b in sorted(locked | required)
    )


def ascending(ids: Sequence[Id]) -> IntArray:
    """Places of ids in their own order."""
    return np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
