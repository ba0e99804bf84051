"""The exact assignment on a whole matrix: against scipy, from any prices, and at its limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from matching_cases import best_total
from scipy.optimize import linear_sum_assignment

from revmentor.errors import SolverError
from revmentor.matching.dense import Assignment, assigned

NEVER = -(2**62)


def value(units: np.ndarray, found: Assignment) -> int:
    """What the plan is worth, once the prices are seen to prove that it is the best."""
    mentee = np.flatnonzero(found.mentor_of >= 0)
    mentor = found.mentor_of[mentee]
    assert len(set(mentor.tolist())) == len(mentor)
    gain = units - found.mentor_price - found.mentee_price[:, None]
    assert (gain <= 0).all()
    assert (gain[mentee, mentor] == 0).all()
    assert (units[mentee, mentor] > 0).all()
    assert found.mentor_price.min(initial=0) == found.mentee_price.min(initial=0) == 0
    total = sum(units[mentee, mentor].tolist())
    assert total == found.dual_value
    return total


@st.composite
def matrices(draw: st.DrawFn) -> np.ndarray:
    """Units of all pairs: coarse, fine or huge, some not allowed."""
    shape = draw(st.tuples(st.integers(0, 5), st.integers(0, 5)))
    highest = draw(st.sampled_from([2, 10**6, 2**60]))
    numbers = st.integers(0, highest) | st.sampled_from([NEVER, -1, 0, 1, highest])
    return draw(arrays.arrays(np.int64, shape, elements=numbers))


@settings(deadline=None, max_examples=400)
@given(matrices(), st.data())
def test_best_of_all_plans_from_any_prices(units: np.ndarray, data: st.DataObject) -> None:
    best = best_total(units.T, [1] * units.shape[1], [1] * units.shape[0])
    assert value(units, assigned(units)) == best
    numbers = st.integers(-1, 3) | st.integers(0, 2**60)
    start = [data.draw(arrays.arrays(np.int64, size, elements=numbers)) for size in units.shape]
    assert value(units, assigned(units, mentor_price=start[1], mentee_price=start[0])) == best


@pytest.mark.parametrize("shape", [(150, 150), (80, 200), (200, 80)])
@pytest.mark.parametrize("highest", [3, 10**6])
def test_as_scipy(shape: tuple[int, int], highest: int) -> None:
    random = np.random.default_rng(4)
    units = random.integers(0, highest + 1, shape)
    units[random.random(shape) < 0.2] = NEVER
    worth = np.maximum(units, 0)
    found = assigned(units)
    assert value(units, found) == worth[linear_sum_assignment(worth, maximize=True)].sum()
    other = np.where(units < 0, NEVER, units + random.integers(0, 1 + highest // 20, shape))
    again = assigned(other, found.mentor_price, found.mentee_price)
    assert value(other, again) == assigned(other).dual_value


def test_units_that_could_overflow_are_refused() -> None:
    assert assigned(np.array([[2**60]])).dual_value == 2**60
    with pytest.raises(SolverError, match="overflow"):
        assigned(np.array([[2**60 + 1]]))
