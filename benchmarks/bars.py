"""What the engine has to reach, each bar by its name, as ratios within one run.

    python benchmarks/bars.py                  all bars; hours, because slow peers are waited for
    python benchmarks/bars.py against-lapjv    one of them
    python benchmarks/bars.py --list

Prints a line for each bar and ends with 0 if all that were run are met.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from contest import DENSE, OURS, Limits, contest, machine
from isolation import measured

SECONDS, MEMORY_MB = 1_800.0, 16_000
CORES = {"highs_ipm": "solvers", "ortools_min_cost_flow": "ortools"}


@dataclass(frozen=True)
class Check:
    """One figure of a bar: it must be at least, or at most, the limit."""

    what: str
    value: float
    limit: float
    at_least: bool

    @property
    def met(self) -> bool:
        """Does the figure keep to its limit?"""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def told(self) -> str:
        """The figure and its limit in words."""
        return f"{self.what} {self.value:.4g} ({'at least' if self.at_least else 'at most'} " \
               f"{self.limit:g})"  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """A bar: what it is about, and how it is measured."""

    title: str
    run: Callable[[int], list[Check]]


BARS: dict[str, Bar] = {}


def bar(name: str, title: str) -> Callable[[Callable[[int], list[Check]]], None]:
    """Enter a bar."""

    def enter(run: Callable[[int], list[Check]]) -> None:
        BARS[name] = Bar(title, run)

    return enter


def say(line: str) -> None:
    """Tell what is going on, beside the results."""
    print(line, file=sys.stderr, flush=True)


class NotMeasured(Exception):  # noqa: N818 - what happened, not an error of ours
    """A measurement that a bar needs did not end."""


def ours(piece: str, size: int, seed: int, *more: str) -> dict[str, Any]:
    """One piece of ours."""
    command = ["pieces.py", piece, "--size", str(size), "--seed", str(seed), *more]
    return needed(f"{piece} at {size:,}", command, "revmentor")


def needed(what: str, command: list[str], environment: str) -> dict[str, Any]:
    """A measurement that must end."""
    found = measured(command, seconds=SECONDS, memory_mb=MEMORY_MB, environment=environment)
    if found["outcome"] != "done":
        raise NotMeasured(f"{what}: {found['outcome']}, {found['detail']}")
    say(f"  {what:<40} {found.get('seconds', found['process_seconds']):10.4f} s")
    return found


def against(size: int, seed: int, *peers: str) -> dict[str, dict[str, Any]]:
    """Ours end to end, dense scoring, and peers on the ready matrix, all in one run."""
    rows = contest(size, seed, peers, Limits(SECONDS, MEMORY_MB), say)
    for row in rows:
        if row["outcome"] != "done":
            raise NotMeasured(f"{row['name']} at {size:,}: {row['outcome']}, {row['detail']}")
        if not row.get("equal", True):
            raise NotMeasured(f"{row['name']} at {size:,} found another objective than ours")
    return {row["name"]: row for row in rows}


def end_to_end(rows: dict[str, dict[str, Any]], peer: str) -> tuple[float, float]:
    """Dense scoring and then the peer: seconds, and the larger memory."""
    both = rows[DENSE], rows[peer]
    return sum(row["seconds"] for row in both), max(row["peak_mb"] for row in both)


@bar("against-cbc", "1,000 a side against dense PuLP and CBC, the faster of PuLP 3 and 4")
def _(seed: int) -> list[Check]:
    rows = against(1_000, seed, "pulp3_cbc", "pulp_cbc")
    best = min((rows["pulp3_cbc"], rows["pulp_cbc"]), key=lambda row: row["seconds"])
    lean = min(rows["pulp3_cbc"]["peak_mb"], rows["pulp_cbc"]["peak_mb"])
    return [
        Check("times as fast", best["seconds"] / rows[OURS]["seconds"], 400, True),
        Check("of its memory", rows[OURS]["peak_mb"] / lean, 0.2, False),
    ]


@bar("against-scipy", "2,000 a side against dense scoring and scipy")
def _(seed: int) -> list[Check]:
    rows = against(2_000, seed, "scipy_assignment")
    dense = end_to_end(rows, "scipy_assignment")[0]
    return [Check("of its time", rows[OURS]["seconds"] / dense, 1.0, False)]


@bar("at-5000", "5,000 a side against dense scoring with scipy and with lapjv")
def _(seed: int) -> list[Check]:
    rows = against(5_000, seed, "scipy_assignment", "lapjv_lapjv")
    seconds = rows[OURS]["seconds"]
    return [
        Check("times scipy", end_to_end(rows, "scipy_assignment")[0] / seconds, 8, True),
        Check("times lapjv", end_to_end(rows, "lapjv_lapjv")[0] / seconds, 2.5, True),
        Check("MB", rows[OURS]["peak_mb"], 300, False),
    ]


@bar("against-lapjv", "10,000 a side against dense scoring and lapjv")
def _(seed: int) -> list[Check]:
    rows = against(10_000, seed, "lapjv_lapjv")
    seconds, memory = end_to_end(rows, "lapjv_lapjv")
    return [
        Check("times as fast", seconds / rows[OURS]["seconds"], 4, True),
        Check("of its memory", rows[OURS]["peak_mb"] / memory, 1 / 8, False),
    ]


@bar("at-100000", "100,000 a side, proven optimal")
def _(seed: int) -> list[Check]:
    command = ["engine.py", "--size", "100000", "--seed", str(seed), "--json"]
    found = needed("100,000 a side", command, "revmentor")
    if found["status"] != "optimal":
        raise NotMeasured(f"100,000 a side: {found['status']}")
    return [
        Check("seconds", found["seconds"], 120, False),
        Check("MB", found["peak_mb"], 1_500, False),
    ]


@bar("passes", "100,000 a side in full passes over all pairs (a stretch)")
def _(seed: int) -> list[Check]:
    found = ours("one_pass", 100_000, seed)
    return [Check("full passes", found["whole_seconds"] / found["seconds"], 12, False)]


@bar("core", "the core alone on the columns of 10,000 a side")
def _(seed: int) -> list[Check]:
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder, "columns.npz"))
        mine = ours("core", 10_000, seed, "--out", file)
        peers = {
            name: needed(name, ["column_peers.py", name, file], environment)
            for name, environment in CORES.items()
        }
    for peer in peers.values():
        same("the core", mine, peer)
    return [
        Check("times HiGHS IPM", peers["highs_ipm"]["seconds"] / mine["seconds"], 100, True),
        Check("times OR-tools min cost flow",
              peers["ortools_min_cost_flow"]["seconds"] / mine["seconds"], 5, True),
    ]  # fmt: skip


def same(what: str, mine: dict[str, Any], other: dict[str, Any]) -> None:
    """Refuse a comparison of different results."""
    if mine["objective"] != other["objective"]:
        raise NotMeasured(f"{what}: {mine['objective']:,}, the peer {other['objective']:,}")


@bar("conditions-20000", "20,000 a side with five conditions on the whole match")
def _(seed: int) -> list[Check]:
    found = ours("sides", 20_000, seed)
    return [
        Check("gap", found["gap"], 1e-5, False),
        Check("seconds after the columns", found["seconds"] - found["plain_seconds"], 40, False),
    ]


@bar("conditions-2000", "2,000 a side with five conditions, against HiGHS on all columns")
def _(seed: int) -> list[Check]:
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder, "columns.npz"))
        mine = ours("sides", 2_000, seed, "--out", file)
        peer = needed("highs_mip", ["column_peers.py", "highs_mip", file], "solvers")
    return [
        Check("times HiGHS", peer["seconds"] / mine["seconds"], 15, True),
        Check("millionths apart from what HiGHS found",
              abs(mine["objective"] - peer["objective"]), 0, False),
        Check("gap", mine["gap"], 0, False),
    ]  # fmt: skip


@bar("warm", "a proven answer after a weight has changed")
def _(seed: int) -> list[Check]:
    limits = {500: 35, 2_000: 100, 5_000: 350}
    return [
        Check(f"ms at {size:,}", 1e3 * ours("warm", size, seed)["seconds"], most, False)
        for size, most in limits.items()
    ]


@bar("sweep", "best matchings of 200 a side under other weights, inside the engine")
def _(seed: int) -> list[Check]:
    found = ours("sweep", 200, seed)
    return [Check("scenarios a second on one core", found["per_second"], 2_000, True)]


@bar("leximin", "the leximin matching over mentees")
def _(seed: int) -> list[Check]:
    limits = {500: 0.1, 2_000: 4.0}
    return [
        Check(f"seconds at {size:,}", ours("leximin", size, seed)["seconds"], most, False)
        for size, most in limits.items()
    ]


@bar("tiny", "import and solve a tiny problem, caches warm")
def _(seed: int) -> list[Check]:
    runs = [needed("tiny", ["tiny.py"], "revmentor")["process_seconds"] for _ in range(6)]
    return [Check("seconds of the whole process", sorted(runs[1:])[2], 1.0, False)]


def main() -> int:
    """Run from the command line; 0 if all bars that were run are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="BAR", help="default: all")
    parser.add_argument("--list", action="store_true", help="only name them")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="file of the results; default: none")
    asked = parser.parse_args()
    unknown = sorted(set(asked.names) - set(BARS))
    if unknown:
        parser.error(f"no bar {', '.join(unknown)}; there are {', '.join(BARS)}")
    if asked.list:
        for name, one in BARS.items():
            print(f"{name:<18} {one.title}")
        return 0
    found: dict[str, Any] = {"machine": machine(), "seed": asked.seed, "bars": []}
    for name in asked.names or BARS:
        say(name)
        entry: dict[str, Any] = {"name": name, "title": BARS[name].title}
        try:
            checks = BARS[name].run(asked.seed)
        except NotMeasured as error:
            entry |= {"met": False, "detail": str(error), "checks": []}
            told = f"not measured: {error}"
        else:
            entry |= {"met": all(check.met for check in checks),
                      "checks": [asdict(check) for check in checks]}  # fmt: skip
            told = "; ".join(check.told() for check in checks)
        found["bars"].append(entry)
        print(f"{'met' if entry['met'] else 'MISSED':<7} {name:<18} {told}", flush=True)
        if asked.out:
            asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0 if all(entry["met"] for entry in found["bars"]) else 1


if __name__ == "__main__":
    sys.exit(main())
