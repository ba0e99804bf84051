"""Which of the listed pairs make the best matching, and which prices prove it?"""

from __future__ import annotations

import numpy as np

from revmentor.errors import SolverError
from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.flow.bidding import approach
from revmentor.matching.flow.incidence import Incidence, Side, other
from revmentor.matching.flow.paths import fill
from revmentor.matching.kernels.extreme import lower_items
from revmentor.matching.kernels.fit import fit
from revmentor.matching.kernels.flow import ARCS, AUGMENTATIONS, BIDS, POPS
from revmentor.matching.kernels.network import Network, Plan, empty_plan, hold, room_for

# Units beyond this could make the length of an augmenting path overflow 64 bits.
MOST_UNITS = 2**61


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

        Of the present prices, those of the side with more places count; the others follow. Where
        they leave much to do and nothing is taken yet, they do not count either.

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
            self._fill(bidders, clock, auction=True)
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

    def _fill(self, side: Side, clock: Clock, *, auction: bool = False) -> None:
        """Fill the open places of one side as far as they have a price."""
        network, plan = self._network(side)
        prices = self.mentee_price, self.mentor_price
        bidder_price, item_price = prices if side == "mentee" else prices[::-1]
        anew = not self.taken.any()
        work = self._work
        fit(network, plan, bidder_price, item_price)
        try:
            if auction and approach(
                network, plan, bidder_price, item_price, work, clock, anew=anew
            ):
                fit(network, plan, bidder_price, item_price)
            bidder_price[network.bidder_places == 0] = self.columns.units.max(initial=0)
            fill(network, plan, bidder_price, item_price, work, clock)
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
