"""Are fair matchings the fairest there are? Against all matchings of tiny markets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from revmentor.matching import fairness
from revmentor.matching.arrays import PairTable
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.fairness import Compared, Fair, ServiceProof, service
from revmentor.matching.scores import MatrixScores
from revmentor.matching.worth import NEVER, GroupUnits, Market

FOREVER = Clock.start(None)
SEEDS = st.integers(0, 2**32 - 1)
MOST_CELLS = 8


def random_market(random: np.random.Generator) -> tuple[Market, Compared]:
    """Up to 5 by 5 people, coarse or fine scores, up to 3 places, priorities, closed pairs."""
    while True:
        mentees, mentors = random.integers(1, 6, 2)
        shape = mentees, mentors
        units = random.integers(0, random.choice([1, 2, 3, 5, 1000]) + 1, shape)
        if random.random() < 0.7:
            units = units * (random.random(shape) < 0.6)
        if np.count_nonzero(units) <= MOST_CELLS:
            break
    most = random.integers(1, 4, 2)
    places = random.integers(0, most[0] + 1, mentors), random.integers(0, most[1] + 1, mentees)
    market = Market(MatrixScores(units), *places, least=int(random.choice([1, 1, 2])))
    if random.random() < 0.3:
        groups = random.integers(0, 2, mentors), random.integers(0, 2, mentees)
        market = market.adding(GroupUnits(*groups, random.integers(-3, 4, (2, 2))))
    if random.random() < 0.3:
        one = np.array([0]), np.array([0]), np.array([1])
        market = replace(market, closed=PairTable.of_pairs(*one, mentees))
    over = random.choice(["mentees", "mentors", "both"])
    served = Compared(random.random(mentors) < 0.2, random.random(mentees) < 0.2)
    return market, Compared.of(market, over, served if random.random() < 0.3 else None)


def tables(market: Market) -> tuple[np.ndarray, np.ndarray]:
    """Units (0: not allowed) and worth of every pair, by mentee and mentor."""
    shape = len(market.mentee_places), len(market.mentor_places)
    j, i = (index.ravel() for index in np.indices(shape))
    worth = market.worth(i, j).reshape(shape)
    return np.where(worth == NEVER, 0, market.scores.units(i, j).reshape(shape)), worth


def all_plans(market: Market) -> Iterator[list[tuple[int, int]]]:
    """Every matching, as cells of mentee and mentor."""
    cells = list(zip(*(index.tolist() for index in np.nonzero(tables(market)[0])), strict=True))
    mentee, mentor = market.mentee_places.tolist(), market.mentor_places.tolist()

    def further(k: int) -> Iterator[list[tuple[int, int]]]:
        if k == len(cells):
            yield []
            return
        yield from further(k + 1)
        j, i = cells[k]
        if mentee[j] and mentor[i]:
            mentee[j] -= 1
            mentor[i] -= 1
            for rest in further(k + 1):
                yield [cells[k], *rest]
            mentee[j] += 1
            mentor[i] += 1

    return further(0)


def best(market: Market) -> Columns:
    """The plan of largest worth, by trying all."""
    worth = tables(market)[1]
    found = max(all_plans(market), key=lambda plan: sum(int(worth[cell]) for cell in plan))
    j, i = np.array(found, np.int64).reshape(-1, 2).T
    return Columns(i, j, worth[j, i])


class AllPlans:
    """Fortunes and total of every matching of a market."""

    def __init__(self, market: Market, who: Compared) -> None:
        units, worth = tables(market)
        self.units, self.worth = units, worth
        self.known: list[tuple[list[int], int]] = []
        for plan in all_plans(market):
            mentor, mentee = [0] * units.shape[1], [0] * units.shape[0]
            for j, i in plan:
                mentor[i] = max(mentor[i], int(units[j, i]))
                mentee[j] = max(mentee[j], int(units[j, i]))
            held = [v for v, counts in zip(mentor, who.mentors, strict=True) if counts]
            held += [v for v, counts in zip(mentee, who.mentees, strict=True) if counts]
            self.known.append((sorted(held), sum(int(worth[cell]) for cell in plan)))

    @staticmethod
    def outcome(held: list[int]) -> tuple[int, int]:
        """People served, and the worst of them."""
        got = [value for value in held if value]
        return len(got), min(got, default=0)

    @property
    def most(self) -> int:
        return max(self.outcome(held)[0] for held, _ in self.known)

    def efficient(self) -> list[tuple[int, int]]:
        """Worst and total of plans that serve most people and that no other beats."""
        found = {(self.outcome(held), total) for held, total in self.known}
        points = {(worst, total) for (served, worst), total in found if served == self.most}
        return sorted(
            p for p in points if not any(q != p and q[0] >= p[0] and q[1] >= p[1] for q in points)
        )


def check_plan(market: Market, truth: AllPlans, fair: Fair) -> None:
    """The plan is allowed, within all places, sorted, and says what its pairs are worth."""
    plan = fair.plan
    cells = list(zip(plan.mentee.tolist(), plan.mentor.tolist(), strict=True))
    assert len(set(cells)) == len(cells)
    assert (truth.units[plan.mentee, plan.mentor] > 0).all()
    assert (plan.units == truth.worth[plan.mentee, plan.mentor]).all()
    for side, places in ((plan.mentor, market.mentor_places), (plan.mentee, market.mentee_places)):
        assert (np.bincount(side, minlength=len(places)) <= places).all()


def check_proof(proof: ServiceProof, truth: AllPlans, who: Compared) -> None:
    assert fairness.complaints(proof, list(truth.units)) == []
    assert (proof.mentors.counts == who.mentors).all()
    assert (proof.mentees.counts == who.mentees).all()


def check_proofs(fair: Fair, truth: AllPlans, who: Compared) -> None:
    """Most people are served, provably; and with more units fewer would be."""
    assert fair.most is not None
    check_proof(fair.most, truth, who)
    assert fair.most.bound == truth.most
    assert (fair.best_worst is None) == (fair.worst == 0)
    if fair.best_worst is not None:
        check_proof(fair.best_worst, truth, who)
        assert fair.best_worst.least == fair.worst + 1
        assert fair.best_worst.bound < truth.most


@settings(max_examples=150, deadline=None)
@given(SEEDS)
@example(0)
def test_leximin_is_the_largest_vector_and_then_total(seed: int) -> None:
    market, who = random_market(np.random.default_rng(seed))
    truth = AllPlans(market, who)
    fair = fairness.leximin(market, who, FOREVER, seed=seed)
    held = fairness.fortunes(market, fair.plan, who).tolist()
    assert (held, int(fair.plan.units.sum())) == max(truth.known)
    check_plan(market, truth, fair)
    check_proofs(fair, truth, who)


@pytest.mark.parametrize("largest_bonus", [service.LARGEST_BONUS, 0], ids=["engine", "table"])
@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_max_min_serves_most_then_lifts_the_worst_then_the_total(
    largest_bonus: int, seed: int
) -> None:
    market, who = random_market(np.random.default_rng(seed))
    truth = AllPlans(market, who)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "LARGEST_BONUS", largest_bonus)
        fair = fairness.max_min(market, who, best, FOREVER, seed=seed)
        plain = fairness.participation(market, who, best, FOREVER, seed=seed)
    wanted = max((*truth.outcome(held), total) for held, total in truth.known)
    assert (fair.served, fair.worst, int(fair.plan.units.sum())) == wanted
    check_plan(market, truth, fair)
    check_proofs(fair, truth, who)
    wanted = max((truth.outcome(held)[0], total) for held, total in truth.known)
    assert (plain.served, int(plain.plan.units.sum())) == wanted
    check_plan(market, truth, plain)
    assert plain.most is not None
    check_proof(plain.most, truth, who)
    assert plain.most.bound == truth.most


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from([None, 1, 2, 600]))
def test_a_market_that_is_never_held_gets_the_same_max_min(seed: int, ceiling: int | None) -> None:
    market, who = random_market(np.random.default_rng(seed))
    one = np.minimum(market.mentor_places, 1), np.minimum(market.mentee_places, 1)
    market = replace(market, mentor_places=one[0], mentee_places=one[1])
    who = Compared.of(market, "both" if who.mentors.any() else "mentees")
    truth = AllPlans(market, who)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "MOST_PAIRS", 0)
        fair = fairness.max_min(market, who, best, FOREVER, ceiling=ceiling)
        plain = fairness.participation(market, who, best, FOREVER)
    wanted = max((*truth.outcome(held), total) for held, total in truth.known)
    assert (fair.served, fair.worst, int(fair.plan.units.sum())) == wanted
    wanted = max((truth.outcome(held)[0], total) for held, total in truth.known)
    assert (plain.served, int(plain.plan.units.sum())) == wanted


@settings(max_examples=50, deadline=None)
@given(SEEDS)
def test_the_frontier_is_every_efficient_plan(seed: int) -> None:
    market, who = random_market(np.random.default_rng(seed))
    truth = AllPlans(market, who)
    found = fairness.frontier(market, who, best, FOREVER)
    points = list(zip(found["worst"].tolist(), found["total"].tolist(), strict=True))
    assert points == truth.efficient()
    assert set(found["served"]) == {truth.most}
    few = fairness.frontier(market, who, best, FOREVER, points=2)
    assert few["worst"].iloc[-1] == points[-1][0]
    assert few["total"].iloc[0] == points[0][1]


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_every_seed_is_equally_fair(seed: int) -> None:
    """Larger markets with many ties: no brute force, but all seeds and both sides agree."""
    random = np.random.default_rng(seed)
    units = random.integers(0, 4, (12, 10)) * (random.random((12, 10)) < 0.4)
    places = random.integers(1, 3, 10), random.integers(1, 3, 12)
    for over in ("mentees", "mentors", "both"):
        market = Market(MatrixScores(units), *places)
        turned = Market(MatrixScores(np.ascontiguousarray(units.T)), *places[::-1])
        other = {"mentees": "mentors", "mentors": "mentees", "both": "both"}[over]
        seen = set()
        for case, side, draw in ((market, over, 0), (market, over, 1), (turned, other, 0)):
            who = Compared.of(case, side)
            fair = fairness.leximin(case, who, FOREVER, seed=draw)
            held = fairness.fortunes(case, fair.plan, who).tolist()
            seen.add((*held, int(fair.plan.units.sum())))
        assert len(seen) == 1
