"""Do the hours that both sides give last for the meetings that are due, month by month?"""

from __future__ import annotations

import datetime as dt

from matplotlib.axes import Axes

from revmentor import words
from revmentor.disclosure import DisclosedCounts, DisclosedEstimate, DisclosedEstimates, shows
from revmentor.figures.marks import SIDE_PLURAL, empty
from revmentor.figures.phases import MONTHS
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    LIGHT,
    MIDDLE,
    MUTED,
    SIDE_COLOUR,
    SIDE_HATCH,
    SIDE_LINE,
    SIDE_TEXT,
    SMALL_SIZE,
    bare,
    sheet,
    theme,
)
from revmentor.names import SIDES
from revmentor.planning.capacity import pairs_that_last

LABELLED = 14


@shows
def hours_by_month(
    months: DisclosedCounts, hours: DisclosedEstimates, planned: int, *, at_least: bool = False
) -> Plot:
    """Do the hours that both sides give last for the meetings that are due?

    Parameters
    ----------
    months : DisclosedCounts
        From `disclose_hours`: rows months (ISO), columns mentor and mentee, hours due.
    hours : DisclosedEstimates
        From `disclose_hours`: keys side; hours a month that one person gives, mean and n.
    planned : int
        Pairs over the whole cycle.
    at_least : bool
        There may be more pairs: no more of them may be told.
    """
    subtitle = (
        "Hours a month that the planned meetings ask of each side, preparation included (bars), "
        "and that all applicants of the side give (line)"
    )
    title = hours_title(months, hours, planned, at_least=at_least)
    if not any(count.value for side in SIDES for count in months.column(side)):
        return empty(title, subtitle, "no meeting is planned")
    with theme():
        page = sheet(title, subtitle, months.note, height=3.0, rows=2)
        seen = []
        for axes, side in zip(page.axes, SIDES, strict=True):
            due = [count.value or 0 for count in months.column(side)]
            given = hours_given(hours.get(side))
            _panel(axes, side, due, given)
            told = f"{words.number(max(due))} hours due in the busiest month"
            given_told = "hours not shown" if given is None else f"{words.number(given)} given"
            seen.append(f"{SIDE_PLURAL[side]}: {told}, {given_told}")
        labels = _month_labels(months.rows)
        page.axes[0].set_xticks(range(len(labels)), [""] * len(labels))
        page.axes[1].set_xticks(range(len(labels)), labels)
        return finished(page.figure, title, subtitle, "; ".join(seen))


def _panel(axes: Axes, side: str, due: list[int], given: float | None) -> None:
    axes.bar(
        range(len(due)),
        due,
        0.7,
        color=LIGHT,
        edgecolor=SIDE_COLOUR[side],
        hatch=SIDE_HATCH[side],
        linewidth=0.8,
    )
    top = max(*due, given or 0.0, 1.0)
    if len(due) <= LABELLED:
        for x, value in enumerate(due):
            if value:
                axes.annotate(
                    words.number(value),
                    (x, value),
                    (0, 2),
                    textcoords="offset points",
                    ha="center",
                    size=SMALL_SIZE,
                    color=MUTED,
                )
    if given is not None:
        axes.axhline(given, color=SIDE_COLOUR[side], linewidth=1.8, linestyle=SIDE_LINE[side])
        text = f"{SIDE_PLURAL[side]} give about {words.number(given)}"
    else:
        text = f"hours of {SIDE_PLURAL[side]} not shown"
    axes.annotate(
        text,
        (len(due) - 0.4, top if given is None else given),
        (0, 3),
        textcoords="offset points",
        ha="right",
        va="bottom",
        size=SMALL_SIZE,
        weight="bold",
        color=SIDE_TEXT[side],
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
    )
    axes.set_xlim(-0.6, len(due) - 0.4)
    axes.set_ylim(0, top * 1.3)
    axes.set_ylabel(f"{SIDE_PLURAL[side]}, hours")
    bare(axes, y=True)
    axes.spines["bottom"].set_visible(True)
    axes.spines["bottom"].set_color(MIDDLE)


def hours_given(mean: DisclosedEstimate | None) -> float | None:
    """All hours a month of a side; None where its mean or n is not shown."""
    if mean is None or mean.value is None or mean.n is None:
        return None
    return mean.value * mean.n


def hours_title(
    months: DisclosedCounts, hours: DisclosedEstimates, planned: int, *, at_least: bool = False
) -> str:
    """The finding: enough, or short by how much, and for how many pairs the hours last."""
    enough, short = [], []
    for side in SIDES:
        due = [float(count.value or 0) for count in months.column(side)]
        given = hours_given(hours.get(side))
        lasts = None if given is None else pairs_that_last(due, planned, given)
        if given is None or lasts is None:
            continue
        if lasts >= planned:
            enough.append(f"those of {SIDE_PLURAL[side]} for {words.counted(lasts, 'pair')}")
        else:
            busiest = months.rows[due.index(max(due))]
            short.append(
                f"{SIDE_PLURAL[side]} are short by {words.number(max(due) - given)} hours in "
                f"{_month(busiest)}: theirs last for {words.number(lasts)} of {planned:,} pairs"
            )
    if short:
        return words.capital("; ".join(short))
    if not enough:
        return "Too few people said how many hours they have"
    many = f"{'at least ' if at_least else ''}{words.number(planned)}"
    return f"The hours last: {' and '.join(enough)}; {many} are planned"


def _month(iso: str) -> str:
    month = dt.date.fromisoformat(iso)
    return f"{month:%B %Y}"


def _month_labels(rows: tuple[str, ...]) -> list[str]:
    labels = []
    for k, row in enumerate(rows):
        month = dt.date.fromisoformat(row)
        name = MONTHS[month.month - 1]
        if len(rows) > 2 * LABELLED and month.month % 3 != 1:
            name = ""
        labels.append(f"{name}\n{month.year}" if k == 0 or month.month == 1 else name)
    return labels
