"""Do compiled scans find exactly what all pairs, worked out at once, say?"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_cases import random_tables
from pool_cases import RULES, random_scores
from scan_reference import NumpyScan, same

from revmentor.matching.arrays import IntArray, PairTable
from revmentor.matching.clock import Clock
from revmentor.matching.problem import Problem
from revmentor.matching.scanning.scan import Scan
from revmentor.matching.scores import MatrixScores, Scores
from revmentor.matching.tickets import Tickets
from revmentor.matching.worth import GroupUnits, Market, everybody
from revmentor.params.models import CRITERIA

SEEDS = st.integers(0, 2**32 - 1)
# Added to every pair so that the most pairs count first; it stands in the prices, too.
PAIRS_FIRST = 10**11


def random_market(random: np.random.Generator, scores: Scores, *places: IntArray) -> Market:
    """Units for groups and for single pairs, small and very large; some pairs closed."""
    mentors, mentees = map(len, places)
    groups = []
    for _ in range(random.integers(0, 3)):
        shape = tuple(int(size) for size in random.integers(1, 4, 2))
        high = int(random.choice([1000, 10**6, PAIRS_FIRST]))
        of = random.integers(0, shape[0], mentors), random.integers(0, shape[1], mentees)
        groups.append(GroupUnits(*of, random.integers(-high, high + 1, shape)))
    if random.random() < 0.3:
        groups.append(everybody(mentors, mentees, PAIRS_FIRST))

    def some(low: int, high: int) -> PairTable:
        count = int(min(random.integers(0, 4), mentors * mentees))
        if not count:
            return PairTable.empty()
        key = random.choice(mentors * mentees, count, replace=False)
        value = random.integers(low, high, count)
        return PairTable.of_pairs(key % mentors, key // mentors, value, mentees)

    least = int(random.choice([0, 1, 300_000]))
    return Market(scores, *places, least, some(1, 2), tuple(groups), some(-(10**6), 10**6))


def compare(random: np.random.Generator, market: Market, rounds: int = 2) -> None:
    """Every question, at prices of every size, for some people and for all."""
    mentors, mentees = len(market.mentor_places), len(market.mentee_places)
    scale = int(random.choice([1, 1, 1 << 12]))
    tickets = Tickets.draw(mentors, mentees, int(random.integers(0, 100)))
    scans = [
        Scan.of(market, tickets, Clock.start(None), threads=threads, scale=scale)
        for threads in (1, 2)
    ]
    truth = NumpyScan(market, tickets, scale)
    i, j = np.indices((mentors, mentees))
    assert (scans[0].exact(i, j) == truth.worth).all()
    for _ in range(rounds):
        high = int(random.choice([0, 1000, 400_000, 10**6, PAIRS_FIRST])) * scale
        v, u = random.integers(0, high + 1, mentors), random.integers(0, high + 1, mentees)
        if random.random() < 0.3:
            v += PAIRS_FIRST * scale * random.integers(0, 2, mentors)
        people: list[Any] = [None, None]
        for side, number in enumerate((mentors, mentees)):
            if random.random() < 0.5:
                chosen = random.choice(number, random.integers(0, number + 1), replace=False)
                people[side] = chosen if random.random() < 0.5 else np.sort(chosen)
        a, b = people
        few = int(random.choice([1, 2, 3, 12, 50]))
        floor = int(random.choice([0, -1, -(2**60), 1000 * scale, -400_000 * scale]))
        most = None if random.random() < 0.5 else int(random.integers(0, mentors * mentees + 1))
        for side, who, among in (("mentor", a, b), ("mentee", b, a)):
            best = truth.best(side, u if side == "mentor" else v, who=who, among=among)
            top = truth.top(side, v, u, few, floor=floor, who=who, among=among)
            for scan in scans:
                price = u if side == "mentor" else v
                assert (scan.best(side, price, who=who, among=among) == best).all()
                found = scan.top(side, v, u, few, floor=floor, who=who, among=among)
                assert same(found, top)
        above = truth.above(v, u, floor, mentors=a, mentees=b, most=most)
        for scan in scans:
            assert same(scan.above(v, u, floor, mentors=a, mentees=b, most=most), above)
    assert scans[0].pairs_scanned == scans[1].pairs_scanned
    assert scans[0].pairs_examined == scans[1].pairs_examined


@settings(deadline=None, max_examples=60)
@given(SEEDS)
def test_tables_with_everything_in_them(seed: int) -> None:
    random = np.random.default_rng(seed)
    problem = Problem.from_tables(**random_tables(random))
    places = problem.mentors.places, problem.mentees.places
    compare(random, random_market(random, problem.scores, *places))


@settings(deadline=None, max_examples=40)
@given(SEEDS, st.sampled_from([5, 70, 300]))
def test_larger_pools(seed: int, most: int) -> None:
    """Many profiles, patterns of missing values, vocabularies of any size, coarse scores."""
    random = np.random.default_rng(seed)
    sizes = (int(size) for size in random.integers(1, most, 2))
    weights = {name: float(random.integers(0, 4)) for name in CRITERIA} | {"department": 1.0}
    if random.random() < 0.3:
        weights = dict.fromkeys(CRITERIA, 0.0) | {"site": 1.0, "department": 1.0, "language": 1.0}
    same_or_not = {"direction": str(random.choice(["same", "different"]))}
    scores = random_scores(
        random, *sizes,
        silent=float(random.choice([0.0, 0.1, 0.6])),
        many=int(random.choice([3, 40, 120, 500])),
        wished=bool(random.integers(0, 2)),
        weights=weights,
        missing=str(random.choice(["mean", "zero", "exclude"])),
        rules={name: bool(random.integers(0, 2)) for name in RULES}
        | {
            "shared_language": bool(random.random() < 0.3),
            "minimum_overlap_hours": float(random.choice([0.0, 0.0, 2.5])),
            "minimum_grade_gap": int(random.integers(1, 3)),
        },
        criteria={
            "seniority_gap": {"form": str(random.choice(["largest", "target"])), "target": 2.0},
            "personality": {"direction": str(random.choice(["similar", "complementary"]))},
            "site": same_or_not,
            "generation": same_or_not,
        },
    )  # fmt: skip
    places = scores.pool.mentors.places, scores.pool.mentees.places
    compare(random, random_market(random, scores, *places))


@settings(deadline=None, max_examples=40)
@given(SEEDS, st.sampled_from([3, 10**6, 2**45]))
def test_given_scores(seed: int, high: int) -> None:
    random = np.random.default_rng(seed)
    mentors, mentees = random.integers(0, 150, 2)
    matrix = random.integers(-1, high, (mentees, mentors))
    places = random.integers(0, 3, mentors), random.integers(0, 3, mentees)
    compare(random, random_market(random, MatrixScores(matrix), *places))


@settings(deadline=None, max_examples=30)
@given(SEEDS)
def test_a_changed_market_is_scanned_as_if_it_were_new(seed: int) -> None:
    """Other weights, missing values, rules, units of groups, closed pairs: same people."""
    random = np.random.default_rng(seed)
    sizes = (int(size) for size in random.integers(1, 60, 2))
    first = random_scores(random, *sizes)
    places = first.pool.mentors.places, first.pool.mentees.places
    before = random_market(random, first, *places)
    tickets = Tickets.draw(*map(len, places), 0)
    clock = Clock.start(None)
    scan = Scan.of(before, tickets, clock)
    scan.top("mentee", *(np.zeros_like(each) for each in places), 3)
    weights = {name: float(random.integers(0, 3)) for name in CRITERIA} | {"skills": 1.0}
    changes = {"rules": {"shared_language": bool(random.integers(0, 2))}}
    second = random_scores(
        random, 1, 1, weights=weights, missing=str(random.choice(["mean", "exclude"])), **changes
    )  # fmt: skip
    criteria = tuple(
        type(c)(c.name, first.pool, second.params) for c in second.scoring.criteria
    )  # fmt: skip
    scoring = type(second.scoring)(
        criteria, second.scoring.share, second.scoring.stand_in, second.scoring.exclude
    )
    scores = type(first)(first.pool, second.params, scoring)
    for changed in (
        random_market(random, scores, *places),
        before.adding(everybody(*map(len, places), 7)),
        random_market(random, first, *places),
    ):
        scan = scan.again(changed, clock)
        truth = NumpyScan(changed, tickets)
        v, u = (random.integers(0, 500_000, len(each)) for each in places)
        assert (scan.best("mentor", u) == truth.best("mentor", u)).all()
        for side in ("mentor", "mentee"):
            assert same(scan.top(side, v, u, 3, floor=-9), truth.top(side, v, u, 3, floor=-9))
        assert same(scan.above(v, u, -9), truth.above(v, u, -9))
