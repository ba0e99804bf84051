"""How do all figures look? One place for colours, type and layout; nothing happens at import."""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Orange and blue of Okabe and Ito (2008), told apart by every common colour vision and, one light
# and one dark, in grey print; the accent stands out from both.
MENTOR, MENTEE, ACCENT = "#E69F00", "#005B96", "#B3125E"
MENTOR_TEXT, MENTEE_TEXT = "#8A5A00", "#005B96"
INK, MUTED, MIDDLE, LIGHT, FAINT = "#1F2328", "#57606A", "#9AA3AD", "#D3D8DE", "#EEF1F4"
SIDE_COLOUR = {"mentor": MENTOR, "mentee": MENTEE}
SIDE_TEXT = {"mentor": MENTOR_TEXT, "mentee": MENTEE_TEXT}
SIDE_HATCH = {"mentor": "", "mentee": "///"}
SIDE_MARKER = {"mentor": "o", "mentee": "s"}
SIDE_LINE = {"mentor": "-", "mentee": (0, (4, 2))}
HIDDEN_HATCH = "xxxx"

WIDTH = 7.2
DPI = 160
TITLE_SIZE, SUBTITLE_SIZE, LABEL_SIZE, SMALL_SIZE = 13.0, 9.5, 9.0, 8.0
LINE = 1.32
EDGE = 0.08


def style() -> dict[Any, Any]:
    """Which settings does a figure use? seaborn's ticks and paper, in our ink and type."""
    return {
        **sns.axes_style("ticks"),
        **sns.plotting_context("paper"),
        "font.family": "DejaVu Sans",
        "font.size": LABEL_SIZE,
        "axes.labelsize": LABEL_SIZE,
        "xtick.labelsize": LABEL_SIZE,
        "ytick.labelsize": LABEL_SIZE,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": MIDDLE,
        "axes.labelcolor": MUTED,
        "axes.linewidth": 0.8,
        "xtick.color": MIDDLE,
        "ytick.color": MIDDLE,
        "xtick.labelcolor": MUTED,
        "ytick.labelcolor": INK,
        "text.color": INK,
        "text.parse_math": False,
        "text.usetex": False,
        "axes.formatter.use_mathtext": False,
        "axes.unicode_minus": True,
        "hatch.linewidth": 0.5,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
    }


@contextmanager
def theme() -> Iterator[None]:
    """Draw inside this: matplotlib's settings are as before when it ends.

    A sign that DejaVu Sans lacks is drawn as a box; the alternative text has it.
    """
    with warnings.catch_warnings(), mpl.rc_context(style()):
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
        yield


@dataclass(frozen=True)
class Sheet:
    """An empty figure with room for title, subtitle and note."""

    figure: Figure
    axes: tuple[Axes, ...]


def wrapped(text: str, size: float, width: float = WIDTH) -> list[str]:
    """Lines of text that fit a width (inches) at a size (points); 0.56 em is DejaVu's mean."""
    return textwrap.wrap(text, int(width * 72 / (size * 0.56)), break_long_words=True) or [""]


def sheet(
    title: str,
    subtitle: str,
    note: str = "",
    *,
    height: float,
    rows: int = 1,
    columns: int = 1,
    ratios: tuple[float, ...] | None = None,
    share_y: bool = False,
) -> Sheet:
    """A figure of the common width, whose title says the finding.

    Parameters
    ----------
    title, subtitle, note : str
        The finding; what is shown, unit and n; what is not shown.
    height : float
        Inches for the panels; title, subtitle and note come on top of it.
    rows, columns : int
        Panels.
    ratios : tuple of float, optional
        Heights of the rows.
    """
    head = wrapped(title, TITLE_SIZE * 1.15)
    under = wrapped(subtitle, SUBTITLE_SIZE)
    foot = wrapped(note, SMALL_SIZE) if note else []
    top = (len(head) * TITLE_SIZE + len(under) * SUBTITLE_SIZE) * LINE / 72 + 0.2
    bottom = len(foot) * SMALL_SIZE * LINE / 72 + (0.1 if foot else 0)
    total = top + height + bottom
    figure = Figure(figsize=(WIDTH, total), dpi=DPI)
    FigureCanvasAgg(figure)
    figure.set_layout_engine(
        "constrained",
        rect=(EDGE / WIDTH, bottom / total, 1 - 2 * EDGE / WIDTH, height / total),
        w_pad=0.04,
        h_pad=0.04,
    )
    left = EDGE / WIDTH
    figure.text(
        left,
        1 - 0.06 / total,
        "\n".join(head),
        size=TITLE_SIZE,
        weight="bold",
        va="top",
        linespacing=LINE - 0.1,
    )
    figure.text(
        left,
        1 - (0.09 + len(head) * TITLE_SIZE * LINE / 72) / total,
        "\n".join(under),
        size=SUBTITLE_SIZE,
        color=MUTED,
        va="top",
    )
    if foot:
        figure.text(left, 0.06 / total, "\n".join(foot), size=SMALL_SIZE, color=MUTED, va="bottom")
    grid = figure.subplots(
        rows, columns, squeeze=False, sharey=share_y, height_ratios=ratios or [1] * rows
    )
    return Sheet(figure, tuple(np.asarray(grid).ravel()))


def bare(axes: Axes, *, x: bool = False, y: bool = False) -> None:
    """Leave out what a reader does not need: spines, and ticks of the axes named."""
    for side in ("left", "bottom", "top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    if x:
        axes.set_xticks([])
    if y:
        axes.set_yticks([])
