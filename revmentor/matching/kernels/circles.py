"""What is a circle worth, and which conditions does it break? Compiled."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from revmentor.matching.kernels.compiled import compiled

# Compiled, a whole number has 64 bits, whether Python or numpy made it.
Number = Any
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
# Units at most this mean that two may not meet.
BARRED = -(2**49)


class Ground(NamedTuple):
    """What the loops look up and never change.

    Parameters
    ----------
    units : array of int, shape (mentors, mentees)
    offered : array of int, shape (mentors, most topics)
        Topics of each mentor, filled up with -1.
    offers, wants : array of bool, shape (people of the side, topics)
    i_clash, j_clash : array of bool, shape (people, people)
    i_traits, j_traits : array of int32, shape (people, traits)
    weights : array of int
        Wanted, offered, seat, then each trait.
    sizes : array of int
        Fewest and most mentors, fewest and most mentees, least who want the topic.
    """

    units: Ints
    offered: Ints
    offers: Bools
    wants: Bools
    i_clash: Bools
    j_clash: Bools
    i_traits: Codes
    j_traits: Codes
    weights: Ints
    sizes: Ints


@compiled
def distinct(
    mentors: Ints, i_count: Number, mentees: Ints, j_count: Number, ground: Ground, trait: Number
) -> Number:
    """How many different known values of a trait are in a circle?"""
    found = 0
    for a in range(i_count + j_count):
        if a < i_count:
            code = ground.i_traits[mentors[a], trait]
        else:
            code = ground.j_traits[mentees[a - i_count], trait]
        fresh = code >= 0
        for b in range(a):
            if not fresh:
                break
            if b < i_count:
                fresh = ground.i_traits[mentors[b], trait] != code
            else:
                fresh = ground.j_traits[mentees[b - i_count], trait] != code
        found += fresh
    return found


@compiled
def appraise(
    mentors: Ints, i_count: Number, mentees: Ints, j_count: Number, ground: Ground
) -> tuple[Number, Number, Number, Number]:
    """A circle's value with its best topic, that topic, its part of it, and conditions broken.

    Broken are: each pair that may not meet, each two who clash, and the want of a topic. Of
    topics worth the same the first is taken.
    """
    weights = ground.weights
    total, broken = np.int64(0), np.int64(0)
    for a in range(i_count):
        for b in range(j_count):
            worth = ground.units[mentors[a], mentees[b]]
            if worth <= BARRED:
                broken += 1
            else:
                total += worth
        for b in range(a):
            broken += ground.i_clash[mentors[a], mentors[b]]
    for a in range(j_count):
        for b in range(a):
            broken += ground.j_clash[mentees[a], mentees[b]]
    topic, best = np.int64(-1), np.int64(-1)
    enough = max(1, ground.sizes[4])
    for a in range(i_count):
        for place in range(ground.offered.shape[1]):
            t = ground.offered[mentors[a], place]
            if t < 0:
                break
            wanting = 0
            for b in range(j_count):
                wanting += ground.wants[mentees[b], t]
            if wanting < enough:
                continue
            offering = 0
            for b in range(i_count):
                offering += ground.offers[mentors[b], t]
            worth = weights[0] * wanting + weights[1] * offering
            if worth > best or (worth == best and t < topic):
                topic, best = t, worth
    if topic >= 0:
        total += best
    elif ground.sizes[4] > 0:
        broken += 1
    total += weights[2] * (i_count + j_count)
    for trait in range(ground.i_traits.shape[1]):
        if weights[3 + trait]:
            found = distinct(mentors, i_count, mentees, j_count, ground, trait)
            total += weights[3 + trait] * found
    return total, topic, max(np.int64(0), best), broken
