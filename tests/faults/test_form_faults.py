"""What does a user see when an export of a survey tool is not as params say?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from form_files import google, google_sheet, microsoft, qualtrics
from small_company import PEOPLE, Company, small_company

from revmentor.data.home import Home
from revmentor.errors import Fault

ANN, BO, CY = "ann.lee@example.com", "bo.wu@example.com", "cy.roe@example.com"
DI, ED = "di.fox@example.com", "ed.kim@example.com"
ASKED = ("My partner listens to me", "Anything else?")
DONE = dt.datetime(2026, 2, 11, 15, 5, 10)
Q_ASKED = {"Q1_1": "listens to me", "Q2": "Anything else?"}


def pulse(**source: Any) -> dict[str, Any]:
    """Params of a pulse whose form has two questions."""
    columns: dict[str, Any] = {
        "person_id": {"column": "Email", "by": "email"},
        "partner_id": {"column": "Email", "by": "partner"},
        "wave": {"constant": "day30"},
        "on": "Completion time",
        "respect_1": "My partner listens to me",
        "comment": "Anything else?",
    }
    columns |= source.pop("columns", {})
    labels = {"Disagree": 2, "Agree": 4, "Strongly agree": 5}
    return {
        "data": {
            "items": {"pulse": ["respect_1"]},
            "scales": {"item": {"labels": labels}},
            "tables": {"pulse": {"path": "pulse.xlsx", "columns": columns} | source},
        }
    }


OF_QUALTRICS: dict[str, Any] = {
    "path": "pulse.csv",
    "skip_rows": 2,
    "columns": {
        "person_id": {"column": "RecipientEmail", "by": "email"},
        "partner_id": {"column": "RecipientEmail", "by": "partner"},
        "on": {"column": "EndDate", "time_zone": "UTC"},
        "respect_1": "Q1_1",
        "comment": "Q2",
    },
}


@pytest.fixture
def company(tmp_path: Path) -> Company:
    made = small_company(tmp_path)
    emails = dict(zip(("00001", "00002", "00003", "00004", "00005"), (ANN, BO, CY, DI, ED)))  # noqa: B905
    head, *rows = PEOPLE.splitlines()
    made.write(
        "people.csv",
        "\n".join([f"{head},email,left_on", *(f"{r},{emails[r[:5]]}," for r in rows), ""]),
    )
    publish(made, ("00003", "00001"), ("00004", "00002"))
    return made


@pytest.fixture
def home(company: Company) -> Home:
    return Home(company.folder / "outputs")


def publish(company: Company, *pairs: tuple[str, str]) -> None:
    folder = company.folder / "outputs" / "base" / "restricted"
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(pairs, columns=["mentor_id", "mentee_id"]).to_parquet(folder / "pairs.parquet")


def answered(company: Company, *answers: tuple[str, str, str], asked: Any = ASKED) -> None:
    """A workbook of Microsoft Forms with these addresses, ratings and comments."""
    rows = [(email, DONE, (rating, comment)) for email, rating, comment in answers]
    microsoft(company.folder / "pulse.xlsx", asked, rows)


def said(fault: Fault) -> tuple[str, str, int | None, str]:
    """Kind, file, row and column of a fault, which must have a cure and no address."""
    assert fault.cure
    assert "@" not in str(fault)
    return fault.kind, fault.file, fault.row, fault.column


def test_a_question_that_was_renamed_is_named_with_the_nearest(
    company: Company, home: Home
) -> None:
    answered(company, (ANN, "Agree", ""), asked=("My mentor listens to me", "Anything else?"))
    fault = company.fault(pulse(), home=home)
    assert said(fault) == ("missing column", "pulse.xlsx", 1, "My partner listens to me")
    assert "'My mentor listens to me'" in fault.problem


def test_an_answer_in_another_language_is_named_with_its_row(company: Company, home: Home) -> None:
    answered(company, (ANN, "Agree", ""), (CY, "Stimme zu", ""))
    fault = company.fault(pulse(), home=home)
    assert said(fault) == ("not on the scale", "pulse.xlsx", 3, "My partner listens to me")
    assert "data.scales.item.labels" in fault.cure
    german = pulse()
    german["data"]["scales"]["item"]["labels"]["Stimme zu"] = 4
    assert company.load(german, home=home).pulse["respect_1"].tolist() == [4, 4]


def test_two_answers_of_one_person_are_refused_unless_the_latest_counts(
    company: Company, home: Home
) -> None:
    answered(company, (ANN, "Agree", ""), (CY, "Agree", ""), (ANN, "Disagree", "second thoughts"))
    fault = company.fault(pulse(), home=home)
    assert said(fault) == ("conflicting rows", "pulse.xlsx", 4, "Email")
    assert "rows 2 and 4" in fault.problem
    assert "on_second_answer: latest" in fault.cure
    latest = pulse()
    latest["data"]["on_second_answer"] = "latest"
    assert company.load(latest, home=home).pulse["respect_1"].tolist() == [4, 2]


def test_two_answers_in_two_files_are_each_named_by_file(company: Company, home: Home) -> None:
    for file in ("a.xlsx", "b.xlsx"):
        rows = [(CY, DONE, ("Agree", file)), (ANN, DONE, ("Agree", file))]
        microsoft(company.folder / file, ASKED, rows[: 1 + (file == "b.xlsx")])
    source = pulse(path="", files=[{"path": "a.xlsx"}, {"path": "b.xlsx"}])
    fault = company.fault(source, home=home)
    assert said(fault) == ("conflicting rows", "b.xlsx", 2, "Email")
    assert "a.xlsx: row 2; b.xlsx: row 2" in fault.problem


def test_a_file_of_a_wave_to_come_may_be_absent(company: Company, home: Home) -> None:
    microsoft(company.folder / "a.xlsx", ASKED, [(CY, DONE, ("Agree", ""))])
    source = pulse(path="", files=[{"path": "a.xlsx"}, {"path": "b.xlsx"}], optional=False)
    assert said(company.fault(source, home=home))[:2] == ("missing file", "b.xlsx")
    source["data"]["tables"]["pulse"]["optional"] = True
    assert len(company.load(source, home=home).pulse) == 1


def test_a_leavers_answer_is_left_out_and_listed(company: Company, home: Home) -> None:
    company.change("people.csv", f"{ED},", f"{ED},2025-12-01")
    answered(company, (ANN, "Agree", ""), (ED, "Agree", ""))
    partner = {"partner_id": {"column": "Anything else?", "by": "email"}, "comment": "ID"}
    answered(company, (ANN, "Agree", CY), (ED, "Agree", ANN))
    tables = company.load(pulse(columns=partner), home=home)
    assert tables.pulse["person_id"].tolist() == ["00001"]
    assert "row 3" in tables.report.table("pulse").text()


def test_an_unknown_address_is_refused_or_left_out_by_policy(company: Company, home: Home) -> None:
    answered(company, (ANN, "Agree", ""), ("nobody@example.com", "Agree", ""))
    found = company.faults(pulse(), home=home)
    assert [said(fault) for fault in found] == [("unknown address", "pulse.xlsx", 3, "Email")]
    assert "on_unknown_address: exclude" in found[0].cure
    tables = company.load(pulse(on_unknown_address="exclude"), home=home)
    assert len(tables.pulse) == 1
    assert "nobody in the people table has this e-mail" in tables.report.table("pulse").text()


def test_an_anonymous_form_says_what_to_change_in_the_form(company: Company, home: Home) -> None:
    answered(company, ("anonymous", "Agree", ""))
    (fault,) = company.faults(pulse(on_unknown_address="exclude"), home=home)
    assert said(fault)[:3] == ("anonymous answer", "pulse.xlsx", 2)
    assert "record names" in fault.cure


def test_an_address_that_two_people_have_is_refused(company: Company, home: Home) -> None:
    company.change("people.csv", ED, ANN.upper())
    answered(company, (ANN, "Agree", ""))
    both = {fault.file: fault for fault in company.faults(pulse(), home=home)}
    assert said(both["people.csv"])[:3] == ("shared address", "people.csv", 6)
    fault = both["pulse.xlsx"]
    assert said(fault)[:3] == ("shared address", "pulse.xlsx", 2)
    assert "rows 2 and 6" in fault.problem


def test_people_without_addresses_are_one_fault(company: Company, home: Home) -> None:
    company.write("people.csv", PEOPLE)
    answered(company, (ANN, "Agree", ""), (CY, "Agree", ""))
    fault = company.fault(pulse(), home=home)
    assert fault.kind == "no addresses"
    assert "data.tables.people.columns" in fault.cure


def test_a_partner_needs_a_published_match_and_just_one_pair(company: Company, home: Home) -> None:
    answered(company, (CY, "Agree", ""), (ED, "Agree", ""))
    publish(company, ("00003", "00001"), ("00003", "00002"))
    found = company.faults(pulse(), home=Home(company.folder / "outputs"))
    assert [said(fault)[:3] for fault in found] == [
        ("no single partner", "pulse.xlsx", 2),
        ("no single partner", "pulse.xlsx", 3),
    ]
    assert ["2 pairs" in found[0].problem, "no pair" in found[1].problem] == [True, True]
    fault = company.fault(pulse(), home=Home(company.folder / "elsewhere"))
    assert fault.kind == "no published pairs"
    assert "--stage match" in fault.cure


def test_month_first_dates_are_refused_until_they_are_declared(
    company: Company, home: Home
) -> None:
    columns = {
        "person_id": {"column": "Email Address", "by": "email"},
        "partner_id": {"column": "Email Address", "by": "partner"},
        "on": "Timestamp",
    }
    rows = [("2/11/2026 15:05:10", ANN, "Agree", ""), ("2/13/2026 9:05:10", CY, "Agree", "")]
    google_sheet(company.folder / "pulse.csv", ASKED, rows)
    found = company.faults(pulse(path="pulse.csv", columns=columns), home=home)
    assert [said(fault) for fault in found] == [
        ("date order", "pulse.csv", 2, "Timestamp"),
        ("date order", "pulse.csv", 3, "Timestamp"),
    ]
    assert "date_order: mdy" in found[1].cure
    declared = pulse(path="pulse.csv", columns=columns, date_order="mdy")
    days = company.load(declared, home=home).pulse["on"]
    assert [f"{day:%F}" for day in days] == ["2026-02-11", "2026-02-13"]


def test_a_time_with_an_offset_asks_whose_day_it_is(company: Company, home: Home) -> None:
    columns = {
        "person_id": {"column": "Username", "by": "email"},
        "partner_id": {"column": "Username", "by": "partner"},
        "on": "Timestamp",
    }
    rows = [("2026/02/11 11:30:00 PM GMT+0", ANN, "Agree", "")]
    google(company.folder / "pulse.csv", ASKED, rows)
    source = pulse(path="pulse.csv", columns=columns, date_order="ymd")
    fault = company.fault(source, home=home)
    assert said(fault)[:3] == ("time zone in a date", "pulse.csv", 2)
    assert "data.time_zone" in fault.cure


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no known time zone"):
        Company(Path()).load(pulse(columns={"on": {"column": "x", "time_zone": "Berlin"}}))


def test_the_texts_below_the_header_are_no_answers(company: Company, home: Home) -> None:
    rows = [(ANN, "2026-02-11 14:05:10", "done", ("4", ""))]
    qualtrics(company.folder / "pulse.csv", Q_ASKED, rows)
    assert len(company.load(pulse(**OF_QUALTRICS), home=home).pulse) == 1
    for skipped in (0, 1):
        fault = company.fault(pulse(**{**OF_QUALTRICS, "skip_rows": skipped}), home=home)
        assert said(fault)[:3] == ("second header", "pulse.csv", 3)
        assert "skip_rows: 2" in fault.cure


def test_answers_are_not_skipped_unseen(company: Company, home: Home) -> None:
    head = "EndDate,RecipientEmail,Q1_1,Q2\n"
    answers = f"2026-02-11 14:05:10,{ANN},4,\n2026-02-11 15:05:10,{CY},4,\n"
    company.write("pulse.csv", head + answers)
    found = company.faults(pulse(**OF_QUALTRICS), home=home)
    assert [said(fault) for fault in found] == [
        ("answer skipped", "pulse.csv", 2, "EndDate"),
        ("answer skipped", "pulse.csv", 3, "EndDate"),
    ]


def test_half_finished_answers_and_previews_do_not_count(company: Company, home: Home) -> None:
    rows = [
        (ANN, "2026-02-11 14:05:10", "done", ("4", "")),
        (CY, "2026-02-11 14:05:10", "half", ("", "")),
        (DI, "2026-02-11 14:05:10", "preview", ("1", "")),
    ]
    for words in (False, True):
        qualtrics(company.folder / "pulse.csv", Q_ASKED, rows, words=words)
        keep = {"Finished": ["1", "True"], "Status": ["0", "IP Address"]}
        tables = company.load(pulse(**OF_QUALTRICS, keep=keep), home=home)
        assert tables.pulse["person_id"].tolist() == ["00001"]
    fault = company.fault(pulse(**OF_QUALTRICS, keep={"Finnished": ["1"]}), home=home)
    assert fault.kind == "unknown column"
    assert "'Finished'" in fault.cure


def test_text_like_a_formula_stays_text(company: Company, home: Home) -> None:
    answered(company, (ANN, "Agree", '=HYPERLINK("http://x","y")'), (CY, "Agree", "+1 @home"))
    found = company.load(pulse(), home=home).pulse["comment"].tolist()
    assert found == ['=HYPERLINK("http://x","y")', "+1 @home"]


def test_a_rule_of_a_column_says_one_thing() -> None:
    for rule, said in (
        ({"constant": "x", "by": "email"}, "by needs a column"),
        ({"column": "x", "by": "email", "time_zone": "UTC"}, "by and time_zone are both given"),
    ):
        with pytest.raises(ValueError, match=said):
            Company(Path()).load(pulse(columns={"person_id": rule}))
