"""How sure is the match: how often does each pair survive other weights?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from revmentor.errors import Fault, InputError, NotProven
from revmentor.matching.arrays import BoolArray, FloatArray
from revmentor.matching.clock import Clock
from revmentor.matching.explain.people import in_points, plan_of
from revmentor.matching.problem import Problem
from revmentor.matching.result import Matching, table
from revmentor.matching.sweep import resolve, scored
from revmentor.matching.variants import shares_of
from revmentor.names import CRITERION_LABELS
from revmentor.words import counted, percent

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Robustness:
    """How often pairs survive when weights move.

    Parameters
    ----------
    pairs : DataFrame
        Today's pairs: mentor_id, mentee_id, score, survives (share of draws), always (in every
        draw and every move of one criterion).
    criteria : DataFrame
        criterion, share (today), down, up: share of today's pairs that survive when this weight
        alone moves down or up.
    draws : int
        How many were made: fewer than asked for if the time was over.
    by : float
        By which share of itself each weight moved at most.
    seed : int
    always, median : float
        Share of pairs that survive every draw; the median pair's share of draws. nan without
        pairs or draws.
    reached : float
        Smallest share of a draw's best total that today's pairs would still score in it; nan
        without draws.
    sentences : tuple of str
    """

    pairs: pd.DataFrame
    criteria: pd.DataFrame
    draws: int
    by: float
    seed: int
    always: float
    median: float
    reached: float
    sentences: tuple[str, ...]


def robustness(
    problem: Problem,
    matching: Matching,
    *,
    draws: int = 200,
    by: float = 0.2,
    seed: int = 0,
    time_limit: float | None = None,
) -> Robustness:
    """How often does each pair survive when all weights move by up to a fifth?

    Every weight is multiplied by a number drawn evenly from 1 - by to 1 + by, all are rescaled to
    sum 1, scores are rounded again and the best matching is found again; and so for each criterion
    alone, down and up. Of equally good matchings one is taken that keeps most of today's pairs, so
    a pair is gone only if it must go.

    Parameters
    ----------
    matching : Matching
        Of the problem, optimal.
    draws : int, at least 0
    by : float, 0 to 1
    seed : int
    time_limit : float, seconds, optional
        Draws end then.

    Raises
    ------
    InputError
        Arguments out of range.
    NotProven
        The matching is not proven optimal.
    """
    if draws < 0 or not 0 <= by <= 1:
        raise InputError(
            Fault("bad draws", "draws are at least 0, and weights move by a share 0 to 1",
                  "give such numbers", "", None, "draws, by", f"{draws}, {by}")
        )  # fmt: skip
    if matching.status != "optimal":
        raise NotProven(
            f"The matching is {matching.status}, not optimal: that pairs change would say nothing "
            "about weights. Solve with more time."
        )
    today = shares_of(problem)
    base = np.array(list(today.values()))
    pairs = plan_of(problem, matching)
    if len(today) < 2:
        return _nothing_to_move(problem, matching, today, by, seed)
    scenarios = np.concatenate([_single(base, by), _drawn(base, draws, by, seed)])
    clock = Clock.start(time_limit)
    found = list(resolve(problem, scenarios, pairs, clock, seed=matching.seed, warm=matching.state))
    survives: BoolArray = np.array([one.survives for one in found], bool)
    survives = survives.reshape(len(found), len(pairs[0]))
    single = survives[: 2 * len(base)]
    drawn = survives[2 * len(base) :]
    reached = _reached(problem, scenarios, pairs, [one.units for one in found])[2 * len(base) :]
    return _told(problem, matching, today, single, drawn, reached, by, seed)


def _drawn(base: FloatArray, draws: int, by: float, seed: int) -> FloatArray:
    """Seeded draws of all shares."""
    random = np.random.default_rng(seed)
    return _rescaled(base * random.uniform(1 - by, 1 + by, (draws, len(base))))


def _single(base: FloatArray, by: float) -> FloatArray:
    """Each share alone down, then up."""
    moves = np.tile(base, (2 * len(base), 1))
    for number in range(len(base)):
        moves[2 * number, number] *= 1 - by
        moves[2 * number + 1, number] *= 1 + by
    return _rescaled(moves)


def _rescaled(shares: FloatArray) -> FloatArray:
    """Rows that sum to 1; one without any weight left stays all zero."""
    totals = np.array([math.fsum(row) for row in shares.tolist()]).reshape(-1, 1)
    return shares / np.where(totals > 0, totals, 1.0)


def _reached(
    problem: Problem,
    shares: FloatArray,
    pairs: tuple[np.ndarray[tuple[int], np.dtype[np.int64]], ...],
    best: list[int],
) -> FloatArray:
    """Which share of each scenario's best total do today's pairs score?"""
    mine = scored(problem, shares[: len(best)], pairs[0], pairs[1]).sum(axis=1)
    total = np.array(best, np.float64)
    return np.where(total > 0, mine / np.where(total > 0, total, 1.0), 1.0)


def _told(
    problem: Problem, matching: Matching, today: dict[str, float], single: BoolArray,
    drawn: BoolArray, reached: FloatArray, by: float, seed: int,
) -> Robustness:  # fmt: skip
    made = matching.pairs
    known = len(drawn) and len(made)
    share = drawn.mean(axis=0) if len(drawn) else np.full(len(made), np.nan)
    every = drawn.all(axis=0) & single.all(axis=0)
    moved = [float(row.mean()) if len(row) else math.nan for row in single]
    moved += [math.nan] * (2 * len(today) - len(moved))
    always = float(drawn.all(axis=0).mean()) if known else math.nan
    median = float(np.median(share)) if known else math.nan
    pairs = table(
        {
            "mentor_id": made["mentor_id"].to_list(),
            "mentee_id": made["mentee_id"].to_list(),
            "score": in_points(problem, problem.scores.plain(*plan_of(problem, matching))),
            "survives": share,
            "always": every,
        }
    )
    criteria = table(
        {
            "criterion": list(today),
            "share": list(today.values()),
            "down": moved[0::2],
            "up": moved[1::2],
        }
    )
    least = float(reached.min()) if len(reached) else math.nan
    sentences = _sentences(criteria, len(drawn), by, always, median, least) if known else ()
    return Robustness(
        pairs, criteria, len(drawn), by, seed, always, median, least,
        sentences or ("There is nothing to tell: no pairs, or no draws in time.",),
    )  # fmt: skip


def _sentences(
    criteria: pd.DataFrame, draws: int, by: float, always: float, median: float, reached: float
) -> tuple[str, ...]:
    lowest = criteria[["down", "up"]].min(axis=1)
    first = (
        f"With all weights moved by up to {percent(by)}, {percent(always)} of the pairs survive "
        f"every one of {counted(draws, 'draw')}; the middle pair survives {percent(median)} of "
        "them."
    )
    kept = f"Today's pairs would still score at least {percent(reached, 1)} of the best there."
    if not lowest.notna().any() or lowest.min() == 1:
        return first, "No pair changes when one weight alone moves.", kept
    where = int(np.nanargmin(lowest.to_numpy()))
    name = str(criteria["criterion"].iloc[where])
    most = (
        f"The weight that matters most is {CRITERION_LABELS.get(name, name)}: moved alone, "
        f"{percent(1 - float(lowest.iloc[where]))} of the pairs change."
    )
    return first, most, kept


def _nothing_to_move(
    problem: Problem, matching: Matching, today: dict[str, float], by: float, seed: int
) -> Robustness:
    """One criterion has all the weight, whatever it is."""
    made = len(matching.pairs)
    none = np.ones((0, made), bool)
    told = _told(problem, matching, today, none, none, np.empty(0), by, seed)
    pairs = told.pairs.assign(survives=1.0)
    criteria = told.criteria.assign(down=1.0, up=1.0)
    share = 1.0 if made else math.nan
    text = "Only one criterion counts, so no other weights could change the match."
    return Robustness(pairs, criteria, 0, by, seed, share, share, math.nan, (text,))
