"""Is a cycle ready to run? Names, params and tables, in seconds and without a kernel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from revmentor.cycle.earlier import check_earlier
from revmentor.cycle.owners import earlier_owners
from revmentor.cycle.sources import read_tables, tables_folder
from revmentor.data import LoadReport, Tables
from revmentor.params import Resolved, load_params
from revmentor.paths import check_name, cycle_dir, outputs_dir, workbench_root


@dataclass(frozen=True)
class Ready:
    """A cycle whose params and tables have been read and found right."""

    resolved: Resolved
    root: Path
    outputs: Path
    folder: Path
    tables: Tables


def get_ready(
    cycle: str,
    scenario: str = "base",
    *,
    root: str | Path = "",
    data: str | Path = "",
    outputs: str | Path = "",
    names: set[str] | None = None,
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
    return Ready(resolved, bench, results, folder, read_tables(resolved, folder, names, owners))


def check_cycle(
    cycle: str,
    scenario: str = "base",
    *,
    root: str | Path = "",
    data: str | Path = "",
    outputs: str | Path = "",
) -> LoadReport:
    """What would a run of this cycle read? Raises `InputError` with every fault found.

    Parameters are those of `get_ready`. A demo cycle makes its data if it is not there.
    """
    ready = get_ready(cycle, scenario, root=root, data=data, outputs=outputs)
    check_earlier(result_home(ready), ready.resolved.params, ready.tables.history)
    return ready.tables.report


def result_home(ready: Ready) -> Path:
    """Folder that holds all results of this cycle."""
    return cycle_dir(ready.outputs, ready.resolved.cycle)
