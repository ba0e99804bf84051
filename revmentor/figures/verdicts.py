"""Did the cycle do what its charter said it would?"""

from __future__ import annotations

from matplotlib.axes import Axes

from revmentor import words
from revmentor.disclosure import shows
from revmentor.disclosure.verdicts import Answer, DisclosedVerdicts, VerdictRow
from revmentor.figures.marks import empty, in_lines
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    ACCENT,
    INK,
    MENTEE,
    MIDDLE,
    MUTED,
    SMALL_SIZE,
    bare,
    sheet,
    theme,
)

ANSWERS: dict[Answer, str] = {
    "met": "met",
    "not met": "not met",
    "cannot conclude": "cannot be concluded",
    "not due yet": "not due yet",
}
COLOUR = {"met": MENTEE, "not met": ACCENT, "cannot conclude": MUTED, "not due yet": MIDDLE}
MARKER = {"met": "o", "not met": "X", "cannot conclude": "D", "not due yet": "|"}
SUBTITLE = (
    "Each figure with its 95% interval, on a scale from its own baseline (0) to its own target (1)"
)
LOWEST, HIGHEST = -1.0, 2.5


@shows
def verdicts(found: DisclosedVerdicts) -> Plot:
    """Where does each figure stand between its baseline and its target?

    Parameters
    ----------
    found : DisclosedVerdicts
        Criteria without a baseline, a target or a figure that is shown have no place on the scale
        and are left out.
    """
    rows = [row for row in found.rows if _placed(row)]
    title = verdict_title(found)
    if not rows:
        return empty(title, SUBTITLE, "no criterion has a baseline, a target and a figure")
    left_out = len(found.rows) - len(rows)
    told = []
    if left_out:
        verb = words.agree(left_out, "is")
        told.append(
            f"{words.counted(left_out, 'criterion')} without baseline, target or figure {verb} not "
            "drawn"
        )
    if any(_far(row) for row in rows):
        told.append("an arrow stands for a figure beyond the scale")
    note = words.joined(told)
    with theme():
        page = sheet(title, SUBTITLE, note, height=0.55 + 0.62 * len(rows))
        axes = page.axes[0]
        for y, row in enumerate(rows):
            _row(axes, y, row)
        for x, style in ((0.0, ":"), (1.0, "-")):
            axes.axvline(x, color=MIDDLE, linestyle=style, linewidth=1.0, zorder=0)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        low, high = axes.get_xlim()
        low, high = max(LOWEST - 0.05, min(low, -0.15)), min(HIGHEST + 0.05, max(high, 1.15))
        axes.set_xlim(low, high)
        axes.set_yticks(range(len(rows)), [in_lines(row.criterion, 34, 3) for row in rows])
        axes.set_xticks([0, 1], ["baseline", "target"])
        bare(axes)
        seen = "; ".join(f"{row.criterion}: {row.said}, {row.found}" for row in rows)
        return finished(page.figure, title, SUBTITLE, seen)


@shows
def verdict_title(found: DisclosedVerdicts) -> str:
    """The verdicts counted, in a sentence."""
    if not found.rows:
        return "The charter names no criterion, so nothing is judged"
    parts = [
        f"{words.small(found.count(answer))} {text}"
        for answer, text in ANSWERS.items()
        if found.count(answer)
    ]
    if len(found.rows) == 1:
        return f"The one criterion: {parts[0].split(' ', 1)[1]}"
    return f"Of {words.counted(len(found.rows), 'criterion')}: {words.listed(parts)}"


def _placed(row: VerdictRow) -> bool:
    known = row.estimate.value is not None and row.baseline is not None and row.target is not None
    return known and row.baseline != row.target


def _at(row: VerdictRow, value: float) -> float:
    """Where a value stands between baseline (0) and target (1)."""
    baseline, target = row.baseline or 0.0, row.target or 0.0
    return (value - baseline) / (target - baseline)


def _far(row: VerdictRow) -> bool:
    return not LOWEST <= _at(row, row.estimate.value or 0.0) <= HIGHEST


def _row(axes: Axes, y: int, row: VerdictRow) -> None:
    def at(value: float) -> float:
        return _at(row, value)

    colour, estimate = COLOUR[row.answer], row.estimate
    exact = at(estimate.value or 0.0)
    ends = [_inside(at(end)) for end in (estimate.low, estimate.high) if end is not None]
    place = _inside(exact)
    if ends:
        axes.plot(sorted(ends), [y, y], color=colour, linewidth=2.4, solid_capstyle="butt")
    marker = MARKER[row.answer] if place == exact else "<" if exact < place else ">"
    axes.plot(place, y, marker, color=colour, markersize=8, clip_on=False)
    axes.annotate(
        f"{row.said}: {row.found}",
        (place, y),
        (0, 9),
        textcoords="offset points",
        ha="left" if place < -0.4 else "right" if place > 1.4 else "center",
        color=INK,
        size=SMALL_SIZE,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )


def _inside(place: float) -> float:
    """The place, or the end of the scale where it is beyond."""
    return min(max(place, LOWEST), HIGHEST)
