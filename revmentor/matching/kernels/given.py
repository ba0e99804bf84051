"""Which given pairs gain more than a threshold at given prices? One pass over a matrix."""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.compiled import compiled_bare, compiled_inner
from revmentor.matching.kernels.exact import NEVER, Terms, ticket, with_terms
from revmentor.matching.kernels.found import Asked, Found, insert, is_special

# Owners and partners whose pairs are compared at a time: a matrix is read by rows either way.
SQUARE = 64


@compiled_bare
def given_worths(matrix: IntArray, terms: Terms, i: IntArray, j: IntArray, units: IntArray) -> None:
    """Worth of listed pairs."""
    for at in range(len(i)):
        units[at] = with_terms(terms, matrix[j[at], i[at]], i[at], j[at])


@compiled_inner
def _keep(
    matrix: IntArray, terms: Terms, asked: Asked, found: Found, at: int, row: int,
    owner: int, partner: int, threshold: int, apart: bool,
) -> int:  # fmt: skip
    """Examine a pair and keep it if it is wanted; the owner's threshold after that."""
    i, j = (owner, partner) if asked.owner_is_mentor else (partner, owner)
    found.work[1] += 1
    value = with_terms(terms, matrix[j, i], i, j)
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
    insert(found, row, gain, ticket(terms, i, j), partner)
    return found.gain[row, asked.few - 1] if found.size[row] == asked.few else threshold


@compiled_inner
def _square(
    matrix: IntArray, terms: Terms, asked: Asked, owners: IntArray, partners: IntArray,
    square: IntArray,
) -> None:  # fmt: skip
    """What a few owners gain with a few partners, tickets and single pairs aside."""
    never = NEVER // terms.scale
    for n in range(len(owners)):
        for t in range(len(partners)):
            i, j = owners[n], partners[t]
            if not asked.owner_is_mentor:
                i, j = j, i
            units = matrix[j, i]
            if units < terms.least:
                square[n, t] = never
                continue
            for g in range(len(terms.offset)):
                at = terms.offset[g] + terms.mentor[i, g] * terms.width[g]
                units += terms.units[at + terms.mentee[j, g]]
            price = asked.mentor_price[i] + asked.mentee_price[j]
            square[n, t] = units * terms.scale - price


@compiled_bare
def scan_given(
    matrix: IntArray, terms: Terms, asked: Asked, partners: IntArray,
    order: IntArray, blocks: IntArray, first: int, last: int, found: Found,
    square: IntArray, threshold: IntArray,
) -> int:  # fmt: skip
    """Scan some blocks of at most `SQUARE` owners; see `passes.scan_blocks`."""
    drawn = 0
    if terms.scale > 1:
        drawn = int((~np.uint64(0)) >> terms.shift)
    for b in range(first, last):
        listed = found.size[0]
        low, high = blocks[b], blocks[b + 1]
        for n in range(high - low):
            owner = order[low + n]
            threshold[n] = asked.floor
            for at in range(asked.special_start[owner], asked.special_start[owner + 1]):
                if asked.taking_part[asked.special[at]]:
                    threshold[n] = _keep(
                        matrix, terms, asked, found, low + n, low + n - blocks[first], owner,
                        asked.special[at], threshold[n], True,
                    )  # fmt: skip
        for start in range(0, len(partners), SQUARE):
            end = min(start + SQUARE, len(partners))
            _square(matrix, terms, asked, order[low:high], partners[start:end], square)
            for n in range(high - low):
                gains = square[n, : end - start]
                highest = gains[0]
                for t in range(1, len(gains)):
                    highest = max(highest, gains[t])
                found.work[0] += len(gains)
                if highest + drawn < threshold[n]:
                    continue
                for t in range(len(gains)):
                    if gains[t] + drawn >= threshold[n] and gains[t] + drawn > asked.floor:
                        threshold[n] = _keep(
                            matrix, terms, asked, found, low + n, low + n - blocks[first],
                            order[low + n], partners[start + t], threshold[n], False,
                        )  # fmt: skip
        if asked.few == 0 and found.size[0] > len(found.owner):
            found.size[0] = listed
            return b
    return last
