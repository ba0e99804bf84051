"""A manifest describes exactly what is there; without a good one there is no result."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from revmentor.publish.manifest import (
    build_manifest,
    git_state,
    read_manifest,
    write_manifest,
)


@pytest.fixture
def result(tmp_path: Path) -> Path:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "index.html").write_text("<p>x</p>")
    return tmp_path


def publish(folder: Path) -> dict[str, Any]:
    manifest = build_manifest(
        folder,
        cycle="demo",
        scenario="base",
        created_at=dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.timezone(dt.timedelta(hours=2))),
        inputs={"people": "ab"},
        params_digest="cd",
        seed=5,
        git=None,
        stages=[{"stage": "plan", "files": []}],
        matching={"status": "optimal"},
    )
    write_manifest(folder, manifest)
    return manifest


def test_manifest_says_what_the_result_is_made_from(result: Path) -> None:
    publish(result)
    manifest = read_manifest(result)
    assert manifest is not None
    assert manifest["created_at"] == "2026-01-02T01:04:00+00:00"
    assert manifest["inputs"] == {"people": {"sha256": "ab"}}
    assert manifest["seed"] == 5
    assert manifest["matching"] == {"status": "optimal"}
    assert {"python", "revmentor", "pulp", "highspy", "pandas", "papermill"} <= set(
        manifest["versions"]
    )
    content = b"<p>x</p>"
    assert manifest["files"] == {
        "report/index.html": {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    }


def test_no_manifest_is_no_result(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    assert read_manifest(tmp_path / "nowhere") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 99}', "\udcff"])
def test_broken_manifest_is_no_result(result: Path, text: str) -> None:
    (result / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert read_manifest(result) is None


def test_manifest_of_files_that_are_gone_is_no_result(result: Path) -> None:
    publish(result)
    (result / "report" / "index.html").unlink()
    assert read_manifest(result) is None


def test_manifest_of_files_of_another_size_is_no_result(result: Path) -> None:
    publish(result)
    (result / "report" / "index.html").write_text("other content")
    assert read_manifest(result) is None


def test_manifest_is_plain_json(result: Path) -> None:
    manifest = publish(result)
    assert json.loads((result / "manifest.json").read_text()) == manifest


def git(folder: Path, *words: str) -> None:
    name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", "-C", str(folder), *name, *words], check=True, capture_output=True)


def test_git_commit_and_changes_of_the_workbench(tmp_path: Path) -> None:
    assert git_state(tmp_path) is None
    git(tmp_path, "init", "-q")
    assert git_state(tmp_path) is None
    (tmp_path / "a").write_text("1")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-qm", "one")
    state = git_state(tmp_path)
    assert state is not None
    assert len(str(state["commit"])) == 40
    assert state["dirty"] is False
    (tmp_path / "a").write_text("2")
    assert git_state(tmp_path) == {"commit": state["commit"], "dirty": True}
    (tmp_path / "inside").mkdir()
    assert git_state(tmp_path / "inside") is None
