"""The charter of a real run: on the first page, to print, to send, and never changed unseen."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from docx import Document
from workbenches import workbench

from revmentor.publish.leaks import page_text
from tests.conftest import command


def said(path: Path) -> str:
    return re.sub(r"\s+", " ", page_text(path.read_text(encoding="utf-8")))


def test_the_first_page_tells_what_could_be_seen(demo_result: Path) -> None:
    text = said(demo_result / "report" / "objectives.html")
    assert re.search(
        r"\d+ pairs are enough to tell all five targets from where the figures stand", text
    )
    assert re.search(r"With \d+ mentees we would see a change of 0\.\d+ points", text)
    assert "Version 1 of the charter" in text
    assert "Nothing is missing from the charter." in text
    assert "met if the whole 95% interval reaches the target" in text
    power = json.loads((demo_result / "report" / "data" / "power.json").read_text())["content"]
    assert [curve["criterion"] for curve in power["curves"]][1] == "Pairs meet early"


def test_the_charter_is_published_to_print_and_to_send(demo_result: Path) -> None:
    page = demo_result / "report" / "charter.html"
    document = Document(str(demo_result / "report" / "charter.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    sent = "\n".join([*(each.text for each in document.paragraphs), *cells])
    for line in ("Pairs keep meeting", "70% (as the coordinator counted in the last cycle)"):
        assert line in said(page)
        assert line in sent
    for other in ("objectives", "participants", "review", "index"):
        assert 'href="charter.html"' in (demo_result / "report" / f"{other}.html").read_text()
    assert "http" not in re.sub(r"http-equiv", "", page.read_text())
    assert stat.S_IMODE(page.stat().st_mode) == 0o644


def test_the_version_is_kept_beside_the_results(demo_result: Path) -> None:
    [version] = json.loads((demo_result.parent / "charters.json").read_text())["versions"]
    assert version["number"] == 1
    assert version["digest"] in said(demo_result / "report" / "charter.html")
    assert stat.S_IMODE((demo_result.parents[1] / "history.duckdb").stat().st_mode) == 0o600


@pytest.fixture
def moved(demo_result: Path, tmp_path: Path) -> Path:
    """A workbench in which a target was lowered after the first publication."""
    workbench(tmp_path)
    home = tmp_path / "outputs" / "demo"
    home.mkdir(parents=True)
    shutil.copytree(demo_result.parent / "data", home / "data")
    shutil.copy(demo_result.parent / "charters.json", home / "charters.json")
    cycle = tmp_path / "params" / "cycles" / "demo.yaml"
    text = cycle.read_text()
    assert text.count("target: 0.90") == 1
    cycle.write_text(text.replace("target: 0.90", "target: 0.75"))
    return tmp_path


def test_a_target_that_moves_is_told_on_every_charter(moved: Path) -> None:
    done = subprocess.run(
        [str(command("revmentor")), "run", "demo", "--stage", "plan", "--root", str(moved)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = moved / "outputs" / "demo" / "base" / "report"
    told = "the target of “Pairs meet early” went from 90% to 75%"
    for page in ("objectives", "charter"):
        text = said(report / f"{page}.html")
        assert "Version 2 of the charter" in text
        assert told in text
        assert "Changed after the first data were there" in text
    versions = json.loads((moved / "outputs" / "demo" / "charters.json").read_text())["versions"]
    assert [each["number"] for each in versions] == [1, 2]
    assert versions[1]["changed"] == [told]
