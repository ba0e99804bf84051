"""Each notebook runs alone, as a company's scheduler calls it; a wrong parameter stops it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from workbenches import workbench

from revmentor import lab
from revmentor.cycle.injected import check_injected, injected_values
from revmentor.cycle.steps.review import WOULD_SHOW
from revmentor.errors import InputError


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workbench(tmp_path_factory.mktemp("alone") / "bench")


def papermill(
    bench: Path, notebook: str, cwd: Path, *more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("papermill")),
            str(bench / "notebooks" / f"{notebook}.ipynb"),
            str(cwd / "out.ipynb"),
            *("-p", "root", str(bench)),
            *more,
        ],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def outputs_of(path: Path) -> str:
    book = nbformat.read(path, as_version=4)
    return json.dumps([cell.get("outputs", []) for cell in book.cells])


def test_matching_alone_from_any_directory(bench: Path, tmp_path: Path) -> None:
    done = papermill(
        bench, "03_matching", tmp_path, "-p", "cycle", "demo", "-p", "scenario", "base"
    )
    assert done.returncode == 0, done.stderr[-2000:]
    shown = outputs_of(tmp_path / "out.ipynb")
    assert "Proven optimal" in shown
    assert "image/png" in shown
    draft = bench / "outputs" / "demo" / ".draft-base"
    assert (draft / "restricted" / "pairs.parquet").is_file()
    assert not (draft / "manifest.json").exists(), "a draft is no result"
    assert not (bench / "outputs" / "demo" / "base").exists()


def test_report_alone_makes_what_it_reads(bench: Path, tmp_path: Path) -> None:
    done = papermill(bench, "06_report", tmp_path, "-p", "workdir", str(tmp_path / "work"))
    assert done.returncode == 0, done.stderr[-2000:]
    assert "of the possible score" in outputs_of(tmp_path / "out.ipynb")
    assert (tmp_path / "work" / "restricted" / "packs").is_dir()


@pytest.mark.parametrize(
    ("more", "problem", "cure"),
    [
        (("-p", "cycel", "demo"), "no such parameter", "write cycle"),
        (("-p", "cycle", "2026"), "text, not int", "-r cycle 2026"),
    ],
)
def test_a_wrong_parameter_stops_the_notebook(
    bench: Path, tmp_path: Path, more: tuple[str, ...], problem: str, cure: str
) -> None:
    done = papermill(bench, "01_objectives", tmp_path, *more)
    assert done.returncode != 0
    assert problem in done.stderr
    assert cure in done.stderr


def test_a_cell_that_papermill_did_not_write_is_not_judged() -> None:
    assert injected_values(["cycel = 'demo'", "x = 1"]) == {}


def test_all_wrong_parameters_come_at_once() -> None:
    with pytest.raises(InputError) as caught:
        check_injected({"cycel": "demo", "scenario": 7})
    assert len(caught.value.faults) == 2


def test_another_scenario_changes_the_match(bench: Path) -> None:
    base = lab.matching("demo", "base", root=str(bench))
    other = lab.matching("demo", "skills-first", root=str(bench))
    assert other.matching.status == "optimal"
    columns = ["mentor_id", "mentee_id"]
    assert set(map(tuple, base.matching.pairs[columns].to_numpy())) != set(
        map(tuple, other.matching.pairs[columns].to_numpy())
    )
    assert other.contributions["skills"].sum() > base.contributions["skills"].sum()


def test_why_not_and_why_alone_are_answered_in_words(bench: Path) -> None:
    step = lab.matching("demo", root=str(bench))
    pairs, alone = step.matching.pairs, step.matching.unmatched
    mentor, mentee = str(pairs["mentor_id"].iloc[0]), str(pairs["mentee_id"].iloc[-1])
    (why_not,) = step.why_not(mentor, mentee).parts
    assert f"The pair of mentor {mentor} and mentee {mentee}" in repr(why_not).replace(
        "Making the pair", "The pair"
    )
    person = str(alone["person_id"].iloc[0])
    (why,) = step.why_unmatched(person).parts
    assert len(repr(why)) > 20
    with pytest.raises(InputError, match="E99999"):
        step.why_not("E99999", mentee)


def test_an_edited_weight_is_not_answered_from_the_draft(bench: Path, tmp_path: Path) -> None:
    root = tmp_path / "bench"
    shutil.copytree(bench, root)
    lab.launch("demo", "base", root=str(root))
    first = (root / "outputs/demo/.draft-base/restricted/pairs.parquet").read_bytes()
    cycle = root / "params" / "cycles" / "demo.yaml"
    text = cycle.read_text()
    assert text.count("    generation: 0.10\n") == 1
    cycle.write_text(
        text.replace("    generation: 0.10\n", "    generation: 0.0\n    skills: 0.9\n")
    )
    lab.launch("demo", "base", root=str(root))
    assert (root / "outputs/demo/.draft-base/restricted/pairs.parquet").read_bytes() != first


def test_a_fault_in_the_sessions_does_not_stop_the_planning(
    bench: Path, demo_result: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(demo_result.parent / "data", data)
    sessions = data / "sessions.csv"
    sessions.write_text(sessions.read_text().replace(",held,", ",hold,"))
    where = {"root": str(bench), "data": str(data), "workdir": str(tmp_path / "work")}
    lab.participants(**where).record()
    with pytest.raises(InputError, match=r"sessions\.csv"):
        lab.review(**where).months()


def test_a_missing_table_is_named_and_the_rest_goes_on(
    bench: Path, demo_result: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name in ("people", "applications"):
        shutil.copy(demo_result.parent / "data" / f"{name}.csv", data)
    step = lab.review(root=str(bench), data=str(data), workdir=str(tmp_path / "work"))
    assert step.absent == tuple(WOULD_SHOW)
    assert len(WOULD_SHOW) == 9
    told = repr([*step.months().parts, *step.outcomes().parts])
    for table, missed in WOULD_SHOW.items():
        assert f"no table “{table}”" in told
        assert f"It would show {missed}." in told
        assert f"data.tables.{table}." in told
    step.record()
    report = lab.report(root=str(bench), data=str(data), workdir=str(tmp_path / "work"))
    said = repr(report.how_we_know().parts)
    for table, missed in WOULD_SHOW.items():
        assert f"Without a table “{table}” we cannot say {missed}." in said
