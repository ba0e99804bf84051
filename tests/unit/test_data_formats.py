"""Do Excel and Parquet come in as the text that their owner sees?"""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_company import Company, small_company

from revmentor.data.reading import RawTable, Reading
from revmentor.data.source import read_source
from revmentor.errors import InputError


def reading(file: Path, **more: Any) -> Reading:
    plain: dict[str, Any] = {
        "path": file.name,
        "format": "auto",
        "sheet": None,
        "encoding": "utf-8",
        "separator": ",",
        "list_separator": ";",
        "missing": frozenset({""}),
        "ignore_unnamed": False,
    }
    return Reading(**{**plain, **more})


def raw(file: Path, **more: Any) -> RawTable:
    return read_source(file, reading(file, **more))


def workbook(tmp_path: Path, *rows: list[Any], formats: dict[str, str] | None = None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, pattern in (formats or {}).items():
        book.active[cell].number_format = pattern
    file = tmp_path / "book.xlsx"
    book.save(file)
    return file


class TestExcel:
    def test_values_become_the_text_that_is_seen(self, tmp_path: Path) -> None:
        file = workbook(
            tmp_path,
            ["id", "n", "share", "when", "at", "yes", "none"],
            [7, 45.0, 0.1 + 0.2, dt.date(2021, 4, 3), dt.datetime(2021, 4, 3, 9, 30), True, None],
            ["007", 10**14, -2.5, None, "3/4/21", False, "x"],
        )
        table = raw(file)
        assert [table.columns[name][0] for name in table.columns] == [
            "7", "45", "0.3", "2021-04-03", "2021-04-03 09:30:00", "TRUE", "",
        ]  # fmt: skip
        assert [table.columns[name][1] for name in table.columns] == [
            "007", "100000000000000", "-2.5", "", "3/4/21", "FALSE", "x",
        ]  # fmt: skip
        assert list(table.rows) == [2, 3]

    def test_zeros_that_a_format_shows_are_kept_and_listed(self, tmp_path: Path) -> None:
        file = workbook(tmp_path, ["id", "n"], [123, 123], formats={"A2": "00000"})
        table = raw(file)
        assert (table.columns["id"][0], table.columns["n"][0]) == ("00123", "123")
        assert any("1 number written with the leading zeros" in note for note in table.notes)

    def test_blank_rows_inside_are_rows_and_at_the_end_are_none(self, tmp_path: Path) -> None:
        file = workbook(tmp_path, ["a", "b"], [1, 2], [], [3], ["", "  "])
        table = raw(file)
        assert list(table.columns["a"]) == ["1", "", "3"]
        assert list(table.columns["b"]) == ["2", "", ""]
        assert table.blank == {3}

    def test_a_formula_without_result_is_refused(self, tmp_path: Path) -> None:
        file = workbook(tmp_path, ["a", "b"], [1, "=A2*2"], [2, 3])
        with pytest.raises(InputError) as refused:
            raw(file)
        fault = refused.value.faults[0]
        assert (fault.row, fault.column) == (2, "b")
        assert "never calculated" in fault.problem

    def test_an_error_value_is_refused_unless_it_is_declared_missing(self, tmp_path: Path) -> None:
        file = workbook(tmp_path, ["a", "b"], [1, "#N/A"])
        with pytest.raises(InputError) as refused:
            raw(file)
        fault = refused.value.faults[0]
        assert (fault.row, fault.column, fault.value) == (2, "b", "#N/A")
        assert raw(file, missing=frozenset({"", "#N/A"})).columns["b"][0] == "#N/A"

    def test_a_value_under_no_name_is_refused(self, tmp_path: Path) -> None:
        file = workbook(tmp_path, ["a", "b"], [1, 2, None, "stray"])
        with pytest.raises(InputError, match="there is a value in D"):
            raw(file)

    def test_a_name_that_is_empty_is_refused(self, tmp_path: Path) -> None:
        file = workbook(tmp_path, ["a", None, "c"], [1, 2, 3])
        with pytest.raises(InputError, match=r"column 2 \(B\) has no name"):
            raw(file)

    def test_merged_cells_are_warned_of(self, tmp_path: Path) -> None:
        file = workbook(tmp_path, ["a", "b"], [1, 2], [None, 3])
        book = openpyxl.load_workbook(file)
        book.active.merge_cells("A2:A3")
        book.save(file)
        assert [warning.kind for warning in raw(file).warnings] == ["merged cells"]

    def test_an_empty_sheet_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="the sheet is empty"):
            raw(workbook(tmp_path))

    def test_a_zip_that_is_no_workbook_is_named(self, tmp_path: Path) -> None:
        file = tmp_path / "people.xlsx"
        with zipfile.ZipFile(file, "w") as parts:
            parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        with pytest.raises(InputError, match="OpenDocument"):
            raw(file)


class TestParquet:
    def test_values_become_plain_text(self, tmp_path: Path) -> None:
        file = tmp_path / "t.parquet"
        table = pa.table(
            {
                "id": ["007", None],
                "n": pa.array([45.0, 2.5]),
                "whole": pa.array([None, 3], pa.int32()),
                "yes": [True, None],
                "on": pa.array([dt.date(2021, 4, 3), None]),
                "at": pa.array([dt.datetime(2021, 4, 3), dt.datetime(2021, 4, 3, 8)]),
                "kind": pa.array(["a", "b"]).dictionary_encode(),
                "skills": [["SQL", "Go"], None],
                "nothing": pa.nulls(2),
            }
        )
        pq.write_table(table, file)
        columns = raw(file).columns
        assert {name: list(column) for name, column in columns.items()} == {
            "id": ["007", ""],
            "n": ["45", "2.5"],
            "whole": ["", "3"],
            "yes": ["TRUE", ""],
            "on": ["2021-04-03", ""],
            "at": ["2021-04-03", "2021-04-03 08:00:00"],
            "kind": ["a", "b"],
            "skills": ["SQL;Go", ""],
            "nothing": ["", ""],
        }

    def test_types_without_text_are_refused_together(self, tmp_path: Path) -> None:
        file = tmp_path / "t.parquet"
        columns = {"a": [b"\xff"], "b": [{"x": 1}], "c": ["fine"], "d": [["x;y"]]}
        pq.write_table(pa.table(columns), file)
        with pytest.raises(InputError) as refused:
            raw(file)
        assert [fault.column for fault in refused.value.faults] == ["a", "b", "d"]
        assert "list separator" in refused.value.faults[2].problem


@pytest.mark.parametrize("name", ["people.xlsx", "people.parquet", "people.csv.gz", "staff.data"])
def test_the_same_people_come_of_every_format(tmp_path: Path, name: str) -> None:
    company: Company = small_company(tmp_path)
    plain = company.load().people
    texts = pd.read_csv(company.folder / "people.csv", dtype=str)
    source: dict[str, Any] = {"path": name}
    if name.endswith(".xlsx"):
        texts.to_excel(company.folder / name, index=False)
    elif name.endswith(".parquet"):
        texts.to_parquet(company.folder / name)
    else:
        texts.to_csv(company.folder / name, index=False)
    if name.endswith(".data"):
        source["format"] = "csv"
    loaded = company.load({"data": {"tables": {"people": source}}})
    pd.testing.assert_frame_equal(loaded.people, plain)
    assert loaded.report.table("people").source == name
    assert loaded.digests["people"] != loaded.digests["applications"]
