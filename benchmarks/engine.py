"""One company from its tables to the proven matching: how long, how much memory, which result?

    python benchmarks/engine.py --size 1000 --seed 0 --json

The clock runs from the tables in memory to the list of pairs with its certificate: reading the
tables, scoring, matching and proof. Drawing the company is not timed. Neither are imports and the
compilation of loops: a small company is matched first. The last line is a JSON object; see
`docs/engine.md` for its fields.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from measure import Spent
    from stages import Stages

    from revmentor.matching import Matching, Problem

MOST_SAVED = 10_000
# The smaller is solved on all its pairs, the larger by column generation.
WARM_UP = (60, 600)


def arguments() -> argparse.Namespace:
    """What was asked for?"""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, required=True, help="juniors, and as many seniors")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--capacity", default="1", help="mentees of each mentor; k: 1, 2 or 3 each")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--untidy", action="store_true", help="blank answers, wishes and vetoes")
    parser.add_argument("--verify", action="store_true", help="time `verify`, too")
    parser.add_argument("--json", action="store_true", help="print only the last line")
    saved = f"write all scores, mentors x mentees; up to {MOST_SAVED:,} a side"
    parser.add_argument("--save-scores", type=Path, metavar="FILE.npy", help=saved)
    asked = parser.parse_args()
    if asked.size < 1 or asked.seed < 0 or asked.threads < 1:
        parser.error("--size and --threads start from 1, --seed from 0")
    if asked.capacity != "k" and not asked.capacity.isdecimal():
        parser.error("--capacity is a whole number or k")
    if asked.save_scores and asked.size > MOST_SAVED:
        parser.error(f"--save-scores writes up to {MOST_SAVED:,} a side: all pairs of "
                     f"{asked.size:,} are {8e-9 * asked.size**2:.0f} GB")  # fmt: skip
    return asked


def limit_threads(threads: int) -> None:
    """Keep numpy and compiled loops to so many threads; before either is imported."""
    for library in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
        os.environ[f"{library}_NUM_THREADS"] = str(threads)


def save_scores(problem: Any, file: Path) -> None:
    """Write the scores of all pairs in millionths, mentors x mentees, -1 where not eligible."""
    import numpy as np

    from revmentor.matching.arrays import blocks

    people = len(problem.mentors), len(problem.mentees)
    matrix = np.lib.format.open_memmap(file, "w+", np.int64, people)
    for i, j in blocks(*people):
        matrix[:, j.ravel()] = problem.scores.units(i, j).T
    matrix.flush()


@dataclass(frozen=True)
class Took:
    """What one matching took."""

    build: Spent
    search: Spent
    stages: Stages

    @property
    def seconds(self) -> float:
        """From the tables to the pairs with their certificate."""
        return self.build.wall + self.search.wall


def match(tables: dict[str, Any], seed: int) -> tuple[Took, tuple[Problem, Matching]]:
    """From tables to pairs and prices, timed."""
    from measure import timed
    from stages import watched

    from revmentor.matching import Problem, solve

    with watched() as stages:
        with timed() as build:
            problem = Problem.from_tables(**tables)
        with timed() as search:
            matching = solve(problem, seed=seed)
            assert len(matching.pairs) >= 0
            assert matching.certificate is None or len(matching.certificate.mentor)
    return Took(build, search, stages), (problem, matching)


def run(asked: argparse.Namespace) -> dict[str, Any]:
    """Draw the company, match it, and say what that took."""
    from company import company
    from measure import median_run, peak_mb, resident_mb, timed

    from revmentor.matching import Problem, solve, verify

    imported = resident_mb()
    for small in WARM_UP:
        warm_up = Problem.from_tables(**company(small, 1).tables())
        verify(warm_up, solve(warm_up)) if asked.verify else solve(warm_up)
    tables = company(asked.size, asked.seed, capacity=asked.capacity, untidy=asked.untidy).tables()
    drawn = peak_mb()
    took, (problem, matching) = median_run(
        lambda: match(tables, asked.seed), lambda took: took.seconds
    )
    peak, total = peak_mb(), took.seconds
    result = {
        "size": asked.size,
        "seed": asked.seed,
        "capacity": asked.capacity,
        "untidy": asked.untidy,
        "threads": asked.threads,
        "seconds": total,
        "cpu_seconds": took.build.cpu + took.search.cpu,
        "peak_mb": peak,
        "imported_mb": imported,
        "drawn_mb": drawn,
        "status": matching.status,
        "objective": matching.objective_units,
        "bound": matching.bound_units,
        "units_per_point": problem.per_point,
        "pairs": len(matching.pairs),
        "rounds": matching.rounds,
        "passes": matching.passes,
        "columns": matching.columns,
        "build_seconds": took.build.wall,
        "solve_seconds": took.search.wall,
        "shares": took.stages.shares(total),
    }
    if asked.verify:
        with timed() as check:
            verify(problem, matching)
        result["verify_seconds"] = check.wall
    if asked.save_scores:
        save_scores(problem, asked.save_scores)
    return result


def main() -> int:
    """Run from the command line; 0 if the matching is proven optimal."""
    asked = arguments()
    limit_threads(asked.threads)
    result = run(asked)
    if not asked.json:
        for name, value in result.items():
            print(f"{name:>16}  {value}")
    print(json.dumps(result))
    return 0 if result["status"] == "optimal" else 1


if __name__ == "__main__":
    sys.exit(main())
