"""When does which phase of the cycle happen?"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence

from matplotlib.axes import Axes

from revmentor import words
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    INK,
    LIGHT,
    MIDDLE,
    MUTED,
    SMALL_SIZE,
    bare,
    sheet,
    theme,
)
from revmentor.planning.timeline import MEETING, Event

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
MAIN = MEETING
TOLD = 64


def day(date: dt.date, *, year: bool = False) -> str:
    """A date in words.

    >>> day(dt.date(2026, 3, 2), year=True)
    '2 Mar 2026'
    """
    return f"{date.day} {MONTHS[date.month - 1]}" + (f" {date.year}" if year else "")


def timeline(events: Sequence[Event], closed: Sequence[dt.date] = (), finding: str = "") -> Plot:
    """When does which phase of the cycle happen?

    Parameters
    ----------
    events : sequence of Event
        From `revmentor.planning`, in order; events of one row, or that differ in a final number
        only (Check-in 1, Check-in 2), share a row.
    closed : sequence of date
        Public holidays, of whichever site.
    finding : str
        What the title says beside the dates; a clause.
    """
    rows: dict[str, list[Event]] = {}
    for event in events:
        rows.setdefault(event.row or _row(event.name), []).append(event)
    main = rows.get(MAIN, list(events))
    first, last = min(e.first for e in main), max(e.last for e in main)
    weeks = round(((last - first).days + 1) / 7)
    title = (
        f"The pairs meet for {words.counted(weeks, 'week')}, from {day(first, year=True)} to "
        f"{day(last, year=True)}"
    )
    title += f"; {finding}" if finding else ""
    subtitle = "Phases of the cycle; a diamond is a single day"
    begin, end = min(e.first for e in events), max(e.last for e in events)
    closed = [date for date in closed if begin <= date <= end]
    subtitle += ", a stroke a public holiday at one site or more" if closed else ""
    span = max(1, (end - begin).days)
    with theme():
        page = sheet(title, subtitle, height=0.45 + 0.34 * (len(rows) + bool(closed)))
        axes = page.axes[0]
        for y, (name, parts) in enumerate(rows.items()):
            colour = INK if name == MAIN else MIDDLE
            for event in parts:
                start = event.first.toordinal()
                if event.first == event.last:
                    axes.plot(start + 0.5, y, "D", color=INK, mec="white", markersize=6.5)
                else:
                    axes.barh(y, event.last.toordinal() + 1 - start, 0.5, left=start, color=colour)
            _beside(
                axes, words.shortened(_told(parts), TOLD), max(event.last for event in parts), y
            )
        names = [_label(name, parts) for name, parts in rows.items()]
        seen = "; ".join(
            f"{name}: {_told(parts)}" for name, parts in zip(names, rows.values(), strict=True)
        )
        if closed:
            at = [date.toordinal() + 0.5 for date in closed]
            axes.plot(at, [len(rows)] * len(at), "|", color=INK, markersize=9, mew=1.1)
            _beside(axes, words.counted(len(closed), "day"), max(closed), len(rows))
            names.append("Public holidays")
            seen += f"; public holidays: {words.counted(len(closed), 'day')}"
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.45, -0.6)
        axes.set_xlim(begin.toordinal() - span * 0.01, end.toordinal() + span * 0.30)
        ticks = _months(begin, end)
        axes.set_xticks([tick.toordinal() for tick in ticks], [_month(tick) for tick in ticks])
        bare(axes)
        axes.grid(axis="x", color=LIGHT, linewidth=0.6)
        axes.set_axisbelow(True)
        return finished(page.figure, title, subtitle, seen)


def _beside(axes: Axes, text: str, after: dt.date, y: float) -> None:
    axes.annotate(
        text,
        (after.toordinal() + 1, y),
        (7, 0),
        textcoords="offset points",
        va="center",
        color=MUTED,
        size=SMALL_SIZE,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
    )


def _label(name: str, parts: list[Event]) -> str:
    """The row's name; single days of one kind in the plural."""
    return f"{name}s" if len(parts) > 1 and name != parts[0].name and not parts[0].row else name


def _told(parts: list[Event]) -> str:
    """The dates of a row, and what its events say."""
    notes = dict.fromkeys(event.note for event in parts if event.note)
    spans = [event for event in parts if event.first != event.last]
    told = _dates(spans or parts)
    return f"{told}: {', '.join(notes)}" if notes else told


def _months(begin: dt.date, end: dt.date) -> list[dt.date]:
    """First days of at most 14 months from begin to end."""
    months = (end.year - begin.year) * 12 + end.month - begin.month + 1
    starts = []
    for k in range(0, months + 1, max(1, math.ceil(months / 13))):
        year, month = divmod(begin.month - 1 + k, 12)
        starts.append(dt.date(begin.year + year, month + 1, 1))
    return [start for start in starts if begin <= start <= end] or [begin]


def _month(start: dt.date) -> str:
    name = MONTHS[start.month - 1]
    return f"{name}\n{start.year}" if start.month == 1 else name


def _row(name: str) -> str:
    return re.sub(r"\s+\d+$", "", name)


def _dates(parts: list[Event]) -> str:
    first, last = min(e.first for e in parts), max(e.last for e in parts)
    if len(parts) > 1 and all(event.first == event.last for event in parts):
        return f"{len(parts)} days, {day(first)} to {day(last)}"
    years = first.year != last.year
    return day(first) if first == last else f"{day(first, year=years)} to {day(last, year=years)}"
