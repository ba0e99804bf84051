"""A run publishes everything or nothing, keeps what still holds, and drops what does not."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from tiny import NOTEBOOKS, contents, edit, runs, tiny_cycle, write_notebook

from revmentor.cycle.pages import page_of
from revmentor.cycle.run import run_cycle
from revmentor.errors import InputError, RevmentorError


@pytest.fixture
def tiny(repository: Path, tmp_path: Path) -> Path:
    return tiny_cycle(repository, tmp_path / "bench")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> tuple[Path, str]:
    """The result of one whole run, to be read only, and what the run said."""
    said = io.StringIO()
    root = tiny_cycle(repository, tmp_path_factory.mktemp("ran") / "bench")
    return run_cycle("tiny", root=root, progress=said), said.getvalue()


def manifest_of(result: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((result / "manifest.json").read_text())
    return manifest


def test_whole_run_writes_the_promised_layout(ran: tuple[Path, str]) -> None:
    result, said = ran
    assert {path.name for path in result.iterdir()} == {
        "manifest.json",
        "params.resolved.yaml",
        "run.log",
        "notebooks",
        "restricted",
        "report",
    }
    assert {path.name for path in (result / "report").glob("*.html")} == {
        "index.html",
        "objectives.html",
        "participants.html",
        "review.html",
    }
    assert {path.name for path in (result / "restricted").glob("*.html")} == {
        "matching.html",
        "launch.html",
    }
    for path in result.rglob("*"):
        mode = path.stat().st_mode & 0o777
        if "restricted" in path.relative_to(result).parts:
            assert mode == (0o700 if path.is_dir() else 0o600), path
        elif path.name in ("run.log", "03_matching.ipynb", "04_launch.ipynb"):
            assert mode == 0o600, "it shows every number, or what notebooks printed"
        else:
            assert mode == (0o755 if path.is_dir() else 0o644), path
    assert [name for name in NOTEBOOKS if f"{name}: done in" in said] == list(NOTEBOOKS)
    assert page_of(result) == result / "report" / "index.html"
    beside = {path.name for path in result.parent.iterdir()}
    assert beside == {"base", ".lock-base"}


def test_manifest_describes_inputs_stages_and_files(ran: tuple[Path, str]) -> None:
    result, _ = ran
    manifest = manifest_of(result)
    assert set(manifest["inputs"]) == {"people", "applications"}
    assert [stage["stage"] for stage in manifest["stages"]] == [
        "plan",
        "match",
        "launch",
        "review",
        "report",
    ]
    assert [book["notebook"] for stage in manifest["stages"] for book in stage["notebooks"]] == [
        *NOTEBOOKS
    ]
    assert "report/data/03_matching.json" in manifest["stages"][1]["files"]
    on_disk = {name for name in contents(result) if name != "manifest.json"}
    assert set(manifest["files"]) == on_disk


def test_shared_pages_link_to_shared_pages_only(ran: tuple[Path, str]) -> None:
    result, _ = ran
    shared = (result / "report" / "index.html").read_text()
    restricted = (result / "restricted" / "matching.html").read_text()
    assert 'href="objectives.html"' in shared
    assert "restricted" not in shared.split("<main")[1]
    assert "matching.html" not in shared
    assert 'href="../report/index.html"' in restricted
    assert 'href="launch.html"' in restricted
    for page in result.rglob("*.html"):
        for href in page.read_text().split('href="')[1:]:
            target = href.split('"')[0]
            assert target.startswith("#") or (page.parent / target).resolve().is_file()


def test_executed_notebooks_got_the_parameters(ran: tuple[Path, str]) -> None:
    result, _ = ran
    for name in NOTEBOOKS:
        content = json.loads((result / "report" / "data" / f"{name}.json").read_text())
        assert content["content"] == {"cycle": "tiny"}
        source = json.loads((result.parents[2] / "notebooks" / f"{name}.ipynb").read_text())
        assert not any(cell.get("outputs") for cell in source["cells"])


def test_named_stage_runs_the_stale_ones_before_it_and_drops_what_no_longer_fits(
    tiny: Path,
) -> None:
    result = run_cycle("tiny", stage="match", root=tiny)
    assert runs(tiny) == ["01_objectives", "02_participants", "03_matching"]
    assert not (result / "report" / "index.html").exists()
    assert page_of(result) == result / "restricted" / "matching.html"

    (tiny / "tiny/training.csv").write_text("person_id,module,status\nP-001,a,attended\n")
    run_cycle("tiny", stage="launch", root=tiny)
    assert runs(tiny) == ["04_launch"]
    manifest = manifest_of(result)
    assert [stage["status"] for stage in manifest["stages"]] == ["kept", "kept", "done"]
    assert set(manifest["inputs"]) == {"people", "applications", "training"}

    before = contents(result)
    run_cycle("tiny", stage="match", root=tiny)
    assert runs(tiny) == ["03_matching"]
    after = contents(result)
    assert set(after) == set(before)
    assert after["restricted/04_launch.txt"] == before["restricted/04_launch.txt"]
    assert set(manifest_of(result)["inputs"]) == {"people", "applications", "training"}

    write_notebook(tiny, "03_matching", "share('clock', 1)")
    said = io.StringIO()
    run_cycle("tiny", stage="match", root=tiny, progress=said)
    assert runs(tiny) == ["03_matching"]
    assert "plan: up to date, kept." in said.getvalue()
    assert "launch: left out" in said.getvalue()
    assert not [name for name in contents(result) if "launch" in name]
    assert set(manifest_of(result)["inputs"]) == {"people", "applications"}


def test_scenarios_have_results_of_their_own(tiny: Path) -> None:
    base = run_cycle("tiny", stage="plan", root=tiny)
    before = contents(base)
    (tiny / "params/scenarios/other.yaml").write_text("why: to see\nsolver:\n  seed: 3\n")
    other = run_cycle("tiny", "other", stage="plan", root=tiny)
    assert other == base.with_name("other")
    assert contents(base) == before
    assert manifest_of(other)["seed"] == 3


def test_outputs_and_data_can_be_elsewhere(tiny: Path, tmp_path: Path, repository: Path) -> None:
    elsewhere = tiny_cycle(repository, tmp_path / "elsewhere", ())
    edit(elsewhere / "tiny/people.csv", "Ada Lovelace", "Someone Else")
    data = elsewhere / "tiny"
    result = run_cycle("tiny", stage="plan", root=tiny, outputs=tmp_path / "o", data=data)
    assert result == tmp_path / "o" / "tiny" / "base"
    assert not (tiny / "outputs").exists()
    read = hashlib.sha256((data / "people.csv").read_bytes()).hexdigest()
    assert manifest_of(result)["inputs"]["people"] == {"sha256": read}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cycle": "../tiny"}, "characters that are not allowed"),
        ({"cycle": "data"}, "reserved"),
        ({"scenario": "a/b"}, "characters that are not allowed"),
        ({"stage": "matching"}, "use one of plan, match"),
        ({"data": "/no/such/folder"}, "there is no such folder"),
        ({"root": "/"}, "no params/base.yaml"),
    ],
)
def test_wrong_words_are_refused_before_anything_is_written(
    tiny: Path, change: dict[str, str], message: str
) -> None:
    words = {"cycle": "tiny", "root": str(tiny), **change}
    with pytest.raises(InputError, match=message):
        run_cycle(**words)
    assert runs(tiny) == []
    assert not (tiny / "outputs" / "tiny").exists()


def test_broken_table_is_found_before_any_kernel_starts(tiny: Path) -> None:
    edit(tiny / "tiny/people.csv", "P-002,1,Finance", "P-001,1,Finance")
    with pytest.raises(InputError, match=r"people\.csv"):
        run_cycle("tiny", root=tiny)
    assert runs(tiny) == []
    assert not (tiny / "outputs" / "tiny").exists()


def test_notebook_that_cannot_take_the_parameters_is_refused(tiny: Path) -> None:
    write_notebook(tiny, "02_participants", parameters="cycle = ''\nscenario: str = ''")
    (tiny / "notebooks" / "03_matching.ipynb").write_text("not json")
    (tiny / "notebooks" / "04_launch.ipynb").unlink()
    with pytest.raises(InputError) as caught:
        run_cycle("tiny", root=tiny)
    message = str(caught.value)
    assert "02_participants.ipynb: no cell tagged `parameters` sets root, data, workdir" in message
    assert "this is not a notebook" in message
    assert "there is no such notebook" in message
    assert runs(tiny) == []


def test_name_of_a_person_in_a_shared_file_stops_the_publishing(tiny: Path) -> None:
    write_notebook(tiny, "01_objectives", "print('Ada Lovelace')")
    with pytest.raises(RevmentorError) as caught:
        run_cycle("tiny", stage="plan", root=tiny)
    assert "notebooks/01_objectives.ipynb, report/objectives.html" in str(caught.value)
    assert "Ada" not in str(caught.value)
    assert not (tiny / "outputs" / "tiny" / "base").exists()


def test_notebook_that_writes_beside_the_workspace_is_refused(tiny: Path) -> None:
    write_notebook(tiny, "01_objectives", "write('stray.txt', 'x', 0o644)")
    with pytest.raises(RevmentorError, match=r"belong to no result: stray\.txt"):
        run_cycle("tiny", stage="plan", root=tiny)


def test_notebook_that_rewrites_an_earlier_stage_is_refused(tiny: Path) -> None:
    write_notebook(tiny, "03_matching", "share('01_objectives', 1)")
    with pytest.raises(RevmentorError, match=r"stage match wrote files of an earlier stage again"):
        run_cycle("tiny", stage="match", root=tiny)


def test_certificate_summary_reaches_the_manifest_and_the_pages(tiny: Path) -> None:
    summary = {"status": "proven optimal", "objective": 2.5, "bound": 2.5, "gap": 0.0}
    write_notebook(tiny, "01_objectives", f"share('certificate_summary', {summary!r})")
    result = run_cycle("tiny", stage="plan", root=tiny)
    assert manifest_of(result)["matching"] == summary
    assert "proven optimal" in (result / "report" / "objectives.html").read_text()


def test_exact_totals_reach_the_manifest_and_no_shared_file(tiny: Path) -> None:
    write_notebook(
        tiny,
        "01_objectives",
        "share('certificate_summary', {'status': 'optimal', 'gap': 0.0})\n"
        "exact = {'schema': 1, 'content': {'objective': 2.718281, 'gap': 0.0}}\n"
        "keep('certificate_totals.json', json.dumps(exact))",
    )
    result = run_cycle("tiny", stage="plan", root=tiny)
    assert manifest_of(result)["matching"]["objective"] == 2.718281
    shared = [path for path in (result / "report").rglob("*") if path.is_file()]
    assert not [path for path in shared if b"2.718281" in path.read_bytes()]
