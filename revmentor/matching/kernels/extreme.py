"""How far can optimal prices move? Shortest paths from everything that holds them."""

from __future__ import annotations

from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.compiled import compiled
from revmentor.matching.kernels.heap import pop, push
from revmentor.matching.kernels.network import FAR, Network, Plan, Room


@compiled
def lower_items(
    network: Network, plan: Plan, bidder_price: IntArray, item_price: IntArray, room: Room
) -> None:
    """Make items' prices as small as optimal prices can be, and bidders' as large.

    An item's price cannot fall below 0, nor by more than a column not taken allows (the bidder's
    rise and the column's slack); a bidder's cannot rise with places left, nor by more than a
    column taken allows. The largest moves are thus distances in the residual network, all items
    being sources at the distance of their own price. Prices of people without places are left.
    """
    items, bidders = len(network.item_places), len(network.bidder_places)
    distance = room.distance
    waiting = 0
    for item in range(items):
        if network.item_places[item] > 0:
            distance[item] = item_price[item]
            waiting = push(room.heap_key, room.heap_node, room.place, waiting, distance[item], item)
    for bidder in range(bidders):
        if plan.bidder_count[bidder] < network.bidder_places[bidder]:
            distance[items + bidder] = 0
            waiting = push(room.heap_key, room.heap_node, room.place, waiting, 0, items + bidder)
    while waiting:
        near = room.heap_key[0]
        node = room.heap_node[0]
        waiting = pop(room.heap_key, room.heap_node, room.place, waiting)
        if node < items:
            for slot in range(plan.slot_start[node], plan.slot_start[node] + plan.item_count[node]):
                column = plan.slot[slot]
                bidder = network.bidder[column]
                far = near + network.units[column] - bidder_price[bidder] - item_price[node]
                if far < distance[items + bidder]:
                    distance[items + bidder] = far
                    waiting = push(
                        room.heap_key, room.heap_node, room.place, waiting, far, items + bidder
                    )
            continue
        bidder = node - items
        base = near + bidder_price[bidder]
        for column in range(network.start[bidder], network.start[bidder + 1]):
            item = network.item[column]
            far = base + item_price[item] - network.units[column]
            if far < distance[item] and network.item_places[item] > 0 and not plan.taken[column]:
                distance[item] = far
                waiting = push(room.heap_key, room.heap_node, room.place, waiting, far, item)
    for item in range(items):
        if distance[item] < FAR:
            item_price[item] -= distance[item]
    for bidder in range(bidders):
        if distance[items + bidder] < FAR:
            bidder_price[bidder] += distance[items + bidder]
    distance[:] = FAR
