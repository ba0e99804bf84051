"""One run at a time; a dead holder stops nobody; folders of a crash are tidied."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tiny import write_notebook

from revmentor.cycle.folders import check_writable, finish, recover, swap_in
from revmentor.cycle.interrupts import Interrupted, raise_on_signals
from revmentor.cycle.kernels import imports_of
from revmentor.cycle.lock import hold
from revmentor.errors import InputError, LockedError, RevmentorError

HOLDER = """
import sys
from pathlib import Path
from revmentor.cycle.lock import hold
with hold(Path(sys.argv[1]), "the cycle"):
    print("held", flush=True)
    sys.stdin.read()
"""


def start_holder(lock: Path) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_second_holder_is_told_who_holds_and_since_when(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with start_holder(lock) as holder:
        record = json.loads(lock.read_text())
        with pytest.raises(LockedError) as caught, hold(lock, "cycle demo"):
            pytest.fail("the lock was held twice")
        message = str(caught.value)
        assert f"cycle demo is being run by process {holder.pid} on {record['host']}" in message
        assert record["since"] in message
        holder.communicate("")
    with hold(lock, "cycle demo") as stale:
        assert stale == ""


def test_lock_of_a_killed_process_is_taken_and_said(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with start_holder(lock) as holder:
        holder.kill()
    with hold(lock, "demo, scenario base,") as stale:
        assert stale.startswith(f"demo, scenario base: process {holder.pid}")
        assert "its lock was taken" in stale
    with hold(lock, "cycle demo") as stale:
        assert stale == ""


def test_who_waits_gets_the_lock_when_it_is_free(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    got = threading.Event()

    def wait() -> None:
        with hold(lock, "the demo data", wait=True):
            got.set()

    with start_holder(lock) as holder:
        waiter = threading.Thread(target=wait)
        waiter.start()
        assert not got.is_set()
        holder.communicate("")
        waiter.join(timeout=60)
    assert got.is_set()


@pytest.mark.parametrize("content", [b"{half", b"\xff", b"17"])
def test_unreadable_lock_file_stops_nobody(tmp_path: Path, content: bytes) -> None:
    lock = tmp_path / ".lock"
    lock.write_bytes(content)
    with hold(lock, "cycle demo"):
        assert json.loads(lock.read_text())["pid"] == os.getpid()
    assert lock.read_bytes() == b""


def test_lock_is_released_when_the_run_fails(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    with pytest.raises(RevmentorError), hold(lock, "cycle demo"):
        raise RevmentorError("broken")
    with hold(lock, "cycle demo") as stale:
        assert stale == ""


def test_outputs_under_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match=r"nothing can be written here.*--outputs"):
        check_writable(tmp_path / "file" / "outputs")


def test_outputs_without_room_are_refused(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from revmentor.cycle.folders import check_writable\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))\n"
        "check_writable(Path(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True
    )
    assert "there is no room for 64 MiB of results" in done.stderr
    assert list(tmp_path.iterdir()) == []


def make(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "manifest.json").write_text(text)
    return folder


def test_swap_replaces_the_result_at_once(tmp_path: Path) -> None:
    result = make(tmp_path / "base", "old")
    swap_in(make(tmp_path / ".run-base-1", "new"), result)
    assert (result / "manifest.json").read_text() == "new"
    assert os.listdir(tmp_path) == ["base"]


def test_crash_between_the_two_renames_is_undone(tmp_path: Path) -> None:
    make(tmp_path / ".old-base-1", "old")
    make(tmp_path / ".run-base-1", "new")
    said = recover(tmp_path / "base")
    assert (tmp_path / "base" / "manifest.json").read_text() == "old"
    assert os.listdir(tmp_path) == ["base"]
    assert "the result before it is back" in said[0]


def test_crash_after_the_swap_leaves_the_new_result(tmp_path: Path) -> None:
    make(tmp_path / "base", "new")
    make(tmp_path / ".old-base-1", "old")
    assert recover(tmp_path / "base") == []
    assert (tmp_path / "base" / "manifest.json").read_text() == "new"
    assert os.listdir(tmp_path) == ["base"]


def test_folders_of_other_scenarios_are_left_alone(tmp_path: Path) -> None:
    for name in (".run-base-x-1", ".run-other-1", ".old-base-x-1", "base-1", ".draft-base"):
        make(tmp_path / name, "x")
    before = sorted(os.listdir(tmp_path))
    assert recover(tmp_path / "base") == []
    assert sorted(os.listdir(tmp_path)) == before


def test_half_written_file_is_never_published(tmp_path: Path) -> None:
    folder = make(tmp_path / "run", "x")
    (folder / "report").mkdir()
    (folder / "report" / ".writing-abc").write_text("half")
    with pytest.raises(RevmentorError, match=r"\.writing-abc"):
        finish(folder)


def test_restricted_files_are_closed_before_publishing(tmp_path: Path) -> None:
    folder = make(tmp_path / "run", "x")
    (folder / "restricted" / "packs").mkdir(parents=True)
    open_file = folder / "restricted" / "packs" / "a.txt"
    open_file.write_text("x")
    open_file.chmod(0o644)
    finish(folder)
    modes = [path.stat().st_mode & 0o777 for path in (open_file, *open_file.parents[:3])]
    assert modes == [0o600, 0o700, 0o700, 0o755]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_becomes_one_exception_with_its_exit_code(number: int, code: int) -> None:
    before = signal.getsignal(number)
    tidied = False

    def work() -> None:
        nonlocal tidied
        try:
            signal.raise_signal(number)
        finally:
            signal.raise_signal(signal.SIGTERM)
            tidied = True

    with pytest.raises(Interrupted) as caught, raise_on_signals():
        work()
    assert caught.value.exit_code == code
    assert tidied
    assert signal.getsignal(number) is before


def test_ignored_signals_stay_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raise_on_signals():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_other_threads_run_without_catching_signals() -> None:
    seen = []

    def work() -> None:
        with raise_on_signals():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGTERM)]


def test_imports_of_a_notebook_bind_no_name(tmp_path: Path) -> None:
    code = "import os.path as p, json\nfrom email import mime\nfrom . import x\nif 1:\n import re"
    (tmp_path / "notebooks").mkdir()
    found = imports_of(write_notebook(tmp_path, "a", code))
    assert found == [
        "__import__('pathlib', fromlist=['Path'])",
        "__import__('json')",
        "__import__('os.path')",
        "__import__('email', fromlist=['mime'])",
    ]
    names: dict[str, object] = {}
    for line in found:
        exec(line, names)
    assert set(names) == {"__builtins__"}
    assert len(imports_of(write_notebook(tmp_path, "b", "%matplotlib inline"))) == 2
