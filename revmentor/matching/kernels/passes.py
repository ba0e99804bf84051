"""Which pairs of a pool gain more than a threshold at given prices? One pass over all of them.

People of one side, the *owners*, are visited in blocks that share a profile (their categories);
the others are their *partners*. What categories are worth is the same for a whole block: it is
looked up once for each partner, and partners who cannot reach the threshold drop out. For the
rest, in *tiles* that stay in the processor's nearest cache, the criteria that compare sets or
numbers are added in single precision. A pair whose sum passes is examined exactly.

No pair is missed. Let F be the true excess of a pair's unrounded worth over threshold and prices,
in base units. It is computed as f = base + z + parts, from at most 8 additions and 6 operations
in each part, all rounded to single precision, each with a relative error of at most e = 2**-24
(IEEE 754; nothing is reordered). With S the sum of the largest absolute parts,
|base| <= |F| + |z| + S, and adding up the errors (Higham, Accuracy and Stability of Numerical
Algorithms, chapter 4) gives |f - F| <= e (9 |F| + 18 |z| + 23 S). So whenever F is at least
-h, f + h + 32 e (|z| + S + h) > 0: this is the test. The error depends on the threshold's distance
from the prices of the block, |z|, not on the size of prices, which are subtracted in double
precision before; their own rounding is 2**-50 of their size. Rounding to whole units moves a pair
by half a unit, and a ticket by less than the highest ticket.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from revmentor.matching.arrays import BoolArray, FloatArray, IntArray
from revmentor.matching.kernels.bits import as_int
from revmentor.matching.kernels.compiled import compiled_bare, compiled_inner
from revmentor.matching.kernels.exact import NEVER, Tables, ticket, worth
from revmentor.matching.kernels.found import Found, insert
from revmentor.matching.kernels.tiles import (
    Owners,
    Partners,
    Rates,
    Room,
    Singles,
    Tile,
    add_parts,
    largest_of,
    lower,
    profile_row,
)

TILE = 1024
# Of a tile that passes, runs of so many partners are looked at only if one of the run passes.
RUN = 64
# A block of fewer owners is not worth copying the partners that are left for it.
FEW_OWNERS = 4
# Of a tile's sums, the maxima of pieces of so many tell how large the few largest are.
PIECE = 16
ERROR = 32 * 2.0**-24
DOUBLE_ERROR = 2.0**-50


class Asked(NamedTuple):
    """What a pass looks for.

    Parameters
    ----------
    owner_is_mentor : bool
    mentor_price, mentee_price : array of int
    owner_level, partner_level : array of float
        Price less units that all pairs of a person get, in base units; partners as ordered.
    taking_part : array of bool
        Of the partners' side, by person.
    special_start, special : array of int
        Partners whose pair with an owner is worth more or less than its parts: examined apart.
    few : int
        So many pairs of each owner; 0 for all.
    floor : int
        Only pairs that gain more.
    tie : bool
        Does it matter which of equally good pairs is kept?
    largest : float
        No level and no worth of categories is further from 0.
    """

    owner_is_mentor: bool
    mentor_price: IntArray
    mentee_price: IntArray
    owner_level: FloatArray
    partner_level: FloatArray
    taking_part: BoolArray
    special_start: IntArray
    special: IntArray
    few: int
    floor: int
    tie: bool
    largest: float


@compiled_inner
def is_special(asked: Asked, owner: int, partner: int) -> bool:
    """Is the pair examined apart?"""
    low, high = asked.special_start[owner], asked.special_start[owner + 1]
    end = high
    while low < high:
        middle = (low + high) >> 1
        if asked.special[middle] < partner:
            low = middle + 1
        else:
            high = middle
    return bool(low < end and asked.special[low] == partner)


@compiled_inner
def _keep(
    tables: Tables, asked: Asked, found: Found, at: int, row: int, owner: int, partner: int,
    threshold: int, apart: bool,
) -> int:  # fmt: skip
    """Examine a pair exactly and keep it if it is wanted; the owner's threshold after that."""
    i, j = (owner, partner) if asked.owner_is_mentor else (partner, owner)
    found.work[1] += 1
    value = worth(tables, i, j)
    if value == NEVER:
        return threshold
    gain = value - asked.mentor_price[i] - asked.mentee_price[j]
    if gain < threshold or gain <= asked.floor or (not apart and is_special(asked, owner, partner)):
        return threshold
    if asked.few == 0:
        place = found.size[0]
        if place < len(found.owner):
            found.owner[place] = at
            found.gain[place, 0] = gain
            found.partner[place, 0] = partner
        found.size[0] = place + 1
        return threshold
    insert(found, row, gain, ticket(tables.terms, i, j), partner)
    return found.gain[row, asked.few - 1] if found.size[row] == asked.few else threshold


@compiled_bare
def _promising(total: Singles, few: int, best: Singles) -> np.float32:
    """A bound that about so many sums reach: the few-th largest of maxima of short pieces.

    0 if that is not positive, or there are not so many pieces.
    """
    held = 0
    for start in range(0, len(total), PIECE):
        largest = np.float32(0)
        for t in range(start, min(start + PIECE, len(total))):
            largest = max(largest, total[t])
        at = held
        if held == few:
            if largest <= best[few - 1]:
                continue
            at = few - 1
        elif held < len(best):
            held += 1
        else:
            return np.float32(0)
        while at > 0 and best[at - 1] < largest:
            best[at] = best[at - 1]
            at -= 1
        best[at] = largest
    return best[few - 1] if held == few else np.float32(0)


@compiled_inner
def _examine(
    tables: Tables, rates: Rates, owners: Owners, partners: Partners, asked: Asked, tile: Tile,
    start: int, room: Room, held: int, highest: float, found: Found, at: int, row: int,
    owner: int, mine: int, theirs: int, threshold: int, reference: float,
) -> tuple[int, float]:  # fmt: skip
    """Keep what is wanted of a tile for one owner; the threshold and the reference after that.

    An owner who has too few pairs yet takes almost any. Sums then tell the tile's partners apart
    near the best of them, not near the threshold, and the most promising are examined first.
    """
    scale = np.float64(tables.terms.scale)
    drawn = (2.0 ** np.float64(64 - tables.terms.shift) - 1) / scale if scale > 1 else 0.0
    size = rates.size[mine, theirs]
    lacks = asked.few > 0 and found.size[row] < asked.few
    need = asked.owner_level[owner] + threshold / scale
    zero = max(need, highest - size) if lacks else need
    if abs(zero - reference) > 4 * size + 1000:
        reference = zero
        lower(room.level, reference, room.base[:held])
    half = drawn + (0.5 if scale > 1 or (asked.tie and asked.few > 0 and not lacks) else -0.5)
    z = half + reference - zero
    z += ERROR * (abs(reference - zero) + size + abs(half))
    z += DOUBLE_ERROR * (abs(need) + abs(zero) + abs(reference) + asked.largest) + 1e-3
    found.work[0] += held
    largest = add_parts(rates, owners, tile, start, room, held, owner, mine, theirs, z)
    total = room.sum[:held]
    passed, promising = np.float32(0), np.float32(0)
    if zero > need:
        passed = np.float32((need - zero) * (1 + ERROR) - 1)
    elif largest <= 0:
        return threshold, reference
    if lacks:
        promising = _promising(total, asked.few, room.best)
    for later in range(0 if promising > 0 else 1, 2):
        for run in range(0, held, RUN):
            end = min(run + RUN, held)
            if passed >= 0 and largest_of(total[run:end]) <= as_int(passed):
                continue
            for t in range(run, end):
                if total[t] <= passed:
                    continue
                if promising > 0 and (total[t] >= promising) != (later == 0):
                    continue
                new = _keep(
                    tables, asked, found, at, row, owner, partners.person[room.place[t]],
                    threshold, False,
                )  # fmt: skip
                if new != threshold:
                    threshold = new
                    # Who reaches the new threshold has a sum of about as much as it has risen.
                    rise = asked.owner_level[owner] + threshold / scale - zero
                    passed = np.float32(rise - ERROR * abs(rise) - 1)
                    if zero == need:
                        passed = max(passed, np.float32(0))
    return threshold, reference


@compiled_inner
def _collect(partners: Partners, room: Room, held: int, tile: Tile) -> None:
    """Copy the partners that are left, one next to the other."""
    place = room.place[:held]
    for word in range(len(partners.words)):
        source, copy = partners.words[word], tile.words[word]
        for t in range(held):
            copy[t] = source[place[t]]
    for c in range(len(partners.codes)):
        codes, same = partners.codes[c], tile.codes[c]
        for t in range(held):
            same[t] = codes[place[t]]
    for t in range(held):
        tile.scale[t] = partners.scale[place[t]]
        tile.number[t] = partners.number[place[t]]
        tile.trait[t] = partners.trait[place[t]]


@compiled_bare
def scan_blocks(
    tables: Tables, rates: Rates, owners: Owners, partners: Partners, asked: Asked,
    order: IntArray, blocks: IntArray, first: int, last: int, found: Found,
    room: Room, copied: Tile,
) -> int:  # fmt: skip
    """Scan some blocks of owners.

    Parameters
    ----------
    order : array of int
        Owners, those of one profile together.
    blocks : array of int
        Block b is ``order[blocks[b] : blocks[b + 1]]``, of one profile.
    first, last : int
        The blocks to scan.
    room, copied : Room, Tile
        Room for one thread.

    Returns
    -------
    int
        The first block that was not scanned: less than `last` when the list is full.
    """
    whole = Tile(partners.words, partners.scale, partners.number, partners.trait, partners.codes)
    row, threshold = room.row, room.threshold
    scale = np.float64(tables.terms.scale)
    drawn = (2.0 ** np.float64(64 - tables.terms.shift) - 1) / scale if scale > 1 else 0.0
    for b in range(first, last):
        listed = found.size[0]
        low, high = blocks[b], blocks[b + 1]
        profile = owners.profile[order[low]]
        mine = rates.owner[0, profile]
        profile_row(rates, profile, row)
        for n in range(high - low):
            owner = order[low + n]
            threshold[n] = asked.floor
            for at in range(asked.special_start[owner], asked.special_start[owner + 1]):
                if asked.taking_part[asked.special[at]]:
                    threshold[n] = _keep(
                        tables, asked, found, low + n, low + n - blocks[first], owner,
                        asked.special[at], threshold[n], True,
                    )  # fmt: skip
        for theirs in range(len(partners.start) - 1):
            t, end = partners.start[theirs], partners.start[theirs + 1]
            reach = rates.most[mine, theirs] + drawn + 2
            held = 0
            while t < end:
                need = np.inf
                for n in range(high - low):
                    level = asked.owner_level[order[low + n]] + threshold[n] / scale
                    need = min(need, level)
                slack = reach + DOUBLE_ERROR * (abs(need) + asked.largest)
                tile, start = copied, 0
                if high - low < FEW_OWNERS:
                    tile, start = whole, t
                    held = min(TILE, end - t)
                    for k in range(held):
                        room.place[k] = t + k
                        room.level[k] = row[partners.profile[t + k]] - asked.partner_level[t + k]
                    t += held
                else:
                    while t < end and held < TILE:
                        level = row[partners.profile[t]] - asked.partner_level[t]
                        room.place[held] = t
                        room.level[held] = level
                        held += level > need - slack
                        t += 1
                    _collect(partners, room, held, copied)
                highest = -np.inf
                for k in range(held):
                    highest = max(highest, room.level[k])
                lower(room.level, need, room.base[:held])
                reference = need
                for n in range(high - low):
                    owner = order[low + n]
                    level = asked.owner_level[owner] + threshold[n] / scale
                    if highest <= level - slack:
                        continue
                    threshold[n], reference = _examine(
                        tables, rates, owners, partners, asked, tile, start, room, held,
                        highest, found, low + n, low + n - blocks[first], owner, mine, theirs,
                        threshold[n], reference,
                    )  # fmt: skip
                held = 0
        if asked.few == 0 and found.size[0] > len(found.owner):
            found.size[0] = listed
            return b
    return last
