"""Is the matching the best there is? Against all matchings of tiny pools, and against itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from matching_cases import ByHand, best_total, named, random_tables

from revmentor.matching import Matching, Problem, generation, solve, verify

SEEDS = st.integers(0, 2**32 - 1)
SHAPES = st.tuples(st.integers(0, 4), st.integers(0, 4))
PLACES = st.integers(0, 3)


@st.composite
def given_scores(draw: st.DrawFn) -> dict[str, object]:
    """Arguments of from_scores: coarse, fine, whole or large, with several places."""
    shape = draw(SHAPES)
    numbers = draw(
        st.sampled_from(
            [
                st.integers(0, 3),
                st.integers(0, 2**50),
                st.floats(0, 1),
                st.floats(0, 1e8),
                st.sampled_from([0.0, 0.25, 0.5, 1.0]),
            ]
        )
    )
    kind = np.int64 if isinstance(draw(numbers), int) else np.float64
    return {
        "scores": draw(arrays.arrays(kind, shape, elements=numbers)),
        "eligible": draw(arrays.arrays(bool, shape)),
        "mentor_capacity": draw(st.lists(PLACES, min_size=shape[0], max_size=shape[0])),
        "mentee_demand": draw(st.lists(PLACES, min_size=shape[1], max_size=shape[1])),
    }


def units_of(case: dict[str, object]) -> np.ndarray:
    scores = np.asarray(case["scores"])
    whole = np.rint(scores * 1e6).astype(np.int64) if scores.dtype.kind == "f" else scores
    return np.where(case["eligible"], whole, 0)


def best_of(case: dict[str, object]) -> int:
    return best_total(units_of(case), case["mentor_capacity"], case["mentee_demand"])


def proven(problem: Problem, **options: int) -> Matching:
    m = solve(problem, **options)
    assert m.status == "optimal"
    assert verify(problem, m) == (m.objective, m.bound)
    return m


@settings(deadline=None, max_examples=300)
@given(given_scores(), st.integers(0, 9))
def test_given_scores_against_all_matchings(case: dict[str, object], seed: int) -> None:
    assert proven(Problem.from_scores(**case), seed=seed).objective_units == best_of(case)


@settings(deadline=None, max_examples=150)
@given(given_scores(), st.sampled_from([0.0, 0.1, 1.0]))
def test_few_candidates_and_a_sample_lead_to_the_same(
    case: dict[str, object], depth: float
) -> None:
    """With one candidate per person and prices from a sample, many rounds are needed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generation, "ALL_COLUMNS", 2)
        patch.setattr(generation, "FIRST_FEW", 1)
        patch.setattr(generation, "FEW", 1)
        patch.setattr(generation, "LISTED_GAP", depth)
        patch.setattr(generation, "DEPTH", depth)
        patch.setattr("revmentor.matching.arrays.BLOCK_PAIRS", 3)
        assert proven(Problem.from_scores(**case)).objective_units == best_of(case)


@settings(deadline=None, max_examples=100)
@given(given_scores(), SEEDS)
def test_more_capacity_never_lowers_it(case: dict[str, object], seed: int) -> None:
    before = proven(Problem.from_scores(**case)).objective_units
    random = np.random.default_rng(seed)
    more = np.array(case["mentor_capacity"], int)
    more += random.integers(0, 2, len(more))
    assert proven(Problem.from_scores(**case | {"mentor_capacity": more})).objective_units >= before


@settings(deadline=None, max_examples=150)
@given(SEEDS)
def test_pools_against_all_matchings_of_scores_by_hand(seed: int) -> None:
    """Every criterion, every rule, both-sided people and places, all at once."""
    case = random_tables(np.random.default_rng(seed))
    problem, hand = Problem.from_tables(**case), ByHand(**case)
    assert list(problem.mentors.ids) == hand.mentors
    assert list(problem.mentees.ids) == hand.mentees
    i, j = np.indices((len(hand.mentors), len(hand.mentees)))
    plain = problem.scores.plain(i.ravel(), j.ravel()).reshape(i.shape)
    units = problem.scores.units(i.ravel(), j.ravel()).reshape(i.shape)
    for (a, b), value in np.ndenumerate(plain):
        mentor, mentee = hand.mentors[a], hand.mentees[b]
        # Another order of adding up may fall on the other side of a half millionth.
        assert abs(value - 1e6 * hand.score(mentor, mentee)) < 1
        assert units[a, b] == (-1 if hand.broken(mentor, mentee) else value)
    capacity = [hand.places(who, "mentor") for who in hand.mentors]
    demand = [hand.places(who, "mentee") for who in hand.mentees]
    made = np.where(units >= problem.least, units, 0)
    assert proven(problem).objective_units == best_total(made, capacity, demand)


@settings(deadline=None, max_examples=80)
@given(SEEDS)
def test_shuffled_rows_give_the_same_matching(seed: int) -> None:
    random = np.random.default_rng(seed)
    case = random_tables(random)
    shuffled = {
        name: table.sample(frac=1, random_state=seed % 1000)
        for name, table in case.items()
        if isinstance(table, pd.DataFrame)
    }
    first = proven(Problem.from_tables(**case))
    second = proven(Problem.from_tables(**case | shuffled))
    pd.testing.assert_frame_equal(first.pairs, second.pairs)
    pd.testing.assert_frame_equal(first.unmatched, second.unmatched)
    pd.testing.assert_series_equal(first.certificate.mentor, second.certificate.mentor)


@settings(deadline=None, max_examples=80)
@given(SEEDS)
def test_decisions_against_all_matchings(seed: int) -> None:
    """Two required pairs: made if they can be, else named; the rest is best around them."""
    random = np.random.default_rng(seed)
    case = random_tables(random)
    hand = ByHand(**case)
    pairs = [(a, b) for a in hand.mentors for b in hand.mentees]
    wanted = [pairs[k] for k in random.permutation(len(pairs))[:2]]
    table = pd.concat([case["decisions"], named(*wanted, decision="require")], ignore_index=True)
    case["decisions"] = table
    problem = Problem.from_tables(**case)
    m = solve(problem)
    verify(problem, m)
    left = {("mentor", a): hand.places(a, "mentor") for a in hand.mentors}
    left |= {("mentee", b): hand.places(b, "mentee") for b in hand.mentees}
    for a, b in wanted:
        left["mentor", a] -= 1
        left["mentee", b] -= 1
    possible = min(left.values(), default=0) >= 0 and not any(hand.broken(*w) for w in wanted)
    assert m.status == ("optimal" if possible else "infeasible")
    if not possible:
        assert m.pairs.empty
        assert all("required pair" in reason for reason in m.reasons)
        return
    units = np.zeros((len(hand.mentors), len(hand.mentees)), np.int64)
    pinned = 0
    for (a, b), _ in np.ndenumerate(units):
        score = int(problem.scores.units(np.array([a]), np.array([b]))[0])
        if (hand.mentors[a], hand.mentees[b]) in wanted:
            pinned += score
        elif score >= problem.least:
            units[a, b] = score
    capacity = [left["mentor", a] for a in hand.mentors]
    demand = [left["mentee", b] for b in hand.mentees]
    assert m.objective_units == pinned + best_total(units, capacity, demand)
    assert set(wanted) <= set(zip(m.pairs["mentor_id"], m.pairs["mentee_id"], strict=True))
