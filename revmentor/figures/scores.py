"""How do the pairs score, and what are they made of?"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from revmentor import words
from revmentor.disclosure import DisclosedDistribution, Example, PairExamples, shows
from revmentor.disclosure.counts import NOT_SHOWN
from revmentor.figures.marks import beside, empty
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    ACCENT,
    INK,
    LABEL_SIZE,
    LIGHT,
    MUTED,
    SMALL_SIZE,
    bare,
    sheet,
    theme,
)

# Paul Tol's muted scheme, light and dark by turns; each with its own hatch for grey print.
PARTS = (
    ("#332288", ""),
    ("#DDCC77", ""),
    ("#117733", "//"),
    ("#88CCEE", ""),
    ("#882255", "\\\\"),
    ("#CCDDAA", ".."),
    ("#44AA99", "xx"),
    ("#EEDDEE", "--"),
    ("#555555", "++"),
    ("#DDDDDD", "oo"),
)
DARK = {"#332288", "#117733", "#882255", "#555555"}


@shows
def score_distribution(scores: DisclosedDistribution) -> Plot:
    """How are the pairs' scores spread, and where are the worst pairs?

    Parameters
    ----------
    scores : DisclosedDistribution
        From `disclose_distribution` of the pairs' scores (0..1), unit "score".
    """
    of = scores.of
    if scores.median is None or scores.lowest is None or scores.mean is None:
        silent = scores.reason == NOT_SHOWN
        title = f"No score is shown{'' if silent else f': {scores.reason}'}"
        return empty(title, f"Scores of {of}, 0 to 100", scores.reason)
    point = {
        "median": 100 * scores.median,
        "worst": 100 * scores.lowest,
        "best": 100 * (scores.highest or 0.0),
    }
    one = scores.minimum == 1
    last = "lowest" if one else f"worst {words.small(scores.minimum)}"
    worst = f"the {last} {'score is' if one else 'average'} {words.number(point['worst'])}"
    title = f"Half of the {of} score {words.number(point['median'])} or more; {worst}"
    if point["best"] - point["median"] < 0.5:
        title = title.replace("Half", "At least half").replace(" or more", "")
    alike = point["best"] - point["worst"] < 0.5
    if alike:
        title = f"All {of} score {words.number(point['median'])}"
    subtitle = (
        f"{of.capitalize()} by score (0 to 100), n = {scores.n_text}, "
        f"mean {words.number(100 * scores.mean, 1)}; the {_counted(scores)} stands on each bar"
    )
    with theme():
        page = sheet(title, subtitle, height=2.5)
        axes = page.axes[0]
        heights = _bars(axes, scores)
        top = max(heights)
        axes.set_ylim(0, top * 1.32)
        axes.set_xlim(*_limits(scores))
        for name, text, colour, ls, up, align in (
            ("median", f"median {words.number(point['median'])}", INK, "-", 1.2, "center"),
            (
                "worst",
                f"{last} {words.number(point['worst'])}",
                ACCENT,
                "--",
                1.05,
                "left",
            ),
        ):
            if name == "worst" and alike:
                continue
            axes.plot([point[name]] * 2, [0, top * (up - 0.02)], color=colour, ls=ls, lw=1.6)
            axes.text(
                point[name],
                top * up,
                text,
                color=colour,
                ha=align,
                va="bottom",
                weight="bold",
                size=LABEL_SIZE,
            )
        axes.set_xlabel("score of the pair")
        bare(axes, y=True)
        axes.spines["bottom"].set_visible(True)
        axes.tick_params(axis="x", length=3)
        seen = (
            f"{scores.n_text} {of}; {worst}, the best {words.number(point['best'])}; the middle "
            "half lies between "
            f"{words.number(100 * (scores.lower_quartile or 0))} and "
            f"{words.number(100 * (scores.upper_quartile or 0))}"
        )
        return finished(page.figure, title, subtitle, seen)


def _counted(scores: DisclosedDistribution) -> str:
    return f"share of {scores.of}" if scores.in_percent else f"number of {scores.of}"


def _bars(axes: Axes, scores: DisclosedDistribution) -> list[float]:
    heights = []
    for low, high, count in zip(scores.edges, scores.edges[1:], scores.counts, strict=False):
        wide = round((high - low) / scores.step)
        height = count / max(1, wide)
        heights.append(height)
        axes.bar(
            100 * low,
            height,
            100 * (high - low),
            align="edge",
            color=LIGHT,
            edgecolor="white",
            linewidth=0.8,
        )
        if count and len(scores.counts) <= 30:
            middle = 50 * (low + high)
            axes.annotate(
                f"{words.number(count)}{'%' if scores.in_percent else ''}",
                (middle, height),
                (0, 2),
                textcoords="offset points",
                ha="center",
                size=SMALL_SIZE - 0.5,
                color=MUTED,
                zorder=5,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.85},
            )
    return heights


def _limits(scores: DisclosedDistribution) -> tuple[float, float]:
    low, high = 100 * scores.edges[0], 100 * scores.edges[-1]
    pad = max(1.0, (high - low) * 0.04)
    return max(0.0, low - pad), min(100.0, high + pad) if high <= 100 else high + pad


@shows
def pair_examples(examples: PairExamples) -> Plot:
    """What are typical pairs made of, beside each side's best other partner?

    Parameters
    ----------
    examples : PairExamples
        Best, median and worst pair, each from `pair_example`: points per criterion.
    """
    shown = examples.examples
    if not shown:
        return empty("There is no pair to show", "Points per criterion", "there is no pair")
    totals = {example.label: sum(points for _, points in example.parts) for example in shown}
    title = words.sentence(
        words.listed(
            [
                f"the {label if not place else label.removesuffix(' pair')} "
                f"{'' if place else 'scores '}{words.number(total)}"
                for place, (label, total) in enumerate(totals.items())
            ]
        )
    ).rstrip(".")
    subtitle = (
        "Points per criterion (they add up to the score, 0 to 100); below each pair, lighter, "
        "what its two people would score with their best other partner"
    )
    names = _in_use(shown)
    with theme():
        page = sheet(title, subtitle, height=0.75 + 1.15 * len(shown))
        axes = page.axes[0]
        ticks = []
        for index, example in enumerate(shown):
            base = 3.1 * index
            for row, (label, parts) in enumerate(_bars_of(example)):
                y = base + (0.0 if row == 0 else 0.28 + 0.72 * row)
                ticks.append((y, label))
                _stack(axes, y, parts, names, main=row == 0)
        axes.set_yticks([y for y, _ in ticks], [label for _, label in ticks])
        for tick, (_, label) in zip(axes.get_yticklabels(), ticks, strict=True):
            tick.set_fontweight("bold" if label in totals else "normal")
            tick.set_color(INK if label in totals else MUTED)
        axes.set_ylim(3.1 * len(shown) - 0.7, -0.6)
        axes.set_xlim(0, max(1.0, *(_total(p) for e in shown for _, p in _bars_of(e))) * 1.06)
        handles = [
            Patch(facecolor=PARTS[k][0], hatch=PARTS[k][1], edgecolor="white", label=name)
            for name, k in names.items()
        ]
        axes.legend(
            handles=handles,
            loc="upper center",
            bbox_to_anchor=(0.4, -0.01),
            ncol=4,
            frameon=False,
            fontsize=SMALL_SIZE,
            handlelength=1.6,
            handleheight=1.0,
        )
        bare(axes, x=True)
        seen = "; ".join(_in_words(example) for example in shown)
        return finished(page.figure, title, subtitle, seen)


Parts = tuple[tuple[str, float], ...]


def _total(parts: Parts) -> float:
    return sum(points for _, points in parts)


def _in_use(examples: tuple[Example, ...]) -> dict[str, int]:
    """Criteria that add anything to any bar, with the place of their colour."""
    bars = [parts for example in examples for _, parts in _bars_of(example)]
    order = list(dict.fromkeys(name for parts in bars for name, _ in parts))
    used = [name for name in order if any(dict(parts).get(name, 0) >= 0.05 for parts in bars)]
    return {name: place % len(PARTS) for place, name in enumerate(used)}


def _bars_of(example: Example) -> list[tuple[str, Parts]]:
    bars = [(example.label, example.parts)]
    for who, parts in (
        ("mentor's best other", example.mentor_alternative),
        ("mentee's best other", example.mentee_alternative),
    ):
        bars.append((who, parts if parts is not None else ()))
    return bars


def _stack(axes: Axes, y: float, parts: Parts, names: dict[str, int], *, main: bool) -> None:
    left = 0.0
    for name, points in parts:
        if name not in names or points < 0.05:
            continue
        colour, hatch = PARTS[names[name]]
        axes.barh(
            y,
            points,
            0.86 if main else 0.5,
            left=left,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.6,
            alpha=1.0 if main else 0.55,
        )
        if main and points >= 3.5:
            axes.text(
                left + points / 2,
                y,
                words.number(points),
                ha="center",
                va="center",
                size=SMALL_SIZE,
                color="white" if colour in DARK else INK,
                bbox=None if not hatch else {"facecolor": colour, "edgecolor": "none", "pad": 1.2},
            )
        left += points
    text = words.number(left) if parts else "nobody else is eligible"
    beside(axes, left, y, text, colour=INK if main else MUTED, bold=main)


def _in_words(example: Example) -> str:
    most = sorted(example.parts, key=lambda part: -part[1])[:2]
    parts = words.listed([f"{words.number(points)} from {name}" for name, points in most])
    return f"{example.label}: {parts}"
