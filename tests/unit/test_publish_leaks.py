"""What may be shared is searched for the names, addresses and ids of the roster."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from docx import Document

from revmentor.publish.leaks import People, leaks, notebook_text

ROSTER = pd.DataFrame(
    {
        "person_id": ["E-0001", "00042", "7", "1024", "smith"],
        "name": ["Ada Lovelace", "Jean-Luc O’Neil", None, "Madonna", "Anna Maria  di Rossi"],
        "email": ["ada@example.com", None, None, None, None],
    }
)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ada Lovelace leads", 1),
        ("ADA  LOVELACE, jean-luc o’neil", 2),
        ("Write to Ada@Example.com.", 1),
        ("Pair e-0001 with 00042", 2),
        ("Anna Maria di Rossi", 1),
        ("Ada leads, Lovelace follows; 7 of 1024; Madonna; smith", 0),
    ],
)
def test_mentions_are_counted(text: str, count: int) -> None:
    assert People.of(ROSTER).found_in(text) == count


def test_roster_without_names_finds_ids_only() -> None:
    people = People.of(ROSTER[["person_id"]])
    assert people.found_in("Ada Lovelace, E-0001") == 1


def test_pages_data_and_notebooks_are_searched(tmp_path: Path) -> None:
    for folder in ("report/data", "notebooks", "restricted"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "report/a.html").write_text(
        "<style>/* E-0001 */</style><p>Ada <b>Lovelace</b></p><img alt='E-0001'>"
    )
    (tmp_path / "report/clean.html").write_text("<p>Python is short</p>")
    (tmp_path / "report/data/b.json").write_text('{"who": "E-0001"}')
    pd.DataFrame({"id": ["00042"]}).to_parquet(tmp_path / "report/data/c.parquet")
    (tmp_path / "restricted/d.json").write_text('{"who": "E-0001"}')
    cell = {
        "cell_type": "code",
        "source": "E-0001",
        "outputs": [
            {"output_type": "stream", "name": "stdout", "text": ["E-0001\n"]},
            {"output_type": "display_data", "data": {"image/png": "RS0wMDAx"}},
            {"output_type": "display_data", "data": {"text/html": "<i>Ada Lovelace</i>"}},
        ],
    }
    book = json.dumps({"cells": [cell, {"cell_type": "markdown", "source": "x"}]})
    (tmp_path / "notebooks/e.ipynb").write_text(book)
    assert leaks(tmp_path, People.of(ROSTER)) == {
        "report/a.html": 2,
        "report/data/b.json": 1,
        "report/data/c.parquet": 1,
        "notebooks/e.ipynb": 2,
    }
    assert "RS0wMDAx" not in notebook_text(book)


def test_documents_and_workbooks_are_searched(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    document = Document()
    document.add_table(1, 1).cell(0, 0).text = "Ada Lovelace & E-0001"
    document.save(str(tmp_path / "report/charter.docx"))
    Document().save(str(tmp_path / "report/clean.docx"))
    pd.DataFrame({"who": ["00042"]}).to_excel(tmp_path / "report/tables.xlsx")
    found = leaks(tmp_path, People.of(ROSTER))
    assert found == {"report/charter.docx": 2, "report/tables.xlsx": 1}
