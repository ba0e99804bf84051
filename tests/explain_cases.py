"""Tiny problems with all their plans, for what explanations say about the best ones."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
from matching_cases import named, random_tables

from revmentor.matching import Problem

Cell = tuple[int, int]
Plan = frozenset[Cell]


def given_problem(random: np.random.Generator, most: int = 3) -> Problem:
    """Coarse or fine given scores, some not eligible, some people with no or several places."""
    shape = random.integers(1, most + 1, 2)
    scores = random.integers(0, int(random.choice([2, 4, 10, 1000])), shape)
    return Problem.from_scores(
        scores,
        eligible=random.random(shape) < 0.85,
        mentor_capacity=random.integers(0, 3, shape[0]),
        mentee_demand=random.integers(0, 3, shape[1]),
    )


def table_problem(random: np.random.Generator) -> Problem:
    """A pool with everything in it and, often, a required pair that can be made."""
    case: dict[str, Any] = random_tables(random)
    problem = Problem.from_tables(**case)
    fine = [
        (a, b)
        for a in range(len(problem.mentors))
        for b in range(len(problem.mentees))
        if units(problem)[a, b] >= 0 and problem.mentors.places[a] and problem.mentees.places[b]
    ]
    if not fine or random.random() < 0.5:
        return problem
    a, b = fine[int(random.integers(len(fine)))]
    pin = named((problem.mentors.ids[a], problem.mentees.ids[b]), decision="require")
    decisions = pd.concat([case["decisions"], pin], ignore_index=True)
    return Problem.from_tables(**case | {"decisions": decisions})


def some_problem(seed: int) -> tuple[Problem, np.random.Generator]:
    """Of one kind or the other."""
    random = np.random.default_rng(seed)
    problem = given_problem(random) if random.random() < 0.6 else table_problem(random)
    return problem, random


def units(problem: Problem) -> np.ndarray:
    """Units of all pairs, by mentor and mentee; -1 where a rule is broken."""
    i, j = np.indices((len(problem.mentors), len(problem.mentees)))
    return problem.scores.units(i.ravel(), j.ravel()).reshape(i.shape)


def pins(problem: Problem) -> Plan:
    """The required pairs."""
    return frozenset((pin.mentor, pin.mentee) for pin in problem.pins)


def all_plans(problem: Problem) -> list[tuple[int, Plan]]:
    """Every plan that keeps to rules, places and required pairs, with its units."""
    value, required = units(problem), pins(problem)
    free = [
        cell
        for cell in np.ndindex(value.shape)
        if value[cell] >= problem.least and cell not in required
    ]
    found: list[tuple[int, Plan]] = []
    left = (
        problem.mentors.places - np.bincount([a for a, _ in required], minlength=value.shape[0]),
        problem.mentees.places - np.bincount([b for _, b in required], minlength=value.shape[1]),
    )
    base = sum(int(value[cell]) for cell in required)
    if min(left[0].min(initial=0), left[1].min(initial=0)) < 0:
        return []
    if any(value[cell] < 0 for cell in required):
        return []

    def extend(at: int, chosen: list[Cell], total: int) -> None:
        if at == len(free):
            found.append((total, frozenset(chosen) | required))
            return
        a, b = free[at]
        extend(at + 1, chosen, total)
        if left[0][a] and left[1][b]:
            left[0][a] -= 1
            left[1][b] -= 1
            extend(at + 1, [*chosen, (a, b)], total + int(value[a, b]))
            left[0][a] += 1
            left[1][b] += 1

    extend(0, [], base)
    return found


def with_more(problem: Problem, side: str, person: int, more: int) -> Problem:
    """One person with other places."""
    roster = problem.mentors if side == "mentor" else problem.mentees
    places = roster.places.copy()
    places[person] += more
    return dataclasses.replace(problem, **{f"{side}s": dataclasses.replace(roster, places=places)})


def cells_of(problem: Problem, pairs: pd.DataFrame) -> Plan:
    """Listed pairs, by places in the rosters."""
    at = [{who: k for k, who in enumerate(r.ids)} for r in (problem.mentors, problem.mentees)]
    return frozenset(
        (at[0][a], at[1][b]) for a, b in zip(pairs["mentor_id"], pairs["mentee_id"], strict=True)
    )


def best(plans: list[tuple[int, Plan]]) -> int:
    """The most units of any plan."""
    return max(total for total, _ in plans)
