"""How do prices get near to the best ones quickly? Bidders outbid each other for items.

Bertsekas' auction (1979, 1988) with the places of an item as similar objects (Bertsekas and
Castañon, 1989): a bid takes the cheapest place, and the price of an item is that of its cheapest
place. With steps of epsilon the outcome is off by at most epsilon a place; large steps first,
then smaller ones, keep wars of small bids short. What is left is the work of `flow`.
"""

from __future__ import annotations

from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.compiled import compiled
from revmentor.matching.kernels.flow import ARCS, BIDS
from revmentor.matching.kernels.network import Network, Plan


@compiled
def call(network: Network, plan: Plan, on_offer: IntArray, seeking: IntArray) -> int:
    """Let no item be held and every bidder seek all its places; returns how many are sought.

    Parameters
    ----------
    on_offer : array of int, one value per column
        The units of columns not held, 0 for those held; empty if all bidders have one place,
        because who seeks then holds nothing.
    seeking : array of int, shape (places of all bidders that could be filled,)
        A stack of bidders, one entry for each place that is sought.
    """
    plan.item_count[:] = 0
    if len(on_offer):
        on_offer[:] = network.units
    size = 0
    for bidder in range(len(network.bidder_places) - 1, -1, -1):
        degree = network.start[bidder + 1] - network.start[bidder]
        for _ in range(min(degree, network.bidder_places[bidder])):
            seeking[size] = bidder
            size += 1
    return size


@compiled
def bid(
    network: Network,
    plan: Plan,
    item_price: IntArray,
    slot_price: IntArray,
    on_offer: IntArray,
    seeking: IntArray,
    size: int,
    step: int,
    work: IntArray,
    arcs: int,
) -> int:
    """Let bidders on the stack bid until all have what they seek, or so much has been scanned.

    A bidder bids for the column that gains most among those it has not: so much that it gains
    what the second best item would let it gain, less the step. Who gains from none seeks no more.

    Parameters
    ----------
    item_price : array of int
        Prices at the start; an item keeps its own until all its places are taken.
    slot_price : array of int
        What was bid for each place taken: a heap per item, beside ``plan.slot``.
    on_offer, seeking : arrays of int
        As `call` left them, or the call of this before.
    step : int
        Epsilon, at least 1 unit.

    Returns
    -------
    int
        How many places are still sought.
    """
    several = len(on_offer) > 0
    units = on_offer if several else network.units
    start, item_of = network.start, network.item
    slot_start, slot, item_count = plan.slot_start, plan.slot, plan.item_count
    bids = scanned = 0
    while size and scanned < arcs:
        size -= 1
        bidder = seeking[size]
        best = second = 0
        choice = -1
        begin, end = start[bidder], start[bidder + 1]
        bids += 1
        scanned += end - begin
        for column in range(begin, end):
            gain = units[column] - item_price[item_of[column]]
            if gain > best:
                second = best
                best = gain
                choice = column
            elif gain > second:
                second = gain
        if choice < 0:
            continue
        item = item_of[choice]
        offer = item_price[item] + best - second + step
        root = slot_start[item]
        places = slot_start[item + 1] - root
        held = item_count[item]
        if several:
            on_offer[choice] = 0
        if held < places:
            held += 1
            item_count[item] = held
            at = held - 1
            while at > 0 and slot_price[root + ((at - 1) >> 1)] > offer:
                above = (at - 1) >> 1
                slot_price[root + at] = slot_price[root + above]
                slot[root + at] = slot[root + above]
                at = above
        else:
            loser = slot[root]
            seeking[size] = loser
            size += 1
            if several:
                outbid = column_of(network, loser, item)
                on_offer[outbid] = network.units[outbid]
            at = 0
            below = 1
            while below < held:
                if below + 1 < held and slot_price[root + below + 1] < slot_price[root + below]:
                    below += 1
                if slot_price[root + below] >= offer:
                    break
                slot_price[root + at] = slot_price[root + below]
                slot[root + at] = slot[root + below]
                at = below
                below = 2 * at + 1
        slot_price[root + at] = offer
        slot[root + at] = bidder
        if held == places:
            item_price[item] = slot_price[root]
    work[BIDS] += bids
    work[ARCS] += scanned
    return size


@compiled
def close(network: Network, plan: Plan) -> None:
    """Take the columns of items and the bidders who hold them."""
    plan.taken[:] = False
    for item in range(len(plan.item_count)):
        for slot in range(plan.slot_start[item], plan.slot_start[item] + plan.item_count[item]):
            plan.taken[column_of(network, plan.slot[slot], item)] = True


@compiled
def column_of(network: Network, bidder: int, item: int) -> int:
    """The column of two people who have one."""
    column: int = network.start[bidder]
    while network.item[column] != item:
        column += 1
    return column
