"""The command line: help, words, exit codes, and nothing heavy imported before it is needed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tiny import edit, tiny_cycle

import revmentor
from revmentor import cli
from revmentor.cycle.stages import ALL, STAGE_NAMES
from revmentor.errors import (
    Fault,
    InputError,
    LockedError,
    NoFeasibleMatching,
    NotProven,
    RevmentorError,
    SolverError,
)
from revmentor.names import OBJECTIVE_KINDS
from revmentor.paths import COMMANDS


@pytest.fixture
def bench(repository: Path, tmp_path: Path) -> Path:
    return tiny_cycle(repository, tmp_path / "bench", ())


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        cli.main(words)
    assert isinstance(left.value.code, int)
    out, error = capsys.readouterr()
    return left.value.code, out, error


def test_help_names_every_command_and_option(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "--help")
    assert code == 0
    assert all(word in out for word in ("run", "check", "demo", "--version"))
    code, out, _ = call(capsys, "run", "-h")
    assert code == 0
    for option in ("--scenario", "--stage", "--data", "--outputs", "--root", "--debug"):
        assert option in out
    assert "|".join((*STAGE_NAMES, ALL)) in out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "--version") == (0, f"revmentor, version {revmentor.__version__}\n", "")


@pytest.mark.parametrize(
    "words",
    [
        ["run"],
        ["walk"],
        ["run", "demo", "--sceanrio", "x"],
        ["demo", "--people", "39", "--out", "x"],
        ["demo", "--people", "100001", "--out", "x"],
        ["demo", "--people", "many", "--out", "x"],
        ["demo"],
    ],
)
def test_wrong_words_exit_2(capsys: pytest.CaptureFixture[str], words: Sequence[str]) -> None:
    code, out, error = call(capsys, *words)
    assert (code, out) == (2, "")
    assert "Error:" in error


def test_misspelt_option_is_answered_with_the_right_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "--scenario" in call(capsys, "run", "demo", "--sceanrio", "x")[2]


@pytest.mark.parametrize(
    ("words", "place", "near"),
    [
        (["charter", "cultur"], "charter, value 'cultur'", "culture"),
        (["charter", "hard-skill"], "charter, value 'hard-skill'", "hard_skill"),
        (["charter", "Process"], "charter, value 'Process'", "process"),
        (["run", "demo", "--stage", "reveiw"], "--stage, value 'reveiw'", "review"),
    ],
)
def test_misspelt_name_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str], words: Sequence[str], place: str, near: str
) -> None:
    code, out, error = call(capsys, *words)
    assert (code, out) == (2, "")
    assert error.startswith(f"1 problem in the input:\n  {place}: there is no ")
    assert error.endswith(f"To fix: write {near}, if that is what you mean.\n")


def test_name_that_is_near_to_none_is_answered_with_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, error = call(capsys, "charter", "zebra")
    assert (code, out) == (2, "")
    assert all(kind in error for kind in OBJECTIVE_KINDS)
    assert "Missing argument 'KIND'" in call(capsys, "charter")[2]
    told = call(capsys, "charter", "--help")[1]
    assert all(f"{kind} " in told and means in told for kind, means in OBJECTIVE_KINDS.items())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--counts", "5/0"], "value '5/0'"),
        (["--counts", "1/2", "0/0"], "value '0/0'"),
        (["--counts", "7/5"], "value '7/5'"),
        (["--percent", "-5", "200"], "value '-5'"),
        (["--percent", "5", "200"], "value '200'"),
        (["--percent", "5", "-200"], "value '-200'"),
        (["--n", "10"], "give --percent or --counts"),
        ([], "give --percent or --counts"),
        (["--percent", "5", "--n", "-3"], "value '-3'"),
    ],
)
def test_claim_that_cannot_be_read_is_a_fault_and_no_verdict(
    capsys: pytest.CaptureFixture[str], words: Sequence[str], says: str
) -> None:
    code, out, error = call(capsys, "check-claim", *words)
    assert (code, out) == (2, "")
    assert says in error
    assert "To fix: " in error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError(Fault("x", "it is odd", "mend it", "a.csv")), 2),
        (NoFeasibleMatching("none"), 3),
        (NotProven("gap"), 4),
        (SolverError("gone"), 5),
        (LockedError("held"), 6),
        (RevmentorError("other"), 5),
    ],
)
def test_every_error_has_its_exit_code_and_no_traceback(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: RevmentorError,
    code: int,
) -> None:
    def fail(*words: object, **options: object) -> None:
        raise error

    monkeypatch.setattr("revmentor.cycle.check.check_cycle", fail)
    assert call(capsys, "check", "demo") == (code, "", f"{error}\n")
    _, _, shown = call(capsys, "check", "demo", "--debug")
    assert "Traceback" in shown


def test_unexpected_error_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*words: object, **options: object) -> None:
        raise ZeroDivisionError("Ada Lovelace / 0")

    monkeypatch.setattr("revmentor.cycle.check.check_cycle", fail)
    code, out, error = call(capsys, "check", "demo")
    assert (code, out) == (5, "")
    assert "ZeroDivisionError" in error
    assert "--debug" in error
    assert "Ada" not in error
    assert "Ada Lovelace / 0" in call(capsys, "check", "demo", "--debug")[2]


def test_check_prints_the_load_report(capsys: pytest.CaptureFixture[str], bench: Path) -> None:
    code, out, error = call(capsys, "check", "tiny", "--root", str(bench))
    assert code == 0
    assert error.startswith("Next, read")
    assert "people.csv" in out
    assert "4 rows read" in out


CHARTER = """\
charter:
  kind: culture
  success:
    - {criterion: Skills grow, metric: skill_change, due: 2026-07-24}
    - {criterion: Skills are rated, metric: skills_measured_share}
    - {criterion: Departments meet, metric: across_departments}
    - {criterion: Pairs meet, metric: first_meeting_share, due: 2026-02-11}
    - {criterion: People stay, metric: retention}
"""


def test_check_notes_which_criteria_lack_their_table(
    capsys: pytest.CaptureFixture[str], bench: Path
) -> None:
    cycle = bench / "params" / "cycles" / "tiny.yaml"
    cycle.write_text(cycle.read_text() + CHARTER)
    edit(bench / "params" / "base.yaml", "    outcomes: {path: outcomes.csv, optional: true}\n", "")
    sessions = bench / "tiny" / "sessions.csv"
    header = "mentor_id,mentee_id,on,status\n"
    sessions.write_text(header)
    code, out, error = call(capsys, "check", "tiny", "--root", str(bench))
    assert code == 0
    assert error.startswith("Next, read")
    assert [line for line in out.splitlines() if line.startswith("note: ")] == [
        "note: without rows in the table skills, the review cannot judge “Skills grow” (due "
        "24 July 2026) and “Skills are rated”: fill skills.csv, or change the charter.",
        "note: without rows in the table sessions, the review cannot judge “Pairs meet” (due "
        "11 February 2026): fill sessions.csv, or change the charter.",
        "note: without rows in the table outcomes, the review cannot judge “People stay”: name "
        "its file in data.tables.outcomes, or change the charter.",
    ]
    sessions.write_text(f"{header}P-001,P-003,2026-01-20,held\n")
    _, out, _ = call(capsys, "check", "tiny", "--root", str(bench))
    assert "Pairs meet" not in out
    cycle.write_text(f"{cycle.read_text()}checkin:\n  address: http://localhost:8765\n")
    code, out, _ = call(capsys, "check", "tiny", "--root", str(bench))
    assert code == 0, "links that open on this machine only are no fault, but told"
    assert "note: personal links begin with http://localhost:8765, which opens on this" in out
    assert "Departments meet" not in out


def test_check_names_unknown_cycle_with_the_known_ones(
    capsys: pytest.CaptureFixture[str], bench: Path
) -> None:
    code, out, error = call(capsys, "check", "tyni", "--root", str(bench))
    assert (code, out) == (2, "")
    assert "tiny" in error


@pytest.mark.parametrize(
    ("words", "banned"),
    [
        (["--help"], ["pandas", "pydantic", "papermill", "nbconvert", "pulp"]),
        (["check", "tiny"], ["papermill", "nbconvert", "seaborn", "matplotlib", "pulp", "zmq"]),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(
    bench: Path, words: list[str], banned: list[str]
) -> None:
    code = (
        "import sys; from revmentor.cli import main\n"
        "try:\n    main(sys.argv[2:])\n"
        "except SystemExit as left:\n"
        "    print('HEAVY', left.code, sorted(set(sys.argv[1].split()) & set(sys.modules)))"
    )
    places = [] if words == ["--help"] else ["--root", str(bench)]
    done = subprocess.run(
        [sys.executable, "-c", code, " ".join(banned), *words, *places],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "HEAVY 0 []", done.stderr


def test_a_run_without_a_matching_ends_with_what_to_type_next(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*words: object, **more: object) -> None:
        raise NoFeasibleMatching("No matching satisfies all that is asked.")

    monkeypatch.setattr("revmentor.cycle.run.run_cycle", fail)
    code, out, error = call(capsys, "run", "spring", "--stage", "all", "--data", "my tables")
    assert (code, out) == (3, "")
    assert error == (
        "No matching satisfies all that is asked.\n"
        "Next, change one of these, and match again: "
        "revmentor run spring --stage match --data 'my tables'\n"
    )


@pytest.mark.parametrize(
    ("where", "found", "typed"),
    [
        ("", False, ".venv/bin/revmentor"),
        (".venv/bin", False, "./revmentor"),
        ("elsewhere", False, "'{bench}/.venv/bin/revmentor'"),
        ("elsewhere", True, "revmentor"),
    ],
)
def test_printed_commands_are_typed_as_the_program_was_called(
    repository: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    found: bool,
    typed: str,
) -> None:
    bench = tiny_cycle(repository, tmp_path / "my bench", ())
    program = bench / ".venv/bin/revmentor"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (bench / where).mkdir(exist_ok=True)
    monkeypatch.chdir(bench / where)
    monkeypatch.setenv("PATH", str(program.parent) if found else str(tmp_path))
    monkeypatch.setattr(sys, "argv", [str(program)])
    typed = typed.format(bench=bench)
    code, _, error = call(capsys, "approve", "tiny", "--by", "Ann", "--root", str(bench))
    assert code == 2
    assert f"`{typed} run tiny --stage match`" in error
    assert f"{typed} approve" in call(capsys, "approve", "--help")[1]


def test_every_command_is_known_where_commands_are_made_typable() -> None:
    assert set(COMMANDS) == set(cli.cli.commands)
