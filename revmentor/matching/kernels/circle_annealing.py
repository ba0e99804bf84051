"""Compiled loops that improve circles one step at a time: simulated annealing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from revmentor.matching.kernels.circles import BARRED, Ground, Ints, Number, appraise
from revmentor.matching.kernels.compiled import compiled

Words = npt.NDArray[np.uint64]


class Plan(NamedTuple):
    """A table of slots for circles, changed in place.

    Parameters
    ----------
    crew : array of int, shape (2, slots, most people of a side)
        Slot c holds the mentors ``crew[0, c, :seated[0, c]]``, the mentees ``crew[1, c, ...]``.
    seated : array of int, shape (2, slots)
    worth, perk : array of int, shape (slots,)
        What each slot counts for, and its topic's part of it; see `standing`.
    bench : array of int, shape (2, most places of a side)
        People with places left, once for each; ``waiting[side]`` of them.
    waiting : array of int, shape (2,)
    """

    crew: Ints
    seated: Ints
    worth: Ints
    perk: Ints
    bench: Ints
    waiting: Ints


@compiled
def draw(state: Words) -> Number:
    """The next number of a seeded sequence, 64 bits (xorshift64*, Vigna 2016)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return x * np.uint64(0x2545F4914F6CDD1D)


@compiled
def below(state: Words, limit: Number) -> Number:
    """A number from 0 to limit - 1."""
    return np.int64((draw(state) >> np.uint64(32)) * np.uint64(limit) >> np.uint64(32))


@compiled
def standing(
    crew: Ints, count: Ints, c: Number, ground: Ground, fine: Number
) -> tuple[Number, Number]:
    """What a slot counts for, and its topic's part of it.

    A slot that breaks conditions counts for nothing, less a fine for each.
    """
    value, _, perk, broken = appraise(crew[0, c], count[0, c], crew[1, c], count[1, c], ground)
    return (value, perk) if broken == 0 else (-fine * broken, np.int64(0))


@compiled
def settle(plan: Plan, ground: Ground, fine: Number) -> None:
    """Work out what every slot counts for."""
    for c in range(plan.crew.shape[1]):
        plan.worth[c], plan.perk[c] = standing(plan.crew, plan.seated, c, ground, fine)


@compiled
def holds(crew: Ints, count: Number, person: Number) -> bool:
    """Is the person in the slot?"""
    found = False
    for place in range(count):
        found |= crew[place] == person
    return found


@compiled
def swing(
    plan: Plan, side: Number, c: Number, person: Number, other: Number, ground: Ground
) -> Number:
    """By how much do a slot's pairs change if `other` takes the place of `person`?"""
    total = np.int64(0)
    for k in range(plan.seated[1 - side, c]):
        partner = plan.crew[1 - side, c, k]
        if side == 0:
            total += ground.units[other, partner] - ground.units[person, partner]
        else:
            total += ground.units[partner, other] - ground.units[partner, person]
    return total


@compiled
def uplift(plan: Plan, side: Number, c: Number, ground: Ground) -> Number:
    """By how much can everything but its pairs raise a slot's worth at most, one person changed?

    One mentee changes each topic's wanting, and one person each trait, by 1 at most.
    """
    weights = ground.weights
    rise = weights[0] * plan.seated[1, c] + weights[1] * plan.seated[0, c] - plan.perk[c]
    if side == 1:
        rise = min(rise, weights[0])
    for trait in range(ground.i_traits.shape[1]):
        rise += weights[3 + trait]
    return rise


@compiled
def allowance(heat: float, state: Words) -> Number:
    """By how much may a step lower the plan's worth? At least x with probability exp(-x / heat)."""
    chance = np.float64((draw(state) >> np.uint64(11)) + np.uint64(1)) / 9007199254740992.0
    return np.int64(-heat * np.log(chance))


@compiled
def anneal(
    plan: Plan,
    ground: Ground,
    fine: Number,
    heat: float,
    cooling: float,
    steps: Number,
    state: Words,
) -> float:
    """Take so many steps of simulated annealing; returns the temperature reached.

    A step swaps two people of one side between two slots, or between a slot and the bench; or,
    where sizes may differ, moves one to or from another slot or the bench. It is taken if it
    lowers the plan's worth by no more than a random allowance, so that a loss is accepted with
    probability exp(-loss / temperature) (Kirkpatrick, Gelatt and Vecchi 1983).

    Parameters
    ----------
    heat, cooling : float
        Temperature in units, and the factor from one step to the next.
    """
    slots = plan.crew.shape[1]
    sizes = ground.sizes
    flexible = sizes[0] < sizes[1] or sizes[2] < sizes[3]
    for _ in range(steps):
        heat *= cooling
        loss = allowance(heat, state)
        c = below(state, slots)
        k = below(state, plan.seated[0, c] + plan.seated[1, c])
        side = 0 if k < plan.seated[0, c] else 1
        place = k - side * plan.seated[0, c]
        if flexible and below(state, 4) == 0:
            if below(state, 2) == 0:
                join(plan, side, c, ground, fine, loss, state)
            else:
                leave(plan, side, c, place, ground, fine, loss, state)
            continue
        others = (slots - 1) * plan.seated[side, c] + plan.waiting[side]
        if others == 0:
            continue
        pick = below(state, others)
        if pick < plan.waiting[side]:
            relieve(plan, side, c, place, pick, ground, fine, loss)
        else:
            exchange(plan, side, c, place, ground, fine, loss, state)
    return heat


@compiled
def relieve(
    plan: Plan,
    side: Number,
    c: Number,
    place: Number,
    pick: Number,
    ground: Ground,
    fine: Number,
    loss: Number,
) -> None:
    """Try to swap a person of slot c with one of the bench."""
    crew, worth = plan.crew, plan.worth
    person, other = crew[side, c, place], plan.bench[side, pick]
    if holds(crew[side, c], plan.seated[side, c], other):
        return
    if worth[c] > 0:
        change = swing(plan, side, c, person, other, ground)
        if change + uplift(plan, side, c, ground) < -loss:
            return
    crew[side, c, place] = other
    after, perk = standing(crew, plan.seated, c, ground, fine)
    if after - worth[c] >= -loss:
        worth[c], plan.perk[c] = after, perk
        plan.bench[side, pick] = person
    else:
        crew[side, c, place] = person


@compiled
def exchange(
    plan: Plan,
    side: Number,
    c: Number,
    place: Number,
    ground: Ground,
    fine: Number,
    loss: Number,
    state: Words,
) -> None:
    """Try to swap a person of slot c with one of another slot."""
    crew, count, worth = plan.crew, plan.seated, plan.worth
    d = below(state, crew.shape[1] - 1)
    d += d >= c
    spot = below(state, count[side, d])
    person, other = crew[side, c, place], crew[side, d, spot]
    if worth[c] > 0 and worth[d] > 0:
        change = swing(plan, side, c, person, other, ground)
        change += swing(plan, side, d, other, person, ground)
        change += uplift(plan, side, c, ground) + uplift(plan, side, d, ground)
        if change < -loss:
            return
    if holds(crew[side, c], count[side, c], other) or holds(crew[side, d], count[side, d], person):
        return
    crew[side, c, place], crew[side, d, spot] = other, person
    here, perk_here = standing(crew, count, c, ground, fine)
    there, perk_there = standing(crew, count, d, ground, fine)
    if here + there - worth[c] - worth[d] >= -loss:
        worth[c], plan.perk[c] = here, perk_here
        worth[d], plan.perk[d] = there, perk_there
    else:
        crew[side, c, place], crew[side, d, spot] = person, other


@compiled
def join(
    plan: Plan, side: Number, c: Number, ground: Ground, fine: Number, loss: Number, state: Words
) -> None:
    """Try to bring somebody from the bench into slot c."""
    crew, count, waiting = plan.crew, plan.seated, plan.waiting
    last = count[side, c]
    if waiting[side] == 0 or last >= ground.sizes[2 * side + 1]:
        return
    pick = below(state, waiting[side])
    person = plan.bench[side, pick]
    if holds(crew[side, c], last, person):
        return
    crew[side, c, last] = person
    count[side, c] = last + 1
    after, perk = standing(crew, count, c, ground, fine)
    if after - plan.worth[c] >= -loss:
        plan.worth[c], plan.perk[c] = after, perk
        waiting[side] -= 1
        plan.bench[side, pick] = plan.bench[side, waiting[side]]
    else:
        count[side, c] = last


@compiled
def leave(
    plan: Plan,
    side: Number,
    c: Number,
    place: Number,
    ground: Ground,
    fine: Number,
    loss: Number,
    state: Words,
) -> None:
    """Try to move somebody of slot c to another slot or, by chance, to the bench."""
    crew, count, worth = plan.crew, plan.seated, plan.worth
    last = count[side, c] - 1
    if last < ground.sizes[2 * side]:
        return
    person = crew[side, c, place]
    d = below(state, crew.shape[1])
    full = count[side, d] >= ground.sizes[2 * side + 1]
    if d != c and (full or holds(crew[side, d], count[side, d], person)):
        return
    crew[side, c, place] = crew[side, c, last]
    count[side, c] = last
    here, perk_here = standing(crew, count, c, ground, fine)
    there, perk_there = np.int64(0), np.int64(0)
    change = here - worth[c]
    if d != c:
        crew[side, d, count[side, d]] = person
        count[side, d] += 1
        there, perk_there = standing(crew, count, d, ground, fine)
        change += there - worth[d]
    if change >= -loss:
        worth[c], plan.perk[c] = here, perk_here
        if d != c:
            worth[d], plan.perk[d] = there, perk_there
        else:
            plan.bench[side, plan.waiting[side]] = person
            plan.waiting[side] += 1
        return
    if d != c:
        count[side, d] -= 1
    crew[side, c, last] = crew[side, c, place]
    crew[side, c, place] = person
    count[side, c] = last + 1


@compiled
def seat_worths(
    plan: Plan, side: Number, place: Ints, people: Ints, ground: Ground, fine: Number
) -> Ints:
    """What each slot counts for with each of the people in its seat number ``place[slot]``."""
    crew, count = plan.crew, plan.seated
    slots = crew.shape[1]
    worths = np.empty((slots, len(people)), np.int64)
    for c in range(slots):
        holder = crew[side, c, place[c]]
        for k in range(len(people)):
            if people[k] != holder and holds(crew[side, c], count[side, c], people[k]):
                worths[c, k] = BARRED
                continue
            crew[side, c, place[c]] = people[k]
            worths[c, k] = standing(crew, count, c, ground, fine)[0]
        crew[side, c, place[c]] = holder
    return worths
