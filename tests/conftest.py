"""What every test may ask for: the repository, a workbench, a browser, a database, real data."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from postgres import Cluster, cluster, find_postgres

REPOSITORY = Path(__file__).parents[1]
REAL_DATA = REPOSITORY.parent / "shared" / "data"
RUNS_DEMO = "test_demo_cycle.py"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """Path of an installed Chrome or Chromium; REVMENTOR_CHROME names one outright."""
    named = os.environ.get("REVMENTOR_CHROME")
    if named:
        return shutil.which(named)
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def find_poppler() -> bool:
    """Are there the programs that read a PDF and draw its pages?"""
    return all(shutil.which(name) for name in ("pdftotext", "pdftoppm"))


def pytest_configure() -> None:
    """A shell that starts the tests in its background lets Ctrl-C be ignored: here it is tested."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what this machine cannot run (REVMENTOR_NEED_...: fail)."""
    # The file that runs the demo goes first: others then seldom wait for what it publishes.
    items.sort(key=lambda item: item.path.name != RUNS_DEMO)
    lacking = {}
    if find_browser() is None and not os.environ.get("REVMENTOR_NEED_BROWSER"):
        lacking["browser"] = "no Chrome or Chromium found (install one, or set REVMENTOR_CHROME)"
    if not find_poppler() and not os.environ.get("REVMENTOR_NEED_BROWSER"):
        lacking["poppler"] = (
            "no pdftotext or pdftoppm found (Debian: apt-get install poppler-utils)"
        )
    if find_postgres() is None and not os.environ.get("REVMENTOR_NEED_POSTGRES"):
        lacking["postgres"] = "no PostgreSQL server found (Debian: apt-get install postgresql)"
    if not REAL_DATA.is_dir():
        lacking["real"] = "the real data sets are not beside the project (../shared/data)"
    for item in items:
        for mark, reason in lacking.items():
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))


@dataclass(frozen=True)
class Workbench:
    """A workbench of one test's own: a copy of the params, and room for the rest."""

    root: Path

    def write(self, file: str, text: str | bytes) -> Path:
        """Put this into a file of the workbench."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def edit(self, file: str, old: str, new: str) -> Path:
        """Replace text that must be there."""
        text = (self.root / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        return self.write(file, text.replace(old, new))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of this clone."""
    return REPOSITORY


@pytest.fixture
def make_workbench(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Workbench]:
    """Make as many workbenches as the test likes."""

    def make() -> Workbench:
        root = tmp_path_factory.mktemp("workbench")
        shutil.copytree(REPOSITORY / "params", root / "params")
        return Workbench(root)

    return make


@pytest.fixture
def workbench(make_workbench: Callable[[], Workbench]) -> Workbench:
    """A workbench whose params are those of the repository, to be broken at will."""
    return make_workbench()


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Path of the browser; tests that use it carry the mark `browser`."""
    found = find_browser()
    assert found is not None, "no Chrome or Chromium, and this test is not marked or is needed"
    return found


@pytest.fixture(scope="session")
def prints() -> bool:
    """Are pages printed here? They are where there is a browser, and where one is needed."""
    return find_browser() is not None or bool(os.environ.get("REVMENTOR_NEED_BROWSER"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A private PostgreSQL server; tests that use it carry the mark `postgres`."""
    with cluster() as served:
        yield served


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """SQLAlchemy's address of a new, empty PostgreSQL database of this test alone."""
    with postgres.database() as url:
        yield url


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real data sets; tests that use it carry the mark `real`."""
    assert REAL_DATA.is_dir(), "a test that asks for real_data must be marked `real`"
    return REAL_DATA


@pytest.fixture(scope="session")
def demo_result(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The published result of the demo cycle, run once as a user runs it; to be read only.

    The processes of a parallel test run share it: the first one there runs the cycle.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    outputs = shared / "demo-outputs"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = outputs / "demo" / "base"
        if not (result / "manifest.json").is_file():
            done = subprocess.run(
                [str(command("revmentor")), "run", "demo", "--outputs", str(outputs)],
                cwd=shared,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
    return result


def command(name: str) -> Path:
    """A console script of the environment that runs the tests."""
    return Path(sys.executable).with_name(name)
