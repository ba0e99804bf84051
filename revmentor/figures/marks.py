"""How is one number drawn: a bar, its label, a hidden number?"""

from __future__ import annotations

import textwrap

from matplotlib.axes import Axes

from revmentor import words
from revmentor.disclosure import Count
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    HIDDEN_HATCH,
    INK,
    LABEL_SIZE,
    MIDDLE,
    MUTED,
    SMALL_SIZE,
    bare,
    sheet,
    theme,
)

SIDE_PLURAL = {"mentor": "mentors", "mentee": "mentees"}
LABEL_LENGTH = 34


def length_of(count: Count) -> float:
    """How long is a bar? Where the number is hidden, as long as the words allow."""
    if count.value is not None:
        return float(count.value)
    return float(count.high if count.high is not None else count.low)


def count_bar(
    axes: Axes,
    y: float,
    count: Count,
    colour: str,
    *,
    height: float = 0.6,
    sign: int = 1,
    hatch: str = "",
    start: float = 0.0,
) -> None:
    """One horizontal bar; a hidden number is an outlined, cross-hatched one."""
    hidden = count.value is None
    axes.barh(
        y,
        sign * length_of(count),
        height,
        left=start,
        color="white" if hidden else colour,
        edgecolor=MIDDLE if hidden else "white" if hatch else colour,
        hatch=HIDDEN_HATCH if hidden else hatch,
        linewidth=0.6,
    )


def beside(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    sign: int = 1,
    colour: str = INK,
    bold: bool = False,
    size: float = LABEL_SIZE,
) -> None:
    """A label beside the end of a bar."""
    axes.annotate(
        text,
        (x, y),
        (5 * sign, 0),
        textcoords="offset points",
        va="center",
        ha="left" if sign > 0 else "right",
        color=colour,
        weight="bold" if bold else "normal",
        size=size,
    )


def in_margin(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    colour: str = MUTED,
    bold: bool = False,
    align: str = "right",
    size: float = LABEL_SIZE,
) -> None:
    """A number in a column: at a share `x` of the panel's width, in row `y`."""
    axes.text(
        x,
        y,
        text,
        transform=axes.get_yaxis_transform(),
        va="center",
        ha=align,
        color=colour,
        weight="bold" if bold else "normal",
        size=size,
    )


def over(
    axes: Axes, x: float, text: str, *, colour: str = MUTED, align: str = "left", up: float = 0.0
) -> None:
    """A column's head above the panel, at a share `x` of its width."""
    axes.annotate(
        text,
        (x, 1.0),
        (0, 3 + up),
        xycoords="axes fraction",
        textcoords="offset points",
        ha=align,
        va="bottom",
        color=colour,
        size=SMALL_SIZE,
        weight="bold",
    )


def in_lines(text: str, width: int, lines: int) -> str:
    """A label on at most so many lines of about so many characters; the rest is cut.

    >>> in_lines("Information Technology and Data", 12, 2)
    'Information\\nTechnology…'
    """
    flat = words.shortened(text, width * lines * 2)
    parts = textwrap.wrap(flat, width, break_long_words=False) or [""]
    if len(parts) > lines:
        parts = [*parts[: lines - 1], f"{parts[lines - 1]}…"]
    return "\n".join(words.shortened(part, width + 3) for part in parts)


def group_label(name: str, by: str, most: int = 30) -> str:
    """A group's name inside a sentence; a bare number says what it is.

    >>> group_label("4", "grade"), group_label("Law", "department")
    ('grade 4', 'Law')
    """
    flat = words.shortened(name, most)
    return flat if any(sign.isalpha() for sign in flat) else f"{by} {flat}".strip()


def labelled(names: tuple[str, ...] | list[str], most: int = LABEL_LENGTH) -> list[str]:
    """Row labels on one line each, cut where they are too long."""
    return [words.shortened(name, most) for name in names]


def empty(title: str, subtitle: str, reason: str) -> Plot:
    """A figure that says why there is nothing to see."""
    with theme():
        page = sheet(title, subtitle, height=0.6)
        axes = page.axes[0]
        axes.text(0, 0.5, words.sentence(reason), color=MUTED, va="center")
        bare(axes, x=True, y=True)
        return finished(page.figure, title, subtitle, reason)
