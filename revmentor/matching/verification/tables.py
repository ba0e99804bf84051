"""The second opinion on a cycle's tables: exact for listed pairs, estimated for all others."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from revmentor.matching.problem import Id, TableSource
from revmentor.matching.verification.estimate import MILLION, Counted, Estimate, Extra
from revmentor.matching.verification.limits import missed
from revmentor.matching.verification.means import mean
from revmentor.matching.verification.people import Floats, Numbers, read_applicants, read_named
from revmentor.matching.verification.recount import Added, Pairs, Units, WaveLimits, paid_and_left
from revmentor.matching.verification.rules import Rules
from revmentor.matching.verification.values import Mask, Values
from revmentor.names import CRITERIA


class TableRecount:
    """The second opinion on a cycle's tables."""

    per_point = MILLION
    # Shares sum to 1, and no criterion is above 1.
    largest = MILLION

    def __init__(self, source: TableSource) -> None:
        self._source, self._params, self._stated = source, source.params, source.scoring
        people = read_applicants(source)
        matching = source.params.matching
        self.least = max(1, round(matching.minimum_score * MILLION))
        self._r, self._s = (
            np.array([k for k, on in enumerate(people.side) if on in (side, "both")], np.int64)
            for side in ("mentor", "mentee")
        )
        self.mentors: tuple[Id, ...] = tuple(people.ids[k] for k in self._r.tolist())
        self.mentees: tuple[Id, ...] = tuple(people.ids[k] for k in self._s.tolist())
        stated = people.capacity[self._r], people.capacity[self._s].copy()
        stated[1][np.isin(self._s, self._r)] = np.nan
        usual = matching.capacity.mentor, matching.capacity.mentee
        self.capacity, self.demand = (
            np.where(np.isnan(told), most, told).astype(np.int64)
            for told, most in zip(stated, usual, strict=True)
        )
        self.pinned: dict[str, frozenset[tuple[Id, Id]]] = {
            kind: frozenset(read_named(source.decisions, kind)) for kind in ("require", "lock")
        }
        self._people = people
        self._values = Values(people, source.params, self._r, self._s)
        self._rules = Rules(people, self._values, source)
        self._counted = Counted(
            {name: self._stated.share[name] for name in CRITERIA},
            self._stated.stand_in,
            matching.missing == "exclude",
        )
        self.waves = self._free()
        self._estimate = Estimate(self._values, self._rules, self._counted)

    def units(self, i: Units, j: Units) -> Units:
        """Scores of listed pairs: shares times values, added in the order of the criteria."""
        r, s = self._r[i], self._s[j]
        counted = {name: share for name, share in self._counted.share.items() if share > 0}
        known = {name: self._known(name, r, s) for name in counted}
        weight = np.zeros(len(r))
        for name, share in counted.items():
            weight += np.where(known[name], share, 0.0)
        total = np.zeros(len(r))
        for name, share in counted.items():
            value = self._values.value(name, r, s)
            if self._counted.exclude:
                total += share * np.where(known[name], value, 0.0) / np.where(weight, weight, 1.0)
            else:
                stand_in = self._counted.stand_in.get(name, 0.0)
                total += share * np.where(known[name], value, stand_in)
        return np.rint(total * 1e6).astype(np.int64)

    def _known(self, name: str, r: Numbers, s: Numbers) -> Mask:
        return self._values.stated(name, "mentor")[r] & self._values.stated(name, "mentee")[s]

    def broken(self, i: Units, j: Units) -> dict[str, Mask]:
        """By rule: which of the listed pairs break it."""
        return self._rules.broken(self._r[i], self._s[j])

    def waited(self) -> tuple[Units, Units, int] | None:
        """What stands in the tables and the params."""
        each = round(self._params.matching.priority.waited * MILLION)
        waited = self._people.waited
        return (waited[self._r], waited[self._s], each) if each else None

    def missed_limits(self, i: Units, j: Units) -> list[str]:
        """Limits that the params name."""
        return missed(self._people, self._source, self._r[i], self._s[j])

    def _free(self) -> WaveLimits | None:
        asked = self._params.matching.limits.waves
        if not asked:
            return None
        free = self._rules.free
        return WaveLimits(
            tuple(wave.name for wave in asked),
            tuple(wave.at_most for wave in asked),
            free[self._r],
            free[self._s],
        )

    def suspects(
        self, paid_mentor: Units, paid_mentee: Units, added: Sequence[Added] = ()
    ) -> Iterator[Pairs]:
        """Pairs that could be worth more than is paid, and every pair that is wished for."""
        if self._counted.share["wishes"] > 0:
            i, j = self._wished()
            yield i, j
            wished = np.sort(i * len(self.mentees) + j)
        else:
            wished = np.empty(0, np.int64)
        paid_mentor, paid_mentee, left = paid_and_left(paid_mentor, paid_mentee, added)
        paid: tuple[Floats, Floats] = paid_mentor.astype(float), paid_mentee.astype(float)
        for i, j in self._estimate.above(*paid, self.least, [self._kind(more) for more in left]):
            new = np.isin(i * len(self.mentees) + j, wished, invert=True)
            yield i[new], j[new]

    def _kind(self, more: Added) -> Extra:
        """Groups of mentors and of mentees as one number per applicant."""
        wide = more.units.shape[1]
        kind = np.zeros(len(self._people.ids), np.int64)
        kind[self._r] += more.mentor * wide
        kind[self._s] += more.mentee
        return Extra(kind, more.units.astype(float))

    def _wished(self) -> Pairs:
        at = np.empty((2, len(self._people.ids)), np.int64)
        at[0, self._r], at[1, self._s] = np.arange(len(self._r)), np.arange(len(self._s))
        r, s = self._values.wished()
        return at[0, r], at[1, s]

    def complaints(self) -> list[str]:
        """Shares and stand-ins that the problem states and the tables do not bear out."""
        found = []
        asked = self._params.matching.shares
        weighed = [name for name in CRITERIA if asked[name] > 0]
        stating = {
            name: [
                bool(self._values.stated(name, side)[who].any())
                for side, who in (("mentor", self._r), ("mentee", self._s))
            ]
            for name in weighed
        }
        usable = [name for name in weighed if all(stating[name])] or weighed
        total = sum(asked[name] for name in usable)
        for name in weighed:
            share = asked[name] / total if name in usable else 0.0
            if not math.isclose(share, self._stated.share[name], abs_tol=1e-9):
                found.append(f"the share of {name} is {share:.9g}, not {self._stated.share[name]}")
        for name, stated in self._stated.stand_in.items():
            value = 0.0
            if self._params.matching.missing == "mean":
                value = mean(self._values, name, self._estimate.jaccard)
            if abs(value - stated) > 6e-7:
                found.append(f"the stand-in of {name} is {value:.9g}, not {stated}")
        return found
