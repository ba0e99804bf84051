"""How many of the people compared can have so much, under conditions: a PuLP model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import FloatArray, IntArray
from revmentor.matching.columns import Columns
from revmentor.matching.constrained.formulation import NO_ROW, Formulation
from revmentor.matching.constrained.task import Task
from revmentor.matching.fairness.table import Compared


@dataclass(frozen=True)
class Floor:
    """At least `count` of the people compared have a pair with at least `level` units."""

    level: int
    count: int


class LevelFormulation(Formulation):
    """The constrained matching, with floors under people's best pairs.

    A pair is in band k if its units lie from floor k's level to below the next one's. With n[k]
    for how many people compared have their best pair in band k or higher::

        n[k] = n[k + 1] + people with one place in pairs of band k + sum of g[p, k] over p
        n[k] >= count[k]
        g[p, k] <= sum of x over the pairs of p in band k      for p with several places
        sum of g[p, k] over k <= 1

    where g[p, k] says that person p counts by a pair of band k. Whole x leave g whole: a person
    counts most by their best pair.

    Parameters
    ----------
    task : Task
    columns : Columns
        Pairs that may be chosen; their units are what is maximised.
    who : Compared
    floors : sequence of Floor
        Levels ascending, counts descending.
    counting : bool
        Maximise the people at or above the first floor instead.
    """

    def __init__(
        self,
        task: Task,
        columns: Columns,
        who: Compared,
        floors: Sequence[Floor],
        *,
        counting: bool = False,
    ) -> None:
        market = task.market
        units = market.scores.units(columns.mentor, columns.mentee)
        levels = np.array([floor.level for floor in floors], np.int64)
        self._floors = floors
        self._band = np.searchsorted(levels, units, side="right") - 1
        ends = (columns.mentor, columns.mentee)
        sides = ((who.mentors, market.mentor_places), (who.mentees, market.mentee_places))
        self._singles = np.zeros(len(columns), np.int64)
        self._several = []
        for end, (counts, places) in zip(ends, sides, strict=True):
            self._singles += (counts & (places <= 1))[end]
            self._several.append(np.where((counts & (places > 1))[end], end, -1))
        self._firsts: list[tuple[int, int, int]] = []
        if counting:
            columns = Columns(*ends, np.where(self._band >= 0, self._singles, 0))
        super().__init__(task, columns, whole=True)
        self._count(1.0 if counting else 0.0)

    def _further(self) -> Iterator[tuple[IntArray, FloatArray]]:
        """A row for every band, and one for everybody with several places in each band."""
        counts = [*(floor.count for floor in self._floors), 0]
        self._reach = np.array(
            [
                self.model.row(f"reach_{k}", "==", counts[k] - counts[k + 1])
                for k in range(len(self._floors))
            ],
            np.int64,
        )
        reach = np.append(self._reach, NO_ROW)
        yield reach[self._band], self._singles.astype(np.float64)
        bands = len(self._floors)
        for side, person in zip(("mentor", "mentee"), self._several, strict=True):
            within = (person >= 0) & (self._band >= 0)
            keys, place = np.unique(person[within] * bands + self._band[within],
                                    return_inverse=True)  # fmt: skip
            links = np.array(
                [self.model.row(f"{side}_counts_{key}", "<=", 0) for key in keys.tolist()], np.int64
            )
            rows = np.full(len(person), NO_ROW)
            rows[within] = links[place]
            yield rows, np.full(len(person), -1.0)
            once: dict[int, int] = {}
            for key, link in zip(keys.tolist(), links.tolist(), strict=True):
                who, band = divmod(key, bands)
                if who not in once:
                    once[who] = self.model.row(f"{side}_once_{who}", "<=", 1)
                self._firsts.append((link, int(self._reach[band]), once[who]))

    def _count(self, worth: float) -> None:
        """Columns for whom people with several places count by, and for n beyond the counts."""
        if self._firsts:
            self.step = 1 if worth else self.step
            rows = np.array(self._firsts)
            self.model.columns("first", np.full(len(rows), worth / self.scale), np.ones(len(rows)),
                               rows, np.ones(rows.shape), whole=False)  # fmt: skip
        if len(self._reach):
            below = np.r_[NO_ROW, self._reach[:-1]]
            size = len(self._reach)
            self.model.columns("beyond", np.zeros(size), np.full(size, np.inf),
                               np.stack([self._reach, below], axis=1),
                               np.tile([-1.0, 1.0], (size, 1)), whole=False)  # fmt: skip
