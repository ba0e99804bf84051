"""Executed notebooks as pages for people: no code, no network, one look on screen and paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

import revmentor
from revmentor.publish.atomic import OPEN_FILE, write_text
from revmentor.publish.sanitize import sanitize
from revmentor.tiles import with_commands

TEMPLATES = Path(__file__).parent / "templates"
_SHOWN = (
    "text/html",
    "text/markdown",
    "image/png",
    "image/svg+xml",
    "image/jpeg",
    "text/plain",
)


def write_page(
    notebook: Path,
    target: Path,
    *,
    title: str,
    pages: Sequence[tuple[str, str]] = (),
    made: Mapping[str, str] | None = None,
    restricted: bool = False,
    standing: str = "",
    mode: int = OPEN_FILE,
) -> Path:
    """Turn an executed notebook into one self-contained HTML page.

    Parameters
    ----------
    notebook : Path
        The executed notebook; code, parameters and warnings are not shown.
    target : Path
        The page to write.
    title : str
        Title of the cycle, above every page; the page's own title is the notebook's first heading.
    pages : Sequence[tuple[str, str]]
        The navigation: (label, address relative to this page), in order.
    made : Mapping[str, str] or None
        The footer: how the page was made, by term.
    restricted : bool
        True marks the page as one that may name people.
    standing : str
        Whether the match is a draft or approved, above the page; empty: there is no match.
    mode : int
        Permission bits of the page.

    Returns
    -------
    Path
        The page.
    """
    book = nbformat.read(notebook, as_version=4)
    heading = _heading(book)
    current = target.name
    page = {
        "title": f"{heading} · {title}" if heading else title,
        "cycle_title": title,
        "links": [
            {"label": label, "href": href, "current": Path(href).name == current}
            for label, href in pages
        ],
        "made": list((made or {}).items()),
        "restricted": restricted,
        "standing": standing,
        "generator": f"revmentor {revmentor.__version__}",
        "css": (TEMPLATES / "revmentor" / "style.css").read_text(encoding="utf-8"),
    }
    text, _ = _exporter().from_notebook_node(book, resources={"page": page})
    return write_text(target, text, mode)


@cache
def _exporter() -> HTMLExporter:
    """One for all pages: compiling nbconvert's templates takes longer than filling them."""
    exporter = HTMLExporter(
        template_name="revmentor",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
        config=Config({"TemplateExporter": {"preprocessors": []}}),
    )
    exporter.register_filter("sanitize", sanitize)
    exporter.register_filter("with_commands", with_commands)
    exporter.register_filter("shown_type", _shown_type)
    return exporter


def _shown_type(data: Mapping[str, object]) -> list[str]:
    return [kind for kind in _SHOWN if kind in data][:1]


def _heading(book: nbformat.NotebookNode) -> str:
    for cell in book.cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if line.startswith("# "):
                    return str(line[2:].strip().strip("*_").strip())
    return ""
