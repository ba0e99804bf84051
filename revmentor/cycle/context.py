"""What does a notebook work on? The cycle's params, its tables, and the folder of its results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from revmentor.cycle.approval import Approval, approval_of, approval_of_match, basis
from revmentor.cycle.decided import decided_in
from revmentor.cycle.fingerprint import read_stamps, stage_fingerprints
from revmentor.cycle.frozen import NOTEBOOKS, STAGE, Frozen, frozen_match
from revmentor.cycle.identity import CIRCLES, PAIRS, match_in
from revmentor.cycle.sources import tables_folder
from revmentor.cycle.stages import STAGES, Stage
from revmentor.data import Tables, load_tables
from revmentor.data.home import SNAPSHOT, Home
from revmentor.params import Params, Resolved, load_params
from revmentor.paths import cycle_dir, outputs_dir, result_dir, workbench_root
from revmentor.planning.due import gone_now, still_open
from revmentor.publish.workspace import RESTRICTED, Workspace

MADE_FROM = "made-from"


@dataclass(frozen=True)
class Context:
    """One cycle and scenario, opened.

    Parameters
    ----------
    resolved : Resolved
        The params with their layers.
    root : Path
        The workbench.
    folder : Path
        Where the tables are read from.
    work : Workspace
        Where artefacts are read and written: the draft folder, or a run's private one.
    draft : bool
        True where no runner publishes what is written.
    notebook : str
        Which notebook asks: it and the ones before it say which tables are read.
    """

    resolved: Resolved
    root: Path
    folder: Path
    work: Workspace
    draft: bool
    notebook: str

    @property
    def params(self) -> Params:
        """The resolved params."""
        return self.resolved.params

    @property
    def title(self) -> str:
        """What the cycle is called on every page."""
        return self.params.programme.title or self.resolved.cycle

    @property
    def today(self) -> dt.date:
        """The day of the calendar, in UTC."""
        return dt.datetime.now(dt.UTC).date()

    @property
    def gone(self) -> frozenset[str]:
        """Who has left by now, as the roster knows."""
        return gone_now(self.params, self.tables.people, self.today)

    @property
    def home(self) -> Path:
        """The folder of all results of this cycle: trail, check-in page, published scenarios."""
        return self.work.folder.parent

    @property
    def approval(self) -> Approval | None:
        """The approval of just the match that stands in this folder; None: it is a draft.

        Where the cycle approves its own match, there always is one, before publishing too.
        """
        match, names = match_in(self.work), (self.resolved.cycle, self.resolved.scenario)
        digest = match.digest if match else ""
        return approval_of_match(self._standing, self.params, *names, digest)

    @cached_property
    def tables(self) -> Tables:
        """The tables of this notebook's stage and those before it, loaded and checked once.

        Later tables are left alone: a fault in the sessions does not stop the planning.
        """
        names = [stage for stage in STAGES if self._comes_before(stage)]
        only = {table for stage in names for table in stage.tables}
        return self.read(only)

    def read(self, only: Collection[str]) -> Tables:
        """These tables, loaded and checked; what a run has read from databases stays as it was."""
        return load_tables(
            self.params,
            self.folder,
            only=only,
            cycle=self.resolved.cycle,
            decided=decided_in(self.home),
            home=Home(self.home, self.resolved.scenario, self.work.folder / SNAPSHOT),
        )

    def _comes_before(self, stage: Stage) -> bool:
        return min(book.name for book in stage.notebooks) <= self.notebook

    @cached_property
    def stamps(self) -> Mapping[str, str]:
        """Notebook to what it is made from: code, params, tables, notebook, earlier notebooks."""
        prints = read_stamps(self.work.folder) or stage_fingerprints(
            STAGES,
            self.root,
            self.resolved.digest,
            self.tables.digests,
            basis(self.params, self._standing, self.gone),
            self._frozen.prints if self._frozen else {},
            still_open(self.params, self.today),
        )
        return {book.name: prints[stage.name] for stage in STAGES for book in stage.notebooks}

    @property
    def _standing(self) -> Approval | None:
        return approval_of(self.home, self.resolved.scenario)

    @cached_property
    def _frozen(self) -> Frozen | None:
        """The approved match that no step replaces; None: steps match for themselves."""
        return frozen_match(self._standing, self.home / self.resolved.scenario)

    def is_recorded(self, notebook: str) -> bool:
        """Has this notebook written its artefacts here, from just these inputs?"""
        name = f"{MADE_FROM}-{notebook}"
        made = self.work.has(name) and self.work.read_json(name) == self.stamps[notebook]
        # A draft that was matched otherwise since is not the match that stands approved.
        return made and (notebook not in NOTEBOOKS or not self._frozen or bool(self.approval))

    def take_approved(self, notebook: str) -> bool:
        """Bring the approved match into this folder, if this notebook makes matches; was it?"""
        if notebook not in NOTEBOOKS or self._frozen is None:
            return False
        for name in (PAIRS, CIRCLES):
            (self.work.folder / RESTRICTED / f"{name}.parquet").unlink(missing_ok=True)
        self._frozen.published.copy(STAGE, self.work.folder)
        return True

    def mark_recorded(self, notebook: str) -> None:
        """Say that all artefacts of this notebook are written, and leave its end mark."""
        self.work.write_json(f"{MADE_FROM}-{notebook}", self.stamps[notebook], restricted=False)
        self.work.mark_done(notebook)


def open_context(
    notebook: str, cycle: str, scenario: str, *, root: str = "", data: str = "", workdir: str = ""
) -> Context:
    """Open a cycle and scenario for one notebook.

    Parameters
    ----------
    notebook : str
        Which notebook asks, as in ``03_matching``.
    cycle, scenario : str
        Names of the params' files.
    root : str
        The workbench; empty: the one that this package is installed from.
    data : str
        Folder of the tables; empty: as the params say.
    workdir : str
        Folder of artefacts; empty: the draft folder ``outputs/<cycle>/.draft-<scenario>``.

    Raises
    ------
    InputError
        With everything that is wrong with names and params.
    """
    bench = workbench_root(root)
    resolved = load_params(cycle, scenario, root=bench)
    outputs = outputs_dir(bench)
    folder = tables_folder(resolved, root=bench, outputs=outputs, data=data)
    drafts = cycle_dir(outputs, cycle) / f".draft-{result_dir(outputs, cycle, scenario).name}"
    work = Workspace(Path(workdir).resolve() if workdir else drafts)
    return Context(resolved, bench, folder, work, not workdir, notebook)
