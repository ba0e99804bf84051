"""Compiled loops that choose the mentees of a circle, given its mentors and its topic.

Branch and bound over mentees sorted by what they add at most, so that no choice is overlooked.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from revmentor.matching.kernels.circles import BARRED, Bools, Ground, Ints, Number
from revmentor.matching.kernels.compiled import compiled

# Mentees looked at together before any of them is looked at alone.
LANE = 64
NOTHING = -(2**60)


class Scratch(NamedTuple):
    """Working memory of one search, for mentees who may be chosen and for those chosen.

    Parameters
    ----------
    who, gain, sorted_gain, order, sums : array of int, shape (mentees + 1,)
    fresh : array of bool, shape (mentees, traits)
        Does the mentee bring a value of the trait that no mentor of the set has?
    wanting : array of bool, shape (mentees,)
    chosen, after, value, wants : array of int, shape (most mentees + 1,)
    best : array of int, shape (most mentees,)
    """

    who: Ints
    gain: Ints
    sorted_gain: Ints
    order: Ints
    sums: Ints
    fresh: Bools
    wanting: Bools
    chosen: Ints
    after: Ints
    value: Ints
    wants: Ints
    best: Ints


@compiled
def scratch(mentees: Number, traits: Number, most: Number) -> Scratch:
    """Working memory for so many mentees."""
    n, few = mentees + 1, most + 1
    return Scratch(
        np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64),
        np.empty(n, np.int64), np.empty(n, np.int64), np.empty((n, traits), np.bool_),
        np.empty(n, np.bool_), np.empty(few, np.int64), np.empty(few, np.int64),
        np.empty(few, np.int64), np.empty(few, np.int64), np.empty(few, np.int64),
    )  # fmt: skip


@compiled
def hopes(mentee_price: Ints, ground: Ground) -> Ints:
    """What each mentee adds to a circle's gain at most, besides pairs."""
    hope = np.empty(len(mentee_price), np.int64)
    for j in range(len(hope)):
        hope[j] = ground.weights[2] - mentee_price[j]
        if ground.wants[j].any():
            hope[j] += ground.weights[0]
        for trait in range(ground.j_traits.shape[1]):
            if ground.j_traits[j, trait] >= 0:
                hope[j] += ground.weights[3 + trait]
    return hope


@compiled
def crest(pairs: Ints, hope: Ints, few: Number, top: Ints, who: Ints) -> Number:
    """Put the `few` mentees with the largest pairs + hope into `who`, best first.

    Returns how many there are; those with a pair that may not meet are left out. Ties go to the
    mentee who stands first.
    """
    n, found, bar = len(pairs), 0, np.int64(BARRED)
    for start in range(0, n, LANE):
        stop = min(n, start + LANE)
        peak = np.int64(NOTHING)
        for j in range(start, stop):
            peak = max(peak, pairs[j] + hope[j])
        if peak <= bar:
            continue
        for j in range(start, stop):
            value = pairs[j] + hope[j]
            if value <= bar:
                continue
            place = min(found, few - 1)
            while place > 0 and top[place - 1] < value:
                top[place], who[place] = top[place - 1], who[place - 1]
                place -= 1
            top[place], who[place] = value, j
            found = min(found + 1, few)
            if found == few:
                bar = max(bar, top[few - 1])
    return found


@compiled
def most_of(top: Ints, found: Number, fewest: Number, most: Number) -> Number:
    """The largest sum of `fewest` to `most` of the values, which fall; NOTHING if too few."""
    if found < fewest:
        return NOTHING
    total = np.int64(0)
    for place in range(min(found, most)):
        if place >= fewest and top[place] <= 0:
            break
        total += top[place]
    return total


@compiled
def rank(
    mentors: Ints, size: Number, topic: Number, count: Number, pairs: Ints, mentee_price: Ints,
    ground: Ground, s: Scratch,
) -> None:  # fmt: skip
    """Sort the candidates ``s.who[:count]`` by what they add at most under a topic."""
    weights = ground.weights
    for place in range(count):
        j = s.who[place]
        gain = pairs[j] + weights[2] - mentee_price[j]
        s.wanting[place] = topic >= 0 and ground.wants[j, topic]
        if s.wanting[place]:
            gain += weights[0]
        for trait in range(ground.j_traits.shape[1]):
            code = ground.j_traits[j, trait]
            fresh = code >= 0 and weights[3 + trait] > 0
            for a in range(size):
                if fresh and ground.i_traits[mentors[a], trait] == code:
                    fresh = False
            s.fresh[place, trait] = fresh
            if fresh:
                gain += weights[3 + trait]
        s.gain[place] = gain
    for place in range(count):
        spot = place
        while spot > 0 and s.gain[s.order[spot - 1]] < s.gain[place]:
            s.order[spot] = s.order[spot - 1]
            spot -= 1
        s.order[spot] = place
    s.sums[0] = 0
    for place in range(count):
        s.sorted_gain[place] = s.gain[s.order[place]]
        s.sums[place + 1] = s.sums[place] + s.sorted_gain[place]


@compiled
def within(place: Number, least: Number, most: Number, count: Number, s: Scratch) -> Number:
    """The most that `least` to `most` more candidates from a place on can add."""
    if place + least > count:
        return NOTHING
    most = min(most, count - place)
    few = least
    while few < most and s.sorted_gain[place + few] > 0:
        few += 1
    return s.sums[place + few] - s.sums[place]


@compiled
def beyond(outside: Number, fewest: Number, most: Number, count: Number, s: Scratch) -> Number:
    """The most that mentees can add with one among them who is no candidate.

    Whoever is no candidate adds at most `outside`, what the last candidate could at most.
    """
    total = np.int64(outside)
    for place in range(most - 1):
        gain = outside if place >= count else max(outside, s.sorted_gain[place])
        if place >= fewest - 1 and gain <= 0:
            break
        total += gain
    return total


@compiled
def admits(depth: Number, place: Number, ground: Ground, s: Scratch) -> bool:
    """Does the candidate clash with none of those chosen?"""
    j = s.who[s.order[place]]
    clear = True
    for k in range(depth):
        clear &= not ground.j_clash[j, s.who[s.order[s.chosen[k]]]]
    return clear


@compiled
def added(depth: Number, place: Number, ground: Ground, s: Scratch) -> Number:
    """What the candidate adds to those chosen: traits that they bring already count once."""
    here = s.order[place]
    gain = s.gain[here]
    for trait in range(ground.j_traits.shape[1]):
        if s.fresh[here, trait]:
            code = ground.j_traits[s.who[here], trait]
            for k in range(depth):
                if ground.j_traits[s.who[s.order[s.chosen[k]]], trait] == code:
                    gain -= ground.weights[3 + trait]
                    break
    return gain


@compiled
def choose(
    start: Number, floor: Number, count: Number, enough: Number, ground: Ground, s: Scratch
) -> tuple[Number, Number]:
    """The best choice of mentees among the ranked candidates, if its gain is above `floor`.

    Returns its gain and size, which is 0 if there is none; the mentees are in ``s.best``.
    """
    fewest, most = ground.sizes[2], ground.sizes[3]
    best, size, depth = np.int64(floor), np.int64(0), 0
    s.after[0], s.value[0], s.wants[0] = 0, start, 0
    while depth >= 0:
        place = s.after[depth]
        open_end = depth < most and place < count
        if open_end:
            rest = within(place, max(1, fewest - depth), most - depth, count, s)
            open_end = rest > NOTHING and s.value[depth] + rest > best
        if not open_end:
            depth -= 1
            continue
        s.after[depth] = place + 1
        if not admits(depth, place, ground, s):
            continue
        s.chosen[depth] = place
        s.value[depth + 1] = s.value[depth] + added(depth, place, ground, s)
        s.wants[depth + 1] = s.wants[depth] + s.wanting[s.order[place]]
        depth += 1
        s.after[depth] = place + 1
        if depth >= fewest and s.wants[depth] >= enough and s.value[depth] > best:
            best, size = s.value[depth], np.int64(depth)
            for k in range(depth):
                s.best[k] = s.who[s.order[s.chosen[k]]]
    return best, size


@compiled
def every(
    start: Number, floor: Number, count: Number, enough: Number, header: Ints, kept: Number,
    ground: Ground, s: Scratch, circles: Ints,
) -> Number:  # fmt: skip
    """Write down every choice of mentees among the ranked candidates with a gain above `floor`.

    Returns how many circles there are then, or -1 if they are too many.
    """
    fewest, most = ground.sizes[2], ground.sizes[3]
    wide = len(header)
    depth = 0
    s.after[0], s.value[0], s.wants[0] = 0, start, 0
    while depth >= 0:
        place = s.after[depth]
        open_end = depth < most and place < count
        if open_end:
            rest = within(place, max(1, fewest - depth), most - depth, count, s)
            open_end = rest > NOTHING and s.value[depth] + rest > floor
        if not open_end:
            depth -= 1
            continue
        s.after[depth] = place + 1
        if not admits(depth, place, ground, s):
            continue
        s.chosen[depth] = place
        s.value[depth + 1] = s.value[depth] + added(depth, place, ground, s)
        s.wants[depth + 1] = s.wants[depth] + s.wanting[s.order[place]]
        depth += 1
        s.after[depth] = place + 1
        if depth >= fewest and s.wants[depth] >= enough and s.value[depth] > floor:
            if kept == len(circles):
                return -1
            circles[kept, :wide] = header
            circles[kept, wide] = depth
            for k in range(depth):
                circles[kept, wide + 1 + k] = s.who[s.order[s.chosen[k]]]
            kept += 1
    return kept
