"""A reader opens the report in a browser and finds the headline figures, on screen and on paper."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def tiles_of(page: Page) -> dict[str, str]:
    tiles = page.locator(".tile")
    return {
        tiles.nth(k).locator(".tile-label").inner_text(): tiles.nth(k)
        .locator(".tile-value")
        .inner_text()
        for k in range(tiles.count())
    }


def test_headline_figures_on_the_first_screen(demo_result: Path, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((demo_result / "report" / "index.html").as_uri())

    pairs = pd.read_parquet(demo_result / "restricted" / "pairs.parquet")
    tiles = tiles_of(page)
    assert tiles["pairs"] == str(len(pairs))
    worst = pairs["score"].nsmallest(5).mean()
    assert tiles["average score of the five worst pairs"] == f"{100 * worst:.0f}"
    assert tiles["of the possible score"].endswith("%")
    first = page.locator(".tile").first.bounding_box()
    assert first is not None
    assert first["y"] + first["height"] < 900, "the figures stand on the first screen"
    assert problems == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_the_report_leads_to_every_page(demo_result: Path, page: Page) -> None:
    page.goto((demo_result / "report" / "index.html").as_uri())
    for label in ("Objectives", "Participants", "Review"):
        page.get_by_role("link", name=label, exact=True).click()
        assert page.locator("h1").count() == 1
        page.get_by_role("link", name="Report", exact=True).click()
    assert "index.html" in page.url


def test_nothing_is_wider_than_a_phone(demo_result: Path, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    for name in ("index", "participants", "review"):
        page.goto((demo_result / "report" / f"{name}.html").as_uri())
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, name


def test_the_report_prints(demo_result: Path, page: Page, tmp_path: Path) -> None:
    page.goto((demo_result / "report" / "index.html").as_uri())
    page.pdf(path=tmp_path / "report.pdf", format="A4")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
