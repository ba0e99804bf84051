"""Which rules do listed pairs break, looked up a second time? For `verify` only."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from revmentor.matching.problem import TableSource
from revmentor.matching.verification.people import Applicants, Numbers, read_named
from revmentor.matching.verification.values import Mask, Values, looked_up


class Rules:
    """The rules of a cycle on pairs of applicants, each given by their row."""

    def __init__(self, people: Applicants, values: Values, source: TableSource) -> None:
        self._people, self._values, self._params = people, values, source.params
        self._at = {who: k for k, who in enumerate(people.ids)}
        vetoes = people.items["vetoes"]
        self._vetoed = self._acquaintances(
            (people.ids[who], vetoes.names[item])
            for who, item in zip(vetoes.person.tolist(), vetoes.item.tolist(), strict=True)
        )
        self._met = self._acquaintances(read_named(source.history))
        self._forbidden = self._acquaintances(read_named(source.decisions, "forbid"))
        self.free = self._free_waves()

    def broken(self, r: Numbers, s: Numbers) -> dict[str, Mask]:
        """By rule that is on: which of these pairs, of mentor and mentee, break it?"""
        rules = self._params.matching.rules
        found = {name: ~self.allows(name, self.kind(name)[r], self.kind(name)[s])
                 for name in self.of_kinds()}  # fmt: skip
        if rules.reporting_line:
            # Everybody is in line with themselves.
            found["reporting_line"] = self._in_line(r, s) | self._in_line(s, r) | (r == s)
        if rules.same_manager:
            boss = self._people.word["manager_id"]
            found["same_manager"] = (boss[r] == boss[s]) & (boss[r] >= 0)
        if rules.no_repeat:
            found["no_repeat"] = self._named(self._met, r, s)
        if rules.vetoes:
            found["vetoes"] = self._named(self._vetoed, r, s)
        found["forbidden"] = self._named(self._forbidden, r, s)
        return found

    def of_kinds(self) -> list[str]:
        """The rules that are on and look at one number of each person alone."""
        rules, waves = self._params.matching.rules, self._params.matching.limits.waves
        on = {"minimum_grade_gap": True, "shared_language": rules.shared_language,
              "minimum_overlap_hours": rules.minimum_overlap_hours > 0,
              "common_wave": bool(waves)}  # fmt: skip
        return [name for name, is_on in on.items() if is_on]

    def kind(self, name: str) -> Numbers:
        """What a rule of `of_kinds` looks at, one number per applicant."""
        match name:
            case "minimum_grade_gap":
                return self._people.rank
            case "shared_language":
                return self._values.kind("language").astype(np.int64)
            case "minimum_overlap_hours":
                return self._people.word["time_zone"]
            case _:
                return self.free

    def allows(self, name: str, x: Numbers, y: Numbers) -> Mask:
        """Does a rule of `of_kinds` allow kinds of mentors and of mentees that broadcast?"""
        rules = self._params.matching.rules
        match name:
            case "minimum_grade_gap":
                return np.asarray(y - x >= rules.minimum_grade_gap)
            case "shared_language":
                return self._values.speak(x, y)
            case "minimum_overlap_hours":
                enough = self._values.minutes(x, y) >= rules.minimum_overlap_hours * 60
                return np.asarray((x >= 0) & (y >= 0) & enough)
            case _:
                return np.asarray((x & y) > 0)

    def _in_line(self, r: Numbers, s: Numbers) -> Mask:
        """Is r above s, at any height? Climbs from s."""
        boss = self._people.boss
        sought, step = self._people.row[r], boss[self._people.row[s]]
        found = np.zeros(len(r), bool)
        left = np.arange(len(r))
        for _ in range(len(boss)):
            left = left[step[left] >= 0]
            if not len(left):
                break
            found[left] |= step[left] == sought[left]
            step[left] = boss[step[left]]
        return found

    def _acquaintances(self, pairs: Iterable[tuple[str, str]]) -> Numbers:
        """Pairs of applicants who are named together, each as one number, ascending."""
        rows = ((self._at.get(one, -1), self._at.get(other, -1)) for one, other in pairs)
        known = {(min(pair), max(pair)) for pair in rows if min(pair) >= 0}
        return np.array(sorted(one * len(self._at) + two for one, two in known), np.int64)

    def _named(self, keys: Numbers, r: Numbers, s: Numbers) -> Mask:
        pair = np.minimum(r, s) * len(self._at) + np.maximum(r, s)
        return looked_up(keys, np.ones(len(keys)), pair) > 0

    def _free_waves(self) -> Numbers:
        """Waves in which each applicant is free, as bits; all where none is stated."""
        waves = [wave.name.casefold() for wave in self._params.matching.limits.waves]
        stated = self._people.items["waves"]
        free = [0] * len(self._people.ids)
        for who, item in zip(stated.person.tolist(), stated.item.tolist(), strict=True):
            name = stated.names[item].casefold()
            free[who] |= 1 << waves.index(name) if name in waves else 0
        return np.array([bits or (1 << len(waves)) - 1 for bits in free], np.int64)
