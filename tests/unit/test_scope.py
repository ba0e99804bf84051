"""Who is in scope: left out with the reason, counted, and the same for run, check and Lab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_company import APPLICATIONS, PEOPLE, Company, small_company

from revmentor.data import Tables
from revmentor.data.scope import OUT


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return small_company(tmp_path)


def load(company: Company, **scope: Any) -> Tables:
    return company.load({"design": {"scope": scope}})


def applicants(tables: Tables) -> dict[str, str]:
    frame = tables.applications
    return dict(zip(frame["person_id"], frame["side"], strict=True))


def test_an_empty_scope_leaves_nobody_out(company: Company) -> None:
    assert len(applicants(load(company))) == 4


def test_rows_read_are_rows_used_and_excluded_with_the_reason(company: Company) -> None:
    tables = load(company, departments=["Sales"])
    assert applicants(tables) == {"00001": "mentee", "00003": "mentor"}
    report = tables.report.table("applications")
    assert report.rows_read == report.rows_used + sum(each.n for each in report.excluded) == 4
    assert [(each.reason, each.n, each.rows) for each in report.excluded] == [(OUT, 2, (3, 5))]
    # The company itself stays: reporting lines and comparisons need everybody.
    assert len(tables.people) == 5


def test_grades_are_asked_side_by_side(company: Company) -> None:
    tables = load(company, mentees={"grades": ["middle"]})
    assert set(applicants(tables)) == {"00003", "00004"}


def test_individuals_come_in_or_stay_out_whatever_the_lists_say(company: Company) -> None:
    tables = load(company, departments=["Sales"], add=["00004"], leave_out=["00001"])
    assert set(applicants(tables)) == {"00003", "00004"}


def test_whoever_applied_for_both_sides_has_the_one_in_scope(company: Company) -> None:
    company.write("applications.csv", APPLICATIONS + "00005,both,1,SQL,Python,,\n")
    tables = load(company, mentors={"grades": ["junior", "middle"]}, mentees={"grades": ["senior"]})
    assert applicants(tables)["00005"] == "mentor"
    notes = tables.report.table("applications").notes
    assert any(note.startswith("1 person who applied for both sides") for note in notes)


def test_roles_and_sites_are_read_from_people(company: Company) -> None:
    lines = PEOPLE.splitlines()
    more = ["job_title,site", *(["Analyst,Munich"] * 4), "Clerk,Rome"]
    company.write("people.csv", "\n".join(f"{a},{b}" for a, b in zip(lines, more, strict=True)))
    assert set(applicants(load(company, sites=["Munich"]))) == {"00001", "00002", "00003", "00004"}
    assert set(applicants(load(company, mentors={"roles": ["Clerk"]}))) == {"00001", "00002"}


@pytest.mark.parametrize(
    ("scope", "path", "value", "said"),
    [
        ({"departments": ["Sale"]}, "design.scope.departments", "Sale", "write Sales"),
        ({"mentors": {"grades": ["jnior"]}}, "design.scope.mentors.grades", "jnior", "write junio"),
        ({"sites": ["Rome"]}, "design.scope.sites", "Rome", "fill people.site"),
        ({"add": ["00004", "77777"]}, "design.scope.add", None, "correct the id"),
    ],
)
def test_a_scope_that_names_nobody_is_refused(
    company: Company, scope: dict[str, Any], path: str, value: str | None, said: str
) -> None:
    (fault,) = company.faults({"design": {"scope": scope}})
    assert (fault.column, fault.value) == (path, value)
    assert fault.cure.startswith(said)


def test_nobody_is_both_in_and_out(company: Company) -> None:
    with pytest.raises(ValueError, match="also in leave_out"):
        load(company, add=["00004"], leave_out=["00004"])
