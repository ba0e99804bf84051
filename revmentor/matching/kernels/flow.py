"""How is a plan made the best one? By shortest augmenting paths that keep prices in step.

Kuhn's method in the form of Edmonds and Karp (1972) and Tomizawa (1971): Dijkstra's search on the
residual network with reduced costs, for partners on both sides in any number. Throughout, the
gain of every taken column is at least 0 and that of every other at most 0. When moreover whoever
has places left has price 0, plan and prices are optimal, by complementary slackness.
"""

from __future__ import annotations

from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.compiled import compiled
from revmentor.matching.kernels.heap import OUTSIDE, pop, push
from revmentor.matching.kernels.network import FAR, Network, Plan, Room

# Entries of the array of counters.
AUGMENTATIONS, ARCS, POPS, BIDS = range(4)


@compiled
def augment(
    network: Network,
    plan: Plan,
    bidder_price: IntArray,
    item_price: IntArray,
    room: Room,
    work: IntArray,
    bidder: int,
    arcs: int,
) -> int:
    """Fill the open places of bidders whose price is above 0, or bring their price down to 0.

    Plan and prices must satisfy the conditions on gains; they still do afterwards, whenever it
    stops. Prices of bidders only fall, those of items only rise, and an item with open places
    keeps its price.

    Parameters
    ----------
    work : array of int
        Counters that go up: augmentations, arcs scanned, heap pops.
    bidder : int
        The first bidder to look at.
    arcs : int
        Stop after the first bidder with which this many arcs have been scanned.

    Returns
    -------
    int
        The bidder to go on with; the number of bidders when all is done.
    """
    bidders = len(network.bidder_places)
    limit = work[ARCS] + arcs
    while bidder < bidders:
        while (
            plan.bidder_count[bidder] < network.bidder_places[bidder] and bidder_price[bidder] > 0
        ):
            room.ready[0] = len(network.item_places) + bidder
            last = search(network, plan, bidder_price, item_price, room, work, 1)
            if last != len(network.item_places) + bidder:
                flip(network, plan, room, bidder, last)
            work[AUGMENTATIONS] += 1
        bidder += 1
        if work[ARCS] >= limit:
            break
    return bidder


@compiled
def search(
    network: Network,
    plan: Plan,
    bidder_price: IntArray,
    item_price: IntArray,
    room: Room,
    work: IntArray,
    sources: int,
) -> int:
    """Find the cheapest way to give one of some bidders one more item, and move prices with it.

    A way ends at an item with an open place, at a bidder who gives an item up for its price, or
    at a source itself, who goes without for its own price.

    Parameters
    ----------
    sources : int
        How many bidders stand in ``room.ready``, as nodes.

    Returns
    -------
    int
        The node at which the way ends; ``room.via`` leads back from it.
    """
    items = len(network.item_places)
    start, item_of, bidder_of, units = network.start, network.item, network.bidder, network.units
    taken, item_count, item_places = plan.taken, plan.item_count, network.item_places
    slot_start, slot = plan.slot_start, plan.slot
    distance, via, place = room.distance, room.via, room.place
    touched_node, settled_node = room.touched, room.settled
    heap_key, heap_node, stack = room.heap_key, room.heap_node, room.ready
    best = FAR
    last = OUTSIDE
    ready = touched = sources
    for at in range(sources):
        node = stack[at]
        distance[node] = 0
        touched_node[at] = node
        if bidder_price[node - items] < best:
            best = bidder_price[node - items]
            last = node
    settled = waiting = near = 0
    while True:
        if ready:
            ready -= 1
            node = stack[ready]
        elif waiting and heap_key[0] < best:
            near = heap_key[0]
            node = heap_node[0]
            waiting = pop(heap_key, heap_node, place, waiting)
            work[POPS] += 1
            if distance[node] < near:
                continue
        else:
            break
        settled_node[settled] = node
        settled += 1
        if node >= items:
            bidder = node - items
            base = near + bidder_price[bidder]
            if base < best:
                best = base
                last = node
            begin, end = start[bidder], start[bidder + 1]
            work[ARCS] += end - begin
            for column in range(begin, end):
                item = item_of[column]
                far = base + item_price[item] - units[column]
                if far >= best or far >= distance[item] or taken[column]:
                    continue
                if distance[item] == FAR:
                    touched_node[touched] = item
                    touched += 1
                distance[item] = far
                via[item] = column
                if item_count[item] < item_places[item]:
                    best = far
                    last = item
                elif far == near:
                    stack[ready] = item
                    ready += 1
                else:
                    waiting = push(heap_key, heap_node, place, waiting, far, item)
            if best <= near:
                break
        else:
            work[ARCS] += item_count[node]
            for held in range(slot_start[node], slot_start[node] + item_count[node]):
                column = slot[held]
                bidder = bidder_of[column]
                far = near + units[column] - bidder_price[bidder] - item_price[node]
                other = items + bidder
                if far >= best or far >= distance[other]:
                    continue
                if distance[other] == FAR:
                    touched_node[touched] = other
                    touched += 1
                distance[other] = far
                via[other] = column
                if far == near:
                    stack[ready] = other
                    ready += 1
                else:
                    waiting = push(heap_key, heap_node, place, waiting, far, other)
    for at in range(settled):
        node = settled_node[at]
        if distance[node] < best:
            if node < items:
                item_price[node] += best - distance[node]
            else:
                bidder_price[node - items] -= best - distance[node]
    for at in range(touched):
        distance[touched_node[at]] = FAR
    for at in range(waiting):
        place[heap_node[at]] = OUTSIDE
    return last


@compiled
def flip(network: Network, plan: Plan, room: Room, source: int, last: int) -> None:
    """Take and give up the columns along the way that ends at a node, in turn."""
    items = len(network.item_places)
    if last < items:
        item = last
        slot = plan.slot_start[item] + plan.item_count[item]
        plan.item_count[item] += 1
    else:
        column = room.via[last]
        plan.taken[column] = False
        plan.bidder_count[last - items] -= 1
        item = network.item[column]
        slot = held_at(plan, item, column)
    while True:
        column = room.via[item]
        plan.taken[column] = True
        plan.slot[slot] = column
        bidder = network.bidder[column]
        if bidder == source:
            plan.bidder_count[source] += 1
            return
        column = room.via[items + bidder]
        plan.taken[column] = False
        item = network.item[column]
        slot = held_at(plan, item, column)


@compiled
def held_at(plan: Plan, item: int, column: int) -> int:
    """The slot in which an item holds a column."""
    slot: int = plan.slot_start[item]
    while plan.slot[slot] != column:
        slot += 1
    return slot
