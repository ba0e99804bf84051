"""Do the meetings ahead fit the hours that people gave?"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from revmentor import words
from revmentor.disclosure import DisclosedCounts, DisclosedEstimates, shows
from revmentor.figures.marks import SIDE_PLURAL
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    INK,
    LIGHT,
    MIDDLE,
    MUTED,
    SIDE_COLOUR,
    SIDE_MARKER,
    SIDE_TEXT,
    SMALL_SIZE,
    bare,
    sheet,
    theme,
)
from revmentor.names import SIDES


@shows
def load_by_week(weeks: DisclosedCounts, hours: DisclosedEstimates, minutes: float) -> Plot:
    """How many meetings are due each week, and do they fit the hours that people gave?

    Parameters
    ----------
    weeks : DisclosedCounts
        From `disclose_load`: rows weeks, column meetings.
    hours : DisclosedEstimates
        From `disclose_load`: keys (side, "hours"), (side, "overbooked") and ("pair", "needed")
        and, where there are circles, ("circle", "needed").
    minutes : float
        Length of a meeting.
    """
    one = hours.get("pair", "needed")
    needed = one.value if one is not None else None
    meetings = [count.value or 0 for count in weeks.column("meetings")]
    peak, total = max(meetings, default=0), sum(meetings)
    title = f"At most {words.counted(peak, 'meeting')} a week; {_overbooked(hours)}"
    circle = hours.get("circle", "needed")
    whose, more = "", ""
    if circle is not None and circle.value is not None:
        whose, more = (
            " of pairs and circles",
            f"; a circle needs {words.number(circle.value, 1)} more",
        )
    elif circle is not None:
        whose, more = " of pairs and circles", "; a circle needs its hours beside them"
    subtitle = (
        f"Meetings{whose} of {words.number(minutes)} minutes due by week of the cycle, "
        f"{words.number(total)} in all; below, hours a month that a person gave (mean, 95% "
        f"interval, n) and that one pair needs{more}"
    )
    with theme():
        page = sheet(title, subtitle, height=3.1, rows=2, ratios=(2.3, 1.0))
        axes, below = page.axes
        numbers = [int(row) for row in weeks.rows]
        axes.bar(numbers, meetings, 0.75, color=LIGHT, edgecolor=MIDDLE, linewidth=0.6)
        alike = len({count for count in meetings if count}) == 1
        said = False
        for number, count in zip(numbers, meetings, strict=True):
            if count and not (said and (alike or len(numbers) > 40)):
                said = True
                axes.annotate(
                    f"{words.number(count)}{' each' if alike else ''}",
                    (number, count),
                    (0, 2),
                    textcoords="offset points",
                    ha="center",
                    size=SMALL_SIZE,
                    color=MUTED,
                )
        axes.set_xlabel("week of the cycle")
        axes.set_xlim(0.2, (numbers[-1] if numbers else 1) + 0.8)
        axes.set_ylim(0, max(1, peak) * 1.15)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        bare(axes, y=True)
        axes.spines["bottom"].set_visible(True)
        axes.tick_params(axis="x", length=3)
        _hours(below, hours, needed)
        seen = f"{words.number(total)} meetings over {words.counted(len(numbers), 'week')}"
        if needed is not None:
            seen += f"; one pair needs {words.number(needed, 1)} hours a month"
        seen += f"; {_given(hours)}"
        return finished(page.figure, title, subtitle, seen)


def _hours(axes: Axes, hours: DisclosedEstimates, needed: float | None) -> None:
    line = needed or 0.0
    right = [line, 1.0]
    for y, side in enumerate(SIDES):
        mean = hours.get(side, "hours")
        at = 0.0
        if mean is not None and mean.value is not None:
            at = mean.value if mean.high is None else mean.high
            if mean.low is not None and mean.high is not None:
                axes.plot([mean.low, mean.high], [y, y], color=SIDE_COLOUR[side], lw=2)
            axes.plot(mean.value, y, SIDE_MARKER[side], color=SIDE_COLOUR[side], markersize=8)
        right.append(at)
        axes.annotate(
            "nobody said" if mean is None or mean.n == 0 else mean.brief,
            (max(at, line if at < line * 1.05 else at), y),
            (8, 0),
            textcoords="offset points",
            va="center",
            size=SMALL_SIZE,
            color=SIDE_TEXT[side],
        )
    if needed is not None:
        axes.plot([needed] * 2, [-0.5, 1.5], color=INK, linewidth=1.2, linestyle="--")
        axes.annotate(
            f"one pair needs {words.number(needed, 1)}",
            (needed, -0.5),
            (0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=SMALL_SIZE,
            weight="bold",
        )
    axes.set_yticks(range(len(SIDES)), [f"{SIDE_PLURAL[side]} gave" for side in SIDES])
    axes.set_ylim(1.6, -0.6)
    axes.set_xlim(0, max(right) * 1.9)
    axes.set_xlabel("hours a month")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    bare(axes)
    axes.spines["bottom"].set_visible(True)
    axes.tick_params(axis="x", length=3)


def _overbooked(hours: DisclosedEstimates) -> str:
    parts, said = [], False
    for side in SIDES:
        share = hours.get(side, "overbooked")
        if share is None or share.state in ("not computed", "small group", "withheld"):
            continue
        said = True
        if share.state == "shown" and share.value:
            parts.append(f"{share.text} of {SIDE_PLURAL[side]}")
        elif share.state != "shown":
            parts.append(f"{share.text} {SIDE_PLURAL[side]}")
    if not said:
        return "too few people said how many hours they have"
    if not parts:
        return "they fit the hours that people gave"
    return f"{words.listed(parts)} gave fewer hours than theirs need"


def _given(hours: DisclosedEstimates) -> str:
    parts = []
    for side in SIDES:
        mean = hours.get(side, "hours")
        if mean is not None and mean.state == "shown":
            parts.append(f"{SIDE_PLURAL[side]} gave {mean.text} on average")
    return " and ".join(parts) or "nobody said how many hours they have"
