"""Which of several equally good plans is chosen?

Where scores are coarse, many plans are worth the same. All of them are made of *tight* pairs,
whose worth is exactly their two prices, and fill every place that has a price. Each tight pair
draws a ticket: a number from the seed and the places of its people in the sorted rosters. The
plan with the largest sum of tickets is chosen; so the choice favours nobody and depends neither
on the order of rows nor on the machine.
"""

from __future__ import annotations

import numpy as np

from revmentor.errors import SolverError
from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.flow.core import Core
from revmentor.matching.generation import Rounds
from revmentor.matching.tickets import Tickets

# More tight pairs a person than this are not listed: the draw is then among those with the
# luckiest tickets of each person, and the pairs of the plan found first.
LISTED_MOST, LUCKIEST = 100, 16


def draw(rounds: Rounds, tickets: Tickets, clock: Clock) -> Columns:
    """The chosen plan, among all that are worth as much as the one that is proven best.

    Raises
    ------
    OutOfTime
        From the clock: the plan of `rounds` is still there.
    SolverError
        The draw lost worth, which cannot be.
    """
    core = rounds.core
    plan = rounds.plan()
    tight = rounds.tight(LISTED_MOST * (len(rounds.mentors) + len(rounds.mentees)))
    if tight is None:
        tight = Columns.join([plan, rounds.luckiest(LUCKIEST)])
    if len(tight) == len(plan):
        return plan
    face = Core(*rounds.places)
    # A filled place that has a price counts more than all tickets together, so all are filled; a
    # pair worth more than both prices is in every best plan.
    filled = (min(int(places.sum()) for places in rounds.places) + 1) << tickets.bits
    face.add(_counted(tight, core, tickets, filled))
    face.solve(clock)
    chosen = face.columns.take(np.flatnonzero(face.taken))
    worth = rounds.scan.exact(chosen.mentor, chosen.mentee)
    if int(worth.sum()) != int(plan.units.sum()):
        raise SolverError(
            "the lottery among equally good plans lost worth. To fix: report it with the params "
            "used."
        )
    return Columns(chosen.mentor, chosen.mentee, worth)


def _counted(tight: Columns, core: Core, tickets: Tickets, filled: int) -> Columns:
    v, u = core.mentor_price[tight.mentor], core.mentee_price[tight.mentee]
    value: IntArray = tickets.of(tight.mentor, tight.mentee)
    value = value + filled * ((v > 0).astype(np.int64) + (u > 0) + 3 * (tight.units > u + v))
    return Columns(tight.mentor, tight.mentee, value)
