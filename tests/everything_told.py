"""Any plan of a tiny problem, told as if it were the best: all its own numbers are right."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
from plain_plans import Facts, Pair, Plans
from verifying import FIELD

from revmentor.matching import Matching, Problem


def told_as(problem: Problem, facts: Facts, m: Matching, plans: Plans, number: int) -> Matching:
    """One of the possible plans in the place of the best one, with its own numbers, as optimal."""
    row = plans.plans[number].tolist()
    chosen = [pair for pair, made in zip(plans.pairs, row, strict=True) if made] + plans.made
    chosen.sort(key=lambda pair: (facts.mentees[pair[1]], facts.mentors[pair[0]]))
    unit = 1 if facts.per_point == 1 else 1e6

    def points(values: np.ndarray) -> np.ndarray:
        listed = np.array([int(values[pair]) for pair in chosen], np.int64)
        return listed if unit == 1 else listed / unit

    pairs = pd.DataFrame({
        "mentor_id": [facts.mentors[i] for i, _ in chosen],
        "mentee_id": [facts.mentees[j] for _, j in chosen],
        "score": points(facts.units),
    })  # fmt: skip
    if problem.priorities:
        pairs["priority"] = points(facts.more)
    if problem.waves is not None:
        pairs["wave"] = [problem.waves.names[w] for w in running(facts, chosen)]
    out = [
        (who, side)
        for at, (side, ids) in enumerate((("mentor", facts.mentors), ("mentee", facts.mentees)))
        for k, who in enumerate(ids)
        if all(pair[at] != k for pair in chosen)
    ]
    worth = sum(int(facts.units[pair] + facts.more[pair]) for pair in chosen)
    total = worth if unit == 1 else worth / unit
    fairness = m.fairness
    if fairness is not None:
        held = [value for value in plans.fortunes()[number].tolist() if value]
        fairness = FIELD(fairness, served=len(held), worst=min(held, default=0))
    return FIELD(
        m, pairs=pairs, unmatched=pd.DataFrame(out, columns=["person_id", "side"]),
        objective=total, objective_units=worth, bound=total, bound_units=worth, fairness=fairness,
    )  # fmt: skip


def running(facts: Facts, chosen: list[Pair]) -> tuple[int, ...]:
    """A wave for each pair that holds it."""
    assert facts.waves is not None
    each = range(len(facts.waves))
    open_to = [[w for w in each if int(facts.common[p]) >> w & 1] or list(each) for p in chosen]
    return next(
        ways
        for ways in itertools.product(*open_to)
        if all(most is None or ways.count(w) <= most for w, most in enumerate(facts.waves))
    )


def told_impossible(m: Matching) -> Matching:
    return FIELD(
        m, pairs=m.pairs.iloc[:0], unmatched=m.unmatched.iloc[:0], status="infeasible",
        objective=math.nan, bound=math.nan, objective_units=None, bound_units=None,
        certificate=None, fairness=None,
    )  # fmt: skip
