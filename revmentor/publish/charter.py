"""The charter to send and to print: a page, and a Word document of the same bytes each time."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

import revmentor
from revmentor.publish.html import TEMPLATES

HEADS = ("Criterion", "Today", "Target", "Judged on")
JUDGED = (
    "From the day on which it is due, the verdict is one of met, not met, cannot conclude, by the "
    "rule of this charter:"
)
NONE = "No criterion is stated: nobody can say whether the cycle worked."
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHEN = dt.datetime(2000, 1, 1)
_WIDTHS = (7.0, 4.2, 3.2, 2.6)


@cache
def _template() -> Template:
    loader = PackageLoader("revmentor.publish", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return environment.get_template("charter.html.j2")


def charter_page(content: Mapping[str, Any], pages: Sequence[tuple[str, str]] = ()) -> str:
    """The charter as one self-contained HTML page without script.

    Parameters
    ----------
    content : mapping
        The artefact ``charter`` of the first notebook: title, lines, promises, rules, dates, gaps,
        history, late and digest. All text is shown as text.
    pages : sequence of (str, str)
        The navigation: label and address.

    Returns
    -------
    str
        A whole HTML document.
    """
    return _template().render(
        content,
        heads=HEADS,
        judged=JUDGED,
        nothing=NONE,
        pages=pages,
        generator=f"revmentor {revmentor.__version__}",
        css=(TEMPLATES / "revmentor" / "style.css").read_text(encoding="utf-8"),
    )


def charter_document(content: Mapping[str, Any]) -> bytes:
    """The charter as a Word document on A4.

    Parameters
    ----------
    content : mapping
        As for `charter_page`.

    Returns
    -------
    bytes
        A .docx file; the same content gives the same bytes.
    """
    from docx import Document

    document = Document()
    _set_up(document, content)
    document.add_heading(_text(f"Charter: {content['title']}"), 0)
    _two_columns(document, content["lines"])
    document.add_heading("What counts as success", 1)
    promises = content["promises"]
    if promises:
        rows = [
            (f"{row['criterion']}\n{row['figure']}", row["baseline"], row["target"], row["due"])
            for row in promises
        ]
        _table(document, HEADS, rows)
        document.add_heading("How it is judged", 1)
        document.add_paragraph(JUDGED)
        for rule, names in content["rules"]:
            _item(document, "; ".join(names), f"{rule}.")
    else:
        document.add_paragraph(NONE)
    told = [row for row in promises if row["power"]]
    if told:
        document.add_heading("Could we tell?", 1)
        for row in told:
            _item(document, row["criterion"], row["power"])
    document.add_heading("When", 1)
    _two_columns(document, content["dates"])
    if content["gaps"]:
        document.add_heading("Still open", 1)
        for gap in content["gaps"]:
            document.add_paragraph(_text(f"{gap}."), style="List Bullet")
    document.add_heading("Version", 1)
    for sentence in content["history"]:
        document.add_paragraph(_text(sentence))
    document.add_paragraph(f"Fingerprint of what is promised (sha256): {content['digest']}")
    store = io.BytesIO()
    document.save(store)
    return _same_bytes(store.getvalue())


def _set_up(document: Any, content: Mapping[str, Any]) -> None:
    from docx.shared import Cm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(1.8)
    document.styles["Normal"].font.size = Pt(10)
    about = document.core_properties
    about.title = _text(f"Charter: {content['title']}")[:255]
    about.author = about.last_modified_by = about.comments = ""
    about.created = about.modified = _WHEN


def _table(document: Any, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    table.autofit = False
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _text(text)
    for row in table.rows:
        for cell, width in zip(row.cells, _WIDTHS, strict=True):
            cell.width = Cm(width)


def _two_columns(document: Any, lines: Sequence[Sequence[str]]) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    for label, text in lines:
        name, told = table.add_row().cells
        name.paragraphs[0].add_run(_text(label)).bold = True
        told.text = _text(text)
        name.width, told.width = Cm(3.5), Cm(13.5)


def _item(document: Any, lead: str, text: str) -> None:
    paragraph = document.add_paragraph(style="List Bullet")
    paragraph.add_run(_text(lead)).bold = True
    paragraph.add_run(_text(f": {text}"))


def _text(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", str(text))


def _same_bytes(document: bytes) -> bytes:
    """The same zip without the time at which it was packed."""
    store = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as packed,
        zipfile.ZipFile(store, "w", zipfile.ZIP_DEFLATED) as again,
    ):
        for name in packed.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            again.writestr(entry, packed.read(name))
    return store.getvalue()
