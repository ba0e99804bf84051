"""What changed: skills, leadership, creativity, and whom people ask for advice?"""

from __future__ import annotations

from revmentor import words
from revmentor.disclosure import DisclosedEstimate, DisclosedEstimates, shows
from revmentor.figures.changes import direction
from revmentor.figures.marks import empty, in_lines
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    INK,
    LIGHT,
    MENTEE,
    MENTOR,
    MIDDLE,
    MUTED,
    SMALL_SIZE,
    bare,
    sheet,
    theme,
)

MOST = 12
SIDE_HUE = {"mentor": MENTOR, "mentee": MENTEE, "both": MUTED}


@shows
def paired_dots(
    found: DisclosedEstimates, scale: tuple[float, float], subject: str, whole: str
) -> Plot:
    """Where did the same people stand before and after, item by item?

    Parameters
    ----------
    found : DisclosedEstimates
        Keys what, side, when ("before", "after", "change"); the means of the same people.
    scale : (float, float)
        Ends of the scale, in points.
    subject : str
        What changed, for the title: "The mentees' skills".
    whole : str
        The row over all, which stands first.
    """
    every = list(dict.fromkeys((what, side) for what, side, _ in found.keys))
    together = any(side == "both" for _, side in every)
    keys = [key for key in every if key[0] == whole or key[1] == "both" or not together]
    rows = [key for key in keys if _shown(found.get(*key, "change"))]
    left_out = len(keys) - len(rows)
    rows = sorted(rows, key=lambda key: (key[0] != whole, keys.index(key)))
    more = max(0, len(rows) - MOST)
    rows = rows[:MOST]
    title = _title(found, subject, whole)
    subtitle = (
        f"Means of the same people before (○) and after (●), scale {scale[0]:g} to {scale[1]:g}; "
        "at the right the change with its 95% interval and n"
    )
    if not rows:
        return empty(title, subtitle, "too few people answered both times")
    sides = {side for _, side in rows}
    note = _note(found.minimum, left_out, more)
    with theme():
        page = sheet(title, subtitle, note, height=0.5 + 0.34 * len(rows))
        axes = page.axes[0]
        for y, (what, side) in enumerate(rows):
            before, after = found.get(what, side, "before"), found.get(what, side, "after")
            change = found.get(what, side, "change")
            assert change is not None
            hue = SIDE_HUE[side]
            known = (each.value for each in (before, after) if each is not None)
            ends = [value for value in known if value is not None]
            if len(ends) == 2:
                same = ends[0] == ends[1]
                axes.plot(ends, [y, y], color=LIGHT, linewidth=3, zorder=1)
                axes.plot(ends[0], y, "o", mfc="white", color=hue, markersize=11 if same else 7)
                axes.plot(ends[1], y, "o", color=hue, markersize=5 if same else 7)
            clear = direction(change) != 0
            axes.text(
                1.02,
                y,
                _signed(change),
                transform=axes.get_yaxis_transform(),
                va="center",
                size=SMALL_SIZE,
                color=INK if clear else MUTED,
                weight="bold" if clear else "normal",
            )
        labels = [
            in_lines(_named(what) if len(sides) == 1 else f"{_named(what)}, {_called(side)}", 30, 2)
            for what, side in rows
        ]
        axes.set_yticks(range(len(rows)), labels)
        axes.set_ylim(len(rows) - 0.5, -0.6)
        axes.set_xlim(scale[0] - 0.1, scale[1] + 0.1)
        axes.set_xlabel("points")
        axes.tick_params(axis="y", length=0)
        seen = "; ".join(
            f"{what}: {_signed(found.get(what, side, 'change'))}" for what, side in rows
        )
        return finished(page.figure, title, subtitle, seen)


def _note(minimum: int, hidden: int, more: int) -> str:
    """Which rows are not drawn, and why."""
    told = []
    if hidden:
        told.append(
            f"{words.counted(hidden, 'row')} not shown: fewer than {minimum} people answered both "
            "times, or nothing could be computed"
        )
    if more:
        told.append(f"{words.counted(more, 'more row')} not drawn, with the fewest answers")
    return words.joined(told)


def _shown(estimate: DisclosedEstimate | None) -> bool:
    return estimate is not None and estimate.value is not None


def _called(side: str) -> str:
    return "both sides" if side == "both" else f"{side}s"


def _named(what: str) -> str:
    """A question column as its reader says it.

    >>> _named("problem_solving_1")
    'problem solving 1'
    """
    return what.replace("_", " ")


def _signed(change: DisclosedEstimate | None) -> str:
    if change is None or change.value is None:
        return "not shown"
    sign = "+" if change.value > 0 else ""
    return f"{sign}{change.brief}"


def _title(found: DisclosedEstimates, subject: str, whole: str) -> str:
    changes = {
        key[1]: each
        for key, each in zip(found.keys, found.estimates, strict=True)
        if key[0] == whole and key[2] == "change" and _shown(each)
    }
    change = changes.get("both") or next(iter(changes.values()), None)
    if change is None or change.value is None or change.low is None or change.high is None:
        return f"{subject}: the change cannot be shown"
    points = words.number(abs(change.value), 1)
    way = direction(change)
    if way:
        return f"{subject} {'rose' if way > 0 else 'fell'} by {points} points"
    return f"{subject} show no change beyond chance"


@shows
def new_ties(found: DisclosedEstimates) -> Plot:
    """How many new colleagues do people ask for advice, and across which lines?

    Parameters
    ----------
    found : DisclosedEstimates
        Keys across, who ("participants", "others", "difference").
    """
    kinds = list(dict.fromkeys(across for across, _ in found.keys))
    title = _ties_title(found)
    subtitle = (
        "New ties per person, with 95% interval: participants (●) and others who answered (○)"
    )
    rows = [kind for kind in kinds if _shown(found.get(kind, "participants"))]
    if not rows:
        return empty(title, subtitle, "too few people named anybody before and after")
    with theme():
        page = sheet(title, subtitle, height=0.5 + 0.56 * len(rows))
        axes = page.axes[0]
        for y, kind in enumerate(rows):
            for who, up, hue, fill in (
                ("participants", -0.2, MENTEE, MENTEE),
                ("others", 0.2, MIDDLE, "white"),
            ):
                each = found.get(kind, who)
                if each is None or each.value is None:
                    continue
                if each.low is not None and each.high is not None:
                    axes.plot([each.low, each.high], [y + up] * 2, color=hue, linewidth=2)
                axes.plot(each.value, y + up, "o", color=hue, mfc=fill, markersize=7)
                end = each.high if each.high is not None else each.value
                axes.annotate(
                    each.brief, (end, y + up), (8, 0), textcoords="offset points",
                    va="center", size=SMALL_SIZE, color=INK if who == "participants" else MUTED,
                )  # fmt: skip
        axes.set_yticks(range(len(rows)), [TIES.get(kind, f"to another {kind}") for kind in rows])
        axes.set_ylim(len(rows) - 0.5, -0.6)
        axes.set_xlim(0, axes.get_xlim()[1] * 1.5)
        axes.set_xlabel("new ties per person")
        bare(axes)
        axes.spines["bottom"].set_visible(True)
        seen = "; ".join(
            f"{TIES.get(kind, kind)}: {_brief(found.get(kind, 'participants'))}" for kind in rows
        )
        return finished(page.figure, title, subtitle, seen)


TIES = {"any": "to anybody"}


def _brief(estimate: DisclosedEstimate | None) -> str:
    return "not shown" if estimate is None else estimate.brief


def _ties_title(found: DisclosedEstimates) -> str:
    difference, mine = found.get("any", "difference"), found.get("any", "participants")
    if mine is None or mine.value is None:
        return "New ties cannot be shown"
    lead = f"Participants have {words.number(mine.value, 1)} new advice ties each"
    if difference is None or difference.value is None or difference.low is None:
        return f"{lead}; there is nobody to compare with"
    way = direction(difference)
    if way > 0:
        return f"{lead}, {words.number(difference.value, 1)} more than others"
    if way < 0:
        return f"{lead}, {words.number(-difference.value, 1)} fewer than others"
    return f"{lead}, no more than others beyond chance"
