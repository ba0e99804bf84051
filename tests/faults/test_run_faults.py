"""Whatever stops a run, the result that was published before is as it was, byte for byte."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path

import pytest
from tiny import contents, edit, runs, tiny_cycle, write_notebook

from revmentor.cli import main

DEADLINE = 120
_MARK = "import os, re, time\n_ = (Path(root) / 'waiting').write_text(str(os.getpid()))\n"
WAIT = _MARK + "while not (Path(root) / 'go').exists(): time.sleep(0.05)"
HOLD_THE_INTERPRETER = _MARK + "re.match('(a+)+$', 'a' * 60 + 'b')"


@pytest.fixture(scope="module")
def template(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbench whose stage plan is published."""
    root = tiny_cycle(repository, tmp_path_factory.mktemp("template") / "bench")
    done = revmentor(root, "--stage", "plan")
    assert done.returncode == 0, done.stderr
    runs(root)
    return root


@pytest.fixture
def bench(template: Path, tmp_path: Path) -> Path:
    """A workbench of the test's own, whose published result must not change."""
    return shutil.copytree(template, tmp_path / "bench")


def command(root: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "revmentor.cli", "run", "tiny", "--root", str(root), *words]


def revmentor(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in this process, which has its imports done."""
    out, error = io.StringIO(), io.StringIO()
    given = command(root, *words)[3:]
    with redirect_stdout(out), redirect_stderr(error), pytest.raises(SystemExit) as left:
        main(given)
    assert isinstance(left.value.code, int)
    return subprocess.CompletedProcess(given, left.value.code, out.getvalue(), error.getvalue())


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until it is so; the deadline only keeps a broken test from hanging."""
    until = time.monotonic() + DEADLINE
    while not what():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)


def runs_still(pid: int) -> bool:
    """Is this process there, and not just waiting to be reaped?"""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@contextmanager
def stopped_in_the_middle(
    root: Path, code: str = WAIT
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A run of stage plan whose second notebook waits; with the pid of that notebook's kernel."""
    write_notebook(root, "02_participants", code)
    run = subprocess.Popen(
        command(root, "--stage", "plan"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    mark = root / "waiting"
    try:
        wait_for(lambda: run.poll() is not None or (mark.exists() and mark.read_text() != ""))
        assert run.poll() is None, run.communicate()[1]
        yield run, int(mark.read_text())
    finally:
        run.kill()
        run.communicate()
        with suppress(ProcessLookupError, FileNotFoundError, ValueError):
            os.kill(int(mark.read_text()), signal.SIGKILL)


def published(root: Path) -> dict[str, tuple[int, bytes]]:
    return contents(root / "outputs" / "tiny" / "base")


def beside(root: Path) -> set[str]:
    return {path.name for path in (root / "outputs" / "tiny").iterdir()}


def socket_folders(pid: int) -> set[Path]:
    """Of this run alone: others may run on the machine at the same time."""
    return set(Path(tempfile.gettempdir()).glob(f"revmentor-kernel-{pid}-*"))


@pytest.mark.parametrize(
    ("code", "exit_code", "says"),
    [
        ("1 / 0", 5, "01_objectives stopped in code cell 4 with ZeroDivisionError"),
        (
            "from revmentor.errors import Fault, InputError\n"
            "raise InputError(Fault('x', 'it is odd', 'mend it', 'a.csv'))",
            2,
            "a.csv: it is odd. To fix: mend it.",
        ),
        (
            "from revmentor.errors import NoFeasibleMatching\nraise NoFeasibleMatching('none')",
            3,
            "none",
        ),
        ("from revmentor.errors import NotProven\nraise NotProven('gap 3%')", 4, "gap 3%"),
        ("import sys\nsys.exit(0)", 5, "ended before its last cell, without an error"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", 5, "ran out of memory"),
    ],
)
def test_notebook_that_stops_publishes_nothing(
    bench: Path, code: str, exit_code: int, says: str
) -> None:
    before = published(bench)
    write_notebook(bench, "01_objectives", code)
    done = revmentor(bench, "--stage", "plan")
    assert done.returncode == exit_code
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert published(bench) == before
    kept = bench / "outputs" / "tiny" / ".failed-base"
    assert beside(bench) == {"base", ".lock-base", ".failed-base"}
    assert str(kept) in done.stderr
    assert kept.stat().st_mode & 0o777 == 0o700
    assert {mode for mode, _ in contents(kept).values()} == {0o600}
    assert "ran" in (kept / "01_objectives.ipynb").read_text()


def test_debug_shows_the_traceback_and_the_next_good_run_tidies(bench: Path) -> None:
    write_notebook(bench, "01_objectives", "1 / 0")
    done = revmentor(bench, "--stage", "plan", "--debug")
    assert done.returncode == 5
    assert "Traceback" in done.stderr
    assert "ZeroDivisionError: division by zero" in done.stderr
    write_notebook(bench, "01_objectives")
    done = revmentor(bench, "--stage", "plan")
    assert done.returncode == 0, done.stderr
    assert beside(bench) == {"base", ".lock-base"}
    assert done.stdout.strip() == str(bench / "outputs/tiny/base/report/participants.html")


def test_end_mark_that_is_missing_is_found(bench: Path) -> None:
    before = published(bench)
    write_notebook(bench, "02_participants", end=False)
    done = revmentor(bench, "--stage", "plan")
    assert done.returncode == 5
    assert "02_participants ended before its last cell" in done.stderr
    assert published(bench) == before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_stops_the_kernel_and_tidies(bench: Path, number: int, code: int) -> None:
    before = published(bench)
    with stopped_in_the_middle(bench) as (run, kernel):
        run.send_signal(number)
        out, error = run.communicate(timeout=DEADLINE)
        assert run.returncode == code
        assert "Traceback" not in error
        assert "Stopped" in error
        assert out == ""
        wait_for(lambda: not runs_still(kernel))
    assert published(bench) == before
    assert beside(bench) == {"base", ".lock-base"}
    assert socket_folders(run.pid) == set()


def test_killed_run_leaves_the_old_result_and_the_next_run_works(bench: Path) -> None:
    before = published(bench)
    with stopped_in_the_middle(bench) as (run, kernel):
        run.kill()
        run.communicate()
        wait_for(lambda: not runs_still(kernel))
        pid = run.pid
    assert published(bench) == before
    assert f".run-base-{pid}" in beside(bench)
    left = socket_folders(pid)
    assert len(left) == 1
    (bench / "go").touch()
    done = revmentor(bench, "--stage", "plan")
    assert done.returncode == 0, done.stderr
    assert f"process {pid}" in done.stderr
    assert "What an interrupted run had left was removed." in done.stderr
    assert beside(bench) == {"base", ".lock-base"}
    assert socket_folders(pid) == set()
    assert published(bench) != before


def test_killed_run_takes_a_kernel_along_that_is_deep_in_a_calculation(bench: Path) -> None:
    with stopped_in_the_middle(bench, HOLD_THE_INTERPRETER) as (run, kernel):
        run.kill()
        run.communicate()
        wait_for(lambda: not runs_still(kernel))


def test_second_run_of_the_same_cycle_is_turned_away(bench: Path) -> None:
    with stopped_in_the_middle(bench) as (run, _):
        second = revmentor(bench, "--stage", "plan")
        assert second.returncode == 6
        assert f"process {run.pid} on " in second.stderr
        assert " since " in second.stderr
        (bench / "go").touch()
        _, error = run.communicate(timeout=DEADLINE)
        assert run.returncode == 0, error
    assert beside(bench) == {"base", ".lock-base"}


def test_what_a_killed_trend_left_is_removed(
    bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_notebook(bench, "07_trend")
    outputs = bench / "outputs"
    for name in (".run-trend-1", ".run-trends-1", ".old-trend-2"):
        (outputs / name).mkdir()
    with pytest.raises(SystemExit) as left:
        main(["trend", "tiny", "--root", str(bench)])
    out, error = capsys.readouterr()
    assert (left.value.code, out.strip()) == (0, str(outputs / "trend/report/index.html"))
    assert "What an interrupted run had left was removed." in error
    names = {path.name for path in outputs.iterdir()}
    assert not names & {".run-trend-1", ".old-trend-2"}
    assert ".run-trends-1" in names


def test_two_scenarios_run_at_the_same_time(bench: Path) -> None:
    (bench / "params" / "scenarios" / "other.yaml").write_text("why: to see\n")
    with stopped_in_the_middle(bench) as (run, _):
        (bench / "go").touch()
        other = revmentor(bench, "--stage", "plan", "--scenario", "other")
        assert other.returncode == 0, other.stderr
        run.communicate(timeout=DEADLINE)
        assert run.returncode == 0
    assert beside(bench) == {"base", "other", ".lock-base", ".lock-other"}


@pytest.mark.parametrize("outputs", ["file/outputs", "/proc/revmentor"])
def test_outputs_that_cannot_be_written_are_found_before_any_kernel_starts(
    bench: Path, outputs: str
) -> None:
    (bench / "file").write_text("x")
    done = revmentor(bench, "--outputs", str(bench / outputs))
    assert done.returncode == 2
    assert "nothing can be written here" in done.stderr
    assert runs(bench) == []


def test_disk_that_fails_while_publishing_is_one_sentence(bench: Path) -> None:
    before = published(bench)
    write_notebook(bench, "01_objectives", "_ = (work / 'params.resolved.yaml').mkdir()")
    done = revmentor(bench, "--stage", "plan")
    assert done.returncode == 5
    assert "the result could not be written (Is a directory). Nothing was published" in done.stderr
    assert published(bench) == before
    assert beside(bench) == {"base", ".lock-base"}


def test_broken_table_names_file_row_and_cure_without_traceback(bench: Path) -> None:
    before = published(bench)
    edit(bench / "tiny/people.csv", "P-002,1,Finance", "P-001,1,Finance")
    done = revmentor(bench)
    assert done.returncode == 2
    assert "people.csv" in done.stderr
    assert "To fix" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Ada" not in done.stderr
    assert published(bench) == before
    assert runs(bench) == []


def test_kernel_is_this_python_and_not_the_one_of_a_users_kernel_spec(
    bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    broken = {
        "argv": ["/bin/false", "{connection_file}"],
        "display_name": "x",
        "language": "python",
    }
    (spec / "kernel.json").write_text(json.dumps(broken))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JPY_SESSION_NAME", "a notebook that a person has open")
    code = "import os, sys; print(sys.executable, 'JPY_SESSION_NAME' in os.environ)"
    write_notebook(bench, "01_objectives", code)
    done = revmentor(bench, "--stage", "plan")
    assert done.returncode == 0, done.stderr
    page = (bench / "outputs/tiny/base/report/objectives.html").read_text()
    assert f"{sys.executable} False" in page
