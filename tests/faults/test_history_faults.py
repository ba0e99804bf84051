"""What does a user see when the history of earlier cycles cannot be right?"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from small_company import Company, small_company

HEADER = "cycle,mentor_id,mentee_id,ended,rating_mentor,rating_mentee\n"


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return small_company(tmp_path)


def remember(company: Company, *rows: str, header: str = HEADER) -> None:
    company.write("history.csv", header + "".join(row + "\n" for row in rows))


def kept(company: Company) -> pd.DataFrame:
    history = company.load().history
    assert history is not None
    return history


def test_h1_unknown_people_and_leavers_are_listed(company: Company) -> None:
    company.change("people.csv", "2025-01-15", "2026-02-01")
    remember(
        company,
        "2024,00003,00001,completed,4,5",
        "2024,gone,00002,completed,,",
        "2024,00004,00001,early,,",
    )
    tables = company.load()
    report = tables.report.table("history")
    assert (report.rows_read, report.rows_used) == (3, 1)
    reasons = {exclusion.rows: exclusion.reason for exclusion in report.excluded}
    assert reasons[(3,)] == "mentor_id is not in people.csv"
    assert "hired after the start" in reasons[(4,)]


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [("mentee_name", "Zoe Ray", "name"), ("mentee_birth_date", "1971-03-03", "birth date")],
)
def test_h1_an_id_of_another_person_now(
    company: Company, column: str, value: str, what: str
) -> None:
    company.write(
        "people.csv",
        "person_id,grade,department,name,birth_date\n"
        "00001,senior,Sales,Ann Lee,1970-02-02\n00003,junior,Sales,Cy Roe,1999-05-05\n"
        "00002,senior,Sales,,\n00004,junior,Sales,,\n",
    )
    header = f"cycle,mentor_id,mentee_id,{column}\n"
    remember(company, f"2024,00003,00001,{value}", header=header)
    fault = company.fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("history.csv", 2, column, None)
    assert f"the {what} is not that of the person" in fault.problem
    assert "people.csv, row 2" in fault.problem
    assert value not in str(fault)


def test_h1_the_same_person_written_otherwise_is_the_same(company: Company) -> None:
    header = "cycle,mentor_id,mentee_id,mentee_name\n"
    remember(company, "2024,00003,00001,ANN  lee", header=header)
    assert len(kept(company)) == 1


def test_h1_holds_for_applications_too(company: Company) -> None:
    company.write(
        "applications.csv", "person_id,side,name\n00001,mentee,Ann Lee\n00003,mentor,Al\n"
    )
    fault = company.fault()
    assert (fault.row, fault.column) == (3, "name")


def test_h2_swapped_roles_are_kept_as_met(company: Company) -> None:
    remember(company, "2024,00001,00003,,,", "2025,00003,00001,,,")
    tables = company.load()
    assert tables.history is not None
    assert len(tables.history) == 2
    notes = tables.report.table("history").notes
    assert any("not junior today" in note and "(row 2)" in note for note in notes)
    assert any("1 pair has met in both roles" in note for note in notes)


def test_h3_a_pair_twice_in_a_cycle(company: Company) -> None:
    remember(company, "2024,00003,00001,,4,", "2025,00003,00001,,,", "2024,00003,00001,,5,")
    fault = company.fault()
    assert (fault.file, fault.row) == ("history.csv", 4)
    assert "rows 2, 4" in fault.problem


def test_h3_identical_rows_are_no_exception(company: Company) -> None:
    remember(company, "2024,00003,00001,,4,", "2024,00003,00001,,4,")
    assert company.fault().kind == "pair twice in a cycle"


def test_h3_beyond_capacity(company: Company) -> None:
    remember(company, "2024,00003,00001,,,", "2024,00003,00002,,,", "2024,00003,00005,,,")
    assert len(kept(company)) == 3
    fault = company.fault({"matching": {"capacity": {"most": 2}}})
    assert (fault.row, fault.column) == (4, "mentor_id")
    assert "rows 2, 3, 4" in fault.problem
    assert "cap of 2" in fault.problem


@pytest.mark.parametrize(
    ("label", "kind", "why"),
    [
        ("", "missing value", "no value"),
        ("Autumn 2027", "cycle not past", "future"),
        ("2027-H1", "cycle not past", "future"),
        ("spring", "cycle not past", "being planned"),
        ("this-one", "cycle not past", "being planned"),
    ],
)
def test_h4_a_cycle_that_is_missing_or_not_past(
    company: Company, label: str, kind: str, why: str
) -> None:
    remember(company, f"{label},00003,00001,,,")
    found = company.faults(cycle="This One")
    assert [(fault.row, fault.column, fault.kind) for fault in found] == [(2, "cycle", kind)]
    assert why in found[0].problem


def test_h4_a_cycle_of_the_same_year_is_past(company: Company) -> None:
    remember(company, "January 2026,00003,00001,,,", "wave 12027,00003,00002,,,")
    assert len(kept(company)) == 2


def test_h4_a_start_on_or_after_this_one(company: Company) -> None:
    header = "cycle,mentor_id,mentee_id,started_on\n"
    remember(company, "A,00003,00001,2025-05-01", "B,00003,00002,2026-01-12", header=header)
    fault = company.fault()
    assert (fault.row, fault.column, fault.kind) == (3, "started_on", "cycle not past")


def test_h4_one_cycle_under_two_names(company: Company) -> None:
    remember(company, "Spring 2025,00003,00001,,,", "spring-2025,00004,00001,,,")
    fault = company.fault()
    assert (fault.row, fault.kind) == (3, "cycle under two names")
    assert "rows 2 and 3" in fault.problem


@pytest.mark.parametrize(
    ("rating", "why"), [('"3,5"', "decimal comma"), ("NaN", "finite"), ("6", "1 to 5")]
)
def test_p6_ratings_are_finite_numbers_on_the_scale(
    company: Company, rating: str, why: str
) -> None:
    remember(company, f"2024,00003,00001,completed,{rating},4")
    fault = company.fault()
    assert (fault.row, fault.column) == (2, "rating_mentor")
    assert why in fault.problem


def test_a_pair_of_one_person(company: Company) -> None:
    remember(company, "2024,00003,00003,,,")
    assert company.fault().kind == "same person"


def test_leading_zeros_are_an_error_in_history_too(company: Company) -> None:
    remember(company, "2024,3,00001,,,")
    assert company.fault().kind == "leading zeros"
