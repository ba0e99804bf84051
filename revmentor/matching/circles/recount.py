"""What is a circle worth and what does it break, worked out a second time from the tables?

For `verify_circles` only. Nothing here is shared with what forms circles but the data types.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from revmentor.matching.problem import Problem, TableSource
from revmentor.matching.verification import second_opinion
from revmentor.matching.verification.people import Items, read_applicants
from revmentor.params.circles import CircleDesign
from revmentor.params.models import Params

TRAITS = ("department", "site", "generation")


class Recount:
    """A second opinion on who may be in a circle and what it is worth."""

    def __init__(self, problem: Problem, source: TableSource, design: CircleDesign) -> None:
        self.design = design
        self._pairs = second_opinion(problem)
        people = read_applicants(source)
        self._row = {who: k for k, who in enumerate(people.ids)}
        self._boss, self._desk = people.boss, people.row
        self._word, self._manager = people.word, people.word["manager_id"]
        skills = design.topics == "skills"
        self.topics = {
            "mentor": _named(people.items["skills_offered" if skills else "interests"]),
            "mentee": _named(people.items["skills_wanted" if skills else "interests"]),
        }
        self._vetoes = _named(people.items["vetoes"])
        self.at = {
            "mentor": {str(who): k for k, who in enumerate(self._pairs.mentors)},
            "mentee": {str(who): k for k, who in enumerate(self._pairs.mentees)},
        }
        self._stated, self._runs = _named(people.items["waves"]), _wave_days(source.params)
        whole = set().union(*self._runs.values())
        self.places = {}
        for side, capacity in (("mentor", self._pairs.capacity), ("mentee", self._pairs.demand)):
            most = getattr(design.per_person, side)
            self.places[side] = {
                who: most if capacity[k] > 0 and whole <= self._days(who) else 0
                for who, k in self.at[side].items()
            }

    def _days(self, who: str) -> set[int]:
        """Days of the waves in which a person is free: of all of them where none is stated."""
        stated = {name.casefold() for name in self._stated[self._row[who]]}
        mine = [days for name, days in self._runs.items() if name in stated]
        return set().union(*(mine or self._runs.values()))

    def chain(self, who: str) -> Iterator[int]:
        """Rows of everybody above a person, in `people`."""
        step = int(self._boss[self._desk[self._row[who]]])
        while step >= 0:
            yield step
            step = int(self._boss[step])

    def apart(self, a: str, b: str) -> list[str]:
        """Why two people may not be in one circle, whatever their sides."""
        found, rules = [], self.design.rules
        one, two = self._row[a], self._row[b]
        if rules.reporting_line and (
            self._desk[two] in self.chain(a) or self._desk[one] in self.chain(b) or a == b
        ):
            found.append("reporting_line")
        if rules.same_manager and self._manager[one] == self._manager[two] >= 0:
            found.append("same_manager")
        if rules.vetoes and (b in self._vetoes[one] or a in self._vetoes[two]):
            found.append("vetoes")
        return found

    def units(self, mentors: list[str], mentees: list[str]) -> np.ndarray:
        """Scores of all pairs, rules aside, by mentor and mentee."""
        i = np.array([self.at["mentor"][who] for who in mentors], np.int64)
        j = np.array([self.at["mentee"][who] for who in mentees], np.int64)
        pairs = np.repeat(i, len(j)), np.tile(j, len(i))
        return self._pairs.units(*pairs).reshape(len(i), len(j))

    def broken(self, mentors: list[str], mentees: list[str]) -> np.ndarray:
        """Which of all pairs may not meet: by a rule of matching, or by a score too low."""
        i = np.array([self.at["mentor"][who] for who in mentors], np.int64)
        j = np.array([self.at["mentee"][who] for who in mentees], np.int64)
        pairs = np.repeat(i, len(j)), np.tile(j, len(i))
        out = self._pairs.units(*pairs) < round(self.design.minimum_score * 1e6)
        for mask in self._pairs.broken(*pairs).values():
            out |= mask
        return np.asarray(out.reshape(len(i), len(j)))

    def having(self, side: str, topic: str) -> set[str]:
        """Who of a side offers or wants a topic?"""
        has = self.topics[side]
        return {who for who in self.at[side] if topic in has[self._row[who]]}

    def wishes(self, side: str, who: str) -> set[str]:
        """Topics that a person offers or wants."""
        return self.topics[side][self._row[who]]

    def trait(self, who: str, name: str) -> int:
        """A person's department, site or generation as a number, -1 if unknown."""
        return int(self._word[name][self._row[who]])

    def mixed(self, people: list[str], name: str) -> int:
        """How many different known values of a trait are there among them?"""
        return len({self.trait(who, name) for who in people} - {-1})

    def value(self, mentors: list[str], mentees: list[str], topic: str | None) -> Counter[str]:
        """The parts of a circle's value, in units, seats aside."""
        weights = self.design.weights
        parts = Counter(pairs=int(self.units(mentors, mentees).sum()), topic=0, mix=0)
        if topic is not None:
            wanting = sum(topic in self.wishes("mentee", who) for who in mentees)
            offering = sum(topic in self.wishes("mentor", who) for who in mentors)
            parts["topic"] += round(weights.wanted * 1e6) * wanting
            parts["topic"] += round(weights.offered * 1e6) * offering
        for name in TRAITS:
            unit = round(getattr(weights, name) * 1e6)
            parts["mix"] += unit * self.mixed(mentors + mentees, name)
        return parts


def _wave_days(params: Params) -> dict[str, set[int]]:
    """Each wave's days, numbered as calendars do; of the whole cycle where it has no dates."""
    begin, end = params.programme.start, params.programme.end
    runs = {wave.name.casefold(): (begin, end) for wave in params.matching.limits.waves}
    for wave in params.design.waves:
        runs[wave.name.casefold()] = wave.first(begin), wave.last(begin, end)
    return {
        name: set(range(first.toordinal(), last.toordinal() + 1))
        for name, (first, last) in runs.items()
    }


def _named(items: Items) -> list[set[str]]:
    """Each applicant's items, by name."""
    found: list[set[str]] = [set() for _ in range(len(items.size))]
    for person, item in zip(items.person.tolist(), items.item.tolist(), strict=True):
        found[person].add(items.names[item])
    return found
