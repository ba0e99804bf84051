"""Pools of any size with everything in them, made without tables."""

from __future__ import annotations

from typing import Any

import numpy as np
from matching_cases import ZONES, demo_params, params

from revmentor.matching.arrays import PairTable
from revmentor.matching.criteria import Criterion, Scoring
from revmentor.matching.intake.hours import overlap_minutes
from revmentor.matching.intake.pool import Pool, Sets, Side
from revmentor.matching.scores import TableScores
from revmentor.params.models import CRITERIA

RULES = ("reporting_line", "same_manager", "no_repeat", "vetoes")


def random_sets(
    random: np.random.Generator, people: int, items: int, most: int, silent: float
) -> Sets:
    """Up to so many of some items each, the first ones more often; some people state none."""
    size = random.integers(1, most + 1, people) * (random.random(people) >= silent)
    words = np.zeros((max(1, -(-items // 64)), people), np.uint64)
    likely = 1 / np.arange(1, items + 1) ** 0.6
    for drawn in range(most):
        item = random.choice(items, people, p=likely / likely.sum())
        bit = np.uint64(1) << (item % 64).astype(np.uint64)
        at = item // 64, np.arange(people)
        words[at] |= np.where(drawn < size, bit, np.uint64(0))
    return Sets(words, np.bitwise_count(words).sum(axis=0).astype(np.float64))


def random_side(
    random: np.random.Generator, people: int, senior: bool, many: int, silent: float
) -> Side:
    def codes(most: int) -> np.ndarray:
        drawn = np.minimum(random.integers(0, most, people), random.integers(0, most, people))
        return np.where(random.random(people) < silent, -1, drawn).astype(np.int32)

    first = random.integers(0, 20 * people + 1, people).astype(np.int32)
    trait = random.integers(10, 51, people) / 10
    return Side(
        ids=tuple(f"{'ms'[senior]}{number:06}" for number in range(people)),
        places=random.choice([0, 1, 1, 1, 2], people).astype(np.int64),
        grade=(random.integers(0, 5, people) + senior).astype(np.int32),
        first=first,
        last=(first + random.integers(0, 30, people) ** 2 // 50).astype(np.int32),
        manager=codes(max(2, people // 7)),
        department=codes(12),
        site=codes(8),
        generation=codes(5),
        zone=codes(len(ZONES)),
        languages=random_sets(random, people, 5 if many <= 120 else 40, 3, silent),
        skills=random_sets(random, people, many, 8, silent),
        interests=random_sets(random, people, 40, 6, silent),
        extraversion=np.where(random.random(people) < silent, np.nan, trait),
        waves=random.integers(1, 8, people),
        waited=np.zeros(people, np.int64),
    )


def random_scores(
    random: np.random.Generator, mentors: int, mentees: int, *, silent: float = 0.1,
    many: int = 120, wished: bool = True, **changes: Any,
) -> TableScores:  # fmt: skip
    """Scores of a random pool; `changes` are those of `matching_cases.params`."""

    def pairs(count: int, values: np.ndarray) -> PairTable:
        count = min(count, mentors * mentees)
        if not count:
            return PairTable.empty()
        key = np.unique(random.integers(0, mentors * mentees, count))
        value = random.choice(values, len(key))
        return PairTable.of_pairs(key % mentors, key // mentors, value, mentees)

    weights = dict.fromkeys(CRITERIA, 1.0)
    chosen = params(changes.pop("weights", weights), **changes)
    hours = chosen.matching.working_hours
    start = demo_params().programme.start
    once = np.array([1.0])
    pool = Pool(
        random_side(random, mentors, False, many, silent),
        random_side(random, mentees, True, many, silent),
        overlap_minutes(list(ZONES), hours.begin, hours.end, start),
        pairs(mentees if wished else 0, np.array([0.2, 0.5, 1.0])),
        pairs(mentees // 2, once), pairs(mentees // 4, once), pairs(3, once),
    )  # fmt: skip
    counting = tuple(
        Criterion(name, pool, chosen) for name in CRITERIA if chosen.matching.shares[name] > 0
    )
    stand_in = {name: round(float(random.random()), 6) for name in CRITERIA}
    if chosen.matching.missing != "mean":
        stand_in = dict.fromkeys(CRITERIA, 0.0)
    exclude = chosen.matching.missing == "exclude"
    return TableScores(pool, chosen, Scoring(counting, chosen.matching.shares, stand_in, exclude))
