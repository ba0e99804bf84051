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
        Skills, then interests, then languages, as bits; see `Forms.ends`.
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
    return not (forms.shared_language and shared(a, b, i, j, forms.ends[1], forms.ends[2]) == 0)


@compiled_inner
def _part(forms: Forms, c: int, known: int, value: float, weight: float) -> float:
    if (known >> c) & 1 == 0:
        value = 0.0 if forms.exclude else forms.stand_in[c]
    part = forms.share[c] * value
    return float(part / weight if forms.exclude else part)


@compiled_inner
def _same(a: People, b: People, forms: Forms, c: int, column: int, i: int, j: int) -> float:
    same = a.codes[i, column] == b.codes[j, column]
    return 1.0 if same == forms.same[c] else 0.0


@compiled_inner
def score(tables: Tables, i: int, j: int) -> int:
    """Score of a pair in millionths, rules aside, as `scores.TableScores.plain`."""
    a, b, forms = tables.mentors, tables.mentees, tables.forms
    share, ends = forms.share, forms.ends
    known = a.known[i] & b.known[j]
    weight = 0.0
    if forms.exclude:
        for c in range(len(share)):
            if share[c] >= 0:
                weight += share[c] if (known >> c) & 1 else 0.0
        if weight == 0:
            weight = 1.0
    total = 0.0
    if share[C_SKILLS] >= 0:
        value = shared(a, b, i, j, 0, ends[0]) / max(b.size[j, 0], 1.0)
        total += _part(forms, C_SKILLS, known, value, weight)
    if share[C_DEPARTMENT] >= 0:
        value = _same(a, b, forms, C_DEPARTMENT, DEPARTMENT, i, j)
        total += _part(forms, C_DEPARTMENT, known, value, weight)
    if share[C_GENERATION] >= 0:
        value = _same(a, b, forms, C_GENERATION, GENERATION, i, j)
        total += _part(forms, C_GENERATION, known, value, weight)
    if share[C_GAP] >= 0:
        gap = np.float64(b.codes[j, GRADE] - a.codes[i, GRADE])
        if forms.target_form:
            value = max(0.0, 1.0 - abs(gap - forms.target) / forms.falloff)
        else:
            value = max(gap, 0.0) / forms.largest_gap
        total += _part(forms, C_GAP, known, value, weight)
    if share[C_INTERESTS] >= 0:
        both = shared(a, b, i, j, ends[0], ends[1])
        value = both / max(a.size[i, 1] + b.size[j, 1] - both, 1.0)
        total += _part(forms, C_INTERESTS, known, value, weight)
    if share[C_PERSONALITY] >= 0:
        value = abs(a.extraversion[i] - b.extraversion[j]) / forms.breadth
        if not forms.complementary:
            value = 1.0 - value
        total += _part(forms, C_PERSONALITY, known, value, weight)
    if share[C_SITE] >= 0:
        value = _same(a, b, forms, C_SITE, SITE, i, j)
        total += _part(forms, C_SITE, known, value, weight)
    if share[C_ZONE] >= 0:
        one, other = a.codes[i, ZONE], b.codes[j, ZONE]
        value = forms.overlap[other, one] / forms.day if one >= 0 and other >= 0 else 0.0
        total += _part(forms, C_ZONE, known, value, weight)
    if share[C_LANGUAGE] >= 0:
        value = 1.0 if shared(a, b, i, j, ends[1], ends[2]) > 0 else 0.0
        total += _part(forms, C_LANGUAGE, known, value, weight)
    if share[C_WISHES] >= 0:
        at = find(tables.credit, i, j)
        value = tables.credit.value[at] if at >= 0 else 0.0
        total += _part(forms, C_WISHES, known, value, weight)
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
