"""Everything mixed: rules, pins, limits, waves, shares, priorities, wishes and all objectives.

Thousands of tiny problems against the best of all their plans, worked out by plain definitions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from everything_again import before, reordered
from everything_cases import check, check_stopped, every_way
from everything_given import given_problem
from everything_pooled import pooled_problem
from plain_plans import Plans

from revmentor.matching import Problem, solve, verify
from revmentor.matching.clock import Clock
from revmentor.matching.conditions import PairKind


@contextmanager
def drawn(seed: int) -> Iterator[np.random.Generator]:
    """Numbers of this seed; what fails says which it was."""
    try:
        yield np.random.default_rng(seed)
    except BaseException as error:
        error.add_note(f"seed {seed}")
        raise


@pytest.mark.parametrize("block", range(10))
def test_given_scores(block: int) -> None:
    for seed in range(120 * block, 120 * (block + 1)):
        with drawn(seed) as random:
            problem, facts = given_problem(random)
            check(problem, facts, solve(problem))


@pytest.mark.parametrize("block", range(6))
def test_pools(block: int) -> None:
    for seed in range(30 * block, 30 * (block + 1)):
        with drawn(seed) as random:
            problem, facts = pooled_problem(random)
            check(problem, facts, solve(problem))


def test_every_kind_of_answer_is_met() -> None:
    """The problems drawn are neither all impossible nor all without conditions."""
    met: Counter[tuple[str, bool, bool]] = Counter()
    for seed in range(150):
        _, facts = given_problem(np.random.default_rng(seed))
        possible = Plans(facts).best() is not None
        met[facts.objective, facts.conditional, possible] += 1
    assert {objective for objective, *_ in met} == {
        "total", "participation", "max_min", "leximin"
    }  # fmt: skip
    for kind in ((False, True), (True, True), (True, False)):
        assert sum(n for (_, *of), n in met.items() if tuple(of) == kind) >= 20


@pytest.mark.parametrize("block", range(4))
def test_the_order_of_rows_makes_no_difference(block: int) -> None:
    for seed in range(5_000 + 50 * block, 5_000 + 50 * (block + 1)):
        with drawn(seed) as random:
            problem, _ = every_way(random)
            m, other = solve(problem), solve(reordered(problem, random))
            assert (m.status, m.objective_units) == (other.status, other.objective_units)
            assert m.pairs.equals(other.pairs)
            assert m.unmatched.equals(other.unmatched)


@pytest.mark.parametrize("block", range(4))
def test_a_warm_start_changes_nothing(block: int) -> None:
    """Whatever the matching before was of: other scores, rules, places, and with less asked."""
    for seed in range(10_000 + 60 * block, 10_000 + 60 * (block + 1)):
        with drawn(seed) as random:
            problem, facts = every_way(random)
            check(problem, facts, solve(problem, warm=solve(before(problem, random))))


class Stops(Clock):
    """A clock that has time for so many looks at it, whatever the machine's speed."""

    def __init__(self, looks: int) -> None:
        super().__init__(None)
        object.__setattr__(self, "looks", [looks])

    def left(self) -> float | None:
        self.looks[0] -= 1
        return 0.0 if self.looks[0] < 0 else 1000.0


@pytest.mark.parametrize("block", range(4))
def test_time_that_ends_at_any_look(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """No plan breaks anything, no bound is below the best, and optimal is said of the best only."""
    for seed in range(20_000 + 60 * block, 20_000 + 60 * (block + 1)):
        with drawn(seed) as random:
            problem, facts = every_way(random)
            looks = int(random.integers(0, 40) ** 2 / 40)
            monkeypatch.setattr(Clock, "start", lambda limit, looks=looks: Stops(looks))
            m = solve(problem, time_limit=1000)
            verify(problem, m)
            check_stopped(facts, Plans(facts), m)


@pytest.mark.parametrize("seed", range(3))
def test_points_in_the_hundreds_are_proven_to_the_millionth(seed: int) -> None:
    """Where the prices leave a gap, branch and bound closes it for large units as for small."""
    random = np.random.default_rng(seed)
    kinds = [
        PairKind.having(random.random(20) < 0.3, random.random(20) < 0.3, "either")
        for _ in range(3)
    ]
    few = [kind.share(f"kind {k}", "", at_most=0.35)[0] for k, kind in enumerate(kinds)]
    scores = random.random((20, 20)) * 500
    m = solve(Problem.from_scores(scores).under(*few))
    assert m.certificate is not None
    assert m.certificate.bound_units > m.objective_units
    assert m.status == "optimal"
