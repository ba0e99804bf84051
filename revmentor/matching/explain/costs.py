"""What does each rule, each place and each condition cost?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from revmentor.errors import NotProven
from revmentor.matching.arrays import FloatArray, IntArray
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.explain.people import plan_of
from revmentor.matching.margins import extreme_prices
from revmentor.matching.market import opened
from revmentor.matching.problem import Problem
from revmentor.matching.result import Matching, table
from revmentor.matching.solver import solve
from revmentor.matching.tradeoff.conditional import has_conditions, lifted
from revmentor.matching.variants import LABELS, Side, removable, with_places, without

if TYPE_CHECKING:
    import pandas as pd


def binding_capacity(problem: Problem, matching: Matching) -> pd.DataFrame:
    """Whose places bind: what would one more place add?

    Returns
    -------
    DataFrame
        person_id, side, capacity, price (dual price in the unit of the scores: locally, what the
        objective gains by one more place); dearest first. Empty without a certificate.
    """
    proof = matching.certificate
    rows = [
        (who, side, int(places), problem.points(int(price)))
        for side, roster, prices in (
            ("mentor", problem.mentors, proof.mentor if proof else ()),
            ("mentee", problem.mentees, proof.mentee if proof else ()),
        )
        for who, places, price in zip(roster.ids, roster.places, prices, strict=proof is not None)
        if price > 0
    ]
    rows.sort(key=lambda row: (-row[3], row[1], str(row[0])))
    names = ("person_id", "side", "capacity", "price")
    return table({name: [row[at] for row in rows] for at, name in enumerate(names)})


def capacity_prices(
    problem: Problem, matching: Matching, *, most: int = 10, time_limit: float | None = None
) -> pd.DataFrame:
    """What would one more place of each person add, exactly, and one fewer take away?

    Parameters
    ----------
    matching : Matching
        Optimal; its dual prices stand beside.
    most : int
        Under conditions every figure is a solve of its own: only for so many people, those with
        the dearest places.

    Returns
    -------
    DataFrame
        person_id, side, capacity, pairs, one_more, one_fewer (both in the unit of the scores, at
        least 0; NaN if nobody could be left out, or not worked out), dual_price (of the
        certificate: between the two); dearest first, everybody once.

    Raises
    ------
    NotProven
        The time limit passed.

    Notes
    -----
    The optimum is concave in one person's places, so one more place adds the smallest optimal
    dual price and the last place added the largest.

    >>> problem = Problem.from_scores([[5, 9]])
    >>> capacity_prices(problem, solve(problem))[["side", "one_more", "one_fewer"]].values.tolist()
    [['mentor', 5.0, 9.0], ['mentee', 0.0, 0.0], ['mentee', 0.0, 4.0]]
    """
    clock = Clock.start(time_limit)
    start = opened(problem)
    sides = (("mentor", problem.mentors), ("mentee", problem.mentees))
    duals = _duals(problem, matching)
    pairs = [
        np.bincount(who, minlength=len(roster))
        for who, (_, roster) in zip(plan_of(problem, matching), sides, strict=True)
    ]
    try:
        if has_conditions(problem):
            figures = _by_solving(problem, matching, duals, most, clock)
        else:
            found = extreme_prices(start.market, clock, seed=matching.seed, warm=matching.state)
            figures = [
                (_points(problem, found.mentor_low), _points(problem, found.mentor_high)),
                (_points(problem, found.mentee_low), _points(problem, found.mentee_high)),
            ]
            for (_, fewer), places in zip(
                figures, (start.market.mentor_places, start.market.mentee_places), strict=True
            ):
                fewer[places == 0] = np.nan
    except OutOfTime as error:
        raise NotProven(_too_slow(time_limit)) from error
    rows = [
        (who, side, int(roster.places[k]), int(made[k]), more[k], fewer[k], dual[k])
        for (side, roster), made, (more, fewer), dual in zip(
            sides, pairs, figures, duals, strict=True
        )
        for k, who in enumerate(roster.ids)
    ]
    rows.sort(key=lambda row: (np.isnan(row[4]), -row[4], row[1] == "mentee", str(row[0])))
    names = ("person_id", "side", "capacity", "pairs", "one_more", "one_fewer", "dual_price")
    return table({name: [row[at] for row in rows] for at, name in enumerate(names)})


def rule_prices(
    problem: Problem, matching: Matching, *, time_limit: float | None = None
) -> pd.DataFrame:
    """What does each rule cost: how much more could be reached without it?

    Parameters
    ----------
    matching : Matching
        Of the problem, optimal.
    time_limit : float, seconds, optional
        For each rule.

    Returns
    -------
    DataFrame
        rule, label, price (objective without the rule minus with it, in the unit of the scores,
        at least 0), most_price (the bound on it: equal if proven), more_pairs, status (of the
        solve without it); dearest first. The rules are those of `variants.removable`: a minimum
        score and required pairs count as rules; a grade gap is lowered to 1, which always holds.

    >>> problem = Problem.from_scores([[5, 9], [4, 1]], eligible=[[True, False], [True, True]])
    >>> rule_prices(problem, solve(problem))[["rule", "price"]].values.tolist()
    [['eligible', 7]]
    """
    rows = []
    for rule in removable(problem):
        found = solve(without(problem, rule), time_limit=time_limit, seed=matching.seed)
        rows.append((rule, LABELS.get(rule, rule), *_against(problem, matching, found)))
    return _priced(rows, ("rule", "label"))


def condition_prices(
    problem: Problem, matching: Matching, *, time_limit: float | None = None
) -> pd.DataFrame:
    """What does each condition on the whole match cost?

    Parameters
    ----------
    matching : Matching
        Of the problem.
    time_limit : float, seconds, optional
        For each condition.

    Returns
    -------
    DataFrame
        As `rule_prices`, with condition and dual_price (of the certificate, per unit of the
        condition's bound; NaN if it has none) in place of rule. Waves count as one condition.
        Empty without conditions.
    """
    rows = []
    for name, label, free in lifted(problem):
        found = solve(free, time_limit=time_limit, seed=matching.seed)
        rows.append((name, label, *_against(problem, matching, found)))
    prices = _priced(rows, ("condition", "label"))
    proof = matching.certificate
    duals = {} if proof is None else proof.side_constraints.to_dict()
    prices["dual_price"] = [float(duals.get(name, np.nan)) for name in prices["condition"]]
    return prices


def _against(problem: Problem, matching: Matching, found: Matching) -> tuple[object, ...]:
    """price, most_price, more_pairs, status of what was found without a limit."""
    if matching.objective_units is None or found.objective_units is None:
        return float("nan"), float("nan"), 0, found.status
    assert found.bound_units is not None
    more = found.objective_units - matching.objective_units
    most = found.bound_units - matching.objective_units
    pairs = len(found.pairs) - len(matching.pairs)
    return problem.points(more), problem.points(most), pairs, found.status


def _priced(rows: list[tuple[object, ...]], first: tuple[str, ...]) -> pd.DataFrame:
    names = (*first, "price", "most_price", "more_pairs", "status")
    listed = table({name: [row[at] for row in rows] for at, name in enumerate(names)})
    return listed.sort_values("price", ascending=False, kind="stable", ignore_index=True)


def _points(problem: Problem, units: IntArray) -> FloatArray:
    points: FloatArray = units / problem.per_point
    return points


def _duals(problem: Problem, matching: Matching) -> list[FloatArray]:
    """Dual prices of mentors and of mentees, in the unit of the scores."""
    proof = matching.certificate
    if proof is None:
        return [np.full(len(r), np.nan) for r in (problem.mentors, problem.mentees)]
    return [
        _points(problem, prices.loc[list(roster.ids)].to_numpy(np.int64))
        for prices, roster in ((proof.mentor, problem.mentors), (proof.mentee, problem.mentees))
    ]


def _by_solving(
    problem: Problem, matching: Matching, duals: list[FloatArray], most: int, clock: Clock
) -> list[tuple[FloatArray, ...]]:
    """One more and one fewer place of the few people with the dearest, by solving again."""
    figures = [(np.full(len(dual), np.nan), np.full(len(dual), np.nan)) for dual in duals]
    sides: tuple[Side, Side] = ("mentor", "mentee")
    dear = sorted(
        ((-price, number, k) for number, dual in enumerate(duals) for k, price in enumerate(dual))
    )[:most]
    if matching.objective_units is None:
        return list(figures)
    for _, number, person in dear:
        for at, more in enumerate((1, -1)):
            changed = with_places(problem, sides[number], person, more)
            left = clock.left()
            if left == 0:
                raise OutOfTime
            found = solve(changed, time_limit=left, seed=matching.seed)
            if found.objective_units is not None:
                apart = abs(found.objective_units - matching.objective_units)
                figures[number][at][person] = apart / problem.per_point
    return list(figures)


def _too_slow(time_limit: float | None) -> str:
    return (
        f"The time limit of {time_limit} seconds passed before the prices were known. Raise it, "
        "or read the dual prices of the certificate."
    )
