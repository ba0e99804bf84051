"""What earlier runs kept is broken: a fault that says so before anything runs, and what to do."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny import runs, tiny_cycle

from revmentor.cli import main
from revmentor.cycle import charters
from revmentor.disclosure.ledger import count_query
from revmentor.errors import RevmentorError
from revmentor.publish.manifest import read_manifest
from revmentor.publish.releases import FOLDER, MINIMUMS, fix_minimums, keep_release
from revmentor.publish.workspace import Workspace

VERSION = charters.Version(1, "f00", dt.date(2026, 1, 5), False, False, (), {"kind": "culture"})
PEOPLE = frozenset(f"q-{at:03}" for at in range(20))


@pytest.fixture(scope="module")
def bench(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cycle that has published a report and a charter."""
    root = tiny_cycle(repository, tmp_path_factory.mktemp("kept") / "bench")
    home = root / "outputs" / "tiny"
    home.mkdir(parents=True)
    ledger = (count_query("applied", ("n",), "cell", PEOPLE, 20, 20),)
    assert keep_release(home, ledger, scenario="base", on=dt.datetime(2026, 3, 3, tzinfo=dt.UTC))
    fix_minimums(home, {"disclosure.minimum_group": 5, "disclosure.minimum_comments": 10})
    charters.record(home, VERSION)
    return root


def release(home: Path) -> Path:
    return next((home / FOLDER).glob("*.parquet"))


def minimums(home: Path) -> Path:
    return home / FOLDER / MINIMUMS


def charter(home: Path) -> Path:
    return home / charters.FILE


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def entry(**changed: object) -> bytes:
    told = {**charters.to_json(VERSION), **changed}
    return json.dumps({"schema": charters.SCHEMA, "versions": [told]}).encode()


BROKEN = [
    (file, change)
    for file in (release, minimums, charter)
    for change in (half, lambda _: b"", lambda _: b"\xff\x00garbage", lambda _: b"[1, 2]")
] + [
    (minimums, lambda _: b'{"disclosure.minimum_group": "five"}'),
    (charter, lambda _: b'{"schema": 1, "versions": 7}'),
    (charter, lambda _: b'{"schema": 1, "versions": ["x"]}'),
    (charter, lambda _: entry(number="one")),
    (charter, lambda _: entry(promised=[])),
    (charter, lambda _: entry(changed="target")),
]


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize(("file", "change"), BROKEN)
def test_what_was_kept_and_cannot_be_read_stops_a_run_before_it_begins(
    bench: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    file: Callable[[Path], Path],
    change: Callable[[bytes], bytes],
) -> None:
    path = file(bench / "outputs" / "tiny")
    before = path.read_bytes()
    path.write_bytes(change(before))
    broken = path.read_bytes()
    try:
        with pytest.raises(SystemExit) as left:
            main([command, "tiny", "--root", str(bench)])
        assert path.read_bytes() == broken, "a file that cannot be read is left to its owner"
    finally:
        path.write_bytes(before)
    out, error = capsys.readouterr()
    assert (left.value.code, out) == (2, "")
    assert error.startswith(f"1 problem in the input:\n  {path}: ")
    assert "To fix: " in error
    assert "Traceback" not in error
    assert "q-0" not in error
    assert runs(bench) == []
    assert not (bench / "outputs" / "tiny" / "base").exists()


def test_everything_that_is_broken_is_said_at_once(
    bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = bench / "outputs" / "tiny"
    before = {file: file.read_bytes() for file in (release(home), minimums(home), charter(home))}
    for file in before:
        file.write_bytes(b"")
    with pytest.raises(SystemExit):
        main(["check", "tiny", "--root", str(bench)])
    error = capsys.readouterr().err
    for file, content in before.items():
        file.write_bytes(content)
        assert str(file) in error


def test_what_is_as_it_was_stops_nothing(bench: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["check", "tiny", "--root", str(bench)])
    assert left.value.code == 0, capsys.readouterr().err


def test_a_charter_broken_while_the_run_was_on_is_no_fault_of_the_input(tmp_path: Path) -> None:
    result = tmp_path / "base"
    told = {"version": charters.to_json(VERSION)}
    Workspace(result).write_json(charters.ARTEFACT, told, restricted=False)
    (tmp_path / charters.FILE).write_text("[]")
    with pytest.raises(RevmentorError, match="the result is published, but") as caught:
        charters.record_published(tmp_path, result)
    assert caught.value.exit_code == 5
    assert str(tmp_path / charters.FILE) in str(caught.value)


@pytest.mark.parametrize("text", ['{"schema": 1}', '{"schema": 1, "files": []}', "[]", "{half"])
def test_a_manifest_that_tells_of_no_result_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    assert read_manifest(tmp_path) is None
