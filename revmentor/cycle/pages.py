"""All pages of a result: each executed notebook as HTML, with one navigation."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from revmentor.cycle.stages import STAGES, Notebook
from revmentor.params import Resolved
from revmentor.publish.atomic import (
    OPEN_FILE,
    OPEN_FOLDER,
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    make_folder,
    write_bytes,
    write_text,
)
from revmentor.publish.charter import charter_document, charter_page
from revmentor.publish.export import export_tables
from revmentor.publish.html import write_page
from revmentor.publish.manifest import versions
from revmentor.publish.workspace import Workspace

_ORDER = ("06_report",)
CHARTER_PAGE = "report/charter.html"
CHARTER_DOCUMENT = "report/charter.docx"


def write_pages(
    folder: Path,
    resolved: Resolved,
    records: Sequence[Mapping[str, Any]],
    made_at: dt.datetime,
    git: Mapping[str, str | bool] | None,
    matching: Mapping[str, Any] | None,
    standing: tuple[str, str] = ("", ""),
) -> list[Path]:
    """Write the page of every notebook that the result holds, the charter, and all tables.

    Pages that may be shared link to each other only, so that ``report/`` can be sent as it is;
    restricted pages link to all. ``standing`` says of the match whether it is a draft or approved:
    for pages that may be shared, and for restricted ones.
    """
    done = {record["stage"] for record in records}
    books = [book for stage in STAGES if stage.name in done for book in stage.notebooks]
    books.sort(key=lambda book: book.name not in _ORDER)
    title = resolved.params.programme.title or resolved.cycle
    made = _made(resolved, made_at, git, matching)
    pages = []
    charter = _charter_of(folder)
    for book in books:
        target = folder / book.page
        make_folder(target.parent, PRIVATE_FOLDER if book.restricted else OPEN_FOLDER)
        pages.append(
            write_page(
                folder / "notebooks" / f"{book.name}.ipynb",
                target,
                title=title,
                pages=_links(book.page, books, restricted=book.restricted, charter=bool(charter)),
                made=made,
                restricted=book.restricted,
                standing=standing[book.restricted],
                mode=PRIVATE_FILE if book.restricted else OPEN_FILE,
            )
        )
    if charter:
        links = _links(CHARTER_PAGE, books, charter=True)
        page, document = folder / CHARTER_PAGE, folder / CHARTER_DOCUMENT
        make_folder(page.parent, OPEN_FOLDER)
        pages.append(write_text(page, charter_page(charter, links), OPEN_FILE))
        pages.append(write_bytes(document, charter_document(charter), OPEN_FILE))
    return [*pages, *export_tables(folder, title, resolved.params.disclosure.minimum_group)]


def _charter_of(folder: Path) -> Mapping[str, Any]:
    """What the first notebook wrote of the charter; empty if it wrote none."""
    work = Workspace(folder)
    content: Mapping[str, Any] = work.read_json("charter") if work.has("charter") else {}
    return content if "promises" in content else {}


def page_of(folder: Path) -> Path:
    """The page to open first: the report, else the last page that there is."""
    books = [book for stage in STAGES for book in stage.notebooks]
    pages = [folder / book.page for book in books if (folder / book.page).is_file()]
    return pages[-1] if pages else folder


def _links(
    page: str, books: Sequence[Notebook], *, restricted: bool = False, charter: bool = False
) -> list[tuple[str, str]]:
    """The navigation of a page: every page that may stand beside it, the charter last."""
    here = os.path.dirname(page)
    links = [
        (other.label, os.path.relpath(other.page, here))
        for other in books
        if restricted or not other.restricted
    ]
    return [*links, ("Charter", os.path.relpath(CHARTER_PAGE, here))] if charter else links


def _made(
    resolved: Resolved,
    made_at: dt.datetime,
    git: Mapping[str, str | bool] | None,
    matching: Mapping[str, Any] | None,
) -> dict[str, str]:
    found = versions()
    made = {
        "Cycle": f"{resolved.cycle}, scenario {resolved.scenario}",
        "Made": made_at.astimezone(dt.UTC).strftime("%-d %B %Y, %H:%M UTC"),
    }
    if matching and matching.get("status"):
        status = str(matching["status"])
        made["Matching"] = "proven optimal" if status == "optimal" else status
    made["Smallest group shown"] = f"{resolved.params.disclosure.minimum_group} people"
    made["Parameters"] = f"sha256 {resolved.digest[:16]}"
    if git:
        made["Workbench"] = f"commit {str(git['commit'])[:12]}" + (
            ", with changes" if git["dirty"] else ""
        )
    made["Versions"] = ", ".join(f"{name} {version}" for name, version in found.items())
    return made
