"""Tables and slides of a report, opened again: the same numbers, nothing runs, nobody is named."""

from __future__ import annotations

import base64
import csv
import io
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pytest
from matplotlib import image
from nbformat.v4 import new_code_cell, new_notebook, new_output

from revmentor.disclosure import (
    Disclosed,
    disclose_counts,
    disclose_distribution,
    disclose_estimate,
    disclose_estimates,
)
from revmentor.figures import timeline
from revmentor.metrics.estimate import mean, proportion
from revmentor.names import SLIDE_TYPE, SLIDES_WANTED
from revmentor.params import load_params
from revmentor.paths import workbench_root
from revmentor.planning import phases
from revmentor.publish.cells import restore
from revmentor.publish.export import WORKBOOK, as_table, export_tables, kinds
from revmentor.publish.leaks import People, leaks
from revmentor.publish.slides import FOLDER, take_slides
from revmentor.publish.workspace import Workspace

BAD = "=HYPERLINK(1)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run's folder with a value of each common kind, and facts that are no table."""
    counts = pd.DataFrame({"mentor": [30, 2, 12], "mentee": [10, 20, 9]}, index=[BAD, "b", "c"])
    found: dict[str, Disclosed] = {
        "counts": disclose_counts(counts, 5, totals="both", row_name="department"),
        "one": disclose_estimate(proportion(40, 60, "pairs"), 5),
        "several": disclose_estimates(
            {
                "before": mean(pd.Series([1.0, 2.0, 4.0] * 9), "points", "mentees"),
                "after": proportion(2, 3, "pairs"),
            },
            5,
            "when",
        ),
        "spread": disclose_distribution(
            pd.Series([0.1] * 20 + [0.8] * 20), 5, step=0.1, unit="share", of="goals"
        ),
    }
    work = Workspace(tmp_path / "run")
    for name, value in found.items():
        work.write_json(name, value.to_json(), restricted=False)
    work.write_json("facts", {"absent": ["goals"]}, restricted=False)
    work.write_json("hidden", found["one"].to_json(), restricted=True)
    return tmp_path / "run"


def test_every_disclosed_table_is_a_sheet_and_a_csv_file(folder: Path) -> None:
    files = export_tables(folder, "Spring", 5)
    assert [path.relative_to(folder).as_posix() for path in files] == [
        "report/tables.xlsx",
        *(f"report/tables/{name}.csv" for name in ("counts", "one", "several", "spread")),
    ]
    book = openpyxl.load_workbook(folder / WORKBOOK)
    assert book.sheetnames == ["about", "counts", "one", "several", "spread"]
    about = [[cell.value for cell in row] for row in book["about"].iter_rows()]
    assert about[0][0] == "Spring"
    assert "fewer than 5" in about[1][0]
    for name in book.sheetnames[1:]:
        text = (folder / "report" / "tables" / f"{name}.csv").read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        cells = [
            ["" if cell.value is None else str(cell.value) for cell in row]
            for row in book[name].iter_rows()
        ]
        assert cells == rows, name


def test_numbers_are_numbers_with_units_interval_and_n(folder: Path) -> None:
    export_tables(folder, "Spring", 5)
    book = openpyxl.load_workbook(folder / WORKBOOK)
    head, row = list(book["one"].iter_rows(values_only=True))
    one = dict(zip(head, row, strict=True))
    share = proportion(40, 60, "pairs")
    assert one["value"] == pytest.approx(share.value, abs=0.006)
    assert one["low (95%)"] == pytest.approx(share.low, abs=0.006)
    assert (one["unit"], one["n"], one["n counts"]) == ("share", 60, "pairs")
    assert book["one"]["A2"].number_format == "0.0%"
    head, _, after = list(book["several"].iter_rows(values_only=True))
    several = dict(zip(head, after, strict=True))
    assert (several["when"], several["value"], several["in words"]) == (
        "after",
        None,
        "fewer than 5 pairs",
    )
    head, *rows = list(book["counts"].iter_rows(values_only=True))
    assert head[:3] == ("department", "mentor (people)", "mentee (people)")
    assert rows[0][1] in (30, "not shown")
    assert all(2 not in row for row in rows)


def test_no_cell_runs(folder: Path) -> None:
    export_tables(folder, BAD, 5)
    book = openpyxl.load_workbook(folder / WORKBOOK)
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    label = book["counts"]["A2"].value
    assert label == f"'{BAD}"
    assert restore(label) == BAD


def test_the_same_values_give_the_same_bytes(folder: Path) -> None:
    first = [path.read_bytes() for path in export_tables(folder, "Spring", 5)]
    assert first == [path.read_bytes() for path in export_tables(folder, "Spring", 5)]


def test_without_disclosed_values_there_is_no_file(tmp_path: Path) -> None:
    assert export_tables(tmp_path, "Spring", 5) == ()
    assert list(tmp_path.iterdir()) == []


def test_the_last_look_sees_a_name_in_the_workbook(folder: Path) -> None:
    names = pd.DataFrame({"x": [30, 40]}, index=["Ada Lovelace", "b"])
    told = disclose_counts(names, 5, totals="none")
    Workspace(folder).write_json("named", told.to_json(), restricted=False)
    export_tables(folder, "Spring", 5)
    roster = pd.DataFrame({"person_id": ["E-1"], "name": ["Ada Lovelace"]})
    assert set(leaks(folder, People.of(roster))) == {
        "report/data/named.json",
        "report/tables.xlsx",
        "report/tables/named.csv",
    }


def test_every_kind_of_disclosed_value_becomes_a_table(demo_result: Path) -> None:
    work = Workspace(demo_result)
    seen = set()
    for path in sorted((demo_result / "report" / "data").glob("*.json")):
        content = work.read_json(path.stem)
        if isinstance(content, dict) and content.get("kind") in kinds():
            table = as_table(path.stem, Disclosed.from_json(content))
            assert table.heads, path.stem
            assert all(len(row) == len(table.heads) for row in table.rows)
            seen.add(content["kind"])
    assert len(seen) >= 4
    files = {path.stem for path in (demo_result / "report" / "tables").glob("*.csv")}
    assert {"power", "quality", "funnel"} <= files
    assert (demo_result / WORKBOOK).is_file()
    pictures = list((demo_result / FOLDER).glob("*.png"))
    assert len(pictures) >= 8
    assert all(image.imread(path).shape[:2] == (1080, 1920) for path in pictures)
    for book in (demo_result / "notebooks").glob("*.ipynb"):
        assert SLIDE_TYPE not in book.read_text()
    assert not [path for path in pictures if path.name.startswith(("03_", "04_"))]


def test_a_slide_is_drawn_only_if_a_run_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    events = phases(load_params("demo", root=workbench_root()).params.programme)
    monkeypatch.delenv(SLIDES_WANTED, raising=False)
    plain = timeline(events)
    assert plain.slide == b""
    monkeypatch.setenv(SLIDES_WANTED, "1")
    asked = timeline(events)
    assert asked.png == plain.png
    assert image.imread(io.BytesIO(asked.slide)).shape[:2] == (1080, 1920)
    assert asked.slide == timeline(events).slide


def test_slides_leave_the_notebook_and_keep_their_findings_as_names(tmp_path: Path) -> None:
    def shown(words: str, png: bytes) -> nbformat.NotebookNode:
        data = {SLIDE_TYPE: base64.b64encode(png).decode(), "text/plain": words}
        return new_output("display_data", data=data)

    cells = [
        new_code_cell("a", outputs=[shown("Python is short. Bars.", b"1"), shown("…", b"2")]),
        new_code_cell("b", outputs=[shown("../../etc: <b>", b"3"), shown("Again.", b"1")]),
    ]
    place = tmp_path / "02_participants.ipynb"
    nbformat.write(new_notebook(cells=cells), place)
    place.chmod(0o600)
    (tmp_path / "report").mkdir()
    written = take_slides(place, tmp_path, shared=True)
    assert {path.name: path.read_bytes() for path in written} == {
        "02_participants-1-python-is-short.png": b"1",
        "02_participants-2.png": b"2",
        "02_participants-3-etc-b.png": b"3",
    }
    assert {path.parent for path in written} == {tmp_path / FOLDER}
    assert SLIDE_TYPE not in place.read_text()
    assert "Python is short" in place.read_text()
    assert place.stat().st_mode & 0o777 == 0o600
    assert take_slides(place, tmp_path, shared=True) == ()
    nbformat.write(
        new_notebook(cells=[new_code_cell("a", outputs=[shown("Secret.", b"9")])]), place
    )
    assert take_slides(place, tmp_path, shared=False) == ()
    assert SLIDE_TYPE not in place.read_text()
    assert len(list((tmp_path / FOLDER).iterdir())) == 3
