"""The pairs that are planned count people: they are told as any other such number is."""

from __future__ import annotations

import pandas as pd
import pytest
from review_cases import Cycle, texts

from revmentor import figures
from revmentor.cycle.pool import selection_of
from revmentor.cycle.steps.designing import MONTHS
from revmentor.cycle.steps.objectives import Objectives
from revmentor.cycle.steps.planned import CELL, PLANNED, Plan, planned_counts
from revmentor.cycle.steps.pool_notes import PAIRS_LEFT, STEPS, accounted, steps_told
from revmentor.data import TableReport
from revmentor.disclosure import (
    Count,
    Counted,
    DisclosedCounts,
    Secured,
    attack,
    disclose_chain,
    secure,
)
from revmentor.disclosure.ledger import count_query
from revmentor.disclosure.power import DisclosedPower
from revmentor.disclosure.weaken import AS_RANGE, OPEN, Hidden, weaken
from revmentor.metrics.cohort import on_side
from revmentor.names import SIDES


@pytest.fixture
def step(cycle: Cycle) -> Objectives:
    """The objectives of a cycle whose planned pairs are no multiple of the minimum."""
    applied = cycle.table("applications")
    cycle.put("applications", applied.drop(applied.index[applied["side"] == "mentee"][:3]))
    return Objectives(cycle.context("01_objectives"))


def weakened(step: Objectives, level: int) -> DisclosedCounts:
    """The planned pairs as they are told where the exact number would give somebody away."""
    who = step.members()[PLANNED]
    assert isinstance(who, Counted)
    value = weaken(PLANNED, step.found()[PLANNED], who, Hidden({who.at(*CELL): level}))
    assert isinstance(value, DisclosedCounts)
    return value


def test_the_planned_pairs_stand_in_the_ledger_as_the_places_of_the_smaller_side(
    step: Objectives,
) -> None:
    found = [query for query in step.secured.ledger if query.name == PLANNED]
    assert [(query.low, query.high) for query in found] == [(step.planned, step.planned)]
    applied = selection_of(step.context.tables, step.context.params).pool()
    whose = {unit.split(" place ")[0] for unit in found[0].members}
    assert any(whose == set(on_side(applied, side)["person_id"]) for side in SIDES)
    assert len(found[0].members) == step.planned
    assert found[0].core


def test_a_pool_that_differs_by_few_from_who_applied_is_not_told_twice(step: Objectives) -> None:
    planned = [query for query in step.secured.ledger if query.name == PLANNED]
    few = frozenset({"newcomer", "leaver"})
    applied = count_query("funnel", ("applied", "mentee"), "cell", planned[0].members | few, 1, 1)
    size = float(len(applied.members))
    known = count_query("funnel", applied.key, "cell", applied.members, size, size)
    told = secure(step.found(), step.members(), 5, beside=(known,))
    value = told.values[PLANNED]
    assert isinstance(value, DisclosedCounts)
    assert value.at(*CELL).value is None
    assert attack((*told.ledger, known), 5) == ()


def test_what_is_worked_out_from_the_planned_pairs_tells_no_more_than_they(
    step: Objectives,
) -> None:
    exact = step.settled(step.found())
    range_ = step.settled({**step.found(), PLANNED: weakened(step, AS_RANGE)})
    gone = step.settled({**step.found(), PLANNED: weakened(step, OPEN)})
    low = step.planned // 5 * 5
    assert low < step.planned, "so that the range tells less than the number"
    pairs = []
    for values in (exact, range_):
        power, months = values["power"], values[MONTHS]
        assert isinstance(power, DisclosedPower)
        assert isinstance(months, DisclosedCounts)
        pairs.append((power.pairs, {count.value for count in months.column("pairs")}))
    assert pairs == [(step.planned, {step.planned}), (low, {low})]
    assert MONTHS not in gone
    assert isinstance(gone["power"], DisclosedPower)
    assert gone["power"].pairs is None


def test_the_page_says_what_the_plan_counts_with(
    step: Objectives, monkeypatch: pytest.MonkeyPatch
) -> None:
    low = step.planned // 5 * 5
    for level, words in ((AS_RANGE, f"at least {low} pairs"), (OPEN, "programme.pairs_planned")):
        again = Objectives(step.context)
        values = again.settled({**step.found(), PLANNED: weakened(step, level)})
        monkeypatch.setitem(again.__dict__, "secured", Secured(values, (), (), ()))
        seen = texts(again.could_we_tell()) + texts(again.design())
        assert words in seen
        assert f"{step.planned} pairs" not in seen


def test_a_stated_number_of_pairs_counts_nobody(cycle: Cycle) -> None:
    cycle.set({"programme": {"pairs_planned": 47}})
    step = Objectives(cycle.context("01_objectives"))
    assert PLANNED not in step.found()
    assert PLANNED not in step.members()
    assert step.plan == Plan.of(47, 5)


def test_few_planned_pairs_are_told_as_few() -> None:
    assert Plan.told(planned_counts(3, 5)) == Plan.of(3, 5)
    assert Plan.of(3, 5).why == "Fewer than 5 pairs are planned."
    assert Plan.told(planned_counts(130, 5)).text == "130 pairs"


def test_the_rows_of_a_file_are_not_a_second_way_to_count_who_applied() -> None:
    report = TableReport("applications", "applications.csv", rows_read=92, rows_used=92)
    assert accounted(report, 5) == "applications: all rows are used."


def test_the_product_of_both_sides_is_told_as_far_as_they_are() -> None:
    steps = pd.DataFrame(
        {"pairs_left": [45 * 40, 44 * 40, 43 * 40, 900], "people_without": [0, 0, 5, 10]},
        index=["all pairs", "direction", "department", "vetoes"],
    )
    mentors = [Count.shown(60), Count(value=None, low=43, high=46, text="all but"), Count.shown(40)]
    stages = DisclosedCounts(
        minimum=5,
        rows=("company", "applied", "able"),
        columns=("mentor", "mentee"),
        cells=tuple((count, Count.shown(40)) for count in mentors),
    )
    told = {STEPS: disclose_chain(steps, 5), "funnel": stages}
    found = steps_told(told, "funnel")[STEPS]
    assert isinstance(found, DisclosedCounts)
    left = [count.value for count in found.column(PAIRS_LEFT)]
    assert left == [None, None, 43 * 40, 900]
    assert [count.value for count in found.column("people_without")] == [0, 0, 5, 10]
    title = figures.rule_steps(found).title
    assert title == "10 people have no eligible partner"
    exact = {**told, "funnel": disclose_chain(pd.DataFrame({"mentor": [60, 45, 40]}), 5)}
    assert steps_told(exact, "funnel") == exact
