"""How does a launch pack become a page? One self-contained HTML file, all text escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from revmentor.planning import Pack


@cache
def _template(name: str) -> Template:
    loader = PackageLoader("revmentor.publish", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template(name)


def pack_page(pack: Pack, title: str) -> str:
    """Which page does this side of the pair read?

    Parameters
    ----------
    pack : Pack
        Names and free text may hold anything: they are shown as text.
    title : str
        The cycle's title.

    Returns
    -------
    str
        A whole HTML document without scripts or outside references.
    """
    return _template("pack.html.j2").render(pack=pack, title=title)


def pack_fragment(pack: Pack, title: str) -> str:
    """The same page as a part of another page."""
    return _template("pack.fragment.j2").render(pack=pack, title=title)


def pack_file(pack: Pack) -> str:
    """Under which name is the page filed? It names nobody."""
    return f"pair-{pack.number:04d}-{pack.side}.html"
