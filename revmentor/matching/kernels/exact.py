"""What is a pair worth, to the last bit as `worth.Market` says, one pair at a time?

The formulas are those of `criteria` and `rules`, with every operation on decimals in the same
order: then the rounded scores are the same, and statements about whole units hold for both.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from revmentor.matching.arrays import BoolArray, FloatArray, IntArray
from revmentor.matching.kernels.bits import Words, ones
from revmentor.matching.kernels.compiled import compiled_bare, compiled_inner

Ints = npt.NDArray[np.int32]

# Columns of `People.codes`, and of `Forms.same` and `Forms.share` in the order of CRITERIA.
GRADE, FIRST, LAST, MANAGER, DEPARTMENT, SITE, GENERATION, ZONE = range(8)
(C_SKILLS, C_DEPARTMENT, C_GENERATION, C_GAP, C_INTERESTS,
 C_PERSONALITY, C_SITE, C_ZONE, C_LANGUAGE, C_WISHES) = range(10)  # fmt: skip
MILLION = 1e6
# As in `worth`: what a pair that may not be made is worth.
NEVER = -(2**62)


class People(NamedTuple):
    """One side of a pool, a row for each person.

    Parameters
    ----------
    codes : array of int32, shape (people, 8)
        Grade, first and last of the reporting line, manager, department, site, generation, zone.
    known : array of int32
        Bit c says whether the person states what criterion c needs.
    words : array of uint32, shape (people, words)
        Skills, interests, languages as bits, starting at ``Forms.ends[0]``, ``[1]``, ``[2]``.
    size : array of float, shape (people, 2)
        Number of skills and of interests.
    extraversion : array of float
    waves : array of int
        Waves in which the person is free, as bits.
    """

    codes: Ints
    known: Ints
    words: Words
    size: FloatArray
    extraversion: FloatArray
    waves: IntArray


class Forms(NamedTuple):
    """How criteria and rules read, as numbers; see `packed.forms_of`."""

    ends: IntArray
    share: FloatArray
    stand_in: FloatArray
    exclude: bool
    same: BoolArray
    complementary: bool
    breadth: float
    target_form: bool
    largest_gap: float
    target: float
    falloff: float
    overlap: FloatArray
    day: float
    least_gap: int
    reporting_line: bool
    same_manager: bool
    shared_language: bool
    least_overlap: float
    common_wave: bool


class Listed(NamedTuple):
    """Values of a few pairs: of mentee j at ``start[j]`` to ``start[j + 1]``, mentors sorted."""

    start: IntArray
    mentor: IntArray
    value: npt.NDArray[Any]


class Terms(NamedTuple):
    """What a market adds to scores.

    Parameters
    ----------
    least : int
    out : Listed
        Pairs that may not be made.
    added : Listed
        Units of single pairs.
    mentor, mentee : array of int32, shape (people, groupings)
        Groups of each person.
    offset, width : array of int
        The units of grouping g for groups a and b are ``units[offset[g] + a * width[g] + b]``.
    units : array of int
    scale : int
        If above 1, worth is multiplied by it and the pair's ticket added.
    mentor_ticket, mentee_ticket : array of uint64
    shift : uint64
        A ticket is the product of two numbers without so many low bits.
    """

    least: int
    out: Listed
    added: Listed
    mentor: Ints
    mentee: Ints
    offset: IntArray
    width: IntArray
    units: IntArray
    scale: int
    mentor_ticket: npt.NDArray[np.uint64]
    mentee_ticket: npt.NDArray[np.uint64]
    shift: np.uint64


class Tables(NamedTuple):
    """All that the exact worth of pairs of a pool depends on."""

    mentors: People
    mentees: People
    forms: Forms
    credit: Listed
    terms: Terms


@compiled_inner
def find(listed: Listed, i: int, j: int) -> int:
    """Where a pair stands in a list; -1 if it does not."""
    low, high = listed.start[j], listed.start[j + 1]
    end = high
    while low < high:
        middle = (low + high) >> 1
        if listed.mentor[middle] < i:
            low = middle + 1
        else:
            high = middle
    return low if low < end and listed.mentor[low] == i else -1


@compiled_inner
def ticket(terms: Terms, i: int, j: int) -> int:
    """The ticket of a pair, as `tickets.Tickets.of`."""
    return int((terms.mentor_ticket[i] * terms.mentee_ticket[j]) >> terms.shift)


@compiled_inner
def with_terms(terms: Terms, units: int, i: int, j: int) -> int:
    """The worth of a pair that scores so many units."""
    if units < terms.least or find(terms.out, i, j) >= 0:
        return NEVER
    for g in range(len(terms.offset)):
        units += terms.units[
            terms.offset[g] + terms.mentor[i, g] * terms.width[g] + terms.mentee[j, g]
        ]
    at = find(terms.added, i, j)
    if at >= 0:
        units += terms.added.value[at]
    return units if terms.scale == 1 else units * terms.scale + ticket(terms, i, j)


@compiled_inner
def shared(a: People, b: People, i: int, j: int, first: int, last: int) -> int:
    """Number of items that both people have."""
    count = 0
    for word in range(first, last):
        count += int(ones(a.words[i, word] & b.words[j, word]))
    return count


@compiled_inner
def allowed(a: People, b: People, forms: Forms, i: int, j: int) -> bool:
    """Does a pair keep all rules of `rules` that do not name single pairs?"""
    grade = a.codes[i, GRADE]
    if grade + forms.least_gap > b.codes[j, GRADE]:
        return False
    if forms.reporting_line:
        first, of_mentee = a.codes[i, FIRST], b.codes[j, FIRST]
        if of_mentee <= first <= b.codes[j, LAST] or first <= of_mentee <= a.codes[i, LAST]:
            return False
    if forms.same_manager:
        manager = a.codes[i, MANAGER]
        if manager >= 0 and manager == b.codes[j, MANAGER]:
            return False
    if forms.least_overlap > 0:
        one, other = a.codes[i, ZONE], b.codes[j, ZONE]
        if one < 0 or other < 0 or forms.overlap[other, one] < forms.least_overlap:
            return False
    if forms.common_wave and a.waves[i] & b.waves[j] == 0:
        return False
    return not (forms.shared_language and shared(a, b, i, j, forms.ends[2], forms.ends[3]) == 0)


@compiled_inner
def _part(known: bool, value: float, stand_in: float, share: float, weight: float) -> float:
    """Share times value; weights below 0 stand for none."""
    part = share * (value if known else stand_in)
    return part if weight < 0 else part / weight


@compiled_inner
def _same(one: int, other: int, wanted: bool) -> float:
    return 1.0 if (one == other) == wanted else 0.0


@compiled_inner
def score(tables: Tables, i: int, j: int) -> int:
    """Score of a pair in millionths, rules aside, as `scores.TableScores.plain`."""
    a, b, forms = tables.mentors, tables.mentees, tables.forms
    share, instead, ends, same = forms.share, forms.stand_in, forms.ends, forms.same
    one, other = a.codes[i], b.codes[j]
    known = a.known[i] & b.known[j]
    weight = -1.0
    if forms.exclude:
        weight = 0.0
        for c in range(len(share)):
            if share[c] >= 0:
                weight += share[c] if (known >> c) & 1 else 0.0
        if weight == 0:
            weight = 1.0
    total = 0.0
    for c in range(len(share)):
        if share[c] < 0:
            continue
        value = 0.0
        if c == C_SKILLS:
            value = shared(a, b, i, j, ends[0], ends[1]) / max(b.size[j, 0], 1.0)
        elif c == C_DEPARTMENT:
            value = _same(one[DEPARTMENT], other[DEPARTMENT], same[c])
        elif c == C_GENERATION:
            value = _same(one[GENERATION], other[GENERATION], same[c])
        elif c == C_GAP:
            gap = np.float64(other[GRADE] - one[GRADE])
            if forms.target_form:
                value = max(0.0, 1.0 - abs(gap - forms.target) / forms.falloff)
            else:
                value = max(gap, 0.0) / forms.largest_gap
        elif c == C_INTERESTS:
            both = shared(a, b, i, j, ends[1], ends[2])
            value = both / max(a.size[i, 1] + b.size[j, 1] - both, 1.0)
        elif c == C_PERSONALITY:
            value = abs(a.extraversion[i] - b.extraversion[j]) / forms.breadth
            if not forms.complementary:
                value = 1.0 - value
        elif c == C_SITE:
            value = _same(one[SITE], other[SITE], same[c])
        elif c == C_ZONE:
            if one[ZONE] >= 0 and other[ZONE] >= 0:
                value = forms.overlap[other[ZONE], one[ZONE]] / forms.day
        elif c == C_LANGUAGE:
            value = 1.0 if shared(a, b, i, j, ends[2], ends[3]) > 0 else 0.0
        elif c == C_WISHES:
            at = find(tables.credit, i, j)
            value = tables.credit.value[at] if at >= 0 else 0.0
        total += _part((known >> c) & 1 == 1, value, instead[c], share[c], weight)
    return int(np.rint(total * MILLION))


@compiled_inner
def worth(tables: Tables, i: int, j: int) -> int:
    """Worth of a pair, as `worth.Market.worth`."""
    if not allowed(tables.mentors, tables.mentees, tables.forms, i, j):
        return NEVER
    return with_terms(tables.terms, score(tables, i, j), i, j)


@compiled_bare
def worths(tables: Tables, i: IntArray, j: IntArray, units: IntArray) -> None:
    """Worth of listed pairs."""
    for at in range(len(i)):
        units[at] = worth(tables, i[at], j[at])
