"""Compiled loops that find the circles worth more than the prices of their people.

A circle's *gain* is its value less the prices of its members and the price of a circle.
"""

from __future__ import annotations

import numpy as np

from revmentor.matching.kernels.circle_choice import (
    NOTHING,
    Scratch,
    beyond,
    choose,
    crest,
    every,
    hopes,
    most_of,
    rank,
    scratch,
)
from revmentor.matching.kernels.circles import BARRED, Ground, Ints, Number
from revmentor.matching.kernels.compiled import compiled


@compiled
def mentor_part(mentors: Ints, size: Number, mentor_price: Ints, ground: Ground) -> Number:
    """What a set of mentors adds to the gain by itself: seats and traits, less prices."""
    total = np.int64(0)
    for a in range(size):
        total += ground.weights[2] - mentor_price[mentors[a]]
        for trait in range(ground.i_traits.shape[1]):
            code = ground.i_traits[mentors[a], trait]
            fresh = code >= 0
            for b in range(a):
                if ground.i_traits[mentors[b], trait] == code:
                    fresh = False
            if fresh:
                total += ground.weights[3 + trait]
    return total


@compiled
def topics_of(mentors: Ints, size: Number, ground: Ground, topics: Ints, offering: Ints) -> Number:
    """Topics that the mentors offer, each once, and by how many; 1 entry of -1 for no topic."""
    found = 0
    if ground.sizes[4] == 0:
        topics[0], offering[0], found = -1, 0, 1
    for a in range(size):
        for place in range(ground.offered.shape[1]):
            t = ground.offered[mentors[a], place]
            if t < 0:
                break
            here = 0
            while here < found and topics[here] != t:
                here += 1
            if here == found:
                topics[found], offering[found] = t, 0
                found += 1
            offering[here] += 1
    return found


@compiled
def best_of_set(
    mentors: Ints, size: Number, base: Number, floor: Number, pairs: Ints, hope: Ints,
    mentee_price: Ints, ground: Ground, top: Ints, topics: Ints, offering: Ints, s: Scratch,
    result: Ints,
) -> Number:  # fmt: skip
    """The largest gain of a circle with these mentors if it is above `floor`, else `floor`.

    ``result`` then holds its topic, its number of mentees and the mentees. Only the mentees with
    most to add are tried first, and as many more as could change the answer.
    """
    fewest, most = ground.sizes[2], ground.sizes[3]
    n = len(pairs)
    found_topics = topics_of(mentors, size, ground, topics, offering)
    few = min(n, most + 12)
    best = np.int64(floor)
    while True:
        count = crest(pairs, hope, few, top, s.who)
        missed = np.int64(NOTHING)
        for k in range(found_topics):
            t = topics[k]
            enough = max(1, ground.sizes[4]) if t >= 0 else 0
            start = base + (ground.weights[1] * offering[k] if t >= 0 else 0)
            rank(mentors, size, t, count, pairs, mentee_price, ground, s)
            gain, chosen = choose(start, best, count, enough, ground, s)
            if chosen > 0:
                best = gain
                result[0], result[1] = t, chosen
                for a in range(chosen):
                    result[2 + a] = s.best[a]
            if count == few and few < n:
                missed = max(missed, start + beyond(top[count - 1], fewest, most, count, s))
        if missed <= best or few == n:
            return best
        few = min(n, 4 * few)


@compiled
def next_set(mentors: Ints, after: Ints, depth: Number, pairs: Ints, ground: Ground) -> Number:
    """Go on to the next set of mentors in order, without two who clash.

    ``mentors[:depth]`` is the set, ``after[depth]`` the first who may join it, and
    ``pairs[depth]`` the sum of its units by mentee. Returns the new depth, 0 after the last.
    """
    while depth >= 1:
        i = after[depth]
        if depth == ground.sizes[1] or i >= len(ground.units):
            depth -= 1
            continue
        after[depth] = i + 1
        clear = True
        for a in range(depth):
            clear &= not ground.i_clash[mentors[a], i]
        if not clear:
            continue
        mentors[depth] = i
        for j in range(pairs.shape[1]):
            pairs[depth + 1, j] = pairs[depth, j] + ground.units[i, j]
        after[depth + 1] = i + 1
        return depth + 1
    return 0


@compiled
def price_leads(
    leads: Ints, mentor_price: Ints, mentee_price: Ints, circle_price: Number, ground: Ground,
    gains: Ints, circles: Ints,
) -> Number:  # fmt: skip
    """Of each mentor, the circle of the largest gain above 0, among those led by `leads`.

    A circle is led by the one of its mentors who stands first.

    Parameters
    ----------
    gains : array of int, shape (mentors,)
        Set to the largest gain, 0 if there is none above.
    circles : array of int, shape (mentors, 3 + most mentors + most mentees)
        Number of mentors, the mentors, topic, number of mentees, the mentees.

    Returns
    -------
    int
        Sets of mentors looked at.
    """
    n = ground.units.shape[1]
    smallest, largest = ground.sizes[0], ground.sizes[1]
    fewest, most = ground.sizes[2], ground.sizes[3]
    traits = ground.i_traits.shape[1]
    s = scratch(n, traits, most)
    top = np.empty(n + 1, np.int64)
    width = largest * ground.offered.shape[1] + 1
    topics, offering = np.empty(width, np.int64), np.empty(width, np.int64)
    result = np.empty(2 + most, np.int64)
    pairs = np.empty((largest + 1, n), np.int64)
    mentors, after = np.empty(largest + 1, np.int64), np.empty(largest + 1, np.int64)
    hope = hopes(mentee_price, ground)
    looked = 0
    for lead in leads:
        mentors[0] = lead
        pairs[1] = ground.units[lead]
        depth = 1
        after[1] = lead + 1
        while depth >= 1:
            if depth >= smallest:
                looked += 1
                base = mentor_part(mentors, depth, mentor_price, ground) - circle_price
                found = crest(pairs[depth], hope, most, top, s.who)
                hopeful = most_of(top, found, fewest, most)
                floor = gains[mentors[0]]
                for a in range(1, depth):
                    floor = min(floor, gains[mentors[a]])
                if hopeful > NOTHING and base + ground.weights[1] * depth + hopeful > floor:
                    gain = best_of_set(
                        mentors, depth, base, floor, pairs[depth], hope, mentee_price, ground, top,
                        topics, offering, s, result,
                    )  # fmt: skip
                    if gain > floor:
                        for a in range(depth):
                            i = mentors[a]
                            if gain > gains[i]:
                                gains[i] = gain
                                circles[i, 0] = depth
                                circles[i, 1 : 1 + depth] = mentors[:depth]
                                circles[i, 1 + largest : 3 + largest + most] = result
            depth = next_set(mentors, after, depth, pairs, ground)
    return looked


@compiled
def list_leads(
    leads: Ints, mentor_price: Ints, mentee_price: Ints, circle_price: Number, floor: Number,
    ground: Ground, circles: Ints,
) -> Number:  # fmt: skip
    """Every circle led by `leads` with a gain above `floor`; rows as those of `price_leads`.

    Returns how many there are, or -1 if there are more than rows.
    """
    n = ground.units.shape[1]
    smallest, largest = ground.sizes[0], ground.sizes[1]
    fewest, most = ground.sizes[2], ground.sizes[3]
    s = scratch(n, ground.i_traits.shape[1], most)
    top = np.empty(n + 1, np.int64)
    width = largest * ground.offered.shape[1] + 1
    topics, offering = np.empty(width, np.int64), np.empty(width, np.int64)
    pairs = np.empty((largest + 1, n), np.int64)
    mentors, after = np.empty(largest + 1, np.int64), np.empty(largest + 1, np.int64)
    header = np.empty(2 + largest, np.int64)
    hope = hopes(mentee_price, ground)
    kept = 0
    for lead in leads:
        mentors[0] = lead
        pairs[1] = ground.units[lead]
        depth = 1
        after[1] = lead + 1
        while depth >= 1:
            if depth >= smallest:
                base = mentor_part(mentors, depth, mentor_price, ground) - circle_price
                found = crest(pairs[depth], hope, most, top, s.who)
                hopeful = most_of(top, found, fewest, most)
                short = floor - base - ground.weights[1] * depth
                if hopeful > NOTHING and hopeful > short:
                    others = most_of(top, found, max(0, fewest - 1), most - 1)
                    count = 0
                    for j in range(n):
                        gain = pairs[depth, j] + hope[j]
                        if gain > BARRED and gain + others > short:
                            s.who[count] = j
                            count += 1
                    header[0] = depth
                    header[1 : 1 + depth] = mentors[:depth]
                    for k in range(topics_of(mentors, depth, ground, topics, offering)):
                        t = topics[k]
                        enough = max(1, ground.sizes[4]) if t >= 0 else 0
                        start = base + (ground.weights[1] * offering[k] if t >= 0 else 0)
                        header[1 + largest] = t
                        rank(mentors, depth, t, count, pairs[depth], mentee_price, ground, s)
                        kept = every(start, floor, count, enough, header, kept, ground, s, circles)
                        if kept < 0:
                            return -1
            depth = next_set(mentors, after, depth, pairs, ground)
    return kept
