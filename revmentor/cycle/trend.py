"""Run the notebook of the trend, and publish its page: all of it, or nothing changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TextIO

from revmentor.cycle.execution import check_notebooks, run_notebook
from revmentor.cycle.folders import (
    check_writable,
    discard,
    finish,
    private_folder,
    recover,
    swap_in,
)
from revmentor.cycle.interrupts import raise_on_signals
from revmentor.cycle.kernels import Kernels
from revmentor.cycle.lock import hold
from revmentor.cycle.published import check_published
from revmentor.errors import RevmentorError
from revmentor.params import load_params
from revmentor.paths import check_name, notebooks_dir, outputs_dir, workbench_root
from revmentor.publish.atomic import OPEN_FOLDER, make_folder
from revmentor.publish.html import write_page
from revmentor.publish.manifest import versions
from revmentor.publish.slides import take_slides

NAME = "trend"
NOTEBOOK = "07_trend"
PAGE = "report/index.html"


def run_trend(
    cycle: str,
    scenario: str = "base",
    *,
    root: str | Path = "",
    outputs: str | Path = "",
    progress: TextIO | None = None,
) -> Path:
    """Compare the published cycles up to this one.

    Parameters are those of `revmentor.cycle.run.run_cycle`; no table is read.

    Returns
    -------
    Path
        The page, ``outputs/trend/report/index.html``.
    """
    with raise_on_signals():
        check_name("cycle", cycle)
        bench = workbench_root(root)
        load_params(cycle, scenario, root=bench)
        source = notebooks_dir(bench) / f"{NOTEBOOK}.ipynb"
        check_notebooks([source])
        home = check_writable(outputs_dir(bench, outputs))
        check_published(home)
        with hold(home / f".lock-{NAME}", "the trend") as stale:
            for sentence in filter(None, (stale, *recover(home / NAME))):
                if progress is not None:
                    print(sentence, file=progress, flush=True)
            folder = private_folder(home, NAME)
            try:
                _run(source, folder, cycle, scenario, bench, progress)
                swap_in(folder, home / NAME)
            except OSError as error:
                raise RevmentorError(
                    f"the trend could not be written ({error.strerror}); the last one is as it was."
                ) from error
            finally:
                discard(folder)
        return home / NAME / PAGE


def _run(
    source: Path, folder: Path, cycle: str, scenario: str, bench: Path, progress: TextIO | None
) -> None:
    kernels = Kernels(bench, folder / "run.log")
    try:
        kernel = kernels.take()
        make_folder(folder / "notebooks")
        target = folder / "notebooks" / source.name
        parameters = {
            "cycle": cycle,
            "scenario": scenario,
            "root": str(bench),
            "data": "",
            "workdir": str(folder),
        }
        run_notebook(source, target, kernel, parameters, cwd=bench, progress=progress)
        kernels.stop(kernel)
        take_slides(target, folder, shared=True)
    finally:
        kernels.close()
    page = folder / PAGE
    make_folder(page.parent, OPEN_FOLDER)
    made = {
        "Made": dt.datetime.now(dt.UTC).strftime("%-d %B %Y, %H:%M UTC"),
        "Versions": ", ".join(f"{name} {version}" for name, version in versions().items()),
    }
    write_page(target, page, title="The programme over its cycles", made=made)
    finish(folder)
