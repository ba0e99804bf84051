"""Are the chosen pairs allowed, and what are they worth?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from revmentor.matching.verification.case import MADE, Case, Pair
from revmentor.matching.verification.recount import Mask, Units, any_of


@dataclass(frozen=True, eq=False)
class Chosen:
    """The chosen pairs whose people are in the pool, as recounted.

    Parameters
    ----------
    i, j : array of int
        Places of mentors and mentees.
    units, worth : array of int
        Scores, and with priorities.
    free : array of bool
        Not pinned.
    """

    i: Units
    j: Units
    units: Units
    worth: Units
    free: Mask

    @property
    def objective(self) -> int:
        """What they are worth together."""
        return sum(self.worth.tolist())

    @property
    def pairs(self) -> int:
        """How many of them are not pinned."""
        return int(np.count_nonzero(self.free))


def check_chosen(case: Case) -> Chosen:
    """Check people, places, rules, scores, conditions and waves of the chosen pairs."""
    m = case.m
    listed: list[Pair] = list(zip(m.pairs["mentor_id"], m.pairs["mentee_id"], strict=True))
    _people(case, listed)
    inside, place = set(case.inside(listed)), dict[Pair, int]()
    for row, pair in enumerate(listed):
        if pair in inside:
            place.setdefault(pair, row)
    known, first = list(place), list(place.values())
    i, j = case.places(known)
    chosen = Chosen(i, j, case.second.units(i, j), case.worth(i, j), ~case.is_pinned(i, j))
    _allowed(case, known, chosen)
    _stated(case, known, chosen, first)
    for condition in case.conditions:
        total = sum(condition.at(i, j).tolist())
        short = condition.lower is not None and total < condition.lower
        if short or (condition.upper is not None and total > condition.upper):
            case.fail(f"the condition {condition.name} does not hold: its sum is {total}")
    case.violations += case.second.missed_limits(i, j)
    _waves(case, known, chosen, first)
    return chosen


def _people(case: Case, listed: list[Pair]) -> None:
    """Ids, repeats, places, pinned pairs, order, and who is unmatched."""
    order = [(mentee, mentor) for mentor, mentee in listed]
    if order != sorted(order):
        case.fail("the pairs are not sorted by mentee and mentor")
    for pair, count in Counter(listed).items():
        if count > 1:
            case.fail(f"pair {pair[0]} with {pair[1]} is listed {count} times")
    for pair in sorted(case.pins.keys() - set(listed), key=str):
        case.fail(f"{MADE[case.pins[pair]]} pair {pair[0]} with {pair[1]} is not made")
    told = case.m.unmatched["side"]
    for other in sorted(set(told) - {"mentor", "mentee"}, key=str):
        case.fail(f"the unmatched are mentors or mentees, not {other}")
    for side, places, at, ids in (
        ("mentor", case.second.capacity, case.at[0], [mentor for mentor, _ in listed]),
        ("mentee", case.second.demand, case.at[1], [mentee for _, mentee in listed]),
    ):
        used = Counter(ids)
        for who, count in used.items():
            if who not in at:
                case.fail(f"{who} is not a {side} of the pool")
            elif count > places[at[who]]:
                case.fail(f"{side} {who} is in {count} pairs and has {places[at[who]]} places")
        of_side = told == side
        if sorted(case.m.unmatched["person_id"][of_side], key=str) != sorted(
            (who for who in at if who not in used), key=str
        ):
            case.fail(f"the unmatched {side}s are not those without a pair")


def _allowed(case: Case, known: list[Pair], chosen: Chosen) -> None:
    """Rules and the smallest score."""
    masks = case.second.broken(chosen.i, chosen.j)
    out = any_of(masks, len(known))
    low = (chosen.units < case.second.least) & chosen.free
    for k in np.flatnonzero(out | low).tolist():
        if out[k] and case.pins.get(known[k]) != "lock":
            broken = ", ".join(rule for rule, mask in masks.items() if mask[k])
            case.fail(f"{_named(known[k])} breaks {broken}")
        elif low[k]:
            case.fail(f"{_named(known[k])} scores under the minimum")


def _stated(case: Case, known: list[Pair], chosen: Chosen, rows: list[int]) -> None:
    """Scores and priorities as the table of pairs states them."""
    checks = [("score", "scores", chosen.units)]
    if case.priorities:
        checks.append(("priority", "has a priority of", chosen.worth - chosen.units))
    elif "priority" in case.m.pairs:
        case.fail("the table of pairs has priorities, and nobody has one")
    for column, words, units in checks:
        told = _column(case, column)
        if told is None:
            continue
        for k, (row, found) in enumerate(zip(rows, units.tolist(), strict=True)):
            if told[row] != case.points(found):
                case.fail(f"{_named(known[k])} {words} {case.points(found)}, not {told[row]}")


def _waves(case: Case, known: list[Pair], chosen: Chosen, rows: list[int]) -> None:
    """Everybody is free in the wave of their pair, and no wave holds more than it can."""
    waves = case.waves
    if waves is None and "wave" in case.m.pairs:
        case.fail("the table of pairs has waves, and none are asked for")
    told = None if waves is None else _column(case, "wave")
    if waves is None or told is None:
        return
    open_to = waves.open_to(chosen.i, chosen.j).tolist()
    number = {name: place for place, name in enumerate(waves.names)}
    for k, row in enumerate(rows):
        name = told[row]
        if name not in number:
            case.fail(f"{_named(known[k])} runs in wave {name}, which is none")
        elif not open_to[k] >> number[name] & 1:
            case.fail(f"{_named(known[k])} runs in wave {name}, in which not both are free")
    running = Counter(told)
    for name, most in zip(waves.names, waves.at_most, strict=True):
        if most is not None and running[name] > most:
            case.fail(f"wave {name} has {running[name]} pairs and holds at most {most}")


def _column(case: Case, name: str) -> list[Any] | None:
    """A column of the pairs, if it is there."""
    if name not in case.m.pairs.columns:
        case.fail(f"the table of pairs has no column {name}")
        return None
    return list(case.m.pairs[name].tolist())


def _named(pair: Pair) -> str:
    return f"pair {pair[0]} with {pair[1]}"
