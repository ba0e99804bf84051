"""The second opinion on a cycle's tables: one mentee at a time, looking things up in sets."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from revmentor.matching.problem import Id, TableSource
from revmentor.matching.recount import Mask, Row
from revmentor.matching.recount_people import acquaintances, cell_text, read_named, read_people
from revmentor.params.models import CRITERIA, Params

Floats = npt.NDArray[np.float64]


class TableRecount:
    """The second opinion on a cycle's tables."""

    per_point = 10**6

    def __init__(self, source: TableSource) -> None:
        self._params: Params = source.params
        self._stated = source.scoring
        self._people = read_people(source)
        matching = source.params.matching
        self.least = max(1, round(matching.minimum_score * self.per_point))
        self.mentors = tuple(w for w, p in self._people.items() if p.side in ("mentor", "both"))
        self.mentees = tuple(w for w, p in self._people.items() if p.side in ("mentee", "both"))
        self.capacity: dict[Id, int] = {}
        self.demand: dict[Id, int] = {}
        for who in self.mentors:
            stated = self._people[who].capacity
            self.capacity[who] = matching.capacity.mentor if stated is None else stated
        for who in self.mentees:
            stated = self._people[who].capacity if self._people[who].side == "mentee" else None
            self.demand[who] = matching.capacity.mentee if stated is None else stated
        self.required = frozenset(read_named(source.decisions, "require"))
        self._met = acquaintances(read_named(source.history))
        self._forbidden = acquaintances(read_named(source.decisions, "forbid"))
        self._vetoed = acquaintances(
            (who, other) for who, person in self._people.items() for other in person.items["vetoes"]
        )
        self._index(source)
        self._values: dict[str, list[float]] = defaultdict(list)
        self._counts: dict[str, int] = defaultdict(int)
        self._usable: set[str] = set()

    def _index(self, source: TableSource) -> None:
        """What the rows look up: for each word and item, which mentors have it."""
        juniors = [self._people[who] for who in self.mentors]
        nobody = np.zeros(len(juniors), bool)
        self._at = {who: k for k, who in enumerate(self.mentors)}
        self._rank = np.array([p.rank for p in juniors], np.int64)
        self._extraversion = np.array([p.extraversion for p in juniors], float)
        self._with_word: dict[tuple[str, str | None], Mask] = defaultdict(nobody.copy)
        self._with_item: dict[tuple[str, str], Mask] = defaultdict(nobody.copy)
        self._size: dict[str, Floats] = {}
        for k, junior in enumerate(juniors):
            for column, word in junior.word.items():
                self._with_word[column, word][k] = True
            for column, items in junior.items.items():
                for item in items:
                    self._with_item[column, item][k] = True
        for column in ("skills_offered", "interests", "languages"):
            self._size[column] = np.array([len(p.items[column]) for p in juniors], float)
        self._wished_by: dict[str, dict[int, int]] = defaultdict(dict)
        for k, junior in enumerate(juniors):
            for place, other in enumerate(junior.wishes):
                self._wished_by[other][k] = place
        boss = {
            str(row["person_id"]): cell_text(row.get("manager_id"))
            for row in source.people.to_dict("records")
        }
        self._above: dict[str, list[str]] = {}
        self._under: dict[str, list[int]] = defaultdict(list)
        for who in self._people:
            chain, step = [], boss[who]
            while step is not None and step in boss:
                chain.append(step)
                step = boss[step]
            self._above[who] = chain
            if who in self._at:
                for manager in chain:
                    self._under[manager].append(self._at[who])
        zones = {p.word["time_zone"] for p in self._people.values()} - {None}
        self._working = {zone: self._working_minutes(str(zone)) for zone in zones}

    def _working_minutes(self, zone: str) -> Mask:
        """Which minutes of a UTC day does somebody there work?"""
        noon = dt.datetime.combine(self._params.programme.start, dt.time(12), ZoneInfo(zone))
        offset = noon.utcoffset() or dt.timedelta(0)
        hours = self._params.matching.working_hours
        minutes = np.zeros(24 * 60, bool)
        local = np.arange(hours.begin * 60, hours.end * 60)
        minutes[(local - round(offset.total_seconds() / 60)) % (24 * 60)] = True
        return minutes

    def row(self, mentee: int) -> Row:
        """Everything about one mentee's pairs with every mentor."""
        who = self.mentees[mentee]
        asked = self._params.matching.shares
        found = {name: self._value(name, who) for name in CRITERIA if asked[name] > 0}
        oneself = np.zeros(len(self.mentors), bool)
        if who in self._at:
            oneself[self._at[who]] = True
        for name, (value, known) in found.items():
            if known.any():
                self._usable.add(name)
            self._values[name].append(float(value[known & ~oneself].sum()))
            self._counts[name] += int((known & ~oneself).sum())
        total = np.zeros(len(self.mentors))
        share, stand_in = self._stated.share, self._stated.stand_in
        counted = {name: pair for name, pair in found.items() if share[name] > 0}
        weight = np.zeros(len(self.mentors))
        for name, (_, known) in counted.items():
            weight += np.where(known, share[name], 0.0)
        for name, (value, known) in counted.items():
            if self._params.matching.missing == "exclude":
                total += share[name] * np.where(known, value, 0.0) / np.where(weight, weight, 1.0)
            else:
                total += share[name] * np.where(known, value, stand_in.get(name, 0.0))
        return Row(np.rint(total * 1e6).astype(np.int64), self._broken(who))

    def _same(self, column: str, word: str | None) -> Mask:
        return self._with_word.get((column, word), np.zeros(len(self.mentors), bool))

    def _shared(self, column: str, items: frozenset[str]) -> Floats:
        """How many of the items each mentor has."""
        count = np.zeros(len(self.mentors))
        for item in items:
            if (column, item) in self._with_item:
                count += self._with_item[column, item]
        return count

    def _value(self, name: str, who: str) -> tuple[Floats, Mask]:
        """A criterion for all mentors with one mentee, and for whom it is known."""
        senior, forms = self._people[who], self._params.matching.criteria
        everybody = np.ones(len(self.mentors), bool)
        zero = np.zeros(len(self.mentors))
        match name:
            case "skills":
                wanted = senior.items["skills_wanted"]
                if not wanted:
                    return zero, ~everybody
                value = self._shared("skills_offered", wanted) / len(wanted)
                return value, self._size["skills_offered"] > 0
            case "interests":
                mine = senior.items["interests"]
                both = self._shared("interests", mine)
                union = self._size["interests"] + len(mine) - both
                value = np.divide(both, union, out=zero, where=union > 0)
                return value, (self._size["interests"] > 0) & bool(mine)
            case "language":
                spoken = senior.items["languages"]
                value = (self._shared("languages", spoken) > 0).astype(float)
                return value, (self._size["languages"] > 0) & bool(spoken)
            case "personality":
                scale = self._params.data.scales.extraversion
                far = np.abs(self._extraversion - senior.extraversion) / (scale.high - scale.low)
                known = ~np.isnan(far)
                return (far if forms.personality.direction == "complementary" else 1 - far), known
            case "seniority_gap":
                gap = senior.rank - self._rank.astype(float)
                if forms.seniority_gap.form == "target":
                    off = np.abs(gap - forms.seniority_gap.target)
                    return np.maximum(0.0, 1 - off / forms.seniority_gap.falloff), everybody
                top = max(self._people[w].rank for w in self.mentees)
                widest = max(1, top - int(self._rank.min(initial=top)))
                return np.maximum(0.0, gap) / widest, everybody
            case "time_zone":
                hours = self._params.matching.working_hours
                minutes, known = self._overlap(who)
                return minutes / ((hours.end - hours.begin) * 60), known
            case "wishes":
                return self._credit(who), everybody & self._anybody_wishes()
            case _:
                word = senior.word[name]
                same = self._same(name, word)
                known = ~self._same(name, None) & (word is not None)
                wanted_same = getattr(forms, name).direction == "same"
                return (same if wanted_same else ~same).astype(float), known

    def _overlap(self, who: str) -> tuple[Floats, Mask]:
        """Minutes a day that each mentor works together with the mentee."""
        mine = self._people[who].word["time_zone"]
        minutes = np.zeros(len(self.mentors))
        if mine is None:
            return minutes, np.zeros(len(self.mentors), bool)
        for zone, working in self._working.items():
            minutes[self._same("time_zone", zone)] = (working & self._working[mine]).sum()
        return minutes, ~self._same("time_zone", None)

    def _credit(self, who: str) -> Floats:
        wishes = self._params.matching.criteria.wishes
        steps = dict(enumerate(wishes.credit))
        value = np.zeros(len(self.mentors))
        mine = {other: place for place, other in enumerate(self._people[who].wishes)}
        theirs = self._wished_by.get(who, {})
        for k in theirs.keys() | {self._at[other] for other in mine if other in self._at}:
            of_mentor = steps.get(theirs.get(k, -1), 0.0)
            of_mentee = steps.get(mine.get(self.mentors[k], -1), 0.0)
            value[k] = wishes.mentor_share * of_mentor + (1 - wishes.mentor_share) * of_mentee
        return value

    def _anybody_wishes(self) -> bool:
        steps = len(self._params.matching.criteria.wishes.credit)
        seniors = set(self.mentees)
        return any(
            (who in self._at and other in seniors) or (who in seniors and other in self._at)
            for who, person in self._people.items()
            for other in person.wishes[:steps]
        )

    def _broken(self, who: str) -> dict[str, Mask]:
        """Which mentors break each rule that is on, with this mentee."""
        senior, rules = self._people[who], self._params.matching.rules
        broken = {"minimum_grade_gap": senior.rank - self._rank < rules.minimum_grade_gap}
        if rules.reporting_line:
            line = self._mark(self._above[who])
            line[self._under.get(who, [])] = True
            broken["reporting_line"] = line
        if rules.same_manager:
            boss = senior.word["manager_id"]
            broken["same_manager"] = self._same("manager_id", boss) & (boss is not None)
        if rules.no_repeat:
            broken["no_repeat"] = self._mark(self._met.get(who, ()))
        if rules.vetoes:
            broken["vetoes"] = self._mark(self._vetoed.get(who, ()))
        broken["forbidden"] = self._mark(self._forbidden.get(who, ()))
        if rules.shared_language:
            shared = self._shared("languages", senior.items["languages"])
            broken["shared_language"] = shared == 0
        if rules.minimum_overlap_hours > 0:
            minutes, known = self._overlap(who)
            broken["minimum_overlap_hours"] = ~known | (minutes < rules.minimum_overlap_hours * 60)
        return broken

    def _mark(self, people: Iterable[str]) -> Mask:
        """Which mentors are among these people?"""
        mask = np.zeros(len(self.mentors), bool)
        mask[[self._at[who] for who in people if who in self._at]] = True
        return mask

    def complaints(self) -> list[str]:
        """Shares and stand-ins that the problem states and the tables do not bear out."""
        found = []
        asked = self._params.matching.shares
        weighed = [name for name in CRITERIA if asked[name] > 0]
        usable = [name for name in weighed if name in self._usable] or weighed
        total = sum(asked[name] for name in usable)
        for name in weighed:
            share = asked[name] / total if name in usable else 0.0
            if not math.isclose(share, self._stated.share[name], abs_tol=1e-9):
                found.append(f"the share of {name} is {share:.9g}, not {self._stated.share[name]}")
        mean = self._params.matching.missing == "mean"
        for name, stated in self._stated.stand_in.items():
            count = self._counts[name] if mean else 0
            value = math.fsum(self._values[name]) / count if count else 0.0
            if abs(value - stated) > 6e-7:
                found.append(f"the stand-in of {name} is {value:.9g}, not {stated}")
        return found
