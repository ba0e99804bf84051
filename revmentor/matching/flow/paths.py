"""In which order are open places filled?"""

from __future__ import annotations

from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.kernels.flow import ARCS, augment
from revmentor.matching.kernels.levels import move_prices, serve_for_nothing
from revmentor.matching.kernels.network import Network, Plan, room_for

# Where many pairs are worth the same, a search for one bidder scans some hundredths of all arcs.
PLAIN = 30
# Arcs scanned between two looks at the clock: some hundredths of a second.
CHUNK = 1 << 20


def fill(
    network: Network,
    plan: Plan,
    bidder_price: IntArray,
    item_price: IntArray,
    work: IntArray,
    clock: Clock,
) -> None:
    """Fill the open places of all bidders with a price, or bring it down to 0.

    Level by level, many bidders at once, as long as that costs less than one after the other.

    Parameters
    ----------
    network, plan, bidder_price, item_price
        As `fit` left them; the conditions on gains hold at any time.

    Raises
    ------
    OutOfTime
    """
    room = room_for(network)
    columns = len(plan.taken)
    filled, scanned = 1, 0
    while filled * columns > scanned * PLAIN:
        missing = (network.bidder_places - plan.bidder_count)[bidder_price > 0].sum()
        if missing <= PLAIN:
            break
        begun = work[ARCS]
        move_prices(network, plan, bidder_price, item_price, room, work)
        filled = scanned = 0
        while filled * columns >= scanned * PLAIN:
            now = serve_for_nothing(network, plan, bidder_price, item_price, room, work)
            clock.check()
            filled, scanned = filled + now, work[ARCS] - begun
            if now == 0:
                break
    bidder = 0
    while bidder < len(network.bidder_places):
        bidder = augment(network, plan, bidder_price, item_price, room, work, bidder, CHUNK)
        clock.check()
