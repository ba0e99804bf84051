"""Could any other choice of pairs do better? A model of this check's own, where pairs are few.

It is solved by HiGHS through scipy, whose arithmetic is in double precision: what it finds is
counted again exactly, what it rules out is a second opinion and not a proof to the last unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from revmentor.matching.conditions import Condition
from revmentor.matching.verification.case import Case
from revmentor.matching.verification.recount import Mask, Units, WaveLimits

# Branch and bound gives up after so many nodes, whatever the machine.
MOST_NODES = 5_000


@dataclass(frozen=True, eq=False)
class Solved:
    """What a model found.

    Parameters
    ----------
    made : array of bool or None
        The chosen pairs, which keep to everything, counted exactly; None: none found.
    bound : float
        Nothing is worth more; infinite where that is not known, below 0 infinite if nothing is
        possible.
    """

    made: Mask | None
    bound: float

    @property
    def impossible(self) -> bool:
        """Does no choice keep to everything?"""
        return self.bound == -math.inf


class Model:
    """A choice among listed pairs.

    Parameters
    ----------
    case : Case
    i, j : array of int
        Pairs, each once.
    fixed : array of bool
        Which of them must be made.
    """

    def __init__(self, case: Case, i: Units, j: Units, fixed: Mask) -> None:
        self.case, self.i, self.j, self.fixed = case, i, j, fixed
        self._size = len(i)
        self._whole = [np.ones(len(i))]
        self._high = [np.ones(len(i))]
        self._rows: list[tuple[Units, Units, float, float]] = []
        self._limits: list[tuple[Units, int | None, int | None]] = []
        self._places: list[tuple[Units, int]] = []
        self._waves: tuple[WaveLimits, tuple[int | None, ...]] | None = None

    def _row(self, columns: Units, values: Units, low: float, high: float) -> None:
        self._rows.append((columns, values, low, high))

    def _more(self, many: int, whole: bool, high: float) -> Units:
        """New columns."""
        self._whole.append(np.full(many, float(whole)))
        self._high.append(np.full(many, high))
        self._size += many
        return np.arange(self._size - many, self._size)

    def keep_sum(self, values: Units, low: int | None, high: int | None) -> None:
        """Keep a sum over the chosen pairs within bounds."""
        self._limits.append((values, low, high))
        ends = -np.inf if low is None else low, np.inf if high is None else high
        self._row(np.arange(len(self.i)), values, *ends)

    def keep_places(self, side: int, places: Units, filled: Units | None = None) -> None:
        """Keep within the places of mentors (0) or mentees (1), so many of them filled."""
        for person, mine in by_person((self.i, self.j)[side]):
            least = 0 if filled is None else int(filled[person])
            if len(mine) > places[person] or least:
                self._places.append((mine, int(places[person])))
                self._row(mine, np.ones(len(mine), np.int64), least, int(places[person]))

    def keep_condition(self, condition: Condition) -> None:
        """Keep to a condition."""
        self.keep_sum(condition.at(self.i, self.j), condition.lower, condition.upper)

    def keep_waves(self, waves: WaveLimits, at_most: Sequence[int | None]) -> None:
        """Run every pair in a wave; those without a common one in any."""
        self._waves = waves, tuple(at_most)
        open_to = waves.open_to(self.i, self.j)
        running: dict[int, list[int]] = {}
        for pattern in np.unique(open_to).tolist():
            free = [w for w in range(len(at_most)) if pattern >> w & 1]
            if any(at_most[w] is None for w in free):
                continue
            here = np.flatnonzero(open_to == pattern)
            flow = self._more(len(free), False, np.inf)
            for column, w in zip(flow.tolist(), free, strict=True):
                running.setdefault(w, []).append(column)
            both = np.concatenate([here, flow])
            self._row(both, np.repeat([1, -1], [len(here), len(flow)]), 0, 0)
        for w, columns in running.items():
            self._row(np.array(columns), np.ones(len(columns), np.int64), -np.inf, at_most[w] or 0)

    def serve(self, good: Mask, counts: Sequence[Mask], least: int = 0) -> Units:
        """Columns of people compared who have a good pair; at least so many of them."""
        columns = []
        for who, side in zip((self.i, self.j), counts, strict=True):
            which = np.flatnonzero(good & side[who])
            people = list(by_person(who[which]))
            new = self._more(len(people), True, 1.0)
            for (_, mine), column in zip(people, new.tolist(), strict=True):
                both = np.append(which[mine], column)
                self._row(both, np.append(np.ones(len(mine), np.int64), -1), 0, np.inf)
            columns.append(new)
        found = np.concatenate(columns)
        if least:
            self._row(found, np.ones(len(found), np.int64), least, np.inf)
        return found

    def solve(self, gain: Units, columns: Units | None = None) -> Solved:
        """The choice with the largest sum of gains.

        Parameters
        ----------
        gain : array of int
        columns : array of int, optional
            What the gains are of; all pairs without it.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp  # only now: it loads slowly
        from scipy.sparse import coo_array

        if not self._size:
            fine = all((low or 0) <= 0 <= (0 if high is None else high)
                       for _, low, high in self._limits)  # fmt: skip
            fine &= all(low <= 0 <= high for *_, low, high in self._rows)
            return Solved(np.zeros(0, bool), 0.0) if fine else Solved(None, -math.inf)
        cost = np.zeros(self._size)
        cost[np.arange(len(self.i)) if columns is None else columns] = -gain.astype(float)
        low = np.zeros(self._size)
        low[: len(self.i)] = self.fixed
        constraints = []
        if self._rows:
            lengths = [len(row[0]) for row in self._rows]
            entries = (
                np.concatenate([row[1] for row in self._rows]).astype(float),
                (
                    np.repeat(np.arange(len(lengths)), lengths),
                    np.concatenate([row[0] for row in self._rows]),
                ),
            )
            table = coo_array(entries, shape=(len(lengths), self._size)).tocsr()
            ends = [np.array([row[k] for row in self._rows], float) for k in (2, 3)]
            constraints = [LinearConstraint(table, *ends)]
        found = milp(
            cost,
            integrality=np.concatenate(self._whole),
            bounds=Bounds(low, np.concatenate(self._high)),
            constraints=constraints,
            options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES},
        )
        if found.status == 2:
            return Solved(None, -math.inf)
        bound = math.inf if found.mip_dual_bound is None else -float(found.mip_dual_bound)
        made = None if found.x is None else np.asarray(found.x[: len(self.i)] > 0.5)
        if made is not None and not self.keeps(made):
            made = None
        return Solved(made, bound)

    def keeps(self, made: Mask) -> bool:
        """Does a choice keep to everything but service? Counted exactly."""
        if np.any(self.fixed & ~made):
            return False
        for values, low, high in self._limits:
            total = sum(values[made].tolist())
            if (low is not None and total < low) or (high is not None and total > high):
                return False
        if any(np.count_nonzero(made[mine]) > most for mine, most in self._places):
            return False
        return self._waves is None or wave_room(*self._waves, self.i[made], self.j[made])


def by_person(who: Units) -> Iterator[tuple[int, Units]]:
    """Each person who occurs, and where."""
    if not len(who):
        return
    order = np.argsort(who, kind="stable")
    people, start = np.unique(who[order], return_index=True)
    yield from zip(people.tolist(), np.split(order, start[1:]), strict=True)


def wave_room(waves: WaveLimits, at_most: Sequence[int | None], i: Units, j: Units) -> bool:
    """Can these pairs all run? Every set of waves must hold the pairs that can run only there.

    That is enough (Hall's theorem).
    """
    patterns, many = np.unique(waves.open_to(i, j), return_counts=True)
    for chosen in range(1, 1 << len(at_most)):
        limits = [most for w, most in enumerate(at_most) if chosen >> w & 1]
        if None not in limits:
            inside = int(many[(patterns & ~chosen) == 0].sum())
            if inside > sum(most or 0 for most in limits):
                return False
    return True
