"""What does a user see when the roster is broken? Every fault names file, row, column and cure."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from ruamel.yaml import YAML
from small_company import APPLICATIONS, PEOPLE, Company, people_source, small_company

from revmentor.errors import describe


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return small_company(tmp_path)


def as_rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def save_workbook(path: Path, sheets: dict[str, list[list[object]]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


class TestIds:
    """R1, R2, R3."""

    def test_leading_zeros_stay(self, company: Company) -> None:
        tables = company.load()
        assert tables.people["person_id"].tolist() == ["00001", "00002", "00003", "00004", "00005"]
        assert tables.people["manager_id"].tolist()[1:] == ["00001", "00001", "00002", "00001"]
        assert tables.applications["person_id"].tolist()[0] == "00001"

    def test_ids_that_differ_by_leading_zeros_are_refused(self, company: Company) -> None:
        company.change("applications.csv", "00004,mentor", "4,mentor")
        fault = company.fault()
        assert (fault.file, fault.row, fault.column) == ("applications.csv", 5, "person_id")
        assert "leading zeros" in fault.problem
        assert "people.csv, row 5" in fault.problem
        assert fault.value is None

    def test_managers_that_differ_by_leading_zeros_are_refused(self, company: Company) -> None:
        company.change("people.csv", "Finance,00002", "Finance,2")
        policy = {"data": {"on_unknown_manager": "warn"}}
        fault = company.fault(policy)
        assert (fault.row, fault.column, fault.kind) == (5, "manager_id", "leading zeros")

    def test_zeros_too_many_are_refused_too(self, company: Company) -> None:
        company.change("people.csv", "00005,middle", "5,middle")
        company.write("applications.csv", APPLICATIONS + "005,mentor,,,,,\n")
        fault = company.fault()
        assert (fault.row, fault.kind) == (6, "leading zeros")

    def test_alike_ids_within_the_roster_are_warned_of(self, company: Company) -> None:
        company.change("people.csv", "00005,middle", "1,middle")
        warning = company.load().report.warnings[0]
        assert "rows 2 and 6 differ only by leading zeros" in warning.problem

    def test_identical_rows_are_merged_with_a_warning(self, company: Company) -> None:
        company.write("people.csv", PEOPLE + PEOPLE.splitlines()[3] + "\n")
        tables = company.load()
        report = tables.report.table("people")
        assert len(tables.people) == 5
        assert (report.rows_read, report.rows_used) == (6, 5)
        assert report.excluded[0].rows == (7,)
        assert "merged" in str(tables.report.warnings[0])

    def test_conflicting_rows_name_both_rows_and_the_columns(self, company: Company) -> None:
        company.write("people.csv", PEOPLE + "00003,junior,Legal,00001,1998,2024-09-01,Cy Roe\n")
        fault = company.fault()
        assert fault.kind == "conflicting rows"
        assert "rows 4 and 7" in fault.problem
        assert "department, birth_year" in fault.problem
        assert "Cy" not in str(fault)

    @pytest.mark.parametrize(
        "row",
        ["00003,junior,Sales,,1999,2024-09-01,Cy Roe", "00001,senior,Sales,,1970,2001-05-01,"],
    )
    def test_a_value_against_none_is_a_conflict(self, company: Company, row: str) -> None:
        company.write("people.csv", PEOPLE + row + "\n")
        assert company.fault().kind == "conflicting rows"
        head, *body = PEOPLE.splitlines()
        company.write("people.csv", "\n".join([head, row, *body]) + "\n")
        assert "conflicting rows" in [fault.kind for fault in company.faults()]

    @pytest.mark.parametrize("header", ["", ",side"])
    def test_one_goal_told_twice_is_a_conflict_unless_the_sides_differ(
        self, company: Company, header: str
    ) -> None:
        pair, blank = "00003,00001,a script,0,3", "," if header else ""
        head = f"mentor_id,mentee_id,goal,baseline,target,current,on{header}\n"
        rows = [f"{pair},1,2026-03-01{blank}", f"{pair},2,2026-03-01{blank}"]
        company.write("goals.csv", head + "\n".join(rows) + "\n")
        fault = company.fault()
        assert (fault.kind, fault.row) == ("conflicting rows", 3)
        if header:
            company.write("goals.csv", head + f"{rows[0]}mentor\n{rows[1]}mentee\n")
            goals = company.load().goals
            assert goals is not None
            assert goals["side"].tolist() == ["mentor", "mentee"]

    @pytest.mark.parametrize("text", ["NA", "None", "null", "TRUE", "1E5", "nan", "0012", "-"])
    def test_words_that_look_missing_or_numeric_are_kept(self, company: Company, text: str) -> None:
        company.change("people.csv", "Legal", text)
        assert company.load().people["department"].iloc[4] == text

    def test_only_declared_markers_are_missing(self, company: Company) -> None:
        company.change("people.csv", "Legal", "n/a")
        fault = company.fault(people_source(missing=["", "n/a"]))
        assert (fault.row, fault.column) == (6, "department")
        assert "exclude_without" in fault.cure


class TestEncodings:
    """R4 and R5."""

    def test_cp1252_bytes_name_offset_row_and_encoding(self, company: Company) -> None:
        text = PEOPLE.replace("Cy Roe", "Cy Roë")
        data = company.write("people.csv", text.encode("cp1252")).read_bytes()
        fault = company.fault()
        assert (fault.file, fault.row, fault.column) == ("people.csv", 4, "name")
        assert f"offset {data.index(0xEB):,}" in fault.problem
        assert "encoding: cp1252" in fault.cure
        read = company.load(people_source(encoding="cp1252"))
        assert read.people["name"].iloc[2] == "Cy Roë"

    @pytest.mark.parametrize(
        ("encoding", "named"),
        [("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")],
    )
    def test_utf16_is_told(self, company: Company, encoding: str, named: str) -> None:
        company.write("people.csv", PEOPLE.encode(encoding))
        fault = company.fault()
        assert f"declare encoding: {named}" in fault.cure
        assert company.load(people_source(encoding=named)).people["name"].iloc[0] == "Ann Lee"

    def test_a_whole_file_of_another_encoding_is_one_fault(self, company: Company) -> None:
        text = PEOPLE.replace("Cy Roe", "Cy Roë").replace("Bo Wu", "Bö Wü")
        company.write("people.csv", text.encode("cp1252"))
        fault = company.fault()
        assert (fault.row, fault.column) == (3, "name")
        assert "is not utf-8, nor are 2 further; the whole file reads as cp1252" in fault.problem

    def test_mixed_bytes_are_told_row_by_row(self, company: Company) -> None:
        head, tail = PEOPLE.replace("Bo Wu", "Bö Wü").split("00004")
        mixed = head.encode() + b"00004" + tail.replace("Di Fox", "Dî Fôx").encode("cp1252")
        company.write("people.csv", mixed)
        found = company.faults()
        assert [fault.row for fault in found] == [5, 5]
        assert all("mixes encodings" in fault.cure for fault in found)

    def test_a_wrongly_declared_single_byte_encoding_is_refused(self, company: Company) -> None:
        company.write("people.csv", PEOPLE.replace("Cy Roe", "Cy Roë").encode())
        fault = company.fault(people_source(encoding="cp1252"))
        assert "declare encoding: utf-8" in fault.cure

    def test_an_unknown_encoding_is_refused(self, company: Company) -> None:
        fault = company.fault(people_source(encoding="utf8x"))
        assert fault.kind == "unknown encoding"
        assert fault.value == "utf8x"

    def test_text_declared_as_utf16_is_refused(self, company: Company) -> None:
        fault = company.fault(people_source(encoding="utf-16"))
        assert "declare encoding: utf-8" in fault.cure

    @pytest.mark.parametrize("marks", [1, 2])
    def test_byte_order_marks_are_removed_and_listed(self, company: Company, marks: int) -> None:
        company.write("people.csv", b"\xef\xbb\xbf" * marks + PEOPLE.encode())
        tables = company.load()
        assert tables.people["person_id"].iloc[0] == "00001"
        assert any(f"{marks} byte order mark" in n for n in tables.report.table("people").notes)

    def test_crlf_is_read_and_listed(self, company: Company) -> None:
        company.write("people.csv", PEOPLE.replace("\n", "\r\n"))
        tables = company.load()
        assert tables.people["name"].tolist()[-1] == "Ed Kim"
        assert "lines end with CR LF" in tables.report.table("people").notes

    def test_padding_is_trimmed_and_listed(self, company: Company) -> None:
        company.change("people.csv", "grade,department", " grade ,department\u00a0")
        company.change("people.csv", "00005,middle,Legal", "00005 ,middle,  Legal")
        tables = company.load()
        report = tables.report.table("people")
        assert tables.people["department"].iloc[4] == "Legal"
        assert dict(report.trimmed) == {"person_id": 1, "department": 1}
        assert any("grade, department" in note for note in report.notes)


class TestForm:
    """R6, R7, R8, R10."""

    def test_a_double_name_names_both_positions(self, company: Company) -> None:
        company.change("people.csv", "department,manager_id", "grade,manager_id")
        found = company.faults()
        double = next(fault for fault in found if fault.kind == "column name twice")
        assert double.column == "grade"
        assert "column 2 (B) and column 3 (C)" in double.problem

    def test_empty_names_are_told_together(self, company: Company) -> None:
        company.change("people.csv", "birth_year,hired_on", ",")
        fault = company.fault()
        assert "column 5 (E) and column 6 (F)" in fault.problem
        assert "ignore_unnamed" in fault.cure

    def test_an_ignored_empty_name_is_listed(self, company: Company) -> None:
        company.change("people.csv", "hired_on", "")
        tables = company.load(people_source(ignore_unnamed=True))
        notes = tables.report.table("people").notes
        assert any("column 6 (F), with 5 values" in note for note in notes)

    def test_a_trailing_separator_on_every_row_is_refused(self, company: Company) -> None:
        head, *body = PEOPLE.splitlines()
        company.write("people.csv", "\n".join([head, *(row + "," for row in body)]) + "\n")
        fault = company.fault()
        assert (fault.row, fault.kind) == (2, "trailing separator")

    def test_short_and_long_rows_are_told_by_row(self, company: Company) -> None:
        company.change("people.csv", "00002,senior,", "00002,")
        company.change("people.csv", "00004,junior,", "00004,junior,extra,")
        found = company.faults()
        assert [(fault.row, fault.kind) for fault in found] == [(3, "short row"), (5, "long row")]
        assert "6 cells where the header has 7" in found[0].problem

    @pytest.mark.parametrize(("used", "named"), [(";", "semicolon"), ("\t", "tab"), ("|", "bar")])
    def test_a_wrong_separator_is_named(self, company: Company, used: str, named: str) -> None:
        company.write("people.csv", PEOPLE.replace(",", used))
        fault = company.fault()
        assert named in fault.problem
        assert f"separator: {used!r}" in fault.cure
        assert len(company.load(people_source(separator=used)).people) == 5

    def test_a_wrong_separator_is_hinted_at_where_a_column_is_missing(
        self, company: Company
    ) -> None:
        company.write("people.csv", "person_id;grade;name, first;department\n1;a;b, c;d\n")
        found = company.faults()
        assert any("separated by ';'" in fault.problem for fault in found)

    def test_a_wrong_separator_is_told_before_the_rows_that_it_breaks(
        self, company: Company
    ) -> None:
        company.write("people.csv", "id;grade;name, first;unit\n1;a;b;d\n2;a;b, c, e;d\n")
        found = company.faults()
        assert [fault.kind for fault in found] == ["wrong separator", "short row", "long row"]
        assert "separator: ';'" in found[0].cure

    def test_rows_wrapped_in_quotes_are_refused(self, company: Company) -> None:
        wrapped = "".join('"' + row.replace('"', '""') + '"\n' for row in PEOPLE.splitlines())
        company.write("people.csv", wrapped)
        fault = company.fault()
        assert fault.kind == "rows wrapped in quotes"
        head, *body = PEOPLE.splitlines()
        company.write("people.csv", "\n".join([head, *(f'"{row}"' for row in body)]))
        fault = company.fault()
        assert (fault.kind, fault.row) == ("rows wrapped in quotes", 2)
        assert "5 rows" in fault.problem

    def test_a_separator_hint_line_is_refused(self, company: Company) -> None:
        company.write("people.csv", "sep=;\n" + PEOPLE)
        assert "delete that line" in company.fault().cure

    def test_an_unclosed_quote_tells_its_start(self, company: Company) -> None:
        company.change("people.csv", "Bo Wu", '"Bo Wu')
        fault = company.fault()
        assert (fault.row, fault.column) == (3, "name")
        assert "opened in line 3 is never closed" in fault.problem

    def test_a_quote_that_closes_rows_later_tells_its_start(self, company: Company) -> None:
        company.change("people.csv", "Bo Wu", '"Bo Wu')
        company.change("people.csv", "Di Fox", '"Di Fox"')
        fault = company.fault()
        assert fault.row == 3
        assert "opened in line 3 closes only in line 5" in fault.problem

    def test_a_quote_that_swallows_rows_whole_is_refused(self, company: Company) -> None:
        company.change("people.csv", "00002,senior,Finance", '00002,senior,"Finance')
        company.change("people.csv", "00003,junior,Sales", '00003,junior,Sales"')
        found = company.faults()
        assert (found[0].kind, found[0].row) == ("value over several lines", 3)
        assert "starts in line 3" in found[0].problem

    def test_a_nul_byte_tells_its_line(self, company: Company) -> None:
        company.change("people.csv", "Legal", "Le\0gal")
        fault = company.fault()
        assert (fault.kind, fault.row) == ("NUL byte", 6)
        assert "line 6" in fault.problem

    def test_rows_read_are_the_records_of_the_file(self, company: Company) -> None:
        company.change("people.csv", "00003,junior", "\n,,,,,,\n00003,junior")
        tables = company.load()
        report = tables.report.table("people")
        assert (report.rows_read, report.rows_used) == (7, 5)
        assert [(e.reason, e.rows) for e in report.excluded] == [("the row is blank", (4, 5))]


class TestDates:
    """R9."""

    def test_an_ambiguous_date_is_refused_and_explained(self, company: Company) -> None:
        company.change("people.csv", "2015-04-01", "03/04/2021")
        fault = company.fault()
        assert (fault.row, fault.column, fault.value) == (6, "hired_on", "03/04/2021")
        assert "3 April or 4 March" in fault.problem
        assert "date_order: dmy" in fault.cure
        assert "mdy" in fault.cure

    @pytest.mark.parametrize(("order", "month"), [("dmy", 4), ("mdy", 3)])
    def test_a_declared_order_is_followed(self, company: Company, order: str, month: int) -> None:
        company.change("people.csv", "2015-04-01", "03/04/2021")
        hired = company.load(people_source(date_order=order)).people["hired_on"]
        assert hired.iloc[4].month == month
        assert hired.iloc[0] == pd.Timestamp("2001-05-01"), "ISO dates are read in any order"

    def test_a_day_number_is_explained(self, company: Company) -> None:
        company.change("people.csv", "2015-04-01", "44197")
        fault = company.fault()
        assert (fault.row, fault.value) == (6, "44197")
        assert "2021-01-01" in fault.problem
        assert "format the column as a date" in fault.cure

    def test_an_impossible_day_is_refused(self, company: Company) -> None:
        company.change("people.csv", "2015-04-01", "2015-02-30")
        assert company.fault().kind == "no such date"

    def test_personal_dates_are_not_shown(self, company: Company) -> None:
        company.change("people.csv", "birth_year,hired_on", "birth_date,hired_on")
        text = (company.folder / "people.csv").read_text()
        for year in ("1970", "1972", "1999", "2001", "1985"):
            text = text.replace(f",{year},", f",{year}-06-30,")
        company.write("people.csv", text.replace("1985-06-30", "11/12/1985"))
        fault = company.fault()
        assert (fault.row, fault.column, fault.value) == (6, "birth_date", None)
        assert "1985" not in str(fault)

    def test_two_digit_birth_years_are_never_in_the_future(self, company: Company) -> None:
        company.change("people.csv", ",1985,", ",85,")
        company.change("people.csv", ",1970,", ",30,")
        company.change("people.csv", ",2001,2025", ",01,2025")
        tables = company.load({"data": {"age": {"from": 14, "to": 100}}})
        assert tables.people["birth_year"].tolist() == [1930, 1972, 1999, 2001, 1985]
        assert any("3 years of two digits" in n for n in tables.report.table("people").notes)

    def test_two_digit_birth_years_are_never_after_the_hire(self, company: Company) -> None:
        company.change("people.csv", ",1970,2001-05-01", ",03,2001-05-01")
        policy = {"data": {"age": {"from": 14, "to": 130}}}
        tables = company.load(policy)
        assert tables.people["birth_year"].iloc[0] == 1903
        assert any("after the hire" in n for n in tables.report.table("people").notes)

    def test_two_digit_birth_dates_follow_the_hire_too(self, company: Company) -> None:
        text = PEOPLE.replace("birth_year", "birth_date").replace(",1970,", ",30/06/03,")
        text = text.replace(",1972,", ",30/06/72,").replace(",1999,", ",30/06/99,")
        text = text.replace(",2001,2025", ",30/06/01,2025").replace(",1985,", ",30/06/85,")
        company.write("people.csv", text)
        policy = {"data": {"date_order": "dmy", "age": {"from": 14, "to": 130}}}
        people = company.load(policy).people
        assert people["birth_date"].dt.year.tolist() == [1903, 1972, 1999, 2001, 1985]
        assert people["birth_year"].tolist() == [1903, 1972, 1999, 2001, 1985]


class TestFiles:
    """R11 and A5: before anything else, a sentence each."""

    def test_a_missing_file_tells_its_neighbours(self, company: Company) -> None:
        (company.folder / "people.csv").rename(company.folder / "People-2026.csv")
        fault = company.fault(people_source(path="people-2026.csv"))
        assert fault.file == "people-2026.csv"
        assert "People-2026.csv" in fault.cure

    def test_all_missing_files_are_told_at_once(self, tmp_path: Path) -> None:
        found = Company(tmp_path).faults()
        assert [fault.file for fault in found] == ["people.csv", "applications.csv"]

    def test_a_missing_folder_is_told(self, tmp_path: Path) -> None:
        found = Company(tmp_path / "nowhere").faults()
        assert "--data" in found[0].cure

    @pytest.mark.parametrize("content", [b"", b"  \n\n", b"\xef\xbb\xbf"])
    def test_an_empty_file(self, company: Company, content: bytes) -> None:
        company.write("people.csv", content)
        assert company.fault().kind == "empty file"

    def test_a_header_without_rows(self, company: Company) -> None:
        company.write("people.csv", PEOPLE.splitlines()[0] + "\n")
        fault = company.fault()
        assert fault.kind == "no rows"
        assert "no people" in fault.problem

    def test_an_optional_table_without_rows_is_a_warning(self, company: Company) -> None:
        company.write("decisions.csv", "mentor_id,mentee_id,decision,by,reason,on\n")
        tables = company.load()
        assert tables.decisions is not None
        assert tables.decisions.empty
        assert "no rows" in str(tables.report.warnings[0])

    def test_a_lock_file(self, company: Company) -> None:
        company.write("~$people.xlsx", b"\x07lock")
        fault = company.fault(people_source(path="~$people.xlsx"))
        assert "lock file" in fault.problem
        assert fault.cure.endswith("people.xlsx")

    def test_a_folder_in_place_of_a_file(self, company: Company) -> None:
        (company.folder / "people").mkdir()
        assert "folder" in company.fault(people_source(path="people")).problem

    def test_a_workbook_named_csv(self, company: Company) -> None:
        save_workbook(company.folder / "w.xlsx", {"people": as_rows(PEOPLE)})
        (company.folder / "w.xlsx").rename(company.folder / "people.csv")
        fault = company.fault()
        assert "the content is an Excel workbook" in fault.problem
        assert ".xlsx" in fault.cure

    def test_text_named_as_a_workbook(self, company: Company) -> None:
        company.write("people.xlsx", PEOPLE)
        fault = company.fault(people_source(path="people.xlsx"))
        assert "the content is delimited text" in fault.problem
        assert ".csv" in fault.cure

    def test_parquet_named_csv_and_text_named_parquet(self, company: Company) -> None:
        pd.DataFrame({"a": ["b"]}).to_parquet(company.folder / "people.csv")
        company.write("applications.parquet", APPLICATIONS)
        found = company.faults(
            {"data": {"tables": {"applications": {"path": "applications.parquet"}}}}
        )
        assert "content is a Parquet file" in found[0].problem
        assert "content is delimited text" in found[1].problem

    @pytest.mark.parametrize(
        ("start", "word"),
        [
            (b"%PDF-1.7\n", "PDF"),
            (b"<!DOCTYPE html><html>", "login page"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
            (b"\x80\x04\x95\x00", "pickle"),
            (b"SQLite format 3\0", "SQLite"),
        ],
    )
    def test_other_content_is_named(self, company: Company, start: bytes, word: str) -> None:
        company.write("people.csv", start + b"rest of it")
        assert word in company.fault().problem

    @pytest.mark.parametrize("name", ["people.pkl", "people.ipynb", "people"])
    def test_other_types_are_refused_by_name(self, company: Company, name: str) -> None:
        company.write(name, PEOPLE)
        fault = company.fault(people_source(path=name))
        assert fault.kind == "unknown type"
        assert "format" in fault.cure

    def test_a_missing_sheet_names_those_there_are(self, company: Company) -> None:
        save_workbook(company.folder / "hr.xlsx", {"Staff": as_rows(PEOPLE), "Old": [["x"]]})
        fault = company.fault(people_source(path="hr.xlsx", sheet="People"))
        assert "'Staff', 'Old'" in fault.problem
        fault = company.fault(people_source(path="hr.xlsx"))
        assert fault.kind == "no sheet named"
        assert len(company.load(people_source(path="hr.xlsx", sheet="Staff")).people) == 5

    def test_damaged_archives(self, company: Company) -> None:
        packed = gzip.compress(PEOPLE.encode())
        company.write("people.csv.gz", packed[:-12])
        fault = company.fault(people_source(path="people.csv.gz"))
        assert fault.kind == "damaged file"
        company.write("people.csv.gz", PEOPLE)
        assert "gzip" in company.fault(people_source(path="people.csv.gz")).problem
        company.write("people.csv", packed)
        assert "content is a gzip archive" in company.fault().problem

    @pytest.mark.parametrize("name", ["people.xlsx", "people.parquet"])
    def test_files_cut_short(self, company: Company, name: str) -> None:
        whole = company.folder / name
        if name.endswith("xlsx"):
            save_workbook(whole, {"people": as_rows(PEOPLE)})
        else:
            pd.read_csv(company.folder / "people.csv", dtype=str).to_parquet(whole)
        company.write(name, whole.read_bytes()[:-200])
        assert company.fault(people_source(path=name)).kind == "damaged file"


class TestPeople:
    """R12: policies, and the sum that must hold."""

    def test_an_unknown_manager(self, company: Company) -> None:
        company.change("people.csv", "Legal,00001", "Legal,00091")
        fault = company.fault()
        assert (fault.row, fault.column) == (6, "manager_id")
        assert "the closest is '00001' in row 2" in fault.problem
        tables = company.load({"data": {"on_unknown_manager": "warn"}})
        assert pd.isna(tables.people["manager_id"].iloc[4])
        assert tables.report.warnings[0].row == 6

    def test_ones_own_manager(self, company: Company) -> None:
        company.change("people.csv", "Legal,00001", "Legal,00005")
        fault = company.fault()
        assert (fault.row, fault.kind) == (6, "own manager")
        tables = company.load({"data": {"on_unknown_manager": "warn"}})
        assert pd.isna(tables.people["manager_id"].iloc[4])

    def test_a_loop_names_its_rows(self, company: Company) -> None:
        company.change("people.csv", "Sales,,1970", "Sales,00004,1970")
        fault = company.fault()
        assert fault.kind == "loop of managers"
        assert "rows 2, 3, 5" in fault.problem
        tables = company.load({"data": {"on_unknown_manager": "warn"}})
        managers = tables.people["manager_id"]
        assert managers.isna().tolist() == [True, True, False, True, False]

    @pytest.mark.parametrize("year", ["1850", "2020", "2044", "19855"])
    def test_an_impossible_age_by_policy(self, company: Company, year: str) -> None:
        company.change("people.csv", ",1985,2015-04-01", f",{year},")
        fault = company.fault()
        assert (fault.row, fault.column, fault.value) == (6, "birth_year", None)
        assert "from 14 to 100" in fault.problem
        kept = company.load({"data": {"on_impossible_age": "warn"}})
        assert len(kept.people) == 5
        assert kept.people["birth_year"].isna().tolist() == [False] * 4 + [True]
        assert kept.people["generation"].isna().tolist() == [False] * 4 + [True]
        left = company.load({"data": {"on_impossible_age": "exclude"}})
        assert left.report.table("people").excluded[0].rows == (6,)

    def test_a_birth_after_the_hire(self, company: Company) -> None:
        company.change("people.csv", "2015-04-01", "1984-04-01")
        assert "not before the hire" in company.fault().problem

    def test_hired_after_the_start_by_policy(self, company: Company) -> None:
        company.change("people.csv", "2015-04-01", "2026-03-01")
        left = company.load()
        report = left.report.table("people")
        assert (report.rows_read, report.rows_used) == (5, 4)
        assert "hired after the start" in report.excluded[0].reason
        fault = company.fault({"data": {"on_hired_after_start": "error"}})
        assert (fault.row, fault.column) == (6, "hired_on")
        kept = company.load({"data": {"on_hired_after_start": "warn"}})
        assert len(kept.people) == 5
        assert kept.report.warnings[0].row == 6

    @pytest.mark.parametrize(
        ("column", "day", "stays"),
        [
            ("left_on", "2026-01-12", False),
            ("left_on", "2026-01-13", True),
            ("hired_on", "2026-01-12", True),
            ("hired_on", "2026-01-13", False),
        ],
    )
    def test_the_day_of_the_start_decides(
        self, company: Company, column: str, day: str, stays: bool
    ) -> None:
        company.write(
            "people.csv",
            f"person_id,grade,department,{column}\n00001,senior,Sales,{day}\n"
            "00002,senior,Sales,\n00003,junior,Sales,\n00004,junior,Sales,\n",
        )
        assert ("00001" in company.load().people["person_id"].tolist()) is stays

    def test_leavers_by_policy_and_their_reports_climb(self, company: Company) -> None:
        company.write(
            "people.csv",
            "person_id,grade,department,manager_id,left_on\n"
            "00001,senior,Sales,,\n00002,senior,Finance,00001,2025-12-31\n"
            "00003,junior,Sales,00001,\n00004,junior,Finance,00002,\n",
        )
        company.change("applications.csv", "00002,mentee,,,Python,,00004\n", "")
        tables = company.load()
        assert tables.people["person_id"].tolist() == ["00001", "00003", "00004"]
        assert tables.people["manager_id"].tolist()[1:] == ["00001", "00001"]
        assert any("manager stands in" in n for n in tables.report.table("people").notes)
        fault = company.fault({"data": {"on_left": "error"}})
        assert (fault.row, fault.column) == (3, "left_on")

    def test_leaving_before_being_hired(self, company: Company) -> None:
        company.write(
            "people.csv",
            PEOPLE.replace(",name\n", ",left_on\n")
            .replace("Ann Lee", "1999-01-01")
            .replace("Bo Wu", "")
            .replace("Cy Roe", "")
            .replace("Di Fox", "")
            .replace("Ed Kim", ""),
        )
        assert "dates out of order" in [fault.kind for fault in company.faults()]

    def test_applications_of_those_left_out_are_listed(self, company: Company) -> None:
        company.change("people.csv", "2025-01-15", "2026-02-01")
        tables = company.load()
        report = tables.report.table("applications")
        assert report.rows_read == report.rows_used + sum(e.n for e in report.excluded) == 4
        assert report.excluded[0].rows == (5,)
        assert "hired after the start" in report.excluded[0].reason

    def test_an_unknown_grade_tells_the_nearest(self, company: Company) -> None:
        company.change("people.csv", "middle", "midle")
        fault = company.fault()
        assert (fault.row, fault.column, fault.value) == (6, "grade", "midle")
        assert "'middle'" in fault.cure
        assert "labels" in fault.cure

    @pytest.mark.parametrize(
        ("said", "meant"), [("Senior", "mentee"), ("junior", "mentor"), ("Juniors", "mentor")]
    )
    def test_a_side_named_by_its_grade_tells_the_role(
        self, company: Company, said: str, meant: str
    ) -> None:
        company.change("applications.csv", "00004,mentor", f"00004,{said}")
        fault = company.fault()
        assert (fault.column, fault.value) == ("side", said)
        assert f"write {meant!r} if that is meant; the junior person is the mentor" in fault.cure

    def test_a_way_in_that_is_none_is_told_once(self, company: Company) -> None:
        ends = ("enrolment", "invited", "", "", "")
        rows = zip(APPLICATIONS.splitlines(), ends, strict=True)
        company.write("applications.csv", "".join(f"{row},{end}\n" for row, end in rows))
        fault = company.fault()
        assert (fault.kind, fault.value) == ("unknown enrolment", "invited")

    def test_a_column_named_by_the_grade_is_near_the_role(self, company: Company) -> None:
        company.write("history.csv", "cycle,Senior ID,Junior ID\n2025,s1,j1\n")
        cures = [fault.cure for fault in company.faults({"data": {"tables": {"history": {}}}})]
        assert any("mentor_id: Junior ID" in cure for cure in cures)
        assert any("mentee_id: Senior ID" in cure for cure in cures)

    def test_a_grade_that_is_no_number_where_no_labels_are_listed(self, company: Company) -> None:
        company.change("people.csv", "middle", "2")
        fault = company.fault({"grades": []})
        assert (fault.file, fault.row, fault.column) == ("people.csv", None, "grade")
        assert "params.grades lists no labels" in fault.problem
        assert fault.cure.endswith('grades: ["2", "junior", "senior"]')
        YAML(typ="safe").load(fault.cure.rpartition("; to be put in order: ")[2])

    def test_a_grade_that_is_no_number_among_numbers_is_told_by_its_row(
        self, company: Company
    ) -> None:
        text = PEOPLE.replace("senior", "3").replace("junior", "1").replace("middle", "2b")
        company.write("people.csv", text)
        fault = company.fault({"grades": []})
        assert (fault.row, fault.column, fault.value) == (6, "grade", "2b")

    def test_birth_year_against_birth_date(self, company: Company) -> None:
        company.write(
            "people.csv",
            PEOPLE.replace(",name\n", ",birth_date\n")
            .replace("Ann Lee", "1971-01-01")
            .replace("Bo Wu", "")
            .replace("Cy Roe", "")
            .replace("Di Fox", "")
            .replace("Ed Kim", ""),
        )
        fault = company.fault()
        assert (fault.row, fault.column, fault.value) == (2, "birth_year", None)


class TestColumns:
    """Columns and params that do not fit."""

    def test_a_missing_required_column_tells_the_nearest(self, company: Company) -> None:
        company.change("people.csv", "grade,department", "Grade,Dept")
        found = company.faults()
        assert [fault.column for fault in found] == ["grade", "department"]
        assert "grade: Grade" in found[0].cure
        assert "data.tables.people.columns" in found[1].cure

    def test_a_mapped_column_that_is_not_there(self, company: Company) -> None:
        fault = company.fault(people_source(columns={"site": "departmant"}))
        assert (fault.file, fault.column) == ("people.csv", "departmant")
        assert "'department'" in fault.problem

    def test_misspelt_names_in_params(self, company: Company) -> None:
        source = {
            "columns": {"departement": "department"},
            "labels": {"grad": {"x": "y"}},
            "exclude_without": ["nam"],
        }
        found = company.faults(people_source(**source))
        assert [fault.file for fault in found] == [
            "data.tables.people.columns",
            "data.tables.people.labels",
            "data.tables.people.exclude_without",
        ]
        assert "'department'" in found[0].cure
        assert "'grade'" in found[1].cure
        assert "'name'" in found[2].cure

    def test_an_age_that_is_no_number(self, company: Company) -> None:
        text = PEOPLE.replace("birth_year", "age").replace(",1970,", ",56,")
        text = text.replace(",1972,", ",54,").replace(",1999,", ",26,").replace(",2001,", ",25,")
        company.write("people.csv", text.replace(",1985,", ",4O,"))
        rule = {"column": "age", "year_minus": 2026}
        fault = company.fault(people_source(columns={"birth_year": rule}))
        assert (fault.row, fault.column, fault.value) == (6, "age", None)
        assert "not a number" in fault.problem


def test_all_faults_of_all_files_come_at_once(company: Company) -> None:
    company.change("people.csv", "middle", "midle")
    company.change("people.csv", "2015-04-01", "44197")
    company.change("applications.csv", "00004,mentor,1", "00004,coach,2.5")
    company.write("decisions.csv", "mentor_id;mentee_id;decision;by;reason;on\n")
    company.write("history.csv", b"cycle,mentor_id,mentee_id\n2024,00003,\xfc\n")
    found = company.faults()
    assert {fault.file for fault in found} == {
        "people.csv",
        "applications.csv",
        "decisions.csv",
        "history.csv",
    }
    assert {fault.column for fault in found} >= {"grade", "hired_on", "side", "capacity"}


def test_one_value_in_many_rows_is_one_fault(company: Company) -> None:
    rows = [f"{n:05},{'Boss' if n % 2 else 'Chief'},Sales,,,2024-13-01,\n" for n in range(6, 40)]
    company.write("people.csv", PEOPLE + "".join(rows))
    faults = {fault.value: fault for fault in company.faults()}
    assert set(faults) == {"Boss", "Chief", "2024-13-01"}
    assert (faults["Boss"].row, faults["Chief"].row) == (8, 7)
    assert (
        "no known grade; it stands in 17 rows (rows 8, 10, 12, 14, 16 ...)"
        in faults["Boss"].problem
    )
    assert "it stands in 34 rows" in faults["2024-13-01"].problem


def test_an_age_that_cannot_be_is_told_where_it_stands(company: Company) -> None:
    text = PEOPLE.replace("hired_on,name", "hired_on,birth_date")
    for name in ("Ann Lee", "Bo Wu", "Di Fox", "Ed Kim"):
        text = text.replace(name, "")
    text = text.replace(",1985,", ",1897,").replace(",1999,", ",,").replace("Cy Roe", "1890-05-01")
    company.write("people.csv", text)
    found = {fault.row: fault.column for fault in company.faults()}
    assert found == {6: "birth_year", 4: "birth_date"}


def test_the_first_twenty_of_a_kind_are_shown_and_the_rest_counted(company: Company) -> None:
    rows = [f"{n:05},senior,Sales,,,2024-13-{n:02},\n" for n in range(6, 40)]
    company.write("people.csv", PEOPLE + "".join(rows))
    text = describe(company.faults())
    assert text.startswith("34 problems")
    assert "and 14 more of this kind (no such date)" in text
    assert "row 26," in text
    assert "row 27," not in text


def mapped_mail() -> dict[str, Any]:
    return people_source(path="people.csv", columns={"email": "Mail"})


class TestEmails:
    """A pack and its personal link go to an address: it is one person's alone."""

    @staticmethod
    def give(company: Company, **addresses: str) -> None:
        head, *rows = PEOPLE.splitlines()
        given = [f"{row},{addresses.get(row.split(',')[6].split()[0].lower(), '')}" for row in rows]
        company.write("people.csv", "\n".join([f"{head},Mail", *given, ""]))

    def test_two_people_who_applied_with_one_address_are_refused(self, company: Company) -> None:
        self.give(company, ann="ann@example.com", bo="Ann@Example.com", cy="cy@example.com")
        fault = company.fault(mapped_mail())
        assert (fault.file, fault.row, fault.column) == ("people.csv", 3, "Mail")
        assert "rows 2 and 3 have the same e-mail address" in fault.problem
        assert "ann@" not in str(fault).casefold()

    def test_the_address_of_somebody_who_did_not_apply_is_no_safer(self, company: Company) -> None:
        self.give(company, ann="ann@example.com", ed="ann@example.com")
        assert "rows 2 and 6" in company.fault(mapped_mail()).problem

    def test_people_to_whom_nothing_goes_may_share_one(self, company: Company) -> None:
        self.give(company, bo="desk@example.com", ed="desk@example.com")
        company.change("applications.csv", "00002,mentee,,,Python,,00004\n", "")
        assert company.load(mapped_mail()).report.warnings == ()

    @pytest.mark.parametrize(
        "address", ["ann.example.com", "ann@", "ann@ex ample.com", "ann@example..com",
                    "a@example.com, b@example.com", "j\u00f6rg@example.com", "Ann <a@example.com>"]
    )  # fmt: skip
    def test_an_address_to_which_nothing_can_be_sent_is_told_at_once(
        self, company: Company, address: str
    ) -> None:
        self.give(company, ann=f'"{address}"', ed="nowhere", bo="bo.o'wu+x@mail.example.com")
        (warning,) = company.load(mapped_mail()).report.warnings
        assert (warning.row, warning.column, warning.value) == (2, "Mail", None)
        assert "nothing can be sent" in warning.problem
        assert "over in person" in warning.cure
