"""Time and memory against size, ours and the peers'."""

from __future__ import annotations

from pathlib import Path
from statistics import mean
from typing import Any

import matplotlib as mpl
from contest import DENSE, OURS
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from revmentor.figures.theme import (
    ACCENT,
    INK,
    LABEL_SIZE,
    MENTEE,
    MENTOR_TEXT,
    MUTED,
    sheet,
    theme,
)

# Label, colour, dashes and marker: each line is told by its label and its marker without colour.
LINES: dict[str, tuple[str, str, Any, str]] = {
    OURS: ("revmentor", ACCENT, "-", "o"),
    "lapjv_lapjv": ("lapjv", MENTEE, "-", "s"),
    "lap_lapjv": ("lap", MENTEE, (0, (4, 2)), "D"),
    "scipy_assignment": ("scipy", MENTEE, (0, (1, 1.5)), "^"),
    "ortools_assignment": ("OR-tools assignment", MENTOR_TEXT, "-", "v"),
    "ortools_min_cost_flow": ("OR-tools flow", MENTOR_TEXT, (0, (4, 2)), "<"),
    "highs_lp": ("HiGHS LP", INK, "-", "P"),
    "pulp_highs": ("PuLP + HiGHS", INK, (0, (4, 2)), "X"),
    "pulp3_cbc": ("PuLP + CBC", INK, (0, (1, 1.5)), "*"),
    "networkx_blossom": ("networkx", MUTED, "-", "h"),
    "mentor_match": ("mentor-match", MUTED, (0, (4, 2)), "p"),
}
# Labels this far apart do not touch; ends this close share one column of labels.
CLOSEST, NEAR = 0.045, 0.15


def draw(peers: dict[str, Any], title: str, file: Path) -> None:
    """Write the figure: two log-log panels, every line labelled at its end."""
    rows = [row for row in peers["rows"] if row["outcome"] == "done"]
    dense = {row["size"]: row for row in rows if row["name"] == DENSE}
    cores = peers["machine"]["processors"]
    with theme(), mpl.rc_context({"svg.hashsalt": "engine", "svg.fonttype": "path"}):
        made = sheet(
            title,
            f"Scoring included for everybody; one run on {cores} cores; a line ends where the peer "
            "took too long or too much memory.",
            height=8.4,
            rows=2,
        )
        panels = (
            ("seconds", "seconds, both axes logarithmic", (1.0,)),
            ("peak_mb", "MB of memory at the peak", (1.0, 2.0, 5.0)),
        )
        for axes, (field, label, subs) in zip(made.axes, panels, strict=True):
            ends = []
            for name, (text, colour, dashes, marker) in LINES.items():
                points = sorted(
                    (row["size"], _value(row, dense, field)) for row in rows if row["name"] == name
                )
                if not points:
                    continue
                thick = 2.4 if name == OURS else 1.1
                axes.plot(
                    *zip(*points, strict=True), color=colour, linestyle=dashes, marker=marker,
                    linewidth=thick, markersize=4.5, zorder=3 if name == OURS else 2,
                )  # fmt: skip
                ends.append((*points[-1], text, colour, name == OURS))
            axes.set_xscale("log")
            axes.set_yscale("log")
            axes.margins(y=0.1)
            axes.set_ylabel(label)
            for axis, ticks in ((axes.xaxis, (1.0,)), (axes.yaxis, subs)):
                axis.set_major_locator(LogLocator(subs=ticks))
                axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
                axis.set_minor_formatter(NullFormatter())
            _labels(axes, ends)
        made.axes[-1].set_xlabel("people a side")
        made.figure.savefig(file, metadata={"Date": None, "Creator": None})


def _value(row: dict[str, Any], dense: dict[int, dict[str, Any]], field: str) -> float:
    """What it takes with scoring: ours has it; a peer's user makes the matrix first."""
    value = float(row[field])
    if row["name"] == OURS:
        return value
    scoring = float(dense[row["size"]][field])
    return value + scoring if field == "seconds" else max(value, scoring)


def _labels(axes: Axes, ends: list[tuple[float, float, str, str, bool]]) -> None:
    """Labels beside the ends, pushed apart where they would touch."""
    low, high = axes.get_xlim()
    axes.set_xlim(low, high * 5)
    axes.figure.canvas.draw()
    flip = axes.transAxes.inverted()
    spots = []
    for x, y, text, colour, bold in ends:
        at = flip.transform(axes.transData.transform((x, y)))
        spots.append((float(at[0]), float(at[1]), text, colour, bold))
    spots.sort(key=lambda spot: spot[:2])
    groups = [[spots[0]]]
    for spot in spots[1:]:
        groups[-1].append(spot) if spot[0] - groups[-1][-1][0] < NEAR else groups.append([spot])
    halo = [withStroke(linewidth=2.5, foreground="white")]
    for group in groups:
        group.sort(key=lambda spot: spot[1])
        heights = _apart([spot[1] for spot in group])
        for (x, y, text, colour, bold), height in zip(group, heights, strict=True):
            axes.annotate(
                text, (x, y), (x + 0.02, height), xycoords="axes fraction",
                textcoords="axes fraction", color=colour, size=LABEL_SIZE - 1, va="center",
                weight="bold" if bold else "normal", path_effects=halo,
            )  # fmt: skip


def _apart(heights: list[float]) -> list[float]:
    """The nearest heights that keep their distance: pooled adjacent violators.

    >>> [round(height, 4) for height in _apart([0.5, 0.5, 0.9])]
    [0.4775, 0.5225, 0.9]
    """
    pools: list[list[float]] = []
    for number, height in enumerate(heights):
        pools.append([height - number * CLOSEST])
        while len(pools) > 1 and mean(pools[-2]) > mean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    flat = [mean(pool) for pool in pools for _ in pool]
    return [height + number * CLOSEST for number, height in enumerate(flat)]
