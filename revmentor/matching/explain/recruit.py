"""Whom should we recruit: whose coming would place more people, and how many more?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from revmentor.errors import Fault, InputError, NotProven
from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.explain.newcomers import ANY, Newcomers, with_newcomers
from revmentor.matching.margins import extreme_prices
from revmentor.matching.market import opened
from revmentor.matching.problem import Id, Problem, TableSource
from revmentor.matching.result import Matching, table
from revmentor.matching.solver import solve
from revmentor.matching.tradeoff.conditional import has_conditions
from revmentor.matching.variants import Side
from revmentor.matching.worth import everybody

if TYPE_CHECKING:
    import pandas as pd

MOST, TRIED, SCREENED = 6, 5, 60
OTHER: dict[Side, Side] = {"mentor": "mentee", "mentee": "mentor"}


@dataclass(frozen=True)
class Step:
    """What so many newcomers of one kind would change.

    Parameters
    ----------
    people : int
        Newcomers.
    placed : frozenset of id
        People of the other side who would have a partner then and have none now.
    left : int
        People of the other side who have a partner now and would have none.
    gain : float
        Score of the whole match gained, in the unit of the scores.
    """

    people: int
    placed: frozenset[Id]
    left: int
    gain: float

    @property
    def more(self) -> int:
        """How many more people of the other side have a partner?"""
        return len(self.placed) - self.left


@dataclass(frozen=True)
class Recruit:
    """What newcomers who know (or want) one skill would change.

    Parameters
    ----------
    skill : str
        The skill; `ANY`: none that anybody of the other side asks for.
    steps : tuple of Step
        From one newcomer on, each really solved.
    """

    skill: str
    steps: tuple[Step, ...]

    @property
    def rank(self) -> tuple[float, ...]:
        """What is better comes higher: people placed, few newcomers, score."""
        return (self.best.more, -self.best.people, self.best.gain)

    @property
    def best(self) -> Step:
        """The number to recruit: the fewest that place as many as any number that was tried."""
        most = max(step.more for step in self.steps)
        return next(step for step in self.steps if step.more == most)


@dataclass(frozen=True)
class Recruiting:
    """Who is without a partner on one side, and which newcomers of the other would help.

    Parameters
    ----------
    side : str
        Whose newcomers: mentor or mentee.
    without : int
        People of the other side who have no partner.
    recruits : tuple of Recruit
        Those that would place somebody, or raise the score; most people placed first, then by
        fewest newcomers, then by score. `ANY` is among them if it would.
    typical : Newcomers
        What else is assumed of a newcomer.
    idle : int
        Places of the newcomers' own side that stay empty in the best match as it is.
    reason : str
        Why the list was not worked out; empty if it was.
    """

    side: Side
    without: int
    recruits: tuple[Recruit, ...]
    typical: Newcomers | None
    idle: int = 0
    reason: str = ""

    @property
    def anybody(self) -> bool:
        """Do people lack no skill, so that newcomers with none asked for place as many?"""
        plain = [each.best.more for each in self.recruits if each.skill == ANY]
        most = max((each.best.more for each in self.recruits), default=0)
        return bool(plain) and most > 0 and plain[0] == most

    @property
    def only_places(self) -> bool:
        """Do people lack nothing but places: no skill, and nobody whom the rules allow?"""
        return self.anybody and not self.idle

    @property
    def nobody(self) -> bool:
        """Would nobody of those without a partner be placed by any newcomer that was tried?"""
        return not self.reason and all(each.best.more <= 0 for each in self.recruits)

    def table(self) -> pd.DataFrame:
        """One row per kind and number of newcomers: skill, people, placed, gain."""
        rows = [
            (each.skill, step.people, step.more, step.gain)
            for each in self.recruits
            for step in each.steps
        ]
        names = ("skill", "people", "placed", "gain")
        return table({name: [row[at] for row in rows] for at, name in enumerate(names)})


def recruiting(
    problem: Problem,
    side: Side = "mentor",
    *,
    most: int = MOST,
    tried: int = TRIED,
    time_limit: float | None = None,
    seed: int = 0,
) -> Recruiting:
    """Which further mentors (or mentees) would place whom, skill by skill?

    Newcomers without a place are added to the pool, some for each skill that is asked for. The
    dual prices of the best match say exactly what a first place of each would add, at once for
    all: that is the screen. For the few skills with the dearest places, and for newcomers with no
    skill that is asked for, 1, 2, 3.. of them are then given their places and the match is really
    solved, each time from the last plan.

    Parameters
    ----------
    problem : Problem
        Made of tables. Required pairs stay.
    side : {"mentor", "mentee"}
        Whose newcomers.
    most : int
        Newcomers of one skill at most.
    tried : int
        Skills that are really solved.
    time_limit : float, seconds, optional
    seed : int

    Returns
    -------
    Recruiting
        With the reason where it is not worked out: limits on the whole match, for which no such
        prices hold.

    Raises
    ------
    InputError
        The problem was made of given scores, so that nobody has skills.
    NotProven
        The time limit passed.

    Notes
    -----
    A newcomer is otherwise typical, see `revmentor.matching.explain.newcomers`. Where the match is
    made for the worst-off, the most people come first here as there, and no score is told.
    """
    if not isinstance(problem.source, TableSource):
        raise InputError(
            Fault("no tables", "newcomers need skills, and this problem was made of scores alone",
                  "make it with Problem.from_tables", column="problem")
        )  # fmt: skip
    if has_conditions(problem):
        reason = "limits on the whole match are set, and no price of a place holds under them"
        return Recruiting(side, 0, (), None, reason=reason)
    if not len(problem.mentors) or not len(problem.mentees):
        return Recruiting(
            side, 0, (), None, reason=f"there is nobody who applied as {_empty(problem)}"
        )
    if opened(problem).conflicts:
        return Recruiting(side, 0, (), None, reason="the required pairs cannot all be made")
    asked = problem
    if problem.objective in ("max_min", "leximin"):
        asked = replace(problem, objective="participation")
    clock = Clock.start(time_limit)
    try:
        return _found(asked, side, most, tried, clock, seed)
    except OutOfTime as error:
        raise NotProven(
            f"The time limit of {time_limit} seconds passed before the recruiting list was known. "
            "Raise solver.time_limit."
        ) from error


def _empty(problem: Problem) -> str:
    return "mentee" if len(problem.mentors) else "mentor"


def _found(
    problem: Problem, side: Side, most: int, tried: int, clock: Clock, seed: int
) -> Recruiting:
    wider, new = with_newcomers(problem, side, copies=most, screened=SCREENED)
    base = _solved(wider, clock, seed, None)
    roster, other = (wider.mentees, "mentee") if side == "mentor" else (wider.mentors, "mentor")
    able = {who for who, places in zip(roster.ids, roster.places, strict=True) if places}
    without = len(able - set(base.pairs[f"{other}_id"]))
    mine = wider.mentors if side == "mentor" else wider.mentees
    idle = int(mine.places.sum()) - len(base.pairs)
    if not without:
        return Recruiting(side, 0, (), new, idle)
    prices = first_places(wider, side, base, clock, seed)
    priced = {skill: int(prices[rows[0]]) for skill, rows in new.rows.items()}
    dearest = sorted((s for s in priced if s != ANY), key=lambda s: (-priced[s], s))[:tried]
    recruits = [
        Recruit(skill, tuple(_steps(wider, side, new.rows[skill], base, clock, seed)))
        for skill in (*dearest, ANY)
        if priced[skill] > 0
    ]
    return Recruiting(side, without, _worth_telling(recruits), new, idle)


def _worth_telling(recruits: list[Recruit]) -> tuple[Recruit, ...]:
    """Best first; without skills that bring nothing over newcomers with no such skill."""
    plain = next((each for each in recruits if each.skill == ANY), None)
    kept = [
        each
        for each in recruits
        if plain is None or each is plain or each.rank[:2] > plain.rank[:2]
        or (each.rank[:2] == plain.rank[:2] and each.best.gain > plain.best.gain)
    ]  # fmt: skip
    return tuple(sorted(kept, key=lambda each: (*(-part for part in each.rank), each.skill)))


def _solved(problem: Problem, clock: Clock, seed: int, warm: Matching | None) -> Matching:
    left = clock.left()
    if left == 0:
        raise OutOfTime
    found = solve(problem, time_limit=left, seed=seed, warm=warm)
    if found.status == "none" or found.status == "feasible":
        raise OutOfTime
    return found


def _bonus(problem: Problem) -> int:
    """What a pair is worth beyond its score, where most pairs come first."""
    if problem.objective != "participation":
        return 0
    from revmentor.matching.fairness.service import whole_bonus  # only now: it loads slowly

    return whole_bonus(opened(problem).market)


def first_places(problem: Problem, side: Side, base: Matching, clock: Clock, seed: int) -> IntArray:
    """What one more place of each person of a side would add, in units."""
    market = opened(problem).market
    bonus = _bonus(problem)
    if bonus:
        sizes = len(market.mentor_places), len(market.mentee_places)
        market = market.adding(everybody(*sizes, bonus))
    found = extreme_prices(market, clock, seed=seed, warm=base.state)
    return found.mentor_low if side == "mentor" else found.mentee_low


def _steps(
    problem: Problem, side: Side, rows: list[int], base: Matching, clock: Clock, seed: int
) -> list[Step]:
    """1, 2, 3.. newcomers, until one more places nobody and the one before did not either."""
    assert isinstance(problem.source, TableSource)
    places = getattr(problem.source.params.matching.capacity, side)
    roster = problem.mentors if side == "mentor" else problem.mentees
    now = set(base.pairs[f"{OTHER[side]}_id"])
    found: list[Step] = []
    last, held = base, roster.places.copy()
    for people, row in enumerate(rows, start=1):
        held = held.copy()
        held[row] = max(1, places)
        opened_up = replace(roster, places=held)
        changed = (
            replace(problem, mentors=opened_up)
            if side == "mentor"
            else replace(problem, mentees=opened_up)
        )
        last = _solved(changed, clock, seed, last)
        then = set(last.pairs[f"{OTHER[side]}_id"])
        gain = float(np.float64(last.objective) - np.float64(base.objective))
        found.append(Step(people, frozenset(then - now), len(now - then), round(gain, 6)))
        if people > 1 and found[-1].more == found[-2].more:
            break
    return found
