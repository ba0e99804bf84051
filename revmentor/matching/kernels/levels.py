"""How are many bidders served at once? By all ways that cost nothing, level by level.

Where many pairs are worth the same, a search for one bidder crosses wide plains of ways that
cost nothing, and so does the next. Hopcroft and Karp (1973) serve all bidders in a few passes
over such a plain; between passes one search from all of them moves the prices (Kuhn, 1955).
"""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.compiled import compiled
from revmentor.matching.kernels.flow import ARCS, AUGMENTATIONS, search
from revmentor.matching.kernels.network import Network, Plan, Room


@compiled
def move_prices(
    network: Network,
    plan: Plan,
    bidder_price: IntArray,
    item_price: IntArray,
    room: Room,
    work: IntArray,
) -> None:
    """Move prices until some bidder with an open place and a price can be served for nothing.

    Plan and prices must satisfy the conditions on gains; they still do afterwards.
    """
    sources = 0
    for bidder in range(len(network.bidder_places)):
        if bidder_price[bidder] > 0 and plan.bidder_count[bidder] < network.bidder_places[bidder]:
            room.ready[sources] = len(network.item_places) + bidder
            sources += 1
    if sources > 0:
        search(network, plan, bidder_price, item_price, room, work, sources)


@compiled
def serve_for_nothing(
    network: Network,
    plan: Plan,
    bidder_price: IntArray,
    item_price: IntArray,
    room: Room,
    work: IntArray,
) -> int:
    """Fill places along ways that cost nothing, trying every column at most once.

    Returns
    -------
    int
        How many places have been filled.
    """
    start, item_of, bidder_of, units = network.start, network.item, network.bidder, network.units
    taken, slot, item_count = plan.taken, plan.slot, plan.item_count
    items = len(network.item_places)
    next_slot, next_column = room.via[:items], room.via[items:]
    next_slot[:] = plan.slot_start[:-1]
    next_column[:] = start[:-1]
    way_in = np.empty(len(slot) + 1, np.int64)
    way_out = np.empty(len(slot) + 1, np.int64)
    served = 0
    for source in range(len(network.bidder_places)):
        while (
            bidder_price[source] > 0 and plan.bidder_count[source] < network.bidder_places[source]
        ):
            length = 0
            bidder = source
            # The end of the way: an item with an open place, or a bidder without a price.
            found = giver = -1
            while bidder >= 0:
                column = next_column[bidder]
                price, end = bidder_price[bidder], start[bidder + 1]
                while column < end and (
                    units[column] != price + item_price[item_of[column]] or taken[column]
                ):
                    column += 1
                work[ARCS] += column - next_column[bidder]
                next_column[bidder] = min(column + 1, end)
                if column < end:
                    way_in[length] = column
                    item = item_of[column]
                    if item_count[item] < network.item_places[item]:
                        found = item
                        break
                elif length > 0:
                    length -= 1
                    item = item_of[way_in[length]]
                else:
                    break
                bidder = bidder_of[way_in[length]]
                while next_slot[item] < plan.slot_start[item] + item_count[item]:
                    place = next_slot[item]
                    next_slot[item] += 1
                    loser = bidder_of[slot[place]]
                    if units[slot[place]] == bidder_price[loser] + item_price[item]:
                        way_out[length] = place
                        if bidder_price[loser] == 0:
                            giver = loser
                            bidder = -1
                        else:
                            length += 1
                            bidder = loser
                        break
            if found < 0 and giver < 0:
                break
            for at in range(length + 1):
                if at < length or giver >= 0:
                    place = way_out[at]
                    taken[slot[place]] = False
                else:
                    place = plan.slot_start[found] + item_count[found]
                slot[place] = way_in[at]
                taken[way_in[at]] = True
            if giver >= 0:
                plan.bidder_count[giver] -= 1
            else:
                item_count[found] += 1
            plan.bidder_count[source] += 1
            work[AUGMENTATIONS] += 1
            served += 1
    return served
