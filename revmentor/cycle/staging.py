"""One run's stages: kept from the published result, or run notebook by notebook."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from revmentor.cycle.check import Ready
from revmentor.cycle.execution import run_notebook
from revmentor.cycle.kernels import Kernels, imports_of
from revmentor.cycle.reuse import Plan, Published, same_artefacts
from revmentor.cycle.stages import STAGES, Stage
from revmentor.errors import RevmentorError
from revmentor.paths import notebooks_dir
from revmentor.publish.atomic import PRIVATE_FILE, make_folder
from revmentor.publish.slides import take_slides
from revmentor.publish.workspace import DONE

RUN_LOG = "run.log"
Record = dict[str, Any]


@dataclass(frozen=True)
class Staging:
    """How the stages of one run come into its folder.

    Parameters
    ----------
    ready : Ready
        What the run works on.
    folder : Path
        The run's private folder.
    published : Published
        The result as it stands.
    prints : Mapping[str, str]
        Today's fingerprint of every stage.
    say : callable
        Tells a sentence to whoever waits.
    why_kept : Mapping[str, str]
        Stage to why it is kept, where that is not that it is up to date.
    progress : TextIO or None
        Stream for what the notebooks print.
    """

    ready: Ready
    folder: Path
    published: Published
    prints: Mapping[str, str]
    say: Callable[[str], None]
    why_kept: Mapping[str, str]
    progress: TextIO | None

    def perform(self, todo: Plan, log: logging.Logger) -> list[Record]:
        """Bring every stage of the plan into the folder, in order; returns their records."""
        records: dict[str, Record] = {}
        left = [path for stage in todo.run for path in sources(self.ready, stage)]
        unchanged = True
        kernels = Kernels(self.ready.root, self.folder / RUN_LOG)
        try:
            for stage in STAGES:
                again = stage in todo.later and todo.renew and not unchanged
                if stage in todo.kept or (stage in todo.later and unchanged):
                    records[stage.name] = self._keep(stage, told=stage in todo.kept)
                elif stage in todo.run or again:
                    left += sources(self.ready, stage) if again else []
                    record = self._run(stage, left, kernels, log)
                    unchanged = unchanged and same_artefacts(self.published, record, self.folder)
                    records[stage.name] = record
        finally:
            kernels.close()
        for name in self.published.stages:
            if name not in records:
                self.say(f"{name}: left out, it no longer fits; run --stage {name} to renew it.")
        return list(records.values())

    def _keep(self, stage: Stage, *, told: bool) -> Record:
        if told:
            self.say(f"{stage.name}: {self.why_kept.get(stage.name, 'up to date, kept.')}")
        return {**self.published.copy(stage.name, self.folder), "status": "kept"}

    def _run(self, stage: Stage, left: list[Path], kernels: Kernels, log: logging.Logger) -> Record:
        """Run the notebooks of this stage; kernels for those that are left warm up meanwhile."""
        before = _states(self.folder)
        books = []
        make_folder(self.folder / "notebooks")
        for book, source in zip(stage.notebooks, sources(self.ready, stage), strict=True):
            kernel = kernels.take()
            left.remove(source)
            kernels.prepare([imports_of(path) for path in left])
            log.info("%s started", source.stem)
            executed = self.folder / "notebooks" / source.name
            seconds = run_notebook(
                source,
                executed,
                kernel,
                self._parameters(),
                cwd=self.ready.root,
                progress=self.progress,
            )
            kernels.stop(kernel)
            take_slides(executed, self.folder, shared=not book.restricted)
            if book.restricted:
                executed.chmod(PRIVATE_FILE)
            log.info("%s done in %.1f s", source.stem, seconds)
            self.say(f"{source.stem}: done in {seconds:.1f} s.")
            books.append({"notebook": source.stem, "seconds": round(seconds, 2), "status": "done"})
        after = _states(self.folder)
        rewritten = sorted(name for name in before if after.get(name) != before[name])
        if rewritten:
            raise RevmentorError(
                f"stage {stage.name} wrote files of an earlier stage again "
                f"({', '.join(rewritten[:3])}). Most often a table, a notebook or the package was "
                "changed while the run was on: run it again."
            )
        return {
            "stage": stage.name,
            "status": "done",
            "ran_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "notebooks": books,
            "files": sorted(set(after) - set(before)),
            "fingerprint": self.prints[stage.name],
        }

    def _parameters(self) -> dict[str, str]:
        return {
            "cycle": self.ready.resolved.cycle,
            "scenario": self.ready.resolved.scenario,
            "root": str(self.ready.root),
            "data": str(self.ready.folder),
            "workdir": str(self.folder),
        }


def sources(ready: Ready, stage: Stage) -> list[Path]:
    """The notebooks of a stage, in order."""
    return [notebooks_dir(ready.root) / f"{book.name}.ipynb" for book in stage.notebooks]


def _states(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file that stages own, with what changes when it is written."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and DONE not in path.parts and path.name != RUN_LOG
    }
