"""A source's bytes to a raw text table, or the sentence that says why there is none."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from difflib import get_close_matches
from pathlib import Path

from revmentor.data.csvtext import parse_csv
from revmentor.data.encoding import decode
from revmentor.data.parquetfile import parse_parquet
from revmentor.data.reading import RawTable, Reading, tidy
from revmentor.data.workbook import parse_workbook
from revmentor.errors import Fault, InputError

_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_WORDS = {
    "csv": "delimited text",
    "excel": "an Excel workbook (.xlsx)",
    "parquet": "a Parquet file",
    "gzip": "a gzip archive",
    "old excel": "an old Excel workbook (.xls) or one with a password",
    "opendocument": "an OpenDocument spreadsheet (.ods)",
    "zip": "a zip archive",
    "pdf": "a PDF document",
    "html": "a web page, perhaps a login page",
    "pickle": "a Python pickle",
    "sqlite": "an SQLite database",
}
_STARTS = (
    (b"PAR1", "parquet"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0", "old excel"),
    (b"%PDF", "pdf"),
    (b"SQLite format 3\0", "sqlite"),
)
_NAMED = {"csv": ".csv", "excel": ".xlsx", "parquet": ".parquet", "gzip": ".csv.gz"}


def find_source(folder: Path, path: str, *, optional: bool) -> Path | None:
    """Where is the source? None if it is optional and not there.

    Raises
    ------
    InputError
        No such file (the nearest names in its folder are told), a folder, a spreadsheet's lock
        file, a type that is not read.
    """
    file = folder / path
    if file.name.startswith("~$"):
        problem = "this is the lock file of an open workbook, not the workbook"
        cure = f"name the workbook itself: {file.name.removeprefix('~$')}"
        raise InputError(Fault("lock file", problem, cure, path))
    if file.is_dir():
        problem = "this is a folder, not a file"
        raise InputError(Fault("no file", problem, "name the file in it", path))
    if file.exists():
        return file
    if optional:
        return None
    raise InputError(_missing(folder, file, path))


def _missing(folder: Path, file: Path, path: str) -> Fault:
    if not file.parent.is_dir():
        problem = "there is no such file, and not even its folder"
        cure = "correct the path, data.folder, or the folder that --data names"
        return Fault("missing file", problem, cure, path)
    beside = sorted(entry.name for entry in file.parent.iterdir() if entry.is_file())
    near = get_close_matches(file.name, [n for n in beside if not n.startswith("~$")], n=2)
    cure = (
        f"correct the path: the folder has {' and '.join(near)}"
        if near
        else ("put the file there, or correct the path or the folder that --data names")
    )
    where = "in the data folder" if file.parent == folder else "in its folder"
    return Fault("missing file", f"there is no such file {where}", cure, path)


def read_source(file: Path, reading: Reading) -> RawTable:
    """What does the source hold, as text?

    Raises
    ------
    InputError
        Every fault of the file's form that can be told without its contract.
    """
    kind, packed = _declared(file, reading)
    try:
        stored = file.read_bytes()
    except OSError as error:
        problem = f"the file cannot be read ({error.strerror})"
        cure = "check who may read it, and that no other program holds it"
        raise InputError(Fault("unreadable file", problem, cure, reading.path)) from None
    digest = hashlib.sha256(stored).hexdigest()
    data = _unpack(stored, packed, reading)
    if not data.strip():
        problem = "the file is empty"
        raise InputError(Fault("empty file", problem, "export it again", reading.path))
    found = content_kind(data)
    if found != kind:
        raise InputError(_other_type(kind, found, reading))
    if kind == "excel":
        grid = parse_workbook(data, reading)
    elif kind == "parquet":
        grid = parse_parquet(data, reading)
    else:
        text, notes = decode(data, reading.encoding, reading.separator, reading.path)
        if not text.strip():
            problem = "the file is empty but for blanks"
            raise InputError(Fault("empty file", problem, "export it again", reading.path))
        parsed = parse_csv(text, reading.separator, reading.path)
        return tidy(parsed, reading, digest, notes=notes + _damage(text), inert=True)
    return tidy(grid, reading, digest, inert=kind == "excel")


def content_kind(data: bytes) -> str:
    """What do the bytes say that they are? ``"csv"`` for anything that is no known binary.

    >>> content_kind(b"PAR1..."), content_kind(b"id,grade")
    ('parquet', 'csv')
    """
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    if data[:1] == b"\x80" and data[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return "pickle"
    head = data[:512].lstrip().lower()
    return "html" if head.startswith((b"<!doctype html", b"<html")) else "csv"


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = set(parts.namelist())
            if "xl/workbook.xml" in names:
                return "excel"
            spreadsheet = "mimetype" in names and b"opendocument" in parts.read("mimetype")
            return "opendocument" if spreadsheet else "zip"
    except zipfile.BadZipFile:
        # Cut short: the workbook reader says what is wrong with it.
        return "excel"


def _declared(file: Path, reading: Reading) -> tuple[str, bool]:
    """The format that params or the file's name declare, and whether it is gzipped."""
    suffixes = [suffix.lower() for suffix in file.suffixes]
    packed = bool(suffixes) and suffixes[-1] == ".gz"
    last = suffixes[-2 if packed else -1 :][:1] if len(suffixes) > packed else []
    if reading.format != "auto":
        return reading.format, packed
    kind = _SUFFIXES.get(last[0]) if last else None
    if kind is None:
        known = ", ".join(sorted(_SUFFIXES))
        problem = f"the name does not say what the file is: known endings are {known} (also .gz)"
        cure = "rename it, or declare format: csv, excel or parquet for this source"
        raise InputError(Fault("unknown type", problem, cure, reading.path))
    return kind, packed


def _unpack(stored: bytes, packed: bool, reading: Reading) -> bytes:
    if not packed:
        return stored
    if stored and content_kind(stored) != "gzip":
        raise InputError(_other_type("gzip", content_kind(stored), reading))
    try:
        return gzip.decompress(stored)
    except (OSError, EOFError, zlib.error) as error:
        problem = f"the gzip archive is damaged or cut short ({type(error).__name__})"
        raise InputError(
            Fault("damaged file", problem, "copy or export it again", reading.path)
        ) from None


def _other_type(declared: str, found: str, reading: Reading) -> Fault:
    said = "params declare" if reading.format == declared else "the name says"
    problem = f"{said} {_WORDS[declared]}, the content is {_WORDS[found]}"
    if found in _NAMED:
        cure = f"rename it to end in {_NAMED[found]}, or export it again as {_WORDS[declared]}"
    else:
        cure = "save it as .xlsx, .csv or .parquet"
    return Fault("wrong type", problem, cure, reading.path)


def _damage(text: str) -> tuple[str, ...]:
    """A note if the text came with replacement characters, which no reading can undo."""
    lost = text.count("\ufffd")
    return (f"{lost:,} letters were already lost (U+FFFD) in the file itself",) if lost else ()
