"""What does a user see when a survey is broken, and what becomes of its answers?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from small_company import APPLICATIONS, PEOPLE, Company, make_params, small_company

from revmentor import metrics
from revmentor.data.cells import inert
from revmentor.params import Params
from revmentor.publish.cells import to_csv

ITEMS = ["respect_1", "respect_2", "commitment_1"]
PAIRS = pd.DataFrame(
    {"mentor_id": ["00003", "00004"], "mentee_id": ["00001", "00002"], "score": [0.5, 0.5]}
)
HEAD = "person_id,partner_id,wave,on,respect_1,respect_2,commitment_1,comment\n"
PULSE = (
    HEAD
    + """\
00003,00001,day30,2026-02-11,4,4,3,
00001,00003,day30,2026-02-12,5,4,2,good talks
00004,00002,day30,2026-02-11,3,3,4,
00002,00004,day30,2026-02-13,2,3,5,
00003,00001,day60,2026-03-13,5,4,3,
00001,00003,day60,2026-03-13,5,5,3,
00004,00002,day60,2026-03-14,4,4,4,
"""
)
SKILLS = """\
person_id,skill,level,when
00001,Python,2,before
00001,SQL,1,before
00002,Python,3,before
00001,Python,4,after
00001,SQL,2,after
00002,Python,3,after
"""
LEADERSHIP = "person_id,when,respect_1,respect_2,commitment_1\n"


CHANGED = {
    "table": "pulse",
    "items": ["respect_2"],
    "waves": ["day60"],
    "scale": {"from": 1, "to": 7},
}


@pytest.fixture
def company(tmp_path: Path) -> Company:
    made = small_company(tmp_path)
    made.write("pulse.csv", PULSE)
    made.write("skills.csv", SKILLS)
    return made


def declared(**data: Any) -> dict[str, Any]:
    """Params of these surveys, with what a test declares about the data."""
    items = {"pulse": ITEMS, "leadership": ITEMS, **data.pop("items", {})}
    return {"data": {"items": items, **data}}


def scale(**ends: Any) -> dict[str, Any]:
    return {"scales": {"item": {"from": 1, "to": 5, **ends}}}


def params(over: dict[str, Any]) -> Params:
    return make_params(over)


class TestScales:
    """S1 and S2."""

    @pytest.mark.parametrize("text", ["99", "0", "5.5", "-1"])
    def test_an_answer_outside_the_scale_names_row_and_column(
        self, company: Company, text: str
    ) -> None:
        company.change("pulse.csv", "day60,2026-03-13,5,4,3", f"day60,2026-03-13,5,{text},3")
        fault = company.fault(declared())
        assert (fault.file, fault.row, fault.column) == ("pulse.csv", 6, "respect_2")
        assert (fault.kind, fault.value) == ("out of range", text)
        assert "scale 1 to 5" in fault.problem
        assert "declare it in missing" in fault.cure

    def test_99_is_missing_if_it_is_declared(self, company: Company) -> None:
        company.change("pulse.csv", "day60,2026-03-13,5,4,3", "day60,2026-03-13,5,99,3")
        tables = company.load(declared(tables={"pulse": {"missing": ["", "99"]}}))
        assert tables.pulse["respect_2"].isna().tolist() == [n == 4 for n in range(7)]

    def test_a_level_outside_the_scale(self, company: Company) -> None:
        company.change("skills.csv", "00001,SQL,2", "00001,SQL,7")
        fault = company.fault(declared())
        assert (fault.file, fault.row, fault.column) == ("skills.csv", 6, "level")

    @pytest.mark.parametrize(
        ("text", "problem", "cure"),
        [
            ("Agree", "no labels of the scale are declared", "data.scales.item.labels"),
            ("5 - Strongly agree", "a number with words", "'5 - Strongly agree': 5"),
            ("4 (often)", "a number with words", "'4 (often)': 4"),
            ("5-Jan", "spreadsheets turn answers like 1-5", "column as text"),
            ("Jan-05", "spreadsheets turn answers like 1-5", "column as text"),
            ("2026-01-05", "spreadsheets turn answers like 1-5", "column as text"),
            ("3,5", "decimal comma", "point before the decimals"),
            ("Marginal", "no labels of the scale are declared", "data.scales.item.labels"),
        ],
    )
    def test_words_are_no_numbers(
        self, company: Company, text: str, problem: str, cure: str
    ) -> None:
        cell = f'"{text}"' if "," in text else text
        company.change("pulse.csv", "day30,2026-02-13,2,3,5", f"day30,2026-02-13,2,{cell},5")
        fault = company.fault(declared())
        assert (fault.row, fault.column, fault.value) == (5, "respect_2", text)
        assert problem in fault.problem
        assert cure in fault.cure

    def test_declared_labels_are_mapped(self, company: Company) -> None:
        labels = {"Disagree": 2, "Agree": 4, "5 - Strongly agree": 5}
        text = PULSE.replace(
            "day60,2026-03-13,5,4,3", "day60,2026-03-13,5 - Strongly agree,Agree,3"
        )
        company.write("pulse.csv", text)
        tables = company.load(declared(**scale(labels=labels)))
        assert tables.pulse.loc[4, ITEMS].tolist() == [5, 4, 3]
        company.change("pulse.csv", ",Agree,", ",agree,")
        fault = company.fault(declared(**scale(labels=labels)))
        assert "'Agree' is one" in fault.problem
        assert "'agree': 4" in fault.cure

    def test_a_date_cell_of_a_workbook_is_no_answer(self, company: Company) -> None:
        book = openpyxl.Workbook()
        rows = [line.split(",") for line in SKILLS.splitlines()]
        for row in rows:
            book.active.append(row)
        book.active["C3"] = pd.Timestamp("2026-01-05").to_pydatetime()
        book.save(company.folder / "skills.xlsx")
        fault = company.fault(declared(tables={"skills": {"path": "skills.xlsx"}}))
        assert (fault.row, fault.column) == (3, "level")
        assert "1-5" in fault.problem

    def test_all_faults_of_all_surveys_are_told_at_once(self, company: Company) -> None:
        company.change("pulse.csv", "day30,2026-02-13,2,3,5", "day30,2026-02-13,2,Agree,99")
        company.change("skills.csv", "00001,SQL,2", "00001,SQL,?")
        places = {(f.file, f.row, f.column) for f in company.faults(declared())}
        assert places == {
            ("pulse.csv", 5, "respect_2"),
            ("pulse.csv", 5, "commitment_1"),
            ("skills.csv", 6, "level"),
        }


class TestAskedOtherwise:
    """S3."""

    def test_another_scale_is_an_error_until_it_is_declared(self, company: Company) -> None:
        company.change("pulse.csv", "day60,2026-03-13,5,4,3", "day60,2026-03-13,5,7,3")
        fault = company.fault(declared())
        assert "data.items.changed" in fault.cure
        over = declared(items={"changed": [CHANGED]})
        pulse = company.load(over).pulse
        assert pulse["respect_2"].max() == 7
        found = metrics.pulse_changes(
            pulse, PAIRS, ITEMS, seed=0, changed=params(over).data.items.changed
        )
        refused = found.change("respect", "mentor")
        assert refused.difference.value is None
        assert refused.difference.reason == (
            "respect_2 was asked otherwise (a scale of 1 to 7 in day60)"
        )
        assert (refused.n_before, refused.n_after) == (2, 2)
        assert found.change("commitment", "both").difference.n == 3

    def test_each_wave_is_held_to_its_own_scale(self, company: Company) -> None:
        over = declared(items={"changed": [CHANGED]})
        company.change("pulse.csv", "day60,2026-03-13,5,4,3", "day60,2026-03-13,5,8,3")
        company.change("pulse.csv", "day30,2026-02-13,2,3,5", "day30,2026-02-13,2,7,5")
        faults = company.faults(over)
        assert {(f.row, f.problem.rsplit("scale ")[1]) for f in faults} == {
            (6, "1 to 7"),
            (5, "1 to 5"),
        }

    def test_a_declared_reversed_question_is_turned_round(self, company: Company) -> None:
        plain = company.load(declared()).pulse
        over = declared(items={"reverse": {"pulse": ["respect_2"]}})
        tables = company.load(over)
        assert tables.pulse["respect_2"].tolist() == (6 - plain["respect_2"]).tolist()
        assert tables.pulse["respect_1"].equals(plain["respect_1"])
        assert "respect_2 is reversed: counted as 6 minus the answer" in " ".join(
            tables.report.table("pulse").notes
        )
        both = declared(items={"reverse": {"pulse": ["respect_2"]}, "changed": [CHANGED]})
        turned = company.load(both).pulse
        assert turned["respect_2"].tolist() == [2, 2, 3, 3, 4, 3, 4]

    def test_readiness_can_be_reversed_too(self, company: Company) -> None:
        rows = APPLICATIONS.splitlines()
        text = [f"{rows[0]},respect_1", *(f"{row},{n}" for n, row in enumerate(rows[1:], 2))]
        company.write("applications.csv", "\n".join(text) + "\n")
        over = declared(items={"readiness": ["respect_1"], "reverse": {"readiness": ["respect_1"]}})
        assert company.load(over).applications["respect_1"].tolist() == [4, 3, 2, 1]

    def test_an_undeclared_reversed_question_refuses_the_scale_by_name(
        self, company: Company
    ) -> None:
        rng = np.random.default_rng(0)
        people, rows, form = [PEOPLE], [LEADERSHIP], [APPLICATIONS]
        mentors = [f"1{n:04}" for n in range(24)]
        for person in mentors:
            people.append(f"{person},junior,Sales,00001,1999,2024-09-01,\n")
            form.append(f"{person},mentor,,,,,\n")
            level = rng.integers(1, 5)
            for when in ("before", "after"):
                first = min(5, level + (when == "after"))
                second = min(5, first + rng.integers(0, 2))
                rows.append(f"{person},{when},{first},{second},{6 - first}\n")
        company.write("people.csv", "".join(people))
        company.write("applications.csv", "".join(form))
        company.write("leadership.csv", "".join(rows))
        pairs = pd.DataFrame({"mentor_id": mentors, "mentee_id": ["00001"] * 24})

        def change(over: dict[str, Any]) -> metrics.Change:
            found = metrics.scale_changes(
                company.load(over).leadership, pairs, ITEMS,
                table="leadership", seed=0, sides=["mentor"],
            )  # fmt: skip
            return found.change("all of leadership", "mentor")

        refused = change(declared()).difference
        assert refused.value is None
        assert "commitment_1" in refused.reason
        assert "respect_1" not in refused.reason
        assert "data.items.reverse" in refused.reason
        told = declared(items={"reverse": {"leadership": ["commitment_1"]}})
        assert change(told).difference.value > 0.5

    @pytest.mark.parametrize(
        ("items", "problem"),
        [
            ({"reverse": {"pulse": ["respect_9"]}}, "pulse has no item 'respect_9'"),
            ({"changed": [{"table": "pulse", "items": ["respect_1"], "waves": ["day60"]}]},
             "neither another scale nor another wording"),
            ({"changed": [{"table": "leadership", "items": ["respect_1"], "waves": ["day60"],
                           "what": "shorter"}]}, "no such wave"),
            ({"changed": [CHANGED, CHANGED]}, "respect_2 in day60 is told twice"),
        ],
    )  # fmt: skip
    def test_what_is_declared_must_make_sense(self, items: dict[str, Any], problem: str) -> None:
        with pytest.raises(ValueError, match=problem):
            params(declared(items=items))


class TestAnsweredTwice:
    """S4."""

    def test_two_answers_in_a_wave_are_an_error(self, company: Company) -> None:
        company.write("pulse.csv", PULSE + "00003,00001,day30,2026-02-20,1,1,1,\n")
        fault = company.fault(declared())
        assert fault.kind == "conflicting rows"
        assert "rows 2 and 9" in fault.problem
        assert "on, respect_1" in fault.problem

    def test_the_latest_counts_if_that_is_declared(self, company: Company) -> None:
        later = "00003,00001,day30,2026-02-20,1,1,1,\n00003,00001,day30,2026-02-15,2,2,2,\n"
        again = "00004,00002,day60,2026-03-14,4,4,4,\n"
        company.write("pulse.csv", PULSE + later + again)
        tables = company.load(declared(on_second_answer="latest"))
        mine = tables.pulse.loc[
            (tables.pulse["person_id"] == "00003") & (tables.pulse["wave"] == "day30")
        ]
        assert mine[ITEMS].to_numpy().tolist() == [[1, 1, 1]]
        report = tables.report.table("pulse")
        assert {e.reason: (e.n, e.rows) for e in report.excluded} == {
            "the person answered again in the same wave, and the latest answer counts": (
                2,
                (2, 10),
            ),
            "the row repeats another exactly": (1, (8,)),
        }
        assert report.rows_read == report.rows_used + 3
        assert "2 rows were answered again" in str(tables.report.warnings[0])

    def test_without_a_date_the_later_row_counts(self, company: Company) -> None:
        company.write("skills.csv", SKILLS + "00001,Python,5,after\n00001,Python,2,before\n")
        skills = company.load(declared(on_second_answer="latest")).skills
        mine = skills.loc[(skills["person_id"] == "00001") & (skills["skill"] == "Python")]
        assert dict(zip(mine["when"], mine["level"], strict=True)) == {"before": 2, "after": 5}
        assert "conflicting rows" in [f.kind for f in company.faults(declared())]


class TestWhoAnswered:
    """S5, S6 and S7."""

    def test_a_respondent_in_no_pair_is_counted_and_left_out(self, company: Company) -> None:
        company.write("skills.csv", SKILLS + "00005,SQL,1,before\n00005,SQL,5,after\n")
        company.write("pulse.csv", PULSE + "00005,00001,day30,2026-02-11,1,1,1,\n")
        tables = company.load(declared())
        found = metrics.skill_changes(tables.skills, PAIRS, seed=0)
        assert found.left_out == 1
        assert found.change("all skills", "mentee").difference.n == 2
        assert metrics.pulse_changes(tables.pulse, PAIRS, ITEMS, seed=0).left_out == 1

    def test_an_unknown_respondent_is_an_error(self, company: Company) -> None:
        company.write("skills.csv", SKILLS + "00077,SQL,1,before\n")
        fault = company.fault(declared())
        assert (fault.kind, fault.row) == ("unknown id", 8)

    def test_different_people_are_no_change(self, company: Company) -> None:
        company.write("skills.csv", "person_id,skill,level,when\n"
                      "00001,Python,1,before\n00002,Python,5,after\n")  # fmt: skip
        found = metrics.skill_changes(company.load(declared()).skills, PAIRS, seed=0)
        whole = found.change("all skills", "mentee")
        assert (whole.difference.value, whole.p, whole.standardised.value) == (None, None, None)
        assert whole.difference.reason == "no people answered both times (1 before, 1 after)"
        assert (whole.difference.n, whole.n_before, whole.n_after) == (0, 1, 1)
        assert found.measured["mentee"].count == 0

    @pytest.mark.parametrize(
        ("rows", "reason"),
        [
            ("00001,Python,2,before\n00001,Python,4,after\n", "1 person answered both times"),
            ("00001,Python,2,before\n00002,Python,2,before\n"
             "00001,Python,3,after\n00002,Python,3,after\n", "all 2 changed by the same 1.00"),
            ("", "no people answered both times (0 before, 0 after)"),
        ],
    )  # fmt: skip
    def test_too_little_is_not_computed(self, company: Company, rows: str, reason: str) -> None:
        company.write("skills.csv", "person_id,skill,level,when\n" + rows)
        skills = company.load(declared()).skills
        whole = metrics.skill_changes(skills, PAIRS, seed=0).change("all skills", "mentee")
        assert whole.difference.value is None
        assert whole.difference.reason.startswith(reason)
        assert whole.p is None

    def test_a_survey_without_any_answer_is_not_computed(self, company: Company) -> None:
        blank = [",".join([*line.split(",")[:4], "", "", "", ""]) for line in
                 PULSE.splitlines()[1:]]  # fmt: skip
        company.write("pulse.csv", HEAD + "\n".join(blank) + "\n")
        pulse = company.load(declared()).pulse
        for change in metrics.pulse_changes(pulse, PAIRS, ITEMS, seed=0).changes:
            assert change.difference.value is None
            assert change.difference.reason
        for each in metrics.disagreement(pulse, PAIRS, ITEMS):
            assert each.distance.reason == "there is no value"
        points = metrics.pulse_points(pulse, PAIRS, ITEMS)
        assert all(point.mean.value is None for point in points)


class TestWhen:
    """S8."""

    ZONED = "2026-01-11T23:30:00-05:00"

    def test_times_with_offsets_need_a_zone(self, company: Company) -> None:
        company.change("pulse.csv", "day30,2026-02-13", f"day30,{self.ZONED}")
        company.change("pulse.csv", "day60,2026-03-14", "day60,2026-03-14T22:00:00Z")
        faults = company.faults(declared())
        assert {(f.kind, f.row) for f in faults} == {("time zone in a date", n) for n in (5, 8)}
        assert "data.time_zone" in faults[0].cure

    def test_the_stated_zone_says_which_day_it_was(self, company: Company) -> None:
        company.change("pulse.csv", "day30,2026-02-13", f"day30,{self.ZONED}")
        company.change("pulse.csv", "day60,2026-03-14", "day60,2026-03-14T22:00:00Z")
        company.change("pulse.csv", "day30,2026-02-12", "day30,2026-02-12 09:30")
        tables = company.load(declared(time_zone="Asia/Kolkata"))
        assert tables.pulse["on"].dt.strftime("%m-%d").tolist()[3] == "01-12"
        assert tables.pulse["on"].dt.strftime("%m-%d").tolist()[6] == "03-15"
        assert (
            "2 times with an offset in on put into the days of Asia/Kolkata; 1 time without one "
            "taken as they stand" in " ".join(tables.report.table("pulse").notes)
        )

    def test_a_zone_that_does_not_exist(self) -> None:
        with pytest.raises(ValueError, match="no known time zone"):
            params(declared(time_zone="Europe/Berln"))

    def test_an_answer_before_the_start_is_an_error_or_left_out(self, company: Company) -> None:
        company.change("pulse.csv", "day30,2026-02-13", "day30,2026-01-11")
        fault = company.fault(declared())
        assert (fault.kind, fault.row, fault.column) == ("answer before the start", 5, "on")
        assert "2026-01-12" in fault.problem
        tables = company.load(declared(on_answer_before_start="exclude"))
        report = tables.report.table("pulse")
        assert [(e.reason, e.rows) for e in report.excluded] == [
            ("the answer is from before the start, 2026-01-12", (5,))
        ]
        company.change("pulse.csv", "day30,2026-01-11", f"day30,{self.ZONED}")
        faults = company.faults(declared(time_zone="America/New_York"))
        assert [f.kind for f in faults] == ["answer before the start"]
        assert len(company.load(declared(time_zone="Europe/Berlin")).pulse) == 7


class TestFormulas:
    """X1."""

    COMMENTS = (
        '=HYPERLINK("https://example.com";"notes")',
        "+1 for longer meetings",
        "-1",
        "@everyone",
        "＝1+1",
        "'=already quoted",
        "plain, with a comma",
    )

    def frame(self) -> pd.DataFrame:
        rows = [line.split(",") for line in PULSE.splitlines()]
        frame = pd.DataFrame(rows[1:], columns=rows[0])
        return frame.assign(comment=list(self.COMMENTS))

    def test_a_csv_export_comes_back_as_it_was(self, company: Company) -> None:
        data = to_csv(self.frame())
        assert b",=" not in data
        assert b'"=' not in data
        company.write("pulse.csv", data)
        tables = company.load(declared())
        assert tables.pulse["comment"].tolist() == list(self.COMMENTS)
        assert "6 values given back" in " ".join(tables.report.table("pulse").notes)
        assert to_csv(self.frame()) == data

    def test_an_excel_export_comes_back_as_it_was(self, company: Company) -> None:
        book = openpyxl.Workbook()
        frame = self.frame()
        book.active.append([inert(name) for name in frame.columns])
        for row in frame.itertuples(index=False):
            book.active.append([inert(cell) for cell in row])
        kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
        assert "f" not in kinds
        book.save(company.folder / "pulse.xlsx")
        pulse = company.load(declared(tables={"pulse": {"path": "pulse.xlsx"}})).pulse
        assert pulse["comment"].tolist() == list(self.COMMENTS)

    def test_parquet_knows_no_formulas_and_stays(self, company: Company) -> None:
        self.frame().assign(comment="'=kept").to_parquet(company.folder / "pulse.parquet")
        pulse = company.load(declared(tables={"pulse": {"path": "pulse.parquet"}})).pulse
        assert set(pulse["comment"]) == {"'=kept"}
