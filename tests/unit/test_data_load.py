"""What do the loaded tables hold, whatever the source calls its columns?"""

from __future__ import annotations

import hashlib
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from small_company import APPLICATIONS, PEOPLE, Company, make_params, small_company

from revmentor.data import CONTRACT, load_tables
from revmentor.errors import InputError
from revmentor.params.models import TABLES

DTYPES = {
    "whole": "Int64",
    "year": "Int64",
    "number": "float64",
    "scale": "float64",
    "date": "datetime64[us]",
    "list": "object",
    "ids": "object",
}
PAIR = "mentor_id,mentee_id"
REVIEW = {
    "training": "person_id,module,status,on\n00003,feedback,attended,2026-01-10\n",
    "sessions": f"{PAIR},on,status,minutes,topic\n00003,00001,2026-02-01,held,45,a\n"
    "00003,00001,2026-02-01,held,45,a\n",
    "goals": f"{PAIR},goal,baseline,target,current,on,skill,side\n"
    "00003,00001,write a script,0,3,1.5,2026-03-01,PYTHON,mentee\n",
    "pulse": "person_id,partner_id,wave,on,compassion_1,support_needed,comment\n"
    '00003,00001,day30,2026-02-10,4,,"good,\nthanks"\n',
    "skills": "person_id,skill,level,when\n00001,python,2,before\n",
    "leadership": "person_id,when,listening_1\n00003,before,3\n",
    "creativity": "person_id,when,creativity_1\n00003,after,3\n",
    "ties": "person_id,other_id,when\n00003,00001,after\n00003,client,after\n",
    "outcomes": "person_id,on,left_on,promoted_on,grade,department\n"
    "00003,2026-12-31,,2026-09-01,middle,Sales\n00099,2026-12-31,,,junior,Sales\n",
}


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return small_company(tmp_path)


class TestFrames:
    def test_the_contract_knows_every_table_of_the_params(self) -> None:
        assert tuple(CONTRACT) == TABLES

    def test_all_tables_have_their_columns_and_types(self, company: Company) -> None:
        for table, text in REVIEW.items():
            company.write(f"{table}.csv", text)
        company.write("decisions.csv", f"{PAIR},decision,by,reason,on\n")
        company.write("history.csv", f"cycle,{PAIR}\n2024,00003,00001\n")
        company.write("requests.csv", "person_id,partner_id,kind,on\n00003,,hand,2026-03-02\n")
        from_file = {"checkin": False, "path": "requests.csv"}
        tables = company.load({"data": {"tables": {"requests": from_file}}})
        items = make_params().data.items
        for table in TABLES:
            frame = getattr(tables, table)
            contract = CONTRACT[table].with_items(items)
            columns = [c for c in contract.columns if not c.identity]
            derived = ["grade_rank"] if table == "people" else []
            assert list(frame.columns) == [c.name for c in columns] + derived
            assert {c.name: str(frame[c.name].dtype) for c in columns} == {
                c.name: DTYPES.get(c.kind, "str") for c in columns
            }
            assert isinstance(frame.index, pd.RangeIndex)
            for column in columns:
                if column.kind in ("list", "ids"):
                    assert frame[column.name].map(type).eq(tuple).all()
        assert tables.report.absent == ()

    def test_review_tables_follow_the_same_rules(self, company: Company) -> None:
        for table, text in REVIEW.items():
            company.write(f"{table}.csv", text)
        tables = company.load()
        assert tables.skills is not None
        assert tables.goals is not None
        assert tables.ties is not None
        assert tables.outcomes is not None
        assert tables.sessions is not None
        assert tables.pulse is not None
        assert tables.skills["skill"].tolist() == ["Python"], "one vocabulary over all tables"
        assert tables.goals["skill"].tolist() == ["Python"]
        assert len(tables.sessions) == 2, "two sessions of a day may look alike"
        assert tables.pulse["comment"].tolist() == ["good,\nthanks"]
        assert tables.ties["other_id"].tolist() == ["00001"]
        assert tables.report.table("ties").excluded[0].reason == "other_id is not in people.csv"
        assert tables.outcomes["person_id"].tolist() == ["00003"]

    def test_review_tables_refuse_what_is_off_the_scale_or_unknown(self, company: Company) -> None:
        company.write("pulse.csv", REVIEW["pulse"].replace(",4,,", ",99,,"))
        company.write("training.csv", REVIEW["training"].replace("attended", "came"))
        company.write("leadership.csv", REVIEW["leadership"].replace("00003", "00303"))
        company.write("goals.csv", REVIEW["goals"].replace(",1.5,", ",,"))
        found = {(f.file, f.row, f.column, f.value) for f in company.faults()}
        assert found == {
            ("pulse.csv", 2, "compassion_1", "99"),
            ("training.csv", 2, "status", "came"),
            ("leadership.csv", 2, "person_id", None),
            ("goals.csv", 2, "current", None),
        }

    def test_absent_tables_are_none_and_listed(self, company: Company) -> None:
        tables = company.load()
        assert tables.decisions is None
        assert tables.report.absent == TABLES[2:]
        assert set(tables.digests) == {"people", "applications"}

    def test_only_the_tables_asked_for_are_read(self, company: Company) -> None:
        company.write("training.csv", "broken")
        tables = company.load(only={"history"})
        assert tables.report.absent == ("history",)
        with pytest.raises(InputError, match="there is no table trainings"):
            company.load(only={"trainings"})

    def test_digests_are_of_the_bytes(self, company: Company) -> None:
        expected = hashlib.sha256(PEOPLE.encode()).hexdigest()
        assert company.load().digests["people"] == expected

    def test_extra_columns_come_last_as_text(self, company: Company) -> None:
        company.change("people.csv", "person_id,", "Cost centre,person_id,")
        text = (company.folder / "people.csv").read_text().replace("\n0", "\n007,0")
        company.write("people.csv", text)
        people = company.load().people
        assert people.columns[-1] == "Cost centre"
        assert people["Cost centre"].tolist() == ["007"] * 5

    def test_a_sources_own_grade_rank_is_not_used(self, company: Company) -> None:
        company.change("people.csv", "hired_on,name", "hired_on,grade_rank")
        tables = company.load()
        assert tables.people["grade_rank"].tolist() == [2, 2, 0, 0, 1]
        assert any("grade_rank is not used" in n for n in tables.report.table("people").notes)

    def test_tables_are_frozen(self, company: Company) -> None:
        tables = company.load()
        with pytest.raises(FrozenInstanceError):
            tables.history = None  # type: ignore[misc]

    def test_shuffled_rows_give_the_same_people(self, company: Company) -> None:
        plain = company.load().people.sort_values("person_id", ignore_index=True)
        head, *body = PEOPLE.splitlines()
        company.write("people.csv", "\n".join([head, *reversed(body)]) + "\n")
        again = company.load().people.sort_values("person_id", ignore_index=True)
        pd.testing.assert_frame_equal(plain, again)


class TestDerived:
    def test_grades_as_labels_and_as_numbers(self, company: Company) -> None:
        assert company.load().people["grade_rank"].tolist() == [2, 2, 0, 0, 1]
        text = PEOPLE.replace("senior", "5").replace("junior", "1").replace("middle", "3.0")
        company.write("people.csv", text)
        people = company.load({"grades": []}).people
        assert people["grade_rank"].tolist() == [5, 5, 1, 1, 3]
        assert people["grade"].tolist() == ["5", "5", "1", "1", "3"]

    def test_generations_come_from_birth_years(self, company: Company) -> None:
        assert company.load().people["generation"].tolist() == [
            "Generation X",
            "Generation X",
            "Generation Z",
            "Generation Z",
            "Millennials",
        ]

    def test_a_given_generation_stays_and_a_difference_is_told(self, company: Company) -> None:
        text = PEOPLE.replace(",name\n", ",generation\n").replace("Ann Lee", "Millennials")
        for name in ("Bo Wu", "Cy Roe", "Di Fox", "Ed Kim"):
            text = text.replace(name, "")
        company.write("people.csv", text)
        tables = company.load()
        assert tables.people["generation"].iloc[:2].tolist() == ["Millennials", "Generation X"]
        assert "1 person has a generation" in str(tables.report.warnings[0])
        company.change("people.csv", "Millennials", "Gen Y")
        fault = company.fault()
        assert (fault.column, fault.value) == ("generation", None)

    def test_unknown_time_zones_tell_the_nearest(self, company: Company) -> None:
        company.change("people.csv", "hired_on,name", "hired_on,time_zone")
        for name in ("Bo Wu", "Cy Roe", "Di Fox", "Ed Kim"):
            company.change("people.csv", name, "Asia/Kolkata")
        company.change("people.csv", "Ann Lee", "Europe/Berln")
        fault = company.fault()
        assert (fault.row, fault.value) == (2, "Europe/Berln")
        assert "'Europe/Berlin'" in fault.cure

    @pytest.mark.parametrize(
        ("text", "site", "said"),
        [
            ("CEST", "Bonn", "write 'Europe/Berlin', the zone of most people at this site"),
            ("EDT", "Boston", "write 'America/New_York', the zone of most people at this site"),
            ("CEST", "Oslo", "write the IANA name of a region and its city, like Europe/Berlin"),
            ("CEST", "", "write the IANA name of a region and its city, like Europe/Berlin"),
            ("Europe/Munich", "", "write the IANA name of a region and its city"),
            ("localtime", "", "write the IANA name of a region and its city"),
            ("Europe/Lisbonn", "Bonn", "write 'Europe/Lisbon' if that is meant; write the IANA"),
            ("new york", "", "write 'America/New_York' if that is meant; write the IANA"),
        ],
    )
    def test_a_zone_is_never_taken_for_one_that_only_sounds_like_it(
        self, company: Company, text: str, site: str, said: str
    ) -> None:
        here = {"Ann Lee": (site, text), "Bo Wu": ("Bonn", "Europe/Berlin"), "Cy Roe": ("Oslo", ""),
                "Di Fox": ("Boston", "America/New_York"), "Ed Kim": ("Bonn", "")}  # fmt: skip
        company.change("people.csv", "hired_on,name", "hired_on,site,time_zone")
        for name, (place, zone) in here.items():
            company.change("people.csv", name, f"{place},{zone}")
        fault = company.fault()
        assert (fault.row, fault.column, fault.value) == (2, "time_zone", text)
        assert fault.cure.startswith(said)

    def test_the_one_whose_clock_is_not_that_of_the_site_is_told(self, company: Company) -> None:
        def located(*zones: str) -> list[str]:
            lines = PEOPLE.replace(",name", ",site,time_zone").splitlines()
            rows = [line.rpartition(",")[0] for line in lines[1:]]
            here = [f"{row},Bonn,{zone}" for row, zone in zip(rows, zones, strict=True)]
            company.write("people.csv", "\n".join([lines[0], *here, ""]))
            return [str(warning) for warning in company.load().report.warnings]

        berlin = "Europe/Berlin"
        (told,) = located(berlin, berlin, "America/Denver", "Europe/Vienna", "")
        assert told.startswith(
            "people.csv, row 4, column time_zone, value 'America/Denver': everybody else at this "
            "site has the clock of Europe/Berlin. To fix: correct it, or leave it if"
        )
        # A clock that goes alike today and not in summer is another one.
        assert "'Africa/Lagos'" in located(berlin, berlin, "Africa/Lagos", berlin, berlin)[0]
        assert located(berlin, "Europe/Vienna", "Europe/Paris", berlin, berlin) == []
        assert located(berlin, berlin, "America/Denver", "America/Denver", "") == []
        assert located(berlin, "America/Denver", "", "", "") == []

    def test_a_long_line_above_a_loop_ends(self, company: Company) -> None:
        rows = [f"{n:05},senior,Sales,{n + 1:05}" for n in range(6, 3000)]
        text = "person_id,grade,department,manager_id\n" + "\n".join(rows)
        company.write("people.csv", text + "\n03000,senior,Sales,02999\n")
        company.write("applications.csv", "person_id,side\n00006,mentee\n")
        fault = company.fault()
        assert (fault.kind, fault.row) == ("loop of managers", 2995)


class TestMapping:
    SOURCE = (
        "Emp No;Age;Level;Unit;Boss;Known;Sort\n"
        "A1;24.9;7;Sales;;Deutsch|English;x\n"
        "B2;45;2;Sales;A1;;mentor\n"
        "C3;-;3;Legal;A1;Klingon;y\n"
        "D4;44.5;9;;A1;;z\n"
    )

    def load(self, company: Company, **more: Any) -> Any:
        company.write("staff.txt", self.SOURCE)
        company.write("applications.csv", "person_id,side\nA1,mentor\nB2,mentee\n")
        people: dict[str, Any] = {
            "path": "staff.txt",
            "separator": ";",
            "list_separator": "|",
            "missing": ["", "-"],
            "columns": {
                "person_id": "Emp No",
                "grade": {
                    "column": "Age",
                    "bands": [
                        {"label": "junior", "up_to": 30},
                        {"label": "middle", "above": 30, "below": 45},
                        {"label": "senior", "from": 45},
                    ],
                },
                "department": {"column": "Unit"},
                "site": {"constant": "Bonn"},
                "birth_year": {"column": "Age", "year_minus": 2026},
                "manager_id": "Boss",
                "languages": "Known",
            },
            "labels": {"languages": {"Deutsch": "German"}, "department": {"Sales": "Market"}},
            "exclude_without": ["Age", "department"],
        }
        return company.load({"data": {"tables": {"people": {**people, **more}}}})

    def test_columns_labels_rules_and_exclusions(self, company: Company) -> None:
        tables = self.load(company)
        people = tables.people
        assert people["person_id"].tolist() == ["A1", "B2"]
        assert people["grade"].tolist() == ["junior", "senior"]
        assert people["birth_year"].tolist() == [2002, 1981], "whole years of age"
        assert people["department"].tolist() == ["Market", "Market"]
        assert people["site"].tolist() == ["Bonn", "Bonn"]
        assert people["languages"].tolist() == [("German", "English"), ()]
        assert people["Sort"].tolist() == ["x", "mentor"]
        assert people["Age"].tolist() == ["24.9", "45"]
        assert "Unit" not in people
        report = tables.report.table("people")
        assert [(e.reason, e.rows) for e in report.excluded] == [
            ("there is no Age", (4,)),
            ("there is no department", (5,)),
        ]
        assert "person_id from Emp No" in report.mapped
        assert "grade from Age, by 3 bands" in report.mapped
        assert "site is always Bonn" in report.mapped
        assert "birth_year is 2026 minus the whole years of Age" in report.mapped
        assert "languages by 1 declared label" in report.mapped

    def test_a_number_in_no_band_has_no_value(self, company: Company) -> None:
        bands = [{"label": "junior", "up_to": 30}]
        columns = {"person_id": "Emp No", "grade": {"column": "Age", "bands": bands}}
        tables = self.load(
            company,
            columns={**columns, "department": "Unit"},
            exclude_without=["Age", "department", "grade"],
        )
        assert tables.people["person_id"].tolist() == ["A1"]

    def test_row_numbers_are_ids(self, company: Company) -> None:
        company.write("applications.csv", "side\nmentor\nmentee\n")
        rule = {"columns": {"person_id": {"row_number": True}}}
        people = PEOPLE.replace("person_id", "old_id").replace(",manager_id", ",old_manager")
        company.write("people.csv", people)
        tables = company.load({"data": {"tables": {"people": rule, "applications": rule}}})
        assert tables.people["person_id"].tolist() == ["1", "2", "3", "4", "5"]
        assert tables.applications["person_id"].tolist() == ["1", "2"]

    def test_one_file_can_feed_two_tables(self, company: Company) -> None:
        company.write(
            "both.csv", "person_id,grade,department,side\n7,junior,A,mentor\n8,senior,B,\n"
        )
        source = {"path": "both.csv"}
        tables = company.load(
            {
                "data": {
                    "tables": {
                        "people": source,
                        "applications": {**source, "exclude_without": ["side"]},
                    }
                }
            }
        )
        assert (len(tables.people), len(tables.applications)) == (2, 1)
        company.write("both.csv", "person_id,grade,department,side\n7,junior\n")
        assert (
            len(company.faults({"data": {"tables": {"people": source, "applications": source}}}))
            == 1
        )


class TestReport:
    def test_rows_read_are_rows_used_and_left_out(self, company: Company) -> None:
        company.change("people.csv", "2025-01-15", "2026-02-01")
        company.write(
            "applications.csv", APPLICATIONS + "\n,,,,,,\n00001,mentee,,,Python;SQL,00003,\n"
        )
        report = company.load().report
        for table in report.tables:
            assert table.rows_read == table.rows_used + sum(e.n for e in table.excluded)
        assert {e.reason: e.n for e in report.table("applications").excluded} == {
            "the row is blank": 2,
            "the row repeats an earlier one exactly": 1,
            "person_id is left out of people: the person is hired after the start, 2026-01-12": 1,
        }

    def test_the_text_says_it_all(self, company: Company) -> None:
        company.change("people.csv", "Legal", " Legal ")
        company.write("applications.csv", APPLICATIONS + "00001,mentee,,,Python;SQL,00003,\n")
        text = company.load().report.text()
        assert "people (people.csv): 5 rows read, 5 used, 0 left out" in text
        assert "trimmed: blanks around values of department (1)" in text
        assert "left out: 1 because the row repeats an earlier one exactly (row 6)" in text
        assert "not there: decisions, history, training" in text
        assert "1 warning:" in text

    def test_it_survives_json_and_shows_no_name_or_id(self, company: Company) -> None:
        import json

        company.change("people.csv", "2025-01-15", "2026-02-01")
        report = company.load().report
        stored = json.loads(json.dumps(report.to_json()))
        assert stored["tables"][0]["rows_read"] == 5
        for personal in ("0000", "Ann", "Lee"):
            assert personal not in json.dumps(stored) + report.text()

    def test_many_warnings_are_counted(self, company: Company) -> None:
        rows = "".join(f"{n:05},junior,Sales,,3000,,\n" for n in range(6, 40))
        company.write("people.csv", PEOPLE + rows)
        text = company.load({"data": {"on_impossible_age": "warn"}}).report.text()
        assert "34 warnings:" in text
        assert "and 14 more of this kind (impossible age)" in text


def test_load_tables_is_the_whole_interface(company: Company) -> None:
    tables = load_tables(make_params(), company.folder)
    assert len(tables.people) == 5


def test_a_column_that_serves_for_nothing_is_named_with_what_it_may_mean(company: Company) -> None:
    lines = PEOPLE.splitlines()
    lines[0] = lines[0].replace("birth_year", "Birth Year").replace("hired_on", "Kostenstelle")
    lines[1:] = [line.replace(",20", ",K20") for line in lines[1:]]
    company.write("people.csv", "\n".join(lines) + "\n")
    notes = " ".join(company.load().report.table("people").notes)
    assert "“Birth Year” (did you mean birth_year?)" in notes
    assert "“Kostenstelle”" in notes
