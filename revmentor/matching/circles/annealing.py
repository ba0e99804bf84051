"""Good circles without a proof: simulated annealing, then optimal reassignment of single seats."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from revmentor.matching.arrays import IntArray
from revmentor.matching.circles.listing import NOBODY, CircleList
from revmentor.matching.circles.market import FORBIDDEN, CircleMarket
from revmentor.matching.clock import Clock
from revmentor.matching.kernels import circle_annealing as kernel
from revmentor.matching.kernels.circles import appraise

STEPS_A_PERSON = 25_000
MOST_STEPS = 10_000_000
CHUNK = 100_000
REASSIGNMENTS = 400


class Heat(NamedTuple):
    """Temperatures as shares of how far apart the units of pairs are."""

    first: float = 0.8
    last: float = 0.08
    seats: float = 0.3


HEAT = Heat()


def spread(market: CircleMarket) -> float:
    """How far apart are the units of pairs that may meet, and of what a circle has besides?"""
    units = market.units[market.units > FORBIDDEN]
    apart = float(units.std()) if units.size else 0.0
    extras = [market.extras.wanted, market.extras.offered, *market.extras.traits]
    return max(1.0, apart, max(extras) / 2)


class Annealing:
    """One plan that improves step by step; the same for the same seed.

    Parameters
    ----------
    market : CircleMarket
    slots : int
        Circles that the plan tries to form, at least 1.
    seed : int
    """

    def __init__(self, market: CircleMarket, slots: int, seed: int) -> None:
        self._market = market
        self._random = np.random.default_rng([seed, slots])
        self._state = self._random.integers(1, 2**63, 1).astype(np.uint64)
        self._spread = spread(market)
        self._fine = round(2 * self._spread)
        sides = (market.mentors, market.mentees)
        places = (market.mentor_places, market.mentee_places)
        crew = np.full((2, slots, max(side.most for side in sides)), NOBODY, np.int64)
        bench = np.zeros((2, max(int(side.sum()) for side in places) + 1), np.int64)
        count, waiting = np.zeros((2, slots), np.int64), np.zeros(2, np.int64)
        for side, size in enumerate(sides):
            rest = _seat(crew[side], places[side], size.fewest, self._random)
            count[side] = size.fewest
            waiting[side] = len(rest)
            bench[side, : len(rest)] = rest
        zeros = np.zeros((2, slots), np.int64)
        self._plan = kernel.Plan(crew, count, zeros[0], zeros[1], bench, waiting)
        kernel.settle(self._plan, market.ground, self._fine)

    @property
    def total(self) -> int:
        """What the circles that break no condition are worth."""
        return int(self._plan.worth[self._plan.worth > 0].sum())

    def circles(self) -> CircleList:
        """The circles that break no condition, each once."""
        plan, market = self._plan, self._market
        sound = np.flatnonzero(plan.worth > 0)
        topics = [
            appraise(
                plan.crew[0, c],
                plan.seated[0, c],
                plan.crew[1, c],
                plan.seated[1, c],
                market.ground,
            )[1]
            for c in sound
        ]
        rows = [
            np.where(np.arange(most) < plan.seated[side, sound][:, None],
                     plan.crew[side, sound][:, :most], NOBODY)
            for side, most in enumerate((market.mentors.most, market.mentees.most))
        ]  # fmt: skip
        whole = CircleList.of(market, rows[0], rows[1], np.array(topics, np.int64))
        return CircleList.join([whole])

    def cool(self, steps: int, clock: Clock) -> list[CircleList]:
        """Anneal; returns the plans on the way, the last ones of the second half.

        Raises
        ------
        OutOfTime
        """
        heat = HEAT.first * self._spread
        cooling = (HEAT.last / HEAT.first) ** (1 / max(1, steps))
        seen = []
        for done in range(0, steps, CHUNK):
            clock.check()
            size = min(CHUNK, steps - done)
            heat = kernel.anneal(
                self._plan, self._market.ground, self._fine, heat, cooling, size, self._state
            )
            if 2 * done > steps and done // CHUNK % 5 == 0:
                seen.append(self.circles())
        return seen

    def reassign(self, rounds: int, clock: Clock) -> list[CircleList]:
        """Pick a seat of each circle, and give these seats to the people who fit best, repeatedly.

        One seat of each changes at a time, so that what a person is worth there is known
        exactly, and the best assignment is a linear one. Noise (Gumbel's) that fades to none
        over the first four fifths of the rounds lets plans leave a local optimum.

        Raises
        ------
        OutOfTime
        """
        plan, noise = self._plan, HEAT.seats * self._spread
        slots = np.arange(plan.crew.shape[1])
        seen = []
        for done in range(rounds):
            clock.check()
            share = self._random.random() * plan.seated.sum()
            side = int(share >= plan.seated[0].sum())
            place = (self._random.random(len(slots)) * plan.seated[side]).astype(np.int64)
            holders = plan.crew[side, slots, place]
            people = np.concatenate([holders, plan.bench[side, : plan.waiting[side]]])
            worth = kernel.seat_worths(
                plan, side, place, people, self._market.ground, self._fine
            ).astype(np.float64)
            fading = noise * max(0.0, 1 - 1.25 * done / rounds)
            if fading:
                worth += fading * self._random.gumbel(size=worth.shape)
            _, chosen = linear_sum_assignment(worth, maximize=True)
            plan.crew[side, slots, place] = people[chosen]
            left = np.delete(people, chosen)
            plan.bench[side, : len(left)] = left
            if done % 20 == 19 or done == rounds - 1:
                kernel.settle(plan, self._market.ground, self._fine)
                if 2 * done > rounds:
                    seen.append(self.circles())
        return seen


def _seat(crew: IntArray, places: IntArray, size: int, random: np.random.Generator) -> IntArray:
    """Fill every slot with `size` different people; returns who is left, once for each place.

    One person's places go to consecutive slots, wrapping around (McNaughton 1959), so that
    nobody is twice in one slot.
    """
    slots = len(crew)
    order = random.permutation(len(places))
    pool = np.repeat(order, np.minimum(places, slots)[order])
    crew[:, :size] = pool[: slots * size].reshape(size, slots).T
    left = places - np.bincount(pool[: slots * size], minlength=len(places))
    return np.repeat(np.arange(len(places)), left)
