"""Which pair runs in which wave, when waves hold only so many?

Pairs with the same set of possible waves, their *pattern*, are alike: what counts is how many of
each pattern run in each wave. That is a flow from patterns to waves, filled along augmenting
paths; it is whole by itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

import numpy as np

from revmentor.matching.arrays import IntArray


def pattern_counts(patterns: IntArray) -> dict[int, int]:
    """How many pairs have each pattern? Pattern 0, which nothing limits, is left out."""
    found, count = np.unique(patterns, return_counts=True)
    return {int(p): int(n) for p, n in zip(found, count, strict=True) if p}


def fits(counts: Mapping[int, int], at_most: Sequence[int]) -> bool:
    """Can so many pairs of each pattern run, with so many places in each wave?

    >>> fits({0b01: 1, 0b11: 2}, (1, 2)), fits({0b01: 2, 0b11: 1}, (1, 2))
    (True, False)
    """
    return sum(flow(counts, at_most).values()) == sum(counts.values())


def flow(counts: Mapping[int, int], at_most: Sequence[int]) -> dict[tuple[int, int], int]:
    """How many pairs of each pattern run in each wave, for the most that can run at all?

    Returns
    -------
    dict of (pattern, wave) to number of pairs
        Earlier waves and smaller patterns first, so that the same counts give the same answer.
    """
    running: dict[tuple[int, int], int] = {}
    left = list(at_most)
    for pattern in sorted(counts):
        need = counts[pattern]
        while need:
            path = _path(pattern, running, left)
            if path is None:
                break
            push = min(need, left[path[-1][1]], *(running[p, w] for p, w in _taken(path)))
            for (p, w), following in zip(path, [*path[1:], None], strict=True):
                running[p, w] = running.get((p, w), 0) + push
                if following is not None:
                    running[following[0], w] -= push
            left[path[-1][1]] -= push
            need -= push
    return {key: many for key, many in running.items() if many}


def _taken(path: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The (pattern, wave) from which a path takes pairs away: each wave's next pattern."""
    return [(path[k + 1][0], path[k][1]) for k in range(len(path) - 1)]


def _path(
    pattern: int, running: Mapping[tuple[int, int], int], left: Sequence[int]
) -> list[tuple[int, int]] | None:
    """A shortest way to a wave with room: this pattern into a wave, another out of it, and on."""
    holders: dict[int, list[int]] = {}
    for (p, w), many in running.items():
        if many:
            holders.setdefault(w, []).append(p)
    queue: deque[tuple[int, tuple[int, int] | None]] = deque([(pattern, None)])
    patterns, before = {pattern}, dict[tuple[int, int], tuple[int, int] | None]()
    waves: set[int] = set()
    while queue:
        p, came = queue.popleft()
        for w in range(len(left)):
            if not p >> w & 1 or w in waves:
                continue
            waves.add(w)
            before[p, w] = came
            if left[w]:
                path = [(p, w)]
                while (step := before[path[0]]) is not None:
                    path.insert(0, step)
                return path
            fresh = sorted(set(holders.get(w, ())) - patterns)
            patterns.update(fresh)
            queue.extend((q, (p, w)) for q in fresh)
    return None


def place_pairs(common: IntArray, at_most: Sequence[int | None]) -> IntArray:
    """The wave of each pair, given the waves in which it can run, as bits.

    A pair that can run in a wave without limit runs in the first of these; the others share the
    places of the limited waves, in their order. They must fit.

    >>> place_pairs(np.array([0b11, 0b01, 0b11]), (1, 2)).tolist()
    [1, 0, 1]
    """
    unlimited = sum(1 << w for w, most in enumerate(at_most) if most is None)
    wave = np.full(len(common), -1)
    free = common & unlimited
    for w in reversed(range(len(at_most))):
        wave[(free >> w & 1) == 1] = w
    rest = np.where(free > 0, 0, common)
    running = flow(pattern_counts(rest), [most or 0 for most in at_most])
    for pattern in np.unique(rest[rest > 0]).tolist():
        who = np.flatnonzero(rest == pattern)
        many = [(w, running.get((pattern, w), 0)) for w in range(len(at_most))]
        wave[who] = np.repeat([w for w, _ in many], [n for _, n in many])
    return wave
