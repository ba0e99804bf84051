"""An analyst opens 03_matching in JupyterLab, runs all cells, and sees the figures."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MINUTE = 60_000


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab on a workbench of its own."""

    url: str
    root: Path


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[Lab]:
    root = tmp_path_factory.mktemp("lab")
    for folder in ("params", "notebooks"):
        shutil.copytree(repository / folder, root / folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (root / "lab.log").open("wb")
    settings = root / "settings"
    shown = settings / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    shown.parent.mkdir(parents=True)
    shown.write_text('{"windowingMode": "none"}')  # else cells out of view are not in the page
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}"),
            *("--ip=127.0.0.1", "--allow-root", "--IdentityProvider.token="),
            *(f"--LabApp.user_settings_dir={settings}", f"--LabApp.workspaces_dir={settings}"),
            "--LabApp.news_url=None",
        ],
        cwd=root,
        stdout=log,
        stderr=subprocess.STDOUT,
        env={**os.environ, "REVMENTOR_ROOT": str(root)},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(server, f"{url}/api", root / "lab.log")
        yield Lab(url, root)
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def _wait_until_up(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _ in range(240):
        assert server.poll() is None, log.read_text(errors="replace")
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
        else:
            return
    pytest.fail(f"JupyterLab did not answer: {log.read_text(errors='replace')[-2000:]}")


def test_run_all_cells_of_the_matching_notebook(lab: Lab, page: Page) -> None:
    page.goto(f"{lab.url}/lab/tree/notebooks/03_matching.ipynb?reset", timeout=2 * MINUTE)
    expect(page.locator(".jp-Notebook")).to_be_visible(timeout=2 * MINUTE)
    expect(page.locator(".jp-Notebook h1").first).to_be_visible(timeout=MINUTE)
    # Cells that are run before the kernel is connected are not run at all.
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=2 * MINUTE)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    answer = page.locator(".jp-OutputArea", has_text="Proven optimal").first
    expect(answer).to_be_visible(timeout=3 * MINUTE)
    figure = page.locator(".jp-OutputArea img").first
    expect(figure).to_be_visible(timeout=3 * MINUTE)
    assert figure.evaluate("image => image.naturalWidth") > 600
    expect(page.get_by_text("Showing 1 to 10").first).to_be_visible()
    files = page.locator(".jp-OutputArea", has_text="certificate_summary.json").last
    expect(files).to_be_visible(timeout=3 * MINUTE)
    assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0
    drafts = lab.root / "outputs" / "demo" / ".draft-base" / "restricted"
    assert (drafts / "pairs.parquet").is_file()
