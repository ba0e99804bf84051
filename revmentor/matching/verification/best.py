"""Is nothing better than the chosen pairs? As far as prices, counting or a small model can tell."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from revmentor.matching.verification.case import Case
from revmentor.matching.verification.chosen import Chosen
from revmentor.matching.verification.fortunes import Fortunes, best_pairs, compared
from revmentor.matching.verification.model import Model
from revmentor.matching.verification.prices import Prices
from revmentor.matching.verification.recount import Mask, Units

# A model of all pairs that may be made is solved up to so many of them, and of those with a
# column for each level of service up to so many times levels.
MOST_LISTED, MOST_LEVELS = 3_000, 20_000


class Best:
    """Claims of a matching that is said to be optimal.

    Each check is True where the claim is proven, False where it was refuted, which is noted as a
    violation, and None where neither could be found out.
    """

    def __init__(
        self, case: Case, chosen: Chosen, prices: Prices | None, fortunes: Fortunes | None
    ) -> None:
        self.case, self.chosen, self.prices, self.fortunes = case, chosen, prices, fortunes
        self.pairs = len(chosen.i)

    def total(self) -> bool | None:
        """Is no matching worth more, of those as good in what comes first?"""
        objective = self.chosen.objective
        if self.prices is not None and self.prices.bound == objective:
            return True
        pairs = self._listed if self.prices is None else self.prices.open
        if pairs is None or not self._few(pairs, self._levels):
            return None
        model = model_of_all(self.case, *pairs, self.prices)
        if self.case.problem.objective == "participation":
            model.keep_sum(np.ones(len(model.i), np.int64), self.pairs, None)
        for level, many in self._levels:
            self._serve(model, level, many)
        worth = self.case.worth(model.i, model.j)
        solved = model.solve(worth)
        if solved.made is not None and self._as_fair(model, solved.made):
            found = sum(worth[solved.made].tolist())
            if found > objective:
                self.case.fail(f"another matching is worth {self.case.points(found)}")
                return False
        return True if solved.bound < objective + 0.5 else None

    def most_pairs(self) -> bool | None:
        """Has no matching more pairs?"""
        if self.prices is not None and self.prices.proves_most_pairs:
            return True
        if self.pairs >= self._countable() or self._listed is None:
            return True if self.pairs >= self._countable() else None
        model = model_of_all(self.case, *self._listed)
        solved = model.solve(np.ones(len(model.i), np.int64))
        if solved.made is not None and np.count_nonzero(solved.made) > self.pairs:
            self.case.fail(f"another matching has {np.count_nonzero(solved.made)} pairs")
            return False
        return True if solved.bound < self.pairs + 0.5 else None

    def _countable(self) -> int:
        """No matching has more pairs: by places, waves and conditions that count all pairs."""
        case = self.case
        pins = len(case.pinned)
        most = [case.most_pairs + pins]
        for condition in case.conditions:
            each = int(condition.coefficient.min(initial=2**31))
            if condition.upper is not None and 0 < each < 2**31:
                most.append(condition.upper // each)
        if case.waves is not None and None not in case.waves.at_most:
            most.append(sum(limit or 0 for limit in case.waves.at_most))
        return min(most)

    def most_served(self) -> bool | None:
        """Does no matching serve more people?"""
        assert self.fortunes is not None
        if self.fortunes.most_proven:
            return True
        return self._more_served(0, (), "another matching serves {} people")

    def best_worst(self) -> bool | None:
        """Is no matching that serves as many better for the worst off?"""
        assert self.fortunes is not None
        if self.fortunes.worst_proven:
            return True
        words = "another matching serves {} people, all better than the worst off here"
        fewer = self.fortunes.served - 1
        return self._more_served(self.fortunes.worst, self._levels[:1], words, fewer)

    def best_order(self) -> bool | None:
        """Is no matching better for the next worst off, and so on?"""
        assert self.fortunes is not None
        best = self.fortunes.best
        if np.all(best >= self.case.second.largest):
            return True
        words = "another matching serves {} people better than one of the worse off here"
        found: list[bool | None] = []
        for k in range(len(self._levels)):
            level = self._levels[k][0]
            found.append(self._more_served(level, self._levels[: k + 1], words))
            if not found[-1]:
                break
        return next((one for one in found if one is not True), True)

    @cached_property
    def _levels(self) -> list[tuple[int, int]]:
        """Units, and how many people have as many: what another matching must reach."""
        if self.fortunes is None or not self.fortunes.served:
            return []
        best = self.fortunes.best[self.fortunes.best > 0]
        levels = np.unique(best).tolist()
        if self.case.problem.objective == "max_min":
            levels = levels[:1]
        return [(level, int(np.count_nonzero(best >= level))) for level in levels]

    def _more_served(
        self,
        level: int,
        keep: list[tuple[int, int]] | tuple[()],
        words: str,
        than: int | None = None,
    ) -> bool | None:
        """Can more people have more than so many units, if others keep their level?

        More than so many people, or else than have it now.
        """
        assert self.fortunes is not None
        pairs = self._listed
        if pairs is None or not self._few(pairs, [*keep, (0, 0)]):
            return None
        now = int(np.count_nonzero(self.fortunes.best > level)) if than is None else than
        model = model_of_all(self.case, *pairs)
        for at, many in keep:
            self._serve(model, at, many)
        columns = self._serve(model, level + 1, 0)
        solved = model.solve(np.ones(len(columns), np.int64), columns)
        if solved.made is not None:
            served = self._served(model, solved.made, level + 1)
            if served > now and all(self._served(model, solved.made, a) >= n for a, n in keep):
                self.case.fail(words.format(served))
                return False
        return True if solved.bound < now + 0.5 else None

    def _serve(self, model: Model, level: int, least: int) -> Units:
        good = self.case.second.units(model.i, model.j) >= level
        return model.serve(good & ~model.fixed, compared(self.case), least)

    def _served(self, model: Model, made: Mask, level: int) -> int:
        """How many people compared have a pair of so many units?"""
        i, j = model.i[made], model.j[made]
        units = self.case.second.units(i, j)
        nothing = np.zeros(len(i), bool)
        return int(np.count_nonzero(
            best_pairs(self.case, Chosen(i, j, units, units, nothing)) >= max(1, level)
        ))  # fmt: skip

    def _as_fair(self, model: Model, made: Mask) -> bool:
        return all(self._served(model, made, level) >= many for level, many in self._levels)

    @staticmethod
    def _few(pairs: tuple[Units, Units], levels: list[tuple[int, int]]) -> bool:
        return len(levels) < 2 or len(pairs[0]) * len(levels) <= MOST_LEVELS

    @cached_property
    def _listed(self) -> tuple[Units, Units] | None:
        return listed_pairs(self.case)


def listed_pairs(case: Case) -> tuple[Units, Units] | None:
    """All pairs that may be made beside the pins; None if they are more than a model may hold."""
    found: list[tuple[Units, Units]] = []
    many = 0
    paid = [np.full(len(at), -(2**52)) for at in case.at]
    for i, j in case.second.suspects(paid[0], paid[1]):
        for start in range(0, len(i), MOST_LISTED):
            some = slice(start, start + MOST_LISTED)
            a, b = i[some], j[some]
            fine = (case.second.units(a, b) >= case.second.least) & case.may(a, b)
            fine &= (case.left[0][a] > 0) & (case.left[1][b] > 0)
            found.append((a[fine], b[fine]))
            many += int(np.count_nonzero(fine))
            if many > MOST_LISTED:
                return None
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate([a for a, _ in found]), np.concatenate([b for _, b in found])


def model_of_all(case: Case, i: Units, j: Units, prices: Prices | None = None) -> Model:
    """A model of these pairs and the pins that keeps to all that is asked.

    With prices also to what they show of every matching that is worth more.
    """
    pins = case.places(case.inside(list(case.pins)))
    both = [np.concatenate([own, side]) for own, side in zip(pins, (i, j), strict=True)]
    model = Model(case, both[0], both[1], np.arange(len(both[0])) < len(pins[0]))
    for side, places in enumerate((case.second.capacity, case.second.demand)):
        model.keep_places(side, places, None if prices is None else prices.filled(side))
    if prices is not None:
        for condition in prices.multipliers.closely(prices.slack):
            model.keep_condition(condition)
    for condition in case.conditions:
        model.keep_condition(condition)
    if case.waves is not None:
        model.keep_waves(case.waves, case.waves.at_most)
    return model
