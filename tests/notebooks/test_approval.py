"""From a draft to an approved match, as a coordinator walks it: read, decide, match, approve."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from revmentor.cycle import trail
from revmentor.cycle.approving import approve
from revmentor.cycle.context import open_context
from revmentor.cycle.deciding import decide
from revmentor.cycle.run import run_cycle
from revmentor.publish.leaks import page_text
from revmentor.publish.workspace import Workspace

APPROVER = "Zoë Quill-Approver"


@pytest.fixture(scope="module")
def bench(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbench whose demo cycle waits for a person's approval, matched and published."""
    root = tmp_path_factory.mktemp("approval") / "bench"
    for name in ("params", "notebooks"):
        shutil.copytree(repository / name, root / name)
    cycle = root / "params" / "cycles" / "demo.yaml"
    text = cycle.read_text()
    assert text.count("approval: cycle") == 1
    cycle.write_text(text.replace("approval: cycle", "approval: person\n  pdf: never"))
    run_cycle("demo", stage="match", root=root)
    return root


def pairs_of(result: Path) -> set[tuple[str, str]]:
    frame = Workspace(result).read_table("pairs")
    return set(zip(frame["mentor_id"], frame["mentee_id"], strict=True))


def test_draft_decision_changes_approval_and_frozen(bench: Path, tmp_path: Path) -> None:
    result = bench / "outputs" / "demo" / "base"
    restricted = result / "restricted"
    page = " ".join(page_text((restricted / "matching.html").read_text()).split())
    assert "Match: draft, not approved yet." in page
    assert "revmentor approve demo --by NAME" in page
    assert "revmentor decide demo --by NAME" in page
    shared = page_text((result / "report" / "participants.html").read_text())
    assert "Match: draft, not approved yet." in shared
    assert json.loads((result / "manifest.json").read_text())["approval"]["state"] == "draft"
    assert not (restricted / "changes.csv").exists()

    book = openpyxl.load_workbook(restricted / "decisions.xlsx")
    sheet = book["Pairs"]
    heads = [cell.value for cell in sheet[1]]
    first = {head: sheet.cell(2, at).value for at, head in enumerate(heads, start=1)}
    before = pairs_of(result)
    unwanted = (str(first["mentor_id"]), str(first["mentee_id"]))
    assert unwanted in before
    assert sheet.max_row == len(before) + 1
    for head, text in (("decision", "forbid"), ("reason", "=they share an office")):
        sheet.cell(2, heads.index(head) + 1).value = text
    filled = tmp_path / "filled.xlsx"
    book.save(filled)
    decide("demo", filled, "Bo", root=bench)

    said = io.StringIO()
    run_cycle("demo", stage="match", root=bench, progress=said)
    after = pairs_of(result)
    assert unwanted not in after
    assert f"{len(before & after)} pairs as before, {len(before - after)} gone" in said.getvalue()
    changes = pd.read_csv(restricted / "changes.csv", dtype=str, keep_default_na=False)
    brought = changes.set_index(["mentor_id", "mentee_id"]).loc[unwanted]
    assert list(brought[["change", "decision", "by"]]) == ["gone", "forbid", "Bo"]
    assert brought["reason"] == "'=they share an office"
    where = "restricted/pairs.html and restricted/changes.csv"
    assert where in said.getvalue()
    assert where in page_text((restricted / "matching.html").read_text())
    told = page_text((restricted / "pairs.html").read_text())
    assert (
        told.index("What changed")
        < told.index("forbid: =they share an office")
        < told.index("All pairs")
    )
    listed = changes[changes["change"] != "gone"]
    assert set(zip(listed["mentor_id"], listed["mentee_id"], strict=True)) == after

    approve("demo", APPROVER, root=bench)
    run_cycle("demo", stage="launch", root=bench)
    assert pairs_of(result) == after
    short = trail.read(result.parent).entries[-1].short
    page = page_text((restricted / "matching.html").read_text())
    assert f"Match: approved by {APPROVER} on" in page
    assert short in page
    shared = page_text((result / "report" / "participants.html").read_text())
    assert "Match: approved on" in shared
    for path in result.rglob("*"):
        if path.is_file() and "restricted" not in path.relative_to(result).parts:
            assert APPROVER.encode() not in path.read_bytes(), path

    found = open_context("04_launch", "demo", "base", root=str(bench)).approval
    assert found is None  # nothing is in the draft folder of JupyterLab yet


def test_lab_takes_the_approved_match_and_leaves_drafts_free(bench: Path) -> None:
    from revmentor import lab

    result = bench / "outputs" / "demo" / "base"
    approved = pairs_of(result)
    step = lab.launch("demo", root=str(bench))
    found = step.context.approval
    assert found is not None
    assert found.by == APPROVER
    assert pairs_of(step.context.work.folder) == approved
    cycle = bench / "params" / "cycles" / "demo.yaml"
    cycle.write_text(cycle.read_text().replace("generation: 0.10", "generation: 0.90"))
    draft = lab.matching("demo", root=str(bench))
    draft.record()
    assert pairs_of(draft.context.work.folder) != approved
    assert draft.context.approval is None
    again = lab.launch("demo", root=str(bench))
    assert again.context.approval is not None
    assert pairs_of(again.context.work.folder) == approved
