"""How do the figures go from cycle to cycle?"""

from __future__ import annotations

import math
from collections.abc import Mapping

from matplotlib.axes import Axes

from revmentor import words
from revmentor.disclosure import DisclosedEstimate, DisclosedEstimates, shows
from revmentor.figures.marks import empty, in_lines
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    INK,
    LIGHT,
    MENTEE,
    MIDDLE,
    MUTED,
    SMALL_SIZE,
    sheet,
    theme,
)
from revmentor.metrics.trend import Figure, change_between

SUBTITLE = "Each figure by cycle with its 95% interval, where there is one; oldest cycle left"


@shows
def trend_lines(found: DisclosedEstimates, labels: Mapping[str, str]) -> Plot:
    """Which figures have changed between the first and the last cycle that show them?

    Parameters
    ----------
    found : DisclosedEstimates
        Keys (figure, cycle), cycles in order of time.
    labels : mapping
        Figure to its label.
    """
    cycles = found.labels("cycle")
    if len(cycles) < 2:
        title = "One cycle only: no trend yet" if cycles else "No cycle is published yet"
        return empty(title, SUBTITLE, "a trend needs two cycles")
    names = found.labels("figure")
    title = trend_title(found)
    columns = 2 if len(names) > 1 else 1
    rows = math.ceil(len(names) / columns)
    width = 36 // len(cycles)
    with theme():
        page = sheet(title, SUBTITLE, height=1.9 * rows + 0.1, rows=rows, columns=columns)
        for axes, name in zip(page.axes, names, strict=False):
            _panel(axes, labels.get(name, name), [found.get(name, cycle) for cycle in cycles])
            axes.set_xticks(range(len(cycles)), [in_lines(cycle, width, 2) for cycle in cycles])
        for axes in page.axes[len(names) :]:
            axes.set_visible(False)
        return finished(page.figure, title, SUBTITLE, _seen(found, labels))


def directions(found: DisclosedEstimates) -> dict[str, str]:
    """Per figure: "up", "down" or "open" from the first to the last cycle that show it.

    Figures that fewer than two cycles show are left out.
    """
    told: dict[str, str] = {}
    for name in found.labels("figure"):
        shown = [
            Figure(each.value, each.low, each.high)
            for cycle in found.labels("cycle")
            if (each := found.get(name, cycle)) is not None and each.value is not None
        ]
        if len(shown) > 1:
            told[name] = change_between(shown[0], shown[-1]).direction
    return told


def trend_title(found: DisclosedEstimates) -> str:
    """The finding: how many figures changed by more than chance?"""
    told = directions(found)
    if not told:
        return "No figure is shown in two cycles: no trend yet"
    clear = [name for name, direction in told.items() if direction != "open"]
    if len(told) == 1:
        return f"The one figure has{'' if clear else ' not'} changed by more than chance"
    of = f"of {words.small(len(told))} {words.agree(len(told), 'figure')}"
    if not clear:
        return f"None {of} has changed by more than chance"
    has = words.agree(len(clear), "has")
    return f"{words.capital(words.small(len(clear)))} {of} {has} changed by more than chance"


def _panel(axes: Axes, label: str, estimates: list[DisclosedEstimate | None]) -> None:
    places = [
        (x, each) for x, each in enumerate(estimates) if each is not None and each.value is not None
    ]
    axes.set_title(in_lines(label, 40, 2), loc="left", fontsize=SMALL_SIZE + 0.5, color=INK)
    axes.set_xlim(-0.4, len(estimates) - 0.6)
    axes.plot(
        [x for x, _ in places],
        [each.value or 0.0 for _, each in places],
        "-o",
        color=MENTEE,
        markersize=5,
        linewidth=1.2,
    )
    for x, each in places:
        if each.low is not None and each.high is not None:
            axes.vlines(x, each.low, each.high, color=MENTEE, linewidth=1.4)
    for x, one in enumerate(estimates):
        shown = one is not None and one.value is not None
        top = (one.high if one.high is not None else one.value) if shown and one else None
        axes.annotate(
            one.text if shown and one else in_lines(one.text if one else "no figure", 9, 4),
            (x, 0.06 if top is None else top),
            (0, 4),
            xycoords=("data", "axes fraction") if top is None else "data",
            textcoords="offset points",
            ha="center",
            va="bottom",
            color=INK if shown else MUTED,
            size=SMALL_SIZE if shown else SMALL_SIZE - 1,
        )
    if places:
        ends = [
            end
            for _, each in places
            for end in (each.value, each.low, each.high)
            if end is not None
        ]
        room = max(0.15 * (max(ends) - min(ends)), 0.02 * max(map(abs, ends)), 1e-6)
        axes.set_ylim(min(ends) - room, max(ends) + 2 * room)
    write = words.writer(next((each.unit for _, each in places), "share"))
    axes.yaxis.set_major_formatter(lambda value, _: write(value))
    axes.locator_params(axis="y", nbins=4)
    axes.tick_params(labelsize=SMALL_SIZE, labelcolor=MUTED)
    axes.spines["left"].set_color(MIDDLE)
    axes.grid(axis="y", color=LIGHT, linewidth=0.6)
    axes.set_axisbelow(True)


def _seen(found: DisclosedEstimates, labels: Mapping[str, str]) -> str:
    parts = []
    for name in found.labels("figure"):
        by_cycle = [
            f"{cycle} {each.brief}"
            for cycle in found.labels("cycle")
            if (each := found.get(name, cycle)) is not None
        ]
        parts.append(f"{labels.get(name, name)}: {', '.join(by_cycle)}")
    return "; ".join(parts)
