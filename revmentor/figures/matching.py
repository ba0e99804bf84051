"""Who meets whom?"""

from __future__ import annotations

import math

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from revmentor import words
from revmentor.disclosure import DisclosedCounts, shows
from revmentor.figures.marks import group_label, in_lines
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    ACCENT,
    HIDDEN_HATCH,
    INK,
    LABEL_SIZE,
    LIGHT,
    MENTEE,
    MENTEE_TEXT,
    MENTOR_TEXT,
    MUTED,
    SMALL_SIZE,
    bare,
    sheet,
    theme,
)
from revmentor.metrics.groups import is_sum, may_be_several

NOTABLE, ENOUGH = 2.0, 5.0
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


@shows
def who_meets_whom(counts: DisclosedCounts, by: str) -> Plot:
    """Which groups do the pairs join, and how does that compare with chance?

    Parameters
    ----------
    counts : DisclosedCounts
        `disclose_counts(..., totals="both", unit="pairs")` of the counts of
        `revmentor.metrics.who_meets_whom`: rows mentees' groups, columns mentors' groups.
    by : str
        What the groups are: "generation", "department".
    """
    total = counts.total.text if counts.total else "–"
    title, looked_at = _finding(counts, by)
    subtitle = (
        f"Pairs by {by} of mentee (rows) and mentor (columns), n = {total} pairs; small: what "
        "pairing the same people by chance would give"
    )
    note = counts.note
    rows, columns = len(counts.rows), len(counts.columns)
    if not rows or not columns:
        with theme():
            page = sheet(title, subtitle, height=0.4)
            bare(page.axes[0], x=True, y=True)
            return finished(page.figure, title, subtitle, "there is no pair")
    with theme():
        page = sheet(title, subtitle, note, height=0.95 + 0.5 * rows)
        axes = page.axes[0]
        values = np.array([[count.value or 0 for count in row] for row in counts.cells], float)
        tint = LinearSegmentedColormap.from_list("mentee", ["#FFFFFF", "#CFE3F1", MENTEE])
        sns.heatmap(
            values,
            ax=axes,
            cmap=tint,
            vmin=0,
            vmax=max(1.0, values.max()) * 1.25,
            cbar=False,
            linewidths=1.5,
            linecolor="white",
            xticklabels=[in_lines(name, max(9, 80 // columns), 3) for name in counts.columns],
            yticklabels=[in_lines(name, 22, 3) for name in counts.rows],
        )
        shade = tint(values / (max(1.0, values.max()) * 1.25))
        dark = shade[..., :3] @ LUMINANCE < 0.55
        for i in range(rows):
            for j in range(columns):
                _cell(axes, counts, i, j, dark=bool(dark[i, j]))
        _margins(axes, counts)
        if looked_at:
            i, j = looked_at
            axes.add_patch(
                Rectangle((j + 0.03, i + 0.05), 0.94, 0.9, fill=False, edgecolor=ACCENT, lw=2.2)
            )
        axes.xaxis.tick_top()
        axes.xaxis.set_label_position("top")
        axes.set_xlabel("mentors (junior)", color=MENTOR_TEXT, weight="bold", labelpad=7)
        axes.set_ylabel("mentees (senior)", color=MENTEE_TEXT, weight="bold")
        axes.tick_params(length=0, labelcolor=INK)
        axes.tick_params(
            axis="x",
            rotation=0,
            labelsize=(LABEL_SIZE, SMALL_SIZE, 7.0)[(columns > 5) + (columns > 6)],
        )
        axes.tick_params(axis="y", rotation=0)
        return finished(page.figure, title, subtitle, _seen(counts))


def _cell(axes: Axes, counts: DisclosedCounts, i: int, j: int, *, dark: bool) -> None:
    count, chance = counts.cells[i][j], counts.chance(i, j)
    if count.value is None:
        axes.add_patch(
            Rectangle(
                (j + 0.02, i + 0.03),
                0.96,
                0.94,
                facecolor="white",
                edgecolor=LIGHT,
                hatch=HIDDEN_HATCH,
                linewidth=0.4,
            )
        )
    text = count.text.replace("fewer than ", "<").replace("not shown", "not\nshown")
    axes.text(
        j + 0.5,
        i + (0.42 if chance is not None and count.value is not None else 0.5),
        text,
        ha="center",
        va="center",
        color="white" if dark else INK,
        weight="bold" if count.value is not None else "normal",
        size=10 if count.value is not None else SMALL_SIZE,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1} if count.value is None else None,
    )
    if chance is not None and count.value is not None:
        axes.text(
            j + 0.5,
            i + 0.76,
            f"chance {words.number(chance, 0 if chance >= 9.5 else 1)}",
            ha="center",
            va="center",
            color="white" if dark else MUTED,
            size=7,
        )


def _margins(axes: Axes, counts: DisclosedCounts) -> None:
    """Totals in grey: right of the rows, below the columns."""
    rows, columns = len(counts.rows), len(counts.columns)
    for i, count in enumerate(counts.row_totals):
        axes.text(columns + 0.12, i + 0.5, count.text, va="center", color=MUTED, size=SMALL_SIZE)
    for j, count in enumerate(counts.column_totals):
        axes.text(
            j + 0.5, rows + 0.22, count.text, ha="center", va="center", color=MUTED, size=SMALL_SIZE
        )
    if counts.total:
        text = counts.total.text
        axes.text(columns + 0.12, rows + 0.22, text, va="center", color=MUTED, size=SMALL_SIZE)


@shows
def meeting_title(counts: DisclosedCounts, by: str) -> str:
    """What do the pairs say of who meets whom, in a line?"""
    return _finding(counts, by)[0]


def _finding(counts: DisclosedCounts, by: str) -> tuple[str, tuple[int, int] | None]:
    """The group pair that is furthest from chance, in standard deviations of chance's count."""
    furthest: tuple[float, int, int] | None = None
    for i, row in enumerate(counts.cells):
        for j, count in enumerate(row):
            chance = counts.chance(i, j)
            if count.value is None or chance is None or chance < ENOUGH:
                continue
            if is_sum(counts.rows[i]) or is_sum(counts.columns[j]):
                continue
            away = round(_deviations(counts, i, j), 9)
            if furthest is None or (abs(away), away) > (abs(furthest[0]), furthest[0]):
                furthest = (away, i, j)
    if not counts.rows:
        return "There is no pair", None
    for side, groups in (("mentees", counts.rows), ("mentors", counts.columns)):
        if len(groups) == 1:
            name = words.shortened(groups[0], 40)
            if may_be_several(groups[0]):
                told = f"The {side} in pairs are shown as one group, “{name}”"
                return f"{told}: which {by} meets which is not told", None
            return f"All {side} in pairs are of one {by}: {name}", None
    cells = [count for row in counts.cells for count in row]
    if furthest is None and all(count.value is not None for count in cells):
        return f"The groups are too small to tell from chance which {by} meets which", None
    if furthest is None:
        return f"The groups are too small to say which {by} meets which", None
    away, i, j = furthest
    if abs(away) < NOTABLE:
        return f"Who meets whom by {by} is about what chance would give", None
    value, chance = counts.cells[i][j].value or 0, counts.chance(i, j) or 0.0
    mentee, mentor = (group_label(n, by, 26) for n in (counts.rows[i], counts.columns[j]))
    shown = words.number(chance, 0 if chance >= 9.5 else 1)
    return (
        f"{'More' if away > 0 else 'Less'} often than by chance: mentees of {mentee} with mentors "
        f"of {mentor}, "
        f"{words.counted(value, 'pair')} where chance gives {shown}"
    ), (i, j)


def _deviations(counts: DisclosedCounts, i: int, j: int) -> float:
    """How many standard deviations is this shown count away from chance?

    Chance pairs the same people anew, so the totals r of the row and c of the column stay: the
    count is hypergeometric, with variance r c (n - r) (n - c) / (n^2 (n - 1)).
    """
    value, row, column = (
        counts.cells[i][j].value or 0,
        counts.row_totals[i].value or 0,
        counts.column_totals[j].value or 0,
    )
    n = (counts.total.value if counts.total else None) or 0
    free = row * column * (n - row) * (n - column)
    if not free:
        return 0.0
    return (value - row * column / n) / math.sqrt(free / (n * n * (n - 1)))


def _seen(counts: DisclosedCounts) -> str:
    shown = [
        (count.value, row, column)
        for row, counted in zip(counts.rows, counts.cells, strict=True)
        for column, count in zip(counts.columns, counted, strict=True)
        if count.value
    ]
    if not shown:
        return "No count is large enough to show"
    value, row, column = max(shown)
    pairs = words.counted(value, "pair")
    return f"The most frequent: {pairs} of mentees of {row} with mentors of {column}"
