"""A figure for a slide: 16:9, large type, twice the dots of a projector's 960 x 540."""

from __future__ import annotations

import io

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

from revmentor.figures.theme import WIDTH

PIXELS = (1920, 1080)


def slide_png(figure: Figure) -> bytes:
    """The figure on a white 16:9 sheet, as PNG; the figure itself is changed.

    Its type is that of the page: at 7.2 inches across a slide that is 13.3 inches wide, 9 points
    become 17. A lower figure is stretched to the slide's height, a higher one is shown smaller.
    """
    width, height = (float(inches) for inches in figure.get_size_inches())
    low = width * PIXELS[1] / PIXELS[0]
    if height < low:
        _stretch(figure, height, low)
        height = low
    dpi = PIXELS[1] / height
    beside = (PIXELS[0] / dpi - width) / 2
    whole = Bbox([[-beside, 0], [width + beside, height]]) if beside > 0 else None
    store = io.BytesIO()
    figure.savefig(store, format="png", dpi=dpi, bbox_inches=whole, metadata={"Software": None})
    return store.getvalue()


def _stretch(figure: Figure, height: float, new: float) -> None:
    """Make the sheet higher: title and note keep their place in inches, the panels grow."""
    for text in figure.texts:
        x, y = text.get_position()
        text.set_position((x, 1 - (1 - y) * height / new if y > 0.5 else y * height / new))
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        left, bottom, wide, high = engine.get()["rect"]
        over = (1 - bottom - high) * height
        low = bottom * height / new
        engine.set(rect=(left, low, wide, 1 - over / new - low))
    figure.set_size_inches(WIDTH, new)
