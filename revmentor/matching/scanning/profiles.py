"""Which combinations of categories occur, and what is each worth with each of the other side?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from revmentor.matching.arrays import IntArray
from revmentor.matching.criteria import Scoring
from revmentor.matching.kernels.exact import (
    C_DEPARTMENT,
    C_GAP,
    C_GENERATION,
    C_LANGUAGE,
    C_SITE,
    C_ZONE,
    DEPARTMENT,
    GENERATION,
    GRADE,
    SITE,
    ZONE,
    Ints,
)
from revmentor.matching.scanning.packed import Packed
from revmentor.matching.worth import GroupUnits
from revmentor.names import CRITERIA

# Criteria that ask whether two codes are the same.
EQUAL = {C_DEPARTMENT: DEPARTMENT, C_GENERATION: GENERATION, C_SITE: SITE}
# A person's categories are looked up once for all who share them: there should be so many.
PEOPLE_A_PROFILE = 48
FEW_PROFILES = 8
# Sets of languages, or of waves, of which more occur are compared bit by bit, or only exactly.
MOST_SETS = 64
NONE = -1
GROUP = "group"


@dataclass(frozen=True, eq=False)
class Attribute:
    """One thing that both sides have codes for.

    Parameters
    ----------
    criterion : int
        The place in CRITERIA of what it counts for; `NONE` for groups and waves.
    name : str
    codes : (array of int, array of int)
        Of mentors, of mentees; from 0.
    values : (array, array)
        What each code stands for.
    """

    criterion: int
    name: str
    codes: tuple[IntArray, IntArray]
    values: tuple[npt.NDArray[Any], npt.NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Profiles:
    """Profiles of both sides.

    Parameters
    ----------
    attributes : tuple of Attribute
        The first is the pattern: which criteria somebody states.
    compared : tuple of int
        Criteria of which the codes are compared pair by pair.
    languages : bool
        Are languages compared pair by pair?
    of : (array of int32, array of int32)
        Profile of each mentor, of each mentee; those of one pattern follow each other.
    codes : (array of int32, array of int32), shape (attributes, profiles)
    """

    attributes: tuple[Attribute, ...]
    compared: tuple[int, ...]
    languages: bool
    of: tuple[Ints, Ints]
    codes: tuple[Ints, Ints]


def numbered(key: IntArray) -> tuple[IntArray, IntArray]:
    """The distinct numbers in order, and the place of each number among them."""
    top = int(key.max(initial=0)) + 1
    if top > 8 * len(key) + 1024:
        found, place = np.unique(key, return_inverse=True)
        return found, place
    there = np.zeros(top, bool)
    there[key] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[key]


def profiles_of(packed: Packed, scoring: Scoring, groups: Sequence[GroupUnits]) -> Profiles:
    """Combine what both sides have codes for.

    What needs a table always is part of a profile. Criteria that only ask for the same code are
    so while enough people share a profile, the weightiest first: then more partners drop out at
    once. The others are compared pair by pair.
    """
    counting = [CRITERIA.index(criterion.name) for criterion in scoring.criteria]
    forms = packed.forms
    attributes = [_pattern(packed, counting), _values("grade", C_GAP, packed, GRADE)]
    if C_ZONE in counting or forms.least_overlap > 0:
        attributes.append(_values("zone", C_ZONE, packed, ZONE))
    if forms.common_wave:
        free = _coded("waves", NONE, [side.waves for side in packed.people])
        if max(map(len, free.values)) <= MOST_SETS:
            attributes.append(free)
    attributes += [
        _coded(f"{GROUP} {number}", NONE, [added.mentor, added.mentee])
        for number, added in enumerate(groups)
    ]
    optional = [c for c in EQUAL if c in counting]
    languages = C_LANGUAGE in counting or forms.shared_language
    if languages:
        optional.append(C_LANGUAGE)
    optional.sort(key=lambda c: -scoring.share[CRITERIA[c]])
    of = [_combined(attributes, side) for side in (0, 1)]
    compared = []
    for c in optional:
        more = _languages(packed) if c == C_LANGUAGE else _values("", c, packed, EQUAL[c])
        both = [_joined(of[side], more, side) for side in (0, 1)]
        if (c != C_LANGUAGE or max(map(len, more.values)) <= MOST_SETS) and all(
            int(mine.max(initial=0)) < max(FEW_PROFILES, len(mine) // PEOPLE_A_PROFILE)
            for mine in both
        ):
            attributes.append(more)
            of = both
        elif c != C_LANGUAGE:
            compared.append(c)
    attributes.sort(key=lambda each: each.name.startswith(GROUP))
    inside = any(each.criterion == C_LANGUAGE for each in attributes)
    codes = []
    for side in (0, 1):
        rows = np.zeros((len(attributes), int(of[side].max(initial=-1)) + 1), np.int32)
        for number, attribute in enumerate(attributes):
            rows[number, of[side]] = attribute.codes[side]
        codes.append(rows)
    return Profiles(
        tuple(attributes), tuple(compared), languages and not inside,
        (of[0].astype(np.int32), of[1].astype(np.int32)), (codes[0], codes[1]),
    )  # fmt: skip


def _coded(name: str, criterion: int, sides: Sequence[npt.NDArray[Any]]) -> Attribute:
    found = [np.unique(side, return_inverse=True) for side in sides]
    (a, i), (b, j) = found
    return Attribute(criterion, name, (i, j), (a, b))


def _values(name: str, criterion: int, packed: Packed, column: int) -> Attribute:
    sides = []
    for side in packed.people:
        codes = side.codes[:, column].astype(np.int64)
        low = int(codes.min(initial=0))
        found, place = numbered(codes - low)
        sides.append((place, found + low))
    (i, a), (j, b) = sides
    return Attribute(criterion, name or CRITERIA[criterion], (i, j), (a, b))


def _pattern(packed: Packed, counting: list[int]) -> Attribute:
    mask = sum(1 << c for c in counting)
    found = [numbered((side.known & mask).astype(np.int64)) for side in packed.people]
    (a, i), (b, j) = found
    return Attribute(NONE, "pattern", (i, j), (a, b))


def _languages(packed: Packed) -> Attribute:
    first, last = packed.forms.ends[2:]
    sides = []
    for side in packed.people:
        key = np.zeros(len(side.known), np.int64)
        for word in range(first, last):
            key = numbered(key * (1 << 32) + side.words[:, word])[1]
        which = np.unique(key, return_index=True)[1]
        sides.append((key, side.words[which, first:last]))
    (i, a), (j, b) = sides
    return Attribute(C_LANGUAGE, "language", (i, j), (a, b))


def _combined(attributes: list[Attribute], side: int) -> IntArray:
    of: IntArray = attributes[0].codes[side]
    for attribute in attributes[1:]:
        of = _joined(of, attribute, side)
    return of


def _joined(of: IntArray, attribute: Attribute, side: int) -> IntArray:
    return numbered(of * max(1, len(attribute.values[side])) + attribute.codes[side])[1]
