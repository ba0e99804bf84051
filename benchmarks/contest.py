"""One company, everybody's time and memory, and whose result is the best."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from isolation import OWN, measured

OURS, DENSE = "revmentor", "dense_scoring"
# Peers, and the environment that has them; in the order in which tables show them.
PEERS = {
    "scipy_assignment": "solvers",
    "lap_lapjv": "solvers",
    "lapjv_lapjv": "solvers",
    "ortools_assignment": "ortools",
    "ortools_min_cost_flow": "ortools",
    "highs_lp": "solvers",
    "pulp_highs": "solvers",
    "pulp_cbc": "solvers",
    "pulp3_cbc": "pulp3",
    "networkx_bipartite": "solvers",
    "networkx_blossom": "solvers",
    "mentor_match": "mentor-match",
    "gale_shapley": "gale-shapley",
}
NOT_OPTIMISERS = ("gale_shapley",)
LARGEST_DENSE = 10_000
# Whoever took longer than this is measured once.
REPEATED_BELOW = 60.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Limits:
    """What one measurement may take."""

    seconds: float = 300.0
    memory_mb: int = 12_000
    repeats: int = 3
    threads: int = 2


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    model = "unknown processor"
    described = Path("/proc/cpuinfo")
    if described.exists():
        lines = described.read_text(encoding="utf-8").splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        model = names[0] if names else model
    return {
        "processor": model,
        "processors": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def contest(
    size: int, seed: int, peers: Sequence[str], limits: Limits, say: Say
) -> list[dict[str, Any]]:
    """Measure ours, dense scoring and peers on one company, in turn and several times.

    Returns
    -------
    list of dict
        One row for each: size, name, outcome (as `isolation.measured`), seconds and cpu_seconds
        (of the median run), runs, peak_mb; objective in millionths counted from the pairs, and
        equal: whether it is ours.
    """
    with tempfile.TemporaryDirectory() as folder:
        scores, pairs = Path(folder, "scores.npy"), Path(folder, "pairs.npy")
        own = ["--size", str(size), "--seed", str(seed)]
        threads = ["--threads", str(limits.threads)]
        commands = {OURS: (["engine.py", *own, *threads, "--json"], OWN)}
        if size <= LARGEST_DENSE:
            commands[DENSE] = (["dense.py", *own, "--save-scores", str(scores)], OWN)
            for name in peers:
                command = ["contestants.py", name, str(scores), str(pairs)]
                commands[name] = (command, PEERS[name])
        runs: dict[str, list[dict[str, Any]]] = {name: [] for name in commands}
        for _ in range(limits.repeats):
            for name, (command, environment) in commands.items():
                if runs[name] and not _again(runs[name]):
                    continue
                found = measured(
                    command, seconds=limits.seconds, memory_mb=limits.memory_mb,
                    environment=environment,
                )  # fmt: skip
                if name in PEERS and found["outcome"] == "done":
                    found |= counted(scores, pairs)
                runs[name].append(found)
                say(f"{size:>7,}  {name:<22} {_told(found)}")
    rows = [{"size": size, "seed": seed, "name": name, **_median(runs[name])} for name in commands]
    for row in rows:
        if row["name"] in PEERS and row["outcome"] == rows[0]["outcome"] == "done":
            row["equal"] = row["objective"] == rows[0]["objective"]
    return rows


def counted(scores: Path, pairs: Path) -> dict[str, Any]:
    """What a peer's pairs score, in millionths; each person once, eligible pairs only."""
    matrix = np.load(scores, mmap_mode="r")
    chosen = np.load(pairs)
    units = matrix[chosen[:, 0], chosen[:, 1]]
    chosen, units = chosen[units > 0], units[units > 0]
    once = all(len(np.unique(side)) == len(side) for side in chosen.T)
    return {"objective": int(units.sum()), "pairs": len(chosen), "once": once}


def _again(runs: list[dict[str, Any]]) -> bool:
    return runs[0]["outcome"] == "done" and runs[0]["seconds"] < REPEATED_BELOW


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    done = [run for run in runs if run["outcome"] == "done"]
    if not done:
        return runs[0]
    middle = sorted(done, key=lambda run: run["seconds"])[len(done) // 2]
    return middle | {
        "runs": [run["seconds"] for run in done],
        "peak_mb": max(run["peak_mb"] for run in done),
    }


def _told(found: dict[str, Any]) -> str:
    if found["outcome"] != "done":
        return f"{found['outcome']}: {found['detail']}"
    return f"{found['seconds']:10.4f} s  {found['peak_mb']:8.0f} MB"
