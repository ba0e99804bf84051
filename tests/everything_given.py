"""Tiny problems of given scores with everything asked of them, and the facts of each."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from plain_plans import MOST_FREE, Asked, Facts

from revmentor.matching import Problem
from revmentor.matching.conditions import Condition, PairKind, Waves

OBJECTIVES = ("total", "total", "participation", "max_min", "leximin")


def some_scores(random: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    match int(random.integers(0, 9)):
        case 0:
            return random.integers(0, 3, shape)
        case 1:
            return random.integers(0, 10, shape)
        case 2:
            return random.integers(0, 2**50, shape)
        case 3:
            return random.random(shape)
        case 4:
            return random.choice([0.0, 0.25, 0.5, 1.0], shape)
        case 5:
            return random.random(shape) * 1e8
        case 6:
            return np.full(shape, int(random.choice([0, 1, 7])))
        case 7:
            # Nearly alike, far from 0: what differs is the last unit.
            return 2**40 + random.integers(0, 3, shape)
        case _:
            return random.integers(0, 1000, shape)


def given_problem(random: np.random.Generator) -> tuple[Problem, Facts]:
    """Up to 4 by 4 people with given scores, in any order of ids."""
    return asked_more(random, *given_from(given_arguments(random), random.random() < 0.5))


def given_arguments(random: np.random.Generator) -> dict[str, Any]:
    """Arguments of `from_scores`."""
    shape = int(random.integers(0, 5)), int(random.integers(0, 5))
    ids: list[list[Any]]
    if random.random() < 0.5:
        ids = [random.permutation(50)[:size].tolist() for size in shape]
    else:
        ids = [[f"p{x}" for x in random.permutation(12)[:size]] for size in shape]
    few = random.random() < 0.4
    capacity, demand = (
        np.ones(size, np.int64) if few else random.integers(0, 4, size) for size in shape
    )
    return {
        "scores": some_scores(random, shape),
        "eligible": some_eligible(random, shape),
        "mentor_capacity": capacity,
        "mentee_demand": demand,
        "mentor_ids": ids[0],
        "mentee_ids": ids[1],
    }


def some_eligible(random: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    eligible = random.random(shape) < random.choice([0.5, 0.9, 1.0])
    for a, b in random.permutation(np.argwhere(eligible))[MOST_FREE:]:
        eligible[a, b] = False
    return eligible


def given_from(case: dict[str, Any], silent: bool = False) -> tuple[Problem, Facts]:
    """The problem; `silent` says nothing of what is eligible if everything is."""
    scores, eligible = case["scores"], case["eligible"]
    per_point = 10**6 if scores.dtype.kind == "f" else 1
    units = np.rint(scores * 1e6).astype(np.int64) if per_point > 1 else scores.astype(np.int64)
    # A score that was given for a pair that is not eligible counts for nothing, also if locked.
    units = np.where(eligible, units, 0)
    facts = Facts(
        case["mentor_ids"], case["mentee_ids"], units, eligible, np.zeros_like(units),
        case["mentor_capacity"], case["mentee_demand"], per_point,
    )  # fmt: skip
    if silent and eligible.all():
        case = case | {"eligible": None}
    return Problem.from_scores(**case), facts


def asked_more(
    random: np.random.Generator, problem: Problem, facts: Facts
) -> tuple[Problem, Facts]:
    """The same with conditions, waves, pairs to make, priorities and an objective."""
    many = len(facts.mentors), len(facts.mentees)
    order = [
        np.array([held.index(who) for who in side.ids], np.int64)
        for held, side in ((facts.mentors, problem.mentors), (facts.mentees, problem.mentees))
    ]
    conditions, asked = [], []
    if random.random() < 0.6:
        for number in range(int(random.integers(1, 4))):
            kind, counts = some_kind(random, many)
            kind = PairKind(kind.mentor[order[0]], kind.mentee[order[1]], kind.counts)
            found, meant = some_limit(random, kind, counts, f"c{number}")
            conditions += found
            asked.append(meant)
    waves = None
    if random.random() < 0.35:
        count = int(random.integers(1, 4))
        limits = [
            None if random.random() < 0.3 else int(random.integers(0, 3)) for _ in range(count)
        ]
        free = [random.random((size, count)) < 0.7 for size in many]
        waves = Waves(tuple("xyz"[:count]), tuple(limits), free[0][order[0]], free[1][order[1]])
        facts = replace(facts, waves=tuple(limits), free=(free[0], free[1]))
    drawn = [(a, b) for a in range(many[0]) for b in range(many[1])]
    drawn = [drawn[k] for k in random.permutation(len(drawn))[: int(random.integers(0, 3))]]
    if random.random() < 0.5:
        drawn = []
    locks = [pair for pair in drawn if random.random() < 0.4]
    rest = [pair for pair in drawn if pair not in locks]
    if len(locks) and random.random() < 0.2:
        rest.append(locks[0])
    more, given = facts.more, [None, None]
    for side in (0, 1):
        if random.random() < 0.25:
            steps = [0, 1, 3] if facts.per_point == 1 else [0.0, 0.25, 0.5]
            each = random.choice(steps, many[side])
            whole = np.rint(each * facts.per_point).astype(np.int64)
            more = more + (whole[:, None] if side == 0 else whole[None, :])
            given[side] = each[order[side]]
    objective = str(random.choice(OBJECTIVES))
    over = str(random.choice(["mentees", "mentors", "both"]))
    problem = problem.under(
        *conditions,
        waves=waves,
        require=[(facts.mentors[a], facts.mentees[b]) for a, b in rest],
        lock=[(facts.mentors[a], facts.mentees[b]) for a, b in locks],
        mentor_priority=given[0],
        mentee_priority=given[1],
        objective=objective,  # type: ignore[arg-type]
        over=over,  # type: ignore[arg-type]
    )
    facts = replace(
        facts, more=more, required=frozenset(rest), locked=frozenset(locks), asked=tuple(asked),
        objective=objective, over=over,
    )  # fmt: skip
    return problem, facts


def some_kind(random: np.random.Generator, many: tuple[int, int]) -> tuple[PairKind, np.ndarray]:
    """A kind of pairs, and which they are, by places in the lists of ids."""
    i, j = np.indices(many)
    match int(random.integers(0, 3)):
        case 0:
            return PairKind.every(*many), np.ones(many, bool)
        case 1:
            codes = [random.integers(-1, 3, size) for size in many]
            a, b = codes[0][i], codes[1][j]
            return PairKind.joining(*codes), (a != b) & (a >= 0) & (b >= 0)
        case _:
            marks = [random.random(size) < 0.5 for size in many]
            whose = str(random.choice(["mentor", "mentee", "either", "both"]))
            a, b = marks[0][i], marks[1][j]
            counts = {"mentor": a, "mentee": b, "either": a | b, "both": a & b}[whose]
            return PairKind.having(*marks, whose), counts  # type: ignore[arg-type]


def some_limit(
    random: np.random.Generator, kind: PairKind, counts: np.ndarray, name: str
) -> tuple[list[Condition], Asked]:
    """By number or by share, from below, above or both."""
    ends = str(random.choice(["at_least", "at_most", "both"]))
    if random.random() < 0.5:
        low, high = sorted(int(x) for x in random.integers(0, 5, 2))
        limits = {"at_least": low, "at_most": high}
        limits = {end: limits[end] for end in limits if ends in (end, "both")}
        meant = {end: Fraction(value) for end, value in limits.items()}
        return [kind.number(name, "of a kind", **limits)], Asked(counts, **meant)
    parts = sorted(int(x) for x in random.choice([0, 10, 25, 33, 50, 60, 75, 100], 2))
    shares = {"at_least": parts[0], "at_most": parts[1]}
    shares = {end: shares[end] for end in shares if ends in (end, "both")}
    found = kind.share(name, "of a kind", **{end: value / 100 for end, value in shares.items()})
    meant = {end: Fraction(value, 100) for end, value in shares.items()}
    return list(found), Asked(counts, **meant, share=True)
