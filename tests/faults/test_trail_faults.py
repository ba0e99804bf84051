"""Whatever is done to the trail, it is noticed; what a stopped writer leaves is mended."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from approval_cases import published

from revmentor.cycle import trail
from revmentor.cycle.trail import FILE, Entry
from revmentor.cycle.trails import trail_text
from revmentor.errors import InputError, RevmentorError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A cycle with five entries in its trail."""
    with trail.writing(tmp_path) as pen:
        for number in range(5):
            pen.add("decided", f"Ann {number}", {"mentor_id": "007", "reason": "=1+1, ü"})
    return tmp_path


def lines_of(home: Path) -> list[str]:
    return (home / FILE).read_text(encoding="utf-8").splitlines(keepends=True)


def put(home: Path, lines: list[str]) -> None:
    (home / FILE).write_text("".join(lines), encoding="utf-8")


def test_entries_come_back_in_order_and_stay_with_their_owner(home: Path) -> None:
    found = trail.read(home)
    assert [entry.n for entry in found.entries] == [1, 2, 3, 4, 5]
    assert [entry.by for entry in found.entries] == [f"Ann {number}" for number in range(5)]
    assert found.entries[0].facts == {"mentor_id": "007", "reason": "=1+1, ü"}
    assert stat.S_IMODE((home / FILE).stat().st_mode) == 0o600
    assert found.head == (5, found.entries[-1].hash)


def test_no_trail_is_an_empty_one(tmp_path: Path) -> None:
    assert trail.read(tmp_path / "nowhere").head == (0, "")
    assert list(tmp_path.iterdir()) == []


def changed_word(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[2].replace("Ann 2", "Bob 2"), *lines[3:]]


def changed_layout(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[2].replace('","', '", "', 1), *lines[3:]]


def changed_time(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[2].replace('"at":"20', '"at":"19'), *lines[3:]]


def removed(lines: list[str]) -> list[str]:
    return [*lines[:2], *lines[3:]]


def moved(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[3], lines[2], lines[4]]


def put_in_twice(lines: list[str]) -> list[str]:
    return [*lines[:3], *lines[2:]]


def blank(lines: list[str]) -> list[str]:
    return [*lines[:2], "\n", *lines[2:]]


def no_object(lines: list[str]) -> list[str]:
    return [*lines[:2], "[1]\n", *lines[3:]]


def forged(lines: list[str]) -> list[str]:
    """Somebody who knows how hashes are made, but changes one line only."""
    told = json.loads(lines[2])
    told["by"] = "Bob"
    told["hash"] = trail._hash(told)
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return [*lines[:2], text + "\n", *lines[3:]]


@pytest.mark.parametrize(
    ("change", "line"),
    [(changed_word, 3), (changed_layout, 3), (changed_time, 3), (removed, 3), (moved, 3),
     (put_in_twice, 4), (blank, 3), (no_object, 3), (forged, 4)],
)  # fmt: skip
def test_every_edit_is_noticed_with_its_line(
    home: Path, change: Callable[[list[str]], list[str]], line: int
) -> None:
    put(home, change(lines_of(home)))
    before = (home / FILE).read_bytes()
    with pytest.raises(InputError, match="put the trail back from a backup") as caught:
        trail.read(home)
    assert caught.value.faults[0].row == line
    with pytest.raises(InputError), trail.writing(home) as pen:
        pen.add("decided", "Ann", {})
    assert (home / FILE).read_bytes() == before


def test_bytes_that_are_no_text_are_noticed(home: Path) -> None:
    (home / FILE).write_bytes((home / FILE).read_bytes().replace(b"Ann 1", b"Ann \xff"))
    with pytest.raises(InputError, match=r"row 2: this entry is not as it was written"):
        trail.read(home)


def test_an_end_cut_off_is_noticed_by_what_was_published(home: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    cycle = published(outputs, trail=trail.read(home).head)
    (home / FILE).rename(cycle / FILE)
    assert trail.read(cycle).head[0] == 5
    whole = lines_of(cycle)
    put(cycle, whole[:-1])
    with pytest.raises(InputError, match=r"row 5: when the result in base was published, entry 5"):
        trail.read(cycle)
    (cycle / FILE).unlink()
    with pytest.raises(InputError, match="it is not there any more"):
        trail.read(cycle)
    with trail.writing(home) as pen:
        for number in range(5):
            pen.add("decided", f"Eve {number}", {})
    (home / FILE).rename(cycle / FILE)
    with pytest.raises(InputError, match="it is another now"):
        trail.read(cycle)


def test_a_last_entry_written_anew_is_shown_by_a_noted_hash_alone(
    tmp_path: Path, repository: Path
) -> None:
    """A chain without a key cannot show it, and does not say that it could."""
    home = tmp_path / "outputs" / "spring"
    (home / "base").mkdir(parents=True)
    with trail.writing(home) as pen:
        pen.add("approved", "Ann", {"scenario": "base"})
    n, head = trail.read(home).head
    (home / "base" / "manifest.json").write_text(json.dumps({"trail": {"n": n, "hash": head}}))
    bench = {"root": repository, "outputs": tmp_path / "outputs"}
    assert "noted down elsewhere" not in trail_text("spring", **bench)
    with trail.writing(home) as pen:
        noted = pen.add("reopened", "Ann", {"scenario": "base"}).short
    put(home, lines_of(home)[:1])
    with trail.writing(home) as pen:
        pen.add("reopened", "Bob", {"scenario": "base"})
    assert "Entry 2 is later than every published result" in trail_text("spring", **bench)
    with pytest.raises(InputError, match="written anew"):
        trail_text("spring", holds=noted, **bench)


def test_a_torn_line_is_told_and_the_next_entry_takes_its_place(home: Path) -> None:
    whole = (home / FILE).read_bytes()
    with trail.writing(home) as pen:
        pen.add("decided", "Zoë", {"reason": "late"})
    line = (home / FILE).read_bytes()[len(whole) :]
    for cut in range(1, len(line) - 1):
        (home / FILE).write_bytes(whole + line[:cut])
        found = trail.read(home)
        assert (found.head[0], found.torn) == (5, line[:cut])
    with trail.writing(home) as pen:
        pen.add("decided", "Ann", {})
    assert trail.read(home).head[0] == 6
    assert trail.read(home).torn == b""


def test_a_last_line_without_its_end_says_all_that_it_said(home: Path) -> None:
    os.truncate(home / FILE, (home / FILE).stat().st_size - 1)
    assert trail.read(home).head[0] == 5
    with trail.writing(home) as pen:
        pen.add("decided", "Ann", {})
    assert [entry.n for entry in trail.read(home).entries] == [1, 2, 3, 4, 5, 6]


def test_a_last_line_that_no_writer_left_is_refused(home: Path) -> None:
    for rest in (b"hello", b'{"n":7,"before"', b'{"n":6,"before":"abc'):
        content = (home / FILE).read_bytes()
        (home / FILE).write_bytes(content + rest)
        with pytest.raises(InputError, match=r"row 6: this line is no entry"):
            trail.read(home)
        (home / FILE).write_bytes(content)


def test_an_error_while_the_pen_is_held_writes_nothing(home: Path) -> None:
    before = (home / FILE).read_bytes()
    with pytest.raises(TypeError), trail.writing(home) as pen:
        pen.add("decided", "Ann", {"what": object()})
    assert (home / FILE).read_bytes() == before


def test_a_full_disk_leaves_the_trail_as_it_was(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (home / FILE).read_bytes()
    real, calls = os.pwrite, []

    def full(handle: int, text: bytes, at: int) -> int:
        if b'"hash"' not in text:
            return real(handle, text, at)
        calls.append(at)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return real(handle, text[:40], at)

    monkeypatch.setattr(os, "pwrite", full)
    with (
        pytest.raises(RevmentorError, match="No space left on device"),
        trail.writing(home) as pen,
    ):
        pen.add("decided", "Ann", {})
    assert (home / FILE).read_bytes() == before


WRITER = """
import sys
from pathlib import Path
from revmentor.cycle import trail
for number in range(40):
    with trail.writing(Path(sys.argv[1])) as pen:
        pen.add("decided", sys.argv[2], {"number": number})
        pen.add("decided", sys.argv[2], {"number": number})
"""


def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen([*command, name]) for name in ("Ann", "Bob")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    entries = trail.read(tmp_path).entries
    assert len(entries) == 160

    def numbers(name: str) -> list[int]:
        return [entry.facts["number"] for entry in entries if entry.by == name]

    assert numbers("Ann") == numbers("Bob") == sorted([*range(40), *range(40)])
    assert _whole(entries)


def _whole(entries: tuple[Entry, ...]) -> bool:
    """Entries of one pen stand together."""
    return all(a.by == b.by for a, b in zip(entries[::2], entries[1::2], strict=True))


def test_a_writer_killed_at_any_moment_leaves_a_trail_that_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER.replace("range(40)", "range(100000)"), str(tmp_path)]
    with subprocess.Popen([*command, "Ann"]) as writer:
        while not (tmp_path / FILE).is_file() or (tmp_path / FILE).stat().st_size < 5000:
            assert writer.poll() is None
        writer.kill()
    found = trail.read(tmp_path)
    with trail.writing(tmp_path) as pen:
        pen.add("decided", "Bob", {})
    assert trail.read(tmp_path).head[0] == found.head[0] + 1
