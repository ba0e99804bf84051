"""What does a user see when limits, waves or locks cannot be read, or contradict each other?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulp
import pytest
from small_company import Company, make_params, small_company

from revmentor.data import load_tables
from revmentor.errors import Fault, InputError, SolverError
from revmentor.matching import Problem, solve
from revmentor.matching.conditions import PairKind
from revmentor.params import load_params

if TYPE_CHECKING:
    from tests.conftest import Workbench

CYCLE = "params/cycles/demo.yaml"
DATES = "programme: {start: 2026-01-12, end: 2026-07-10}\n"
DECISIONS = "mentor_id,mentee_id,decision,by,reason,on\n"
TWO = {"matching": {"limits": {"waves": [{"name": "Spring"}, {"name": "Autumn", "at_most": 5}]}}}


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return small_company(tmp_path)


@pytest.mark.parametrize(
    ("text", "path", "told", "cure"),
    [
        ("limits: {pairs: {at_least: 5, at_most: 3}}", "matching.limits.pairs.at_least",
         "above 3, its at_most", "lower it"),
        ("limits: {pairs: {at_least: -1}}", "matching.limits.pairs.at_least", "below 0",
         "write 0 or more"),
        ("limits: {pairs: {at_least: 2.5}}", "matching.limits.pairs.at_least",
         "must be a whole number", "write digits only"),
        ("limits: {shares: {site: {at_least: 1.5}}}", "matching.limits.shares.site.at_least",
         "above 1", "write 1 or less"),
        ("limits: {shares: {site: {at_least: 0.5, at_most: 0.4}}}",
         "matching.limits.shares.site.at_least", "above 0.4", "lower it"),
        ("limits: {shares: {generation: {at_least: 0.5}}}", "matching.limits.shares.generation",
         "no reason is written", "criteria.generation.reason"),
        ("limits: {quotas: [{column: site, value: X}]}", "matching.limits.quotas[#1].at_least",
         "the quota has no limit", "give at_least"),
        ("limits: {quotas: [{column: gender, value: f, at_least: 1}]}",
         "matching.limits.quotas[#1].reason", "gender is protected", "write in its reason"),
        ("limits: {quotas: [{column: site, value: 3, at_least: 1}]}",
         "matching.limits.quotas[#1].value", "must be text", "put it in quotes"),
        ("limits: {quotas: [{column: site, value: X, side: mentors, at_least: 1}]}",
         "matching.limits.quotas[#1].side", "not one of the words", "did you mean mentor"),
        ("limits: {quotas: [{column: site, valeu: X, at_least: 1}]}",
         "matching.limits.quotas[#1].valeu", "no such parameter", "write value"),
        ("limits: {waves: [{name: a}, {name: A}]}", "matching.limits.waves",
         "more than one is called 'A'", "a name of its own"),
        (f"limits: {{waves: [{', '.join(f'{{name: w{k}}}' for k in range(13))}]}}",
         "matching.limits.waves", "more than 12 items", "write at most 12"),
        ("priority: {waited: -0.1}", "matching.priority.waited", "below 0", "write 0 or more"),
        ("objective: maximin", "matching.objective", "not one of the words", "mean max_min"),
        ("fairness_over: all", "matching.fairness_over", "not one of the words", "mentees"),
    ],
)  # fmt: skip
def test_a_limit_that_cannot_be(
    workbench: Workbench, text: str, path: str, told: str, cure: str
) -> None:
    workbench.write(CYCLE, f"{DATES}matching: {{{text}}}\n")
    with pytest.raises(InputError) as caught:
        load_params("demo", "base", root=workbench.root)
    (fault,) = caught.value.faults
    assert (fault.file, fault.column) == (CYCLE, path)
    assert told in fault.problem
    assert cure in fault.cure


def waves_of(company: Company, *stated: str) -> list[Fault] | dict[str, Any]:
    """Faults, or the free waves by person, once the four applicants state theirs."""
    lines = (company.folder / "applications.csv").read_text().splitlines()
    rows = [f"{line},{waves}" for line, waves in zip(lines, ("waves", *stated), strict=True)]
    company.write("applications.csv", "\n".join(rows) + "\n")
    try:
        loaded = load_tables(make_params(TWO), company.folder)
    except InputError as error:
        return list(error.faults)
    return dict(zip(loaded.applications["person_id"], loaded.applications["waves"], strict=True))


def test_waves_are_spelt_as_the_params_spell_them(company: Company) -> None:
    free = waves_of(company, "spring", "AUTUMN;Spring", "", "Autumn")
    assert free == {
        "00001": ("Spring",), "00002": ("Autumn", "Spring"), "00003": (), "00004": ("Autumn",),
    }  # fmt: skip


def test_a_wave_that_is_not_there_names_row_and_nearest(company: Company) -> None:
    (fault,) = waves_of(company, "Sprng", "", "", "")
    assert isinstance(fault, Fault)
    assert (fault.file, fault.row, fault.column) == ("applications.csv", 2, "waves")
    assert fault.value == "Sprng"
    assert "Spring, Autumn" in fault.problem
    assert fault.cure.startswith("write Spring, if that is what is meant")


def test_a_wave_in_many_rows_that_is_not_there_is_one_fault(company: Company) -> None:
    (fault,) = waves_of(company, "Winter", "Winter", "Winter;Spring", "Winter")
    assert "stands in 4 rows" in fault.problem
    assert (fault.row, fault.value) == (2, "Winter")
    planned = {"design": {"waves": [{"name": "Spring"}]}}
    for found in company.faults(planned):
        assert "no wave of design.waves, which has Spring" in found.problem
        assert found.cure.endswith("add the wave to design.waves")


def decide(company: Company, *rows: str) -> None:
    lines = [f"{row},HR lead,agreed with both,2026-01-02\n" for row in rows]
    company.write("decisions.csv", DECISIONS + "".join(lines))


def test_locked_and_forbidden_names_both_rows(company: Company) -> None:
    decide(company, "00003,00001,lock", "00003,00001,forbid")
    fault = company.fault()
    assert fault.kind == "locked and forbidden"
    assert "rows 2 and 3 lock and forbid the same pair" in fault.problem


def test_a_locked_pair_need_not_be_in_the_direction(company: Company) -> None:
    company.change("applications.csv", "00001,mentee", "00001,both")
    decide(company, "00001,00002,lock")
    assert len(load_tables(make_params(), company.folder).decisions) == 1


def test_locked_and_required_beyond_capacity(company: Company) -> None:
    decide(company, "00004,00001,lock", "00004,00002,require")
    fault = company.fault()
    assert fault.kind == "required beyond capacity"
    assert "rows 2, 3 require and lock 2 partners for one person" in fault.problem


def test_a_locked_mentor_who_has_not_applied(company: Company) -> None:
    decide(company, "00005,00001,lock")
    fault = company.fault()
    assert fault.kind == "locked mentor has not applied"
    assert fault.column == "mentor_id"


def test_v6_without_highs_no_other_solver_steps_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulp.HiGHS, "available", lambda self: False)
    few = PairKind.every(2, 2).number("pairs", "", at_most=1)
    with pytest.raises(SolverError, match="HiGHS is not installed") as caught:
        solve(Problem.from_scores([[5, 9], [8, 7]]).under(few))
    assert caught.value.exit_code == 5
