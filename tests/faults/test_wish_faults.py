"""What does a user see when wishes, vetoes, capacities or decisions cannot hold?"""

from __future__ import annotations

from pathlib import Path

import pytest
from small_company import Company, small_company

from revmentor.errors import Fault

DECISIONS = "mentor_id,mentee_id,decision,by,reason,on\n"


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return small_company(tmp_path)


def decide(company: Company, *rows: str) -> None:
    lines = [f"{row},HR lead,agreed with both,2026-01-02\n" for row in rows]
    company.write("decisions.csv", DECISIONS + "".join(lines))


def wish(company: Company, wishes: str, vetoes: str = "") -> None:
    """What the mentor in row 5 wishes and vetoes."""
    company.change(
        "applications.csv", "00004,mentor,1,SQL,,,", f"00004,mentor,1,SQL,,{wishes},{vetoes}"
    )


def told(fault: Fault) -> tuple[str, int | None, str]:
    return fault.file, fault.row, fault.column


class TestWishes:
    def test_p1_an_unknown_id_tells_row_and_closest_id(self, company: Company) -> None:
        wish(company, "00002;00O01")
        fault = company.fault()
        assert told(fault) == ("applications.csv", 5, "wishes")
        assert "item 2 of the list" in fault.problem
        assert "the closest is '00001' in row 2" in fault.problem
        assert fault.value is None

    def test_p1_covers_vetoes_people_and_decisions(self, company: Company) -> None:
        wish(company, "", "X9")
        company.change("applications.csv", "00003,mentor", "00033,mentor")
        decide(company, "00003,00012,forbid")
        found = company.faults()
        assert {told(fault) for fault in found} == {
            ("applications.csv", 4, "person_id"),
            ("applications.csv", 5, "vetoes"),
            ("decisions.csv", 2, "mentee_id"),
        }

    def test_p1_knows_leading_zeros(self, company: Company) -> None:
        wish(company, "1")
        fault = company.fault()
        assert fault.kind == "leading zeros"
        assert "people.csv, row 2" in fault.problem

    @pytest.mark.parametrize(
        ("wishes", "vetoes", "column"), [("00004", "", "wishes"), ("", "00004", "vetoes")]
    )
    def test_p2_oneself(self, company: Company, wishes: str, vetoes: str, column: str) -> None:
        wish(company, wishes, vetoes)
        fault = company.fault()
        assert told(fault) == ("applications.csv", 5, column)
        assert "names themself" in fault.problem

    def test_p2_oneself_in_a_decision(self, company: Company) -> None:
        decide(company, "00003,00003,forbid")
        assert told(company.fault()) == ("decisions.csv", 2, "mentee_id")

    def test_p3_wished_and_vetoed(self, company: Company) -> None:
        wish(company, "00001;00002", "00002")
        fault = company.fault()
        assert told(fault) == ("applications.csv", 5, "wishes")
        assert "item 2 of wishes" in fault.problem
        assert "item 1 of vetoes" in fault.problem

    @pytest.mark.parametrize(
        ("wishes", "why"),
        [
            ("00001:1;00002:3", "gap"),
            ("00001:2;00002:3", "gap"),
            ("00001:1;00002:1", "same rank"),
            ("00001:first;00002:2", "not a whole number"),
            ("00001:1.5;00002:2", "not a whole number"),
            ("00001:1;00002", "others have none"),
            ("00001;00002;00001", "again"),
        ],
    )
    def test_p4_ranks_that_are_no_order(self, company: Company, wishes: str, why: str) -> None:
        wish(company, wishes)
        fault = company.fault()
        assert told(fault) == ("applications.csv", 5, "wishes")
        assert why in fault.problem

    def test_p4_ranks_and_order_mean_the_same(self, company: Company) -> None:
        wish(company, "00001:2; 00002 : 1")
        assert company.load().applications["wishes"].iloc[3] == ("00002", "00001")

    def test_p4_ids_with_a_colon_are_ids(self, company: Company) -> None:
        company.change("people.csv", "00005,middle", "hr:5,middle")
        wish(company, "hr:5:2;00001:1")
        assert company.load().applications["wishes"].iloc[3] == ("00001", "hr:5")

    def test_p5_nobody_has_wishes(self, company: Company) -> None:
        company.change("applications.csv", "Python;SQL,00003,", "Python;SQL,,")
        company.change("applications.csv", "2,Python,,00001,", "2,Python,,,")
        notes = company.load().report.table("applications").notes
        assert any("nobody has wishes" in note for note in notes)

    def test_wishes_for_people_who_left_are_dropped_and_listed(self, company: Company) -> None:
        company.change("people.csv", "1972,2003-02-01", "1972,2026-02-01")
        company.change("people.csv", "Finance,00002", "Finance,00001")
        wish(company, "00002;00001")
        tables = company.load()
        assert tables.applications["wishes"].iloc[-1] == ("00001",)
        assert any("not counted (row 5)" in n for n in tables.report.table("applications").notes)

    def test_wishes_without_effect_are_told(self, company: Company) -> None:
        wish(company, "00003;00005")
        notes = company.load().report.table("applications").notes
        assert any("without effect (row 5)" in note for note in notes)


class TestLists:
    """P7: items as written by people."""

    def test_commas_stay_inside_items(self, company: Company) -> None:
        company.change("applications.csv", "1,SQL", '1,"Writing, editing; SQL;;SQL "')
        tables = company.load()
        assert tables.applications["skills_offered"].iloc[3] == ("Writing, editing", "SQL")
        notes = tables.report.table("applications").notes
        assert "1 empty item left out of the lists in skills_offered" in notes

    def test_case_variants_take_the_commonest_spelling(self, company: Company) -> None:
        company.change("applications.csv", "Python;SQL", "PYTHON;  sql")
        tables = company.load()
        assert tables.applications["skills_wanted"].iloc[0] == ("Python", "SQL")
        notes = tables.report.table("applications").notes
        assert any("'PYTHON' is 'Python'" in note and "'sql' is 'SQL'" in note for note in notes)

    def test_accents_are_composed(self, company: Company) -> None:
        company.change("applications.csv", "Python;SQL", "Cafe\u0301  culture;SQL")
        wanted = company.load().applications["skills_wanted"].iloc[0]
        assert wanted == ("Caf\u00e9 culture", "SQL")

    def test_five_hundred_skills(self, company: Company) -> None:
        skills = [f"skill {number}" for number in range(500)]
        company.change("applications.csv", "Python;SQL", ";".join(skills))
        tables = company.load()
        assert tables.applications["skills_wanted"].iloc[0] == tuple(skills)
        notes = tables.report.table("applications").notes
        assert any(note.startswith("500 of 501 wanted skills offered by nobody") for note in notes)

    def test_another_list_separator_is_declared_or_noticed(self, company: Company) -> None:
        company.change("applications.csv", "Python;SQL", "Python|SQL")
        company.change("applications.csv", "mentee,,,Python,", "mentee,,,Python|Go,")
        notes = company.load().report.table("applications").notes
        assert (
            "no list in skills_wanted holds the declared list separator ';', and '|' stands in "
            "2 of 2: if it separates items, declare list_separator: '|'"
        ) in notes
        source = {"data": {"tables": {"applications": {"list_separator": "|"}}}}
        assert company.load(source).applications["skills_wanted"].iloc[0] == ("Python", "SQL")

    def test_one_comma_where_no_list_has_two_items_is_told(self, company: Company) -> None:
        company.change("applications.csv", "Python;SQL", "Go")
        company.change("applications.csv", "2,Python,", '2,"Rust, Perl",')
        notes = company.load().report.table("applications").notes
        assert any("in skills_offered holds" in n and "',' stands in 1 of 2:" in n for n in notes)

    def test_an_item_whose_parts_are_items_elsewhere_is_told_with_its_row(
        self, company: Company
    ) -> None:
        company.change("applications.csv", "2,Python,", '2,"Python, sql;Writing, editing",')
        company.change("applications.csv", "1,SQL", '1,"SQL/Go;AI|ML"')
        notes = company.load().report.table("applications").notes
        assert (
            "skills_offered has items that seem to be several: 'Python, sql', 'SQL/Go' "
            "(rows 4 and 5); write the list separator between them"
        ) in notes
        # Two names of one thing, of which neither is an item, are left alone.
        assert not any("AI|ML" in note for note in notes if "several" in note)

    @pytest.mark.parametrize("wishes", ["00003,00004", "00003 / 00004", "00003;00004|00003"])
    def test_several_ids_in_one_item_are_no_unknown_id(self, company: Company, wishes: str) -> None:
        wish(company, f'"{wishes}"')
        faults = [f for f in company.faults() if f.kind == "list separator"]
        assert [(fault.row, fault.column) for fault in faults] == [(5, "wishes")]
        assert "holds several ids" in faults[0].problem
        assert "list_separator" in faults[0].cure
        assert "00004" not in str(faults[0])


class TestNumbers:
    """P6 and A7."""

    @pytest.mark.parametrize(
        ("value", "why"),
        [
            ("3,5", "decimal comma"),
            ("NaN", "finite"),
            ("inf", "finite"),
            ("-Infinity", "finite"),
            ("1e999", "finite"),
            ("three", "not a number"),
            ("7", "1 to 5"),
            ("0", "1 to 5"),
        ],
    )
    def test_p6_a_number_that_is_none(self, company: Company, value: str, why: str) -> None:
        text = "person_id,side,extraversion\n00001,mentee,3\n00003,mentor," + f'"{value}"\n'
        company.write("applications.csv", text)
        fault = company.fault()
        assert told(fault) == ("applications.csv", 3, "extraversion")
        assert fault.value == value
        assert why in fault.problem

    @pytest.mark.parametrize(
        ("value", "why"),
        [
            ("2.5", "not a whole number"),
            ("-1", "at least 0"),
            ("two", "not a number"),
            ("10000", "stated cap of 10"),
        ],
    )
    def test_a7_a_capacity_that_is_none(self, company: Company, value: str, why: str) -> None:
        company.change("applications.csv", "mentor,1,SQL", f"mentor,{value},SQL")
        fault = company.fault()
        assert told(fault) == ("applications.csv", 5, "capacity")
        assert fault.value == value
        assert why in fault.problem

    def test_a7_no_capacity_at_all(self, company: Company) -> None:
        company.change("applications.csv", "mentor,1,SQL", "mentor,0,SQL")
        assert company.load().applications["capacity"].tolist()[2:] == [2, 0]
        company.change("applications.csv", "mentor,2,Python", "mentor,0,Python")
        fault = company.fault()
        assert told(fault) == ("applications.csv", None, "capacity")
        assert "capacity of all mentors is 0" in fault.problem

    def test_a7_whole_numbers_with_a_point_are_whole(self, company: Company) -> None:
        company.change("applications.csv", "mentor,1,SQL", "mentor,1.0,SQL")
        assert company.load().applications["capacity"].iloc[3] == 1

    def test_declared_labels_of_a_scale(self, company: Company) -> None:
        text = "person_id,side,extraversion\n00001,mentee,quiet\n00003,mentor,lively\n"
        company.write("applications.csv", text)
        scale = {"data": {"scales": {"extraversion": {"labels": {"quiet": 1, "loud": 5}}}}}
        fault = company.fault(scale)
        assert (fault.row, fault.value) == (3, "lively")
        assert "quiet, loud" in fault.cure


class TestPins:
    """P3 and P7: decisions that no matching can honour."""

    def test_p3_required_and_forbidden(self, company: Company) -> None:
        decide(company, "00003,00001,require", "00004,00001,forbid", "00003,00001,forbid")
        fault = company.fault()
        assert told(fault) == ("decisions.csv", 4, "decision")
        assert "rows 2 and 4" in fault.problem

    def test_p7_more_required_pairs_than_capacity(self, company: Company) -> None:
        decide(company, "00004,00001,require", "00004,00002,require")
        company.change("applications.csv", "Python,,00004", "Python,,")
        fault = company.fault()
        assert told(fault) == ("decisions.csv", 3, "mentor_id")
        assert "rows 2, 3" in fault.problem
        assert "capacity is 1" in fault.problem

    def test_p7_more_required_mentors_than_a_mentee_takes(self, company: Company) -> None:
        decide(company, "00004,00001,require", "00003,00001,require")
        assert told(company.fault()) == ("decisions.csv", 3, "mentee_id")
        company.change("applications.csv", "00001,mentee,,", "00001,mentee,2,")
        tables = company.load()
        assert tables.decisions is not None
        assert len(tables.decisions) == 2

    def test_p7_against_the_direction(self, company: Company) -> None:
        company.change("applications.csv", "00001,mentee", "00001,both")
        company.change("applications.csv", "00003,mentor", "00003,both")
        decide(company, "00001,00003,require")
        fault = company.fault()
        assert told(fault) == ("decisions.csv", 2, "mentor_id")
        assert "people.csv, row 2" in fault.problem
        assert "people.csv, row 4" in fault.problem

    def test_p7_between_equals_is_against_the_direction(self, company: Company) -> None:
        company.change("applications.csv", "00004,mentor", "00004,both")
        decide(company, "00003,00004,require")
        assert company.fault().kind == "required against the direction"

    def test_a_required_person_without_application(self, company: Company) -> None:
        decide(company, "00003,00005,require")
        fault = company.fault()
        assert told(fault) == ("decisions.csv", 2, "mentee_id")
        assert "no application in applications.csv" in fault.problem

    def test_a_required_person_on_the_other_side(self, company: Company) -> None:
        company.change("people.csv", "00004,junior", "00004,middle")
        decide(company, "00003,00004,require")
        fault = company.fault()
        assert "applied as mentor only (applications.csv, row 5)" in fault.problem

    def test_a_repeated_decision_is_merged(self, company: Company) -> None:
        decide(company, "00003,00001,require", "00003,00001,require")
        tables = company.load()
        assert tables.decisions is not None
        assert len(tables.decisions) == 1

    def test_a_decision_without_author_reason_or_date(self, company: Company) -> None:
        company.write("decisions.csv", DECISIONS + "00003,00001,forbid,,,\n")
        assert [fault.column for fault in company.faults()] == ["by", "on", "reason"]

    def test_a_decision_about_a_leaver_is_listed(self, company: Company) -> None:
        company.change("people.csv", "2025-01-15", "2026-02-01")
        decide(company, "00004,00001,require", "00003,00002,forbid")
        tables = company.load()
        report = tables.report.table("decisions")
        assert (report.rows_read, report.rows_used, report.excluded[0].rows) == (2, 1, (2,))


class TestSides:
    def test_an_unknown_side_tells_the_choices(self, company: Company) -> None:
        company.change("applications.csv", "00003,mentor", "00003,Mentor")
        fault = company.fault()
        assert (fault.row, fault.value) == (4, "Mentor")
        assert "mentor, mentee or both" in fault.cure
        source = {"data": {"tables": {"applications": {"labels": {"side": {"Mentor": "mentor"}}}}}}
        assert company.load(source).applications["side"].iloc[2] == "mentor"

    def test_a_side_that_nobody_takes(self, company: Company) -> None:
        text = (company.folder / "applications.csv").read_text()
        company.write("applications.csv", text.replace("mentee", "mentor"))
        tables = company.load()
        assert "nobody has applied as mentee" in str(tables.report.warnings[0])
