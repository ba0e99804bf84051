"""Scans over all pairs: ties, limits, threads, and what they may leave out."""

from __future__ import annotations

import numpy as np
import pytest
from pool_cases import random_scores
from scan_reference import NumpyScan, same

from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.kernels import compiled, exact, found, given, passes
from revmentor.matching.kernels.passes import TILE
from revmentor.matching.scanning import pieces
from revmentor.matching.scanning.scan import Scan
from revmentor.matching.scores import MatrixScores
from revmentor.matching.tickets import Tickets
from revmentor.matching.worth import Market, everybody

CLOCK = Clock.start(None)


def scan_of(market: Market, **options: int) -> Scan:
    tickets = Tickets.draw(len(market.mentor_places), len(market.mentee_places), 0)
    return Scan.of(market, tickets, CLOCK, **options)


def alike(mentors: int, mentees: int) -> Market:
    """Everybody scores the same with everybody."""
    matrix = np.full((mentees, mentors), 5)
    return Market(MatrixScores(matrix), np.ones(mentors, np.int64), np.ones(mentees, np.int64))


def pool_market(mentors: int, mentees: int, seed: int = 0, **changes: object) -> Market:
    random = np.random.default_rng(seed)
    scores = random_scores(random, mentors, mentees, **changes)
    return Market(scores, scores.pool.mentors.places, scores.pool.mentees.places)


def coarse_market(mentors: int, mentees: int) -> Market:
    """Scores from a pool that take two values only."""
    weights = {"department": 1.0, "skills": 0.0}
    market = pool_market(mentors, mentees, silent=0.0, wished=False, weights=weights)
    ones = np.ones(mentors, np.int64), np.ones(mentees, np.int64)
    return Market(market.scores, *ones)


def test_equal_gains_go_by_ticket_so_that_all_get_a_share() -> None:
    for market in (alike(40, 50), coarse_market(300, 300)):
        scan = scan_of(market)
        places = market.mentor_places, market.mentee_places
        none = tuple(np.zeros_like(each) for each in places)
        found = scan.top("mentee", *none, 3)
        assert same(found, NumpyScan(market, scan.tickets).top("mentee", *none, 3))
        assert len(np.unique(found.mentor)) > len(none[0]) / 3


def test_many_equal_pairs_over_several_tiles() -> None:
    market = coarse_market(3 * TILE, 40)
    scan, truth = scan_of(market), NumpyScan(market, Tickets.draw(3 * TILE, 40, 0))
    v, u = np.zeros(3 * TILE, np.int64), np.full(40, 900_000)
    assert same(scan.top("mentee", v, u, 12), truth.top("mentee", v, u, 12))
    assert same(scan.top("mentor", v, u, 12), truth.top("mentor", v, u, 12))
    assert same(scan.above(v, u, 0), truth.above(v, u, 0))
    assert (scan.best("mentee", v) == truth.best("mentee", v)).all()


@pytest.mark.parametrize("units", [10**11, 10**15])
def test_a_large_constant_in_worth_and_prices_hides_no_unit(units: int) -> None:
    """One mentor's price leaves gains around 0, to the unit, on top of the constant."""
    plain = pool_market(200, 300)
    market = plain.adding(everybody(200, 300, units))
    scan, truth = scan_of(market), NumpyScan(market, Tickets.draw(200, 300, 0))
    u = truth.best("mentee", np.zeros(200, np.int64), who=np.arange(300))
    for short in (0, 1, 2):
        for v in (np.zeros(200, np.int64), np.arange(200) % 2 * units):
            price = np.maximum(u - short, 0)
            assert same(scan.above(v, price, 0), truth.above(v, price, 0))
            assert same(scan.top("mentor", v, price, 2), truth.top("mentor", v, price, 2))


@pytest.mark.parametrize("spread", [0, 10**6, 10**9])
@pytest.mark.parametrize("changes", [{}, {"missing": "exclude"}, {"many": 500}])
def test_no_pair_on_the_edge_is_lost_to_rounding(spread: int, changes: dict[str, object]) -> None:
    """One pair of every mentee gains exactly one unit, or nothing; prices of any size."""
    market = pool_market(300, 300, seed=spread % 7, **changes)
    random = np.random.default_rng(0)
    v = random.integers(0, spread + 1, 300)
    scan, truth = scan_of(market), NumpyScan(market, Tickets.draw(300, 300, 0))
    left = np.where(truth.allowed, truth.worth - v[:, None], -(2**60))
    ranked = -np.sort(-left, axis=0)
    for rank in range(12):
        u = ranked[rank]
        u = np.where(u < -(2**50), 0, u)
        assert same(scan.above(v, u - 1, 0), truth.above(v, u - 1, 0))
        assert same(scan.top("mentee", v, u, 3, floor=-2), truth.top("mentee", v, u, 3, floor=-2))
        assert same(scan.top("mentor", v, u, 3, floor=-1), truth.top("mentor", v, u, 3, floor=-1))


def test_people_without_places_take_part_only_if_named() -> None:
    market = pool_market(60, 80)
    scan = scan_of(market)
    none = np.zeros(60, np.int64), np.zeros(80, np.int64)
    closed = np.flatnonzero(market.mentee_places == 0)
    assert len(closed)
    assert not np.isin(scan.above(*none, 0).mentee, closed).any()
    assert not np.isin(scan.top("mentee", *none, 2).mentee, closed).any()
    assert len(scan.best("mentee", none[0])) == 80 - len(closed)
    named = scan.top("mentee", *none, 2, who=closed)
    assert set(named.mentee.tolist()) <= set(closed.tolist())
    assert (market.mentor_places[named.mentor] > 0).all()


def test_too_many_pairs_are_not_listed() -> None:
    market = alike(30, 40)
    scan = scan_of(market)
    none = np.zeros(30, np.int64), np.zeros(40, np.int64)
    assert scan.above(*none, 0, most=1199) is None
    found = scan.above(*none, 0, most=1200)
    assert found is not None
    assert (np.diff(found.mentee * 30 + found.mentor) > 0).all()
    assert len(scan.above(*none, 5)) == 0


def test_nothing_depends_on_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor the counters of work, not even where a list is given up."""
    monkeypatch.setattr(pieces, "SMALLEST_PIECE", 500)
    market = pool_market(150, 200)
    v, u = np.zeros(150, np.int64), np.full(200, 300_000)
    counts = set()
    for threads in (1, 2, 3):
        scan = scan_of(market, threads=threads)
        truth = NumpyScan(market, scan.tickets)
        assert same(scan.top("mentor", v, u, 4), truth.top("mentor", v, u, 4))
        assert same(scan.above(v, u, -5), truth.above(v, u, -5))
        assert scan.above(v, np.zeros_like(u), -5, most=300) is None
        counts.add((scan.pairs_scanned, scan.pairs_examined))
    assert len(counts) == 1
    assert 0 < counts.pop()[0] < 3 * 150 * 200


def test_the_clock_is_heeded() -> None:
    market = alike(20, 20)
    none = np.zeros(20, np.int64)
    over = Clock(0.0)
    scan = Scan.of(market, Tickets.draw(20, 20, 0), over)
    with pytest.raises(OutOfTime):
        scan.top("mentee", none, none, 1)


def test_nobody_at_all() -> None:
    for shape in ((0, 3), (3, 0), (0, 0)):
        scan = scan_of(alike(*shape))
        none = np.zeros(shape[0], np.int64), np.zeros(shape[1], np.int64)
        assert scan.above(*none, 0) is not None
        assert len(scan.top("mentor", *none, 3)) == 0
        assert scan.best("mentee", none[0]).tolist() == [0] * shape[1]


def test_unknown_scores_are_refused() -> None:
    market = Market(object(), np.ones(2, np.int64), np.ones(2, np.int64))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="scores of kind object"):
        scan_of(market)


def test_each_loop_is_compiled_for_one_kind_of_arguments() -> None:
    """Another kind would be compiled again, which takes seconds."""
    for silent, wished in ((0.0, False), (0.3, True)):
        market = pool_market(20, 30, silent=silent, wished=wished)
        none = np.zeros(20, np.int64), np.zeros(30, np.int64)
        for each in (market, market.adding(everybody(20, 30, 9)), alike(20, 30)):
            scan = scan_of(each)
            scan.above(*none, 0)
            scan.top("mentor", *none, 2)
            scan.exact(np.arange(3), np.arange(3))
    for loop in (
        passes.scan_blocks, exact.worths, given.scan_given, given.given_worths, found.in_order,
    ):  # fmt: skip
        assert len(loop.signatures) == 1  # type: ignore[attr-defined]


def test_compiled_loops_are_kept_until_a_loop_they_call_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = {name: compiled.sources(name) for name in ("passes", "given", "bits")}
    text = compiled._text
    monkeypatch.setattr(
        compiled, "_text", lambda name: text(name) + (b"#" if name == "examine" else b"")
    )
    compiled.sources.cache_clear()
    after = {name: compiled.sources(name) for name in before}
    compiled.sources.cache_clear()
    assert [name for name in before if before[name] != after[name]] == ["passes"]
    assert passes.scan_blocks._cache._cache_file._source_stamp == before["passes"]
