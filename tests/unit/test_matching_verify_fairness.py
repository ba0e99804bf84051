"""Does the second opinion reject what is not fairest, or has not most pairs, and its proofs?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from verifying import (
    FIELD,
    Corruptions,
    certificate,
    no_dearer,
    random_scores,
    rejected,
)

from revmentor.matching import Matching, Problem, solve, verify
from revmentor.matching.conditions import PairKind


@pytest.fixture(scope="module")
def most() -> Problem:
    scores = np.array([[900, 0, 0], [800, 700, 0], [5, 0, 3]])
    return Problem.from_scores(scores, mentor_capacity=2, mentee_demand=2).under(
        objective="participation"
    )


@pytest.fixture(scope="module")
def crowd(most: Problem) -> Matching:
    m = solve(most)
    assert m.certificate.bonus > 0
    assert len(m.certificate.pair)
    assert verify(most, m) == (m.objective, m.bound)
    return m


class TestMostPairs:
    CORRUPTIONS: Corruptions = {  # noqa: RUF012
        "a bonus lowered": (
            lambda m: certificate(m, bonus=m.certificate.bonus - 1), "the prices prove a bound"
        ),
        "a bonus far too low": (
            lambda m: certificate(m, bonus=m.certificate.bonus // 1000), "the prices prove a bound"
        ),
        "a bonus beyond numbers": (
            lambda m: certificate(m, bonus=2**62 + 1), "a price beyond all scores"
        ),
        "a dearer pair dropped": (no_dearer, "the prices do not cover"),
        "least raised": (lambda m: certificate(m, least=2), "covers only pairs of at least 2"),
        "feasible": (lambda m: FIELD(m, status="feasible"), "the status is feasible, but"),
        "an unmatched person invented": (
            lambda m: FIELD(
                m, unmatched=pd.DataFrame({"person_id": [0], "side": "mentor"})
            ),
            "the unmatched mentors",
        ),
    }  # fmt: skip

    @pytest.mark.parametrize("name", CORRUPTIONS)
    def test_each_corruption_is_found(self, most: Problem, crowd: Matching, name: str) -> None:
        corrupt, words = self.CORRUPTIONS[name]
        rejected(most, corrupt(crowd), words)

    def test_fewer_pairs_of_a_larger_total(self) -> None:
        """Prices of the largest total say nothing of the most pairs."""
        scores = [[9, 8], [8, 0]]
        few = PairKind.every(2, 2).number("pairs", "", at_least=1)
        total = Problem.from_scores([[99, 8], [8, 0]])
        for aimed in (total, total.under(few)):
            m = solve(aimed)
            assert len(m.pairs) == 1
            most = aimed.under(objective="participation")
            rejected(most, m, "another matching has 2 pairs")
            assert len(solve(most).pairs) == 2
        assert verify(Problem.from_scores(scores), solve(Problem.from_scores(scores))).bound == 16

    def test_under_conditions_the_number_is_tried_again(self) -> None:
        """The certificate is of the total among as many pairs; a model proves how many."""
        kind = PairKind.having(np.arange(5) < 2, np.zeros(5, bool), "mentor")
        problem = Problem.from_scores(random_scores(6, 5, 5)).under(
            *kind.share("few", "of a kind", at_most=0.3), objective="participation"
        )
        m = solve(problem)
        assert "participation" in m.certificate.side_constraints
        found = verify(problem, m)
        assert (found.objective, found.unproven) == (m.objective, ())


@pytest.fixture(scope="module")
def fair() -> Problem:
    scores = random_scores(11, 5, 6) * (np.random.default_rng(4).random((5, 6)) < 0.6)
    return Problem.from_scores(scores).under(objective="max_min")


@pytest.fixture(scope="module")
def fairest(fair: Problem) -> Matching:
    m = solve(fair)
    found = verify(fair, m)
    assert found == (m.objective, m.bound)
    assert found.unproven == ()
    assert m.certificate.least > 1
    assert m.fairness.best_worst is not None
    return m


class TestFairness:
    """Everybody compared has one place: prices and two proofs of service."""

    @staticmethod
    def told(m: Matching, **fields: Any) -> Matching:
        return FIELD(m, fairness=FIELD(m.fairness, **fields))

    @staticmethod
    def proof(m: Matching, which: str, side: str, field: str, who: int, step: int) -> Matching:
        proof = getattr(m.fairness, which)
        half = getattr(proof, side)
        array = getattr(half, field).copy()
        array[who] = array[who] ^ True if array.dtype == bool else array[who] + step
        changed = FIELD(proof, **{side: FIELD(half, **{field: array})})
        return FIELD(m, fairness=FIELD(m.fairness, **{which: changed}))

    def test_worst_and_served(self, fair: Problem, fairest: Matching) -> None:
        said = fairest.fairness
        rejected(fair, self.told(fairest, worst=said.worst + 1), "the best pair of the worst")
        rejected(fair, self.told(fairest, served=said.served + 1), "people compared have a pair")
        rejected(fair, self.told(fairest, over="both"), "fairness is told for max_min over both")
        rejected(fair, FIELD(fairest, fairness=None), "nothing is said of fairness")

    def test_proofs_that_are_altered(self, fair: Problem, fairest: Matching) -> None:
        for which in ("most", "best_worst"):
            proof = getattr(fairest.fairness, which)
            for side, half in (("mentors", proof.mentors), ("mentees", proof.mentees)):
                for who in range(len(half.places)):
                    wrong = self.proof(fairest, which, side, "counts", who, 0)
                    rejected(fair, wrong, "does not compare")
                    wrong = self.proof(fairest, which, side, "places", who, -1)
                    rejected(fair, wrong, "the proof of")
                    if half.counts[who]:
                        wrong = self.proof(fairest, which, side, "first", who, -1 - half.first[who])
                        if not half.first[who] < 0:
                            rejected(fair, wrong, "proof")
                    elif half.further[who]:
                        wrong = self.proof(fairest, which, side, "further", who, -1)
                        rejected(fair, wrong, "does not pay for")

    def test_proofs_of_something_else(self, fair: Problem, fairest: Matching) -> None:
        said = fairest.fairness
        other = FIELD(said.best_worst, least=said.best_worst.least + 5)
        rejected(fair, self.told(fairest, best_worst=other), "not for one unit more")
        later = FIELD(said.most, least=said.worst)
        rejected(fair, self.told(fairest, most=later), "leaves out pairs that may be made")

    def test_prices_cover_pairs_from_the_worst_on(self, fair: Problem, fairest: Matching) -> None:
        raised = certificate(fairest, least=fairest.fairness.worst + 1)
        rejected(fair, raised, "covers only pairs of at least")
        rejected(fair, certificate(fairest, bonus=1), "the prices prove a bound")

    def test_without_proofs_a_model_decides(self, fair: Problem, fairest: Matching) -> None:
        bare = self.told(fairest, most=None, best_worst=None)
        assert verify(fair, bare).unproven == ()
        assert verify(fair, FIELD(bare, certificate=None)).unproven == ()

    @pytest.mark.parametrize("objective", ["total", "participation"])
    def test_less_fair_ones_are_found_without_proofs(self, objective: str) -> None:
        scores = np.array([[1000, 500, 0], [400, 1, 0], [0, 300, 2]])
        problem = Problem.from_scores(scores)
        other = solve(problem.under(objective=objective))
        held = [int(units) for units in other.pairs["score"]]
        fair = problem.under(objective="max_min")
        best = solve(fair)
        assert (len(best.pairs), best.fairness.worst) != (len(held), min(held))
        claim = FIELD(best.fairness, served=len(held), worst=min(held), most=None, best_worst=None)
        wrong = FIELD(other, fairness=claim, certificate=None)
        rejected(fair, wrong, "another matching serves")

    def test_leximin_is_tried_level_by_level(self) -> None:
        scores = np.array([[5, 5, 5], [9, 6, 1], [7, 9, 1]])
        fair = Problem.from_scores(scores).under(objective="leximin")
        best = solve(fair)
        assert verify(fair, best).unproven == ()
        less = Problem.from_scores([[5, 5, 5], [9, 6, 1], [7, 5, 1]]).under(objective="leximin")
        other = solve(less)
        assert other.fairness.worst == best.fairness.worst
        if sorted(other.pairs["score"]) != sorted(best.pairs["score"]):
            claim = FIELD(other.fairness, most=best.fairness.most, best_worst=None)
            rejected(fair, FIELD(other, fairness=claim), "better than one of the worse off")


@pytest.fixture(scope="module")
def three() -> Problem:
    return Problem.from_scores([[2, 30, 1], [0, 2, 1], [1, 3, 0]])


@pytest.fixture(scope="module")
def rich(three: Problem) -> Matching:
    m = solve(three.under(objective="max_min"))
    assert sorted(m.pairs["score"]) == [1, 1, 30]
    assert m.fairness.best_worst is not None
    return m


class TestTheNextWorstOff:
    """The largest total with the best worst-off leaves one more of them than the fairest."""

    def test_that_is_not_asked_of_the_best_worst_off(self, three: Problem, rich: Matching) -> None:
        bare = FIELD(rich, fairness=FIELD(rich.fairness, most=None, best_worst=None))
        assert verify(three.under(objective="max_min"), bare).unproven == ()

    @pytest.mark.parametrize("bare", [False, True])
    def test_it_is_of_the_whole_order(self, three: Problem, rich: Matching, bare: bool) -> None:
        claim = FIELD(rich.fairness, objective="leximin")
        claim = FIELD(claim, most=None, best_worst=None) if bare else claim
        fair = three.under(objective="leximin")
        rejected(fair, FIELD(rich, fairness=claim), "better than one of the worse off here")
        assert sorted(solve(fair).pairs["score"]) == [1, 2, 3]
