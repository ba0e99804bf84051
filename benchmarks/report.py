"""Write docs/engine.md and its plot from the results that were measured.

python benchmarks/report.py            write both
python benchmarks/report.py --check    1 if the page is not what the results say
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import jinja2
from contest import DENSE, NOT_OPTIMISERS, OURS, PEERS
from plot import draw

HERE = Path(__file__).resolve().parent
RESULTS, DOCS = HERE / "results", HERE.parent / "docs"
NAMES = {
    OURS: "**revmentor, end to end**",
    DENSE: "dense scoring (numpy)",
    "scipy_assignment": "scipy linear_sum_assignment",
    "lap_lapjv": "lap",
    "lapjv_lapjv": "lapjv",
    "ortools_assignment": "OR-tools linear sum assignment",
    "ortools_min_cost_flow": "OR-tools min cost flow",
    "highs_lp": "HiGHS LP, by arrays",
    "pulp_highs": "PuLP 4 + HiGHS",
    "pulp_cbc": "PuLP 4 + CBC",
    "pulp3_cbc": "PuLP 3 + CBC",
    "networkx_bipartite": "networkx bipartite (scipy inside)",
    "networkx_blossom": "networkx max_weight_matching",
    "mentor_match": "mentor-match",
    "gale_shapley": "matching (Gale-Shapley)",
}
PARTS = ("tables", "criteria", "pricing", "core", "lottery", "pulp", "rest")

Row = dict[str, Any]


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def seconds(value: float) -> str:
    """Three digits that mean something.

    >>> seconds(0.000126), seconds(0.0456), seconds(12.345), seconds(301.2)
    ('0.00013', '0.046', '12.3', '301')
    """
    if value < 0.0995:
        return f"{value:.2g}" if value >= 0.0001 else f"{value:.6f}".rstrip("0")
    return f"{value:.2f}" if value < 9.95 else f"{value:.1f}" if value < 99.5 else f"{value:,.0f}"


def peer_table(found: Row) -> str:
    """Who took how long and how much memory, at each size."""
    sizes = sorted({row["size"] for row in found["rows"]})
    at = {(row["name"], row["size"]): row for row in found["rows"]}
    gone = {"timeout": f"over {found['timeout']:g} s", "memory": f"over {_gb(found)} GB"}

    def cell(name: str, size: int) -> str:
        row = at.get((name, size))
        if row is None:
            return "-"
        if row["outcome"] != "done":
            return gone.get(row["outcome"], row["outcome"])
        return f"{seconds(row['seconds'])} s, {row['peak_mb']:,.0f}"

    names = [name for name in NAMES if any((name, size) in at for size in sizes)]
    return table(
        ["people a side", *(f"{size:,}" for size in sizes)],
        [[NAMES[name], *(cell(name, size) for size in sizes)] for name in names],
    )


def _gb(found: Row) -> str:
    return f"{found['memory_mb'] / 1000:g}"


def share_table(found: Row) -> str:
    """Our time by part, at each size."""
    rows = [row for row in found["rows"] if row["name"] == OURS and row["outcome"] == "done"]
    return table(
        ["people a side", "seconds", *PARTS, "rounds", "passes", "columns"],
        [
            [
                f"{row['size']:,}",
                seconds(row["seconds"]),
                *(f"{max(0.0, row['shares'][part]):.0%}" for part in PARTS),
                str(row["rounds"]),
                f"{row['passes']:.1f}",
                f"{row['columns']:,}",
            ]
            for row in rows
        ],
    )


def bar_table(found: Row) -> str:
    """Every bar with its figures."""
    rows = []
    for bar in found["bars"]:
        told = [
            f"{check['what']} {check['value']:.3g} "
            f"({'at least' if check['at_least'] else 'at most'} {check['limit']:g})"
            for check in bar["checks"]
        ]
        told = told or [f"not measured: {bar['detail']}"]
        rows.append([f"`{bar['name']}`", bar["title"], "; ".join(told),
                     "met" if bar["met"] else "**missed**"])  # fmt: skip
    return table(["name", "what", "measured", ""], rows)


def odd_table(found: list[Row]) -> str:
    """What odd inputs are answered with."""
    rows = []
    for one in found:
        if one["outcome"] != "done":
            rows.append([one["input"], one["outcome"], "", "", one["detail"]])
            continue
        score = "" if one["objective"] is None else f"{one['objective']:,.6f}"
        said = " ".join(one["said"]) + f" ({seconds(one['seconds'])} s)"
        rows.append([one["input"], one["status"], f"{one['pairs']:,}", score, said.strip()])
    return table(["input", "status", "pairs", "total score", "what is said"], rows)


def facts(peers: Row) -> Row:
    """What the sentences around the table say, counted from it."""
    others = (OURS, DENSE, *NOT_OPTIMISERS)
    optimisers = [row for row in peers["rows"] if row["name"] not in others and "equal" in row]
    wrong = [row for row in optimisers if not row["equal"]]
    differing = "".join(f" {NAMES[row['name']]} at {row['size']:,} has {row['objective']:,}."
                        for row in wrong)  # fmt: skip
    best = {row["size"]: row for row in peers["rows"] if row["name"] == OURS}
    stable = [row for row in peers["rows"]
              if row["name"] in NOT_OPTIMISERS and row["outcome"] == "done"]  # fmt: skip
    shares = ", ".join(f"{row['objective'] / best[row['size']]['objective']:.1%} of it at "
                       f"{row['size']:,}" for row in stable)  # fmt: skip
    mine = [row for row in peers["rows"] if row["name"] == OURS and row["outcome"] == "done"]
    return {
        "machine": peers["machine"],
        "timeout": peers["timeout"],
        "memory_gb": _gb(peers),
        "compared": len(optimisers),
        "equal": len(optimisers) - len(wrong),
        "differing": differing,
        "stable": f"It reaches {shares}." if stable else "",
        "imported": round(max(row["imported_mb"] for row in mine)),
    }


def finding(peers: Row) -> str:
    """What the plot shows, in one sentence."""
    rows = peers["rows"]
    done = [row for row in rows if row["outcome"] == "done"]
    largest = max(row["size"] for row in done if row["name"] in PEERS)
    mine = max((row for row in done if row["name"] == OURS), key=lambda row: row["size"])
    at = {row["name"]: row for row in done if row["size"] == largest}
    name = min((name for name in at if name in PEERS), key=lambda name: at[name]["seconds"])
    ratio = (at[DENSE]["seconds"] + at[name]["seconds"]) / at[OURS]["seconds"]
    how = f"{ratio:.1f} times as fast as" if ratio >= 1 else f"{1 / ratio:.1f} times as slow as"
    return (
        f"{mine['size']:,} people a side matched and proven in {seconds(mine['seconds'])} s; "
        f"with {largest:,} a side, {how} {NAMES[name]}, the fastest peer, with its scoring"
    )


def read(name: str) -> Any:
    """Committed results; None before they are measured."""
    file = RESULTS / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def page() -> str:
    """The page as the results have it."""
    peers, bars, odd = read("peers"), read("bars"), read("odd")
    values: Row = {"peers": peers, "bars": bars, "odd": odd, "imported": "200"}
    if peers:
        values |= facts(peers)
        values |= {"title": finding(peers), "peer_table": peer_table(peers),
                   "share_table": share_table(peers)}  # fmt: skip
    if bars:
        values["bar_table"] = bar_table(bars)
    if odd:
        values["odd_table"] = odd_table(odd)
    environment = jinja2.Environment(
        trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True, autoescape=False,
    )  # fmt: skip
    template = (HERE / "engine.md.j2").read_text(encoding="utf-8")
    return environment.from_string(template).render(values)


def main() -> int:
    """Write, or check, the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    asked = parser.parse_args()
    file, text = DOCS / "engine.md", page()
    if asked.check:
        return 0 if file.exists() and file.read_text(encoding="utf-8") == text else 1
    file.write_text(text, encoding="utf-8")
    peers = read("peers")
    if peers:
        draw(peers, finding(peers), DOCS / "engine.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
