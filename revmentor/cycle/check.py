"""Is a cycle ready to run? Names, params and tables, in seconds and without a kernel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from revmentor import words
from revmentor.cycle.decided import decided_in
from revmentor.cycle.owners import earlier_owners
from revmentor.cycle.sources import read_tables, tables_folder
from revmentor.data import LoadReport, Tables
from revmentor.data.decided import Decided
from revmentor.errors import Fault
from revmentor.params import Params, Resolved, load_params
from revmentor.params.models import Source, TableName
from revmentor.paths import check_name, cycle_dir, outputs_dir, workbench_root
from revmentor.planning.capacity import plan_capacity
from revmentor.planning.conflict import Conflict
from revmentor.planning.conflicts import find_conflicts
from revmentor.planning.due import gone_now
from revmentor.planning.pairs import pairs_planned


@dataclass(frozen=True)
class Ready:
    """A cycle whose params and tables, and decisions by sheet, have been read and found right."""

    resolved: Resolved
    root: Path
    outputs: Path
    folder: Path
    tables: Tables
    decided: tuple[Decided, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What a check has found: how the tables came in, what the review will lack, and conflicts."""

    report: LoadReport
    notes: tuple[str, ...]
    conflicts: tuple[Conflict | Fault, ...] = ()

    def text(self) -> str:
        """All of it for a terminal."""
        found = [f"conflict: {conflict}" for conflict in self.conflicts]
        return "\n".join((self.report.text(), *(f"note: {note}" for note in self.notes), *found))


def get_ready(
    cycle: str,
    scenario: str = "base",
    *,
    root: str | Path = "",
    data: str | Path = "",
    outputs: str | Path = "",
    names: set[str] | None = None,
    more: Sequence[Decided] = (),
) -> Ready:
    """Check the names, resolve the params, find the tables, load them and check every row.

    Parameters
    ----------
    cycle, scenario : str
        Names of files in ``params/cycles`` and ``params/scenarios``.
    root, data, outputs : str or Path
        The workbench, the folder of the tables, the folder of all results; empty: the defaults.
    names : set of str or None
        Tables to load; None: all.
    more : sequence of Decided
        Decisions to check as if they were taken already, beside those that are.

    Returns
    -------
    Ready
        Everything that a run needs to begin.
    """
    check_name("cycle", cycle)
    check_name("scenario", scenario)
    bench = workbench_root(root)
    resolved = load_params(cycle, scenario, root=bench)
    results = outputs_dir(bench, outputs)
    folder = tables_folder(resolved, root=bench, outputs=results, data=data)
    owners = earlier_owners(results, resolved)
    decided = decided_in(cycle_dir(results, cycle))
    tables = read_tables(resolved, folder, names, owners, results, (*decided, *more))
    if resolved.params.enrolment.limited:
        # imported here: a check of a cycle without limited places does not need it
        from revmentor.planning.enrolment import select

        select(tables.applications, resolved.params, tables.decisions)
    return Ready(resolved, bench, results, folder, tables, decided)


def check_cycle(
    cycle: str,
    scenario: str = "base",
    *,
    root: str | Path = "",
    data: str | Path = "",
    outputs: str | Path = "",
) -> Checked:
    """What would a run of this cycle read? Raises `InputError` with every fault found.

    Parameters are those of `get_ready`. A demo cycle makes its data if it is not there.
    """
    ready = get_ready(cycle, scenario, root=root, data=data, outputs=outputs)
    home, left = result_home(ready), tuple[str, ...]()
    params, tables = ready.resolved.params, ready.tables
    if home.is_dir():
        # imported here: it doubles the time of a check, and before the first run nothing is kept
        from revmentor.cycle.approval import approval_of
        from revmentor.cycle.earlier import check_earlier
        from revmentor.cycle.frozen import check_there, frozen_match, left_in

        check_earlier(home, params, tables.history)
        frozen = frozen_match(approval_of(home, scenario), home / scenario)
        if frozen is not None:
            check_there(frozen, tables)
            today = dt.datetime.now(dt.UTC).date()
            left = left_in(frozen, gone_now(params, tables.people, today))
    conflicts: list[Conflict | Fault] = [*conflicts_of(params, tables)]
    if tables.decisions is not None:
        # imported here: a check without decisions does not need what matches
        from revmentor.cycle.pins import against_rules

        conflicts += against_rules(tables, params)
    caution = params.unreached()
    notes = (
        *left,
        *unjudged(params, tables),
        *([caution[0].lower() + caution[1:]] if caution else ()),
    )
    return Checked(tables.report, notes, tuple(conflicts))


def conflicts_of(params: Params, tables: Tables) -> tuple[Conflict, ...]:
    """What in the cycle's design cannot hold, for the coordinator: with numbers of people."""
    applications = tables.applications
    here = applications
    if params.enrolment.limited:
        # imported here: a check of a cycle without limited places does not need it
        from revmentor.planning.enrolment import select

        here = select(applications, params, tables.decisions).pool()
    planned = pairs_planned(here, params.matching.capacity, params.programme.pairs_planned)
    capacity = plan_capacity(applications, params, planned)
    return find_conflicts(params, tables.people, applications, capacity)


def unjudged(params: Params, tables: Tables) -> tuple[str, ...]:
    """Which criteria of the charter can the review not judge yet, for want of a table?

    Parameters
    ----------
    params : Params
    tables : Tables
        All of the cycle's.

    Returns
    -------
    tuple of str
        A sentence for each table that is not there, or has no rows; empty if nothing is lacking.
    """
    lacking: dict[TableName, list[str]] = {}
    for item in params.charter.success:
        table = cast(TableName, item.measure.table)
        frame = getattr(tables, table) if table else tables.people
        if frame is None or frame.empty:
            due = f" (due {item.due:%-d %B %Y})" if item.due else ""
            lacking.setdefault(table, []).append(f"“{item.criterion}”{due}")
    notes = []
    for table, criteria in lacking.items():
        source = params.data.tables.get(table)
        where = _to_fill(source) if source else f"name its file in data.tables.{table}"
        notes.append(
            f"without rows in the table {table}, the review cannot judge {words.listed(criteria)}: "
            f"{where}, or change the charter."
        )
    return tuple(notes)


def _to_fill(source: Source) -> str:
    """What to do for rows to come in."""
    if source.way == "checkin":
        return "let people answer on the check-in page"
    if source.way == "sql":
        return "see that its query gives rows"
    return f"fill {source.path or words.listed([file.path for file in source.files])}"


def result_home(ready: Ready) -> Path:
    """Folder that holds all results of this cycle."""
    return cycle_dir(ready.outputs, ready.resolved.cycle)
