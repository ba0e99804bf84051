"""How does a page show its headline figures and its findings? As escaped HTML, without script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def with_commands(text: str) -> str:
    """The text escaped, so that no line ends within an option of a command.

    >>> with_commands("type approve --by <NAME>")
    'type approve <span class="option">--by</span> &lt;NAME&gt;'
    """
    return _OPTION.sub(r'<span class="option">\g<0></span>', escape(text))


@dataclass(frozen=True)
class Tile:
    """One headline figure: what it is, its value, and what it is measured against.

    ``tone`` is "" (plain), "good", "look" (look here) or "open" (not concluded).
    """

    label: str
    value: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Tiles:
    """A row of headline figures; all text is escaped.

    >>> "<b>" in Tiles((Tile("<b>", "1"),))._repr_html_()
    False
    """

    tiles: tuple[Tile, ...]

    def _repr_html_(self) -> str:
        cells = "".join(
            f'<div class="{escape(f"tile {tile.tone}".strip())}"><p class="tile-value">'
            f'{escape(tile.value)}</p><p class="tile-label">{escape(tile.label)}</p>'
            f'<p class="tile-note">{escape(tile.note)}</p></div>'
            for tile in self.tiles
        )
        return f'<div class="tiles">{cells}</div>'

    def __repr__(self) -> str:
        return "\n".join(f"{tile.label}: {tile.value} ({tile.note})" for tile in self.tiles)


@dataclass(frozen=True)
class Finding:
    """Sentences with computed numbers; shown as one paragraph, or as a list of several.

    ``tone`` is "plain", "good" or "look" (look here).
    """

    sentences: tuple[str, ...]
    tone: str = "plain"
    listed: bool = False

    def _repr_html_(self) -> str:
        if self.listed:
            items = "".join(f"<li>{with_commands(text)}</li>" for text in self.sentences)
            return f'<ul class="finding {escape(self.tone)}">{items}</ul>'
        text = " ".join(self.sentences)
        return f'<p class="finding {escape(self.tone)}">{with_commands(text)}</p>'

    def __repr__(self) -> str:
        return "\n".join(self.sentences)


@dataclass(frozen=True)
class Heading:
    """A heading inside what one cell shows; the text is escaped."""

    text: str

    def _repr_html_(self) -> str:
        return f"<h3>{escape(self.text)}</h3>"

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Pointer:
    """A sentence that leads to a file of the same run; all text is escaped.

    ``href`` is relative to any of the run's folders, so that the page and the executed notebook
    both find the file.

    >>> Pointer("Names: ", "../restricted/pairs.html", "restricted/pairs.html", ".")
    Names: restricted/pairs.html.
    """

    before: str
    href: str
    label: str
    after: str

    def _repr_html_(self) -> str:
        link = f'<a href="{escape(self.href)}">{escape(self.label)}</a>'
        before, after = with_commands(self.before), with_commands(self.after)
        return f'<p class="finding plain">{before}{link}{after}</p>'

    def __repr__(self) -> str:
        return f"{self.before}{self.label}{self.after}"


def finding(*sentences: str, tone: str = "plain") -> Finding:
    """What was found, as one paragraph; empty sentences are left out.

    >>> finding("One pair.", "")
    One pair.
    """
    return Finding(tuple(text for text in sentences if text), tone)


def findings(sentences: Sequence[str], tone: str = "plain") -> Finding:
    """What was found, as a list."""
    return Finding(tuple(sentences), tone, listed=True)
