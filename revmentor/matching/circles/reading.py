"""Who may be in a circle with whom, by the tables that a problem was made of?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from revmentor.errors import Fault, InputError
from revmentor.matching.arrays import BoolArray, IntArray, blocks
from revmentor.matching.circles.market import (
    FORBIDDEN,
    LARGEST_TOTAL,
    TRAITS,
    CircleMarket,
    Extras,
    Range,
    Traits,
)
from revmentor.matching.intake.cells import Lists
from revmentor.matching.intake.frames import Rows, pool_rows
from revmentor.matching.intake.pool import Side
from revmentor.matching.problem import Problem, TableSource
from revmentor.matching.scores import MILLION, TableScores
from revmentor.params.circles import CircleDesign
from revmentor.params.models import Params

# Circles look at all pairs at once: 8 bytes each.
MOST_PAIRS = 100_000_000


class Reading(NamedTuple):
    """A market, and what its topics are called."""

    market: CircleMarket
    topics: tuple[str, ...]


def read_market(problem: Problem, design: CircleDesign) -> Reading:
    """Who can be in circles, as arrays.

    Parameters
    ----------
    problem : Problem
        Made by `Problem.from_tables`.
    design : CircleDesign

    Raises
    ------
    InputError
        For a problem of given scores, which has no topics; for too many people; and for weights
        that do not fit beside participation.
    """
    source, scores = problem.source, problem.scores
    if not isinstance(source, TableSource) or not isinstance(scores, TableScores):
        raise InputError(
            Fault("no topics", "circles need people's skills or interests, and this problem was "
                  "made of scores alone", "make it with Problem.from_tables", column="problem")
        )  # fmt: skip
    pairs = len(problem.mentors) * len(problem.mentees)
    if pairs > MOST_PAIRS:
        raise InputError(
            Fault("too many people", f"circles look at all pairs at once, at most "
                  f"{MOST_PAIRS:,} of them", "form circles by site or department, one pool at a "
                  "time", "applications", value=f"{pairs:,} pairs")
        )  # fmt: skip
    rows = pool_rows(source.people, source.applications, source.params)
    pool = scores.pool
    at = [np.flatnonzero(rows.on(side)) for side in ("mentor", "mentee")]
    if design.topics == "skills":
        offered, wanted, names = rows.offered, rows.wanted, rows.offered.names
    else:
        offered, wanted, names = rows.interests, rows.interests, rows.interests.names
    sides = (pool.mentors, pool.mentees)
    vetoes = _vetoes(rows) if design.rules.vetoes else np.empty((0, 2), np.int64)

    def apart(a: int, b: int) -> BoolArray:
        return _apart(sides[a], sides[b], at[a], at[b], vetoes, design)

    clash = [apart(side, side) for side in (0, 1)]
    for matrix in clash:
        np.fill_diagonal(matrix, False)
    units = _units(problem, design)
    units[apart(0, 1)] = FORBIDDEN
    through = [_free_throughout(side.waves, source.params) for side in sides]
    weights = design.weights
    market = CircleMarket(
        units,
        np.where(problem.mentors.places > 0, design.per_person.mentor, 0) * through[0],
        np.where(problem.mentees.places > 0, design.per_person.mentee, 0) * through[1],
        _matrix(offered)[at[0]],
        _matrix(wanted)[at[1]],
        clash[0],
        clash[1],
        _traits(pool.mentors),
        _traits(pool.mentees),
        Range(design.mentors.fewest, design.mentors.most),
        Range(design.mentees.fewest, design.mentees.most),
        design.most,
        design.least_wanting,
        Extras(
            round(weights.wanted * MILLION),
            round(weights.offered * MILLION),
            (
                round(weights.department * MILLION),
                round(weights.site * MILLION),
                round(weights.generation * MILLION),
            ),
        ),
    )
    return Reading(_with_seats(market, design), names)


def _with_seats(market: CircleMarket, design: CircleDesign) -> CircleMarket:
    """With units for a seat above any programme's value, where participation comes first."""
    if design.objective == "value":
        return market
    seated = market.putting_people_first()
    people = (market.mentors.most + market.mentees.most) * market.limit
    if seated.extras.seat * (people + 1) > LARGEST_TOTAL:
        raise InputError(
            Fault("weights too large", "with this many people, participation cannot come before "
                  "weights this large", "lower circles.weights, or set circles.objective to value",
                  column="circles.weights")
        )  # fmt: skip
    return seated


def _units(problem: Problem, design: CircleDesign) -> IntArray:
    """Scores of all pairs, `FORBIDDEN` where a rule is broken or the score is too low."""
    units = np.empty((len(problem.mentors), len(problem.mentees)), np.int64)
    least = round(design.minimum_score * MILLION)
    for i, j in blocks(*units.shape):
        found = problem.scores.units(i, j)
        units[:, j.ravel()] = np.where(found < least, FORBIDDEN, found).T
    return units


def _matrix(lists: Lists) -> BoolArray:
    """Which row has which item?"""
    has = np.zeros((lists.rows, len(lists.names)), bool)
    has[lists.row, lists.item] = True
    return has


def _traits(side: Side) -> Traits:
    return np.stack([getattr(side, name) for name in TRAITS], axis=1).astype(np.int32)


def _free_throughout(waves: IntArray, params: Params) -> BoolArray:
    """Who is free on every day of any wave, as circles meet through all of the cycle?

    ``waves`` are bits in the order of ``matching.limits.waves``.
    """
    planned = {wave.name.casefold(): wave for wave in params.design.waves}
    begin, end = params.programme.start, params.programme.end
    days = np.arange(begin.toordinal(), end.toordinal() + 1)
    runs = np.ones((len(params.matching.limits.waves), len(days)), bool)
    for number, asked in enumerate(params.matching.limits.waves):
        if wave := planned.get(asked.name.casefold()):
            runs[number] = days >= wave.first(begin).toordinal()
            runs[number] &= days <= wave.last(begin, end).toordinal()
    in_wave = (waves[:, None] >> np.arange(len(runs)) & 1) == 1
    everywhere: BoolArray = ((in_wave @ runs) >= runs.any(axis=0)).all(axis=1)
    return everywhere


def _vetoes(rows: Rows) -> IntArray:
    """Places of applicants who veto each other, both ways."""
    place = {person: k for k, person in enumerate(rows.ids)}
    found = {
        pair
        for row, item in zip(rows.vetoes.row.tolist(), rows.vetoes.item.tolist(), strict=True)
        if (other := place.get(rows.vetoes.names[item])) is not None
        for pair in ((row, other), (other, row))
    }
    return np.array(sorted(found), np.int64).reshape(-1, 2)


def _apart(
    a: Side, b: Side, at_a: IntArray, at_b: IntArray, vetoes: IntArray, design: CircleDesign
) -> BoolArray:
    """Who of one side may not be with whom of another, or of the same, by the circles' rules."""
    out = np.zeros((len(a.ids), len(b.ids)), bool)
    if design.rules.reporting_line:
        first, last = a.first[:, None], a.last[:, None]
        out |= (first <= b.first) & (b.first <= last)
        out |= (b.first <= first) & (first <= b.last)
    if design.rules.same_manager:
        out |= (a.manager[:, None] == b.manager) & (a.manager >= 0)[:, None]
    if len(vetoes):
        i = np.searchsorted(at_a, vetoes[:, 0]).clip(max=max(0, len(at_a) - 1))
        j = np.searchsorted(at_b, vetoes[:, 1]).clip(max=max(0, len(at_b) - 1))
        if len(at_a) and len(at_b):
            here = (at_a[i] == vetoes[:, 0]) & (at_b[j] == vetoes[:, 1])
            out[i[here], j[here]] = True
    return out
