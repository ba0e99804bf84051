"""What do the compiled loops of exact matching work on?

The people of one side are *bidders*, those of the other *items*, whichever way round is quicker.
A column is a pair that may be made; its *gain* is its units less the prices of its two people.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.kernels.compiled import compiled
from revmentor.matching.kernels.heap import OUTSIDE

FAR = 2**62


class Network(NamedTuple):
    """Columns sorted by bidder, and the places of both sides.

    Parameters
    ----------
    start : array of int, shape (bidders + 1,)
        The columns of bidder b stand at ``start[b]`` to ``start[b + 1]``.
    bidder, item : array of int, shape (columns,)
    units : array of int, shape (columns,), 0 to 2**61
        Columns of 0 units are never taken.
    bidder_places, item_places : array of int, >= 0
    """

    start: IntArray
    bidder: IntArray
    item: IntArray
    units: IntArray
    bidder_places: IntArray
    item_places: IntArray


class Plan(NamedTuple):
    """Which columns are taken.

    Parameters
    ----------
    taken : array of bool, shape (columns,)
    bidder_count, item_count : array of int
        Columns taken, per person.
    slot_start : array of int, shape (items + 1,)
    slot : array of int
        The columns that item i holds stand at ``slot_start[i]`` and after, `item_count` of them.
    """

    taken: BoolArray
    bidder_count: IntArray
    item_count: IntArray
    slot_start: IntArray
    slot: IntArray


class Room(NamedTuple):
    """Scratch arrays of a search, one entry per node: items first, then bidders.

    Between searches all distances are `FAR` and no node is in the heap.
    """

    distance: IntArray
    via: IntArray
    place: IntArray
    heap_key: IntArray
    heap_node: IntArray
    ready: IntArray
    settled: IntArray
    touched: IntArray


def empty_plan(network: Network, degree: IntArray) -> Plan:
    """Nothing taken; `degree` says how many columns each item is in."""
    items, bidders = len(network.item_places), len(network.bidder_places)
    slot_start = np.zeros(items + 1, np.int64)
    np.cumsum(np.minimum(degree, network.item_places), out=slot_start[1:])
    return Plan(
        np.zeros(len(network.item), np.bool_),
        np.zeros(bidders, np.int64),
        np.zeros(items, np.int64),
        slot_start,
        np.empty(slot_start[-1], np.int64),
    )


def room_for(network: Network) -> Room:
    """Scratch arrays for searches in this network."""
    nodes = len(network.item_places) + len(network.bidder_places)
    return Room(
        np.full(nodes, FAR, np.int64),
        np.empty(nodes, np.int64),
        np.full(nodes, OUTSIDE, np.int64),
        *(np.empty(nodes, np.int64) for _ in range(5)),
    )


@compiled
def grouped(person: IntArray, start: IntArray) -> IntArray:
    """In which order are columns sorted by person, those of a person staying in their order?

    Parameters
    ----------
    person : array of int, shape (columns,)
    start : array of int, shape (people + 1,)
        How many columns belong to people before each.
    """
    order = np.empty(len(person), np.int64)
    following = start[:-1].copy()
    for column in range(len(person)):
        order[following[person[column]]] = column
        following[person[column]] += 1
    return order


@compiled
def hold(network: Network, plan: Plan) -> None:
    """Count the columns taken, and list them by item."""
    plan.bidder_count[:] = 0
    plan.item_count[:] = 0
    for column in range(len(plan.taken)):
        if plan.taken[column]:
            item = network.item[column]
            plan.slot[plan.slot_start[item] + plan.item_count[item]] = column
            plan.item_count[item] += 1
            plan.bidder_count[network.bidder[column]] += 1
