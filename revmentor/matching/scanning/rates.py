"""What are categories and parts worth to a filter, in base units, and how do sides look to it?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import FloatArray, IntArray
from revmentor.matching.kernels.exact import (
    C_GAP,
    C_INTERESTS,
    C_LANGUAGE,
    C_PERSONALITY,
    C_SKILLS,
    C_ZONE,
    MILLION,
    Forms,
)
from revmentor.matching.kernels.tiles import (
    INTERESTS,
    LANGUAGE,
    SKILLS,
    TRAIT,
    Owners,
    Partners,
    Rates,
)
from revmentor.matching.scanning.packed import Packed
from revmentor.matching.scanning.profiles import EQUAL, NONE, Attribute, Profiles
from revmentor.matching.worth import GroupUnits

# What is not allowed is worth less than anything else could make good.
RULED_OUT = -1e30


@dataclass(frozen=True, eq=False)
class Lanes:
    """Both sides of a pool as a filter reads them; shares do not matter here.

    Parameters
    ----------
    order : (array of int, array of int)
        Mentors, mentees by profile.
    spread : float
        Largest distance of extraversion between two people, over the length of its scale.
    """

    packed: Packed
    profiles: Profiles
    ends: IntArray
    order: tuple[IntArray, IntArray]
    people: tuple[Owners, Owners]
    spread: float

    @classmethod
    def of(cls, packed: Packed, profiles: Profiles, forms: Forms) -> Lanes:
        """Arrange both sides."""
        usual = packed.forms.ends
        used = (forms.share[C_SKILLS] >= 0, forms.share[C_INTERESTS] >= 0, profiles.languages)
        sections = [
            np.arange(first, last) if use else np.empty(0, np.int64)
            for first, last, use in zip(usual[:-1], usual[1:], used, strict=True)
        ]
        columns = np.concatenate(sections)
        ends = np.cumsum([0, *(len(section) for section in sections)])
        stated = [side.extraversion[~np.isnan(side.extraversion)] for side in packed.people]
        low = min((float(one.min()) for one in stated if len(one)), default=0.0)
        high = max((float(one.max()) for one in stated if len(one)), default=0.0)
        people = []
        for side, own in enumerate(packed.people):
            trait = np.nan_to_num((own.extraversion - low) / forms.breadth)
            codes = np.empty((len(own.known), len(profiles.compared)), np.int32)
            for number, c in enumerate(profiles.compared):
                codes[:, number] = own.codes[:, EQUAL[c]]
            people.append(
                Owners(
                    profile=profiles.of[side],
                    words=np.ascontiguousarray(own.words[:, columns]),
                    scale=1 / np.maximum(own.size[:, 0], 1) if side == 1 else np.ones(len(codes)),
                    number=np.maximum(own.size[:, 1], 1).astype(np.float32),
                    trait=trait.astype(np.float32),
                    codes=codes,
                )
            )
        order = tuple(np.argsort(of, kind="stable") for of in profiles.of)
        return cls(
            packed, profiles, ends, (order[0], order[1]), (people[0], people[1]),
            (high - low) / forms.breadth,
        )  # fmt: skip

    def owners(self, side: int) -> Owners:
        """A side as owners: nobody's unknown code is the same as anybody's."""
        people = self.people[side]
        return people._replace(codes=np.where(people.codes < 0, -2, people.codes))

    def partners(self, side: int, person: IntArray) -> Partners:
        """Some people of a side as partners; `person` are in the order of `order`."""
        people = self.people[side]
        profile = people.profile[person]
        pattern = self.profiles.codes[side][0][profile]
        patterns = len(self.profiles.attributes[0].values[side])
        return Partners(
            person=person,
            profile=profile,
            words=np.ascontiguousarray(people.words[person].T),
            scale=people.scale[person].astype(np.float32),
            number=people.number[person],
            trait=people.trait[person],
            codes=np.ascontiguousarray(people.codes[person].T),
            start=np.searchsorted(pattern, np.arange(patterns + 1)),
        )

    def rates(self, side: int, forms: Forms, groups: tuple[GroupUnits, ...]) -> Rates:
        """What everything is worth, for owners of one side."""
        profiles = self.profiles
        tables = [np.zeros((1, 1))]
        criteria = 1
        added = iter(groups)
        for attribute in profiles.attributes[1:]:
            table = _table(attribute, forms)
            if table is None:
                table = next(added).units.astype(np.float64)[np.ix_(*attribute.values)]
            else:
                criteria += 1
            tables.append(table if side == 0 else table.T)
        sizes = np.array([table.size for table in tables])
        pattern = _by_pattern(self, forms)
        turned = {
            name: np.ascontiguousarray(value if side == 0 else np.swapaxes(value, -1, -2))
            for name, value in pattern.items()
        }
        return Rates(
            owner=profiles.codes[side],
            partner=profiles.codes[1 - side],
            offset=np.cumsum(sizes) - sizes,
            width=np.array([table.shape[1] for table in tables], np.int64),
            criteria=criteria,
            table=np.concatenate([table.ravel() for table in tables]),
            no_language=RULED_OUT if forms.shared_language else 0.0,
            ends=self.ends,
            **turned,
        )


def _table(attribute: Attribute, forms: Forms) -> FloatArray | None:
    """Base worth of an attribute's codes, mentors by mentees; None for groups."""
    c, (a, b) = attribute.criterion, attribute.values
    share = 0.0 if c == NONE else max(0.0, float(forms.share[c]))
    if attribute.name == "waves":
        return np.where(a[:, None] & b == 0, RULED_OUT, 0.0)
    if c == C_GAP:
        gap = (b - a[:, None]).astype(np.float64)
        if forms.target_form:
            value = np.maximum(0.0, 1 - np.abs(gap - forms.target) / forms.falloff)
        else:
            value = np.maximum(gap, 0.0) / forms.largest_gap
        return np.where(gap < forms.least_gap, RULED_OUT, share * MILLION * value)
    if c == C_ZONE:
        unknown = (a[:, None] < 0) | (b < 0)
        value = np.zeros(unknown.shape)
        if forms.overlap.size:
            value = np.where(unknown, 0.0, forms.overlap[b, a[:, None]])
        worth: FloatArray = share * MILLION * value / forms.day
        if forms.least_overlap > 0:
            worth[unknown | (value < forms.least_overlap)] = RULED_OUT
        return worth
    if c == C_LANGUAGE:
        some = (a[:, None, :] & b[None, :, :]).any(axis=2)
        shared: FloatArray = np.where(
            some, share * MILLION, RULED_OUT if forms.shared_language else 0.0
        )
        return shared
    if c in EQUAL:
        known = (a[:, None] >= 0) & (b >= 0)
        alike: FloatArray = share * MILLION * (known & ((a[:, None] == b) == forms.same[c]))
        return alike
    return None


def _by_pattern(lanes: Lanes, forms: Forms) -> dict[str, FloatArray]:
    """Worth that depends on which criteria both sides state, mentors' patterns by mentees'."""
    a, b = lanes.profiles.attributes[0].values
    known = a[:, None] & b
    share = np.maximum(forms.share, 0.0)
    states = [((known >> c) & 1).astype(bool) for c in range(len(share))]
    factor = np.ones(known.shape)
    if forms.exclude:
        weight = sum((share[c] * states[c] for c in range(len(share))), np.zeros(known.shape))
        factor = 1 / np.where(weight == 0, 1.0, weight)
    full = [share[c] * MILLION * factor * states[c] for c in range(len(share))]
    constant = np.zeros(known.shape)
    if not forms.exclude:
        for c in range(len(share)):
            constant += np.where(states[c], 0.0, share[c] * MILLION * forms.stand_in[c])
    part = np.zeros((4, *known.shape))
    part[SKILLS], part[INTERESTS] = full[C_SKILLS], full[C_INTERESTS]
    most = part[SKILLS] + part[INTERESTS]
    size = most + full[C_PERSONALITY] * lanes.spread
    if forms.complementary:
        part[TRAIT] = full[C_PERSONALITY]
        most = most + full[C_PERSONALITY] * lanes.spread
    else:
        part[TRAIT] = -full[C_PERSONALITY]
        constant += full[C_PERSONALITY]
    if lanes.profiles.languages:
        part[LANGUAGE] = full[C_LANGUAGE]
        most, size = most + full[C_LANGUAGE], size + full[C_LANGUAGE]
    match = np.zeros((len(lanes.profiles.compared), *known.shape))
    for number, c in enumerate(lanes.profiles.compared):
        size = size + full[c]
        if forms.same[c]:
            match[number] = full[c]
            most = most + full[c]
        else:
            match[number] = -full[c]
            constant += full[c]
    return {
        "constant": constant, "factor": factor, "most": most, "size": size, "part": part,
        "match": match,
    }  # fmt: skip
