"""Which partners of a tile pass the test in single precision, and are worth enough exactly?

No pair is missed. Let F be the true excess of a pair's unrounded worth over threshold and prices,
in base units. It is computed as f = base + z + parts: base and z are rounded once, each part has at
most 6 operations, and there are n additions (n at most 8), all in single precision, each with a
relative error of at most e = 2**-24 (IEEE 754; nothing is reordered). With S the sum of the largest
absolute parts, |base| <= |F| + |z| + S, and adding up the errors (Higham, Accuracy and Stability of
Numerical Algorithms, chapter 4), to first order,

    |f - F| <= e ((n + 1) |F| + (2n + 2) |z| + (2n + 7) S).

One more e for each is ample for the higher orders. So a pair with F >= -h has
f + h + m > 0, where m is the bound without |F|: this is the test. The error depends on the
threshold's distance from the prices of the block, |z|, not on the size of prices, which are
subtracted in double precision before; their own rounding is 2**-50 of their size. Rounding to whole
units moves a pair by half a unit, and a ticket by less than the highest ticket.
"""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.bits import as_int
from revmentor.matching.kernels.compiled import compiled_bare, compiled_inner
from revmentor.matching.kernels.exact import NEVER, Tables, ticket, worth
from revmentor.matching.kernels.found import Asked, Found, insert, is_special
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
)

# Of a tile that passes, runs of so many partners are looked at only if one of the run passes.
RUN = 64
# Of a tile's sums, the maxima of pieces of so many tell how large the few largest are.
PIECE = 16
ROUNDING = 2.0**-24
# Of the error, what grows with the distance from the threshold; any n.
ERROR = 10 * ROUNDING
DOUBLE_ERROR = 2.0**-50


@compiled_bare
def keep(
    tables: Tables, asked: Asked, found: Found, at: int, row: int, owner: int,
    waiting: IntArray, threshold: int,
) -> int:  # fmt: skip
    """Examine an owner's pairs exactly and keep what is wanted; the threshold after that."""
    for n in range(len(waiting)):
        partner = waiting[n]
        i, j = (owner, partner) if asked.owner_is_mentor else (partner, owner)
        found.work[1] += 1
        value = worth(tables, i, j)
        if value == NEVER:
            continue
        gain = value - asked.mentor_price[i] - asked.mentee_price[j]
        if gain < threshold or gain <= asked.floor:
            continue
        if asked.few == 0:
            place = found.size[0]
            if place < len(found.owner):
                found.owner[place] = at
                found.gain[place, 0] = gain
                found.partner[place, 0] = partner
            found.size[0] = place + 1
            continue
        insert(found, row, gain, ticket(tables.terms, i, j), partner)
        if found.size[row] == asked.few:
            threshold = found.gain[row, asked.few - 1]
    return threshold


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
def _ticket(tables: Tables, asked: Asked, owner: int, partner: int) -> int:
    i, j = (owner, partner) if asked.owner_is_mentor else (partner, owner)
    return ticket(tables.terms, i, j)


@compiled_inner
def _equal(asked: Asked, scale: float, half: float, rise: float) -> np.float32:
    """Sums below this do not exceed a threshold that has risen so much by a whole unit."""
    if asked.few == 0 or scale > 1:
        return np.float32(-np.inf)
    return np.float32(rise + half + 0.5 - ERROR * (abs(rise) + 1))


@compiled_inner
def examine(
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
    n = 5 + len(tile.codes) + (rates.ends[3] > rates.ends[2])
    z += ROUNDING * ((2 * n + 2) * (abs(reference - zero) + abs(half)) + (2 * n + 7) * size)
    z += DOUBLE_ERROR * (abs(need) + abs(zero) + abs(reference) + asked.largest) + 1e-3
    found.work[0] += held
    largest = add_parts(rates, owners, tile, start, room, held, owner, mine, theirs, z)
    total = room.sum[:held]
    passed, promising = np.float32(0), np.float32(0)
    if zero > need:
        passed = np.float32((need - zero) * (1 + ERROR) - 1)
    elif largest <= 0:
        return threshold, reference
    # Whose sum is below this gains at most as much as the last one kept: the ticket decides.
    equal = _equal(asked, scale, half, need - zero)
    if lacks:
        promising = _promising(total, asked.few, room.best)
    for later in range(0 if promising > 0 else 1, 2):
        for run in range(0, held, RUN):
            end = min(run + RUN, held)
            if passed >= 0 and largest_of(total[run:end]) <= as_int(passed):
                continue
            waiting = 0
            for t in range(run, end):
                if total[t] <= passed:
                    continue
                if promising > 0 and (total[t] >= promising) != (later == 0):
                    continue
                partner = partners.person[room.place[t]]
                if (
                    total[t] < equal
                    and threshold > asked.floor
                    and _ticket(tables, asked, owner, partner) < found.ticket[row, asked.few - 1]
                ):
                    continue
                if is_special(asked, owner, partner):
                    continue
                room.waiting[waiting] = partner
                waiting += 1
            if waiting == 0:
                continue
            before = threshold
            threshold = keep(
                tables, asked, found, at, row, owner, room.waiting[:waiting], threshold
            )
            if threshold != before:
                # Who reaches the new threshold has a sum of about as much as it has risen.
                rise = asked.owner_level[owner] + threshold / scale - zero
                passed = np.float32(rise - ERROR * abs(rise) - 1)
                if zero == need:
                    passed = max(passed, np.float32(0))
                equal = _equal(asked, scale, half, rise)
    return threshold, reference
