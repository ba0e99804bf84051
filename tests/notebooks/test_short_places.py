"""A cycle whose places are short, run as a user runs it: who is drawn is matched, nobody else."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from workbenches import revmentor, smaller_demo, workbench

from revmentor.cycle.check import get_ready
from revmentor.cycle.context import open_context
from revmentor.cycle.pool import problem_of
from revmentor.cycle.steps.review.evidence import evidence_of
from revmentor.disclosure import Disclosed, DisclosedCounts
from revmentor.metrics.comparison import compare
from revmentor.publish.leaks import page_text

PLACES = {"mentor": 44, "mentee": 66}
SHORT = """
enrolment:
  certain: []
  places: {mentor: 44, mentee: 66}
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small company in a workbench of its own; more people apply than there are places."""
    root = workbench(tmp_path_factory.mktemp("bench"))
    smaller_demo(root, "short", 320, 7, more=SHORT)
    done = revmentor(root, "run", "short", "--stage", "match")
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture(scope="module")
def result(bench: Path) -> Path:
    return bench / "outputs" / "short" / "base"


@pytest.fixture(scope="module")
def selection(result: Path) -> pd.DataFrame:
    return pd.read_parquet(result / "restricted" / "selection.parquet")


def test_only_who_was_drawn_is_matched(result: Path, selection: pd.DataFrame) -> None:
    pairs = pd.read_parquet(result / "restricted" / "pairs.parquet")
    alone = pd.read_parquet(result / "restricted" / "unmatched.parquet")
    for side, places in PLACES.items():
        mine = selection.loc[selection["side"] == side]
        drawn = set(mine.loc[mine["has_place"], "person_id"])
        assert len(drawn) == places
        matched = set(pairs[f"{side}_id"]) | set(alone.loc[alone["side"] == side, "person_id"])
        assert matched == drawn
        waiting = mine.loc[~mine["has_place"], "rank"]
        assert sorted(waiting) == list(range(1, len(waiting) + 1))
    assert set(selection["how"]) == {"decision", "lottery", "not drawn"}


def test_everybody_is_in_the_file_with_a_reason(result: Path, selection: pd.DataFrame) -> None:
    file = result / "restricted" / "selection.csv"
    assert file.stat().st_mode & 0o777 == 0o600
    told = pd.read_csv(file, dtype=str, encoding="utf-8-sig")
    assert len(told) == len(selection)
    drawn = told.loc[told["how"] != "decision", "reason"]
    assert drawn.str.match(r"(Drawn|Not drawn): lot [\d,]+ of").all()
    assert told.loc[told["how"] == "not drawn", "reason"].str.contains("on the waitlist").all()


def test_a_rematch_and_a_check_see_the_same_people(bench: Path, selection: pd.DataFrame) -> None:
    ready = get_ready("short", root=bench, outputs=bench / "outputs")
    problem = problem_of(ready.tables, ready.resolved.params)
    drawn = selection.loc[selection["has_place"]]
    for side, roster in (("mentor", problem.mentors), ("mentee", problem.mentees)):
        assert set(roster.ids) == set(drawn.loc[drawn["side"] == side, "person_id"])


def test_the_review_compares_by_the_lottery(bench: Path, result: Path) -> None:
    context = open_context("05_review", "short", "base", root=str(bench),
                           data=str(bench / "outputs" / "short" / "data"),
                           workdir=str(result))  # fmt: skip
    tables = context.tables
    assert tables.applications["place"].isna().all(), "the company's own table says nothing"
    seen = evidence_of(context, {"outcomes": tables.outcomes})  # type: ignore[dict-item]
    participants = {*seen.pairs["mentor_id"], *seen.pairs["mentee_id"]}
    found = compare(seen.people, seen.applications, seen.table("outcomes"), participants,
                    seen.start, seen.end, lacked_places=seen.lacked_places)  # type: ignore[arg-type]  # fmt: skip
    assert found.kind == "lottery"
    place = seen.applications.set_index("person_id")["place"]
    assert place.value_counts().min() >= 20
    assert "A lottery decided" in found.why


def test_the_page_tells_the_places_and_hides_the_few(result: Path) -> None:
    text = " ".join(page_text((result / "report" / "participants.html").read_text()).split())
    assert "44 mentors and 66 mentees have a place" in text
    assert "too small to compare" in text or "have a place: the highest rate" in text
    assert "Not drawn" not in text
    data = result / "report" / "data"
    counts = Disclosed.from_json(json.loads((data / "access-gender.json").read_text())["content"])
    assert isinstance(counts, DisclosedCounts)
    assert counts.columns == ("applied and has a place", "applied, no place", "did not apply")
    audit = pd.read_csv(result / "restricted" / "access-audit-matched.csv", encoding="utf-8-sig")
    assert {"gender", "generation"} == set(audit["by"])


def test_more_certain_places_than_there_are_is_refused_before_anything_runs(bench: Path) -> None:
    cycle = bench / "params" / "cycles" / "short.yaml"
    few = cycle.read_text().replace("certain: []", "certain: [open]").replace("44", "4")
    (bench / "params" / "cycles" / "few.yaml").write_text(few)
    data = bench / "outputs" / "short" / "data"
    done = revmentor(bench, "check", "few", "--data", str(data))
    assert done.returncode == 2
    assert "enrolment.places.mentor" in done.stderr
    assert "Traceback" not in done.stderr
