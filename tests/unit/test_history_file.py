"""The history of cycles is a cache: one transaction per run, closed to others, made again alike."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from tiny import NOTEBOOKS, edit, tiny_cycle, write_notebook

from revmentor.cli import main
from revmentor.cycle import history
from revmentor.cycle.run import run_cycle
from revmentor.disclosure import DisclosedEstimate
from revmentor.errors import RevmentorError

PAIRS = """
import pandas as pd
from revmentor.publish.workspace import Workspace
from revmentor.disclosure import disclose_estimate
from revmentor.metrics.estimate import proportion
space = Workspace(work)
space.write_table('pairs', pd.DataFrame(
    {'mentor_id': ['P-001', 'P-002'], 'mentee_id': ['P-003', 'P-004'], 'score': [0.5, 0.25]}))
share = disclose_estimate(proportion(45, 60, 'pairs'), 5)
space.write_json('first-meeting', share.to_json(), restricted=False)
space.write_json('held-of-due', disclose_estimate(proportion(2, 3, 'pairs'), 5).to_json(),
    restricted=False)
space.write_json('judgement', {'schema': 1, 'kind': 'DisclosedVerdicts', 'minimum': 5, 'rows': [{
    'criterion': 'Pairs meet early', 'metric': 'first_meeting_share', 'figure': 'f',
    'answer': 'met', 'why': 'w', 'rule': 'r', 'baseline': 0.5, 'target': 0.7, 'unit': 'share',
    'estimate': share.model_dump(mode='json')}]}, restricted=False)
"""
PAST = "cycle,mentor_id,mentee_id,ended,rating_mentor,rating_mentee\n2024,P-001,P-004,early,2,4\n"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """Two cycles, each with pairs, two figures, a verdict and an earlier cycle's ratings."""
    root = tiny_cycle(repository, tmp_path_factory.mktemp("history") / "bench", ())
    for name in NOTEBOOKS:
        write_notebook(root, name, PAIRS if name == "03_matching" else "")
    (root / "tiny" / "history.csv").write_text(PAST)
    cycles = root / "params" / "cycles"
    text = (cycles / "tiny.yaml").read_text()
    later = text.replace("2026-", "2027-").replace("title: Tiny", "title: Later")
    (cycles / "later.yaml").write_text(later)
    run_cycle("tiny", root=root, stage="match")
    run_cycle("later", root=root, stage="match")
    return root


@pytest.fixture
def outputs(bench: Path, tmp_path: Path) -> Path:
    """The outputs of both cycles, to be broken."""
    return Path(shutil.copytree(bench / "outputs", tmp_path / "outputs"))


def same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> None:
    assert one.keys() == other.keys()
    for table, frame in one.items():
        pd.testing.assert_frame_equal(frame, other[table])


def test_it_holds_what_the_runs_published(outputs: Path) -> None:
    found = history.read(outputs)
    assert found["runs"]["cycle"].tolist() == ["later", "tiny"]
    assert found["runs"]["title"].tolist() == ["Later", "Tiny"]
    pairs = found["pairs"]
    assert len(pairs) == 4
    tiny = pairs[pairs["cycle"] == "tiny"]
    assert tiny[["mentor_id", "mentee_id", "score"]].values.tolist() == [
        ["P-001", "P-003", 0.5],
        ["P-002", "P-004", 0.25],
    ]
    [past] = found["ratings"].query("cycle == 'tiny'").to_dict("records")
    assert (past["past_cycle"], past["ended"]) == ("2024", "early")
    assert (past["rating_mentor"], past["rating_mentee"]) == (2, 4)
    metrics = found["metrics"].query("cycle == 'tiny'").set_index("source")
    assert metrics.at["first-meeting", "measure"] == "first_meeting_share"
    assert metrics.at["first-meeting", "value"] == 0.75
    assert metrics.at["held-of-due", "state"] == "small group"
    assert metrics.loc["held-of-due", ["value", "low", "high", "n"]].isna().all()
    [verdict] = found["verdicts"].query("cycle == 'tiny'").to_dict("records")
    assert (verdict["verdict"], verdict["text"], verdict["target"]) == ("met", "75%", 0.7)
    for estimate in (verdict["estimate"], metrics.at["first-meeting", "estimate"]):
        assert DisclosedEstimate.from_json(estimate).n == 60


def test_only_its_owner_reads_it(bench: Path) -> None:
    assert (bench / "outputs" / history.FILE).stat().st_mode & 0o777 == 0o600
    assert not list((bench / "outputs").glob("*.wal"))


def test_deleting_it_loses_nothing(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = history.read(outputs)
    (outputs / history.FILE).unlink()
    with pytest.raises(SystemExit) as left:
        main(["history", "rebuild", "--outputs", str(outputs)])
    assert left.value.code == 0
    assert capsys.readouterr().out.strip() == str(outputs / history.FILE)
    same(before, history.read(outputs))
    assert (outputs / history.FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"no database", None])
def test_a_broken_file_is_made_again(outputs: Path, content: bytes | None) -> None:
    before = history.read(outputs)
    if content is None:
        with duckdb.connect(str(outputs / history.FILE)) as connection:
            connection.execute("alter table pairs drop column score")
    else:
        (outputs / history.FILE).write_bytes(content)
    same(before, history.read(outputs))
    (outputs / history.FILE).write_bytes(b"again")
    history.record(outputs, outputs / "tiny" / "base")
    same(before, history.read(outputs))


def test_a_result_that_was_removed_is_forgotten(outputs: Path) -> None:
    shutil.rmtree(outputs / "later")
    assert set(history.read(outputs)["pairs"]["cycle"]) == {"tiny"}


def test_a_second_run_replaces_its_own_rows(outputs: Path) -> None:
    before = history.read(outputs)
    history.record(outputs, outputs / "tiny" / "base")
    same(before, history.read(outputs))


def test_a_run_that_stops_leaves_the_history_as_it_was(bench: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(bench, tmp_path / "bench"))
    before = history.read(root / "outputs")
    edit(root / "notebooks" / "03_matching.ipynb", "03_matching ran", "x'); raise ValueError('")
    with pytest.raises(RevmentorError):
        run_cycle("tiny", root=root, stage="match")
    same(before, history.read(root / "outputs"))


def test_a_writer_that_is_killed_changes_nothing(outputs: Path) -> None:
    before = history.read(outputs)
    script = (
        "import os, sys, duckdb\n"
        "connection = duckdb.connect(sys.argv[1])\n"
        "connection.begin()\n"
        "connection.execute('delete from pairs')\n"
        "connection.execute(\"insert into runs (cycle) values ('half')\")\n"
        "os._exit(9)\n"
    )
    place = str(outputs / history.FILE)
    done = subprocess.run([sys.executable, "-c", script, place], check=False)
    assert done.returncode == 9
    same(before, history.read(outputs))


def test_two_writers_at_once_wait_for_each_other(outputs: Path) -> None:
    before = history.read(outputs)
    script = (
        "import sys\nfrom pathlib import Path\nfrom revmentor.cycle import history\n"
        "outputs = Path(sys.argv[1])\n"
        "for _ in range(3):\n"
        "    history.record(outputs, outputs / sys.argv[2] / 'base')\n"
        "history.rebuild(outputs)\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(outputs), cycle])
        for cycle in ("tiny", "later")
    ]
    assert [process.wait() for process in running] == [0, 0]
    same(before, history.read(outputs))


def test_a_failure_says_that_the_result_stands(
    outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(history, "record", full)
    with pytest.raises(RevmentorError, match=r"the result is published.*history rebuild"):
        history.remember(outputs, outputs / "tiny" / "base")


def spoil(path: Path) -> None:
    """Other bytes, as many as before: the manifest tells of a file of this size."""
    path.write_bytes(b"\xff" * path.stat().st_size)


@pytest.mark.parametrize(
    "file", ["restricted/pairs.parquet", "report/data/first-meeting.json", "params.resolved.yaml"]
)
def test_a_result_that_is_damaged_is_named_with_what_to_do(
    outputs: Path, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    before = (outputs / history.FILE).read_bytes()
    spoil(outputs / "later" / "base" / file)
    with pytest.raises(SystemExit) as left:
        main(["history", "rebuild", "--outputs", str(outputs)])
    error = capsys.readouterr().err
    assert left.value.code == 2
    assert str(outputs / "later" / "base") in error
    assert "run the cycle again" in error
    assert (outputs / history.FILE).read_bytes() == before
    assert not list(outputs.glob(".history-*"))


def test_a_damaged_result_of_another_cycle_does_not_undo_what_was_published(outputs: Path) -> None:
    spoil(outputs / "later" / "base" / "restricted" / "pairs.parquet")
    history.remember(outputs, outputs / "tiny" / "base")
    (outputs / history.FILE).write_bytes(b"broken")
    with pytest.raises(RevmentorError, match="the result is published, but") as caught:
        history.remember(outputs, outputs / "tiny" / "base")
    assert caught.value.exit_code == 5
    assert str(outputs / "later" / "base" / "restricted" / "pairs.parquet") in str(caught.value)


def test_a_folder_of_its_name_is_one_sentence(outputs: Path) -> None:
    (outputs / history.FILE).unlink()
    (outputs / history.FILE).mkdir()
    for make in (history.rebuild, history.read):
        with pytest.raises(RevmentorError, match="no folder has this name") as caught:
            make(outputs)
        assert caught.value.exit_code == 5
        assert not list(outputs.glob(".history-*"))


def test_a_file_that_another_program_has_open_is_replaced(outputs: Path) -> None:
    before = history.read(outputs)
    script = (
        "import duckdb, sys\nc = duckdb.connect(sys.argv[1])\nprint('open', flush=True)\ninput()"
    )
    place = str(outputs / history.FILE)
    with subprocess.Popen(
        [sys.executable, "-c", script, place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        same(before, history.read(outputs))
        history.record(outputs, outputs / "tiny" / "base")
        same(before, history.read(outputs))
        holder.communicate("\n")
    same(before, history.read(outputs))


def test_nothing_is_made_where_nothing_is_published(
    tmp_path: Path, outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (tmp_path / "none", tmp_path):
        with pytest.raises(SystemExit) as left:
            main(["history", "rebuild", "--outputs", str(folder)])
        assert left.value.code == 2
        assert "no cycle has been published here" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
    assert not (tmp_path / history.FILE).exists()
    for cycle in ("tiny", "later"):
        shutil.rmtree(outputs / cycle)
    history.rebuild(outputs)
    with duckdb.connect(str(outputs / history.FILE)) as connection:
        assert connection.execute("select count(*) from runs").fetchall() == [(0,)]
