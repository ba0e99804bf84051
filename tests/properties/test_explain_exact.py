"""Is what explanations say exact? Against all plans of tiny problems."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from explain_cases import all_plans, best, cells_of, pins, some_problem, units, with_more
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from revmentor.matching import Problem, explain, solve
from revmentor.matching.clock import Clock
from revmentor.matching.explain import residual
from revmentor.matching.tradeoff import tradeoff
from revmentor.matching.variants import removable, without

SEEDS = st.integers(0, 2**32 - 1)
exact = settings(deadline=None, max_examples=60)


@exact
@given(SEEDS)
def test_worth_against_kept_pairs(seed: int) -> None:
    problem, random = some_problem(seed)
    cells = list(np.ndindex(units(problem).shape))
    keep = [cells[k] for k in random.permutation(len(cells))[: random.integers(0, 6)]]
    plans = [(total, len(plan & set(keep))) for total, plan in all_plans(problem)]
    assume(plans)
    listed = np.array(keep, np.int64).reshape(-1, 2)
    found = tradeoff(problem, listed[:, 0], listed[:, 1], Clock.start(None))
    assert not isinstance(found, tuple)
    assert (found.best().units, found.best().kept) == max(plans)
    fullest = max((kept, total) for total, kept in plans)
    assert (found.fullest().kept, found.fullest().units) == fullest
    for least in range(fullest[0] + 2):
        most = max((total for total, kept in plans if kept >= least), default=None)
        point = found.keeping(least)
        assert (point is None) == (most is None)
        if point is not None:
            assert point.units == point.bound == most
            assert point.kept >= least
    for total in [*sorted({total for total, _ in plans})[-5:], max(plans)[0] + 1]:
        most = max((kept for worth, kept in plans if worth >= total), default=None)
        full = found.worth_at_least(total)
        assert (full is None) == (most is None)
        if full is not None:
            assert full.point.kept == full.most == most
            assert full.point.units >= total
    for point in found.envelope():
        assert point.units == max(total for total, kept in plans if kept >= point.kept)


@exact
@given(SEEDS)
def test_one_place_more_and_one_fewer(seed: int) -> None:
    problem, _ = some_problem(seed)
    matching = solve(problem)
    assume(matching.status == "optimal")
    prices = explain.capacity_prices(problem, matching).set_index(["side", "person_id"])
    assert len(prices) == len(problem.mentors) + len(problem.mentees)
    for side, roster in (("mentor", problem.mentors), ("mentee", problem.mentees)):
        for person, who in enumerate(roster.ids):
            row = prices.loc[(side, who)]
            more = best(all_plans(with_more(problem, side, person, 1)))
            gain = round(row["one_more"] * problem.per_point)
            assert gain == more - matching.objective_units
            pinned = sum(cell[side == "mentee"] == person for cell in pins(problem))
            if roster.places[person] == pinned:
                assert math.isnan(row["one_fewer"])
            else:
                fewer = best(all_plans(with_more(problem, side, person, -1)))
                loss = round(row["one_fewer"] * problem.per_point)
                assert loss == matching.objective_units - fewer
                dual = round(row["dual_price"] * problem.per_point)
                assert gain <= dual <= loss


@exact
@given(SEEDS)
def test_the_price_of_a_rule_is_what_is_missed_by_it(seed: int) -> None:
    problem, _ = some_problem(seed)
    matching = solve(problem)
    assume(matching.status == "optimal")
    prices = explain.rule_prices(problem, matching).set_index("rule")
    assert sorted(prices.index) == sorted(removable(problem))
    for rule, row in prices.iterrows():
        more = best(all_plans(without(problem, str(rule)))) - matching.objective_units
        assert round(row["price"] * problem.per_point) == more >= 0
        assert row["price"] == row["most_price"]


@exact
@given(SEEDS, st.sampled_from([0.0, 0.01, 0.2, 1.0]))
def test_why_not_a_pair(seed: int, loss: float) -> None:
    problem, random = some_problem(seed)
    matching = solve(problem)
    assume(matching.status == "optimal")
    today = cells_of(problem, matching.pairs)
    value = units(problem)
    assume(value.size)
    a, b = (int(random.integers(size)) for size in value.shape)
    pair = problem.mentors.ids[a], problem.mentees.ids[b]
    found = explain.why_not(problem, matching, pair, loss=loss)
    assert all(sentence.endswith(".") for sentence in found.sentences)
    if (a, b) in today:
        assert found.status == "made"
        return
    plain = int(problem.scores.plain(np.array([a]), np.array([b]))[0])
    if value[a, b] < 0 or plain < problem.least:
        assert found.status == "forbidden"
        assert found.rules
        assert ("minimum_score" in found.rules) == (plain < problem.least)
        return
    plans = [(total, plan) for total, plan in all_plans(problem) if (a, b) in plan]
    if not plans:
        assert found.status == "impossible"
        assert found.reasons
        return
    assert found.status == "optimal"
    assert found.best is not None
    most = max((total, len(plan & today)) for total, plan in plans)
    per_point = problem.per_point
    assert round(found.best.objective * per_point) == most[0]
    assert round(found.best.change * per_point) == most[0] - matching.objective_units
    assert len(today) - found.best.broken == most[1]
    least = math.ceil((1 - Fraction(str(loss))) * matching.objective_units)
    kept = max((len(plan & today) for total, plan in plans if total >= least), default=None)
    assert (found.fewest is None) == (kept is None)
    if found.fewest is not None:
        assert found.fewest.broken == found.fewest.least_broken == len(today) - kept
        assert round(found.fewest.objective * per_point) >= least


@exact
@given(SEEDS)
def test_why_somebody_is_outbid(seed: int) -> None:
    """The margin is what forcing the pair would cost."""
    problem, _ = some_problem(seed)
    matching = solve(problem)
    assume(matching.status == "optimal" and len(matching.unmatched))
    plans = all_plans(problem)
    for who, side, code in matching.unmatched[["person_id", "side", "code"]].itertuples(
        index=False
    ):
        found = explain.why_unmatched(problem, matching, who, side=side, few=2)
        assert found.code == code
        assert all(sentence.endswith(".") for sentence in found.sentences)
        roster, other = problem.mentors, problem.mentees
        if side == "mentee":
            roster, other = other, roster
        me = roster.ids.index(who)
        for partner, margin in zip(
            found.partners["partner_id"], found.partners["margin"], strict=True
        ):
            cell = (me, other.ids.index(partner))
            cell = cell if side == "mentor" else cell[::-1]
            forced = max(total for total, plan in plans if cell in plan)
            assert round(margin * problem.per_point) == matching.objective_units - forced


@exact
@given(SEEDS, st.booleans())
def test_other_optima(seed: int, listed: bool) -> None:
    problem, _ = some_problem(seed)
    matching = solve(problem)
    assume(matching.status == "optimal")
    today = cells_of(problem, matching.pairs)
    other = [plan for total, plan in all_plans(problem) if total == matching.objective_units]
    expected = {("mentor", a) for plan in other for a, _ in plan ^ today}
    expected |= {("mentee", b) for plan in other for _, b in plan ^ today}
    with pytest.MonkeyPatch.context() as patch:
        if not listed:
            patch.setattr("revmentor.matching.explain.optima.LISTED", -1)
            patch.setattr(residual, "CHUNK", 1)
        found = explain.other_optima(problem, matching)
    at = {
        side: {who: k for k, who in enumerate(roster.ids)}
        for side, roster in (("mentor", problem.mentors), ("mentee", problem.mentees))
    }
    told = {
        (side, at[side][who])
        for who, side in zip(found.people["person_id"], found.people["side"], strict=True)
    }
    assert told == expected
    assert found.mentors + found.mentees == len(expected)


def test_ten_thousand_identical_pairs_are_counted_in_little_memory() -> None:
    problem = Problem.from_scores(np.ones((400, 400), np.int64))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("revmentor.matching.explain.optima.LISTED", 1)
        found = explain.other_optima(problem, solve(problem))
    assert (found.mentors, found.mentees) == (400, 400)
