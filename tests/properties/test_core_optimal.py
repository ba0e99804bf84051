"""Is the core's plan the best one? Against all plans of tiny markets, from any start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from core_cases import ENDLESS, assert_proven
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from matching_cases import best_total

from revmentor.matching.columns import Columns
from revmentor.matching.flow import paths
from revmentor.matching.flow.core import Core

PLACES = st.integers(0, 3)


@pytest.fixture(autouse=True, scope="module", params=[paths.PLAIN, 0])
def plain(request: pytest.FixtureRequest) -> Iterator[None]:
    """One bidder after the other, and all at once: tiny markets would never see the latter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "PLAIN", request.param)
        yield


@dataclass(frozen=True)
class Case:
    """A tiny market: units of all pairs, which are listed, and the places of both sides."""

    units: np.ndarray
    is_listed: np.ndarray
    mentor_places: np.ndarray
    mentee_places: np.ndarray

    @property
    def columns(self) -> Columns:
        mentor, mentee = np.nonzero(self.is_listed)
        return Columns(mentor, mentee, self.units[mentor, mentee])

    @property
    def best(self) -> int:
        return self.best_with(self.mentor_places, self.mentee_places)

    def best_with(self, mentor_places: np.ndarray, mentee_places: np.ndarray) -> int:
        units = np.where(self.is_listed, self.units, 0)
        return best_total(units, mentor_places.tolist(), mentee_places.tolist())

    def core(self) -> Core:
        return Core(self.mentor_places, self.mentee_places)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Coarse, fine, huge and worthless units; people with several places, one, or none."""
    shape = draw(st.tuples(st.integers(0, 5), st.integers(0, 4)))
    numbers = draw(
        st.sampled_from([st.integers(-1, 3), st.integers(0, 10**6), st.integers(2**59, 2**61)])
    )
    return Case(
        draw(arrays.arrays(np.int64, shape, elements=numbers)),
        draw(arrays.arrays(bool, shape)),
        draw(arrays.arrays(np.int64, shape[0], elements=PLACES)),
        draw(arrays.arrays(np.int64, shape[1], elements=PLACES)),
    )


def proven(core: Core, case: Case) -> int:
    core.solve(ENDLESS)
    assert_proven(core, case.mentor_places, case.mentee_places)
    return core.value


@settings(deadline=None, max_examples=250)
@given(cases())
def test_best_of_all_plans(case: Case) -> None:
    core = case.core()
    core.add(case.columns)
    assert proven(core, case) == case.best


@settings(deadline=None, max_examples=200)
@given(cases(), st.data())
def test_best_from_any_prices_and_any_plan(case: Case, data: st.DataObject) -> None:
    core = case.core()
    core.add(case.columns)
    prices = st.sampled_from([st.integers(-2, 4), st.integers(0, 2**61)])
    core.mentor_price = data.draw(
        arrays.arrays(np.int64, case.units.shape[0], elements=data.draw(prices))
    )
    core.mentee_price = data.draw(
        arrays.arrays(np.int64, case.units.shape[1], elements=data.draw(prices))
    )
    core.taken = data.draw(arrays.arrays(bool, len(core.columns)))
    assert proven(core, case) == case.best


@settings(deadline=None, max_examples=200)
@given(cases(), st.lists(st.integers(0, 20), max_size=3), st.randoms(use_true_random=False))
def test_in_portions_as_at_once(case: Case, cuts: list[int], random: object) -> None:
    core, columns = case.core(), case.columns
    order = np.arange(len(columns))
    random.shuffle(order)  # type: ignore[attr-defined]
    for portion in np.split(order, sorted(cuts)):
        core.add(columns.take(portion))
        proven(core, case)
    assert len(core.columns) == len(columns)
    assert core.value == case.best


@settings(deadline=None, max_examples=200)
@given(cases(), st.data())
def test_other_units_and_places_as_anew(case: Case, data: st.DataObject) -> None:
    core = case.core()
    core.add(case.columns)
    proven(core, case)
    other = Case(
        data.draw(arrays.arrays(np.int64, case.units.shape, elements=st.integers(-1, 5))),
        case.is_listed,
        data.draw(arrays.arrays(np.int64, case.units.shape[0], elements=PLACES)),
        data.draw(arrays.arrays(np.int64, case.units.shape[1], elements=PLACES)),
    )
    core.revalue(other.units[core.columns.mentor, core.columns.mentee])
    core.replace_places(other.mentor_places, other.mentee_places)
    assert proven(core, other) == other.best


@settings(deadline=None, max_examples=120)
@given(cases())
def test_the_least_price_is_what_one_more_place_is_worth(case: Case) -> None:
    core = case.core()
    core.add(case.columns)
    best = proven(core, case)
    solved = core.mentor_price.copy(), core.mentee_price.copy()
    for side in ("mentor", "mentee"):
        core.mentor_price, core.mentee_price = core.extreme_prices(side)
        assert_proven(core, case.mentor_places, case.mentee_places)
        low = core.mentor_price if side == "mentor" else core.mentee_price
        for person, price in enumerate(low.tolist()):
            places = {"mentor": case.mentor_places.copy(), "mentee": case.mentee_places.copy()}
            places[side][person] += 1
            assert case.best_with(places["mentor"], places["mentee"]) == best + price
        core.mentor_price, core.mentee_price = solved
