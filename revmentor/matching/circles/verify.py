"""Are circles what they say they are? A second opinion that trusts nothing."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from revmentor.matching.circles.recount import TRAITS, Recount
from revmentor.matching.circles.result import Circles
from revmentor.matching.circles.verify_prices import uncovered
from revmentor.matching.problem import Problem, TableSource
from revmentor.matching.verification import VerificationError
from revmentor.params.circles import CircleDesign

if TYPE_CHECKING:
    import pandas as pd

MILLION = 1_000_000


class VerifiedCircles(NamedTuple):
    """Objective and bound in points, and whether the prices were checked over all circles."""

    objective: float
    bound: float
    prices_checked: bool


def verify_circles(
    problem: Problem,
    circles: Circles,
    design: CircleDesign | None = None,
    *,
    most_sets: int = 300_000,
) -> VerifiedCircles:
    """Recompute every circle from the tables, and the proof over all circles.

    Parameters
    ----------
    problem : Problem
        As circles were formed of it.
    circles : Circles
    design : CircleDesign, optional
        Default: the `circles` of the problem's params.
    most_sets : int
        The prices are checked against every set of mentors if there are at most so many sets:
        a few seconds for 1,000 people in circles of two mentors.

    Raises
    ------
    VerificationError
        With every violation found.
    """
    source = problem.source
    if not isinstance(source, TableSource):
        raise VerificationError(["circles need a problem that was made of tables"])
    check = _Check(Recount(problem, source, design or source.params.circles), circles)
    members = check.seats()
    if not check.violations:
        for number, (mentors, mentees) in members.items():
            check.circle(number, mentors, mentees)
        check.places(members)
        check.totals()
    checked = False
    if not check.violations:
        found = uncovered(check.second, circles.prices, most_sets)
        checked = found is not None
        check.violations += found or []
    if check.violations:
        raise VerificationError(check.violations)
    return VerifiedCircles(check.objective / MILLION, circles.bound_units / MILLION, checked)


class _Check:
    """Collects violations."""

    def __init__(self, second: Recount, circles: Circles) -> None:
        self.second, self.circles = second, circles
        self.violations: list[str] = []
        self.objective = 0
        self.table = {int(row["circle"]): row for row in circles.circles.to_dict("records")}

    def fail(self, violation: str) -> None:
        """Note a violation."""
        self.violations.append(violation)

    def seats(self) -> dict[int, tuple[list[str], list[str]]]:
        """Who is in which circle; ids, sides and numbers."""
        members: dict[int, tuple[list[str], list[str]]] = {n: ([], []) for n in self.table}
        if list(self.table) != list(range(1, len(self.circles.circles) + 1)):
            self.fail("the circles are not numbered from 1")
        for seat in self.circles.groups.to_dict("records"):
            number, who, side = int(seat["circle"]), str(seat["person_id"]), seat["side"]
            if number not in members:
                self.fail(f"circle {number} of {who} is not in the table of circles")
            elif side not in self.second.at or who not in self.second.at[side]:
                self.fail(f"{who} is not a {side} of the pool")
            else:
                members[number][side == "mentee"].append(who)
                self._topic(number, who, side, seat)
        return members

    def _topic(self, number: int, who: str, side: str, seat: dict[Any, Any]) -> None:
        topic = _name(self.table[number]["topic"])
        if _name(seat["topic"]) != topic:
            self.fail(f"circle {number} has topic {topic}, but {who} sits there for another")
        if bool(seat["has_topic"]) != (topic in self.second.wishes(side, who)):
            self.fail(f"circle {number} is wrong about whether {who} has its topic")

    def circle(self, number: int, mentors: list[str], mentees: list[str]) -> None:
        """Sizes, rules, topic and every figure of one circle."""
        design, row = self.second.design, self.table[number]
        for side, people in (("mentor", mentors), ("mentee", mentees)):
            size = design.mentors if side == "mentor" else design.mentees
            if not size.fewest <= len(people) <= size.most:
                self.fail(f"circle {number} has {len(people)} {side}s")
            for who, count in Counter(people).items():
                if count > 1:
                    self.fail(f"{who} is in circle {number} {count} times")
        broken = self.second.broken(mentors, mentees)
        for a, mentor in enumerate(mentors):
            for b, mentee in enumerate(mentees):
                if broken[a, b]:
                    self.fail(f"{mentor} and {mentee} may not meet, but do in circle {number}")
        for one, two in itertools.combinations(mentors + mentees, 2):
            for rule in self.second.apart(one, two):
                self.fail(f"{one} and {two} break {rule} in circle {number}")
        topic = _name(row["topic"])
        wanting = sum(topic in self.second.wishes("mentee", who) for who in mentees)
        offering = sum(topic in self.second.wishes("mentor", who) for who in mentors)
        if topic is None and design.least_wanting > 0:
            self.fail(f"circle {number} has no topic")
        if topic is not None and (not offering or wanting < max(1, design.least_wanting)):
            self.fail(
                f"topic {topic} of circle {number} is offered by {offering} and wanted by {wanting}"
            )
        parts = self.second.value(mentors, mentees, topic)
        total = sum(parts.values())
        self.objective += total
        mixes = [self.second.mixed(mentors + mentees, name) for name in TRAITS]
        figures = {
            "mentors": len(mentors),
            "mentees": len(mentees),
            "coverage": wanting,
            "offering": offering,
            **{f"{name}s": count for name, count in zip(TRAITS, mixes, strict=True)},
            "mix": sum(mixes),
        }
        for name, figure in figures.items():
            if row[name] != figure:
                self.fail(f"circle {number}: {name} is {figure}, not {row[name]}")
        for name, units in (*((f"{part}_value", x) for part, x in parts.items()), ("value", total)):
            if row[name] != units / MILLION:
                self.fail(f"circle {number}: {name} is {units / MILLION}, not {row[name]}")

    def places(self, members: dict[int, tuple[list[str], list[str]]]) -> None:
        """Nobody in more circles than they can be; no circle twice; who is left out."""
        design = self.second.design
        if design.most is not None and len(members) > design.most:
            self.fail(f"there are {len(members)} circles, and at most {design.most} may be")
        same = Counter(
            (frozenset(a), frozenset(b), _name(self.table[number]["topic"]))
            for number, (a, b) in members.items()
        )
        if same and max(same.values()) > 1:
            self.fail("a circle is formed twice")
        for k, side in enumerate(("mentor", "mentee")):
            used = Counter(who for group in members.values() for who in group[k])
            for who, count in used.items():
                if count > self.second.places[side][who]:
                    self.fail(
                        f"{side} {who} is in {count} circles and can be in "
                        f"{self.second.places[side][who]}"
                    )
            told: pd.Series = self.circles.unplaced["side"] == side
            if sorted(self.circles.unplaced["person_id"][told]) != sorted(
                set(self.second.at[side]) - set(used)
            ):
                self.fail(f"the unplaced {side}s are not those in no circle")

    def totals(self) -> None:
        """Objective, bound, seats and status; and what the prices add up to."""
        c = self.circles
        if c.objective_units != self.objective or c.objective != self.objective / MILLION:
            self.fail(f"the objective is {self.objective / MILLION}, not {c.objective}")
        if c.bound_units < self.objective or c.bound != c.bound_units / MILLION:
            self.fail("the bound is below the objective, or is not its units")
        if c.seats != len(c.groups) or (c.seats_bound is not None and c.seats_bound < c.seats):
            self.fail("the seats are miscounted")
        first = self.second.design.objective == "participation"
        if first == (c.seats_bound is None):
            self.fail("seats have a bound exactly where participation comes first")
        met = c.bound_units == self.objective and c.seats_bound in (None, c.seats)
        if (c.status == "optimal") != met or (c.status == "none") != (
            not met and not len(c.groups)
        ):
            self.fail(f"the status is {c.status}, but the gap is {c.gap}")
        for side, prices in (("mentor", c.prices.mentor), ("mentee", c.prices.mentee)):
            if set(prices.index) != set(self.second.at[side]):
                self.fail(f"the prices are not those of the {side}s of the pool")
                return
        self._paid()

    def _paid(self) -> None:
        c, places, design = self.circles, self.second.places, self.second.design
        if min([c.prices.circle, *c.prices.mentor, *c.prices.mentee]) < 0:
            self.fail("a price is negative")
        most = []
        for side, size in (("mentor", design.mentors), ("mentee", design.mentees)):
            held = list(places[side].values())
            count = 0
            while sum(min(p, count + 1) for p in held) >= (count + 1) * size.fewest:
                count += 1
            most.append(count)
        if design.most is not None:
            most.append(design.most)
        if c.prices.circles < min(most):
            self.fail(f"there can be {min(most)} circles, not {c.prices.circles}")
        paid = c.prices.circle * c.prices.circles
        for side, prices in (("mentor", c.prices.mentor), ("mentee", c.prices.mentee)):
            paid += sum(places[side][str(who)] * int(price) for who, price in prices.items())
        if design.objective == "participation":
            return
        if c.proof == "prices" and c.bound_units != paid:
            self.fail(f"the prices prove a bound of {paid / MILLION}, not {c.bound}")
        if paid < c.bound_units:
            self.fail("the bound is above what the prices prove")


def _name(topic: Any) -> str | None:
    """A topic, None for a missing one."""
    return topic if isinstance(topic, str) else None
