"""Which pairs of a pool gain more than a threshold at given prices? One pass over all of them.

People of one side, the *owners*, are visited in blocks that share a profile (their categories);
the others are their *partners*. What categories are worth is the same for a whole block: it is
looked up once for each partner, and partners who cannot reach the threshold drop out. For the
rest, in *tiles* that stay in the processor's nearest cache, the criteria that compare sets or
numbers are added in single precision. A pair whose sum passes is examined exactly.
"""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.compiled import compiled_bare, compiled_inner
from revmentor.matching.kernels.exact import Tables
from revmentor.matching.kernels.examine import DOUBLE_ERROR, examine, keep
from revmentor.matching.kernels.found import Asked, Found
from revmentor.matching.kernels.tiles import (
    Owners,
    Partners,
    Rates,
    Room,
    Tile,
    lower,
    profile_row,
)

# So many partners' words, numbers and sums fit the processor's nearest cache, or nearly.
TILE = 512
# A block of fewer owners is not worth copying the partners that are left for it.
FEW_OWNERS = 4


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
                    threshold[n] = keep(
                        tables, asked, found, low + n, low + n - blocks[first], owner,
                        asked.special[at : at + 1], threshold[n],
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
                    threshold[n], reference = examine(
                        tables, rates, owners, partners, asked, tile, start, room, held,
                        highest, found, low + n, low + n - blocks[first], owner, mine, theirs,
                        threshold[n], reference,
                    )  # fmt: skip
                held = 0
        if asked.few == 0 and found.size[0] > len(found.owner):
            found.size[0] = listed
            return b
    return last
