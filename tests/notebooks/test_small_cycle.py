"""A cycle of few people, run as a user runs it: its report is published, and tells less."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from workbenches import revmentor, smaller_demo, workbench

from revmentor.cycle.ledgers import told_by
from revmentor.disclosure import attack
from revmentor.publish.leaks import page_text
from revmentor.publish.workspace import Workspace

STAGES = ("plan", "all")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo with 80 people, of whom one mentor left and one lacks a skill."""
    root = workbench(tmp_path_factory.mktemp("bench"))
    smaller_demo(root, "small", 80, 3, launch="  pdf: never\n")
    return root


def test_a_report_of_few_people_is_published_after_its_plan(bench: Path) -> None:
    for stage in STAGES:
        done = revmentor(bench, "run", "small", "--stage", stage)
        assert done.returncode == 0, (stage, done.stderr)
    result = bench / "outputs" / "small" / "base"
    ledger = told_by(Workspace(result))
    assert attack(ledger, 5) == ()
    pairs = pd.read_parquet(result / "restricted" / "pairs.parquet")
    assert len(pairs) >= 10
    told = {query.name for query in ledger}
    assert {"pulse", "verdicts", "placed", "funnel"} <= told


def test_only_the_coordinator_reads_every_number(bench: Path) -> None:
    result = bench / "outputs" / "small" / "base"
    pages = {path.stem: page_text(path.read_text()) for path in result.rglob("*.html")}
    told = " ".join(pages["matching"].split())
    assert "shows every number, also of fewer than five people" in told
    for hidden in ("not shown", "fewer than 5", "is not told"):
        assert hidden not in told
    pairs = pd.read_parquet(result / "restricted" / "pairs.parquet")
    lowest = 100 * pairs["score"].min()
    assert f"the lowest score is {lowest:.0f}" in told
    for page in sorted((result / "report").glob("*.html")):
        shared = page_text(page.read_text())
        assert "lowest score is" not in shared, page.name
        assert "score of the worst pair" not in shared, page.name
    assert not list((result / "report" / "figures").glob("03_matching*"))
    for book in (result / "notebooks").iterdir():
        restricted = book.stem in ("03_matching", "04_launch")
        assert book.stat().st_mode & 0o077 == (0 if restricted else 0o044), book.name
