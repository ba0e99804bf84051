"""Pages as PDF files on A4, through an installed Chrome or Chromium: one browser for all."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from revmentor.errors import RevmentorError

if TYPE_CHECKING:
    from playwright.async_api import Browser

VARIABLE = "REVMENTOR_CHROME"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
AT_ONCE = 2
START_SECONDS, PAGE_SECONDS = 60, 60
_WHEN = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}")
_LONG_AGO = rb"/\1 (D:20000101000000"
_NODE = re.compile(rb"\(node(\d{8})\)")


class PdfError(RevmentorError):
    """The browser could not make a PDF."""


def find_browser() -> str | None:
    """Which Chrome or Chromium is installed here? ``REVMENTOR_CHROME`` names one outright."""
    named = os.environ.get(VARIABLE)
    if named:
        return shutil.which(named)
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def to_pdf(pages: Sequence[str], browser: str) -> tuple[bytes, ...]:
    """Each of these pages as a PDF.

    Parameters
    ----------
    pages : sequence of str
        Whole HTML documents, self-contained: nothing is loaded, and no script runs.
    browser : str
        Path of the browser; see `find_browser`.

    Returns
    -------
    tuple of bytes
        In the order of the pages; tagged, so that a screen reader can read them, on the paper that
        the page's own style asks for. They carry no time of their making.

    Raises
    ------
    PdfError
        If the browser does not start, or needs longer than a minute for a page.
    """
    if not pages:
        return ()
    # A thread of its own: a notebook's kernel has a loop running already.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(_print(pages, browser))).result()


async def _print(pages: Sequence[str], path: str) -> tuple[bytes, ...]:
    from playwright.async_api import Error, async_playwright

    # Chrome's sandbox needs a user that is not root; what is printed is ours, and runs no script.
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=path, args=flags, timeout=1000 * START_SECONDS
            )
            try:
                return await _all(pages, browser)
            finally:
                await browser.close()
    except Error as error:
        first = str(error).strip().splitlines()[0]
        raise PdfError(f"the browser {path} could not print ({first})") from error
    except TimeoutError as error:
        raise PdfError(f"the browser {path} took over {PAGE_SECONDS} seconds for a page") from error


async def _all(pages: Sequence[str], browser: Browser) -> tuple[bytes, ...]:
    context = await browser.new_context(java_script_enabled=False, offline=True)
    found: list[bytes] = [b""] * len(pages)
    todo = iter(range(len(pages)))

    async def work() -> None:
        sheet = await context.new_page()
        sheet.set_default_timeout(1000 * PAGE_SECONDS)
        for k in todo:
            async with asyncio.timeout(PAGE_SECONDS):
                await sheet.set_content(pages[k], wait_until="domcontentloaded")
                printed = await sheet.pdf(
                    tagged=True, prefer_css_page_size=True, print_background=True
                )
            found[k] = settled(printed)

    await asyncio.gather(*(work() for _ in range(min(AT_ONCE, len(pages)))))
    return tuple(found)


def settled(printed: bytes) -> bytes:
    """A PDF of Chrome without the time of its making and with its parts numbered from 1.

    The browser numbers what it prints through all its life; so the same page has the same bytes.
    """
    names = sorted(set(_NODE.findall(printed)))
    new = {old: b"(node%08d)" % k for k, old in enumerate(names, 1)}
    return _NODE.sub(lambda node: new[node[1]], _WHEN.sub(_LONG_AGO, printed))
