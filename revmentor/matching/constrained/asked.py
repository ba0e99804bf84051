"""All that is asked of a matching, item by item, so that any of it can be left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from revmentor.matching import rules
from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.columns import Columns
from revmentor.matching.conditions import Bound
from revmentor.matching.constrained.conflict import Item, pin_name
from revmentor.matching.problem import Problem
from revmentor.matching.scores import TableScores
from revmentor.names import RULE_WORDS
from revmentor.words import counted

MINIMUM = "minimum_score"


@dataclass(frozen=True, eq=False)
class Part:
    """An item, and where it stands.

    Parameters
    ----------
    item : Item
    number : int
        Of the pin, rule, condition or wave; of places 0 for mentors and 1 for mentees.
    bound : str
        Of a condition.
    people : tuple of int
        Whose places.
    """

    item: Item
    number: int
    bound: Bound = "lower"
    people: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Asked:
    """A problem as a list of items.

    Parameters
    ----------
    problem : Problem
    pairs : Columns
        Pairs that may take part, without pins; their worth.
    broken : array of int
        Which rules each of them breaks, as bits in the order of `rules`.
    rules : tuple of str
        Rules that can be left out; empty if `pairs` obey all of them.
    """

    problem: Problem
    pairs: Columns
    broken: IntArray
    rules: tuple[str, ...]

    @classmethod
    def of_all(cls, problem: Problem) -> Asked:
        """With every pair of the problem, whatever rules it breaks."""
        mentors, mentees = len(problem.mentors), len(problem.mentees)
        j, i = (index.ravel() for index in np.indices((mentees, mentors)))
        return cls._of(problem, i, j, whole=True)

    @classmethod
    def of_some(cls, problem: Problem, i: IntArray, j: IntArray) -> Asked:
        """With listed pairs that obey all rules; more can come in with `joined`."""
        return cls._of(problem, i, j, whole=False)

    @classmethod
    def _of(cls, problem: Problem, i: IntArray, j: IntArray, *, whole: bool) -> Asked:
        pins = {(pin.mentor, pin.mentee) for pin in problem.pins}
        free = np.array(
            [pair not in pins for pair in zip(i.tolist(), j.tolist(), strict=True)], bool
        )
        # No pair without points is ever made, nor one of somebody with themselves.
        free &= problem.scores.plain(i, j) > 0
        if isinstance(problem.scores, TableScores):
            at = {who: k for k, who in enumerate(problem.mentees.ids)}
            oneself = np.array([at.get(who, -1) for who in problem.mentors.ids], np.int64)
            free &= oneself[i] != j
        i, j = i[free], j[free]
        names = tuple(name for name, _ in broken_rules(problem, i[:0], j[:0])) if whole else ()
        broken = np.zeros(len(i), np.int64)
        for number, (_, mask) in enumerate(broken_rules(problem, i, j) if whole else ()):
            broken |= mask.astype(np.int64) << number
        return cls(problem, Columns(i, j, worth(problem, i, j)), broken, names)

    def joined(self, i: IntArray, j: IntArray) -> Asked:
        """With more pairs that obey all rules; those already there stand once."""
        width = max(1, len(self.problem.mentors))
        key = np.unique(
            np.concatenate([self.pairs.mentee * width + self.pairs.mentor, j * width + i])
        )
        return self._of(self.problem, key % width, key // width, whole=False)

    def pin_rules(self) -> IntArray:
        """Which rules each required pair breaks, as bits; locked ones may break any."""
        bits = np.zeros(len(self.problem.pins), np.int64)
        for k, pin in enumerate(self.problem.pins):
            if pin.kind == "require" and pin.mentor is not None and pin.mentee is not None:
                i, j = np.array([pin.mentor]), np.array([pin.mentee])
                for number, (name, mask) in enumerate(broken_rules(self.problem, i, j)):
                    if mask[0] and name != MINIMUM:
                        bits[k] |= 1 << number
        return bits

    def eligible_pins(self) -> Columns:
        """The pairs to make that obey all rules."""
        placed = [pin for pin in self.problem.pins if None not in (pin.mentor, pin.mentee)]
        i = np.array([pin.mentor for pin in placed], np.int64)
        j = np.array([pin.mentee for pin in placed], np.int64)
        fine = np.ones(len(i), bool)
        for _, mask in broken_rules(self.problem, i, j):
            fine &= ~mask
        return Columns(i[fine], j[fine], worth(self.problem, i[fine], j[fine]))

    def parts(self) -> tuple[Part, ...]:
        """Everything that can be left out."""
        return (
            *self._pins(),
            *(Part(self._rule(name), number) for number, name in enumerate(self.rules)),
            *_condition_parts(self.problem),
            *_wave_parts(self.problem),
            *_place_parts(self.problem),
        )

    def _pins(self) -> Iterator[Part]:
        broken = self.pin_rules()
        names = [name for name, _ in broken_rules(self.problem, *_no_pairs())]
        for number, pin in enumerate(self.problem.pins):
            said = pin.words
            for who, side, place in (
                (pin.mentor_id, "mentor", pin.mentor),
                (pin.mentee_id, "mentee", pin.mentee),
            ):
                if place is None:
                    said = f"{pin.words}, though {who} is not in the pool as a {side}"
                    break
            if broken[number] and not self.rules:
                rule = next(n for k, n in enumerate(names) if broken[number] >> k & 1)
                said = f"{pin.words}, which breaks the rule '{RULE_WORDS[rule]}'"
            yield Part(Item("pin", pin_name(pin), said, pin.words), number)

    def _rule(self, name: str) -> Item:
        if name == MINIMUM:
            least = self.problem.points(self.problem.least)
            said = f"the minimum score of {least:g}"
        else:
            said = f"the rule '{RULE_WORDS[name]}'"
        return Item("rule", f"rule:{name}", said, said)


def broken_rules(problem: Problem, i: IntArray, j: IntArray) -> Iterator[tuple[str, BoolArray]]:
    """Which pairs break each rule, the minimum score last."""
    scores = problem.scores
    if isinstance(scores, TableScores):
        yield from rules.broken(scores.pool, scores.params, i, j)
    else:
        first = scores.first_broken(i, j)
        for number, name in enumerate(scores.rules()):
            yield name, first == number
    yield MINIMUM, scores.plain(i, j) < problem.least


def _no_pairs() -> tuple[IntArray, IntArray]:
    return np.empty(0, np.int64), np.empty(0, np.int64)


def worth(problem: Problem, i: IntArray, j: IntArray) -> IntArray:
    """Scores and priorities, rules aside."""
    units = problem.scores.plain(i, j)
    for priority in problem.priorities:
        units = units + priority.at(i, j)
    return units


def _condition_parts(problem: Problem) -> Iterator[Part]:
    bounds: tuple[Bound, ...] = ("lower", "upper")
    for number, condition in enumerate(problem.conditions):
        for bound in bounds:
            if getattr(condition, bound) is not None:
                name = f"condition:{condition.name}:{bound}"
                said = condition.said(bound)
                yield Part(Item("condition", name, said, said), number, bound)


def _wave_parts(problem: Problem) -> Iterator[Part]:
    if problem.waves is None:
        return
    for number, (name, most) in enumerate(
        zip(problem.waves.names, problem.waves.at_most, strict=True)
    ):
        if most is not None:
            said = f"at most {counted(most, 'pair')} in wave {name}"
            yield Part(Item("wave", f"wave:{name}", said, f"wave {name}"), number)


def _place_parts(problem: Problem) -> Iterator[Part]:
    """Places of everybody in a pair to make, and of all others of a side together."""
    sides = ("mentor", problem.mentors), ("mentee", problem.mentees)
    for number, (side, roster) in enumerate(sides):
        pinned = sorted({k for pin in problem.pins if (k := getattr(pin, side)) is not None})
        for person in pinned:
            yield Part(person_item(problem, number, person), number, people=(person,))
        rest = tuple(sorted(set(range(len(roster))) - set(pinned)))
        many = counted(len(rest), f"other {side}" if pinned else side)
        places = counted(int(roster.places[list(rest)].sum()), "place")
        item = Item("places", f"places:{side}", f"{many} with {places} in all", many)
        yield Part(item, number, people=rest)


def person_item(problem: Problem, side: int, person: int) -> Item:
    """The places of one person; side 0 for mentors, 1 for mentees."""
    roster = (problem.mentors, problem.mentees)[side]
    places = counted(int(roster.places[person]), "place")
    who, word = roster.ids[person], ("mentor", "mentee")[side]
    about = f"{word} {who}"
    return Item("places", f"places:{word}:{who}", f"{about} has {places}", about)
