"""Which folder does a cycle read its tables from?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

from revmentor.cycle.demo import ensure_demo_data
from revmentor.data import Tables, load_tables
from revmentor.data.decided import Decided
from revmentor.data.home import Home
from revmentor.data.owners import Owners
from revmentor.errors import Fault, InputError
from revmentor.params import Resolved
from revmentor.paths import cycle_dir


def tables_folder(resolved: Resolved, *, root: Path, outputs: Path, data: str | Path = "") -> Path:
    """The folder in which the paths of ``data.tables`` start.

    Order: ``data`` (as given with ``--data``), ``data.folder`` of the params (relative to the
    workbench), the demo cycle's own data (made here if it is not there or is out of date), the
    workbench.

    Parameters
    ----------
    resolved : Resolved
        The cycle's params.
    root, outputs : Path
        The workbench, and the folder of all results.
    data : str or Path
        What the caller asked for; empty: nothing. Relative to the current folder.

    Returns
    -------
    Path
        An existing folder, absolute.
    """
    asked = resolved.params.data
    if str(data):
        folder, named_by = Path(data).absolute(), "--data"
    elif asked.folder:
        folder, named_by = root / asked.folder, "data.folder"
    elif asked.demo is not None:
        return ensure_demo_data(resolved, root=root, outputs=outputs)
    else:
        return root
    if not folder.is_dir():
        raise InputError(
            Fault(
                "no folder",
                "there is no such folder",
                f"name the folder of the tables with {named_by}",
                str(folder),
            )
        )
    return folder


def read_tables(
    resolved: Resolved,
    folder: Path,
    names: set[str] | None = None,
    owners: Owners = MappingProxyType({}),
    outputs: Path | None = None,
    decided: Sequence[Decided] = (),
) -> Tables:
    """Load and check these tables (None: all that the cycle names) from the folder.

    ``owners`` says whose each id was in earlier published cycles; ``outputs`` is the folder of all
    results, where published pairs and the check-in page's answers are; ``decided`` is what was
    decided by sheet.
    """
    home = Home(cycle_dir(outputs, resolved.cycle), resolved.scenario) if outputs else None
    return load_tables(
        resolved.params,
        folder,
        only=names,
        cycle=resolved.cycle,
        owners=owners,
        home=home,
        decided=decided,
    )
