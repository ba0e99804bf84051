"""What can be kept of a plan and of prices that do not belong together?"""

from __future__ import annotations

from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.compiled import compiled
from revmentor.matching.kernels.network import FAR, Network, Plan, hold


@compiled
def fit(network: Network, plan: Plan, bidder_price: IntArray, item_price: IntArray) -> None:
    """Make plan and bidders' prices agree with the items' prices, keeping what can be kept.

    Taken columns that exceed places, or that their bidder would swap for another, are given up;
    then every bidder takes what it likes best as long as there is a place. A bidder's price is
    what it gains from the last column it holds if all its places are filled, else from the best
    that it cannot have.
    """
    taken, bidder_count, item_count = plan.taken, plan.bidder_count, plan.item_count
    start, item_of, units = network.start, network.item, network.units
    bidder_places, item_places = network.bidder_places, network.item_places
    bidder_count[:] = 0
    item_count[:] = 0
    for bidder in range(len(bidder_places)):
        begin, end = start[bidder], start[bidder + 1]
        best = 0
        for column in range(begin, end):
            item = item_of[column]
            if taken[column] and (
                units[column] <= 0
                or bidder_count[bidder] == bidder_places[bidder]
                or item_count[item] == item_places[item]
            ):
                taken[column] = False
            if taken[column]:
                bidder_count[bidder] += 1
                item_count[item] += 1
            else:
                best = max(best, units[column] - item_price[item])
        bidder_price[bidder] = best
        for column in range(begin, end if bidder_count[bidder] else begin):
            item = item_of[column]
            if taken[column] and units[column] - item_price[item] < best:
                taken[column] = False
                bidder_count[bidder] -= 1
                item_count[item] -= 1
    for bidder in range(len(bidder_places)):
        if bidder_price[bidder] > 0 and bidder_count[bidder] < bidder_places[bidder]:
            bidder_price[bidder] = take_best(network, plan, item_price, bidder)
        if 0 < bidder_count[bidder] == bidder_places[bidder]:
            bidder_price[bidder] = last_gain(network, plan, item_price, bidder)
    hold(network, plan)


@compiled
def take_best(network: Network, plan: Plan, item_price: IntArray, bidder: int) -> int:
    """Take for a bidder what it likes best as long as places are open.

    Returns
    -------
    int
        The most that it gains from any column not taken.
    """
    start, item_of, units, taken = network.start, network.item, network.units, plan.taken
    while True:
        best = 0
        choice = -1
        for column in range(start[bidder], start[bidder + 1]):
            item = item_of[column]
            gain = units[column] - item_price[item]
            if gain < best or gain <= 0 or (gain == best and choice >= 0) or taken[column]:
                continue
            best = gain
            is_open = plan.item_count[item] < network.item_places[item]
            choice = column if is_open else -1
        if choice < 0 or plan.bidder_count[bidder] == network.bidder_places[bidder]:
            return best
        taken[choice] = True
        plan.bidder_count[bidder] += 1
        plan.item_count[item_of[choice]] += 1


@compiled
def last_gain(network: Network, plan: Plan, item_price: IntArray, bidder: int) -> int:
    """The least that a bidder gains, before its own price, from a column that it has."""
    last = FAR
    for column in range(network.start[bidder], network.start[bidder + 1]):
        if plan.taken[column]:
            last = min(last, network.units[column] - item_price[network.item[column]])
    return last
