"""How is the cohort: meetings, pulse, goals?"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from revmentor import words
from revmentor.disclosure import (
    NOT_SHOWN,
    DisclosedCounts,
    DisclosedDistribution,
    DisclosedEstimate,
    DisclosedEstimates,
    shows,
)
from revmentor.figures.marks import SIDE_PLURAL, length_of, over
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    ACCENT,
    HIDDEN_HATCH,
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
def meetings_rhythm(
    weeks: DisclosedCounts, cancelled: DisclosedEstimates, held_of_due: DisclosedEstimate
) -> Plot:
    """How many meetings were held and due by week, and who cancels?

    Parameters
    ----------
    weeks : DisclosedCounts
        From `disclose_rhythm`: rows weeks; columns due, held.
    cancelled : DisclosedEstimates
        `disclose_estimates(rhythm.cancelled, minimum, "side")`.
    held_of_due : DisclosedEstimate
        Meetings held / due.
    """
    title = _rhythm_title(held_of_due, cancelled)
    extra = f" ({held_of_due.detail})" if held_of_due.detail else ""
    subtitle = f"Meetings held and due by week of the cycle; held of due {held_of_due.text}{extra}"
    numbers = [int(row) for row in weeks.rows]
    held = weeks.column("held")
    due = [count.value for count in weeks.column("due") if count.value is not None]
    told = len(due) == len(held)
    with theme():
        page = sheet(title, subtitle, weeks.note, height=3.3, rows=2, ratios=(2.6, 1.0))
        axes, below = page.axes
        for number, count in zip(numbers, held, strict=True):
            hidden = count.value is None
            axes.bar(
                number,
                length_of(count),
                0.72,
                color="white" if hidden else MIDDLE,
                edgecolor=MIDDLE,
                hatch=HIDDEN_HATCH if hidden else "",
                linewidth=0.6,
            )
        edges = [number - 0.5 for number in numbers] + [numbers[-1] + 0.5] if numbers else [0, 1]
        if told:
            axes.stairs(due or [0], edges, color=INK, linewidth=1.6, baseline=None)
        top = max([1.0, *due, *(length_of(count) for count in held)])
        axes.set_ylim(0, top * 1.08)
        if not told and all(count.value is None for count in held):
            at = axes.transAxes
            text = axes.text(0.5, 0.5, "not shown by week", color=MUTED, transform=at)
            text.set_horizontalalignment("center")
            axes.set_yticks([])
        else:
            over(axes, 0.01, "━ due" if told else "due: not shown", colour=INK)
            over(axes, 0.1 if told else 0.22, "■ held", colour=MUTED)
        axes.set_xlim(0.2, (numbers[-1] if numbers else 1) + 0.8)
        axes.set_xlabel("week of the cycle")
        axes.set_ylabel("meetings a week")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=14))
        axes.tick_params(length=3)
        _cancelled(below, cancelled)
        return finished(page.figure, title, subtitle, _rhythm_seen(weeks, cancelled))


def _cancelled(axes: Axes, cancelled: DisclosedEstimates) -> None:
    ends = [0.02]
    for y, side in enumerate(SIDES):
        share = cancelled.get(side)
        if share is None:
            continue
        at = share.value if share.value is not None else share.bound
        if share.state == "shown" and at is not None:
            if share.low is not None and share.high is not None:
                axes.plot([share.low, share.high], [y, y], color=SIDE_COLOUR[side], lw=2)
                ends.append(share.high)
            axes.plot(at, y, SIDE_MARKER[side], color=SIDE_COLOUR[side], markersize=8)
        right = share.high if share.high is not None else at or 0.0
        ends.append(right)
        axes.annotate(
            share.brief,
            (right, y),
            (8, 0),
            textcoords="offset points",
            va="center",
            size=SMALL_SIZE,
            color=SIDE_TEXT[side],
        )
    names = [f"cancelled by {SIDE_PLURAL[side]}" for side in SIDES]
    axes.set_yticks(range(len(SIDES)), names)
    axes.set_ylim(1.6, -0.6)
    axes.set_xlim(0, max(ends) * 1.9)
    axes.xaxis.set_major_formatter(lambda value, _: words.percent(value))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    bare(axes)
    axes.spines["bottom"].set_visible(True)
    axes.tick_params(axis="x", length=3)
    axes.set_xlabel("of the arranged meetings (95% interval)")


def _rhythm_title(held: DisclosedEstimate, cancelled: DisclosedEstimates) -> str:
    lead = (
        f"Pairs held {held.text} of the meetings that were due"
        if held.state == "shown"
        else f"Meetings held against due: {held.text}"
    )
    mentor, mentee = cancelled.get("mentor"), cancelled.get("mentee")
    if not mentor or not mentee or mentor.value is None or mentee.value is None:
        return lead
    apart = _apart(mentor, mentee)
    if apart:
        more, less = (mentee, mentor) if mentee.value > mentor.value else (mentor, mentee)
        who = "mentees" if more is mentee else "mentors"
        return f"{lead}; {who} cancel more, {more.text} against {less.text}"
    return f"{lead}; both sides cancel about as often"


def _apart(a: DisclosedEstimate, b: DisclosedEstimate) -> bool:
    """Do the intervals of two shares not overlap?"""
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return False
    return a.low > b.high or b.low > a.high


def _rhythm_seen(weeks: DisclosedCounts, cancelled: DisclosedEstimates) -> str:
    total = weeks.column_totals[weeks.columns.index("held")] if weeks.column_totals else None
    span = words.counted(len(weeks.rows), "week")
    told = f"{total.text} meetings were held in {span}" if total else ""
    if total is None or total.text == NOT_SHOWN:
        told = f"How many meetings were held in {span} is not shown"
    parts = [told]
    for side in SIDES:
        share = cancelled.get(side)
        if share is not None:
            arranged = " of the arranged ones" if share.state == "shown" else ""
            parts.append(f"cancelled by {SIDE_PLURAL[side]}: {share.text}{arranged}")
    return "; ".join(parts)


@shows
def goal_progress(
    goals: DisclosedDistribution, capped: DisclosedEstimate, reached: DisclosedEstimate
) -> Plot:
    """How near are the pairs to their goals?

    Parameters
    ----------
    goals : DisclosedDistribution
        Capped attainment per goal (0..1), unit "share".
    capped, reached : DisclosedEstimate
        Mean attainment over pairs; share of goals reached.
    """
    if capped.state == "shown":
        title = f"On average pairs have gone {capped.text} of the way to their goals"
    else:
        title = f"Progress towards the goals: {capped.text}"
    if reached.state in ("shown", "few", "nearly all"):
        noun = "of goals" if reached.state == "shown" else "goals"
        title += f"; {reached.text} {noun} are reached"
    n = f", n = {goals.n_text} goals" if goals.counts else ""
    subtitle = f"Goals by progress from baseline (0%) to target (100%){n}"
    note = f"Mean over pairs: {capped.text} ({capped.detail})" if capped.detail else ""
    if reached.detail:
        note += f"; reached: {reached.text} ({reached.detail})"
    with theme():
        page = sheet(title, subtitle, note, height=2.2 if goals.counts else 0.5)
        axes = page.axes[0]
        if not goals.counts:
            axes.text(0, 0.5, words.sentence(goals.reason or "No goal is known"), color=MUTED)
            bare(axes, x=True, y=True)
            return finished(page.figure, title, subtitle, goals.reason or "no goal is known")
        heights = []
        for low, high, count in zip(goals.edges, goals.edges[1:], goals.counts, strict=False):
            height = count / max(1, round((high - low) / goals.step))
            heights.append(height)
            high = min(high, 1.0 + goals.step)
            done = low >= 1.0 - 1e-9
            colour = INK if done else LIGHT
            axes.bar(low, height, high - low, align="edge", color=colour, edgecolor="white")
            axes.annotate(
                f"{words.number(count)}{'%' if goals.in_percent else ''}",
                ((low + high) / 2, height),
                (0, 2),
                textcoords="offset points",
                ha="center",
                size=SMALL_SIZE,
                color=MUTED,
            )
        top = max(heights)
        if capped.value is not None:
            axes.plot([capped.value] * 2, [0, top * 1.16], color=ACCENT, lw=1.6)
            axes.text(
                capped.value,
                top * 1.18,
                f"mean {capped.text}",
                ha="center",
                va="bottom",
                color=ACCENT,
                weight="bold",
            )
        axes.set_ylim(0, top * 1.34)
        axes.set_xlim(min(0.0, goals.edges[0]) - 0.01, 1.0 + goals.step + 0.01)
        axes.xaxis.set_major_formatter(lambda value, _: words.percent(value))
        axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
        dark = any(low >= 1.0 - 1e-9 for low in goals.edges[:-1])
        axes.set_xlabel("of the way to the target" + ("; the dark bar is reached" if dark else ""))
        bare(axes, y=True)
        axes.spines["bottom"].set_visible(True)
        axes.tick_params(axis="x", length=3)
        seen = f"Mean over pairs {capped.text}; reached {reached.text}"
        return finished(page.figure, title, subtitle, seen)
