"""How do both sides see the five principles, wave by wave?"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from revmentor import words
from revmentor.disclosure import DisclosedEstimate, DisclosedEstimates, shows
from revmentor.figures.changes import Change, comparisons, notable_changes
from revmentor.figures.marks import empty
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    ACCENT,
    EDGE,
    INK,
    LIGHT,
    MUTED,
    SIDE_COLOUR,
    SIDE_LINE,
    SIDE_MARKER,
    SIDE_TEXT,
    SMALL_SIZE,
    WIDTH,
    bare,
    sheet,
    theme,
)
from revmentor.figures.ticks import Ticks
from revmentor.names import SIDES

COLUMNS = 3
# Inches of a panel, less its numbers on the left.
PANEL = (WIDTH - 2 * EDGE) / COLUMNS - 0.4


@shows
def pulse_lines(pulse: DisclosedEstimates, scale: tuple[float, float] = (1.0, 5.0)) -> Plot:
    """How do mentors and mentees see the five principles over the waves?

    Parameters
    ----------
    pulse : DisclosedEstimates
        From `disclose_pulse`: keys principle, wave, side, "mean" or "change".
    scale : (low, high)
        Ends of the items' scale, in points.
    """
    principles, waves = pulse.labels("principle"), pulse.labels("wave")
    changes = notable_changes(pulse)
    title = _title(pulse, changes)
    subtitle = (
        f"Mean answer by check-in, {words.number(scale[0])} to {words.number(scale[1])} points, "
        "with 95% interval; n under each: mentors / mentees (of them, in the one before too)"
    )
    if not principles:
        return empty(title, subtitle, "there is no answer")
    drawn = tuple(name for name in principles if _has_mean(pulse, name))
    if not drawn:
        return empty(title, subtitle, _note(pulse, ringed=False) or "no mean can be shown")
    left_out, principles = [name for name in principles if name not in drawn], drawn
    rows = -(-len(principles) // COLUMNS)
    limits = _limits(pulse, scale)
    notes = {name: [_n(pulse, name, wave) for wave in waves] for name in principles}
    widest = max(len(line) for own in notes.values() for note in own for line in note)
    ticks = Ticks(_check_ins(waves), widest, PANEL)
    with theme():
        page = sheet(
            title,
            subtitle,
            words.joined([_note(pulse, ringed=bool(changes)), _left_out(left_out)]),
            height=(2.35 + ticks.more) * rows,
            rows=rows,
            columns=COLUMNS,
        )
        for axes, principle in zip(page.axes, principles, strict=False):
            for side in SIDES:
                _line(axes, pulse, principle, waves, side)
            marked = [change for change in changes if change.principle == principle]
            axes.set_title(principle, loc="left", size=9.5, weight="bold", color=INK, pad=6)
            axes.set_ylim(*limits)
            axes.set_xlim(-0.35, max(1, len(waves)) - 0.65)
            ticks.put(axes, notes[principle])
            axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
            axes.grid(axis="y", color=LIGHT, linewidth=0.6)
            bare(axes)
            for change in {(c.wave, c.side): c for c in reversed(marked)}.values():
                _mark(axes, pulse, waves, change)
        for axes in page.axes[len(principles) :]:
            axes.set_axis_off()
        _key(page.axes[len(principles) :], page.axes[:1], ringed=bool(changes))
        return finished(page.figure, title, subtitle, _seen(pulse, principles, waves))


def _has_mean(pulse: DisclosedEstimates, principle: str) -> bool:
    """Is any mean of it shown? Else its panel would be empty."""
    return any(
        key[0] == principle and key[-1] == "mean" and each.value is not None
        for key, each in zip(pulse.keys, pulse.estimates, strict=True)
    )


def _left_out(principles: list[str]) -> str:
    return f"No mean of {words.listed(principles)} can be shown" if principles else ""


def _at(
    pulse: DisclosedEstimates, principle: str, wave: str, side: str
) -> DisclosedEstimate | None:
    return pulse.get(principle, wave, side, "mean")


def _line(
    axes: Axes, pulse: DisclosedEstimates, principle: str, waves: tuple[str, ...], side: str
) -> None:
    shift = -0.06 if side == "mentor" else 0.06
    xs, ys = [], []
    for x, wave in enumerate(waves):
        mean = _at(pulse, principle, wave, side)
        if mean is None or mean.value is None:
            continue
        xs.append(x + shift)
        ys.append(mean.value)
        if mean.low is not None and mean.high is not None:
            axes.plot([x + shift] * 2, [mean.low, mean.high], color=SIDE_COLOUR[side], lw=1.1)
    axes.plot(
        xs,
        ys,
        color=SIDE_COLOUR[side],
        linestyle=SIDE_LINE[side],
        marker=SIDE_MARKER[side],
        markersize=5,
        linewidth=1.6,
        label=side,
    )


def _mark(axes: Axes, pulse: DisclosedEstimates, waves: tuple[str, ...], change: Change) -> None:
    mean = _at(pulse, change.principle, change.wave, change.side)
    if mean is None or mean.value is None:
        return
    at = waves.index(change.wave)
    x = at + (-0.06 if change.side == "mentor" else 0.06)
    axes.plot(x, mean.value, "o", markersize=12, markerfacecolor="none", color=ACCENT, mew=1.6)
    rose = change.points > 0
    since = "" if waves.index(change.before) == at - 1 else " since the first"
    axes.annotate(
        f"{'+' if rose else ''}{words.number(change.points, 1)}{since}",
        (x, mean.value),
        (6 if at == len(waves) - 1 and since else 0, 11 if rose else -11),
        textcoords="offset points",
        ha="right" if at == len(waves) - 1 and since else "center",
        va="bottom" if rose else "top",
        color=ACCENT,
        weight="bold",
        size=SMALL_SIZE,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
    )


def _limits(pulse: DisclosedEstimates, scale: tuple[float, float]) -> tuple[float, float]:
    """The scale, cut where no interval reaches, but never to less than two points."""
    lows = [e.low if e.low is not None else e.value for e in _means(pulse)]
    known = [low for low in lows if low is not None]
    bottom = min([*known, scale[1] - 2.0]) - 0.15
    return max(scale[0] - 0.1, bottom), scale[1] + 0.1


def _means(pulse: DisclosedEstimates) -> list[DisclosedEstimate]:
    return [e for key, e in zip(pulse.keys, pulse.estimates, strict=True) if key[-1] == "mean"]


def _check_ins(waves: tuple[str, ...]) -> tuple[str, ...]:
    """What stands under the check-ins: of several days only the first says that it is one."""
    days = [words.days_after_start(wave) for wave in waves]
    if None in days:
        return tuple(map(_name, waves))
    return tuple(f"day {day}" if day == days[0] else str(day) for day in days)


def _name(wave: str) -> str:
    return words.called_check_in(wave, short=True)


def _n(pulse: DisclosedEstimates, principle: str, wave: str) -> tuple[str, str]:
    numbers, paired = [], []
    for side in SIDES:
        mean = _at(pulse, principle, wave, side)
        change = pulse.get(principle, wave, side, "change")
        numbers.append(_few(mean))
        paired.append(_few(change) if change and change.n != 0 else "–")
    text = "/".join(numbers)
    return text, f"({'/'.join(paired)})" if set(paired) != {"–"} else ""


def _few(estimate: DisclosedEstimate | None) -> str:
    if estimate is None:
        return "–"
    if estimate.state == "small group":
        return f"<{estimate.minimum}"
    if estimate.n_high is not None:
        return f"≥{estimate.n_low}"
    return "–" if estimate.n is None else words.number(estimate.n)


def _key(spare: tuple[Axes, ...], else_on: tuple[Axes, ...], *, ringed: bool) -> None:
    """Names of the two lines, in a panel that is free or on the first one."""
    for axes in spare[:1]:
        for y, side in ((0.75, "mentor"), (0.55, "mentee")):
            axes.plot(
                [0.05, 0.25],
                [y, y],
                color=SIDE_COLOUR[side],
                linestyle=SIDE_LINE[side],
                marker=SIDE_MARKER[side],
                markersize=5,
                linewidth=1.6,
            )
            label = {"mentor": "mentors (junior)", "mentee": "mentees (senior)"}[side]
            axes.text(0.33, y, label, va="center", color=SIDE_TEXT[side], weight="bold")
        if ringed:
            axes.plot(0.15, 0.32, "o", ms=12, markerfacecolor="none", color=ACCENT, mew=1.6)
            axes.text(0.33, 0.32, "change beyond chance", va="center", color=ACCENT)
        axes.set_xlim(0, 1.4)
        axes.set_ylim(0, 1)
    if not spare and else_on:
        else_on[0].legend(frameon=False, fontsize=SMALL_SIZE, loc="lower left", labelcolor=MUTED)


def _note(pulse: DisclosedEstimates, *, ringed: bool) -> str:
    looked_at = len(comparisons(pulse))
    parts = []
    if looked_at:
        lead = "ringed: beyond chance" if ringed else "no change is beyond chance"
        parts.append(f"{lead}, allowing for {words.counted(looked_at, 'comparison')}")
    if any(e.state == "withheld" for e in pulse.estimates):
        parts.append("where a mean is missing, it would give a small group's answers away")
    if any(e.state == "small group" for e in pulse.estimates):
        parts.append(f"<{pulse.minimum}: a group too small to show")
    return words.sentence("; ".join(parts)) if parts else ""


def _title(pulse: DisclosedEstimates, changes: list[Change]) -> str:
    if changes:
        first = changes[0]
        verb = "rose" if first.points > 0 else "fell"
        lead = (
            f"{first.principle.capitalize()} of {first.side}s {verb} by "
            f"{words.number(abs(first.points), 1)} points, {_name(first.before)} to "
            f"{_name(first.wave)}"
        )
        others = len({(c.principle, c.side) for c in changes}) - 1
        if not others:
            return lead
        verb = "changes" if others == 1 else "change"
        return (
            f"{lead}; {words.small(others)} more {words.agree(others, 'line')} {verb} beyond chance"
        )
    means = [
        (e.value, key)
        for key, e in zip(pulse.keys, pulse.estimates, strict=True)
        if key[-1] == "mean" and e.value is not None
    ]
    if not means:
        return "The pulse has too few answers to show"
    if any(
        key[-1] == "change" and e.value is not None
        for key, e in zip(pulse.keys, pulse.estimates, strict=True)
    ):
        return "No principle changed by more than chance would"
    value, key = min(means)
    return f"Lowest: {key[0]} of {key[2]}s, {_name(key[1])}: {words.number(value, 1)} points"


def _seen(pulse: DisclosedEstimates, principles: tuple[str, ...], waves: tuple[str, ...]) -> str:
    if not waves:
        return "There is no answer"
    parts = []
    for principle in principles:
        both = [_at(pulse, principle, waves[-1], side) for side in SIDES]
        texts = [
            f"{side}s {'too few' if each.state == 'small group' else each.text}"
            for side, each in zip(SIDES, both, strict=True)
            if each is not None
        ]
        parts.append(f"{principle} {' and '.join(texts)}")
    return f"Last, {_name(waves[-1])}: {'; '.join(parts)}"
