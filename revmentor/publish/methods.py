"""How was each figure computed? A page made from the docstrings of the functions that compute it.

So the page cannot say anything else than the code.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

import revmentor
from revmentor.publish.html import TEMPLATES

_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
_TOLD = ("", "Notes")
_CODE = re.compile(r"(?::[\w:]+:)?``?([^`]+)``?")
_STRESSED = re.compile(r"(?<![\w*])\*{1,2}(\S|\S[^*\n]*\S)\*{1,2}(?![\w*])")
_KEYS = re.compile(r" ?\b(Keys?|Rows|Columns|Index)\b[^.]*(\.|$)")


@dataclass(frozen=True)
class Method:
    """One function as a reader of the report sees it.

    ``question`` is its first line; ``paragraphs`` what it does, with formula and source; ``code``
    where it stands.
    """

    question: str
    paragraphs: tuple[str, ...]
    code: str


def described(function: Callable[..., object]) -> Method:
    """What does this function's docstring tell a reader of the report?

    The first line, the text up to the first section, and the section Notes; examples are left out.
    Where they say no more than the question, the docstring of the function's module does.

    >>> described(described).question
    "What does this function's docstring tell a reader of the report?"
    """
    first, *told = _told(inspect.getdoc(function) or "")
    question, mark, more = first.partition("? ")
    told = [text for text in (_KEYS.sub("", more).strip(), *told) if text]
    if not told:
        _, *told = _told(inspect.getdoc(inspect.getmodule(function)) or "")
    name = getattr(function, "__qualname__", "")
    return Method(f"{question}{mark.strip()}", tuple(told), f"{function.__module__}.{name}")


def _told(text: str) -> list[str]:
    """The first line and the paragraphs of a docstring, as plain text."""
    pieces = _SECTION.split(text)
    sections = {"": pieces[0], **dict(zip(pieces[1::2], pieces[2::2], strict=True))}
    first, _, rest = sections[""].strip().partition("\n")
    blocks = [
        block
        for part in (rest, *(sections.get(name, "") for name in _TOLD[1:]))
        for several in re.split(r"\n\s*\n", part.strip())
        for block in (several[2:].split("\n- ") if several.startswith("- ") else [several])
        if block.strip() and not block.lstrip().startswith(">>>")
    ]
    return [_plain(block) for block in (first, *blocks)]


def _plain(block: str) -> str:
    """Text without the marks of a docstring; a formula keeps its signs.

    >>> _plain("*met* if ``k * n`` of :func:`wave` is 2 * 3")
    'met if k * n of wave is 2 * 3'
    """
    return _STRESSED.sub(r"\1", _CODE.sub(r"\1", " ".join(block.split())))


@cache
def _template() -> Template:
    loader = PackageLoader("revmentor.publish", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return environment.get_template("methods.html.j2")


def methods_page(title: str, groups: Mapping[str, tuple[Callable[..., object], ...]]) -> str:
    """Every method as one self-contained page without script.

    Parameters
    ----------
    title : str
        The cycle's title.
    groups : mapping of heading to functions
        In the order of the page.
    """
    return _template().render(
        title=title,
        groups={head: [described(each) for each in found] for head, found in groups.items()},
        generator=f"revmentor {revmentor.__version__}",
        css=(TEMPLATES / "revmentor" / "style.css").read_text(encoding="utf-8"),
    )
