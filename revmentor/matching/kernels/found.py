"""Which pairs are looked for, and which have been found: the best few of each owner, or all?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from revmentor.matching.arrays import BoolArray, FloatArray, IntArray
from revmentor.matching.kernels.compiled import compiled, compiled_inner


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


class Found(NamedTuple):
    """Pairs found: the best few of each owner in rows, or all in a row.

    Parameters
    ----------
    gain, ticket, partner : array of int, shape (owners, few) or (room, 1)
    owner : array of int
        Place of the owner, for a list of all.
    size : array of int
        Pairs of each owner; or, of a list of all, their number.
    work : array of int
        Pairs computed, pairs examined exactly.
    """

    gain: IntArray
    ticket: IntArray
    partner: IntArray
    owner: IntArray
    size: IntArray
    work: IntArray


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
def insert(found: Found, row: int, gain: int, drawn: int, partner: int) -> bool:
    """Keep a pair among the best few of an owner, best first, if it is one of them.

    Ties are decided by ticket, then by the lower index.
    """
    few = found.gain.shape[1]
    size = found.size[row]
    at = size if size < few else few - 1
    if size == few:
        last = found.gain[row, at]
        if gain < last or (
            gain == last
            and (
                drawn < found.ticket[row, at]
                or (drawn == found.ticket[row, at] and partner > found.partner[row, at])
            )
        ):
            return False
    else:
        found.size[row] = size + 1
    while at > 0:
        before = found.gain[row, at - 1]
        if before > gain or (
            before == gain
            and (
                found.ticket[row, at - 1] > drawn
                or (found.ticket[row, at - 1] == drawn and found.partner[row, at - 1] < partner)
            )
        ):
            break
        found.gain[row, at] = before
        found.ticket[row, at] = found.ticket[row, at - 1]
        found.partner[row, at] = found.partner[row, at - 1]
        at -= 1
    found.gain[row, at] = gain
    found.ticket[row, at] = drawn
    found.partner[row, at] = partner
    return True


@compiled
def in_order(key: IntArray, before: IntArray, keys: int) -> IntArray:
    """Sort places by key, equal keys in the order of `before`, by counting.

    Parameters
    ----------
    key : array of int, 0 to keys - 1
    before : array of int
        All places of `key`, in the order that equal keys keep.
    """
    start = np.zeros(keys + 1, np.int64)
    for at in range(len(key)):
        start[key[at] + 1] += 1
    for k in range(keys):
        start[k + 1] += start[k]
    order = np.empty(len(key), np.int64)
    for n in range(len(before)):
        at = before[n]
        order[start[key[at]]] = at
        start[key[at]] += 1
    return order
