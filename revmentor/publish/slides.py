"""The figures of a run for slides: taken out of its executed notebooks, one PNG each."""

from __future__ import annotations

import base64
import re
import unicodedata
from pathlib import Path

import nbformat

from revmentor.names import SLIDE_TYPE
from revmentor.publish.atomic import OPEN_FILE, OPEN_FOLDER, make_folder, write_bytes

FOLDER = "report/figures"
LONGEST = 60
_TITLE = re.compile(r"[.!?](?:\s|$)")


def take_slides(notebook: Path, folder: Path, *, shared: bool) -> tuple[Path, ...]:
    """Write every slide of an executed notebook as a PNG, and take it out of the notebook.

    Parameters
    ----------
    notebook : Path
        The executed copy; it is written again without slides.
    folder : Path
        The run's folder; slides go to ``report/figures`` in it, named after notebook and finding.
        A picture that is there already, of an earlier notebook, is not written twice.
    shared : bool
        False only takes the slides out: the page stays with the coordinator.

    Returns
    -------
    tuple of Path
        The files.
    """
    book = nbformat.read(notebook, as_version=4)
    slides = [
        (str(output.data.get("text/plain", "")), base64.b64decode(output.data.pop(SLIDE_TYPE)))
        for cell in book.cells
        for output in cell.get("outputs", ())
        if SLIDE_TYPE in output.get("data", {})
    ]
    if not slides:
        return ()
    mode = notebook.stat().st_mode & 0o777
    write_bytes(notebook, nbformat.writes(book).encode(), mode, durable=False)
    if not shared:
        return ()
    home = make_folder(folder / FOLDER, OPEN_FOLDER)
    known = {path.read_bytes() for path in home.glob("*.png")}
    written = []
    for number, (words, png) in enumerate(slides, 1):
        if png not in known:
            place = home / f"{notebook.stem}-{number}{file_name(words)}.png"
            written.append(write_bytes(place, png, OPEN_FILE, durable=False))
            known.add(png)
    return tuple(written)


def file_name(words: str) -> str:
    """The first sentence of a figure's words as a part of a file's name; empty if it has none.

    >>> file_name("Python is short by 46 places. Each bar ...")
    '-python-is-short-by-46-places'
    >>> file_name("…")
    ''
    """
    title = _TITLE.split(words.strip(), maxsplit=1)[0]
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > LONGEST:
        slug = slug[:LONGEST].rsplit("-", 1)[0]
    return f"-{slug}" if slug else ""
