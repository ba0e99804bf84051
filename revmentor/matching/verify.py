"""Is a matching what it says it is? A second opinion that trusts nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import numpy as np

from revmentor.errors import SolverError
from revmentor.matching.problem import GivenSource, Id, Problem
from revmentor.matching.recount import GivenRecount, Recount, Row
from revmentor.matching.recount_tables import TableRecount
from revmentor.matching.result import Certificate, Matching

SHOWN = 20


class VerificationError(SolverError):
    """A matching is not what it says; lists every violation found."""

    def __init__(self, violations: list[str]) -> None:
        self.violations = tuple(violations)
        shown = [f"  {violation}" for violation in violations[:SHOWN]]
        if len(violations) > SHOWN:
            shown.append(f"  and {len(violations) - SHOWN} more")
        count = f"{len(violations)} violation{'' if len(violations) == 1 else 's'}"
        super().__init__("\n".join([f"the matching does not hold, {count}:", *shown]))


class Verified(NamedTuple):
    """Objective and bound as recomputed, in the unit of the scores; nan without a plan."""

    objective: float | int
    bound: float | int


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
    source = problem.source
    second: Recount = (
        GivenRecount(source) if isinstance(source, GivenSource) else TableRecount(source)
    )
    check = _Check(second, m)
    if m.status in ("infeasible", "none"):
        check.without_plan()
    else:
        check.people()
        for mentee in range(len(second.mentees)):
            check.mentee(mentee, second.row(mentee))
        check.totals()
        check.violations += second.complaints()
    if check.violations:
        raise VerificationError(check.violations)
    if m.objective_units is None or m.bound_units is None:
        return Verified(float("nan"), float("nan"))
    return Verified(check.points(check.objective), check.points(check.bound))


class _Check:
    """Collects violations while the pairs of one mentee after the other go by."""

    def __init__(self, second: Recount, m: Matching) -> None:
        self.second = second
        self.m = m
        self.violations: list[str] = []
        self.objective = 0
        self.bound = 0
        self.chosen: dict[Id, dict[Id, float]] = {}
        self.pinned: dict[Id, set[Id]] = {}
        for mentor, mentee in second.required:
            self.pinned.setdefault(mentee, set()).add(mentor)
        self.at = {who: k for k, who in enumerate(second.mentors)}
        self.price = np.zeros(len(second.mentors), np.int64)
        self.mentee_price: dict[Id, int] = {}
        self.pair_price: dict[Id, dict[Id, int]] = {}

    def points(self, units: int) -> float | int:
        """Units in the unit of the scores."""
        return units if self.second.per_point == 1 else units / self.second.per_point

    def fail(self, violation: str) -> None:
        """Note a violation."""
        self.violations.append(violation)

    def without_plan(self) -> None:
        """No pairs; and if infeasible, required pairs that cannot all be made."""
        if len(self.m.pairs) or self.m.objective_units is not None or self.m.certificate:
            self.fail(f"the status is {self.m.status}, but there are pairs or a total or prices")
        if self.m.status == "infeasible" and not self._conflict():
            self.fail("the status is infeasible, but the required pairs can all be made")

    def _conflict(self) -> bool:
        mentors = Counter(mentor for mentor, _ in self.second.required)
        mentees = Counter(mentee for _, mentee in self.second.required)
        if any(count > self.second.capacity.get(who, -1) for who, count in mentors.items()):
            return True
        if any(count > self.second.demand.get(who, -1) for who, count in mentees.items()):
            return True
        number = {who: k for k, who in enumerate(self.second.mentees)}
        for mentor, mentee in self.second.required:
            row = self.second.row(number[mentee])
            if any(mask[self.at[mentor]] for mask in row.broken.values()):
                return True
        return False

    def people(self) -> None:
        """Ids, repeats, places, required pairs, order, and who is unmatched."""
        listed = list(zip(self.m.pairs["mentor_id"], self.m.pairs["mentee_id"], strict=True))
        if [(mentee, mentor) for mentor, mentee in listed] != sorted(
            (mentee, mentor) for mentor, mentee in listed
        ):
            self.fail("the pairs are not sorted by mentee and mentor")
        for pair, count in Counter(listed).items():
            if count > 1:
                self.fail(f"pair {pair[0]} with {pair[1]} is listed {count} times")
        for (mentor, mentee), score in zip(listed, self.m.pairs["score"], strict=True):
            self.chosen.setdefault(mentee, {})[mentor] = score
        for pair in sorted(self.second.required - set(listed), key=str):
            self.fail(f"required pair {pair[0]} with {pair[1]} is not made")
        for side, places, ids in (
            ("mentor", self.second.capacity, [mentor for mentor, _ in listed]),
            ("mentee", self.second.demand, [mentee for _, mentee in listed]),
        ):
            used = Counter(ids)
            for who, count in used.items():
                if who not in places:
                    self.fail(f"{who} is not a {side} of the pool")
                elif count > places[who]:
                    self.fail(f"{side} {who} is in {count} pairs and has {places[who]} places")
            of_side = self.m.unmatched["side"] == side
            if sorted(self.m.unmatched["person_id"][of_side], key=str) != sorted(
                (who for who in places if who not in used), key=str
            ):
                self.fail(f"the unmatched {side}s are not those without a pair")
        self._read_prices(self.m.certificate)

    def _read_prices(self, certificate: Certificate | None) -> None:
        if certificate is None:
            self.fail("there is no certificate")
            return
        prices: list[dict[Any, int]] = [
            side.to_dict() for side in (certificate.mentor, certificate.mentee)
        ]
        extra = certificate.pair
        if set(prices[0]) != set(self.at) or set(prices[1]) != set(self.second.mentees):
            self.fail("the certificate does not price exactly the people of the pool")
            return
        if min([*prices[0].values(), *prices[1].values(), *extra["price"]], default=0) < 0:
            self.fail("the certificate has a negative price")
        self.price = np.array([prices[0][who] for who in self.second.mentors], np.int64)
        self.mentee_price = prices[1]
        for mentor, mentee, price in extra.itertuples(index=False):
            self.pair_price.setdefault(mentee, {})[mentor] = int(price)
        taken = Counter(mentor for mentor, _ in self.second.required)
        for who in self.second.mentors:
            self.bound += (self.second.capacity[who] - taken[who]) * int(prices[0][who])
        for who in self.second.mentees:
            left = self.second.demand[who] - len(self.pinned.get(who, ()))
            self.bound += left * int(prices[1][who])
        self.bound += int(extra["price"].sum())

    def mentee(self, number: int, row: Row) -> None:
        """Score and rules of a mentee's pairs; and do the prices cover every other pair?"""
        mentee = self.second.mentees[number]
        pinned = self.pinned.get(mentee, set())
        may = row.units >= self.second.least
        for mask in row.broken.values():
            may &= ~mask
        for mentor, score in self.chosen.get(mentee, {}).items():
            if mentor not in self.at:
                continue
            k = self.at[mentor]
            units = int(row.units[k])
            self.objective += units
            broken = [rule for rule, mask in row.broken.items() if mask[k]]
            if broken:
                self.fail(f"pair {mentor} with {mentee} breaks {', '.join(broken)}")
            elif not may[k] and mentor not in pinned:
                self.fail(f"pair {mentor} with {mentee} scores under the minimum")
            if score != self.points(units):
                self.fail(f"pair {mentor} with {mentee} scores {self.points(units)}, not {score}")
        paid = self.price + self.mentee_price.get(mentee, 0)
        for mentor, price in self.pair_price.get(mentee, {}).items():
            if mentor in self.at:
                paid[self.at[mentor]] += price
        for mentor in pinned:
            if mentor in self.at:
                may[self.at[mentor]] = False
                self.bound += int(row.units[self.at[mentor]])
        short = np.where(may, row.units - paid, 0)
        if short.max(initial=0) > 0:
            worst = self.second.mentors[int(short.argmax())]
            self.fail(
                f"the prices do not cover {int((short > 0).sum())} pairs of mentee {mentee}, the "
                f"worst with {worst} by {int(short.max())} units"
            )

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
