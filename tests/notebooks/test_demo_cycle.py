"""The demo cycle from its data to its report: what is published, and what is not."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from revmentor import words
from revmentor.cycle.ledgers import told_by
from revmentor.data import Tables, load_tables
from revmentor.disclosure import Disclosed, attack
from revmentor.disclosure.verdicts import DisclosedVerdicts
from revmentor.matching import Problem, solve, verify
from revmentor.params import load_params
from revmentor.publish.leaks import People, leaks, page_text
from revmentor.publish.releases import releases_of
from revmentor.publish.workspace import Workspace
from tests.conftest import command

NOTEBOOKS = [
    "01_objectives",
    "02_participants",
    "03_matching",
    "04_launch",
    "05_review",
    "06_report",
]
# A plan; meetings; the verdicts, which repeat `verdicts`; and comments, of which as many are drawn
# as the minimum asks for.
TELL_OF_NO_PEOPLE = {
    "cancelled",
    "comments-mentee",
    "comments-mentor",
    "hours-due",
    "judgement",
    "power",
    "rhythm",
}
MARKS = {"met": "✓ met", "not met": "✗ not met", "cannot conclude": "? cannot conclude"}
OUTSIDE = re.compile(r"""(?:src|href|action)\s*=\s*["']?\s*(?:https?:)?//|@import|url\(""", re.I)


@pytest.fixture(scope="module")
def tables(demo_result: Path, repository: Path) -> Tables:
    params = load_params("demo", root=repository).params
    return load_tables(params, demo_result.parent / "data")


def page(demo_result: Path, name: str) -> str:
    return page_text((demo_result / name).read_text(encoding="utf-8"))


def test_the_manifest_tells_of_every_stage_and_file(demo_result: Path) -> None:
    manifest = json.loads((demo_result / "manifest.json").read_text())
    assert [stage["stage"] for stage in manifest["stages"]] == [
        "plan",
        "match",
        "launch",
        "review",
        "report",
    ]
    assert manifest["matching"]["status"] == "optimal"
    assert manifest["matching"]["gap"] == 0
    assert {path.stem for path in (demo_result / "notebooks").glob("*.ipynb")} == set(NOTEBOOKS)


def test_the_pairs_are_a_best_matching_of_the_tables(
    demo_result: Path, tables: Tables, repository: Path
) -> None:
    params = load_params("demo", root=repository).params
    problem = Problem.from_tables(
        tables.people,
        tables.applications,
        params,
        decisions=tables.decisions,
        history=tables.history,
    )
    again = solve(problem)
    assert verify(problem, again).objective == again.objective
    pairs = pd.read_parquet(demo_result / "restricted" / "pairs.parquet")
    pd.testing.assert_frame_equal(pairs, again.pairs, check_dtype=False)
    assert pairs["score"].sum() == pytest.approx(float(again.objective))


def test_everybody_is_in_a_pair_or_has_a_reason(demo_result: Path, tables: Tables) -> None:
    pairs = pd.read_parquet(demo_result / "restricted" / "pairs.parquet")
    alone = pd.read_parquet(demo_result / "restricted" / "unmatched.parquet")
    assert (alone["reason"].str.len() > 10).all()
    for side in ("mentor", "mentee"):
        on_side = tables.applications.loc[tables.applications["side"].isin([side, "both"])]
        told = set(pairs[f"{side}_id"]) | set(alone.loc[alone["side"] == side, "person_id"])
        assert told == set(on_side["person_id"])


def test_contributions_add_up_to_the_score(demo_result: Path) -> None:
    parts = pd.read_parquet(demo_result / "restricted" / "contributions.parquet")
    criteria = parts.drop(columns=["mentor_id", "mentee_id", "score", "assumed"])
    total = (criteria * 1_000_000).round().sum(axis=1)
    assert (total == (parts["score"] * 1_000_000).round()).all()


def test_two_packs_for_every_pair_and_no_name_in_a_file_name(
    demo_result: Path, prints: bool
) -> None:
    pairs = pd.read_parquet(demo_result / "restricted" / "pairs.parquet")
    files = sorted(path.name for path in (demo_result / "restricted" / "packs").iterdir())
    packs = [name for name in files if name.endswith(".html")]
    assert len(packs) == 2 * len(pairs)
    assert all(re.fullmatch(r"pair-\d{4}-(mentor|mentee)\.html", name) for name in packs)
    assert len([name for name in files if name.endswith(".ics")]) == len(pairs)
    assert len([name for name in files if name.endswith(".pdf")]) == 2 * len(pairs) * prints


def test_a_pack_introduces_the_right_partner(demo_result: Path, tables: Tables) -> None:
    pairs = pd.read_parquet(demo_result / "restricted" / "pairs.parquet")
    names = tables.people.set_index("person_id")["name"]
    first = pairs.iloc[0]
    text = page(demo_result, "restricted/packs/pair-0001-mentee.html")
    assert f"{names[first['mentee_id']]}, meet {names[first['mentor_id']]}" in text


def test_nobody_is_named_outside_the_restricted_folder(demo_result: Path, tables: Tables) -> None:
    people = People.of(tables.people)
    assert len(people.names) > 300
    assert leaks(demo_result, people) == {}
    named = (demo_result / "restricted" / "pairs.html").read_text(encoding="utf-8")
    assert people.found_in(page_text(named)) > 100, "the search finds names where they are"
    page = (demo_result / "restricted" / "matching.html").read_text(encoding="utf-8")
    assert '<a href="../restricted/pairs.html">' in page, "the page leads to the names"


def test_comments_are_few_name_nobody_and_stand_on_one_page(
    demo_result: Path, tables: Tables
) -> None:
    assert tables.pulse is not None
    written = {" ".join(str(text).split()) for text in tables.pulse["comment"].dropna()}
    shared: set[str] = set()
    for side in ("mentor", "mentee"):
        path = demo_result / "report" / "data" / f"comments-{side}.json"
        comments = json.loads(path.read_text())["content"]["comments"]
        assert len(comments) == 10
        shared |= set(comments)
    assert shared < written
    raw = (demo_result / "report" / "review.html").read_text(encoding="utf-8")
    assert all(html.escape(f"“{text}”") in raw for text in shared)
    for path in (demo_result / "report").rglob("*.html"):
        said = page_text(path.read_text(encoding="utf-8"))
        on_page = {text for text in written if f"“{text}”" in " ".join(said.split())}
        assert on_page == (shared if path.name == "review.html" else set()), path.name


def test_pages_need_no_network_and_run_no_script(demo_result: Path) -> None:
    pages = [*(demo_result / "report").glob("*.html"), *(demo_result / "restricted").glob("*.html")]
    assert len(pages) >= 7
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text.lower(), path.name
        assert OUTSIDE.search(text) is None, path.name


def test_every_picture_says_what_it_shows(demo_result: Path) -> None:
    for path in (demo_result / "report").glob("*.html"):
        for image in re.findall(r"<img[^>]*>", path.read_text(encoding="utf-8")):
            alt = re.search(r'alt="([^"]*)"', image)
            assert alt is not None, path.name
            assert len(alt[1]) > 20, path.name


def test_no_number_under_the_minimum_group_is_published(demo_result: Path) -> None:
    seen = 0
    for path in (demo_result / "report" / "data").glob("*.json"):
        content = json.loads(path.read_text())["content"]
        if isinstance(content, dict) and content.get("kind") == "DisclosedCounts":
            plans = set(content["open_columns"])
            for row in content["cells"]:
                for column, count in zip(content["columns"], row, strict=True):
                    if column not in plans and count["value"] is not None:
                        seen += 1
                        assert count["value"] == 0 or count["value"] >= 5, path.name
    assert seen > 50


def test_the_report_says_the_figures_of_the_match(demo_result: Path) -> None:
    pairs = pd.read_parquet(demo_result / "restricted" / "pairs.parquet")
    text = page(demo_result, "report/index.html")
    assert "Demo: reverse mentoring, spring 2026" in text
    assert "Proven optimal" in text
    assert re.search(rf"{len(pairs)}\s+pairs", text)
    assert "Files written" not in text


def test_the_match_is_told_as_a_story(demo_result: Path) -> None:
    text = re.sub(r"\s+", " ", page(demo_result, "restricted/matching.html"))
    for told in (
        r"What is aimed at: the largest total of all pairs' scores",
        r"Proven optimal: no other matching",
        r"The worst pair is one that a decision has made; the worst of the others scores \d+",
        r"One more place would help for \d+ people",
        r"another matching is equally good: the lottery decided \(seed 0\)",
        r"would both rather have each other",
        r"Why not make the first of them, a pair of \d+\? The whole match would lose [\d.]+ points",
        r"A stable match, .*?, would cost \d+ points",
    ):
        assert re.search(told, text), told


def test_every_criterion_of_the_charter_stands_in_the_report(
    demo_result: Path, repository: Path
) -> None:
    criteria = load_params("demo", root=repository).params.charter.success
    verdicts = json.loads((demo_result / "report" / "verdicts.json").read_text(encoding="utf-8"))
    kept = json.loads((demo_result / "report" / "data" / "judgement.json").read_text())
    told = DisclosedVerdicts.from_json(kept["content"])
    assert len(criteria) == len(verdicts) == len(told.rows) >= 5
    text = re.sub(r"\s+", " ", page(demo_result, "report/index.html"))
    for item, verdict, row in zip(criteria, verdicts, told.rows, strict=True):
        assert verdict["criterion"] == row.criterion == item.criterion
        assert verdict["estimate"] is not None
        assert item.target is not None
        target = f"{100 * item.target:.0f}%" if row.unit == "share" else f"{item.target:g}"
        found = row.estimate
        n = f"n = {found.n}" if found.n is not None else f"n {found.n_text}"
        figure = f"{found.text} ({words.interval(*verdict['interval'], row.unit)}, {n})"
        mark = MARKS[verdict["verdict"]]
        assert f"{mark} {item.criterion} {figure}; target {target}" in text, "the tile"
        assert f"{figure} {target} {mark} {words.capital(row.why)}" in text, "the table"
    assert "()" not in text


def test_the_verdicts_are_what_was_secured(demo_result: Path) -> None:
    data = demo_result / "report" / "data"
    secured, judged = (
        json.loads((data / f"{name}.json").read_text())["content"]
        for name in ("verdicts", "judgement")
    )
    assert [row["estimate"] for row in judged["rows"]] == secured["estimates"]


def test_no_exact_total_is_shared(demo_result: Path) -> None:
    exact = json.loads((demo_result / "restricted" / "certificate_totals.json").read_text())
    total = str(exact["content"]["objective"])
    assert len(total) > 6
    for path in (demo_result / "report" / "data").glob("*.json"):
        assert total not in path.read_text(), path.name


def test_the_published_report_gives_no_small_group_away(demo_result: Path) -> None:
    ledger = told_by(Workspace(demo_result))
    assert {query.name for query in ledger} >= {"funnel", "pairs", "pulse", "quality"}
    assert attack(ledger, 5) == ()
    kept = releases_of(demo_result.parent)
    assert {query.place.rsplit(", in the report", 1)[0] for query in kept} == {
        query.place for query in ledger
    }


def test_another_scenario_is_published_beside_it_and_both_give_no_group_away(
    demo_result: Path, tmp_path: Path
) -> None:
    home = tmp_path / "demo"
    shutil.copytree(demo_result.parent, home)
    before = releases_of(home)
    words = ["run", "demo", "--scenario", "skills-first", "--outputs", str(tmp_path)]
    done = subprocess.run(
        [str(command("revmentor")), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    ledger = told_by(Workspace(home / "skills-first"))
    assert len(ledger) > 400
    assert before
    assert attack(ledger, 5, before=before) == ()


def test_who_stands_behind_every_shared_number_is_known(demo_result: Path) -> None:
    ledger = told_by(Workspace(demo_result))
    shared = {
        path.stem: value
        for path in (demo_result / "report" / "data").glob("*.json")
        if isinstance(value := json.loads(path.read_text())["content"], dict)
        and value.get("kind") in Disclosed.kinds
    }
    unknown = set(shared) - {query.name for query in ledger} - TELL_OF_NO_PEOPLE
    assert unknown == set()


def test_report_data_has_no_more_digits_than_a_page_shows(demo_result: Path) -> None:
    for path in (demo_result / "report" / "data").glob("pulse.json"):
        for each in json.loads(path.read_text())["content"]["estimates"]:
            for number in (each["value"], each["low"], each["high"]):
                assert number is None or number == round(number, 1)
