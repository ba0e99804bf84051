"""Run a cycle from its tables to its published result: all of it, or nothing changes."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from revmentor.cycle import trail
from revmentor.cycle.approval import approvals, basis
from revmentor.cycle.approving import approve_itself
from revmentor.cycle.charters import record_published
from revmentor.cycle.check import Ready, get_ready, result_home
from revmentor.cycle.decided import decided_in
from revmentor.cycle.earlier import check_earlier, kept_reports
from revmentor.cycle.execution import NotebookError, check_notebooks, logged
from revmentor.cycle.fingerprint import stage_fingerprints, write_stamps
from revmentor.cycle.folders import (
    check_writable,
    discard,
    failed_folder,
    finish,
    private_folder,
    recover,
    swap_in,
)
from revmentor.cycle.frozen import STAGE, also_published, check_there, frozen_match
from revmentor.cycle.history import remember
from revmentor.cycle.interrupts import raise_on_signals
from revmentor.cycle.kept import keep
from revmentor.cycle.ledgers import released
from revmentor.cycle.lock import hold
from revmentor.cycle.pages import write_pages
from revmentor.cycle.reuse import Published, plan
from revmentor.cycle.stages import ALL, STAGES, Stage, stages_up_to
from revmentor.cycle.staging import RUN_LOG, Staging, sources
from revmentor.cycle.told import told_of
from revmentor.data.home import SNAPSHOT, snapshot_files
from revmentor.errors import LockedError, RevmentorError
from revmentor.paths import as_typed, check_name, cycle_dir, outputs_dir, workbench_root
from revmentor.planning.due import gone_now, still_open
from revmentor.publish.atomic import (
    OPEN_FILE,
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    make_folder,
    write_text,
)
from revmentor.publish.leaks import People, leaks
from revmentor.publish.manifest import build_manifest, git_state, write_manifest
from revmentor.publish.workspace import Workspace

PARAMS_FILE = "params.resolved.yaml"
SUMMARY, TOTALS = "certificate_summary", "certificate_totals"


def run_cycle(
    cycle: str,
    scenario: str = "base",
    *,
    stage: str = ALL,
    root: str | Path = "",
    data: str | Path = "",
    outputs: str | Path = "",
    progress: TextIO | None = None,
) -> Path:
    """Run a cycle's notebooks and publish their result.

    Parameters
    ----------
    cycle, scenario : str
        Names of files in ``params/cycles`` and ``params/scenarios``.
    stage : str
        ``plan``, ``match``, ``launch``, ``review``, ``report`` or ``all``. A single stage always
        runs; earlier ones run first if they are not up to date, else their files are kept. Files
        of later stages stay only if they still fit. ``all`` runs every stage. A match that a
        person approved is kept by all of them, and later stages then run again if they no longer
        fit.
    root, data, outputs : str or Path
        The workbench, the folder of the tables, the folder of all results; empty: the defaults.
    progress : TextIO or None
        Stream for what is going on; None: silence.

    Returns
    -------
    Path
        Folder of the published result.

    Raises
    ------
    RevmentorError
        With its exit code; what was published before is then exactly as it was.
    """
    asked = stages_up_to(stage)
    with raise_on_signals():
        home = cycle_dir(
            check_writable(outputs_dir(workbench_root(root), outputs)), check_name("cycle", cycle)
        )
        wanted = (*asked, *also_published(home, scenario))
        needed = {table for each in wanted for table in each.tables}
        ready = get_ready(cycle, scenario, root=root, data=data, outputs=outputs, names=needed)
        check_earlier(home, ready.resolved.params, ready.tables.history)
        check_notebooks([path for each in wanted for path in sources(ready, each)])
        make_folder(home)
        with hold(home / f".lock-{scenario}", f"{cycle}, scenario {scenario},") as stale:
            run = _Run(ready, progress)
            run.say(stale, *recover(run.result))
            return run.publish(asked, every=stage == ALL)


class _Run:
    """One run that holds the lock."""

    def __init__(self, ready: Ready, progress: TextIO | None) -> None:
        self.ready = ready
        self.progress = progress
        self.home = result_home(ready)
        self.scenario = ready.resolved.scenario
        self.result = self.home / self.scenario
        self.began = dt.datetime.now(dt.UTC)
        self.trail = trail.read(self.home)
        self.approved = approvals(self.trail.entries, ready.resolved.cycle).get(self.scenario)
        self.known = kept_reports(self.home, ready.tables.history)

    def say(self, *sentences: str) -> None:
        for sentence in filter(None, sentences):
            if self.progress is not None:
                print(as_typed(sentence), file=self.progress, flush=True)

    def publish(self, asked: tuple[Stage, ...], every: bool) -> Path:
        frozen = frozen_match(self.approved, self.result)
        if frozen:
            check_there(frozen, self.ready.tables)
        published = frozen.published if frozen else Published.read(self.result)
        inputs = {**published.inputs, **self.ready.tables.digests}
        resolved, root = self.ready.resolved, self.ready.root
        params, today = resolved.params, self.began.date()
        approval = basis(params, self.approved, gone_now(params, self.ready.tables.people, today))
        kept = frozen.prints if frozen else {}
        early = still_open(params, today)
        prints = stage_fingerprints(STAGES, root, resolved.digest, inputs, approval, kept, early)
        folder = private_folder(self.home, self.scenario)
        write_stamps(folder, prints)
        self._write_snapshot(folder)
        why = frozen.why if frozen else {}
        staging = Staging(self.ready, folder, published, prints, self.say, why, self.progress)
        try:
            todo = plan(asked, every, prints, published, STAGE if frozen else "")
            with logged(folder / RUN_LOG) as log:
                records = staging.perform(todo, log)
            self._check_same_decisions()
            self._complete(folder, records, inputs)
            with released(folder, self.home, self.ready, self.began, self.known):
                swap_in(folder, self.result)
            approve_itself(self.home, self.result, resolved)
            self._say_changes(any(stage.name == STAGE for stage in todo.run))
            record_published(self.home, self.result)
            remember(self.ready.outputs, self.result)
            discard(failed_folder(self.home, self.scenario))
        except NotebookError as error:
            raise self._keep_failed(folder, error) from error
        except OSError as error:
            raise RevmentorError(
                f"the result could not be written ({error.strerror}). Nothing was published; see "
                "that the disk has room and that nobody else works in the folder of outputs."
            ) from error
        finally:
            discard(folder)
        return self.result

    def _write_snapshot(self, folder: Path) -> None:
        """Keep what was read from databases, so that answers that come in meanwhile wait."""
        for name, text in snapshot_files(self.ready.tables.taken).items():
            write_text(make_folder(folder / SNAPSHOT, PRIVATE_FOLDER) / name, text, PRIVATE_FILE)

    def _say_changes(self, matched: bool) -> None:
        """What a run that matched changed, once it is published."""
        told = told_of(self.result, self.ready.resolved, self.approved)
        if told is not None and matched:
            self.say(told.changed)

    def _check_same_decisions(self) -> None:
        """Notebooks read the decisions for themselves: were they the same from first to last?"""
        if decided_in(self.home) != self.ready.decided:
            raise LockedError(
                "the result was not published: decisions were read from a sheet while this run "
                "was on. Run it again: it then goes by all of them."
            )

    def _complete(
        self, folder: Path, records: list[dict[str, Any]], inputs: Mapping[str, str]
    ) -> None:
        resolved = self.ready.resolved
        discard(folder / SNAPSHOT)
        write_text(folder / PARAMS_FILE, resolved.to_yaml(), OPEN_FILE)
        keep(folder, resolved, self.ready.tables)
        workspace = Workspace(folder)
        sums = [workspace.read_json(name) for name in (SUMMARY, TOTALS) if workspace.has(name)]
        matching = {name: value for each in sums for name, value in each.items()} or None
        used = {
            table for stage in STAGES for table in stage.tables if stage.name in _names(records)
        }
        git = git_state(self.ready.root)
        told = told_of(folder, resolved, self.approved)
        lines = told.lines if told else ("", "")
        write_pages(folder, resolved, records, self.began, git, matching, lines)
        named = leaks(folder, People.of(self.ready.tables.people))
        if named:
            raise RevmentorError(
                f"the result was not published: {', '.join(sorted(named))} would name people of "
                "your roster outside restricted/. This is a fault of the notebook or of revmentor."
            )
        finish(folder)
        write_manifest(
            folder,
            build_manifest(
                folder,
                cycle=resolved.cycle,
                scenario=self.scenario,
                created_at=self.began,
                inputs={table: digest for table, digest in inputs.items() if table in used},
                params_digest=resolved.digest,
                seed=resolved.params.solver.seed,
                git=git,
                stages=records,
                matching=matching,
                trail=self.trail.head,
                approval=told.facts if told else None,
            ),
        )

    def _keep_failed(self, folder: Path, error: NotebookError) -> NotebookError:
        """Keep the executed notebooks and the log of a failed run, for its owner only."""
        kept = failed_folder(self.home, self.scenario)
        discard(kept)
        make_folder(kept, PRIVATE_FOLDER)
        for path in (*(folder / "notebooks").glob("*.ipynb"), folder / RUN_LOG):
            shutil.copyfile(path, kept / path.name)
            (kept / path.name).chmod(PRIVATE_FILE)
        return NotebookError(f"{error}\nThe notebook as far as it ran: {kept}", error.exit_code)


def _names(records: list[dict[str, Any]]) -> set[str]:
    return {record["stage"] for record in records}
