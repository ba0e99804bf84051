"""What is a finished figure? A picture with its finding, what it shows, and its words."""

from __future__ import annotations

import base64
import io
import os
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from revmentor import words
from revmentor.figures.slide import slide_png
from revmentor.figures.theme import DPI
from revmentor.names import SLIDE_TYPE, SLIDES_WANTED


@dataclass(frozen=True)
class Plot:
    """A figure that is done: the same in Lab, HTML and slides.

    Parameters
    ----------
    title : str
        The finding.
    subtitle : str
        What is shown, unit and n.
    alt : str
        The picture in words, for those who do not see it.
    png : bytes
        The picture, `DPI` dots per inch.
    width, height : int
        Size on a page, in CSS pixels (96 per inch).
    slide : bytes
        The picture for a slide, see `revmentor.figures.slide`; empty unless a run asks for it.
    """

    title: str
    subtitle: str
    alt: str
    png: bytes
    width: int
    height: int
    slide: bytes = b""

    def save(self, path: Path) -> Path:
        """Write the picture; returns the path."""
        path.write_bytes(self.png)
        return path

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, dict[str, str | int]]]:
        data = {
            "image/png": base64.b64encode(self.png).decode("ascii"),
            "text/plain": self.alt,
        }
        if self.slide:
            data[SLIDE_TYPE] = base64.b64encode(self.slide).decode("ascii")
        return data, {"image/png": {"alt": self.alt, "width": self.width, "height": self.height}}

    def __repr__(self) -> str:
        return f"Plot({self.title!r}, {self.width} x {self.height})"


def finished(figure: Figure, title: str, subtitle: str, seen: str) -> Plot:
    """The figure as a `Plot`; `seen` is one sentence that says what is to be seen."""
    store = io.BytesIO()
    # No date and no version in the file: the same values give the same bytes.
    figure.savefig(store, format="png", dpi=DPI, metadata={"Software": None})
    width, height = (round(inches * 96) for inches in figure.get_size_inches())
    alt = " ".join(words.joined([title, seen]).split())
    slide = slide_png(figure) if os.environ.get(SLIDES_WANTED) else b""
    return Plot(title, subtitle, alt, store.getvalue(), width, height, slide)
