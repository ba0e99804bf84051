"""Which circles were formed, and what proves that they are good?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["optimal", "feasible", "none"]
Proof = Literal["prices", "listing"]


@dataclass(frozen=True, eq=False)
class CirclePrices:
    """Whole prices, none negative, that prove a bound over all possible circles.

    No possible circle is worth more than the prices of its people and of a circle together. So no
    set of circles is worth more than all places and as many circles as there can be, at their
    prices.

    Parameters
    ----------
    mentor, mentee : Series of int, by person_id
        Price of one circle more for that person.
    circle : int
        Price of one circle more, where their number is limited.
    circles : int
        As many circles as there can be.
    """

    mentor: pd.Series
    mentee: pd.Series
    circle: int
    circles: int


@dataclass(frozen=True, eq=False)
class Circles:
    """Circles, their values and their proof.

    Parameters
    ----------
    groups : DataFrame
        circle, person_id, side, topic, has_topic (the mentor offers it, the mentee wants it);
        mentors first in each circle. One row per seat.
    circles : DataFrame
        circle (from 1), topic (missing for none), mentors, mentees (people), coverage (mentees
        who want the topic), offering (mentors who offer it), departments, sites, generations
        (distinct known ones), mix (their sum), pairs_value, topic_value, mix_value and value, the
        sum of these three, in points: 1 is a perfect pair's score.
    unplaced : DataFrame
        person_id, side, reason (a sentence), code: everybody who is in no circle.
    status : {"optimal", "feasible", "none"}
        ``optimal``: no other circles are worth more (or place more people, where participation
        comes first, and then are worth more). ``feasible``: `gap` tells how much others could be.
        ``none``: stopped before there was any circle.
    objective, bound : float, points
        Total value, and what no other circles exceed; where participation comes first and is not
        proven, a bound over all circles whatever number of people they place.
    objective_units, bound_units : int
        The same, exact, in millionths.
    seats, seats_bound : int
        People in circles, once for each circle, and what no other circles exceed; None for the
        bound unless participation comes first.
    proof : {"prices", "listing"}
        What proves the bound: `prices`, or that all circles which a better plan could have were
        listed and packed by HiGHS, to its tolerance of a millionth.
    prices : CirclePrices
    rounds, listed : int
        Of column generation, and circles in the last packing.
    seed : int
    """

    groups: pd.DataFrame
    circles: pd.DataFrame
    unplaced: pd.DataFrame
    status: Status
    objective: float
    bound: float
    objective_units: int
    bound_units: int
    seats: int
    seats_bound: int | None
    proof: Proof
    prices: CirclePrices
    rounds: int
    listed: int
    seed: int

    @property
    def gap(self) -> float:
        """Share of the bound that the circles may miss: 0 if optimal, nan if there are none.

        Where participation comes first and is not proven, it is the share of seats.
        """
        if self.status == "none":
            return math.nan
        if self.seats_bound is not None and self.seats_bound > self.seats:
            return (self.seats_bound - self.seats) / self.seats_bound
        return (self.bound_units - self.objective_units) / max(1, self.bound_units)

    def __repr__(self) -> str:
        return (
            f"Circles({self.status}, {len(self.circles)} circles, objective {self.objective}, "
            f"bound {self.bound}, {len(self.unplaced)} unplaced)"
        )
