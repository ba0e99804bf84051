"""An approved match is frozen: whatever changes, no run replaces the pairs that are running."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from approval_cases import PAIRS, match, matching_cycle
from tiny import contents, edit, runs

from revmentor.cycle import trail
from revmentor.cycle.approving import approve, reopen
from revmentor.cycle.check import check_cycle
from revmentor.cycle.reuse import Plan, Published, plan
from revmentor.cycle.run import run_cycle
from revmentor.cycle.stages import STAGE_NAMES, stages_up_to
from revmentor.errors import InputError
from revmentor.publish.workspace import Workspace

OTHER = (("P-001", "P-004"), ("P-002", "P-003"))
NEWER = "P-005,1,Legal,Emmy Noether\n"


def pairs_in(result: Path) -> list[tuple[str, str]]:
    frame = Workspace(result).read_table("pairs")
    return list(zip(frame["mentor_id"], frame["mentee_id"], strict=True))


def packs(result: Path) -> str:
    return (result / "restricted" / "packs.txt").read_text()


@pytest.fixture(scope="module")
def approved(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbench whose cycle is published whole and approved, with packs; to be copied."""
    root = matching_cycle(repository, tmp_path_factory.mktemp("approved") / "bench")
    result = run_cycle("tiny", root=root)
    assert packs(result) == "no packs: this match is a draft"
    approve("tiny", "Ann", root=root)
    said = io.StringIO()
    runs(root)
    assert run_cycle("tiny", stage="launch", root=root, progress=said) == result
    assert runs(root) == ["04_launch", "05_review", "06_report"]
    assert packs(result).startswith("approved by Ann on ")
    return root


@pytest.fixture
def bench(approved: Path, tmp_path: Path) -> Path:
    root = tmp_path / "bench"
    shutil.copytree(approved, root)
    runs(root)
    return root


def ran(root: Path, stage: str) -> tuple[list[str], str]:
    said = io.StringIO()
    run_cycle("tiny", stage=stage, root=root, progress=said)
    return runs(root), said.getvalue()


def test_newer_roster_and_other_pairs_leave_the_approved_match(bench: Path) -> None:
    result = bench / "outputs" / "tiny" / "base"
    before = contents(result / "restricted")["pairs.parquet"]
    match(bench, *OTHER)
    with (bench / "tiny" / "people.csv").open("a") as stream:
        stream.write(NEWER)
    names, said = ran(bench, "review")
    assert names == ["01_objectives", "02_participants", "04_launch", "05_review", "06_report"]
    assert "match: kept as approved by Ann on " in said
    assert "revmentor reopen tiny to match anew." in said
    assert contents(result / "restricted")["pairs.parquet"] == before
    assert packs(result).startswith("approved by Ann")
    assert [s["stage"] for s in json.loads((result / "manifest.json").read_text())["stages"]] == [
        *STAGE_NAMES
    ]
    assert ran(bench, "review")[0] == ["05_review"]


@pytest.mark.parametrize("stage", ["plan", "match", "all"])
def test_changed_target_drops_no_later_stage(bench: Path, stage: str) -> None:
    match(bench, *OTHER)
    edit(bench / "params" / "cycles" / "tiny.yaml", "title: Tiny", "title: Tiny, refined")
    names, said = ran(bench, stage)
    assert names == ["01_objectives", "02_participants", "04_launch", "05_review", "06_report"]
    assert "left out" not in said
    result = bench / "outputs" / "tiny" / "base"
    assert pairs_in(result) == [*PAIRS]
    assert (result / "report" / "index.html").is_file()


def test_single_stage_alone_keeps_all_others(bench: Path) -> None:
    names, said = ran(bench, "match")
    assert names == []
    assert said.startswith("plan: up to date, kept.\nmatch: kept as approved by Ann")
    names, said = ran(bench, "plan")
    assert names == ["01_objectives", "02_participants"]
    assert "left out" not in said


def test_later_stages_are_renewed_where_the_plan_says_something_else(bench: Path) -> None:
    notebook = bench / "notebooks" / "02_participants.ipynb"
    text = notebook.read_text()
    notebook.write_text(text.replace("02_participants ran", "02_participants ran again"))
    assert ran(bench, "plan")[0] == [
        "01_objectives", "02_participants", "04_launch", "05_review", "06_report",
    ]  # fmt: skip


def test_reopened_match_is_made_anew_and_has_no_packs(bench: Path) -> None:
    reopen("tiny", "Bob", "two people left", root=bench)
    match(bench, *OTHER)
    edit(bench / "params" / "cycles" / "tiny.yaml", "title: Tiny", "title: Tiny, refined")
    assert "03_matching" in ran(bench, "launch")[0]
    result = bench / "outputs" / "tiny" / "base"
    assert pairs_in(result) == [*OTHER]
    assert packs(result) == "no packs: this match is a draft"
    approve("tiny", "Ann", root=bench)
    assert ran(bench, "launch")[0] == ["04_launch"]
    assert packs(result).startswith("approved by Ann")


def test_damage_to_the_approved_match_stops_a_run_with_the_cure(bench: Path) -> None:
    result = bench / "outputs" / "tiny" / "base"
    (result / "report" / "index.html").unlink()
    assert "03_matching" not in ran(bench, "report")[0]
    before = contents(result)
    pairs = result / "restricted" / "pairs.parquet"
    content = pairs.read_bytes()
    pairs.write_bytes(content[:-1] + b"x")
    for stage in ("all", "review", "plan"):
        with pytest.raises(InputError, match=r"stands approved by Ann.*revmentor reopen tiny"):
            run_cycle("tiny", stage=stage, root=bench)
    assert runs(bench) == []
    pairs.write_bytes(content)
    assert contents(result) == before
    shutil.rmtree(result)
    with pytest.raises(InputError, match="put this folder back from a backup"):
        run_cycle("tiny", root=bench)
    reopen("tiny", "Ann", "the folder is lost", root=bench)
    assert "03_matching" in ran(bench, "all")[0]


def test_people_of_the_approved_match_must_be_there(bench: Path) -> None:
    edit(bench / "tiny" / "applications.csv", "P-003,mentee,,Python\n", "")
    with pytest.raises(InputError, match="not in the table applications any more") as caught:
        run_cycle("tiny", stage="review", root=bench)
    (fault,) = caught.value.faults
    assert (fault.file, fault.row, fault.column) == ("restricted/pairs.csv", 2, "mentee_id")
    assert runs(bench) == []
    with pytest.raises(InputError, match="not in the table applications any more"):
        check_cycle("tiny", root=bench)


def leave(root: Path, on: str) -> None:
    """P-003 leaves on this day."""
    people = root / "tiny" / "people.csv"
    head, *rows = people.read_text().splitlines()
    days = [on if row.startswith("P-003,") else "" for row in rows]
    told = [f"{head},left_on", *(f"{row},{day}" for row, day in zip(rows, days, strict=True))]
    people.write_text("\n".join(told) + "\n")


def test_a_check_says_that_somebody_of_the_approved_match_has_left(bench: Path) -> None:
    assert "has left" not in check_cycle("tiny", root=bench).text()
    leave(bench, "2026-03-01")
    edit(bench / "params" / "cycles" / "tiny.yaml", "data:", "review: {as_of: 2026-02-28}\ndata:")
    assert "has left" not in check_cycle("tiny", root=bench).text()
    edit(bench / "params" / "cycles" / "tiny.yaml", "2026-02-28", "2026-03-01")
    told = check_cycle("tiny", root=bench).text()
    assert "note: somebody of the approved match has left (people.left_on), in 1 pair: " in told
    assert "`revmentor run tiny --stage launch` closes their links" in told
    assert "P-003" not in told


def test_other_scenarios_stay_free_as_drafts(bench: Path) -> None:
    (bench / "params" / "scenarios" / "other.yaml").write_text(
        "why: to compare\nmatching:\n  weights:\n    skills: 0.5\n"
    )
    match(bench, *OTHER)
    result = run_cycle("tiny", "other", stage="launch", root=bench)
    assert pairs_in(result) == [*OTHER]
    assert packs(result) == "no packs: this match is a draft"


def test_a_cut_trail_stops_a_run(bench: Path) -> None:
    (bench / "outputs" / "tiny" / trail.FILE).unlink()
    with pytest.raises(InputError, match="it is not there any more"):
        run_cycle("tiny", root=bench)
    assert runs(bench) == []


def test_a_cycle_that_approves_itself_says_so_once_and_is_not_frozen(
    repository: Path, tmp_path: Path
) -> None:
    root = matching_cycle(repository, tmp_path / "bench")
    edit(root / "params" / "cycles" / "tiny.yaml", "data:", "launch: {approval: cycle}\ndata:")
    itself = "approved by the cycle itself, as params/cycles/tiny.yaml says: launch.approval"
    result = run_cycle("tiny", stage="launch", root=root)
    assert packs(result) == itself
    run_cycle("tiny", stage="match", root=root)
    home = result.parent
    entries = trail.read(home).entries
    assert [(entry.what, entry.by, entry.facts["reason"]) for entry in entries] == [
        ("approved", "", itself.removeprefix("approved by the cycle itself, "))
    ]
    match(root, *OTHER)
    run_cycle("tiny", stage="match", root=root)
    assert pairs_in(result) == [*OTHER]
    assert [entry.n for entry in trail.read(home).entries] == [1, 2]


def test_what_is_kept_run_and_renewed(approved: Path) -> None:
    published = Published.read(approved / "outputs" / "tiny" / "base")
    fresh = {name: str(record["fingerprint"]) for name, record in published.stages.items()}

    def decide(stage: str, **changed: str) -> tuple[list[str], list[str], list[str]]:
        found: Plan = plan(
            stages_up_to(stage), stage == "all", {**fresh, **changed}, published, "match"
        )
        assert found.renew
        kept, run, later = found.kept, found.run, found.later
        return [s.name for s in kept], [s.name for s in run], [s.name for s in later]

    rest = ["launch", "review", "report"]
    assert decide("all") == (["match"], ["plan", *rest], [])
    assert decide("plan") == (["match"], ["plan"], rest)
    assert decide("match") == (["plan", "match"], [], rest)
    assert decide("review") == (["plan", "match", "launch"], ["review"], ["report"])
    assert decide("review", plan="x") == (["match", "launch"], ["plan", "review"], ["report"])
    gone = {"launch": "x", "review": "x", "report": "x"}
    assert decide("plan", plan="x", **gone) == (["match"], ["plan", *rest], [])
    assert decide("match", report="x") == (["plan", "match"], ["report"], ["launch", "review"])
