"""Does the second opinion reject what breaks conditions and waves, and their multipliers?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from verifying import (
    FIELD,
    Corruptions,
    cell,
    certificate,
    multiplier,
    nobody_left,
    pairs,
    price,
    random_scores,
    rejected,
    totals,
)

from revmentor.matching import Matching, Problem, solve, verify
from revmentor.matching.conditions import PairKind, Waves
from revmentor.matching.verification import prices


@pytest.fixture(scope="module")
def limited() -> Problem:
    kind = PairKind.having(np.arange(8) < 4, np.zeros(7, bool), "mentor")
    return Problem.from_scores(
        random_scores(1), mentor_capacity=[2, 2, 2, 1, 1, 1, 1, 1], mentee_demand=2
    ).under(
        PairKind.every(8, 7).number("pairs", "", at_most=6),
        *kind.share("few", "of a kind", at_most=0.4),
        require=[(0, 0)],
        lock=[(1, 1)],
        mentee_priority=np.arange(7),
    )


@pytest.fixture(scope="module")
def few(limited: Problem) -> Matching:
    m = solve(limited)
    assert m.status == "optimal"
    assert tuple(verify(limited, m)) == (m.objective, m.bound)
    assert m.certificate.side_constraints["pairs"] < 0
    return m


class TestConditions:
    """A limit on all pairs, a share, a locked and a required pair, priorities."""

    CORRUPTIONS: Corruptions = {  # noqa: RUF012
        "a required pair dropped": (
            lambda m: pairs(m, lambda f: f[(f["mentor_id"] != 0) | (f["mentee_id"] != 0)]),
            "required pair 0 with 0 is not made",
        ),
        "a locked pair dropped": (
            lambda m: pairs(m, lambda f: f[(f["mentor_id"] != 1) | (f["mentee_id"] != 1)]),
            "locked pair 1 with 1 is not made",
        ),
        "a pair added": (
            lambda m: pairs(
                m, lambda f: pd.concat([f, f.iloc[:1].assign(mentor_id=2, mentee_id=2)])
            ),
            "the condition pairs does not hold: its sum is 7",
        ),
        "a score": (lambda m: cell(m, "score", 2, 1), "scores"),
        "a priority": (lambda m: cell(m, "priority", 2, 99), "has a priority of"),
        "no priorities": (lambda m: FIELD(m, pairs=m.pairs.drop(columns="priority")), "no column"),
        "the objective": (lambda m: FIELD(m, objective_units=1, objective=1), "the objective is"),
        "a bound below": (
            lambda m: FIELD(m, bound_units=m.bound_units - 1, bound=m.bound - 1),
            "the bound is below the objective",
        ),
        "a bound above": (lambda m: totals(m, m.objective, 10**6), "the prices prove a bound"),
        "a certificate's bound": (
            lambda m: certificate(m, bound_units=m.certificate.bound_units - 1),
            "the prices prove a bound",
        ),
        "an unmatched person missing": (nobody_left, "the unmatched"),
        "a multiplier": (
            lambda m: multiplier(m, "pairs", int(m.certificate.side_constraints["pairs"]) - 1),
            "the prices prove a bound",
        ),
        "a multiplier of the wrong sign": (
            lambda m: multiplier(m, "pairs", 5),
            "the multiplier of pairs is above 0, but it has no lower bound",
        ),
        "a multiplier of nothing": (
            lambda m: multiplier(m, "more", 0), "a multiplier of more, which is not asked for"
        ),
        "the solver's own condition": (
            lambda m: multiplier(m, "participation", 1), "which is not asked for"
        ),
        "a bonus": (lambda m: certificate(m, bonus=3), "the number of pairs does not come first"),
        "only some pairs covered": (
            lambda m: certificate(m, least=500), "covers only pairs of at least 500 units"
        ),
        "no certificate": (lambda m: FIELD(m, certificate=None), "there is no certificate"),
        "feasible": (lambda m: FIELD(m, status="feasible"), "the status is feasible, but"),
        "infeasible": (lambda m: FIELD(m, status="infeasible"), "there are pairs"),
        "none": (lambda m: FIELD(m, status="none"), "there are pairs"),
    }  # fmt: skip

    @pytest.mark.parametrize("name", CORRUPTIONS)
    def test_each_corruption_is_found(self, limited: Problem, few: Matching, name: str) -> None:
        corrupt, words = self.CORRUPTIONS[name]
        rejected(limited, corrupt(few), words)

    def test_a_price_lowered_by_one_unit(self, limited: Problem, few: Matching) -> None:
        found = few.certificate.mentor
        for who in found.index[found > 0]:
            rejected(limited, price(few, "mentor", who, -1), "the prices")

    def test_a_pair_exchanged_for_a_worse_one(self, limited: Problem, few: Matching) -> None:
        """All is recounted, and only the proof tells that there is something better."""
        table, scores = few.pairs, limited.source.scores
        at = table.index[(table["mentor_id"] == 7) & (table["mentee_id"] == 0)]
        assert len(at) == 1
        assert 2 not in set(table["mentee_id"])

        def exchanged(f: pd.DataFrame) -> pd.DataFrame:
            f.loc[at, ["mentee_id", "score", "priority"]] = (2, scores[7, 2], 2)
            return f

        units = few.objective_units + int(scores[7, 2]) + 2 - int(scores[7, 0])
        assert units < few.objective_units
        served = few.unmatched["person_id"].eq(2) & few.unmatched["side"].eq("mentee")
        wrong = totals(pairs(few, exchanged), units, units, unmatched=few.unmatched[~served])
        rejected(limited, wrong, f"another matching is worth {few.objective}")
        honest = totals(wrong, units, few.certificate.bound_units, status="feasible")
        assert verify(limited, honest).bound == few.certificate.bound_units


@pytest.fixture(scope="module")
def halved() -> Problem:
    kind = PairKind.having(np.arange(3) < 1, np.zeros(2, bool), "mentor")
    return Problem.from_scores([[9, 9], [2, 3], [2, 2]], mentor_capacity=2).under(
        *kind.share("half", "of a kind", at_most=0.45)
    )


@pytest.fixture(scope="module")
def half(halved: Problem) -> Matching:
    m = solve(halved)
    assert m.status == "optimal"
    assert m.certificate.bound_units > m.bound_units
    return m


class TestMorePairsThanThePricesDecide:
    """Fractions: the prices prove a bound that no matching reaches."""

    def test_a_model_of_its_own_confirms_it(self, halved: Problem, half: Matching) -> None:
        found = verify(halved, half)
        assert tuple(found) == (half.objective, half.bound)
        assert found.priced == half.certificate.bound_units
        assert found.unproven == ()

    def test_it_says_so_if_there_are_too_many_pairs(
        self, halved: Problem, half: Matching, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(prices, "MOST_OPEN", 0)
        found = verify(halved, half)
        assert tuple(found) == (half.objective, half.certificate.bound_units)
        (told,) = found.unproven
        assert f"the prices prove {found.priced}" in told

    def test_a_worse_one_said_to_be_optimal(self, halved: Problem, half: Matching) -> None:
        everybody = [(k, side) for side, n in (("mentor", 3), ("mentee", 2)) for k in range(n)]
        nothing = totals(
            FIELD(
                half,
                pairs=half.pairs.iloc[:0],
                unmatched=pd.DataFrame(everybody, columns=["person_id", "side"]),
            ),
            0,
            0,
        )
        rejected(halved, nothing, f"another matching is worth {half.objective}")

    def test_statuses_and_bounds(self, halved: Problem, half: Matching) -> None:
        rejected(halved, FIELD(half, status="feasible"), "the status is feasible, but")
        open_ = totals(half, half.objective, half.certificate.bound_units)
        rejected(halved, open_, "the status is optimal, but the gap is")
        assert verify(halved, FIELD(open_, status="feasible")).bound == open_.bound


@pytest.fixture(scope="module")
def waved() -> Problem:
    free = np.array([[True, False]] * 3 + [[True, True]] * 3)
    waves = Waves(("spring", "autumn"), (2, 2), free, np.ones((6, 2), bool))
    never = Waves(("spring", "autumn"), (2, 2), free & [[False, True]], waves.mentee)
    assert never.apart().any()
    return Problem.from_scores(random_scores(3, 6, 6)).under(waves=waves, lock=[(5, 5)])


@pytest.fixture(scope="module")
def run(waved: Problem) -> Matching:
    m = solve(waved)
    assert m.status == "optimal"
    assert verify(waved, m).unproven == ()
    assert len(m.pairs) == 4
    assert (m.certificate.side_constraints > 0).any()
    return m


class TestWaves:
    def in_autumn(self, m: Matching) -> int:
        return int(np.flatnonzero(m.pairs["wave"] == "autumn")[0])

    def only_spring(self, m: Matching) -> int:
        return int(np.flatnonzero(m.pairs["mentor_id"] < 3)[0])

    def test_a_wave_in_which_somebody_is_not_free(self, waved: Problem, run: Matching) -> None:
        wrong = cell(run, "wave", self.only_spring(run), "autumn")
        rejected(waved, wrong, "runs in wave autumn, in which not both are free")

    def test_a_wave_beyond_its_limit(self, waved: Problem, run: Matching) -> None:
        wrong = cell(run, "wave", self.in_autumn(run), "spring")
        rejected(waved, wrong, "wave spring has 3 pairs and holds at most 2")

    def test_a_pair_more(self, waved: Problem, run: Matching) -> None:
        made = set(run.pairs["mentor_id"]), set(run.pairs["mentee_id"])
        more = {
            "mentor_id": min(set(range(6)) - made[0]),
            "mentee_id": min(set(range(6)) - made[1]),
        }
        wrong = pairs(run, lambda f: pd.concat([f, f.iloc[:1].assign(wave="spring", **more)]))
        rejected(waved, wrong, "holds at most 2")

    def test_no_such_wave_and_none_at_all(self, waved: Problem, run: Matching) -> None:
        rejected(waved, cell(run, "wave", 0, "winter"), "in wave winter, which is none")
        rejected(
            waved,
            FIELD(run, pairs=run.pairs.drop(columns="wave")),
            "no column wave",
        )

    def test_multipliers_of_waves(self, waved: Problem, run: Matching) -> None:
        rejected(waved, multiplier(run, "wave:autumn", -1), "wave autumn is below 0")
        found = run.certificate.side_constraints
        raised = multiplier(run, "wave:spring", int(found["wave:spring"]) + 1)
        rejected(waved, raised, "the prices prove a bound")
        open_ = FIELD(waved, waves=FIELD(waved.waves, at_most=(2, None)))
        rejected(open_, run, "wave autumn has a multiplier, but holds any number of pairs")

    def test_a_locked_pair_without_a_common_wave_runs_in_any(self) -> None:
        free = np.array([[True, False], [True, True]]), np.array([[False, True], [True, True]])
        waves = Waves(("spring", "autumn"), (1, 1), *free)
        problem = Problem.from_scores([[5, 4], [3, 9]]).under(waves=waves, lock=[(0, 0)])
        m = solve(problem)
        assert verify(problem, m).bound == m.objective == 14
        full = pairs(m, lambda f: f.assign(wave="autumn"))
        rejected(problem, full, "wave autumn has 2 pairs and holds at most 1")
