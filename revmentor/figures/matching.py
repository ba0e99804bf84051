"""Who meets whom, and who has no partner?"""

from __future__ import annotations

import math

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from revmentor import words
from revmentor.disclosure import DisclosedCounts
from revmentor.figures.marks import SIDE_PLURAL, beside, count_bar, labelled, length_of
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    ACCENT,
    HIDDEN_HATCH,
    INK,
    LIGHT,
    MENTEE,
    MENTEE_TEXT,
    MENTOR_TEXT,
    MUTED,
    SIDE_COLOUR,
    SIDE_HATCH,
    SIDE_TEXT,
    SMALL_SIZE,
    bare,
    sheet,
    theme,
)
from revmentor.names import SIDES

NOTABLE, ENOUGH = 2.0, 5.0


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
            xticklabels=labelled(counts.columns, 16 if columns > 5 else max(10, 84 // columns)),
            yticklabels=labelled(counts.rows, 26),
        )
        dark = values > 0.62 * max(1.0, values.max())
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
        axes.tick_params(axis="x", rotation=30 if columns > 5 else 0)
        for label in axes.get_xticklabels():
            label.set_horizontalalignment("left" if columns > 5 else "center")
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


def _finding(counts: DisclosedCounts, by: str) -> tuple[str, tuple[int, int] | None]:
    """The group pair that is furthest above chance, in standard deviations of chance's count."""
    best: tuple[float, int, int] | None = None
    for i, row in enumerate(counts.cells):
        for j, count in enumerate(row):
            chance = counts.chance(i, j)
            if count.value is None or chance is None or chance < ENOUGH:
                continue
            away = (count.value - chance) / math.sqrt(chance)
            if best is None or away > best[0]:
                best = (away, i, j)
    if not counts.rows:
        return "There is no pair", None
    if best is None:
        return f"The groups are too small to say which {by} meets which", None
    away, i, j = best
    if away < NOTABLE:
        return f"Who meets whom by {by} is about what chance would give", None
    value, chance = counts.cells[i][j].value or 0, counts.chance(i, j) or 0.0
    mentee, mentor = (words.shortened(n, 26) for n in (counts.rows[i], counts.columns[j]))
    shown = words.number(chance, 0 if chance >= 9.5 else 1)
    return (
        f"Most above chance: mentees of {mentee} with mentors of {mentor}, "
        f"{words.counted(value, 'pair')} where chance gives {shown}"
    ), (i, j)


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


def unmatched_reasons(counts: DisclosedCounts) -> Plot:
    """Why has somebody no partner?

    Parameters
    ----------
    counts : DisclosedCounts
        `disclose_counts(..., totals="none")` of `revmentor.metrics.unmatched_reasons`: rows
        reasons, columns mentor and mentee.
    """
    title = _reasons_title(counts)
    subtitle = "People without a partner, by reason and side"
    rows = len(counts.rows)
    with theme():
        page = sheet(title, subtitle, counts.note, height=0.3 + 0.62 * rows)
        axes = page.axes[0]
        longest = 1.0
        for y, row in enumerate(counts.cells):
            for side, up in (("mentor", -0.2), ("mentee", 0.2)):
                count = row[counts.columns.index(side)]
                count_bar(
                    axes, y + up, count, SIDE_COLOUR[side], height=0.36, hatch=SIDE_HATCH[side]
                )
                text = f"{count.text} {SIDE_PLURAL[side]}"
                beside(axes, length_of(count), y + up, text, colour=SIDE_TEXT[side])
                longest = max(longest, length_of(count))
        names = ["\n".join(_two_lines(name)) for name in counts.rows]
        axes.set_yticks(range(rows), names)
        axes.set_ylim(max(rows, 1) - 0.45, -0.55)
        axes.set_xlim(0, longest * 1.25)
        bare(axes, x=True)
        seen = "; ".join(
            f"{name}: {row[counts.columns.index('mentor')].text} mentors, "
            f"{row[counts.columns.index('mentee')].text} mentees"
            for name, row in zip(counts.rows, counts.cells, strict=True)
        )
        return finished(page.figure, title, subtitle, seen or "Nobody is left without a partner")


def _two_lines(text: str, most: int = 40) -> list[str]:
    whole = words.shortened(text, 2 * most)
    if len(whole) <= most:
        return [whole]
    cut = whole.rfind(" ", 0, most)
    cut = cut if cut > 0 else most
    return [whole[:cut], words.shortened(whole[cut:].strip(), most)]


def _reasons_title(counts: DisclosedCounts) -> str:
    if not counts.rows:
        return "Everybody has a partner"
    sums = {side: [c.value for c in counts.column(side)] for side in SIDES}
    parts = []
    for side in SIDES:
        known = sum(value for value in sums[side] if value is not None)
        some = any(value is None for value in sums[side])
        if known or some:
            lead = "at least " if some and known else "a few " if some else ""
            number = "" if some and not known else f"{words.number(known)} "
            noun = words.agree(known, side) if not some else SIDE_PLURAL[side]
            parts.append(f"{lead}{number}{noun}".replace("  ", " "))
    first = counts.rows[0]
    verb = "has" if len(parts) == 1 and parts[0].startswith("1 ") else "have"
    most = "the reason" if len(counts.rows) == 1 else "the commonest reason"
    why = f"; {most}: {first}" if len(first) <= 60 else ""
    return words.sentence(f"{words.listed(parts)} {verb} no partner{why}").rstrip(".")
