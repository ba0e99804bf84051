"""Are both sides ready for the five principles? The figure before the match."""

from __future__ import annotations

from revmentor import words
from revmentor.disclosure import DisclosedEstimate, DisclosedEstimates, shows
from revmentor.figures.marks import empty, in_margin, over
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    ACCENT,
    LIGHT,
    MUTED,
    SIDE_COLOUR,
    SIDE_MARKER,
    SIDE_TEXT,
    bare,
    sheet,
    theme,
)
from revmentor.names import SIDES

COLUMNS = {"mentor": 0.82, "mentee": 1.0}


@shows
def readiness(found: DisclosedEstimates, scale: tuple[float, float], low_below: float) -> Plot:
    """How ready is each side, principle by principle?

    Parameters
    ----------
    found : DisclosedEstimates
        Keys principle, side: means in points.
    scale : (float, float)
        Ends of the scale.
    low_below : float
        The bar below which a person is low; drawn as a line.
    """
    names = found.labels("principle")
    subtitle = (
        f"Mean of the answers given when applying, scale {scale[0]:g} to {scale[1]:g}, with 95% "
        f"interval and n; the line: a person below {low_below:g} is low"
    )
    if not any(each.value is not None for each in found.estimates):
        return empty("Readiness is not shown", subtitle, "too few people answered")
    with theme():
        page = sheet(_title(found, names, low_below), subtitle, height=0.5 + 0.46 * len(names))
        axes = page.axes[0]
        axes.axvline(low_below, color=LIGHT, linewidth=1.4, zorder=0)
        for y, name in enumerate(names):
            for side, up in (("mentor", -0.16), ("mentee", 0.16)):
                each = found.get(name, side)
                if each is not None and each.value is not None:
                    hue = SIDE_COLOUR[side]
                    if each.low is not None and each.high is not None:
                        axes.plot([each.low, each.high], [y + up] * 2, color=hue, linewidth=1.4)
                    axes.plot(each.value, y + up, SIDE_MARKER[side], color=hue, markersize=6)
                in_margin(axes, COLUMNS[side], y, _short(each), colour=SIDE_TEXT[side])
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.5, -0.6)
        # The scale takes the left of the panel, the numbers stand in columns at the right.
        axes.set_xlim(scale[0], scale[0] + (scale[1] - scale[0]) / 0.62)
        ticks = [scale[0] + n for n in range(int(scale[1] - scale[0]) + 1)]
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        for side, at in COLUMNS.items():
            over(axes, at, f"{side}s (n)", colour=SIDE_TEXT[side], align="right")
        bare(axes)
        axes.tick_params(axis="x", colors=MUTED)
        seen = "; ".join(
            f"{name}: mentors {_short(found.get(name, 'mentor'))}, mentees "
            f"{_short(found.get(name, 'mentee'))}"
            for name in names
        )
        low = _lowest(found, names)
        if low is not None and low[2] < low_below:
            side = "mentor" if low[1] == "mentor" else "mentee"
            axes.plot(
                low[2], names.index(low[0]) + (-0.16 if side == "mentor" else 0.16), "o",
                markersize=12, markerfacecolor="none", color=ACCENT, mew=1.6,
            )  # fmt: skip
        return finished(page.figure, page_title(found, low_below), subtitle, seen)


def page_title(found: DisclosedEstimates, low_below: float) -> str:
    """The finding in one line."""
    return _title(found, found.labels("principle"), low_below)


def _short(each: DisclosedEstimate | None) -> str:
    if each is None or each.value is None:
        return "not shown"
    return f"{each.text} ({each.n_text})"


def _lowest(found: DisclosedEstimates, names: tuple[str, ...]) -> tuple[str, str, float] | None:
    known = [
        (name, side, each.value)
        for name in names
        for side in SIDES
        if (each := found.get(name, side)) is not None and each.value is not None
    ]
    return min(known, key=lambda part: part[2], default=None)


def _title(found: DisclosedEstimates, names: tuple[str, ...], low_below: float) -> str:
    low = _lowest(found, names)
    if low is None:
        return "Readiness is not shown"
    name, side, value = low
    lead = f"Lowest is {name} of the {side}s, {words.number(value, 1)} points"
    under = [
        f"{each} of the {on}s"
        for each in names
        for on in SIDES
        if (one := found.get(each, on)) is not None
        and one.value is not None
        and one.value < low_below
    ]
    if not under:
        return f"{lead}; no side is low on average"
    return f"{lead}; low on average: {words.listed(under)}"
