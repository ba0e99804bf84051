"""Run one notebook with papermill, believe only its end mark, and say plainly why it stopped."""

from __future__ import annotations

import ast
import importlib
import json
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from revmentor.cycle.kernels import OwnKernel
from revmentor.errors import Fault, RevmentorError, check_faults
from revmentor.publish.atomic import OPEN_FILE, PRIVATE_FILE
from revmentor.publish.workspace import Workspace

INTERRUPTED = 130

PARAMETERS = ("cycle", "scenario", "root", "data", "workdir")
START_SECONDS = 300
CELL_SECONDS = 6 * 3600
ANSWER_SECONDS = 120


class NotebookError(RevmentorError):
    """A notebook stopped; carries the exit code of what stopped it."""

    def __init__(self, message: str, exit_code: int = RevmentorError.exit_code) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def check_notebooks(notebooks: list[Path]) -> None:
    """Are these notebooks there, with one cell that takes the five parameters?

    papermill only warns about a parameter that a notebook does not know, and runs on with the
    notebook's own default; so it is checked here, before any kernel starts.
    """
    faults = []
    for path in notebooks:
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        except FileNotFoundError:
            faults.append(
                Fault("no notebook", "there is no such notebook", "restore it", str(path))
            )
            continue
        except (json.JSONDecodeError, KeyError, TypeError, UnicodeDecodeError):
            faults.append(
                Fault("not a notebook", "this is not a notebook", "restore it", str(path))
            )
            continue
        missing = [name for name in PARAMETERS if name not in _assigned(cells)]
        if missing:
            faults.append(
                Fault(
                    "parameters cell",
                    f"no cell tagged `parameters` sets {', '.join(missing)}",
                    f"let one cell with that tag set {', '.join(PARAMETERS)}",
                    path.name,
                )
            )
    check_faults(faults)


def _assigned(cells: list[dict[str, Any]]) -> set[str]:
    names: set[str] = set()
    for cell in cells:
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            try:
                tree = ast.parse("".join(cell["source"]))
            except SyntaxError:
                continue
            for statement in tree.body:
                if isinstance(statement, ast.Assign):
                    targets = statement.targets
                elif isinstance(statement, ast.AnnAssign):
                    targets = [statement.target]
                else:
                    continue
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def run_notebook(
    source: Path,
    target: Path,
    kernel: OwnKernel,
    parameters: Mapping[str, str],
    *,
    cwd: Path,
    progress: TextIO | None = None,
) -> float:
    """Run a notebook and return the seconds that it took.

    Parameters
    ----------
    source, target : Path
        The notebook and its executed copy.
    kernel : OwnKernel
        A kernel that nothing has run in.
    parameters : Mapping[str, str]
        Flat text; ``workdir`` is the folder where the end mark must appear.
    cwd : Path
        Working directory, for the time of the run.
    progress : TextIO or None
        Stream for a bar that counts cells; None: no bar.
    """
    name = source.stem
    workspace = Workspace(Path(parameters["workdir"]))
    workspace.clear_done(name)
    bar: bool | dict[str, Any] = False
    if progress is not None and progress.isatty():
        bar = {"desc": name, "file": progress, "leave": False, "dynamic_ncols": True}
    began = time.monotonic()
    try:
        papermill.execute_notebook(
            source,
            target,
            parameters=dict(parameters),
            kernel_name="python3",
            km=kernel,
            progress_bar=bar,
            start_timeout=START_SECONDS,
            execution_timeout=CELL_SECONDS,
            iopub_timeout=ANSWER_SECONDS,
            cwd=cwd,
        )
    except PapermillExecutionError as error:
        target.chmod(PRIVATE_FILE)
        raise _explain(name, error) from error
    except DeadKernelError as error:
        raise NotebookError(
            f"the kernel of {name} died. Most often the machine ran out of memory: close other "
            "programs, or run where there is more memory; run.log may say more."
        ) from error
    except (CellTimeoutError, RuntimeError) as error:
        raise NotebookError(
            f"{name} gave no answer in time ({type(error).__name__}). Run it again when the "
            "machine is less busy; --debug shows more."
        ) from error
    if not workspace.is_done(name):
        raise NotebookError(
            f"{name} ended before its last cell, without an error. Look for an exit() in it; its "
            "last cell must be reached."
        )
    target.chmod(OPEN_FILE)
    return time.monotonic() - began


def _explain(name: str, error: PapermillExecutionError) -> NotebookError:
    code = _exit_codes().get(error.ename)
    if code is not None:
        return NotebookError(str(error.evalue), code)
    if error.ename == "KeyboardInterrupt":
        return NotebookError(
            f"{name} was interrupted in code cell {error.exec_count}.", INTERRUPTED
        )
    return NotebookError(
        f"{name} stopped in code cell {error.exec_count} with {error.ename}. This is a fault of "
        "the notebook or of revmentor, not of your data; --debug shows it in full."
    )


def _exit_codes() -> dict[str, int]:
    """Exit code of each error that revmentor raises on purpose, by class name.

    A kernel hands over an error's class by name only. Importing what notebooks import makes the
    subclasses of all rooms known; it is done when a notebook has failed and not before.
    """
    with suppress(ImportError):
        importlib.import_module("revmentor.lab")
    codes: dict[str, int] = {}
    kinds: list[type[RevmentorError]] = [RevmentorError]
    while kinds:
        kind = kinds.pop()
        codes[kind.__name__] = kind.exit_code
        kinds += kind.__subclasses__()
    return codes


@contextmanager
def logged(path: Path) -> Iterator[logging.Logger]:
    """Log the run and papermill's own words to this file; nothing of the data is in them."""
    path.touch(mode=PRIVATE_FILE)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    loggers = [logging.getLogger("revmentor.run"), logging.getLogger("papermill")]
    before = [(each, each.level, each.propagate) for each in loggers]
    for each in loggers:
        each.addHandler(handler)
        each.setLevel(logging.INFO)
        each.propagate = False
    try:
        yield loggers[0]
    finally:
        for each, level, propagate in before:
            each.removeHandler(handler)
            each.setLevel(level)
            each.propagate = propagate
        handler.close()
