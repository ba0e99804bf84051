"""Does the second opinion tell the best of all plans from any other, with everything mixed?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest
from everything_cases import BEYOND_DOUBLES, every_way
from everything_told import told_as, told_impossible
from plain_plans import Facts, Plans
from verifying import FIELD, cell, certificate, nobody_left, price

from revmentor.matching import Matching, Problem, VerificationError, solve, verify

STRANGER = {"str": "nobody else", "int": 10**6}


def solved(seeds: range) -> Iterator[tuple[int, np.random.Generator, Problem, Facts, Matching]]:
    """Problems that have a matching, with it; of scores that models can tell apart."""
    for seed in seeds:
        random = np.random.default_rng(seed)
        problem, facts = every_way(random)
        m = solve(problem)
        if m.status == "optimal" and facts.largest < BEYOND_DOUBLES:
            yield seed, random, problem, facts, m


def refused(problem: Problem, wrong: Matching) -> bool:
    try:
        verify(problem, wrong)
    except VerificationError:
        return True
    return False


@pytest.mark.parametrize("block", range(4))
def test_another_plan_is_accepted_if_and_only_if_it_is_as_good(block: int) -> None:
    counts = {True: 0, False: 0}
    for seed, random, problem, facts, m in solved(range(200 * block, 200 * block + 100)):
        plans = Plans(facts)
        keys = plans.all_keys()
        best = max(keys)
        for number in random.permutation(len(keys))[:6].tolist():
            as_good = keys[number] == best
            told = told_as(problem, facts, m, plans, number)
            assert refused(problem, told) != as_good, f"seed {seed}, plan {number}"
            if told.fairness is not None:
                # Without any proof, models decide.
                bare = FIELD(told.fairness, most=None, best_worst=None)
                told = FIELD(told, fairness=bare, certificate=None)
                assert refused(problem, told) != as_good, f"seed {seed}, plan {number}, bare"
            counts[as_good] += 1
    assert min(counts.values()) > 20


@pytest.mark.parametrize("block", range(2))
def test_what_is_said_to_be_impossible_is(block: int) -> None:
    for seed, _, problem, _, m in solved(range(3_000 + 100 * block, 3_100 + 100 * block)):
        assert refused(problem, told_impossible(m)), f"seed {seed}"


@pytest.mark.parametrize("block", range(2))
def test_a_bound_below_the_best_is_not_confirmed(block: int) -> None:
    """A worse plan told as feasible, nothing above it being possible."""
    for seed, random, problem, facts, m in solved(range(4_000 + 100 * block, 4_100 + 100 * block)):
        plans = Plans(facts)
        keys = plans.all_keys()
        number = int(random.integers(0, len(keys)))
        alike = max(key[-1] for key in keys if key[:-1] == keys[number][:-1])
        told = FIELD(told_as(problem, facts, m, plans, number), status="feasible")
        if told.objective_units == alike:
            continue
        try:
            found = verify(problem, told)
        except VerificationError:
            continue
        assert found.unproven, f"seed {seed}"


def stranger(m: Matching) -> object:
    return STRANGER["str" if isinstance(m.pairs["mentor_id"].iloc[0], str) else "int"]


def other_wave(m: Matching) -> Matching | None:
    return cell(m, "wave", 0, "never") if "wave" in m.pairs else None


def other_priority(m: Matching) -> Matching | None:
    if "priority" in m.pairs:
        return cell(m, "priority", 0, m.pairs["priority"][0] + 1)
    return FIELD(m, pairs=m.pairs.assign(priority=0))


def repriced(m: Matching, to: Callable[[int], int]) -> Matching | None:
    """One price changed, of somebody whose places are all filled."""
    if m.certificate is None or not (m.certificate.mentor > 0).any():
        return None
    who = m.certificate.mentor.idxmax()
    return price(m, "mentor", who, to(int(m.certificate.mentor[who])))


CORRUPTIONS: dict[str, Callable[[Matching], Matching | None]] = {
    "a pair less": lambda m: FIELD(m, pairs=m.pairs.iloc[1:]),
    "a pair twice": lambda m: FIELD(
        m, pairs=pd.concat([m.pairs.iloc[:1], m.pairs], ignore_index=True)
    ),
    "a stranger as mentor": lambda m: cell(m, "mentor_id", 0, stranger(m)),
    "a stranger as mentee": lambda m: cell(m, "mentee_id", len(m.pairs) - 1, stranger(m)),
    "a score": lambda m: cell(m, "score", 0, m.pairs["score"][0] + 1),
    "a priority": other_priority,
    "a wave": other_wave,
    "waves": lambda m: None if "wave" in m.pairs else FIELD(m, pairs=m.pairs.assign(wave="x")),
    "objective": lambda m: FIELD(m, objective=m.objective + 1),
    "objective and bound": lambda m: FIELD(
        m, objective_units=m.objective_units + 1, bound_units=m.bound_units + 1
    ),
    "bound": lambda m: FIELD(m, bound_units=m.bound_units - 1),
    "no bound": lambda m: FIELD(m, bound_units=None),
    "feasible": lambda m: FIELD(m, status="feasible", bound=m.bound - 1),
    "none": lambda m: FIELD(m, status="none"),
    "somebody unmatched less": lambda m: nobody_left(m) if len(m.unmatched) else None,
    "somebody unmatched twice": lambda m: (
        FIELD(m, unmatched=pd.concat([m.unmatched, m.unmatched.iloc[:1]]))
        if len(m.unmatched) else None
    ),
    "unmatched on no side": lambda m: FIELD(
        m, unmatched=pd.concat([m.unmatched, m.unmatched.assign(side="both").iloc[:1]])
    ) if len(m.unmatched) else None,
    "what the prices prove": lambda m: None if m.certificate is None else certificate(
        m, bound_units=m.certificate.bound_units + 1
    ),
    "a price below 0": lambda m: repriced(m, lambda now: -now - 1),
    "a price higher": lambda m: repriced(m, lambda _: 1),
    "a condition that is not asked for": lambda m: None if m.certificate is None else certificate(
        m, side_constraints=pd.Series({"more": 1})
    ),
    "fewer served": lambda m: None if m.fairness is None else FIELD(
        m, fairness=FIELD(m.fairness, served=m.fairness.served + 1)
    ),
    "a worst off better": lambda m: None if m.fairness is None else FIELD(
        m, fairness=FIELD(m.fairness, worst=m.fairness.worst + 1)
    ),
}  # fmt: skip


@pytest.mark.parametrize("block", range(2))
def test_nothing_that_is_told_wrongly_passes(block: int) -> None:
    met = dict.fromkeys(CORRUPTIONS, 0)
    for seed, _, problem, _, m in solved(range(5_000 + 150 * block, 5_100 + 150 * block)):
        if not len(m.pairs):
            continue
        for name, corrupt in CORRUPTIONS.items():
            wrong = corrupt(m)
            if wrong is not None:
                met[name] += 1
                assert refused(problem, wrong), f"{name}, seed {seed}"
    assert min(met.values()) > 0, met
