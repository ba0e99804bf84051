"""Who would rather be with each other, and what would a matching cost in which nobody would?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray, blocks
from revmentor.matching.columns import Columns
from revmentor.matching.explain.deferred import deferred_acceptance
from revmentor.matching.explain.people import in_points, plan_of, said, worth_of
from revmentor.matching.explain.ranking import Ranked, Ranking, ranking_of
from revmentor.matching.market import opened
from revmentor.matching.problem import Problem
from revmentor.matching.result import Matching, table
from revmentor.matching.tickets import Tickets
from revmentor.matching.worth import NEVER
from revmentor.words import counted, percent

if TYPE_CHECKING:
    import pandas as pd

# The rank of a place that is open, and of one that can never be won.
OPEN, NEVER_WON = NEVER, 2**62


@dataclass(frozen=True, eq=False)
class Blocking:
    """Pairs that both would rather be in.

    Parameters
    ----------
    ranking : str
        ``score`` or ``wishes``; see `blocking_pairs`.
    count : int
        How many such pairs there are.
    mentors, mentees : int
        People in at least one of them.
    pairs : DataFrame
        The first of them: mentor_id, mentee_id, score, mentor_now, mentee_now (score of the pair
        that each would give up, NaN for a place left open), by score.
    sentence : str
    """

    ranking: Ranking
    count: int
    mentors: int
    mentees: int
    pairs: pd.DataFrame
    sentence: str


@dataclass(frozen=True, eq=False)
class Stability:
    """What a matching without blocking pairs costs.

    Parameters
    ----------
    ranking : str
    objective : float, or int for whole scores
        Of a stable matching, priorities included.
    price : float, or int for whole scores
        Today's objective minus that.
    share : float
        The price as a share of today's objective; nan if that is 0.
    pairs : DataFrame
        The stable matching: mentor_id, mentee_id, score; by mentee_id, mentor_id.
    differ : int
        Today's pairs that are not in it.
    sentence : str
    """

    ranking: Ranking
    objective: float | int
    price: float | int
    share: float
    pairs: pd.DataFrame
    differ: int
    sentence: str


def blocking_pairs(
    problem: Problem, matching: Matching, *, ranking: Ranking = "score", most: int = 1000
) -> Blocking:
    """Which pairs do both strictly prefer to what they have, an open place included?

    Parameters
    ----------
    matching : Matching
    ranking : {"score", "wishes"}
        How each side ranks the other. ``score``: by the pair's score. ``wishes``: whom one wished
        for comes first, in the order of one's own list; all others follow by score. Wishes are
        those of the tables; without any, both are the same.
    most : int
        How many to list.

    Notes
    -----
    A pair blocks if it may be made, is not, and each of the two has an open place or would give up
    one of their present pairs for it (pairwise stability of many-to-many matching; Roth 1984).
    Required pairs are not given up, and the conditions on the whole match are left aside.

    >>> from revmentor.matching import solve
    >>> problem = Problem.from_scores([[9, 8], [8, 1]])
    >>> blocking_pairs(problem, solve(problem)).pairs[["mentor_id", "mentee_id"]].values.tolist()
    [[0, 0]]
    """
    market = opened(problem).market
    ranked = ranking_of(problem, ranking)
    i, j = plan_of(problem, matching)
    needed = [
        _needed(at, rank, places, pinned)
        for at, rank, places, pinned in (
            (i, ranked.mentor(i, j), market.mentor_places, market.closed.at(i, j) > 0),
            (j, ranked.mentee(i, j), market.mentee_places, market.closed.at(i, j) > 0),
        )
    ]
    made = np.sort(j * max(1, len(problem.mentors)) + i)
    found: list[Columns] = []
    kept, count = 0, 0
    mentors, mentees = np.zeros(len(problem.mentors), bool), np.zeros(len(problem.mentees), bool)
    for a, b in blocks(len(problem.mentors), np.flatnonzero(market.mentee_places)):
        wants = _wants(problem, ranked, needed, a, b)
        wants &= market.worth(a, b) != NEVER
        row, mentor = np.nonzero(wants)
        mentee = b[row, 0]
        fresh = ~np.isin(mentee * max(1, len(problem.mentors)) + mentor, made)
        mentor, mentee = mentor[fresh], mentee[fresh]
        count += len(mentor)
        mentors[mentor] = mentees[mentee] = True
        found.append(Columns(mentor, mentee, problem.scores.plain(mentor, mentee)))
        kept += len(mentor)
        if kept > 8 * most:
            found = [_top(Columns.join(found), most)]
            kept = len(found[0])
    listed = _top(Columns.join(found), most)
    pairs = table(
        {
            "mentor_id": [problem.mentors.ids[k] for k in listed.mentor.tolist()],
            "mentee_id": [problem.mentees.ids[k] for k in listed.mentee.tolist()],
            "score": in_points(problem, listed.units),
            "mentor_now": _now(problem, needed[0], listed.mentor, i, ranked.mentor(i, j), (i, j)),
            "mentee_now": _now(problem, needed[1], listed.mentee, j, ranked.mentee(i, j), (i, j)),
        }
    )
    people = int(mentors.sum()), int(mentees.sum())
    return Blocking(ranking, count, *people, pairs, _said(count, *people))


def stability_price(
    problem: Problem, matching: Matching, *, ranking: Ranking = "score", seed: int | None = None
) -> Stability:
    """What would a matching cost in which no two people would rather be with each other?

    Parameters
    ----------
    matching : Matching
    ranking : {"score", "wishes"}
        As in `blocking_pairs`.
    seed : int, optional
        Of the tickets that break ties between equal partners; that of the matching by default.

    Notes
    -----
    Deferred acceptance with mentees asking (Gale and Shapley 1962; with several places Roth
    1984). With ``score`` and without ties there is one stable matching only, that of taking the
    best pair left again and again; with ties it is one of them, and others may cost less.

    >>> from revmentor.matching import solve
    >>> problem = Problem.from_scores([[9, 8], [8, 1]])
    >>> stability_price(problem, solve(problem)).sentence
    'A matching without blocking pairs would lose 6 (38%) and change 2 of 2 pairs.'
    """
    start = opened(problem)
    ranked = ranking_of(problem, ranking)
    tickets = Tickets.draw(
        len(problem.mentors), len(problem.mentees), matching.seed if seed is None else seed
    )
    plan = Columns.join([start.made, deferred_acceptance(start.market, ranked, tickets)])
    order = np.lexsort((plan.mentor, plan.mentee))
    i, j = plan.mentor[order], plan.mentee[order]
    today = plan_of(problem, matching)
    before, after = worth_of(problem, *today), worth_of(problem, i, j)
    width = max(1, len(problem.mentors))
    differ = int((~np.isin(today[1] * width + today[0], j * width + i)).sum())
    pairs = table(
        {
            "mentor_id": [problem.mentors.ids[k] for k in i.tolist()],
            "mentee_id": [problem.mentees.ids[k] for k in j.tolist()],
            "score": in_points(problem, problem.scores.plain(i, j)),
        }
    )
    share = (before - after) / before if before else float("nan")
    loss = f"lose {said(problem, before - after)} ({percent(share)})" if before > after else ""
    text = (
        f"A matching without blocking pairs would {loss or 'lose nothing'} and change "
        f"{differ:,} of {counted(len(today[0]), 'pair')}."
    )
    return Stability(
        ranking, problem.points(after), problem.points(before - after), share, pairs, differ, text
    )


def _needed(who: IntArray, rank: IntArray, places: IntArray, pinned: BoolArray) -> IntArray:
    """The rank that a partner must exceed to be won: the lowest held, or that of an open place."""
    free = ~pinned
    load = np.bincount(who[free], minlength=len(places))
    needed = np.full(len(places), NEVER_WON)
    np.minimum.at(needed, who[free], rank[free])
    needed[load < places] = OPEN
    return needed


def _wants(
    problem: Problem, ranked: Ranked, needed: list[IntArray], i: IntArray, j: IntArray
) -> BoolArray:
    wants: BoolArray = (ranked.mentor(i, j) > needed[0][i]) & (ranked.mentee(i, j) > needed[1][j])
    return wants


def _top(listed: Columns, most: int) -> Columns:
    order = np.lexsort((listed.mentor, listed.mentee, -listed.units))
    return listed.take(order[:most])


def _now(
    problem: Problem, needed: IntArray, who: IntArray, held: IntArray, rank: IntArray,
    cells: tuple[IntArray, IntArray],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:  # fmt: skip
    """Score of the pair that each would give up; NaN for an open place."""
    lowest = np.full(len(needed), np.nan)
    gives = np.flatnonzero(rank == needed[held])
    lowest[held[gives]] = problem.scores.plain(cells[0][gives], cells[1][gives]) / problem.per_point
    return lowest[who]


def _said(count: int, mentors: int, mentees: int) -> str:
    if not count:
        return "No two people would both rather be with each other."
    people = f"{counted(mentors, 'mentor')} and {counted(mentees, 'mentee')}"
    return (
        f"{counted(count, 'pair')} of people would both rather have each other than what they "
        f"have ({people}): those pairs score more for the two, and less for all together."
    )
