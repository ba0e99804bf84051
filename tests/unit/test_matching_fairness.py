"""Fair matchings by hand: what each objective means, its proof, its refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from revmentor.errors import InputError
from revmentor.matching import fairness
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns
from revmentor.matching.fairness import Compared, Fair, face, service, table, total
from revmentor.matching.fairness.face import Face
from revmentor.matching.fairness.table import Table
from revmentor.matching.fairness.total import largest_total
from revmentor.matching.scores import MatrixScores
from revmentor.matching.worth import GroupUnits, Market

FOREVER = Clock.start(None)


def market(units: object, mentors: object = 1, mentees: object = 1, **more: object) -> Market:
    """One of `units[mentee][mentor]`."""
    matrix = np.array(units, np.int64)
    places = (
        np.broadcast_to(np.array(places, np.int64), size).copy()
        for places, size in zip((mentors, mentees), matrix.shape[::-1], strict=True)
    )
    return Market(MatrixScores(matrix), *places, **more)  # type: ignore[arg-type]


def best(case: Market) -> Columns:
    """The largest total: what is left when nobody's fortune is compared."""
    nobody = Compared(np.zeros_like(case.mentor_places) > 0, np.zeros_like(case.mentee_places) > 0)
    return largest_total(Face(Table.of(case, nobody, FOREVER)), FOREVER)


def cells(plan: Columns) -> list[tuple[int, int]]:
    return list(zip(plan.mentee.tolist(), plan.mentor.tolist(), strict=True))


def fortunes(case: Market, fair: Fair, over: table.Over) -> list[int]:
    return fairness.fortunes(case, fair.plan, Compared.of(case, over)).tolist()


def test_leximin_goes_on_after_the_worst() -> None:
    """Two plans have the same worst pair, 3; the second worst decides, not the total."""
    case = market([[3, 0, 0], [0, 5, 4], [0, 9, 4]])
    who = Compared.of(case, "mentees")
    fair = fairness.leximin(case, who, FOREVER)
    assert cells(fair.plan) == [(0, 0), (1, 2), (2, 1)]
    assert fortunes(case, fair, "mentees") == [3, 4, 9]
    case = market([[3, 0, 0], [0, 5, 4], [0, 12, 5]])
    assert fortunes(case, fairness.leximin(case, who, FOREVER), "mentees") == [3, 5, 5]


def test_leximin_is_exact_where_two_pairs_of_a_level_can_become_one() -> None:
    """Deleting the level's pairs that are not in the plan would lose the pair that saves two."""
    case = market([[1, 9], [1, 1]])
    who = Compared.of(case, "mentees")
    for seed in range(6):
        fair = fairness.leximin(case, who, FOREVER, seed=seed)
        assert fortunes(case, fair, "mentees") == [1, 9]


def test_most_are_served_before_anybody_is_served_well() -> None:
    case = market([[9, 1], [8, 0]])
    who = Compared.of(case, "mentees")
    for fair in (
        fairness.participation(case, who, best, FOREVER),
        fairness.max_min(case, who, best, FOREVER),
        fairness.leximin(case, who, FOREVER),
    ):
        assert cells(fair.plan) == [(0, 1), (1, 0)]
        assert fair.served == 2
    assert cells(best(market([[9, 1], [7, 0]]))) == [(0, 0)]


def test_max_min_then_maximises_the_total() -> None:
    case = market([[5, 6, 0], [6, 9, 5], [0, 5, 5]])
    fair = fairness.max_min(case, Compared.of(case, "both"), best, FOREVER)
    assert (fair.served, fair.worst, fair.plan.units.tolist()) == (6, 5, [5, 9, 5])


def test_a_person_with_several_places_is_as_well_off_as_with_the_best_pair() -> None:
    """The further pair may be worse than the floor: it takes nothing from anybody."""
    case = market([[7, 2], [0, 6]], mentors=[1, 2], mentees=[2, 1])
    fair = fairness.max_min(case, Compared.of(case, "mentees"), best, FOREVER)
    assert (fair.worst, cells(fair.plan)) == (6, [(0, 0), (0, 1), (1, 1)])
    both = fairness.leximin(case, Compared.of(case, "both"), FOREVER)
    assert fortunes(case, both, "both") == [6, 6, 7, 7]
    assert len(both.plan) == 3


def test_priorities_add_to_the_total_but_not_to_fortunes() -> None:
    case = market([[5, 4], [4, 5]])
    dear = case.adding(
        GroupUnits(np.array([0, 1]), np.array([0, 1]), np.array([[0, 100], [100, 0]]))
    )
    who = Compared.of(case, "mentees")
    assert fairness.max_min(dear, who, best, FOREVER).worst == 5
    assert cells(fairness.leximin(dear, who, FOREVER).plan) == [(0, 0), (1, 1)]
    assert cells(fairness.participation(dear, who, best, FOREVER).plan) == [(0, 1), (1, 0)]


def test_people_served_already_are_left_out() -> None:
    case = market([[2], [1]])
    served = Compared(np.array([False]), np.array([True, False]))
    who = Compared.of(case, "mentees", served)
    assert cells(fairness.leximin(case, who, FOREVER).plan) == [(1, 0)]
    assert cells(fairness.max_min(case, who, best, FOREVER).plan) == [(1, 0)]


def test_the_proof_names_who_competes_for_whom() -> None:
    """Three mentees and two mentors; above 3, two of the mentees want the same one."""
    case = market([[9, 3, 0], [8, 3, 0], [0, 0, 7]])
    fair = fairness.max_min(case, Compared.of(case, "mentees"), best, FOREVER)
    assert (fair.served, fair.worst) == (3, 3)
    assert fair.best_worst is not None
    _, mentees, mentors, _ = fair.best_worst.hall_set()
    assert (mentees.tolist(), mentors.tolist()) == ([0, 1], [0])
    assert (fair.best_worst.least, fair.best_worst.bound) == (4, 2)
    rows = list(np.array([[9, 3, 0], [8, 3, 0], [0, 0, 7]]))
    assert fairness.complaints(fair.best_worst, rows) == []
    rows[1] = np.array([8, 4, 0])
    assert len(fairness.complaints(fair.best_worst, rows)) == 1


@pytest.mark.parametrize("side", ["mentors", "mentees"])
@pytest.mark.parametrize("change", [-1, -2])
def test_a_forged_price_is_found(side: str, change: int) -> None:
    units = np.array([[9, 3, 0], [8, 3, 0], [0, 0, 7]])
    case = market(units)
    proof = fairness.max_min(case, Compared.of(case, "mentees"), best, FOREVER).best_worst
    assert proof is not None
    held = getattr(proof, side)
    for name in ("first", "further"):
        forged = replace(held, **{name: getattr(held, name) + change})
        kept = replace(proof, **{side: forged})
        assert fairness.complaints(kept, list(units)) or kept.bound >= proof.bound
    assert fairness.complaints(proof, list(units)[:2])


def test_the_frontier_tells_what_the_worst_pair_costs() -> None:
    case = market([[10, 6], [9, 2]])
    who = Compared.of(case, "mentees")
    found = fairness.frontier(case, who, best, FOREVER)
    assert found.to_dict("list") == {
        "worst": [6], "total": [15], "pairs": [2], "served": [2], "price": [0.0]
    }  # fmt: skip
    case = market([[20, 6], [9, 2]])
    found = fairness.frontier(case, who, best, FOREVER)
    assert found[["worst", "total"]].to_numpy().tolist() == [[2, 22], [6, 15]]
    assert found["price"].tolist() == [0.0, 1 - 15 / 22]
    with pytest.raises(InputError, match=r"2 points or more"):
        fairness.frontier(case, who, best, FOREVER, points=1)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 2)])
def test_nobody_can_be_served(shape: tuple[int, int]) -> None:
    case = market(np.zeros(shape))
    for over in ("mentees", "mentors", "both"):
        who = Compared.of(case, over)
        for fair in (
            fairness.leximin(case, who, FOREVER),
            fairness.max_min(case, who, best, FOREVER),
            fairness.participation(case, who, best, FOREVER),
        ):
            assert (len(fair.plan), fair.served, fair.worst) == (0, 0, 0)
            assert fair.most is not None
            assert fair.most.bound == 0
        assert fairness.frontier(case, who, best, FOREVER)["total"].tolist() == [0]


def test_too_many_pairs_are_refused_with_a_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (table, service):
        monkeypatch.setattr(module, "MOST_PAIRS", 3)
    case = market(np.ones((2, 2)))
    who = Compared.of(case, "both")
    with pytest.raises(InputError, match=r"4 pairs; .* stops at 3.* To fix: .* one place"):
        fairness.leximin(case, who, FOREVER)
    assert fairness.max_min(case, who, _pair_up, FOREVER).served == 4
    with pytest.raises(InputError, match=r"stops at 3"):
        fairness.max_min(market(np.ones((2, 2)), mentors=2), who, best, FOREVER)


def _pair_up(case: Market) -> Columns:
    """The best plan of two by two equal pairs."""
    both = np.arange(2)
    worth = case.worth(both, both)
    return Columns(both, both, worth).take(np.flatnonzero(worth > 0))


def test_the_time_limit_is_kept() -> None:
    case = market(np.arange(1, 401).reshape(20, 20))
    who = Compared.of(case, "both")
    passed = Clock(0.0)
    with pytest.raises(OutOfTime):
        fairness.leximin(case, who, passed)
    with pytest.raises(OutOfTime):
        fairness.max_min(case, who, best, passed)


class Countdown(Clock):
    """A clock that runs out at its n-th reading."""

    def __init__(self, readings: int) -> None:
        super().__init__(None)
        object.__setattr__(self, "readings", readings)
        object.__setattr__(self, "read", 0)

    def check(self) -> None:
        object.__setattr__(self, "read", self.read + 1)
        if self.read == self.readings:
            raise OutOfTime


def test_work_in_small_portions_comes_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    case = market(random.integers(0, 9, (30, 20)), random.integers(1, 4, 20), 2)
    who = Compared.of(case, "both")
    whole = fairness.leximin(case, who, FOREVER)
    for module in (face, total):
        monkeypatch.setattr(module, "CHUNK", 1)
    patient = Countdown(-1)
    parts = fairness.leximin(case, who, patient)
    assert cells(parts.plan) == cells(whole.plan)
    assert patient.read > 100
    for readings in range(1, patient.read, 17):
        with pytest.raises(OutOfTime):
            fairness.leximin(case, who, Countdown(readings))


def test_large_units_are_exact() -> None:
    """Units near 2**50 sum, compare and outweigh nothing by rounding."""
    high = 2**50
    case = market([[high, high + 1], [high + 1, high + 3]])
    fair = fairness.max_min(case, Compared.of(case, "both"), best, FOREVER)
    assert (fair.worst, fair.plan.units.tolist()) == (high + 1, [high + 1, high + 1])
    first = fairness.participation(case, Compared.of(case, "both"), best, FOREVER)
    assert int(first.plan.units.sum()) == 2 * high + 3
    assert fortunes(case, fairness.leximin(case, Compared.of(case, "mentors"), FOREVER),
                    "mentors") == [high + 1, high + 1]  # fmt: skip
