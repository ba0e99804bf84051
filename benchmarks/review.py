"""How long do the review and the report of a large cycle take, and how much memory?

An invented company is matched and lives its months (88,000 people make about 5,000 pairs, 53,000
sessions and 39,000 pulse answers); the steps before the review are recorded in a process of their
own. Then review and report run in a fresh process, as their kernels do. Seconds are beyond the
start of the process and its imports; the ratio is to reading and checking the cycle's tables, which
any review must do. ``--roster`` keeps all applicants and leaves out others: of the same pairs in a
smaller company.

    python benchmarks/review.py --people 88000 --roster 20000
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from measure import peak_mb

BEFORE, REVIEW, REPORT = "before", "review", "report"
STEP = Path(__file__)


def main() -> None:
    """Make the company, record the earlier steps, time the review and the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=88_000)
    parser.add_argument("--roster", type=int, help="people kept, all who applied among them")
    parser.add_argument("--step", choices=[BEFORE, REVIEW, REPORT])
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.step:
        print(json.dumps(timed_step(asked.step, asked.folder)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "revmentor.cli", "demo", "--people", str(asked.people)]
        subprocess.run([*command, "--out", str(folder / "data")], check=True, capture_output=True)
        if asked.roster:
            keep(folder / "data", asked.roster)
        for table in ("people", "sessions", "pulse"):
            with (folder / "data" / f"{table}.csv").open(encoding="utf-8") as rows:
                print(f"{table}: {sum(1 for _ in rows) - 1:,} rows")
        found = {step: _run(step, folder) for step in (BEFORE, REVIEW, REPORT)}
    load = found[REVIEW]["load"]
    total = sum(found[step]["work"] for step in (REVIEW, REPORT)) + load
    print(f"pairs: {found[REVIEW]['pairs']:,}")
    for step in (REVIEW, REPORT):
        print(f"{step}: {found[step]['work']:.1f} s, peak {found[step]['peak']:.0f} MB")
    print(f"tables read: {load:.1f} s; review and report with it: {total:.1f} s")
    print(f"review and report are {total / load:.1f} times reading the tables")


def keep(folder: Path, roster: int) -> None:
    """Leave everybody who applied, then others by id, and all of their managers."""
    people = read(folder / "people.csv")
    manager = dict(zip(people["person_id"], people["manager_id"], strict=True))
    applied = read(folder / "applications.csv")["person_id"]
    others = people.loc[~people["person_id"].isin(applied), "person_id"]
    kept: set[str] = set()
    for number, first in enumerate((*applied, *others)):
        if number >= len(applied) and len(kept) >= roster:
            break
        who = first
        while who and who not in kept:
            kept.add(who)
            who = manager[who]
    for path in folder.glob("*.csv"):
        rows = read(path)
        named = [name for name in rows if name.endswith("_id") and name != "manager_id"]
        rows.loc[rows[named].isin(kept).all(axis=1)].to_csv(path, index=False)


def read(path: Path) -> pd.DataFrame:
    """A table as it is written, all of it as text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _run(step: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, str(STEP), "--step", step, "--folder", str(folder)]
    # Packs are not what is timed: their pages are written, without 10,000 PDFs.
    no_browser = os.environ | {"REVMENTOR_CHROME": "none"}
    done = subprocess.run(command, capture_output=True, text=True, env=no_browser)
    if done.returncode:
        raise SystemExit(f"the step {step} failed:\n{done.stderr}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def timed_step(name: str, folder: Path) -> dict[str, float]:
    """Do everything that the notebook of this step shows and writes; returns seconds and MB."""
    import revmentor.figures
    import revmentor.metrics
    import revmentor.tables  # noqa: F401
    from revmentor.cycle.context import open_context
    from revmentor.cycle.steps.launch import Launch
    from revmentor.cycle.steps.report import Report
    from revmentor.cycle.steps.review import Review

    kind = {BEFORE: Launch, REVIEW: Review, REPORT: Report}[name]
    context = open_context(
        kind.notebook, "demo", data=str(folder / "data"), workdir=str(folder / "work"),
        scenario="base",
    )  # fmt: skip
    began = time.perf_counter()
    if name != REPORT:
        assert context.tables
    load = time.perf_counter() - began
    step = kind.open(context)
    shows = {
        BEFORE: (),
        REVIEW: ("this_week", "months", "outcomes", "judgement", "checks", "files"),
        REPORT: ("opening", "what_to_do", "who_and_match", "months", "outcomes", "how_we_know",
                 "files"),
    }  # fmt: skip
    began = time.perf_counter()
    for show in shows[name]:
        getattr(step, show)()
    if name == BEFORE:
        step.record()
    work = time.perf_counter() - began
    pairs = len(context.work.read_table("pairs"))
    return {"load": load, "work": work, "peak": peak_mb(), "pairs": pairs}


if __name__ == "__main__":
    main()
