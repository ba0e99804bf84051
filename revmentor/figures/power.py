"""Could the cycle tell whether it reached its targets?"""

from __future__ import annotations

import math

from matplotlib.axes import Axes

from revmentor import words
from revmentor.disclosure import shows
from revmentor.disclosure.power import DisclosedPower, PowerCurve
from revmentor.figures.marks import empty, in_lines
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    ACCENT,
    INK,
    LIGHT,
    MENTEE,
    MIDDLE,
    MUTED,
    SMALL_SIZE,
    sheet,
    theme,
)

ENOUGH = 0.8
SUBTITLE = (
    "Chance that a target, if it is the truth, is told from where the figure stands today, by how "
    "many take part; dashed: planned; grey line: eight of ten cycles"
)


@shows
def power_curves(found: DisclosedPower) -> Plot:
    """For which targets are the planned pairs enough?

    Parameters
    ----------
    found : DisclosedPower
        From `revmentor.disclosure.power.disclose_power`; criteria without a curve are left out.
    """
    curves = [curve for curve in found.curves if curve.points and curve.power is not None]
    if found.pairs is None or not curves:
        few = found.pairs is None
        return empty(
            "Power is not computed",
            "Chance to tell each target from where its figure stands today",
            f"fewer than {found.minimum} pairs are planned"
            if few
            else "no criterion has a baseline and a target between which a difference can be seen",
        )
    title = _title(curves, found.pairs)
    columns = 2 if len(curves) > 1 else 1
    rows = math.ceil(len(curves) / columns)
    with theme():
        page = sheet(title, SUBTITLE, height=1.95 * rows + 0.1, rows=rows, columns=columns)
        for axes, curve in zip(page.axes, curves, strict=False):
            _panel(axes, curve)
        for axes in page.axes[len(curves) :]:
            axes.set_visible(False)
        seen = "; ".join(
            f"{curve.criterion}, {curve.target}: {words.percent(curve.power or 0)} with "
            f"{words.number(curve.n)} {curve.of}{_needed(curve)}"
            for curve in curves
        )
        return finished(page.figure, title, SUBTITLE, seen)


def _title(curves: list[PowerCurve], pairs: int) -> str:
    enough = [curve for curve in curves if (curve.power or 0) >= ENOUGH - 0.0005]
    who = words.counted(pairs, "pair")
    if len(enough) == len(curves):
        all_of_them = {1: "the target", 2: "both targets"}
        which = all_of_them.get(len(curves), f"all {words.small(len(curves))} targets")
        return f"{who} are enough to tell {which} from where the figures stand today"
    if not enough:
        which = "the target" if len(curves) == 1 else "any of the targets"
        return f"{who} are too few to see {which} reliably"
    return (
        f"{who} are enough to tell {words.small(len(enough))} of {words.small(len(curves))} "
        "targets from where the figures stand today"
    )


def _needed(curve: PowerCurve) -> str:
    if curve.needed is None:
        return ", never enough"
    return f", {words.number(curve.needed)} needed"


def _panel(axes: Axes, curve: PowerCurve) -> None:
    power = curve.power or 0.0
    enough = power >= ENOUGH - 0.0005
    colour = MENTEE if enough else ACCENT
    sizes = [size for size, _ in curve.points]
    axes.axhline(ENOUGH, color=MIDDLE, linewidth=0.8)
    axes.plot(sizes, [chance for _, chance in curve.points], color=MENTEE, clip_on=False)
    axes.axvline(curve.n, color=INK, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.plot(curve.n, power, "o", color=colour, markersize=6, clip_on=False)
    right = curve.n < sizes[-1] * 0.55
    axes.annotate(
        f"planned {words.number(curve.n)}: {words.percent(power)}",
        (curve.n, power),
        (8 if right else -8, -12 if power > 0.3 else 8),
        textcoords="offset points",
        ha="left" if right else "right",
        color=colour,
        weight="bold",
        size=SMALL_SIZE,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8},
    )
    if curve.needed is not None and not enough:
        axes.plot(curve.needed, ENOUGH, "D", color=INK, markersize=4, clip_on=False)
        axes.annotate(
            f"{words.number(curve.needed)} needed",
            (curve.needed, ENOUGH),
            (0, 5),
            textcoords="offset points",
            ha="center" if curve.needed < sizes[-1] * 0.8 else "right",
            va="bottom",
            color=INK,
            size=SMALL_SIZE,
        )
    axes.set_title(
        f"{in_lines(curve.criterion, 44, 2)}\n{words.shortened(curve.target, 48)}",
        loc="left",
        fontsize=SMALL_SIZE + 0.5,
        color=INK,
    )
    axes.set_ylim(0, 1.02)
    axes.set_xlim(0, sizes[-1])
    axes.set_yticks([0, 0.5, 0.8, 1], ["0%", "50%", "80%", "100%"])
    axes.set_xlabel(curve.of, labelpad=1)
    axes.xaxis.set_major_formatter(lambda value, _: words.number(value))
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(labelsize=SMALL_SIZE, labelcolor=MUTED)
    axes.grid(axis="y", color=LIGHT, linewidth=0.6)
    axes.set_axisbelow(True)
