"""Artefacts survive the way through a file, stay private where they name people, and say where
they come from when they are not there."""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from revmentor.errors import InputError
from revmentor.publish.atomic import PRIVATE_FILE, write_bytes, write_text
from revmentor.publish.cells import inert, restore, to_csv
from revmentor.publish.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "work", {"pairs": "03_matching"})


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": pd.array(["00123", "é=1", None], dtype="str"),
            "capacity": pd.array([1, None, 3], dtype="Int64"),
            "score": [0.5, float("nan"), 1.0],
            "on": pd.to_datetime(["2026-01-02", None, "2026-03-04"]).astype("datetime64[us]"),
            "skills": pd.Series([("Python", "SQL"), (), ("R",)], dtype=object),
            "kept": [True, False, True],
        }
    )


def test_table_comes_back_with_its_types(workspace: Workspace) -> None:
    workspace.write_table("pool", frame())
    pd.testing.assert_frame_equal(workspace.read_table("pool"), frame())


def test_table_of_empty_lists_and_no_rows_comes_back(workspace: Workspace) -> None:
    only_empty = pd.DataFrame({"id": ["a"], "skills": pd.Series([()], dtype=object)})
    workspace.write_table("pool", only_empty)
    pd.testing.assert_frame_equal(workspace.read_table("pool"), only_empty)
    workspace.write_table("none", frame().iloc[:0])
    assert list(workspace.read_table("none").columns) == list(frame().columns)


def test_restricted_is_private_and_shared_is_not(workspace: Workspace) -> None:
    old = os.umask(0o077)
    try:
        table = workspace.write_table("pairs", frame(), csv=True)
        pack = workspace.write_text("packs/pair 1/a.txt", "hello")
        shared = workspace.write_json("facts", {"n": 1}, restricted=False)
    finally:
        os.umask(old)
    assert table == workspace.folder / "restricted" / "pairs.parquet"
    assert [mode(path) for path in (table, table.with_suffix(".csv"), pack)] == [0o600] * 3
    assert [mode(path) for path in (table.parent, pack.parent, pack.parents[1])] == [0o700] * 3
    assert shared == workspace.folder / "report" / "data" / "facts.json"
    assert (mode(shared), mode(shared.parent)) == (0o644, 0o755)


def test_json_comes_back_in_plain_types(workspace: Workspace) -> None:
    value = {
        "n": np.int64(3),
        "share": np.float64(0.5),
        "none": float("inf"),
        "missing": pd.NA,
        "on": dt.date(2026, 1, 2),
        "list": (1, np.array([2, 3])),
        "ümlaut": True,
    }
    path = workspace.write_json("facts", value, restricted=False)
    assert workspace.read_json("facts") == {
        "n": 3,
        "share": 0.5,
        "none": None,
        "missing": None,
        "on": "2026-01-02",
        "list": [1, [2, 3]],
        "ümlaut": True,
    }
    assert json.loads(path.read_text(encoding="utf-8"))["schema"] == 1


def test_json_refuses_what_it_cannot_keep(workspace: Workspace) -> None:
    with pytest.raises(TypeError, match="DataFrame has no place in JSON"):
        workspace.write_json("facts", {"table": frame()}, restricted=True)
    assert not workspace.has("facts")


def test_every_artefact_carries_the_schema(workspace: Workspace) -> None:
    path = workspace.write_table("pairs", frame())
    assert json.loads(pq.read_schema(path).metadata[b"revmentor"]) == {"schema": 1, "name": "pairs"}


def test_artefact_of_another_schema_is_refused(workspace: Workspace) -> None:
    path = workspace.write_json("facts", 1, restricted=False)
    path.write_text('{"schema": 99, "content": 1}')
    with pytest.raises(
        InputError, match=r"facts\.json: this artefact has schema 99.*run the cycle"
    ):
        workspace.read_json("facts")


def test_absent_artefact_names_the_notebook_that_writes_it(workspace: Workspace) -> None:
    assert not workspace.has("pairs")
    with pytest.raises(InputError, match="run the notebook 03_matching first"):
        workspace.read_table("pairs")
    with pytest.raises(InputError, match="run the notebook that writes other first"):
        workspace.read_json("other")


@pytest.mark.parametrize("name", ["../escape", "/etc/x", "a/../../b", "", "nul\0"])
def test_names_stay_inside_the_folder(workspace: Workspace, name: str) -> None:
    with pytest.raises(ValueError, match="stays inside"):
        workspace.write_text(name, "x")


def test_end_mark_is_set_and_cleared(workspace: Workspace) -> None:
    assert not workspace.is_done("03_matching")
    workspace.mark_done("03_matching", pairs=3)
    assert workspace.is_done("03_matching")
    workspace.clear_done("03_matching")
    workspace.clear_done("03_matching")
    assert not workspace.is_done("03_matching")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@a", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠a", "'=1", "''-x"],
)
def test_formulas_are_inert_and_restored(text: str) -> None:
    assert inert(text) == "'" + text
    assert restore(inert(text)) == text


@pytest.mark.parametrize("text", ["", "plain", "a=b", "'quoted'", "'", "5-Jan", " =x"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert inert(text) == text == restore(text)


def test_csv_is_safe_in_cells_lists_and_headers() -> None:
    table = pd.DataFrame(
        {
            "name": ["=HYPERLINK(1)", None],
            "skills": [("=cmd", "SQL"), ()],
            "@n": [-1, 2],
            "on": pd.to_datetime(["2026-01-02", None]),
        }
    )
    lines = to_csv(table).decode("utf-8-sig").split("\r\n")
    assert lines == [
        "name,skills,'@n,on",
        "'=HYPERLINK(1),'=cmd;SQL,-1,2026-01-02",
        ",,2,",
        "",
    ]


def test_atomic_write_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    target = write_text(tmp_path / "a.txt", "old")
    write_bytes(target, b"new", PRIVATE_FILE)
    assert target.read_text() == "new"
    assert mode(target) == 0o600
    assert os.listdir(tmp_path) == ["a.txt"]


def test_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    target = write_text(tmp_path / "a.txt", "old")
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from revmentor.publish.atomic import write_bytes\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "write_bytes(Path(sys.argv[1]), b'x' * 100_000)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(target)], capture_output=True, text=True)
    assert done.returncode != 0
    assert "OSError" in done.stderr
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000
