"""The best of all plans of a tiny problem, by plain definitions.

`Facts` say what was asked, in the words of the definitions and as it was drawn, so that what is
best is worked out without any of the project's own reading of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

Pair = tuple[int, int]
# Plans are tried all at once, as bits: so many pairs can be chosen at most.
MOST_FREE = 11


@dataclass(frozen=True, eq=False)
class Asked:
    """So many of the pairs that count, or such a share of all pairs."""

    counts: np.ndarray
    at_least: Fraction | None = None
    at_most: Fraction | None = None
    share: bool = False

    def held(self, counted: np.ndarray, pairs: np.ndarray) -> np.ndarray:
        """By plan: does it hold, with so many pairs of the kind and in all?"""
        of = pairs if self.share else np.ones_like(pairs)
        fine = np.ones(len(pairs), bool)
        for limit, sign in ((self.at_least, 1), (self.at_most, -1)):
            if limit is not None:
                fine &= sign * (counted * limit.denominator - of * limit.numerator) >= 0
        return fine


@dataclass(frozen=True, eq=False)
class Facts:
    """What is asked, by places in the lists of ids."""

    mentors: list[Any]
    mentees: list[Any]
    units: np.ndarray  # [mentor, mentee], whatever the rules say
    fine: np.ndarray  # the rules hold, waves aside
    more: np.ndarray  # priorities
    capacity: np.ndarray
    demand: np.ndarray
    per_point: int
    least: int = 1
    required: frozenset[Pair] = frozenset()
    locked: frozenset[Pair] = frozenset()
    unknown: bool = False  # a pair to make has people who are not there
    asked: tuple[Asked, ...] = ()
    waves: tuple[int | None, ...] | None = None
    free: tuple[np.ndarray, np.ndarray] = field(default=(np.zeros(0), np.zeros(0)))
    objective: str = "total"
    over: str = "mentees"

    @property
    def common(self) -> np.ndarray:
        """In which waves can each pair run, as bits?"""
        if self.waves is None:
            return np.ones(self.units.shape, np.int64)
        bits = 1 << np.arange(len(self.waves))
        both = self.free[0][:, None, :] & self.free[1][None, :, :]
        return np.asarray(both @ bits)

    @property
    def largest(self) -> int:
        """No pair is worth more units."""
        return int((self.units + self.more).max(initial=0))

    @property
    def conditional(self) -> bool:
        return bool(self.asked) or self.waves is not None


class Plans:
    """Every plan that keeps to all that is asked, and the best of them."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.made = sorted(facts.required | facts.locked)
        allowed = facts.fine & (facts.common > 0) & (facts.units >= max(1, facts.least))
        used = [np.zeros(len(places), np.int64) for places in (facts.capacity, facts.demand)]
        for pair in self.made:
            for side, who in enumerate(pair):
                used[side][who] += 1
        self.left = [facts.capacity - used[0], facts.demand - used[1]]
        open_ = (self.left[0] > 0)[:, None] & (self.left[1] > 0)[None, :]
        pairs = [(int(i), int(j)) for i, j in np.argwhere(allowed & open_)]
        self.pairs = [pair for pair in pairs if pair not in self.made]
        size = len(self.pairs)
        assert size <= 14, "too many plans"
        self.plans = (np.arange(2**size)[:, None] >> np.arange(size) & 1).astype(np.int64)
        self.plans = self.plans[self._possible()]

    def _possible(self) -> np.ndarray:
        facts, every = self.facts, [*self.pairs, *self.made]
        plans = np.hstack([self.plans, np.ones((len(self.plans), len(self.made)), np.int64)])
        fine = np.full(len(plans), not facts.unknown)
        fine &= all(
            facts.fine[pair] and facts.common[pair] for pair in facts.required - facts.locked
        )
        for side, places in ((0, facts.capacity), (1, facts.demand)):
            for person, most in enumerate(places):
                mine = [k for k, pair in enumerate(every) if pair[side] == person]
                fine &= plans[:, mine].sum(axis=1) <= most
        for asked in facts.asked:
            counts = np.array([int(asked.counts[pair]) for pair in every], np.int64)
            fine &= asked.held(plans @ counts, plans.sum(axis=1))
        if facts.waves is not None:
            fine &= self._runs(plans, every)
        return fine

    def _runs(self, plans: np.ndarray, every: list[Pair]) -> np.ndarray:
        """Hall's condition: pairs confined to some waves are no more than those waves hold."""
        assert self.facts.waves is not None
        whole = 2 ** len(self.facts.waves) - 1
        common = np.array([int(self.facts.common[pair]) or whole for pair in every], np.int64)
        fine = np.ones(len(plans), bool)
        for some in range(1, whole + 1):
            limits = [most for w, most in enumerate(self.facts.waves) if some >> w & 1]
            if None not in limits:
                confined = (common & ~some) == 0
                fine &= plans[:, confined].sum(axis=1) <= sum(int(most or 0) for most in limits)
        return fine

    def worths(self) -> np.ndarray:
        worth = self.facts.units + self.facts.more
        made = sum(int(worth[pair]) for pair in self.made)
        return self.plans @ np.array([int(worth[p]) for p in self.pairs], np.int64) + made

    def all_keys(self) -> list[tuple[int, ...]]:
        """What the objective compares, of every plan."""
        facts, worths = self.facts, self.worths().tolist()
        if facts.objective == "total":
            return [(worth,) for worth in worths]
        if facts.objective == "participation":
            counts = self.plans.sum(axis=1).tolist()
            return list(zip(counts, worths, strict=True))
        held = np.sort(self.fortunes(), axis=1).tolist()
        if facts.objective == "leximin":
            return [(*mine, worth) for mine, worth in zip(held, worths, strict=True)]
        return [
            (len(got := [value for value in mine if value]), min(got, default=0), worth)
            for mine, worth in zip(held, worths, strict=True)
        ]

    def fortunes(self) -> np.ndarray:
        """Best pair of everybody compared: who has a place left and no pair yet."""
        facts, columns = self.facts, []
        for side, name in ((0, "mentors"), (1, "mentees")):
            if facts.over not in (name, "both"):
                continue
            for person in np.flatnonzero(self.left[side] > 0).tolist():
                if any(pair[side] == person for pair in self.made):
                    continue
                mine = [k for k, pair in enumerate(self.pairs) if pair[side] == person]
                units = np.array([int(facts.units[self.pairs[k]]) for k in mine], np.int64)
                columns.append((self.plans[:, mine] * units).max(axis=1, initial=0))
        return np.stack(columns, axis=1) if columns else np.zeros((len(self.plans), 0), np.int64)

    def best(self) -> tuple[int, ...] | None:
        return max(self.all_keys(), default=None)

    def key_of(self, chosen: set[Pair]) -> tuple[int, ...] | None:
        """The key of one plan; None if it is none of the possible."""
        if not set(self.made) <= chosen or not chosen <= {*self.made, *self.pairs}:
            return None
        row = np.array([pair in chosen for pair in self.pairs], np.int64)
        found = np.flatnonzero((self.plans == row).all(axis=1))
        return self.all_keys()[int(found[0])] if len(found) else None
