"""A fresh kernel for every notebook, the next ones warming up while the current one works."""

from __future__ import annotations

import ast
import asyncio
import os
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import nbformat
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop, run_sync

from revmentor.names import SLIDES_WANTED

AHEAD = 2
_LONGEST_SOCKET = 90
_PREFIX = "revmentor-kernel-"
_DIE_WITH_US = (
    "__import__('revmentor.cycle.interrupts', fromlist=['die_with_parent']).die_with_parent()"
)
_NOT_PASSED_ON = ("JPY_SESSION_NAME",)


class OwnKernel(AsyncKernelManager):
    """A kernel of the very Python that runs this code.

    A user's own kernel spec named python3 would come first otherwise, and may be another Python.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._clients: list[AsyncKernelClient] = []

    @property
    def kernel_spec(self) -> KernelSpec:
        """This interpreter's spec."""
        spec: dict[str, Any] = get_kernel_dict()
        spec["argv"] = [sys.executable, *spec["argv"][1:]]
        return KernelSpec(**spec)

    def client(self, **options: Any) -> AsyncKernelClient:  # type: ignore[override]
        """A client, remembered so that `end` can close its sockets."""
        self._clients.append(super().client(**options))
        return self._clients[-1]

    def end(self) -> None:
        """End the kernel at once, with everything that it started, and close all sockets."""
        for client in self._clients:
            client.stop_channels()
        self._clients.clear()
        run_sync(self.shutdown_kernel)(now=True)


class Kernels:
    """Kernels for a series of notebooks, each used once.

    Sockets are files in a private folder rather than TCP ports, so that no other user can connect
    and no two runs meet on a port.

    Parameters
    ----------
    cwd : Path
        Working directory of the kernels.
    log : Path
        File for what a kernel's process prints outside its cells.
    """

    def __init__(self, cwd: Path, log: Path) -> None:
        _remove_abandoned()
        self._cwd = cwd
        self._log = log
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        self._count = 0
        self._warm: deque[OwnKernel] = deque()
        self._running: list[OwnKernel] = []

    def take(self) -> OwnKernel:
        """A kernel that nothing has run in; its caller gives it back with `stop`."""
        return self._warm.popleft() if self._warm else self._start(())

    def prepare(self, imports: Sequence[Iterable[str]]) -> None:
        """Let kernels for the notebooks to come start and import while the current one works.

        Parameters
        ----------
        imports : Sequence[Iterable[str]]
            What each of them imports, in order; see `imports_of`. At most `AHEAD` are kept warm:
            two fill the cores that most machines have, more only cost memory.
        """
        for lines in imports[len(self._warm) : AHEAD]:
            self._warm.append(self._start(lines))

    def stop(self, kernel: OwnKernel) -> None:
        """End a kernel at once, with everything that it started."""
        self._running.remove(kernel)
        kernel.end()

    def close(self) -> None:
        """End all kernels and remove their sockets."""
        _drop_tasks()
        for kernel in list(self._running):
            self.stop(kernel)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, lines: Iterable[str]) -> OwnKernel:
        self._count += 1
        connection = self._folder / f"{self._count}.json"
        kernel = OwnKernel(connection_file=str(connection))
        if len(str(connection)) < _LONGEST_SOCKET:
            kernel.transport = "ipc"
            kernel.ip = str(self._folder / str(self._count))
        arguments = [f"--IPKernelApp.exec_lines={line}" for line in (_DIE_WITH_US, *lines)]
        environment = {k: v for k, v in os.environ.items() if k not in _NOT_PASSED_ON}
        environment[SLIDES_WANTED] = "1"
        with self._log.open("ab") as log:
            self._running.append(kernel)
            run_sync(kernel.start_kernel)(
                cwd=str(self._cwd),
                env=environment,
                stdout=log,
                stderr=log,
                extra_arguments=["--HistoryManager.enabled=False", *arguments],
            )
        return kernel


def imports_of(notebook: Path) -> list[str]:
    """What a notebook imports, as expressions that import the same and bind no name.

    A kernel that has the modules in memory already runs the notebook sooner; the notebook still
    imports them itself.
    """
    found: dict[str, None] = {}
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            continue
        for statement in tree.body:
            if isinstance(statement, ast.Import):
                found |= {f"__import__({alias.name!r})": None for alias in statement.names}
            elif isinstance(statement, ast.ImportFrom) and statement.module:
                names = [alias.name for alias in statement.names]
                found[f"__import__({statement.module!r}, fromlist={names!r})"] = None
    return list(found)


def _drop_tasks() -> None:
    """Cancel what an interrupt left half done, lest it speaks up when the kernels end."""
    loop = ensure_event_loop()
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


def _remove_abandoned() -> None:
    """Remove socket folders of runs of this user that are no more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not _alive(int(pid)) and folder.stat().st_uid == os.getuid():
            shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
