"""For whom did the lottery decide: who has another partner in another optimal matching?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from revmentor.errors import NotProven
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns
from revmentor.matching.engine import best
from revmentor.matching.explain.people import plan_of
from revmentor.matching.explain.residual import Residual
from revmentor.matching.market import opened
from revmentor.matching.problem import Problem
from revmentor.matching.result import Matching, table
from revmentor.matching.scanning.scan import Scan
from revmentor.matching.tickets import Tickets
from revmentor.matching.tradeoff.conditional import has_conditions
from revmentor.words import counted

if TYPE_CHECKING:
    import pandas as pd

# Tight pairs a person that are listed; beyond, they are searched row by row.
LISTED = 200


@dataclass(frozen=True, eq=False)
class OtherOptima:
    """For whom another optimal matching has other partners, or none, or one at all.

    Parameters
    ----------
    people : DataFrame
        person_id, side, partners (tuple of ids, today); mentors first, by id.
    mentors, mentees : int
        How many they are.
    known : bool
        False under conditions on the whole match: then this is not worked out.
    sentence : str
    """

    people: pd.DataFrame
    mentors: int
    mentees: int
    known: bool
    sentence: str


def other_optima(
    problem: Problem, matching: Matching, *, time_limit: float | None = None
) -> OtherOptima:
    """For how many people does another optimal matching have another partner, or none?

    Exact: with optimal prices, it is asked for each pair whether it lies on a cycle along which
    pairs can be exchanged at no loss; see `residual`.

    Parameters
    ----------
    matching : Matching
        Of the problem, optimal.

    Raises
    ------
    NotProven
        The matching is not proven optimal, or the time was over.

    >>> from revmentor.matching import solve
    >>> twins = Problem.from_scores([[3, 3], [3, 3], [1, 0]])
    >>> other_optima(twins, solve(twins)).sentence
    'For 4 people (2 mentors and 2 mentees) another matching is equally good: the lottery decided.'
    """
    if has_conditions(problem):
        text = "Under conditions on the whole match, equally good matchings are not counted."
        return OtherOptima(_listed(problem, matching, np.zeros(0, np.int64)), 0, 0, False, text)
    if matching.status != "optimal":
        raise NotProven(
            f"The matching is {matching.status}, not optimal, so there is no saying which others "
            "are as good. Solve with more time."
        )
    clock = Clock.start(time_limit)
    market = opened(problem).market
    tickets = Tickets.draw(len(problem.mentors), len(problem.mentees), matching.seed)
    try:
        found = best(market, tickets, clock, matching.state)
        if not found.proven:
            raise OutOfTime
        scan = Scan.of(market, tickets, clock)
        i, j = plan_of(problem, matching)
        worth = market.worth(i, j)
        free = np.flatnonzero(market.closed.at(i, j) == 0)
        plan = Columns(i, j, worth).take(free)
        residual = Residual(scan, found.mentor_price, found.mentee_price, plan)
        marked = residual.people(LISTED * (len(problem.mentors) + len(problem.mentees)))
    except OutOfTime as error:
        raise NotProven(
            f"The time limit of {time_limit} seconds passed before equally good matchings were "
            "counted. Raise it."
        ) from error
    who = np.flatnonzero(marked)
    mentors = int(marked[: len(problem.mentors)].sum())
    mentees = len(who) - mentors
    return OtherOptima(
        _listed(problem, matching, who), mentors, mentees, True, _said(mentors, mentees)
    )


def _said(mentors: int, mentees: int) -> str:
    if not mentors + mentees:
        return "No other matching is equally good for anybody."
    many = f"{counted(mentors, 'mentor')} and {counted(mentees, 'mentee')}"
    people = counted(mentors + mentees, "person")
    return f"For {people} ({many}) another matching is equally good: the lottery decided."


def _listed(
    problem: Problem, matching: Matching, who: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> pd.DataFrame:
    """The people of these nodes with their partners."""
    i, j = plan_of(problem, matching)
    rows = []
    partners: dict[int, list[str | int]] = {}
    for a, b in zip(i.tolist(), j.tolist(), strict=True):
        partners.setdefault(a, []).append(problem.mentees.ids[b])
        partners.setdefault(len(problem.mentors) + b, []).append(problem.mentors.ids[a])
    for node in who.tolist():
        mentor = node < len(problem.mentors)
        ids = problem.mentors.ids if mentor else problem.mentees.ids
        person = ids[node if mentor else node - len(problem.mentors)]
        rows.append((person, "mentor" if mentor else "mentee", tuple(partners.get(node, ()))))
    names = ("person_id", "side", "partners")
    return table({name: [row[at] for row in rows] for at, name in enumerate(names)})
