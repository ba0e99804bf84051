"""Which stages are kept, run or dropped: decided from fingerprints and from what is on disk."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tiny import tiny_cycle, write_notebook

from revmentor.cycle.fingerprint import code_digest, stage_fingerprints
from revmentor.cycle.reuse import Plan, Published, plan, same_artefacts
from revmentor.cycle.stages import STAGE_NAMES, STAGES, stages_up_to
from revmentor.errors import InputError

PRINTS = {name: f"print of {name}" for name in STAGE_NAMES}


@pytest.fixture
def result(tmp_path: Path) -> Path:
    """A published folder of all five stages, with one artefact and one notebook each."""
    files, stages = {}, []
    for name in STAGE_NAMES:
        names = [f"report/data/{name}.json", f"notebooks/{name}.ipynb"]
        for file in names:
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file)
            digest = hashlib.sha256(file.encode()).hexdigest()
            files[file] = {"sha256": digest, "size": len(file)}
        stages.append({"stage": name, "fingerprint": PRINTS[name], "files": names})
    told = {"cycle": "tiny", "scenario": "base", "created_at": "2026-01-12T09:00:00+00:00"}
    manifest = {"schema": 1, **told, "stages": stages, "files": files, "inputs": {}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def names(planned: Plan) -> tuple[list[str], list[str], list[str]]:
    kept, run, later = planned.kept, planned.run, planned.later
    return [s.name for s in kept], [s.name for s in run], [s.name for s in later]


def decide(stage: str, result: Path, **changed: str) -> tuple[list[str], list[str], list[str]]:
    prints = {**PRINTS, **changed}
    asked = stages_up_to(stage)
    return names(plan(asked, stage == "all", prints, Published.read(result)))


def test_named_stage_runs_though_nothing_has_changed(result: Path) -> None:
    assert decide("launch", result) == (["plan", "match"], ["launch"], ["review", "report"])


def test_all_runs_everything(result: Path) -> None:
    assert decide("all", result) == ([], [*STAGE_NAMES], [])


def test_nothing_published_runs_everything_before(tmp_path: Path) -> None:
    assert decide("launch", tmp_path) == ([], ["plan", "match", "launch"], [])


def test_stale_stage_takes_those_after_it_along(result: Path) -> None:
    assert decide("review", result, match="other") == (
        ["plan"],
        ["match", "launch", "review"],
        ["report"],
    )


def test_later_stages_go_from_the_first_that_no_longer_fits(result: Path) -> None:
    assert decide("plan", result, launch="other") == ([], ["plan"], ["match"])


def test_damaged_file_is_not_kept(result: Path) -> None:
    damaged = result / "report/data/plan.json"
    damaged.write_text(damaged.read_text().replace("plan", "plaN"))
    assert decide("match", result)[0] == []
    damaged.unlink()
    assert decide("match", result) == ([], ["plan", "match"], [])


def test_copies_carry_bytes_and_modes(result: Path, tmp_path_factory: Any) -> None:
    target = tmp_path_factory.mktemp("copy")
    (result / "report/data/plan.json").chmod(0o600)
    (result / "report/data").chmod(0o700)
    Published.read(result).copy("plan", target)
    copied = target / "report/data/plan.json"
    assert copied.read_bytes() == (result / "report/data/plan.json").read_bytes()
    assert (copied.stat().st_mode & 0o777, copied.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_same_artefacts_looks_at_data_not_at_executed_notebooks(
    result: Path, tmp_path_factory: Any
) -> None:
    again = tmp_path_factory.mktemp("again")
    published = Published.read(result)
    record = published.copy("match", again)
    (again / "notebooks/match.ipynb").write_text("later")
    assert same_artefacts(published, record, again)
    (again / "report/data/match.json").write_text("other")
    assert not same_artefacts(published, record, again)
    more = {**record, "files": [*record["files"], "report/data/more.json"]}
    assert not same_artefacts(published, more, again)
    assert not same_artefacts(Published(result), record, again)


def test_unknown_stage_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="plan, match, launch, review, report, all"):
        stages_up_to("matching")


def prints_of(root: Path, params: str = "p", **tables: str) -> dict[str, str]:
    return stage_fingerprints(STAGES, root, params, {"people": "1", **tables})


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [name for name in STAGE_NAMES if before[name] != after[name]]


def test_fingerprints_change_from_where_the_change_is_on(repository: Path, tmp_path: Path) -> None:
    root = tiny_cycle(repository, tmp_path / "bench")
    before = prints_of(root)
    assert changed(before, prints_of(root)) == []
    assert changed(before, prints_of(root, "other")) == [*STAGE_NAMES]
    assert changed(before, prints_of(root, people="2")) == [*STAGE_NAMES]
    assert changed(before, prints_of(root, training="1")) == ["launch", "review", "report"]
    assert changed(before, prints_of(root, sessions="1")) == ["review", "report"]
    write_notebook(root, "04_launch", "1 + 1")
    assert changed(before, prints_of(root)) == ["launch", "review", "report"]


def test_outputs_and_layout_of_a_notebook_do_not_count(repository: Path, tmp_path: Path) -> None:
    root = tiny_cycle(repository, tmp_path / "bench")
    before = prints_of(root)
    path = root / "notebooks" / "03_matching.ipynb"
    book = json.loads(path.read_text())
    book["cells"][-1].update(outputs=[], execution_count=7, metadata={"collapsed": True})
    book["metadata"]["language_info"] = {"name": "python"}
    path.write_text(json.dumps(book, indent=4))
    assert changed(before, prints_of(root)) == []


def test_code_digest_is_of_the_rooms_asked_for() -> None:
    assert code_digest() == code_digest()
    assert len({code_digest(), code_digest("params"), code_digest("params", "data")}) == 3
