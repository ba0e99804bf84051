"""Does anything that may be shared name a person? The last look before a result is published."""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_TOKEN = re.compile(r"\w+(?:[.-]\w+)*")
_NOT_AN_ID = re.compile(r".{1,3}|[0-9]{4}|[1-9][0-9]{0,5}|[^\W\d_]+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TAG = re.compile(r"<[^>]+>")
_MOST_WORDS = 5
OFFICE = (".docx", ".xlsx")


@dataclass(frozen=True)
class People:
    """What tells that a text names somebody: names, e-mail addresses, ids; all in small letters."""

    names: frozenset[tuple[str, ...]]
    emails: frozenset[str]
    ids: frozenset[str]

    @classmethod
    def of(cls, people: pd.DataFrame) -> People:
        """From the table ``people``.

        Single-word names and ids that look like a word or a short number are left out: they cannot
        be told from the words and figures of a report.
        """

        def texts(column: str) -> list[str]:
            if column not in people:
                return []
            return [str(value).strip().lower() for value in people[column].dropna()]

        names = (tuple(_WORD.findall(name)) for name in texts("name"))
        return cls(
            frozenset(name for name in names if 2 <= len(name) <= _MOST_WORDS),
            frozenset(filter(None, texts("email"))),
            frozenset(ident for ident in texts("person_id") if not _NOT_AN_ID.fullmatch(ident)),
        )

    def found_in(self, text: str) -> int:
        """How many mentions of a person does this text hold?"""
        low = text.lower()
        found = sum(address in self.emails for address in _EMAIL.findall(low))
        words = _WORD.findall(low)
        found += sum(token in self.ids for token in _TOKEN.findall(low))
        if self.names:
            for size in range(2, _MOST_WORDS + 1):
                starts = range(len(words) - size + 1)
                found += sum(tuple(words[at : at + size]) in self.names for at in starts)
        return found


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._skip = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skip = tag in ("style", "script")
        self.parts += [value for name, value in attrs if name in ("alt", "title") and value]

    def handle_endtag(self, tag: str) -> None:
        self._skip = False

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.parts.append(data)


def page_text(page: str) -> str:
    """What a reader of this HTML page sees, alternative texts included.

    >>> page_text("<p>Ada &amp; Bo<style>p {}</style><img alt='a map'></p>").split()
    ['Ada', '&', 'Bo', 'a', 'map']
    """
    parser = _Text()
    parser.feed(page)
    return html.unescape("\n".join(parser.parts))


def notebook_text(notebook: str) -> str:
    """What the cells of this executed notebook put out, pictures left out."""
    parts: list[str] = []
    for cell in json.loads(notebook)["cells"]:
        for output in cell.get("outputs", ()):
            values = [output.get("text", ""), *output.get("data", {}).values()]
            kinds = ["text/plain", *output.get("data", {})]
            for kind, value in zip(kinds, values, strict=True):
                if kind.startswith("text/") or kind.endswith("json"):
                    text = value if isinstance(value, str) else "".join(map(str, value))
                    parts.append(page_text(text) if kind == "text/html" else text)
    return "\n".join(parts)


def office_text(path: Path) -> str:
    """What this Word document or Excel workbook holds, its properties and comments included."""
    with zipfile.ZipFile(path) as packed:
        parts = [name for name in packed.namelist() if name.endswith((".xml", ".rels"))]
        texts = [packed.read(name).decode("utf-8", "replace") for name in parts]
    return html.unescape("\n".join(_TAG.sub("\n", text) for text in texts))


def leaks(folder: Path, people: People) -> dict[str, int]:
    """Files of ``report/`` and ``notebooks/`` that name a person, with the number of mentions."""
    found = {}
    for path in _shareable(folder):
        if path.suffix == ".parquet":
            text = pd.read_parquet(path).to_csv()
        elif path.suffix in OFFICE:
            text = office_text(path)
        else:
            text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = page_text(text)
        elif path.suffix == ".ipynb":
            text = notebook_text(text)
        count = people.found_in(text)
        if count:
            found[path.relative_to(folder).as_posix()] = count
    return found


def _shareable(folder: Path) -> Iterable[Path]:
    kinds = {".html", ".json", ".csv", ".txt", ".md", ".ipynb", ".yaml", ".parquet", *OFFICE}
    for top in ("report", "notebooks"):
        yield from (
            path for path in sorted((folder / top).rglob("*")) if path.suffix.lower() in kinds
        )
