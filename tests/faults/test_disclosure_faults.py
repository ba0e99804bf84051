"""Groups under the minimum, remainders, two filters, two reports, two cycles: not derivable.

Names, ids and what tells who is counted stay in the restricted folder and in closed files.
"""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tiny import contents, edit, tiny_cycle, write_notebook

from revmentor.cycle.ledgers import earlier_reports, refusal
from revmentor.cycle.run import run_cycle
from revmentor.disclosure import Finding
from revmentor.disclosure.ledger import count_query
from revmentor.errors import InputError, LockedError, RevmentorError
from revmentor.publish.releases import FOLDER, MINIMUMS, releases_of

TELLS = """
from revmentor.disclosure.ledger import count_query, to_frame
from revmentor.publish.workspace import Workspace
def told(name, size):
    people = frozenset(f'q-{{at:03}}' for at in range(size))
    return count_query(name, ('n',), 'cell', people, size, size)
numbers = {numbers!r}
frame = to_frame(told(name, size) for name, size in numbers)
_ = Workspace(work).write_table('ledger-02_participants', frame)
"""


@pytest.fixture
def bench(repository: Path, tmp_path: Path) -> Path:
    return tiny_cycle(repository, tmp_path / "bench")


def plan(
    root: Path, *numbers: tuple[str, int], scenario: str = "base", cycle: str = "tiny"
) -> Path:
    write_notebook(root, "02_participants", TELLS.format(numbers=numbers))
    return run_cycle(cycle, scenario, stage="plan", root=root, progress=io.StringIO())


def test_two_reports_that_differ_by_one_person_are_not_both_published(bench: Path) -> None:
    result = plan(bench, ("applied", 20))
    before = contents(result)
    with pytest.raises(RevmentorError, match="would tell") as refused:
        plan(bench, ("applied", 21))
    assert refused.value.exit_code == 5
    assert "q-0" not in str(refused.value)
    assert "applied" in str(refused.value)
    assert contents(result) == before
    assert len(list((result.parent / FOLDER).glob("*.parquet"))) == 1
    plan(bench, ("applied", 20))
    plan(bench, ("applied", 25))
    assert len(list((result.parent / FOLDER).glob("*.parquet"))) == 2


def test_an_earlier_report_counts_although_its_result_was_replaced(bench: Path) -> None:
    result = plan(bench, ("applied", 20))
    plan(bench, ("something else", 40))
    with pytest.raises(RevmentorError, match="would tell"):
        plan(bench, ("applied", 21))
    shutil.rmtree(result)
    with pytest.raises(RevmentorError, match="would tell"):
        plan(bench, ("applied", 21))


def test_two_scenarios_of_one_cycle_are_compared(bench: Path) -> None:
    (bench / "params" / "scenarios" / "other.yaml").write_text(
        "why: to see\nmatching:\n  minimum_score: 0.1\n"
    )
    plan(bench, ("pairs", 118))
    with pytest.raises(RevmentorError, match="scenario base"):
        plan(bench, ("pairs", 117), scenario="other")


def test_a_report_that_another_scenario_overtook_is_told_to_run_again(bench: Path) -> None:
    meanwhile = (
        "import datetime as dt\nfrom revmentor.publish.releases import keep_release\n"
        "_ = keep_release(work.parent, (told('applied', 19),), scenario='other', "
        "on=dt.datetime(2026, 3, 3, tzinfo=dt.UTC))"
    )
    write_notebook(bench, "02_participants", TELLS.format(numbers=[("applied", 20)]) + meanwhile)
    with pytest.raises(LockedError, match="Run it again") as refused:
        run_cycle("tiny", stage="plan", root=bench)
    assert refused.value.exit_code == 6
    assert not (bench / "outputs" / "tiny" / "base").exists()
    with pytest.raises(RevmentorError, match="it would tell") as again:
        plan(bench, ("applied", 20))
    assert again.value.exit_code == 5


def test_a_refusal_says_each_way_once_with_how_many_groups() -> None:
    def finding(name: str, *sources: str) -> Finding:
        told = [count_query(name, (str(at),), "n", frozenset("q"), 1, 1) for at in range(9)]
        kept = [
            replace(told[0], name=f"old-{at}", source=source)
            for source in sources
            for at in range(4)
        ]
        return Finding("number", 1.0, (*told, *kept), 5)

    march, june = "in the report of 3 March", "in the report of 4 June"
    found = [finding("pairs", march)] * 200 + [finding("pool", march, june, "in an older one")]
    found += [finding(name) for name in "abcdef"]
    lines = refusal(tuple(found)).splitlines()
    assert lines[1:3] == [
        "  - how many people are in a group of fewer than 5, from “pairs” in this report, with "
        "several figures in the report of 3 March (200 such groups).",
        "  - how many people are in a group of fewer than 5, from “pool” in this report, with "
        "several figures in an older one, with 2 other reports.",
    ]
    assert lines[6] == "  - and the like in other ways (3 groups)."
    assert len(lines) == 8
    assert "earlier report" in lines[7]
    assert "enrolment.places" in refusal(tuple(found[201:])).splitlines()[-1]


def test_numbers_of_one_report_that_differ_by_one_person_are_not_published(bench: Path) -> None:
    with pytest.raises(RevmentorError, match="would tell"):
        plan(bench, ("pool", 120), ("pairs", 119))
    assert not (bench / "outputs" / "tiny" / "base").exists()
    assert releases_of(bench / "outputs" / "tiny") == ()


def test_a_cycle_that_the_history_names_is_compared(bench: Path) -> None:
    import pandas as pd

    plan(bench, ("applied", 20))
    home = bench / "outputs" / "tiny"
    other = home.with_name("next")
    history = pd.DataFrame({"cycle": ["tiny", "never published", "../tiny"]})
    assert len(earlier_reports(other, history)) == 1
    assert earlier_reports(other, None) == ()


def test_the_minimums_are_fixed_once_a_report_is_published(bench: Path) -> None:
    plan(bench, ("applied", 20))
    base = bench / "params" / "base.yaml"
    edit(base, "minimum_group: 5", "minimum_group: 4")
    with pytest.raises(InputError, match="start a new cycle") as refused:
        plan(bench, ("applied", 20))
    assert refused.value.exit_code == 2
    assert "disclosure.minimum_group" in str(refused.value)
    edit(base, "minimum_group: 4", "minimum_group: 5")
    edit(base, "minimum_comments: 10", "minimum_comments: 12")
    with pytest.raises(InputError, match=r"disclosure\.minimum_comments"):
        plan(bench, ("applied", 20))
    shutil.rmtree(bench / "outputs" / "tiny" / FOLDER)
    plan(bench, ("applied", 20))


def test_what_was_published_is_kept_for_its_owner_only(bench: Path) -> None:
    result = plan(bench, ("applied", 20))
    folder = result.parent / FOLDER
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    ledger = result / "restricted" / "ledger-02_participants.parquet"
    assert ledger.stat().st_mode & 0o777 == 0o600
    shared = [
        path for path in result.rglob("*") if path.is_file() and "restricted" not in path.parts
    ]
    assert not any(b"q-0" in path.read_bytes() for path in shared if path.suffix != ".ipynb")
    assert not any("q-0" in path.name for path in (*result.rglob("*"), *folder.iterdir()))


def test_a_release_of_another_version_stops_the_run_with_what_to_do(bench: Path) -> None:
    import pyarrow.parquet as pq

    result = plan(bench, ("applied", 20))
    path = next((result.parent / FOLDER).glob("*.parquet"))
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({b"revmentor": b'{"schema": 99}'}), path)
    with pytest.raises(InputError, match="another version"):
        plan(bench, ("applied", 20))


def test_a_result_that_could_not_be_swapped_in_is_not_kept_as_published(
    bench: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("revmentor.cycle.run.swap_in", no_room)
    with pytest.raises(RevmentorError, match="No space left"):
        plan(bench, ("applied", 20))
    assert releases_of(bench / "outputs" / "tiny") == ()
    assert not (bench / "outputs" / "tiny" / FOLDER / MINIMUMS).exists()


def test_a_run_that_is_stopped_just_after_publishing_has_kept_what_it_told(
    bench: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("revmentor.cycle.folders.discard", stopped)
        with pytest.raises(KeyboardInterrupt):
            plan(bench, ("applied", 20))
    home = bench / "outputs" / "tiny"
    assert (home / "base" / "manifest.json").is_file()
    assert len(releases_of(home)) == 1
    assert (home / FOLDER / MINIMUMS).is_file()
    with pytest.raises(RevmentorError, match="would tell"):
        plan(bench, ("applied", 21))
