"""What does it cost in total to lift the worst pair?"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from revmentor.errors import Fault, InputError
from revmentor.matching.clock import Clock
from revmentor.matching.fairness.max_min import max_min
from revmentor.matching.fairness.service import Best, Fair, Service
from revmentor.matching.fairness.table import Compared
from revmentor.matching.worth import Market


def frontier(
    market: Market,
    who: Compared,
    best: Best,
    clock: Clock,
    *,
    points: int | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Total against worst pair: which plans can be improved in one only at the other's cost?

    Every plan serves as many people compared as possible. A plan's worst is the best pair of the
    worst person served.

    Parameters
    ----------
    market : Market
    who : Compared
    best : callable
        Plan of the largest total worth of any market.
    clock : Clock
    points : int, at least 2, optional
        How many floors to try, evenly spread from the worst pair of the largest total to the best
        possible worst pair, both included. Default: as many as there are efficient plans, each
        of which needs a solve of its own.
    seed : int

    Returns
    -------
    DataFrame
        worst (units), total (worth), pairs, served, price (share of the largest total of any
        plan, served or not, that is lost: the price of fairness), ascending by worst. Each total
        is the largest with that worst pair, and no row is as good as another in both.

    Raises
    ------
    InputError
        Fewer than 2 points; or too many pairs to hold, and somebody compared has several places.
    OutOfTime
        The clock's limit has passed.
    """
    if points is not None and points < 2:
        raise InputError(
            Fault("too few points", "a frontier has two ends", "ask for 2 points or more, or none "
                  "for all of them", "", None, "points", str(points))
        )  # fmt: skip
    service = Service(market, who, best, clock, seed)
    rows: list[tuple[int, int, int, int]] = []

    def note(floor: int) -> tuple[int, int]:
        plan = service.plan(floor)
        served, worst = service.outcome(plan)
        rows.append((worst, int(plan.units.sum()), len(plan), served))
        return served, worst

    most, worst = note(market.least)
    if points is None:
        while worst:
            clock.check()
            floor = worst + 1
            served, worst = note(floor)
            # Who misses the floor can still be served below it, by places that are left.
            if served < most or worst < floor:
                rows.pop()
                break
    elif worst:
        top: Fair = max_min(market, who, best, clock, seed=seed)
        for floor in np.linspace(worst, top.worst, points).astype(np.int64)[1:].tolist():
            clock.check()
            if floor > rows[-1][0]:
                note(floor)
    efficient = [a for a, b in itertools.pairwise(rows) if a[1] > b[1]] + rows[-1:]
    largest = int(best(market).units.sum())
    frame = pd.DataFrame(efficient, columns=["worst", "total", "pairs", "served"])
    return frame.assign(price=1 - frame["total"] / max(1, largest))
