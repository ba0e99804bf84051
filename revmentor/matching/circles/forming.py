"""Form circles of a problem's mentors and mentees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.circles.listing import NOBODY, CircleList, mix
from revmentor.matching.circles.market import NO_TOPIC, TRAITS
from revmentor.matching.circles.reading import Reading, read_market
from revmentor.matching.circles.result import CirclePrices, Circles, Status
from revmentor.matching.circles.search import Search
from revmentor.matching.circles.unplaced import tell_unplaced
from revmentor.matching.clock import Clock
from revmentor.matching.problem import Problem, TableSource
from revmentor.params.circles import CircleDesign

if TYPE_CHECKING:
    import pandas as pd

MILLION = 1_000_000


def form_circles(
    problem: Problem,
    design: CircleDesign | None = None,
    *,
    time_limit: float | None = None,
    seed: int | None = None,
    threads: int = 2,
) -> Circles:
    """Which groups of mentors and mentees, each about one topic, are worth most together?

    Parameters
    ----------
    problem : Problem
        Made by `Problem.from_tables`: it has people, scores and rules. Required and locked pairs
        do not matter for circles; forbidden pairs do.
    design : CircleDesign, optional
        Default: the `circles` of the problem's params.
    time_limit : float, seconds, optional
        Default: the params' `solver.time_limit`. Kept within a second and a half. Without one
        the work is limited by counts, so that the result depends on nothing but the input.
    seed : int, optional
        Default: the params' `solver.seed`.
    threads : int
        Changes nothing but the time.

    Returns
    -------
    Circles

    Raises
    ------
    InputError
        For a problem of given scores, or one that is too large for circles.
    """
    clock = Clock.start(_default(problem, "time_limit", time_limit))
    seed = int(_default(problem, "seed", seed) or 0)
    if design is None:
        source = problem.source
        design = source.params.circles if isinstance(source, TableSource) else CircleDesign()
    reading = read_market(problem, design)
    search = Search(reading.market, seed, clock, threads)
    search.run()
    return _told(problem, reading, search)


def _default[T](problem: Problem, name: str, value: T | None) -> T | None:
    if value is None and isinstance(problem.source, TableSource):
        found: T | None = getattr(problem.source.params.solver, name)
        return found
    return value


def _told(problem: Problem, reading: Reading, search: Search) -> Circles:
    """The result in tables."""
    import pandas as pd  # only now: it takes longer to load than small circles to form

    market, plan = reading.market, CircleList.join([search.plan])
    seats = int((plan.mentors != NOBODY).sum() + (plan.mentees != NOBODY).sum())
    objective = search.value - market.extras.seat * seats
    bound, seats_bound = search.bound, None
    if market.extras.seat:
        bound, seats_bound = _bounds_of_both(search, seats, objective)
    met = objective == bound and seats_bound in (None, seats)
    status: Status = "optimal" if met else "feasible" if len(plan) else "none"
    prices = CirclePrices(
        pd.Series(search.prices.mentor, problem.mentors.ids, dtype="int64"),
        pd.Series(search.prices.mentee, problem.mentees.ids, dtype="int64"),
        search.prices.circle,
        market.limit,
    )
    return Circles(
        groups=_groups(problem, reading, plan),
        circles=_circles(reading, plan),
        unplaced=tell_unplaced(problem, market, plan, met),
        status=status,
        objective=objective / MILLION,
        bound=bound / MILLION,
        objective_units=objective,
        bound_units=bound,
        seats=seats,
        seats_bound=seats_bound,
        proof=search.by,
        prices=prices,
        rounds=search.rounds,
        listed=search.listed,
        seed=search.seed,
    )


def _bounds_of_both(search: Search, seats: int, objective: int) -> tuple[int, int]:
    """Bounds on the value, and on the seats, where participation comes first."""
    market = search.market
    # A seat is above any programme's value, so the seats of the bound are its whole part.
    most = max(seats, search.bound // market.extras.seat)
    if (
        market.mentors.fewest == market.mentors.most
        and market.mentees.fewest == market.mentees.most
    ):
        most -= most % (market.mentors.most + market.mentees.most)
    bound = search.bound - market.extras.seat * seats
    if most > seats or bound > market.most_value:
        bound = market.most_value
    if bound > objective:
        # No programme at all is worth more than this, whatever number of people it places.
        unseated = replace(market, extras=market.extras._replace(seat=0))
        second = Search(unseated, search.seed, search.clock, search.threads)
        known = [
            CircleList.of(unseated, part.mentors, part.mentees, part.topic) for part in search.known
        ]
        bound = min(bound, second.relax_only(known) if known else second.bound)
    return max(objective, bound), most


def _groups(problem: Problem, reading: Reading, plan: CircleList) -> pd.DataFrame:
    import pandas as pd

    market, rows = reading.market, []
    for number, members in enumerate(plan, 1):
        topic = None if members.topic == NO_TOPIC else reading.topics[members.topic]
        for side, people, roster, has in (
            ("mentor", members.mentors, problem.mentors, market.offers),
            ("mentee", members.mentees, problem.mentees, market.wants),
        ):
            for who in people:
                fits = topic is not None and bool(has[who, members.topic])
                rows.append((number, roster.ids[who], side, topic, fits))
    columns = ["circle", "person_id", "side", "topic", "has_topic"]
    return pd.DataFrame(rows, columns=columns).astype({"circle": "int64", "has_topic": "bool"})


def _circles(reading: Reading, plan: CircleList) -> pd.DataFrame:
    import pandas as pd

    market, e = reading.market, reading.market.extras
    people = [(side != NOBODY).sum(axis=1) for side in (plan.mentors, plan.mentees)]
    coverage = _fitting(market.wants, plan.mentees, plan.topic)
    offering = _fitting(market.offers, plan.mentors, plan.topic)
    found = [mix(market, plan.mentors, plan.mentees, trait) for trait in range(len(TRAITS))]
    topics = e.wanted * coverage + e.offered * offering
    mixed = sum((u * count for u, count in zip(e.traits, found, strict=True)), np.int64(0))
    value = plan.value - e.seat * (people[0] + people[1])
    names = [None if t == NO_TOPIC else reading.topics[t] for t in plan.topic.tolist()]
    return pd.DataFrame(
        {
            "circle": np.arange(1, len(plan) + 1),
            "topic": pd.Series(names, dtype="object"),
            "mentors": people[0],
            "mentees": people[1],
            "coverage": coverage,
            "offering": offering,
            "departments": found[0],
            "sites": found[1],
            "generations": found[2],
            "mix": found[0] + found[1] + found[2],
            "pairs_value": (value - topics - mixed) / MILLION,
            "topic_value": topics / MILLION,
            "mix_value": mixed / MILLION + np.zeros(len(plan)),
            "value": value / MILLION,
        }
    )


def _fitting(has: BoolArray, people: IntArray, topic: IntArray) -> IntArray:
    """How many of each circle's people of a side have its topic?"""
    if not has.size:
        return np.zeros(len(topic), np.int64)
    fits = has[people, topic[:, None]] & (people != NOBODY) & (topic != NO_TOPIC)[:, None]
    count: IntArray = fits.sum(axis=1)
    return count
