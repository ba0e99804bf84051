"""Packs on paper: every page as a PDF of A4, with its text to be seen, the same bytes each time."""

from __future__ import annotations

import asyncio
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from pack_cases import NAMES, circle_packs, packs, spring

from revmentor.cycle.steps.packing import print_pages
from revmentor.errors import InputError
from revmentor.publish import pdf
from revmentor.publish.named import pack_page
from revmentor.publish.pdf import PdfError, to_pdf

A4 = (595, 842)


def text_of(content: bytes, folder: Path, *pages: str) -> str:
    """What a reader of the PDF, or of some of its pages, can copy out of it."""
    place = folder / "page.pdf"
    place.write_bytes(content)
    told = subprocess.run(
        ["pdftotext", "-layout", *pages, str(place), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return re.sub(r"\s+", " ", told)


def inked(content: bytes, folder: Path) -> list[float]:
    """The share of dark points of each page, as it is seen."""
    place = folder / "seen.pdf"
    place.write_bytes(content)
    for old in folder.glob("page-*.pgm"):
        old.unlink()
    drawing = ["pdftoppm", "-gray", "-r", "50", str(place), str(folder / "page")]
    subprocess.run(drawing, check=True)
    shares = []
    for page in sorted(folder.glob("page-*.pgm")):
        kind, width, height, most, points = page.read_bytes().split(maxsplit=4)
        assert (kind, most) == (b"P5", b"255")
        shares.append(sum(each < 128 for each in points) / (int(width) * int(height)))
    return shares


@pytest.mark.browser
def test_packs_are_printed_on_a4(browser_path: str) -> None:
    params = spring()
    found = [*packs(params)[:2], circle_packs(params)[3]]
    pages = [pack_page(pack, "Spring <2026>") for pack in found]
    printed = to_pdf(pages, browser_path)
    assert len(printed) == 3
    for content in printed:
        assert content.startswith(b"%PDF-")
        assert b"/StructTreeRoot" in content, "tagged for screen readers"
        boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
        assert boxes
        assert {tuple(round(float(side)) for side in box) for box in boxes} == {A4}
    assert len(re.findall(rb"/MediaBox", printed[0])) == 4


@pytest.mark.browser
@pytest.mark.poppler
def test_a_printed_pack_can_be_read_and_seen(browser_path: str, tmp_path: Path) -> None:
    link = "https://checkin.example.com/c/WyJwMSIsMSwiMjAyNi0wOC0wOSJd.x7Kq"
    found = [packs(spring(), s=link)[1], circle_packs(spring())[3]]
    pair, circle = to_pdf([pack_page(pack, "Spring <2026>") for pack in found], browser_path)
    text = text_of(pair, tmp_path)
    assert "MeetAnn<script>alert(1)</script>" in text.replace(" ", "")
    assert "Our agreement" in text
    assert f"Your personal page ({link})" in text, "who has it on paper cannot click"
    assert "Spring <2026>" in text
    longest = text_of(circle, tmp_path).replace(" ", "")
    assert NAMES["t"].replace(" ", "") in longest, "a long name is broken, not cut off"
    shares = inked(pair, tmp_path)
    assert len(shares) == 4
    assert all(0.005 < share < 0.5 for share in shares), "no page is blank, none is black"
    (blank,) = inked(*to_pdf(["<p></p>"], browser_path), tmp_path)
    assert blank == 0


@pytest.mark.browser
@pytest.mark.poppler
def test_a_large_circle_begins_on_the_page_of_its_title(browser_path: str, tmp_path: Path) -> None:
    pack = circle_packs(spring())[3]
    short = replace(pack.others[0], name="First of many")
    large = replace(pack, others=(short, *pack.others * 3))
    (printed,) = to_pdf([pack_page(large, "Spring")], browser_path)
    first = text_of(printed, tmp_path, "-l", "1")
    assert "your circle" in first
    assert "First of many" in first, "who is met stands below the title, not on the next page"


@pytest.mark.browser
def test_the_same_page_is_the_same_bytes_whatever_was_printed_before(browser_path: str) -> None:
    pages = [pack_page(pack, "Spring") for pack in packs(spring())]
    first = to_pdf(pages, browser_path)
    assert to_pdf([*reversed(pages)], browser_path) == (*reversed(first),)


@pytest.mark.browser
def test_it_prints_inside_a_running_loop_as_a_notebook_has_one(browser_path: str) -> None:
    async def inside() -> tuple[bytes, ...]:
        return to_pdf(["<p>one</p>"], browser_path)

    (content,) = asyncio.run(inside())
    assert content.startswith(b"%PDF-")


@pytest.mark.browser
@pytest.mark.poppler
def test_a_page_can_neither_run_a_script_nor_read_a_file(browser_path: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    page = (
        "<p id=x>before</p><script>document.getElementById('x').textContent='RAN'</script>"
        f"<iframe src='file://{secret}'></iframe><img src='http://127.0.0.1:9/x.png'>"
    )
    (content,) = to_pdf([page], browser_path)
    text = text_of(content, tmp_path)
    assert "before" in text
    assert "TOPSECRET" not in text
    assert "RAN" not in text


def test_without_a_browser_there_are_pages_and_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pdf.VARIABLE, "no-such-browser")
    found = print_pages(["<p>one</p>"], "auto", draft=False)
    assert found.pdfs == ()
    assert "no Chrome or Chromium was found" in found.why_not
    with pytest.raises(InputError, match="apt-get install chromium"):
        print_pages(["<p>one</p>"], "always", draft=False)
    assert "launch.pdf is never" in print_pages(["<p>one</p>"], "never", draft=False).why_not
    assert "revmentor run" in print_pages(["<p>one</p>"], "always", draft=True).why_not
    assert print_pages([], "always", draft=False).why_not == ""


def test_a_browser_that_does_not_start_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(PdfError, match="could not print"):
        to_pdf(["<p>one</p>"], str(broken))
    monkeypatch.setenv(pdf.VARIABLE, str(broken))
    assert "could not print" in print_pages(["<p>one</p>"], "auto", draft=False).why_not


def test_nothing_to_print_needs_no_browser() -> None:
    assert to_pdf([], "no-such-browser") == ()
