"""Who stays: curves with the number at risk, and how comparable the compared are?"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import NamedTuple, Self

from matplotlib.axes import Axes

from revmentor import words
from revmentor.disclosure import DisclosedCounts, DisclosedEstimate, DisclosedEstimates, shows
from revmentor.figures.marks import empty, in_lines
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import INK, MENTEE, MIDDLE, MUTED, SMALL_SIZE, bare, sheet, theme

HUES = (MENTEE, MUTED)
STYLES = ("-", "--")
BALANCED = 0.1
MOST = 14


@shows
def retention_curves(
    found: DisclosedEstimates, at_risk: DisclosedCounts, title: str, difference: str
) -> Plot:
    """What share of participants and of others is still there, month by month?

    Parameters
    ----------
    found : DisclosedEstimates
        Keys group, day: shares.
    at_risk : DisclosedCounts
        Rows days, columns groups: people seen and there just before the day.
    title : str
        The finding.
    difference : str
        What the comparison says, in a sentence; stands in the subtitle.
    """
    groups = list(found.labels("group"))
    days = [int(day) for day in found.labels("day")]
    subtitle = f"Share not left, by days since the start, with 95% intervals. {difference}".strip()
    if not any(each.value is not None or each.bound is not None for each in found.estimates):
        return empty(title, subtitle, "too few people were at risk")
    with theme():
        below = 0.24 * len(groups) + 0.1
        note = words.joined([found_note(found), _hidden(at_risk)])
        page = sheet(title, subtitle, note, height=2.9 + below, rows=2, ratios=(2.9, below))
        axes, table = page.axes
        curves = [_Curve.of(found, group, days) for group in groups]
        lowest = min(point.low for curve in curves for point in curve.points)
        room = max(0.02, 1.0 - lowest)
        axes.set_ylim(max(0.0, lowest - 0.08 * room), 1 + 0.03 * room)
        for place, curve in enumerate(curves):
            _draw(axes, curve, place)
        _name(axes, curves, gap=0.14 * room)
        axes.set_xticks([0, *days])
        axes.yaxis.set_major_formatter(lambda value, _: words.percent(value))
        axes.set_xlabel("days since the start")
        _at_risk(table, at_risk, groups)
        for panel in (axes, table):
            panel.set_xlim(-0.03 * days[-1], days[-1] * 1.22)
        seen = "; ".join(
            f"{group} after {days[-1]} days: {_brief(found.get(group, str(days[-1])))}"
            for group in groups
        )
        return finished(page.figure, title, subtitle, seen)


def _at_risk(axes: Axes, at_risk: DisclosedCounts, groups: list[str]) -> None:
    """How many were still seen, under the days."""
    for place, group in enumerate(groups):
        for day, count in zip(at_risk.rows, at_risk.column(group), strict=True):
            text = "–" if count.value is None else words.number(count.value)
            axes.text(int(day), place, text, ha="center", va="center", size=SMALL_SIZE)
    labels = [f"at risk, {group}" for group in groups]
    axes.set_yticks(range(len(groups)), labels, size=SMALL_SIZE)
    axes.set_ylim(len(groups) - 0.4, -0.6)
    bare(axes, x=True)


class _Point(NamedTuple):
    """A share with its interval on a day; where it is hidden, the bound that may be shown."""

    day: int
    share: float
    low: float
    high: float
    exact: bool = True


@dataclass(frozen=True)
class _Curve:
    """One group, day by day, and what its last day is called."""

    group: str
    points: tuple[_Point, ...]
    end: str

    @classmethod
    def of(cls, found: DisclosedEstimates, group: str, days: list[int]) -> Self:
        points = [_Point(0, 1.0, 1.0, 1.0)]
        for day in days:
            each = found.get(group, str(day))
            if each is not None and each.value is not None:
                low = each.value if each.low is None else each.low
                high = each.value if each.high is None else each.high
                points.append(_Point(day, each.value, low, high))
            elif each is not None and each.bound is not None:
                points.append(_Point(day, each.bound, each.bound, each.bound, exact=False))
        return cls(group, tuple(points), _text(found.get(group, str(days[-1]))))


def _text(estimate: DisclosedEstimate | None) -> str:
    return "not shown" if estimate is None else estimate.text


def _draw(axes: Axes, curve: _Curve, place: int) -> None:
    """Solid between shares that are shown, dotted to where only a bound is."""
    hue, style = HUES[place % 2], STYLES[place % 2]
    for one, two in itertools.pairwise(curve.points):
        days, both = (one.day, two.day), one.exact and two.exact
        axes.plot(days, (one.share, two.share), style if both else ":", color=hue,
                  linewidth=2 if both else 1.2)  # fmt: skip
        if both:
            axes.fill_between(days, (one.low, two.low), (one.high, two.high), color=hue,
                              alpha=0.12 + 0.06 * place, linewidth=0)  # fmt: skip
    for point in curve.points:
        fill = hue if point.exact else "white"
        axes.plot(point.day, point.share, "os"[place % 2], color=hue, mfc=fill, ms=5)


def _name(axes: Axes, curves: list[_Curve], gap: float) -> None:
    """Each curve's name at its end, pushed apart where they would touch."""
    floor = 2.0
    for curve in sorted(curves, key=lambda each: -each.points[-1].share):
        last = curve.points[-1]
        y = min(last.share, floor - gap)
        floor = y
        axes.annotate(
            f"{curve.group}\n{curve.end}", (last.day, y), (8, 0),
            textcoords="offset points", va="center", size=SMALL_SIZE,
            color=HUES[curves.index(curve) % 2],
        )  # fmt: skip


def found_note(found: DisclosedEstimates) -> str:
    """Why a share may stand for more than it says."""
    if any(each.state in ("few", "nearly all") for each in found.estimates):
        return (
            f"where fewer than {found.minimum} people had left, an open mark stands at the lowest "
            "share that this can be"
        )
    return ""


def _hidden(at_risk: DisclosedCounts) -> str:
    if all(count.value is not None for row in at_risk.cells for count in row):
        return ""
    return f"–: {at_risk.note}" if at_risk.note else "–: not shown"


def _brief(estimate: DisclosedEstimate | None) -> str:
    return "not shown" if estimate is None else estimate.brief


@shows
def balance_dots(found: DisclosedEstimates, speaks: bool) -> Plot:
    """Are the people who are compared alike in what was known before the cycle?

    Parameters
    ----------
    found : DisclosedEstimates
        Keys covariate, when ("before", "after" they were made comparable): standardised mean
        differences, participants minus others.
    speaks : bool
        Whether all are within 0.1 afterwards.
    """
    title = (
        "Participants and the people they are compared with are alike"
        if speaks
        else "Participants and the others differ too much to be compared"
    )
    subtitle = (
        "Standardised mean differences before (○) and after (●) they were made comparable; within "
        "the grey band they count as alike"
    )
    names = [name for name in found.labels("covariate") if _value(found, name, "after") is not None]
    if not names:
        return empty(title, subtitle, "nothing is known of the people before the cycle")
    rows = sorted(names, key=lambda name: -abs(_value(found, name, "before") or 0.0))[:MOST]
    with theme():
        more = len(names) - len(rows)
        note = f"{words.counted(more, 'more row')} not drawn, nearer to each other" if more else ""
        page = sheet(
            title, subtitle, words.sentence(note) if note else "", height=0.5 + 0.28 * len(rows)
        )
        axes = page.axes[0]
        axes.axvspan(-BALANCED, BALANCED, color=MIDDLE, alpha=0.18, linewidth=0)
        axes.axvline(0, color=MIDDLE, linewidth=0.8)
        widest = 0.2
        for y, name in enumerate(rows):
            old, new = (_value(found, name, when) for when in ("before", "after"))
            known = [value for value in (old, new) if value is not None]
            widest = max(widest, *map(abs, known))
            axes.plot(known, [y] * len(known), color=MIDDLE, linewidth=1)
            if old is not None:
                axes.plot(old, y, "o", mfc="white", color=MUTED, markersize=6)
            axes.plot(known[-1], y, "o", color=MENTEE, markersize=6)
        axes.set_yticks(range(len(rows)), [in_lines(name, 34, 1) for name in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(-1.1 * widest, 1.1 * widest)
        axes.set_xlabel("standard deviations", color=INK)
        bare(axes)
        axes.spines["bottom"].set_visible(True)
        seen = "; ".join(
            f"{name}: {_told(found, name, 'before')} to {_told(found, name, 'after')}"
            for name in rows
        )
        return finished(page.figure, title, subtitle, seen)


def _value(found: DisclosedEstimates, covariate: str, when: str) -> float | None:
    each = found.get(covariate, when)
    return None if each is None else each.value


def _told(found: DisclosedEstimates, covariate: str, when: str) -> str:
    value = _value(found, covariate, when)
    return "not shown" if value is None else words.number(value, 2)
