"""Which steps does the auction take, and when is it worth while?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.kernels.auction import bid, call, close
from revmentor.matching.kernels.flow import BIDS
from revmentor.matching.kernels.network import Network, Plan

# Steps as parts of the largest units. From prices of 0, one fine step keeps items that nobody
# holds at 0, where they belong. When nearly all items are wanted, bidders outbid each other in
# fine steps without end, and coarse ones must come first.
FINE = (20_000,)
COARSE_TO_FINE = (50, 500, 5_000, 50_000)
# From good prices for other units, the coarse ones are not needed.
AGAIN = (5_000, 50_000)
# The items have plenty of places if they have this many times as many as the bidders.
PLENTY = 1.02
# With fewer places to fill than this share, the paths of `flow` are quicker.
WORTH_WHILE = 0.15
# Bids for each place sought before a step is given up.
MOST_BIDS = 40
# Arcs scanned between two looks at the clock: some hundredths of a second.
CHUNK = 1 << 20


def approach(
    network: Network,
    plan: Plan,
    bidder_price: IntArray,
    item_price: IntArray,
    work: IntArray,
    clock: Clock,
    *,
    anew: bool,
) -> bool:
    """Bring plan and items' prices near to the best ones by an auction, if that is quicker.

    Parameters
    ----------
    network, plan, bidder_price, item_price
        As `fit` left them. Afterwards only the items' prices and the columns taken are right.
    anew : bool
        Whether plan and prices mean nothing yet; otherwise the prices are where bids start from.

    Returns
    -------
    bool
        Whether there was an auction.

    Raises
    ------
    OutOfTime
        The columns taken then keep to all places.
    """
    fillable = np.minimum(network.bidder_places, np.diff(network.start))
    seats = int(fillable.sum())
    missing = int((fillable - plan.bidder_count)[bidder_price > 0].sum())
    plenty = len(plan.slot) >= PLENTY * seats
    if missing <= WORTH_WHILE * seats or (plenty and not anew):
        return False
    is_open = network.item_places > 0
    start = item_price.copy()
    # If all items are wanted, their prices can rise and fall together: low ones drive nobody away.
    start[is_open] -= item_price[is_open] if anew else item_price[is_open].min()
    auction = Auction(network, plan, item_price, work, clock, seats)
    try:
        if anew and plenty and auction.run(start, FINE):
            return True
        auction.run(start, COARSE_TO_FINE if anew else AGAIN)
    finally:
        np.minimum(item_price, auction.largest, out=item_price)
        close(network, plan)
    return True


class Auction:
    """Runs of bidding with scratch arrays of their own."""

    def __init__(
        self,
        network: Network,
        plan: Plan,
        item_price: IntArray,
        work: IntArray,
        clock: Clock,
        seats: int,
    ) -> None:
        self.network, self.plan, self.item_price = network, plan, item_price
        self.work, self.clock = work, clock
        self.largest = int(network.units.max(initial=0))
        several = network.bidder_places.max(initial=0) > 1
        self.on_offer = np.empty(len(plan.taken) if several else 0, np.int64)
        self.slot_price = np.empty(len(plan.slot), np.int64)
        self.seeking = np.empty(seats, np.int64)

    def run(self, start: IntArray, parts: Sequence[int]) -> bool:
        """Bid from these prices in several steps; whether the last one came to its end."""
        self.item_price[:] = start
        size = 0
        for part in parts:
            size = call(self.network, self.plan, self.on_offer, self.seeking)
            stop = self.work[BIDS] + MOST_BIDS * size
            while size and self.work[BIDS] < stop:
                size = bid(
                    self.network,
                    self.plan,
                    self.item_price,
                    self.slot_price,
                    self.on_offer,
                    self.seeking,
                    size,
                    max(1, self.largest // part),
                    self.work,
                    CHUNK,
                )
                self.clock.check()
        return size == 0
