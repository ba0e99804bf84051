"""Bytes to text in the declared encoding, or where exactly that fails and what to declare."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import replace

from revmentor.data.report import count
from revmentor.errors import SHOWN_PER_KIND, Fault, InputError

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8"),
)
_ONE_BYTE = re.compile(r"cp(125\d|437|850|858)|iso8859.*|latin.*|mac.*|ascii")
_SAMPLE = 4096


def decode(data: bytes, encoding: str, separator: str, file: str) -> tuple[str, tuple[str, ...]]:
    """What does the file say? Its text without byte order marks, and notes on what was removed.

    Never puts a replacement character: bytes that are not of the declared encoding are refused
    with their offset, row, and the encoding that the file seems to have.

    Parameters
    ----------
    data : bytes
        The whole file.
    encoding : str
        As declared in params.
    separator : str
        Between columns; only to name the place of a bad byte.
    file : str
        Name for messages.
    """
    try:
        family = codecs.lookup(encoding).name
        "".encode(encoding)
    except LookupError:
        cure = "declare a text encoding, for example utf-8, utf-16 or cp1252"
        raise InputError(
            Fault("unknown encoding", "there is no such encoding", cure, file, None, "", encoding)
        ) from None
    seems = apparent_encoding(data)
    wrong = _mismatch(data, family, seems)
    if wrong:
        raise InputError(
            Fault("wrong encoding", wrong, f"declare encoding: {seems} for this source", file)
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise InputError(_bad_bytes(data, encoding, separator, file, seems)) from None
    bare = text.lstrip("\ufeff")
    by_codec = family in ("utf-16", "utf-32", "utf-8-sig") and _bom(data)
    marks = len(text) - len(bare) + by_codec
    notes = [f"{count(marks, 'byte order mark')} removed from the start"] if marks else []
    if "\r\n" in bare:
        notes.append("lines end with CR LF")
    return bare, tuple(notes)


def apparent_encoding(data: bytes) -> str:
    """Which encoding do the bytes seem to have? Empty if they mix several.

    >>> apparent_encoding("Zoë".encode("cp1252")), apparent_encoding("Zoë".encode("utf-8"))
    ('cp1252', 'utf-8')
    >>> apparent_encoding("id,Zoë".encode("utf-16-le"))
    'utf-16-le'
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    sample = data[:_SAMPLE]
    if len(sample) > 1:
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        enough = len(sample) // 8
        if odd > enough and even <= odd // 10:
            return "utf-16-le"
        if even > enough and odd <= even // 10:
            return "utf-16-be"
    if _reads(data, "utf-8"):
        return "utf-8"
    return "cp1252" if _reads(data, "cp1252") and not _holds_utf8(data) else ""


def _reads(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _holds_utf8(data: bytes) -> bool:
    """Does any well-formed UTF-8 letter of several bytes stand among the other bytes?"""
    return re.search(rb"[\xc3-\xc5][\x80-\xbf]|[\xe2][\x80-\xbf]{2}", data) is not None


def _bom(data: bytes) -> bool:
    return any(data.startswith(mark) for mark, _ in _BOMS)


def _mismatch(data: bytes, family: str, seems: str) -> str:
    """Why the declared encoding cannot be right although it might decode; empty if it can."""
    wide = family.startswith(("utf-16", "utf-32"))
    if seems.startswith(("utf-16", "utf-32")) and not family.startswith(seems[:6]):
        by = "starts with the byte order mark of" if _bom(data) else "has the zero bytes of"
        return f"the file {by} {seems.upper()}, not of {family}"
    if wide and seems in ("utf-8", "cp1252") and b"\0" not in data:
        return f"the file is declared as {family} but has none of its zero bytes"
    if _ONE_BYTE.fullmatch(family) and seems == "utf-8" and not data.isascii():
        return (
            f"the file is declared as {family} but its letters beyond ASCII are UTF-8; read as "
            "declared, each of them would turn into two or three wrong ones"
        )
    return ""


def _bad_bytes(data: bytes, encoding: str, separator: str, file: str, seems: str) -> list[Fault]:
    """One fault per run of bytes that the declared encoding does not have; one alone, with their
    number, where the whole file reads in another."""
    family = codecs.lookup(encoding).name
    if seems and seems != family:
        cure = f"declare encoding: {seems} for this source, or save the file again as UTF-8"
    else:
        cure = (
            "the file mixes encodings, so no declared one fits: save these rows again as "
            f"{encoding}"
        )
    faults: list[Fault] = []
    view = memoryview(data)
    at = 0
    while at < len(data):
        try:
            codecs.decode(view[at:], encoding)
            break
        except UnicodeDecodeError as error:
            start, at = at + error.start, at + max(error.end, error.start + 1)
        row, column = None, ""
        if len(faults) < SHOWN_PER_KIND:
            row, column = _place(data[:start], encoding, separator)
        problem = f"the byte 0x{data[start]:02X} at offset {start:,} is not {encoding}"
        faults.append(Fault("undecodable byte", problem, cure, file, row, column))
    further = len(faults) - 1
    if not seems or seems == family or not further:
        return faults
    also = f"{faults[0].problem}, nor {'is' if further == 1 else 'are'} {further:,} further"
    return [replace(faults[0], problem=f"{also}; the whole file reads as {seems}")]


def _place(before: bytes, encoding: str, separator: str) -> tuple[int | None, str]:
    """Spreadsheet row and column name of the byte after these."""
    text = before.decode(encoding, errors="ignore").lstrip("\ufeff") + "x"
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return None, ""
    position = len(records[-1]) - 1
    named = len(records) > 1 and position < len(records[0])
    return len(records), records[0][position].strip() if named else ""
