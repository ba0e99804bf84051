"""What does a pass over all pairs look for, and how is it cut into pieces of work?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.kernels.found import Found

# A block has at most so many owners, so that their thresholds stay alike.
LONGEST_BLOCK = 64
# Pairs of one piece of work, which one thread does without looking at the clock: a twentieth of
# a second. Of small markets there are still some pieces for every thread.
PIECE, SMALLEST_PIECE, PIECES = 50_000_000, 1_000_000, 8
# Room for this many pairs of each owner, at first, in a list of all.
ROOM = 8


class Query(Protocol):
    """One pass over all pairs of some people, cut into blocks of owners."""

    @property
    def order(self) -> IntArray:
        """The owners as visited."""
        ...

    @property
    def blocks(self) -> IntArray:
        """The first place of each block, and the end."""
        ...

    def scan(self, first: int, last: int, found: Found) -> int:
        """Scan some blocks; the first block that did not fit."""
        ...


@dataclass(frozen=True, eq=False)
class Wanted:
    """What a pass looks for.

    Parameters
    ----------
    side : 0 or 1
        Are mentors the owners, or mentees?
    price : (array of int, array of int)
        Of mentors, of mentees.
    few : int
        So many pairs of each owner; 0 for all.
    floor : int
        Only pairs that gain more.
    tie : bool
        Does it matter which of equally good pairs is kept?
    who, among : array of int
        Owners and partners who take part.
    """

    side: int
    price: tuple[IntArray, IntArray]
    few: int
    floor: int
    tie: bool
    who: IntArray
    among: IntArray


class Passes(Protocol):
    """A market's pairs, for compiled loops."""

    def worth(self, i: IntArray, j: IntArray) -> IntArray:
        """Worth of listed pairs."""
        ...

    def query(self, wanted: Wanted) -> Query:
        """Get a pass ready."""
        ...


@dataclass(frozen=True, eq=False)
class Part:
    """What one piece of work found: owner, partner and gain of each pair; and its work."""

    owner: IntArray
    partner: IntArray
    gain: IntArray
    work: IntArray
    complete: bool = True


def blocks_of(profile: npt.NDArray[np.int32]) -> IntArray:
    """Where blocks of owners of one profile start, and the end."""
    if not len(profile):
        return np.zeros(1, np.int64)
    first = np.flatnonzero(np.r_[True, profile[1:] != profile[:-1]])
    length = np.diff(np.r_[first, len(profile)])
    pieces = -(-length // LONGEST_BLOCK)
    within = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    start = np.repeat(first, pieces) + within * LONGEST_BLOCK
    cuts: IntArray = np.append(start, len(profile))
    return cuts


def cuts_of(blocks: IntArray, pairs: int, partners: int) -> list[int]:
    """Blocks at which pieces of a pass over so many pairs start, and the end."""
    piece = min(PIECE, max(SMALLEST_PIECE, pairs // PIECES))
    owners = max(1, piece // partners)
    last = len(blocks) - 1
    cuts = [0]
    while cuts[-1] < last:
        end = int(np.searchsorted(blocks, blocks[cuts[-1]] + owners))
        cuts.append(min(last, max(cuts[-1] + 1, end)))
    return cuts


def work_on(
    query: Query, wanted: Wanted, first: int, last: int, most: int | None, clock: Clock
) -> Part:
    """Do one piece of work."""
    clock.check()
    low, high = int(query.blocks[first]), int(query.blocks[last])
    few, work = wanted.few, np.zeros(2, np.int64)
    if few:
        rows = high - low
        shape = rows, few
        gain, ticket, partner = (np.empty(shape, np.int64) for _ in range(3))
        count = np.zeros(rows, np.int64)
        query.scan(first, last, Found(gain, ticket, partner, np.empty(0, np.int64), count, work))
        filled = np.arange(few) < count[:, None]
        owner = np.repeat(np.arange(low, high), count)
        return Part(owner, partner[filled], gain[filled], work)
    parts: list[Part] = []
    room = (high - low) * ROOM
    while first < last:
        clock.check()
        found = Found(
            np.empty((room, 1), np.int64), np.empty((0, 1), np.int64),
            np.empty((room, 1), np.int64), np.empty(room, np.int64),
            np.zeros(1, np.int64), np.zeros(2, np.int64),
        )  # fmt: skip
        first = query.scan(first, last, found)
        work += found.work
        size = int(found.size[0])
        parts.append(
            Part(found.owner[:size].copy(), found.partner[:size, 0].copy(),
                 found.gain[:size, 0].copy(), work)
        )  # fmt: skip
        listed = sum(len(part.owner) for part in parts)
        if most is not None and listed + (room if first < last and not size else 0) > most:
            return Part(*joined(parts), work, complete=False)
        room *= 4
    return Part(*joined(parts), work)


def joined(parts: Sequence[Part]) -> tuple[IntArray, IntArray, IntArray]:
    """Owners, partners and gains of all parts, one after the other."""
    none = np.empty(0, np.int64)
    return (
        np.concatenate([none, *(part.owner for part in parts)]),
        np.concatenate([none, *(part.partner for part in parts)]),
        np.concatenate([none, *(part.gain for part in parts)]),
    )
