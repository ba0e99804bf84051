"""Small problems with everything asked of them, and every matching of them, tried one by one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from revmentor.matching import Problem
from revmentor.matching.clock import Clock
from revmentor.matching.conditions import Condition, PairKind, Waves
from revmentor.matching.constrained.solve import (
    Outcome,
    solve_constrained,
    solve_participation,
)
from revmentor.matching.constrained.task import Task
from revmentor.matching.generation import Rounds
from revmentor.matching.market import opened
from revmentor.matching.scanning.scan import Scan
from revmentor.matching.tickets import Tickets

Pair = tuple[int, int]
Misses = dict[str, int]


def random_problem(random: np.random.Generator) -> Problem:
    """Up to three people a side, with conditions, waves, pins, locks and priorities at random."""
    mentors, mentees = (int(n) for n in random.integers(1, 4, 2))
    largest = int(random.choice([4, 10, 10**6]))
    problem = Problem.from_scores(
        random.integers(0, largest, (mentors, mentees)),
        eligible=random.random((mentors, mentees)) < 0.85,
        mentor_capacity=random.integers(0, 3, mentors),
        mentee_demand=random.integers(0, 3, mentees),
    )
    pairs = [(i, j) for i in range(mentors) for j in range(mentees)]
    drawn = [pairs[k] for k in random.permutation(len(pairs))[: random.integers(0, 4)]]
    kinds = random.random(len(drawn)) < 0.4
    return problem.under(
        *random_conditions(random, mentors, mentees),
        waves=random_waves(random, mentors, mentees) if random.random() < 0.45 else None,
        require=[pair for pair, lock in zip(drawn, kinds, strict=True) if not lock][:2],
        lock=[pair for pair, lock in zip(drawn, kinds, strict=True) if lock][:1],
        mentor_priority=random.integers(0, 3, mentors) if random.random() < 0.3 else None,
        mentee_priority=random.integers(0, 3, mentees) if random.random() < 0.3 else None,
        objective="participation" if random.random() < 0.3 else "total",
    )


def random_conditions(
    random: np.random.Generator, mentors: int, mentees: int
) -> Iterator[Condition]:
    if random.random() < 0.5:
        low = int(random.integers(0, 4)) if random.random() < 0.6 else None
        high = int(random.integers(low or 0, 5)) if random.random() < 0.5 or low is None else None
        yield PairKind.every(mentors, mentees).number("pairs", "", at_least=low, at_most=high)
    for number in range(int(random.integers(0, 3))):
        kind = PairKind.having(
            random.random(mentors) < 0.5,
            random.random(mentees) < 0.5,
            random.choice(["mentor", "mentee", "either", "both"]),  # type: ignore[arg-type]
        )
        share = float(np.round(random.random(), 2))
        match int(random.integers(0, 3)):
            case 0:
                yield from kind.share(f"kind {number}", "of a kind", at_least=share)
            case 1:
                yield from kind.share(f"kind {number}", "of a kind", at_most=share)
            case _:
                low, high = int(random.integers(0, 2)), int(random.integers(1, 4))
                yield kind.number(f"kind {number}", "of a kind", at_least=low, at_most=high)
    if random.random() < 0.3:
        codes = random.integers(-1, 3, mentors), random.integers(-1, 3, mentees)
        yield from PairKind.joining(*codes).share("joining", "that differ", at_least=0.5)


def random_waves(random: np.random.Generator, mentors: int, mentees: int) -> Waves:
    count = int(random.integers(1, 4))
    limits = [None if random.random() < 0.25 else int(random.integers(0, 3)) for _ in range(count)]
    free = [random.random((people, count)) < 0.7 for people in (mentors, mentees)]
    return Waves(tuple("abc"[:count]), tuple(limits), free[0], free[1])


def solved(problem: Problem) -> Outcome | None:
    """The outcome; None where required pairs alone cannot be made."""
    start = opened(problem)
    if start.conflicts:
        return None
    clock = Clock.start(None)
    market = start.market
    tickets = Tickets.draw(len(problem.mentors), len(problem.mentees), 0)
    people = np.flatnonzero(market.mentor_places), np.flatnonzero(market.mentee_places)
    rounds = Rounds(Scan.of(market, tickets, clock), clock, *people)
    rounds.start()
    task = Task(market, problem.conditions, problem.waves, start.made)
    solver = solve_participation if problem.objective == "participation" else solve_constrained
    return solver(task, rounds, clock)


@dataclass(frozen=True)
class Tried:
    """One set of pairs, what it is worth, and the ways in which it misses what is asked."""

    pairs: tuple[Pair, ...]
    worth: int
    misses: tuple[Misses, ...]


def every_matching(problem: Problem) -> list[Tried]:
    """Every set of pairs; places, rules and all else missed are told by name and amount.

    With waves, a set can miss their limits in several ways. Pairs without points are never made
    but by decision.
    """
    mentors, mentees = len(problem.mentors), len(problem.mentees)
    pairs = [(i, j) for i in range(mentors) for j in range(mentees)]
    sets = (c for size in range(len(pairs) + 1) for c in itertools.combinations(pairs, size))
    return [tried for chosen in sets if (tried := _tried(problem, chosen)) is not None]


def _tried(problem: Problem, chosen: tuple[Pair, ...]) -> Tried | None:
    i, j = (np.array([pair[side] for pair in chosen], np.int64) for side in (0, 1))
    plain, first = problem.scores.plain(i, j), problem.scores.first_broken(i, j)
    kinds = {(pin.mentor, pin.mentee): pin.kind for pin in problem.pins}
    misses: Misses = {}
    for pair, score, rule in zip(chosen, plain.tolist(), first.tolist(), strict=True):
        kind = kinds.get(pair)
        if kind is None and score <= 0:
            return None
        if rule >= 0 and kind != "lock":
            misses[f"rule:{problem.scores.rules()[rule]}"] = 1
    for pin in problem.pins:
        if (pin.mentor, pin.mentee) not in chosen:
            misses[f"pin:{pin.mentor_id}:{pin.mentee_id}"] = 1
    for side, who, roster in (("mentor", i, problem.mentors), ("mentee", j, problem.mentees)):
        pinned = {getattr(pin, side) for pin in problem.pins}
        over = np.bincount(who, minlength=len(roster)) - roster.places
        for person in np.flatnonzero(over > 0).tolist():
            name = f"places:{side}" + (f":{roster.ids[person]}" if person in pinned else "")
            misses[name] = misses.get(name, 0) + int(over[person])
    for condition in problem.conditions:
        total = sum(
            int(condition.coefficient[condition.mentor[a], condition.mentee[b]]) for a, b in chosen
        )
        for bound, short in (
            ("lower", None if condition.lower is None else condition.lower - total),
            ("upper", None if condition.upper is None else total - condition.upper),
        ):
            if short is not None and short > 0:
                misses[f"condition:{condition.name}:{bound}"] = -(-short // condition.per_pair)
    worth = int(plain.sum() + sum(int(groups.at(i, j).sum()) for groups in problem.priorities))
    ways = [misses | by_wave for by_wave in _wave_misses(problem.waves, chosen)]
    return Tried(chosen, worth, tuple(ways))


def _wave_misses(waves: Waves | None, chosen: tuple[Pair, ...]) -> list[Misses]:
    if waves is None:
        return [{}]
    each = range(len(waves))
    open_to = [
        [w for w in each if waves.mentor[a, w] and waves.mentee[b, w]] or list(each)
        for a, b in chosen
    ]
    ways: list[Misses] = []
    for running in itertools.product(*open_to):
        over = {
            f"wave:{waves.names[w]}": running.count(w) - most
            for w, most in enumerate(waves.at_most)
            if most is not None and running.count(w) > most
        }
        if over not in ways:
            ways.append(over)
    return ways
