"""The matching engine against its peers, in one run.

    benchmarks/setup                        the peers' environments, once
    python benchmarks/peers.py              50 to 10,000 a side
    python benchmarks/peers.py --quick      up to 1,000
    python benchmarks/peers.py --large      ours alone at 20,000, 50,000 and 100,000, too

Ours is timed from the tables to the proven matching; a peer is given a ready score matrix. Dense
scoring, what a peer's user does first, is timed by itself. Each measurement has a process of its
own. Who did not end in time at one size is not tried at larger ones.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from contest import LARGEST_DENSE, NOT_OPTIMISERS, OURS, PEERS, Limits, contest, machine

SIZES = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
LARGE = (20_000, 50_000, 100_000)
RESULTS = Path(__file__).resolve().parent / "results"


def arguments() -> argparse.Namespace:
    """What was asked for?"""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sizes", type=lambda text: [int(size) for size in text.split(",")])
    parser.add_argument("--quick", action="store_true", help="up to 1,000 a side")
    parser.add_argument("--large", action="store_true", help="also ours up to 100,000 a side")
    parser.add_argument("--peers", type=lambda text: text.split(","), default=list(PEERS))
    parser.add_argument("--timeout", type=float, default=300.0, help="seconds of one measurement")
    parser.add_argument("--memory-mb", type=int, default=12_000, help="memory of one process")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, help="file of the results; default: none")
    asked = parser.parse_args()
    unknown = sorted(set(asked.peers) - set(PEERS))
    if unknown:
        parser.error(f"no peer {', '.join(unknown)}; there are {', '.join(PEERS)}")
    return asked


def compare(asked: argparse.Namespace) -> dict[str, Any]:
    """Measure everybody at every size."""
    sizes = asked.sizes or [*(size for size in SIZES if size <= 1_000 or not asked.quick),
                            *(LARGE if asked.large else ())]  # fmt: skip
    limits = Limits(asked.timeout, asked.memory_mb, asked.repeats)
    found: dict[str, Any] = {
        "machine": machine(), "seed": asked.seed, "timeout": asked.timeout,
        "memory_mb": asked.memory_mb, "rows": [],
    }  # fmt: skip
    left = list(asked.peers)
    for size in sizes:
        rows = contest(size, asked.seed, left, limits, lambda line: print(line, file=sys.stderr))
        found["rows"] += rows
        failed = {row["name"]: row["outcome"] for row in rows if row["outcome"] != "done"}
        left = [name for name in left if name not in failed]
        if asked.out:
            asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return found


def unequal(found: dict[str, Any]) -> list[str]:
    """Optimisers whose objective is not ours, which must not be."""
    return [
        f"{row['name']} at {row['size']:,}: {row['objective']:,}"
        for row in found["rows"]
        if row["name"] not in NOT_OPTIMISERS and not row.get("equal", True)
    ]


def main() -> int:
    """Run from the command line; 1 if ours fails or an objective differs."""
    asked = arguments()
    found = compare(asked)
    wrong = unequal(found)
    wrong += [f"ours at {row['size']:,}: {row.get('detail', row.get('status'))}"
              for row in found["rows"]
              if row["name"] == OURS and row.get("status") != "optimal"]  # fmt: skip
    for line in wrong:
        print(f"wrong: {line}", file=sys.stderr)
    tried = [row for row in found["rows"] if row["outcome"] == "done"]
    print(f"{len(tried)} measurements up to {max(row['size'] for row in tried):,} a side; dense "
          f"peers up to {LARGEST_DENSE:,}; {len(wrong)} are wrong")  # fmt: skip
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
