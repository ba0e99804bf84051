"""Does the second opinion reject what is not impossible, and limits that were forgotten?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matching_cases import junior, params, senior, tables
from verifying import (
    FIELD,
    random_scores,
    rejected,
)

from revmentor.matching import Matching, Problem, solve, verify
from revmentor.matching.conditions import PairKind
from revmentor.matching.constrained.conflict import Change
from revmentor.params import Params


@pytest.fixture(scope="module")
def stuck() -> Problem:
    low = PairKind.every(3, 3).number("pairs", "", at_least=3)
    some = PairKind.having(np.arange(3) < 1, np.zeros(3, bool), "mentor")
    return Problem.from_scores(
        random_scores(2, 3, 3), mentor_capacity=[2, 1, 1], mentee_demand=1
    ).under(low, some.number("one", "of one", at_least=2), lock=[(1, 0), (2, 1)])


@pytest.fixture(scope="module")
def refused(stuck: Problem) -> Matching:
    m = solve(stuck)
    assert m.status == "infeasible"
    assert m.conflict.items
    assert verify(stuck, m).unproven == ()
    return m


class TestNothingIsPossible:
    def test_what_can_be_made_is_not_infeasible(self, stuck: Problem, refused: Matching) -> None:
        free = FIELD(stuck, conditions=stuck.conditions[:1])
        rejected(free, refused, "but there is a matching that keeps to everything")
        rejected(FIELD(free, conditions=()), refused, "the required pairs can all be made")

    def test_items_that_can_hold_together(self, stuck: Problem, refused: Matching) -> None:
        fewer = FIELD(refused.conflict, items=refused.conflict.items[:-1])
        rejected(stuck, FIELD(refused, conflict=fewer), "can hold together")

    def test_an_item_to_spare(self, stuck: Problem, refused: Matching) -> None:
        names = {item.name for item in refused.conflict.items}
        spare = FIELD(refused.conflict.items[0], name="condition:pairs:lower")
        assert spare.name not in names
        more = FIELD(refused.conflict, items=(*refused.conflict.items, spare))
        rejected(stuck, FIELD(refused, conflict=more), "does not need condition:pairs:lower")

    def test_a_repair_that_is_none(self, stuck: Problem, refused: Matching) -> None:
        repair = refused.conflict.relaxation
        useless = Change(FIELD(repair.changes[0].item, name="condition:pairs:lower"), 1)
        for changes, words in (
            ((useless,), "does not make a matching possible"),
            ((), "its repair changes nothing"),
        ):
            wrong = FIELD(refused.conflict, relaxation=FIELD(repair, changes=changes))
            rejected(stuck, FIELD(refused, conflict=wrong), words)
        dear = FIELD(repair, objective_units=repair.objective_units + 1)
        wrong = FIELD(refused.conflict, relaxation=dear)
        rejected(stuck, FIELD(refused, conflict=wrong), "after the repair the best matching")


class TestTables:
    """Limits, waves and waiting are read from params and tables a second time."""

    def problem(self, **changes: Any) -> Problem:
        people, applications = tables(
            junior("a", department="A"), junior("b", department="B"), junior("c", department="B"),
            senior("x", department="A"), senior("y", department="B"), senior("z", department="A"),
        )  # fmt: skip
        applications["waited"] = [0, 1, 2, 0, 3, 0]
        applications["waves"] = [("one",), (), ("two",), (), ("one",), ()]
        values = params({"department": 1.0, "seniority_gap": 1.0}).model_dump(by_alias=True)
        values["matching"]["limits"] |= {
            "shares": {"department": {"at_least": 0.6}},
            "quotas": [{"column": "department", "value": "A", "side": "mentor", "at_most": 1}],
            "waves": [{"name": "one", "at_most": 1}, {"name": "two", "at_most": 1}],
        }
        values["matching"]["priority"] = {"waited": 0.25}
        values["matching"] |= changes
        return Problem.from_tables(people, applications, Params.model_validate(values))

    def test_they_hold(self) -> None:
        problem = self.problem()
        m = solve(problem)
        assert len(m.pairs) == 2
        assert verify(problem, m).unproven == ()

    def test_a_problem_that_forgot_them(self) -> None:
        problem = self.problem()
        free = FIELD(problem, conditions=())
        every = self.problem(limits={"pairs": {"at_most": 1}})
        forgot = FIELD(every, conditions=())
        rejected(forgot, solve(forgot), "the limit pairs does not hold: 3 pairs, and at most 1")
        rejected(
            FIELD(free, waves=None), solve(FIELD(free, waves=None)), "the waves that are asked"
        )
        rejected(FIELD(problem, priorities=()), solve(problem), "those who waited")
        other = FIELD(problem.priorities[0], units=problem.priorities[0].units // 2)
        rejected(FIELD(problem, priorities=(other,)), solve(problem), "those who waited")
        late = FIELD(problem.waves, at_most=(1, 2))
        rejected(FIELD(problem, waves=late), solve(problem), "the problem's waves are not those")

    def test_shares_and_quotas_of_the_params(self) -> None:
        limits = {
            "shares": {"department": {"at_most": 0.2}},
            "quotas": [
                {"column": "department", "value": "B", "side": "both", "share_at_least": 0.9}
            ],
        }
        forgot = FIELD(self.problem(limits=limits), conditions=())
        m = solve(forgot)
        rejected(forgot, m, "the limit shares.department does not hold: 3 of 3 pairs, and 0.2 are")
        rejected(forgot, m, "the limit the quota of B does not hold: 0 of 3 pairs, and 0.9 are")
