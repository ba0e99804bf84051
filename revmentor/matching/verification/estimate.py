"""Which pairs could be worth more than is paid for them? For `verify` only.

Every pair is estimated in double precision, one person of the shorter side at a time with many of
the other: shared items are counted by adding up who has each of them, and what depends on kinds of
people (department, grade, ...) is looked up by combinations of kinds. The estimate is within a
millionth of a unit of the score before it is rounded (a sum of some ten numbers below 10**6, each
with a relative error of 2**-53), so that a pair whose estimate stays `SLACK` below the next half
unit is not worth more. All others are left to an exact look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from revmentor.matching.verification.kinds import Kind, Looked, combined
from revmentor.matching.verification.people import Floats, Items, Numbers
from revmentor.matching.verification.rules import Rules
from revmentor.matching.verification.values import OF_KINDS, Kinds, Mask, Values, listed

MILLION = 10**6
SLACK = 1e-3
# Below whatever is paid.
FORBIDDEN = -1e100
# So many people of the longer side at a time: the arrays of a step stay in the processor's cache.
MANY = 1 << 14
# So many people of the shorter side have their kinds looked up together.
ONES = 64
# An item that fewer of the many have is counted person by person.
RARE = 64
# Criteria and rules that look at the same of a person are looked up together.
SAME = {"seniority_gap": "minimum_grade_gap", "language": "shared_language",
        "time_zone": "minimum_overlap_hours"}  # fmt: skip
SideName = Literal["mentor", "mentee"]


@dataclass(frozen=True, eq=False)
class Counted:
    """How a score is made up.

    Parameters
    ----------
    share, stand_in : by criterion
    exclude : bool
        A criterion that is not known for a pair leaves its share to the pair's others.
    """

    share: Mapping[str, float]
    stand_in: Mapping[str, float]
    exclude: bool

    def silent(self, name: str) -> float:
        """What counts for a pair that does not state what a criterion needs."""
        return 0.0 if self.exclude else self.stand_in.get(name, 0.0)


@dataclass(frozen=True, eq=False)
class Extra:
    """Units beyond the score, by groups.

    Parameters
    ----------
    of : array of int, one per applicant
        Group as a mentor x number of groups of mentees + group as a mentee.
    units : array of float, shape (groups of mentors, groups of mentees)
    """

    of: Numbers
    units: Floats


class Estimate:
    """Scores of all pairs of mentors with mentees, but for what wishes are worth."""

    def __init__(self, values: Values, rules: Rules, counted: Counted) -> None:
        self.values, self.rules, self.counted = values, rules, counted
        # Sum over all pairs of interests shared / interests of either, as a by-product.
        self.jaccard = 0.0

    def above(
        self, paid_mentor: Floats, paid_mentee: Floats, least: int, extra: Sequence[Extra] = ()
    ) -> Iterator[tuple[Numbers, Numbers]]:
        """Pairs, as places among mentors and mentees, that could be worth more than is paid.

        Parameters
        ----------
        paid_mentor, paid_mentee : array of float
            Units; a pair pays both.
        least : int
            Pairs of fewer units are of no interest.
        extra : sequence of Extra
            Added to the units of pairs.
        """
        # What is paid may be large, and then is known less exactly.
        known = (paid_mentor, paid_mentee, *(more.units for more in extra))
        largest = max(float(np.abs(numbers).max(initial=0)) for numbers in known)
        slack = SLACK + 4 * np.finfo(float).eps * largest
        floor = least - 0.5 - slack + sum(float(more.units.min(initial=0)) for more in extra)
        self.jaccard = 0.0
        people = {"mentor": self.values.mentors, "mentee": self.values.mentees}
        paid = {"mentor": paid_mentor, "mentee": paid_mentee}
        many: SideName = "mentor" if len(paid_mentor) >= len(paid_mentee) else "mentee"
        one: SideName = "mentee" if many == "mentor" else "mentor"
        for start in range(0, len(people[many]), MANY):
            some = slice(start, start + MANY)
            block = _Block(self, many, people[many][some], extra)
            beyond = paid[many][some] + 0.5 - slack
            limit, over = np.empty_like(beyond), np.empty(len(beyond), bool)
            for first in range(0, len(people[one]), ONES):
                found: list[tuple[int, Numbers]] = []
                few = people[one][first : first + ONES]
                for place, units in enumerate(block.estimates(few), first):
                    np.add(beyond, paid[one][place], out=limit)
                    np.maximum(limit, floor, out=limit)
                    np.greater(units, limit, out=over)
                    at = np.flatnonzero(over)
                    if len(at):
                        found.append((place, at + start))
                if found:
                    long = np.concatenate([at for _, at in found])
                    short = np.repeat([place for place, _ in found], [len(at) for _, at in found])
                    yield (long, short) if many == "mentor" else (short, long)
            self.jaccard += block.jaccard


class _Block:
    """Estimates of many people of one side with anybody of the other, given by applicant."""

    def __init__(
        self, estimate: Estimate, many: SideName, people: Numbers, extra: Sequence[Extra]
    ) -> None:
        self._values, self._counted = estimate.values, estimate.counted
        self._side, self._people = many, people
        self._other: SideName = "mentee" if many == "mentor" else "mentor"
        self.jaccard = 0.0
        kinds = list(self._kinds(estimate.rules))
        added = [Kind(more.of, self._added(more)) for more in extra]
        # What leaves its share to others is divided by what is left; what is added is not.
        together = not self._counted.exclude
        self._looked_up = combined(kinds + added if together else kinds, people)
        self._last = [] if together else combined(added, people)
        self._known = self._patterns() if self._counted.exclude else None
        self._skills = self._interests = None
        items = self._values.people.items
        if self._counted.share["skills"] > 0:
            self._skills = _Columns(items[self._skills_of(many)], people)
            self._wanted = 1 / np.maximum(items["skills_wanted"].size, 1)
        if self._counted.share["interests"] > 0:
            self._interests = _Columns(items["interests"], people)
            self._listed = items["interests"].size[people].astype(float)
        self._units, self._room, self._both = np.empty((3, len(people)))

    def _skills_of(self, side: SideName) -> str:
        return "skills_offered" if side == "mentor" else "skills_wanted"

    def _kinds(self, rules: Rules) -> Iterator[Kind]:
        """What is looked up by a number of each person."""
        on = rules.of_kinds()
        for name, share in self._counted.share.items():
            if share > 0 and name in OF_KINDS:
                rule = SAME.get(name)
                yield Kind(
                    self._values.kind(name), self._table(name, rule if rule in on else None, rules)
                )
                on = [other for other in on if other != rule]
            elif share > 0:
                stated = [self._values.stated(name, side) for side in ("mentor", "mentee")]
                kind = stated[0].astype(np.int64) + 2 * stated[1]
                yield Kind(kind, self._silence(name))
        for rule in on:
            yield Kind(rules.kind(rule), self._table(None, rule, rules))

    def _table(self, name: str | None, rule: str | None, rules: Rules) -> Looked:
        """Units by kinds: a criterion, a rule, or both."""

        def units(x: Kinds, y: Kinds, known: Mask) -> Floats:
            table = np.zeros(known.shape)
            if name is not None:
                value = np.where(known, self._values.of_kinds(name, x, y), self._silent(name))
                table += MILLION * self._counted.share[name] * value
            if rule is not None:
                table[~rules.allows(rule, x.astype(np.int64), y.astype(np.int64))] = FORBIDDEN
            return table

        def looked(ones: Kinds, many: Kinds, first: Numbers, second: Numbers) -> Floats:
            stated = {}
            for side, people in ((self._other, first), (self._side, second)):
                known = np.ones(len(people), bool)
                stated[side] = known if name is None else self._values.stated(name, side)[people]
            known = stated["mentor"][None, :] & stated["mentee"][:, None]
            if self._side == "mentor":
                return units(many[None, :], ones[:, None], known)
            return units(ones[None, :], many[:, None], known).T

        return looked

    def _silence(self, name: str) -> Looked:
        """Units of what stands in, by whether each side states what a criterion needs."""
        units = MILLION * self._counted.share[name] * self._silent(name)
        bit = {"mentor": 1, "mentee": 2}

        def looked(ones: Kinds, many: Kinds, first: Numbers, second: Numbers) -> Floats:
            told = ones.astype(np.int64) & bit[self._other], many.astype(np.int64) & bit[self._side]
            return np.asarray(units * ~((told[0] > 0)[:, None] & (told[1] > 0)))

        return looked

    def _added(self, more: Extra) -> Looked:
        """Units by two groups."""

        def looked(ones: Kinds, many: Kinds, first: Numbers, second: Numbers) -> Floats:
            wide = more.units.shape[1]
            one, other = ones.astype(np.int64), many.astype(np.int64)
            if self._side == "mentor":
                return np.asarray(more.units[(other // wide)[None, :], (one % wide)[:, None]])
            return np.asarray(more.units[(one // wide)[:, None], (other % wide)[None, :]])

        return looked

    def _silent(self, name: str) -> float:
        return self._counted.silent(name)

    def _patterns(self) -> tuple[Floats, Numbers]:
        """Which criteria somebody of the many states: the different patterns, and whose it is."""
        rows = [self._values.stated(name, self._side)[self._people] for name in self._names()]
        patterns, which = np.unique(np.stack(rows), axis=1, return_inverse=True)
        return patterns.astype(float), which

    def _names(self) -> list[str]:
        return [name for name, share in self._counted.share.items() if share > 0]

    def estimates(self, ones: Numbers) -> Iterator[Floats]:
        """Units of each of these people with all of the many; the array is used again."""
        tables, last = (
            [(group.table(ones), group.which) for group in groups]
            for groups in (self._looked_up, self._last)
        )
        units, room = self._units, self._room
        weights = self._weights(ones)
        for place, one in enumerate(ones.tolist()):
            units.fill(0.0)
            for table, which in tables:
                np.take(table[place], which, out=room, mode="clip")
                np.add(units, room, out=units)
            if self._skills is not None:
                self._add_skills(self._skills, one)
            if self._interests is not None:
                self._add_interests(self._interests, one)
            if self._known is not None:
                np.take(weights[place], self._known[1], out=room, mode="clip")
                np.divide(units, room, out=units)
            for table, which in last:
                np.take(table[place], which, out=room, mode="clip")
                np.add(units, room, out=units)
            yield units

    def _add_skills(self, columns: _Columns, one: int) -> None:
        count = columns.shared(self._values.people.items[self._skills_of(self._other)], one)
        share = MILLION * self._counted.share["skills"]
        wanted = self._wanted[self._people] if self._side == "mentee" else self._wanted[one]
        np.multiply(count, share * wanted, out=self._room)
        np.add(self._units, self._room, out=self._units)

    def _add_interests(self, columns: _Columns, one: int) -> None:
        items, both, room = self._values.people.items["interests"], self._both, self._room
        size = int(items.size[one])
        if not size:
            return
        np.copyto(both, columns.shared(items, one))
        np.add(self._listed, size, out=room)
        np.subtract(room, both, out=room)
        np.divide(both, room, out=both)
        self.jaccard += float(both.sum())
        np.multiply(both, MILLION * self._counted.share["interests"], out=both)
        np.add(self._units, both, out=self._units)

    def _weights(self, ones: Numbers) -> Floats:
        """Sum of the shares that are known, by person and by pattern of the many; 1 for none."""
        if self._known is None:
            return np.empty((0, 0))
        weight = np.zeros((len(ones), self._known[0].shape[1]))
        for name, pattern in zip(self._names(), self._known[0], strict=True):
            stated = self._values.stated(name, self._other)[ones]
            weight += self._counted.share[name] * stated[:, None] * pattern
        weight[weight == 0] = 1.0
        return weight


class _Columns:
    """For each item, who of many people has it."""

    def __init__(self, items: Items, people: Numbers) -> None:
        who, item = listed(items, people)
        order = np.argsort(item, kind="stable")
        found, start = np.unique(item[order], return_index=True)
        ends = [*start[1:].tolist(), len(who)]
        self._who = {
            number: who[order[begin:end]]
            for number, begin, end in zip(found.tolist(), start.tolist(), ends, strict=False)
        }
        self._dense: dict[int, np.ndarray[tuple[int], np.dtype[np.uint16]]] = {}
        self._people = len(people)
        self._count = np.zeros(len(people), np.uint16)

    def shared(self, items: Items, one: int) -> np.ndarray[tuple[int], np.dtype[np.uint16]]:
        """How many of somebody's items each of the many has; the array is used again."""
        self._count.fill(0)
        end = items.start[one] + items.size[one]
        for item in items.item[items.start[one] : end].tolist():
            who = self._who.get(item)
            if who is None:
                continue
            if len(who) * RARE < self._people:
                self._count[who] += 1
                continue
            if item not in self._dense:
                self._dense[item] = np.zeros(self._people, np.uint16)
                self._dense[item][who] = 1
            np.add(self._count, self._dense[item], out=self._count)
        return self._count
