"""How much do a pair's parts add up to, in single precision, for a tile of partners at a time?

What categories are worth comes from tables; sets and numbers are compared here. A *tile* is a run
of partners short enough to stay in the processor's nearest cache.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from revmentor.matching.arrays import FloatArray, IntArray
from revmentor.matching.kernels.bits import Counts, Words, as_int, shared_items
from revmentor.matching.kernels.compiled import compiled_bare, compiled_inner
from revmentor.matching.kernels.exact import Ints

Singles = npt.NDArray[np.float32]
SKILLS, INTERESTS, TRAIT, LANGUAGE = range(4)


class Partners(NamedTuple):
    """One side in the order in which a pass visits it, those of one pattern together.

    Parameters
    ----------
    person : array of int
    profile : array of int32
    words : array of uint32, shape (words, partners)
    scale, number, trait : array of float32
        1 / skills wanted, or 1; number of interests; extraversion in units of its scale.
    codes : array of int32, shape (criteria compared, partners)
    start : array of int
        Those of pattern k stand at ``start[k]`` to ``start[k + 1]``.
    """

    person: IntArray
    profile: Ints
    words: Words
    scale: Singles
    number: Singles
    trait: Singles
    codes: Ints
    start: IntArray


class Owners(NamedTuple):
    """One side by person: as `Partners`, but a row for each."""

    profile: Ints
    words: Words
    scale: FloatArray
    number: Singles
    trait: Singles
    codes: Ints


class Rates(NamedTuple):
    """What categories and parts are worth, in base units, for owners against partners.

    Parameters
    ----------
    owner, partner : array of int32, shape (attributes, profiles)
        Codes of each profile; row 0 is its pattern: which criteria its people state.
    offset, width : array of int
        The table of attribute a starts at ``table[offset[a]]``, rows are ``width[a]`` apart.
    criteria : int
        So many attributes are criteria, the others are groups.
    table : array of float
    constant, factor, most, size : array of float, shape (patterns, patterns)
        Base worth; what criteria are multiplied by; the most that parts can add; the sum of
        the absolute largest parts.
    part : array of float, shape (4, patterns, patterns)
        For all skills, for all interests, for the whole scale of the trait, for a language.
    match : array of float, shape (criteria compared, patterns, patterns)
        For the same code.
    no_language : float
        For a pair that shares none, where languages are compared one by one.
    ends : array of int
        Words of skills, interests and languages start at ``ends[0]``, ``[1]`` and ``[2]``; there
        are none of languages where these are an attribute.
    """

    owner: Ints
    partner: Ints
    offset: IntArray
    width: IntArray
    criteria: int
    table: FloatArray
    constant: FloatArray
    factor: FloatArray
    most: FloatArray
    size: FloatArray
    part: FloatArray
    match: FloatArray
    no_language: float
    ends: IntArray


class Tile(NamedTuple):
    """Partners at ``start`` and after, of one pattern, with what their categories are worth."""

    words: Words
    scale: Singles
    number: Singles
    trait: Singles
    codes: Ints


class Room(NamedTuple):
    """Room to work in, of one pass of one thread.

    Parameters
    ----------
    place : array of int
        Where the partners of the tile stand in the order.
    level, base : array of float
        What their categories leave after their price; the same less a reference.
    mixed, sum : array of float32
        With the parts of one owner added, by and by.
    shared, both, busy : array of int32
    row : array of float, as many as partners have profiles
        What the categories of a block are worth with each profile.
    threshold : array of int
        Of each owner of a block.
    best : array of float32
        The largest of some sums.
    waiting : array of int
        Partners to be examined.
    """

    place: IntArray
    level: FloatArray
    base: Singles
    mixed: Singles
    sum: Singles
    shared: Counts
    both: Counts
    busy: Counts
    row: FloatArray
    threshold: IntArray
    best: Singles
    waiting: IntArray


@compiled_bare
def _sums(
    total: Singles, base: Singles, z: np.float32, count: Counts, scale: Singles, skills: np.float32,
    both: Counts, number: Singles, interests: np.float32, mine: np.float32,
    trait: Singles, slope: np.float32, own: np.float32,
) -> int:  # fmt: skip
    """Add the parts of a tile; the largest sum as an int, which is positive if any sum is."""
    largest = np.int32(-2147483648)
    for t in range(len(total)):
        shared = np.float32(both[t])
        x = (base[t] + z) + np.float32(count[t]) * (scale[t] * skills)
        x += interests * (shared / ((number[t] + mine) - shared))
        x += slope * abs(trait[t] - own)
        total[t] = x
        bits = as_int(x)
        largest = bits if bits > largest else largest
    return int(largest)


@compiled_bare
def largest_of(total: Singles) -> int:
    """The largest number as an int, which is positive if any number is."""
    largest = np.int32(-2147483648)
    for t in range(len(total)):
        bits = as_int(total[t])
        largest = bits if bits > largest else largest
    return int(largest)


@compiled_bare
def lower(level: FloatArray, reference: float, base: Singles) -> None:
    """Levels less a reference, in single precision."""
    for t in range(len(base)):
        base[t] = np.float32(level[t] - reference)


@compiled_bare
def _compare(base: Singles, codes: Ints, code: np.int32, same: np.float32) -> None:
    for t in range(len(base)):
        base[t] += same if codes[t] == code else np.float32(0)


@compiled_bare
def _share_any(base: Singles, count: Counts, some: np.float32, none: np.float32) -> None:
    for t in range(len(base)):
        base[t] += some if count[t] > 0 else none


@compiled_bare
def profile_row(rates: Rates, profile: int, row: FloatArray) -> None:
    """What the categories of an owner's profile are worth with each profile of partners."""
    mine = rates.owner[0, profile]
    for p in range(len(row)):
        row[p] = rates.constant[mine, rates.partner[0, p]]
    for a in range(1, len(rates.offset)):
        start = rates.offset[a] + rates.owner[a, profile] * rates.width[a]
        if a < rates.criteria:
            for p in range(len(row)):
                row[p] += (
                    rates.table[start + rates.partner[a, p]]
                    * (rates.factor[mine, rates.partner[0, p]])
                )
        else:
            for p in range(len(row)):
                row[p] += rates.table[start + rates.partner[a, p]]


@compiled_inner
def add_parts(
    rates: Rates, owners: Owners, tile: Tile, start: int, room: Room, held: int,
    owner: int, mine: int, theirs: int, z: float,
) -> int:  # fmt: skip
    """Sums of an owner with the partners of a tile; positive if any of them is."""
    words, ends, busy = owners.words[owner], rates.ends, room.busy
    count, both, base = room.shared[:held], room.both[:held], room.base[:held]
    if len(tile.codes) or ends[3] > ends[2]:
        mixed = room.mixed[:held]
        for t in range(held):
            mixed[t] = base[t]
        for c in range(len(tile.codes)):
            _compare(
                mixed, tile.codes[c][start : start + held], owners.codes[owner, c],
                np.float32(rates.match[c, mine, theirs]),
            )  # fmt: skip
        if ends[3] > ends[2]:
            shared_items(tile.words, start, words, ends[2], ends[3], busy, count)
            _share_any(
                mixed, count, np.float32(rates.part[LANGUAGE, mine, theirs]),
                np.float32(rates.no_language),
            )  # fmt: skip
        base = mixed
    shared_items(tile.words, start, words, ends[0], ends[1], busy, count)
    shared_items(tile.words, start, words, ends[1], ends[2], busy, both)
    end = start + held
    return _sums(
        room.sum[:held], base, np.float32(z),
        count, tile.scale[start:end],
        np.float32(rates.part[SKILLS, mine, theirs] * owners.scale[owner]),
        both, tile.number[start:end], np.float32(rates.part[INTERESTS, mine, theirs]),
        owners.number[owner],
        tile.trait[start:end], np.float32(rates.part[TRAIT, mine, theirs]), owners.trait[owner],
    )  # fmt: skip
