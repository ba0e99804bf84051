"""Do prices cover every possible circle? Looked at set by set of mentors, a second time."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from revmentor.matching.circles.recount import TRAITS, Recount
from revmentor.matching.circles.result import CirclePrices

Units = npt.NDArray[np.int64]
NEVER = -(2**52)


def uncovered(second: Recount, prices: CirclePrices, most_sets: int) -> list[str] | None:
    """Circles worth more than the prices of their people; None if there are too many to look at.

    Where participation comes first, prices are of a sum in which every seat counts for more than
    any programme's value. Its size is the solver's affair, so these prices are not checked.
    """
    check = _Prices(second, prices)
    design = second.design
    sizes = range(design.mentors.fewest, design.mentors.most + 1)
    sets = sum(math.comb(len(check.mentors), size) for size in sizes)
    if sets > most_sets or design.objective != "value":
        return None
    found = []
    for size in sizes:
        for chosen in itertools.combinations(range(len(check.mentors)), size):
            found += check.set_of(chosen)
    return found


class _Prices:
    """Everything about all people in arrays of this check's own."""

    def __init__(self, second: Recount, prices: CirclePrices) -> None:
        self.second, design = second, second.design
        # Who can be in no circle needs no price.
        self.mentors = [who for who, places in second.places["mentor"].items() if places]
        self.mentees = [who for who, places in second.places["mentee"].items() if places]
        self.circle = prices.circle
        self.mentor_price = [int(prices.mentor[who]) for who in self.mentors]
        self.mentee_price = np.array([prices.mentee[who] for who in self.mentees], np.int64)
        self.units = second.units(self.mentors, self.mentees)
        self.units[second.broken(self.mentors, self.mentees)] = NEVER
        for a, b in itertools.product(range(len(self.mentors)), range(len(self.mentees))):
            if self.units[a, b] >= 0 and second.apart(self.mentors[a], self.mentees[b]):
                self.units[a, b] = NEVER
        self.wanted, self.offered = (
            round(weight * 1e6) for weight in (design.weights.wanted, design.weights.offered)
        )
        self.mix = {name: round(getattr(design.weights, name) * 1e6) for name in TRAITS}
        self.trait = {
            name: np.array([second.trait(who, name) for who in self.mentees]) for name in TRAITS
        }
        self.wants = [second.wishes("mentee", who) for who in self.mentees]
        some = np.array([bool(wants) for wants in self.wants], bool) if self.wants else False
        known = sum(unit * (self.trait[name] >= 0) for name, unit in self.mix.items())
        self.hope = self.wanted * some + known - self.mentee_price

    def set_of(self, chosen: tuple[int, ...]) -> list[str]:
        """Circles with these mentors that the prices do not cover, one at most for each topic."""
        design, ids = self.second.design, [self.mentors[a] for a in chosen]
        base = -self.circle - sum(self.mentor_price[a] for a in chosen)
        for name, unit in self.mix.items():
            base += unit * self.second.mixed(ids, name)
        pairs = np.maximum(self.units[list(chosen)].sum(axis=0), NEVER)
        if base + self.offered * len(ids) + self._most(pairs + self.hope) <= 0:
            return []
        if any(self.second.apart(a, b) for a, b in itertools.combinations(ids, 2)):
            return []
        topics: set[str | None] = set().union(*(self.second.wishes("mentor", a) for a in ids))
        if design.least_wanting == 0:
            topics.add(None)
        found = []
        for topic in sorted(topics, key=str):
            start = base
            if topic is not None:
                start += self.offered * sum(
                    topic in self.second.wishes("mentor", who) for who in ids
                )
            excess = self._best(ids, topic, pairs, start)
            if excess > 0:
                found.append(
                    f"the prices do not cover a circle of {', '.join(ids)} about {topic}, by "
                    f"{excess} units"
                )
        return found

    def _most(self, gains: Units) -> int:
        """The most that a choice of mentees could add if nothing but their number mattered."""
        size = self.second.design.mentees
        best = np.sort(gains)[::-1][: size.most]
        if len(best) < size.fewest or (size.fewest and best[size.fewest - 1] < NEVER // 2):
            return NEVER
        return int(best[: size.fewest].sum() + np.maximum(best[size.fewest :], 0).sum())

    def _best(self, ids: list[str], topic: str | None, pairs: Units, start: int) -> int:
        """The largest excess of a circle with these mentors and this topic."""
        gains = pairs - self.mentee_price
        wanting = np.array([topic is not None and topic in wants for wants in self.wants], bool)
        gains = gains + self.wanted * wanting
        fresh: dict[str, Any] = {}
        for name, unit in self.mix.items():
            brought = {self.second.trait(who, name) for who in ids}
            fresh[name] = (self.trait[name] >= 0) & ~np.isin(self.trait[name], list(brought))
            gains = gains + unit * fresh[name]
        if start + self._most(gains) <= 0:
            return 0
        order = [int(j) for j in np.argsort(-gains, kind="stable") if gains[j] > NEVER // 2]
        enough = 0 if topic is None else max(1, self.second.design.least_wanting)
        return self._extend(order, gains, wanting, fresh, [], start, enough)

    def _extend(
        self, order: list[int], gains: Units, wanting: npt.NDArray[np.bool_],
        fresh: dict[str, Any], chosen: list[int], value: int, enough: int,
    ) -> int:  # fmt: skip
        """The largest excess of those chosen with some of the others, 0 if there is none."""
        size, best = self.second.design.mentees, 0
        if len(chosen) >= size.fewest and wanting[chosen].sum() >= enough:
            best = max(best, value)
        room = size.most - len(chosen)
        for place, j in enumerate(order):
            rest = [int(gains[k]) for k in order[place : place + room]]
            need = max(0, size.fewest - len(chosen))
            reach = sum(rest[:need]) + sum(max(0, gain) for gain in rest[need:])
            if not room or len(rest) < need or value + reach <= best:
                break
            if any(self.second.apart(self.mentees[j], self.mentees[k]) for k in chosen):
                continue
            gain = int(gains[j])
            for name, unit in self.mix.items():
                same = [k for k in chosen if self.trait[name][k] == self.trait[name][j]]
                gain -= unit * bool(fresh[name][j] and same)
            best = max(
                best,
                self._extend(order[place + 1 :], gains, wanting, fresh, [*chosen, j],
                             value + gain, enough),
            )  # fmt: skip
        return best
