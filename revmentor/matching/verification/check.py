"""Is a matching what it says it is? A second opinion that trusts nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from revmentor.matching.problem import GivenSource, Id, Problem
from revmentor.matching.result import Certificate, Matching
from revmentor.matching.verification.recount import (
    GivenRecount,
    Priorities,
    Recount,
    Units,
    any_of,
    places_of,
)
from revmentor.matching.verification.verdict import VerificationError, Verified

# Pairs are looked at exactly so many at a time.
PAIRS = 1 << 16


def verify(problem: Problem, m: Matching) -> Verified:
    """Recompute every score, rule, place, the objective, and the proof over all pairs.

    It rereads what the problem was made of and shares no code with the solver but data types; of
    the solver's work it takes the matching, and the prices, which prove themselves.

    Returns
    -------
    Verified
        objective and bound.

    Raises
    ------
    VerificationError
        With every violation found.

    >>> from revmentor.matching import solve
    >>> problem = Problem.from_scores([[0.5, 0.9], [0.8, 0.7]])
    >>> verify(problem, solve(problem))
    Verified(objective=1.7, bound=1.7)
    """
    check = _Check(problem, second_opinion(problem), m)
    if m.status in ("infeasible", "none"):
        check.without_plan()
    else:
        check.people()
        check.chosen()
        check.prices()
        check.totals()
        check.violations += check.second.complaints()
    if check.violations:
        raise VerificationError(check.violations)
    if m.objective_units is None or m.bound_units is None:
        return Verified(float("nan"), float("nan"))
    return Verified(check.points(check.objective), check.points(check.bound))


def second_opinion(problem: Problem) -> Recount:
    """The scores and rules of a problem, worked out anew from what it was made of."""
    if isinstance(problem.source, GivenSource):
        return GivenRecount(problem.source, problem.waves)
    # Only now: given scores can be verified without loading what reads tables.
    from revmentor.matching.verification.tables import TableRecount

    return TableRecount(problem.source)


class _Check:
    """Collects violations."""

    def __init__(self, problem: Problem, second: Recount, m: Matching) -> None:
        self.problem, self.second, self.m = problem, second, m
        self.violations: list[str] = []
        self.objective = 0
        self.bound = 0
        self.at = [
            {who: k for k, who in enumerate(ids)} for ids in (second.mentors, second.mentees)
        ]
        self.priorities = Priorities(problem, second.mentors, second.mentees)
        self.pins = {(pin.mentor_id, pin.mentee_id): pin.kind for pin in problem.pins}
        for kind in ("lock", "require"):
            for pair in sorted(second.pinned.get(kind, ()), key=str):
                if self.pins.get(pair) not in ("lock", kind):
                    self.fail(f"the problem does not {kind} the pair {pair[0]} with {pair[1]}")
        self.price = np.zeros(len(second.mentors), np.int64)
        self.mentee_price = np.zeros(len(second.mentees), np.int64)
        self.pinned = self._key(*self._places(self._inside(list(self.pins))))
        # Pairs with a price of their own, ascending, and that price.
        self.dearer = np.empty(0, np.int64)
        self.pair_price = np.empty(0, np.int64)

    def points(self, units: int) -> float | int:
        """Units in the unit of the scores."""
        return units if self.second.per_point == 1 else units / self.second.per_point

    def fail(self, violation: str) -> None:
        """Note a violation."""
        self.violations.append(violation)

    def without_plan(self) -> None:
        """No pairs; and if infeasible, pinned pairs that cannot all be made."""
        if len(self.m.pairs) or self.m.objective_units is not None or self.m.certificate:
            self.fail(f"the status is {self.m.status}, but there are pairs or a total or prices")
        if self.m.status == "infeasible" and not self._conflict():
            self.fail("the status is infeasible, but the required pairs can all be made")

    def _conflict(self) -> bool:
        for side, places in enumerate((self.second.capacity, self.second.demand)):
            for who, count in Counter(pair[side] for pair in self.pins).items():
                if who not in self.at[side] or count > places[self.at[side][who]]:
                    return True
        required = [pair for pair, kind in self.pins.items() if kind == "require"]
        return any(mask.any() for mask in self.second.broken(*self._places(required)).values())

    def _places(self, pairs: list[tuple[Id, Id]]) -> tuple[Units, Units]:
        i = np.array([self.at[0][mentor] for mentor, _ in pairs], np.int64)
        return i, np.array([self.at[1][mentee] for _, mentee in pairs], np.int64)

    def _inside(self, pairs: list[tuple[Id, Id]]) -> list[tuple[Id, Id]]:
        """Those of the pairs whose people are in the pool."""
        return [pair for pair in pairs if pair[0] in self.at[0] and pair[1] in self.at[1]]

    def people(self) -> None:
        """Ids, repeats, places, pinned pairs, order, and who is unmatched."""
        listed = self._listed()
        order = [(mentee, mentor) for mentor, mentee in listed]
        if order != sorted(order):
            self.fail("the pairs are not sorted by mentee and mentor")
        for pair, count in Counter(listed).items():
            if count > 1:
                self.fail(f"pair {pair[0]} with {pair[1]} is listed {count} times")
        for pair in sorted(self.pins.keys() - set(listed), key=str):
            kind = {"require": "required", "lock": "locked"}[self.pins[pair]]
            self.fail(f"{kind} pair {pair[0]} with {pair[1]} is not made")
        for side, places, at, ids in (
            ("mentor", self.second.capacity, self.at[0], [mentor for mentor, _ in listed]),
            ("mentee", self.second.demand, self.at[1], [mentee for _, mentee in listed]),
        ):
            used = Counter(ids)
            for who, count in used.items():
                if who not in at:
                    self.fail(f"{who} is not a {side} of the pool")
                elif count > places[at[who]]:
                    self.fail(f"{side} {who} is in {count} pairs and has {places[at[who]]} places")
            of_side = self.m.unmatched["side"] == side
            if sorted(self.m.unmatched["person_id"][of_side], key=str) != sorted(
                (who for who in at if who not in used), key=str
            ):
                self.fail(f"the unmatched {side}s are not those without a pair")

    def _listed(self) -> list[tuple[Id, Id]]:
        return list(zip(self.m.pairs["mentor_id"], self.m.pairs["mentee_id"], strict=True))

    def chosen(self) -> None:
        """Score and rules of every chosen pair, and the conditions on all together."""
        scored = zip(self._listed(), self.m.pairs["score"].tolist(), strict=True)
        known = {pair: score for pair, score in scored
                 if pair[0] in self.at[0] and pair[1] in self.at[1]}  # fmt: skip
        i, j = self._places(list(known))
        units = self.second.units(i, j)
        masks = self.second.broken(i, j)
        self.objective = sum((units + self.priorities.at(i, j)).tolist())
        out = any_of(masks, len(i)).tolist()
        for k, (pair, score) in enumerate(known.items()):
            names, pin, found = f"pair {pair[0]} with {pair[1]}", self.pins.get(pair), int(units[k])
            if out[k] and pin != "lock":
                broken = ", ".join(rule for rule, mask in masks.items() if mask[k])
                self.fail(f"{names} breaks {broken}")
            elif found < self.second.least and pin is None:
                self.fail(f"{names} scores under the minimum")
            if score != self.points(found):
                self.fail(f"{names} scores {self.points(found)}, not {score}")
        at = [places_of(side.ids) for side in (self.problem.mentors, self.problem.mentees)]
        pairs = [np.array([at[side][pair[side]] for pair in known], np.int64) for side in (0, 1)]
        for condition in self.problem.conditions:
            if not condition.holds(total := condition.total(*pairs)):
                self.fail(f"the condition {condition.name} does not hold: its sum is {total}")

    def prices(self) -> None:
        """What the prices prove, and whether they cover every other pair."""
        self._read_prices(self.m.certificate)
        mentors, mentees = len(self.price), len(self.mentee_price)
        more = self.priorities.most(mentors, mentees)
        worst = np.zeros((3, mentees), np.int64)
        for i, j in self.second.suspects(self.price - more[0], self.mentee_price - more[1]):
            for start in range(0, len(i), PAIRS):
                some = slice(start, start + PAIRS)
                self._cover(i[some], j[some], worst)
        for k in np.flatnonzero(worst[0]).tolist():
            count, short, mentor = worst[:, k].tolist()
            self.fail(
                f"the prices do not cover {count} pairs of mentee {self.second.mentees[k]}, the "
                f"worst with {self.second.mentors[mentor]} by {short} units"
            )

    def _cover(self, i: Units, j: Units, worst: Units) -> None:
        """By mentee: how many pairs are not covered, and the worst of them."""
        units = self.second.units(i, j)
        short = units + self.priorities.at(i, j) - self.price[i] - self.mentee_price[j]
        at = np.flatnonzero((short > 0) & (units >= self.second.least))
        i, j, short = i[at], j[at], short[at]
        key = self._key(i, j)
        _, place, known = np.intersect1d(key, self.dearer, True, return_indices=True)
        short[place] -= self.pair_price[known]
        short[np.isin(key, self.pinned) | any_of(self.second.broken(i, j), len(i))] = 0
        at = np.flatnonzero(short > 0)
        at = at[np.lexsort((i[at], -short[at], j[at]))]
        mentee, first, count = np.unique(j[at], return_index=True, return_counts=True)
        worst[0, mentee] += count
        more = short[at[first]] > worst[1, mentee]
        worst[1, mentee[more]] = short[at[first[more]]]
        worst[2, mentee[more]] = i[at[first[more]]]

    def _key(self, i: Units, j: Units) -> Units:
        """Pairs as single numbers."""
        return i * len(self.second.mentees) + j

    def _read_prices(self, certificate: Certificate | None) -> None:
        if certificate is None:
            self.fail("there is no certificate")
            return
        prices: list[dict[Any, int]] = [
            side.to_dict() for side in (certificate.mentor, certificate.mentee)
        ]
        extra = certificate.pair
        if any(found.keys() != at.keys() for found, at in zip(prices, self.at, strict=True)):
            self.fail("the certificate does not price exactly the people of the pool")
            return
        if min([*prices[0].values(), *prices[1].values(), *extra["price"]], default=0) < 0:
            self.fail("the certificate has a negative price")
        self.price, self.mentee_price = (
            np.array([found[who] for who in at], np.int64)
            for found, at in zip(prices, self.at, strict=True)
        )
        listed = {
            (mentor, mentee): int(price) for mentor, mentee, price in extra.itertuples(index=False)
        }
        if len(listed) < len(extra):
            self.fail("the certificate prices a pair twice")
        known = self._inside(list(listed))
        key = self._key(*self._places(known))
        order = np.argsort(key)
        self.dearer = key[order]
        self.pair_price = np.array([listed[pair] for pair in known], np.int64)[order]
        for side, all_places, price in (
            (0, self.second.capacity, self.price), (1, self.second.demand, self.mentee_price)
        ):  # fmt: skip
            left = all_places.copy()
            for pair in self.pins:
                if pair[side] in self.at[side]:
                    left[self.at[side][pair[side]]] -= 1
            self.bound += sum(a * b for a, b in zip(left.tolist(), price.tolist(), strict=True))
        i, j = self._places(self._inside(list(self.pins)))
        self.bound += sum((self.second.units(i, j) + self.priorities.at(i, j)).tolist())
        self.bound += sum(int(price) for price in extra["price"])

    def totals(self) -> None:
        """Objective, bound, gap and status, against what was recomputed."""
        m = self.m
        if m.objective_units != self.objective or m.objective != self.points(self.objective):
            self.fail(f"the objective is {self.points(self.objective)}, not {m.objective}")
        if m.bound_units != self.bound or m.bound != self.points(self.bound):
            self.fail(f"the prices prove a bound of {self.points(self.bound)}, not {m.bound}")
        if self.bound < self.objective:
            self.fail("the bound is below the objective")
        if (m.status == "optimal") != (self.bound == self.objective):
            self.fail(f"the status is {m.status}, but the gap is {self.bound - self.objective}")
