"""Is a matching the best of all plans, and rightly told? With everything mixed."""

from __future__ import annotations

import numpy as np
from everything_given import given_problem
from everything_pooled import pooled_problem
from plain_plans import Facts, Pair, Plans

from revmentor.matching import Matching, Problem, verify

# Models are solved in double precision: with pairs of this many units and more, conditions may
# leave a gap in the tenth digit, which is told.
BEYOND_DOUBLES = 10**9


def every_way(random: np.random.Generator) -> tuple[Problem, Facts]:
    return (given_problem if random.random() < 0.8 else pooled_problem)(random)


def check(problem: Problem, facts: Facts, m: Matching) -> None:
    """The status is right, the plan is one of the best there are, and the second opinion agrees."""
    plans = Plans(facts)
    best = plans.best()
    assert verify(problem, m).unproven == () or facts.largest >= BEYOND_DOUBLES
    if best is None:
        assert m.status == "infeasible", m
        assert m.pairs.empty
        assert m.reasons
        return
    key = check_plan(facts, plans, m)
    check_prices(facts, plans, m)
    if facts.conditional and m.status == "feasible" and facts.largest >= BEYOND_DOUBLES:
        check_stopped(facts, plans, m)
        assert m.bound_units - m.objective_units <= 3e-9 * facts.largest
        return
    assert m.status == "optimal", m
    assert m.bound_units == m.objective_units
    assert key == best


def check_stopped(facts: Facts, plans: Plans, m: Matching) -> None:
    """What is told holds, although it need not be the best: no bound is below the truth."""
    best = plans.best()
    if m.status in ("none", "infeasible"):
        assert m.status == "none" or best is None
        assert m.pairs.empty
        return
    assert best is not None
    key = check_plan(facts, plans, m)
    assert key <= best
    assert m.status == "feasible" or key == best
    assert m.bound_units is not None
    alike = [other for other in plans.all_keys() if other[:-1] == key[:-1]]
    assert m.bound_units >= max(other[-1] for other in alike)


def chosen_of(facts: Facts, m: Matching) -> set[Pair]:
    listed = zip(m.pairs["mentor_id"], m.pairs["mentee_id"], strict=True)
    pairs = [(facts.mentors.index(a), facts.mentees.index(b)) for a, b in listed]
    assert len(pairs) == len(set(pairs))
    return set(pairs)


def check_plan(facts: Facts, plans: Plans, m: Matching) -> tuple[int, ...]:
    """Pairs, scores, waves and who is left out hold and are told rightly; returns the key."""
    chosen = chosen_of(facts, m)
    key = plans.key_of(chosen)
    assert key is not None, "the plan is none of those that are possible"
    worth = sum(int(facts.units[p] + facts.more[p]) for p in chosen)
    assert m.objective_units == worth
    assert m.objective == (worth if facts.per_point == 1 else worth / 1e6)
    pairs = [
        (facts.mentors.index(a), facts.mentees.index(b))
        for a, b in zip(m.pairs["mentor_id"], m.pairs["mentee_id"], strict=True)
    ]
    order = list(zip(m.pairs["mentee_id"], m.pairs["mentor_id"], strict=True))
    assert order == sorted(order)
    for column, value in (("score", facts.units), ("priority", facts.more)):
        if column in m.pairs:
            told = [int(value[p]) if facts.per_point == 1 else int(value[p]) / 1e6 for p in pairs]
            assert m.pairs[column].tolist() == told
        else:
            assert not facts.more.any()
    if facts.waves is not None:
        check_waves(facts, pairs, m.pairs["wave"].tolist())
    for side, name, ids in ((0, "mentor", facts.mentors), (1, "mentee", facts.mentees)):
        out = {who for k, who in enumerate(ids) if all(pair[side] != k for pair in chosen)}
        assert set(m.unmatched["person_id"][m.unmatched["side"] == name]) == out
    return key


def check_waves(facts: Facts, pairs: list[Pair], told: list[str]) -> None:
    """Each pair runs when both are free, and no wave holds more than it can."""
    assert facts.waves is not None
    names = sorted(set(told))
    numbers = {name: _wave_number(name) for name in names}
    for pair, name in zip(pairs, told, strict=True):
        common = int(facts.common[pair])
        assert common >> numbers[name] & 1 or (not common and pair in facts.locked)
    for number, most in enumerate(facts.waves):
        assert most is None or [numbers[name] for name in told].count(number) <= most


def _wave_number(name: str) -> int:
    return {"x": 0, "y": 1, "z": 2, "Spring": 0, "Autumn": 1, "Winter": 2}[name]


def check_prices(facts: Facts, plans: Plans, m: Matching) -> None:
    """What the prices prove is at least what the best plan is worth, as they add up by hand."""
    found = m.certificate
    if found is None:
        assert facts.objective in ("max_min", "leximin")
        return
    price = found.mentor[facts.mentors].tolist(), found.mentee[facts.mentees].tolist()
    own = {
        (facts.mentors.index(a), facts.mentees.index(b)): int(units)
        for a, b, units in found.pair.itertuples(index=False)
    }
    assert min([*price[0], *price[1], *own.values()], default=0) >= 0
    if len(found.side_constraints):
        assert m.bound_units is not None
        assert found.bound_units >= m.bound_units
        return
    for pair in plans.pairs:
        if facts.units[pair] >= found.least:
            worth = int(facts.units[pair] + facts.more[pair]) + found.bonus
            assert price[0][pair[0]] + price[1][pair[1]] + own.get(pair, 0) >= worth
