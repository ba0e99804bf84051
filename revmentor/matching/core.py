"""Which of the listed pairs make the best matching, and which prices prove it?"""

from __future__ import annotations

import numpy as np

from revmentor.errors import SolverError
from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.incidence import Incidence, Side, other
from revmentor.matching.kernels.auction import bid, call, close
from revmentor.matching.kernels.extreme import lower_items
from revmentor.matching.kernels.flow import ARCS, AUGMENTATIONS, BIDS, POPS, augment, fit
from revmentor.matching.kernels.network import Network, Plan, empty_plan, hold, room_for

# Units beyond this could make the length of an augmenting path overflow 64 bits.
MOST_UNITS = 2**61
# The auction's steps, as parts of the largest units. One fine step keeps the prices of items that
# nobody holds at 0, where they belong; but when nearly all items are wanted, bidders only outbid
# each other in fine steps, and coarse ones must come first.
FINE = (20_000,)
COARSE_TO_FINE = (50, 500, 5_000, 50_000)
# Who has this share more places than the other side has plenty of them.
PLENTY = 1.02
# Bids for each place sought before a step is given up.
MOST_BIDS = 40
# Arcs scanned between two looks at the clock: some hundredths of a second.
CHUNK = 1 << 20


class Core:
    """The matching of greatest worth on listed pairs, each made at most once, with its proof.

    People have any number of places, also none, and may keep places open. After `solve`, plan
    and prices satisfy: a pair's gain (units less both prices) is at least 0 if taken and at most
    0 if not; who has places left has price 0. Then ``value == dual_value``, and no matching on
    these pairs is worth more.

    Parameters
    ----------
    mentor_places, mentee_places : array of int, >= 0

    Attributes
    ----------
    mentor_price, mentee_price : array of int, >= 0
        Prices in units; any that are set before `solve` are where it starts from. Who has no
        places gets the least price with which its pairs have no gain.
    taken : array of bool, one value per column
    work : dict of counters
        Augmentations, arcs, pops and bids so far; the same for the same calls on any machine.

    >>> core = Core(np.array([1, 1]), np.array([1, 1]))
    >>> core.add(Columns(np.array([0, 1, 0]), np.array([0, 0, 1]), np.array([9, 8, 7])))
    3
    >>> core.solve(Clock.start(None))
    >>> core.taken.tolist(), core.value, core.dual_value
    ([False, True, True], 15, 15)
    """

    def __init__(self, mentor_places: IntArray, mentee_places: IntArray) -> None:
        self._listed = Incidence(Columns.none(), len(mentor_places), len(mentee_places))
        self.taken: BoolArray = np.zeros(0, np.bool_)
        self.mentor_price: IntArray = np.zeros(len(mentor_places), np.int64)
        self.mentee_price: IntArray = np.zeros(len(mentee_places), np.int64)
        self._mentor_places = np.ascontiguousarray(mentor_places, np.int64)
        self._mentee_places = np.ascontiguousarray(mentee_places, np.int64)
        self._work = np.zeros(4, np.int64)

    @property
    def columns(self) -> Columns:
        """The listed pairs, by mentee and then mentor."""
        return self._listed.columns

    def add(self, columns: Columns) -> int:
        """List more pairs, keeping plan and prices; returns how many were not listed yet.

        Pairs that are listed already keep their units.
        """
        check_units(columns.units)
        self._listed, place = self._listed.joined(columns)
        self.taken = np.insert(self.taken, place, False)
        return len(place)

    def revalue(self, units: IntArray) -> None:
        """Give the listed pairs other units, keeping plan and prices as a start."""
        check_units(units)
        self._listed = self._listed.revalued(np.ascontiguousarray(units, np.int64))

    def replace_places(
        self, mentor_places: IntArray | None = None, mentee_places: IntArray | None = None
    ) -> None:
        """Open or close places, keeping plan and prices as a start."""
        if mentor_places is not None:
            self._mentor_places = np.ascontiguousarray(mentor_places, np.int64)
        if mentee_places is not None:
            self._mentee_places = np.ascontiguousarray(mentee_places, np.int64)

    @property
    def value(self) -> int:
        """What the plan is worth, in units."""
        return int(sum(self.columns.units[self.taken].tolist()))

    @property
    def dual_value(self) -> int:
        """The most that any matching on the listed pairs can be worth, by the prices.

        All places at their price, and what pairs gain beyond the prices of their two people.
        """
        columns = self.columns
        gain = columns.units - self.mentor_price[columns.mentor]
        gain -= self.mentee_price[columns.mentee]
        total: int = sum(gain[gain > 0].tolist())
        for price, places in (
            (self.mentor_price, self._mentor_places),
            (self.mentee_price, self._mentee_places),
        ):
            counts = np.flatnonzero(price)
            pairs = zip(price[counts].tolist(), places[counts].tolist(), strict=True)
            total += sum(each * many for each, many in pairs)
        return total

    @property
    def work(self) -> dict[str, int]:
        """How much has been done so far?"""
        return {
            "augmentations": int(self._work[AUGMENTATIONS]),
            "arcs": int(self._work[ARCS]),
            "pops": int(self._work[POPS]),
            "bids": int(self._work[BIDS]),
        }

    def solve(self, clock: Clock) -> None:
        """Find the best plan and the prices that prove it, from the present ones.

        Of the present prices, those of the side with more places count; the others follow.

        Raises
        ------
        OutOfTime
            The plan is then one that can be carried out, and `dual_value` a bound on all others.
        """
        largest = int(self.columns.units.max(initial=0))
        self.mentor_price = np.clip(np.asarray(self.mentor_price, np.int64), 0, largest)
        self.mentee_price = np.clip(np.asarray(self.mentee_price, np.int64), 0, largest)
        self.mentor_price[self._mentor_places == 0] = largest
        self.mentee_price[self._mentee_places == 0] = largest
        bidders: Side = "mentee" if self._scarce_mentees() else "mentor"
        try:
            if not self.taken.any():
                self._bid(bidders, clock)
            self._fill(bidders, clock)
            self._fill(other(bidders), clock)
        finally:
            self._price_closed("mentor", self.mentor_price, self.mentee_price)

    def extreme_prices(self, low: Side) -> tuple[IntArray, IntArray]:
        """Which optimal prices are the smallest for one side, and the largest for the other?

        The least optimal price of a person is what one more place of theirs would be worth.
        Call it after `solve`, which it leaves as it is.

        Returns
        -------
        (mentor prices, mentee prices) : arrays of int
        """
        mentor_price, mentee_price = self.mentor_price.copy(), self.mentee_price.copy()
        network, plan = self._network(other(low))
        hold(network, plan)
        prices = (mentee_price, mentor_price) if low == "mentor" else (mentor_price, mentee_price)
        lower_items(network, plan, *prices, room_for(network))
        self._price_closed(low, mentor_price, mentee_price)
        return mentor_price, mentee_price

    def _bid(self, side: Side, clock: Clock) -> None:
        """Get near to the best plan and prices by an auction."""
        network, plan = self._network(side)
        seats = np.minimum(network.bidder_places, np.diff(network.start)).sum()
        item_price = self.mentor_price if side == "mentee" else self.mentee_price
        at_first = item_price.copy()
        seeking = np.empty(seats, np.int64)
        slot_price = np.empty(len(plan.slot), np.int64)
        several = network.bidder_places.max(initial=0) > 1
        on_offer = np.empty(len(plan.taken) if several else 0, np.int64)
        largest = int(network.units.max(initial=0))

        def settled(part: int) -> bool:
            step = max(1, largest // part)
            size = call(network, plan, on_offer, seeking)
            stop = self._work[BIDS] + MOST_BIDS * size
            while size and self._work[BIDS] < stop:
                size = bid(
                    network,
                    plan,
                    item_price,
                    slot_price,
                    on_offer,
                    seeking,
                    size,
                    step,
                    self._work,
                    CHUNK,
                )
                clock.check()
            return size == 0

        try:
            if len(plan.slot) >= PLENTY * seats and all(settled(part) for part in FINE):
                return
            item_price[:] = at_first
            for part in COARSE_TO_FINE:
                settled(part)
        finally:
            np.minimum(item_price, largest, out=item_price)
            close(network, plan)
            self._keep(side, plan)

    def _fill(self, side: Side, clock: Clock) -> None:
        """Fill the open places of one side as far as they have a price."""
        network, plan = self._network(side)
        bidder_price, item_price = self.mentee_price, self.mentor_price
        if side == "mentor":
            bidder_price, item_price = item_price, bidder_price
        fit(network, plan, bidder_price, item_price)
        bidder_price[network.bidder_places == 0] = self.columns.units.max(initial=0)
        room = room_for(network)
        bidder = 0
        try:
            while bidder < len(network.bidder_places):
                bidder = augment(
                    network, plan, bidder_price, item_price, room, self._work, bidder, CHUNK
                )
                clock.check()
        finally:
            self._keep(side, plan)

    def _network(self, bidders: Side) -> tuple[Network, Plan]:
        """The columns seen from one side, and the plan on them."""
        places = self._mentee_places, self._mentor_places
        network = self._listed.network(bidders, *(places[::-1] if bidders == "mentor" else places))
        plan = empty_plan(network, self._listed.degree(other(bidders)))
        plan.taken[:] = self.taken if bidders == "mentee" else self.taken[self._by_mentor]
        return network, plan

    @property
    def _by_mentor(self) -> IntArray:
        return self._listed.by_mentor.order

    def _keep(self, bidders: Side, plan: Plan) -> None:
        """Make a plan that was worked on from one side the present one."""
        self.taken = plan.taken.copy()
        if bidders == "mentor":
            self.taken[self._by_mentor] = plan.taken

    def _scarce_mentees(self) -> bool:
        """Whether the mentees have fewer places that could be filled than the mentors."""
        mentee = np.minimum(self._mentee_places, self._listed.mentee_degree).sum()
        mentor = np.minimum(self._mentor_places, self._listed.mentor_degree).sum()
        return bool(mentee <= mentor)

    def _price_closed(self, low: Side, mentor_price: IntArray, mentee_price: IntArray) -> None:
        """Give people without places the least price with which their pairs have no gain.

        A pair of two of them is left to the price of the side that is not low.
        """
        columns = self.columns
        if self._mentor_places.all() and self._mentee_places.all():
            return
        mentors = (mentor_price, self._mentor_places == 0, columns.mentor)
        mentees = (mentee_price, self._mentee_places == 0, columns.mentee)
        one, two = (mentors, mentees) if low == "mentor" else (mentees, mentors)
        one[0][one[1]] = two[0][two[1]] = 0
        mine = np.flatnonzero(one[1][one[2]] & ~two[1][two[2]])
        np.maximum.at(one[0], one[2][mine], columns.units[mine] - two[0][two[2][mine]])
        rest = np.flatnonzero(two[1][two[2]])
        np.maximum.at(two[0], two[2][rest], columns.units[rest] - one[0][one[2][rest]])


def check_units(units: IntArray) -> None:
    """Refuse units with which sums of prices could overflow.

    Raises
    ------
    SolverError
        Some units are above 2**61.
    """
    largest = int(units.max(initial=0))
    if largest > MOST_UNITS:
        raise SolverError(
            f"a pair is worth {largest} units, above 2**61: prices would overflow. "
            "To fix: give smaller weights, priorities or scores."
        )
