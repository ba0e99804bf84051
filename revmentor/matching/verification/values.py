"""What is each criterion for listed people, worked out a second time? For `verify` only."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from revmentor.matching.verification.people import Applicants, Floats, Items, Numbers

if TYPE_CHECKING:
    from revmentor.params.models import Params

Mask = npt.NDArray[np.bool_]
Kinds = npt.NDArray[np.int64] | npt.NDArray[np.float64]
# Criteria that depend on one number of each person alone: their kind.
OF_KINDS = (
    "department",
    "generation",
    "seniority_gap",
    "personality",
    "site",
    "time_zone",
    "language",
)


class Values:
    """Criteria of pairs of applicants, each given by their row."""

    def __init__(self, people: Applicants, params: Params, mentors: Numbers, mentees: Numbers):
        self.people, self.params = people, params
        self.mentors, self.mentees = mentors, mentees
        self._spoken, self._speech = _distinct(people.items["languages"])
        self._minutes = self._working_together()
        ranks = people.rank[mentors], people.rank[mentees]
        self._widest = 1
        if len(mentors) and len(mentees):
            self._widest = max(1, int(ranks[1].max() - ranks[0].min()))
        self._credit = self._credited()

    def kind(self, name: str) -> Kinds:
        """What a criterion of `OF_KINDS` looks at, one number per applicant."""
        match name:
            case "seniority_gap":
                return self.people.rank
            case "personality":
                return self.people.extraversion
            case "language":
                return self._speech
            case _:
                return self.people.word[name]

    def stated(self, name: str, side: str) -> Mask:
        """Who of all applicants states what a criterion needs, when on this side?"""
        match name:
            case "skills":
                column = "skills_offered" if side == "mentor" else "skills_wanted"
                return self.people.items[column].size > 0
            case "interests":
                return self.people.items["interests"].size > 0
            case "language":
                return self.people.items["languages"].size > 0
            case "personality":
                return ~np.isnan(self.people.extraversion)
            case "seniority_gap":
                return np.ones(len(self.people.ids), bool)
            case "wishes":
                return np.full(len(self.people.ids), self.anybody_wishes)
            case _:
                return self.people.word[name] >= 0

    def of_kinds(self, name: str, x: Kinds, y: Kinds) -> Floats:
        """A criterion of `OF_KINDS` between kinds of mentors and of mentees that broadcast."""
        forms = self.params.matching.criteria
        match name:
            case "seniority_gap":
                gap = (y.astype(np.int64) - x.astype(np.int64)).astype(float)
                if forms.seniority_gap.form == "target":
                    off = np.abs(gap - forms.seniority_gap.target)
                    return np.asarray(np.maximum(0.0, 1 - off / forms.seniority_gap.falloff))
                return np.asarray(np.maximum(0.0, gap) / self._widest)
            case "personality":
                scale = self.params.data.scales.extraversion
                ends = x.astype(float), y.astype(float)
                far = np.abs(ends[0] - ends[1]) / (scale.high - scale.low)
                complementary = forms.personality.direction == "complementary"
                return np.asarray(far if complementary else 1 - far)
            case "language":
                return self.speak(x, y).astype(float)
            case "time_zone":
                hours = self.params.matching.working_hours
                return np.asarray(self.minutes(x, y) / ((hours.end - hours.begin) * 60))
            case _:
                same = np.equal(x, y)
                wanted_same = getattr(forms, name).direction == "same"
                return np.asarray((same if wanted_same else ~same).astype(float))

    def minutes(self, x: Kinds, y: Kinds) -> Floats:
        """Minutes a day that people in two time zones work together."""
        return np.asarray(self._minutes[x.astype(np.int64), y.astype(np.int64)])

    def speak(self, x: Kinds, y: Kinds) -> Mask:
        """Do two kinds of speakers share a language?"""
        one, two = x.astype(np.int64), y.astype(np.int64)
        if one.ndim == 2:
            return np.asarray(self._spoken[two[:, 0]] @ self._spoken[one[0]].T > 0)
        return np.asarray((self._spoken[one] * self._spoken[two]).any(axis=1))

    def value(self, name: str, r: Numbers, s: Numbers) -> Floats:
        """A criterion of listed pairs: mentors and mentees by applicant."""
        items = self.people.items
        match name:
            case "skills":
                both = shared(items["skills_offered"], items["skills_wanted"], r, s)
                return np.asarray(both / np.maximum(items["skills_wanted"].size[s], 1))
            case "interests":
                both = shared(items["interests"], items["interests"], r, s)
                union = items["interests"].size[r] + items["interests"].size[s] - both
                return np.asarray(both / np.maximum(union, 1))
            case "wishes":
                keys, credit = self._credit
                return looked_up(keys, credit, r * len(self.people.ids) + s)
            case _:
                kinds = self.kind(name)
                return self.of_kinds(name, kinds[r], kinds[s])

    @property
    def anybody_wishes(self) -> bool:
        """Does anybody wish for somebody on the other side?"""
        return bool(len(self._credit[0]))

    def wished(self) -> tuple[Numbers, Numbers]:
        """Pairs that at least one side wishes for, by applicant."""
        keys = self._credit[0]
        return keys // len(self.people.ids), keys % len(self.people.ids)

    def _credited(self) -> tuple[Numbers, Floats]:
        """Credit of each wished pair, by mentor and mentee as one number, ascending."""
        wishes, forms = self.people.items["wishes"], self.params.matching.criteria.wishes
        at = {who: k for k, who in enumerate(self.people.ids)}
        found: dict[tuple[int, int], list[float]] = {}
        on = [np.zeros(len(at), bool), np.zeros(len(at), bool)]
        on[0][self.mentors], on[1][self.mentees] = True, True
        listed = zip(wishes.person.tolist(), wishes.item.tolist(), wishes.place.tolist(),
                     strict=True)  # fmt: skip
        for who, item, place in listed:
            other = at.get(wishes.names[item], -1)
            if other >= 0 and place < len(forms.credit):
                for side, (one, two) in enumerate(((who, other), (other, who))):
                    if on[0][one] and on[1][two]:
                        found.setdefault((one, two), [0.0, 0.0])[side] = forms.credit[place]
        share = forms.mentor_share
        rows = sorted((one * len(at) + two, *by) for (one, two), by in found.items())
        keys = np.array([row[0] for row in rows], np.int64)
        return keys, np.array([share * row[1] + (1 - share) * row[2] for row in rows], float)

    def _working_together(self) -> Floats:
        """Shared minutes by two zones, counted minute by minute over a UTC day."""
        hours = self.params.matching.working_hours
        noon = dt.datetime.combine(self.params.programme.start, dt.time(12))
        local = np.arange(hours.begin * 60, hours.end * 60)
        zones = self.people.names["time_zone"]
        working = np.zeros((len(zones) + 1, 24 * 60))
        for row, zone in enumerate(zones):
            offset = noon.replace(tzinfo=ZoneInfo(zone)).utcoffset() or dt.timedelta(0)
            working[row, (local - round(offset.total_seconds() / 60)) % (24 * 60)] = 1
        return np.asarray(working @ working.T)


def shared(offered: Items, wanted: Items, r: Numbers, s: Numbers) -> Numbers:
    """How many of what s lists does r list? Looked up item by item."""
    width = 1 + max(int(items.item.max(initial=0)) for items in (offered, wanted))
    has = offered.person * width + offered.item
    pair, item = listed(wanted, s)
    found = looked_up(has, np.ones(len(has)), r[pair] * width + item)
    return np.bincount(pair, found, len(s)).astype(np.int64)


def listed(items: Items, who: Numbers) -> tuple[Numbers, Numbers]:
    """Everything that these applicants list: the place among them, and the item."""
    count = items.size[who]
    place = np.repeat(np.arange(len(who)), count)
    first = np.cumsum(count) - count
    return place, items.item[items.start[who][place] + np.arange(len(place)) - first[place]]


def looked_up(keys: Numbers, values: Floats, wanted: Numbers) -> Floats:
    """Values of keys, 0 for those that are not there; the keys ascend."""
    if not len(keys):
        return np.zeros(len(wanted))
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], 0.0)


def _distinct(items: Items) -> tuple[Floats, Numbers]:
    """Different sets as rows of zeros and ones, and which one each applicant has."""
    ends = np.cumsum(items.size)
    sets = [
        items.item[end - size : end].tobytes()
        for end, size in zip(ends.tolist(), items.size.tolist(), strict=True)
    ]
    numbers = {held: k for k, held in enumerate(dict.fromkeys(sets))}
    rows = np.zeros((len(numbers), max(1, len(items.names))))
    for held, k in numbers.items():
        rows[k, np.frombuffer(held, np.int64)] = 1
    return rows, np.array([numbers[held] for held in sets], np.int64)


def different(kinds: Kinds) -> tuple[Kinds, Numbers, Numbers]:
    """The kinds that occur, the first place of each, and which one stands at each place."""
    found, first, which = np.unique(kinds, return_index=True, return_inverse=True)
    return found, first, which  # type: ignore[return-value]
