"""Circles against every set of circles of tiny pools; every bound against the best of them."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revmentor.matching.circles import search as searching
from revmentor.matching.circles.listing import NOBODY, CircleList
from revmentor.matching.circles.market import FORBIDDEN, CircleMarket, Extras, Range
from revmentor.matching.circles.pricing import Prices, covering, listed_above, plain_prices, price
from revmentor.matching.circles.search import Search
from revmentor.matching.clock import Clock

FOREVER = Clock.start(None)


def random_market(seed: int, largest: int = 5) -> CircleMarket:
    """Up to three mentors and five mentees with everything in it."""
    random = np.random.default_rng(seed)
    m, n, t = int(random.integers(1, 4)), int(random.integers(1, largest + 1)), 3
    units = random.choice([0, 1, 2, 3, 10, 11, 400, 1000], (m, n)).astype(np.int64)
    units[random.random((m, n)) < random.choice([0.0, 0.2])] = FORBIDDEN

    def clash(people: int, share: float) -> np.ndarray:
        some = np.triu(random.random((people, people)) < share, 1)
        return some | some.T

    def size(most: int) -> Range:
        ends = sorted(random.integers(1, most + 1, 2).tolist())
        return Range(*ends)

    return CircleMarket(
        units,
        random.integers(0, 3, m),
        random.integers(0, 3, n) if random.random() < 0.3 else np.ones(n, np.int64),
        random.random((m, t)) < 0.5,
        random.random((n, t)) < 0.5,
        clash(m, float(random.choice([0.0, 0.3]))),
        clash(n, float(random.choice([0.0, 0.2]))),
        random.integers(-1, 3, (m, 3)).astype(np.int32),
        random.integers(-1, 3, (n, 3)).astype(np.int32),
        size(min(3, m)),
        size(min(3, n)),
        None if random.random() < 0.7 else int(random.integers(0, 3)),
        int(random.integers(0, 3)),
        Extras(
            int(random.choice([0, 5, 300])),
            int(random.choice([0, 5])),
            (int(random.choice([0, 7])), int(random.choice([0, 50])), 0),
        ),
    )


def possible(market: CircleMarket) -> list[tuple[tuple[int, ...], tuple[int, ...], int, int]]:
    """Every circle that breaks no condition, and its value, by the definition."""
    e, found = market.extras, []

    def sets(size: Range, people: int) -> list[tuple[int, ...]]:
        return [
            chosen
            for k in range(size.fewest, size.most + 1)
            for chosen in itertools.combinations(range(people), k)
        ]

    for a, b in itertools.product(
        sets(market.mentors, len(market.units)), sets(market.mentees, market.units.shape[1])
    ):
        if any(market.units[i, j] <= FORBIDDEN for i in a for j in b):
            continue
        if any(market.mentor_clash[x, y] for x, y in itertools.combinations(a, 2)):
            continue
        if any(market.mentee_clash[x, y] for x, y in itertools.combinations(b, 2)):
            continue
        plain = sum(int(market.units[i, j]) for i in a for j in b) + e.seat * len(a + b)
        for trait, units in enumerate(e.traits):
            codes = {int(market.mentor_traits[i, trait]) for i in a}
            codes |= {int(market.mentee_traits[j, trait]) for j in b}
            plain += units * len({code for code in codes if code >= 0})
        if market.least_wanting == 0:
            found.append((a, b, -1, plain))
        for topic in range(market.offers.shape[1]):
            offering = sum(bool(market.offers[i, topic]) for i in a)
            wanting = sum(bool(market.wants[j, topic]) for j in b)
            if offering and wanting >= max(1, market.least_wanting):
                extra = e.wanted * wanting + e.offered * offering
                found.append((a, b, topic, plain + extra))
    return found


def best(market: CircleMarket) -> int:
    """The most that circles are worth together: tries all sets of them."""
    circles = sorted(possible(market), key=lambda circle: -circle[3])
    places = [market.mentor_places.tolist(), market.mentee_places.tolist()]
    most = len(circles) if market.most is None else market.most
    found = 0

    limit = min(most, sum(places[0]) // market.mentors.fewest)
    slim = market.mentors.fewest

    def search(start: int, value: int, left: int) -> None:
        # Circles stand in falling order, and each has so many mentors at least.
        nonlocal found
        found = max(found, value)
        for k in range(start, len(circles)):
            a, b, _, worth = circles[k]
            if value + worth * min(left, sum(places[0]) // slim) <= found:
                return
            if all(places[0][i] for i in a) and all(places[1][j] for j in b):
                _take(places, a, b, -1)
                search(k + 1, value + worth, left - 1)
                _take(places, a, b, 1)

    search(0, 0, limit)
    return found


def _take(places: list[list[int]], a: tuple[int, ...], b: tuple[int, ...], step: int) -> None:
    for side, people in zip(places, (a, b), strict=True):
        for who in people:
            side[who] += step


def check_plan(market: CircleMarket, plan: CircleList) -> None:
    """The circles are possible, worth what they say, within places, and each there once."""
    known = {(a, b, topic): value for a, b, topic, value in possible(market)}
    used = [np.zeros_like(market.mentor_places), np.zeros_like(market.mentee_places)]
    listed = list(plan)
    assert len(set(listed)) == len(listed)
    assert market.most is None or len(listed) <= market.most
    for members, value in zip(listed, plan.value.tolist(), strict=True):
        assert known[tuple(members)] == value  # type: ignore[index]
        used[0][list(members.mentors)] += 1
        used[1][list(members.mentees)] += 1
    assert (used[0] <= market.mentor_places).all()
    assert (used[1] <= market.mentee_places).all()


def searched(market: CircleMarket, seed: int = 0) -> Search:
    search = Search(market, seed, FOREVER, 1)
    search.run()
    return search


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_the_best_circles_of_all(seed: int, participation: bool) -> None:
    market = random_market(seed)
    if participation:
        market = market.putting_people_first()
    search = searched(market)
    check_plan(market, search.plan)
    assert search.proven
    assert search.value == best(market)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_without_listing_the_bound_holds_and_the_circles_are_possible(seed: int) -> None:
    market = random_market(seed)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("FEW_LISTED", "MOST_LISTED", "MOST_PACKED"):
            patch.setattr(searching, name, 1 if name == "MOST_PACKED" else 0)
        patch.setattr(searching, "STEPS_A_PERSON", 200)
        patch.setattr(searching, "REASSIGNMENTS", 20)
        search = searched(market)
    check_plan(market, search.plan)
    assert search.value <= best(market) <= search.bound


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6))
def test_pricing_overlooks_no_circle(seed: int) -> None:
    market = random_market(seed, largest=7)
    random = np.random.default_rng(seed)
    prices = Prices(
        random.integers(0, 900, len(market.mentor_places)),
        random.integers(0, 500, len(market.mentee_places)),
        int(random.choice([0, 200])),
    )
    gains: dict[tuple[object, ...], int] = {}
    for a, b, topic, value in possible(market):
        paid = int(prices.mentor[list(a)].sum() + prices.mentee[list(b)].sum()) + prices.circle
        gains[a, b, topic] = value - paid
    found = price(market, prices, FOREVER, 1)
    for mentor in range(len(market.mentor_places)):
        largest = max((g for (a, *_), g in gains.items() if mentor in a), default=0)  # type: ignore[operator]
        assert found.gains[mentor] == max(0, largest)
    for members, gain in zip(found.circles, found.circles.gains(*prices).tolist(), strict=True):
        assert gains[tuple(members)] == gain > 0
    for floor in (0, -300, -5000):
        every = listed_above(market, prices, floor, 100_000, FOREVER, 1)
        assert every is not None
        listed = {key: gain for key, gain in gains.items() if gain > floor}
        # No topic is only one choice among others where some topic would do.
        assert {tuple(members) for members in every} == set(listed)
    for sure in (covering(market, prices, found.gains), plain_prices(market)):
        for a, b, _, value in possible(market):
            assert value <= sure.mentor[list(a)].sum() + sure.mentee[list(b)].sum() + sure.circle
        assert best(market) <= sure.total(market)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_people_changes_no_value(seed: int) -> None:
    market = random_market(seed)
    random = np.random.default_rng(seed)
    i, j = (
        random.permutation(len(market.mentor_places)),
        random.permutation(len(market.mentee_places)),
    )
    other = replace(
        market,
        units=np.ascontiguousarray(market.units[np.ix_(i, j)]),
        mentor_places=market.mentor_places[i],
        mentee_places=market.mentee_places[j],
        offers=market.offers[i],
        wants=market.wants[j],
        mentor_clash=np.ascontiguousarray(market.mentor_clash[np.ix_(i, i)]),
        mentee_clash=np.ascontiguousarray(market.mentee_clash[np.ix_(j, j)]),
        mentor_traits=market.mentor_traits[i],
        mentee_traits=market.mentee_traits[j],
    )
    assert searched(market).value == searched(other).value


def test_the_same_seed_gives_the_same_circles_whatever_the_threads() -> None:
    random = np.random.default_rng(3)
    m, n = 12, 26
    market = CircleMarket(
        random.integers(1, 1000, (m, n)),
        np.ones(m, np.int64),
        np.ones(n, np.int64),
        random.random((m, 8)) < 0.4,
        random.random((n, 8)) < 0.4,
        np.zeros((m, m), bool),
        np.zeros((n, n), bool),
        random.integers(0, 3, (m, 3)).astype(np.int32),
        random.integers(0, 3, (n, 3)).astype(np.int32),
        Range(2, 2),
        Range(3, 4),
        None,
        1,
        Extras(200, 100, (50, 0, 0)),
    )
    plans = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "STEPS_A_PERSON", 1_000)
        patch.setattr(searching, "MOST_LISTED", 2_000)
        for threads in (1, 2, 2):
            search = Search(market, 5, FOREVER, threads)
            search.run()
            assert (search.plan.mentors != NOBODY).sum() == 2 * len(search.plan)
            plans.append((set(search.plan), search.value, search.bound))
    assert plans[0] == plans[1] == plans[2]
    assert plans[0][1] <= plans[0][2]
