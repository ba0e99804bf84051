"""The demo cycle's own data: an invented company whose pairs are those that the match makes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import revmentor
from revmentor.cycle.fingerprint import code_digest
from revmentor.cycle.folders import check_writable, discard
from revmentor.cycle.lock import hold
from revmentor.data import load_tables
from revmentor.data.demo import company, review_tables, write_tables
from revmentor.errors import Fault, InputError
from revmentor.params import Params, Resolved, load_params
from revmentor.params.models import TABLES
from revmentor.paths import cycle_dir, demo_data_dir
from revmentor.publish.atomic import OPEN_FOLDER, make_folder, write_text

STAMP = ".made.json"
_UNFINISHED = ".data-"
_ROOMS = ("params", "data", "matching")
_OURS = frozenset({STAMP, *(f"{table}.csv" for table in TABLES)})


def ensure_demo_data(resolved: Resolved, *, root: Path, outputs: Path) -> Path:
    """Make the demo cycle's data unless it is there, and return its folder.

    It is made again when its size, its seed, the cycle's params or the code that makes it have
    changed. All scenarios of the cycle share it: it tells of the cycle as it ran with the scenario
    ``base``.

    Parameters
    ----------
    resolved : Resolved
        Params of the cycle; ``data.demo`` must be set.
    root, outputs : Path
        The workbench, and the folder of all results.
    """
    demo = resolved.params.data.demo
    if demo is None:
        raise ValueError(f"the cycle {resolved.cycle} has no demo data")
    base = load_params(resolved.cycle, "base", root=root)
    stamp = _stamp(base.params, demo.people, demo.seed)
    folder = demo_data_dir(outputs, resolved.cycle)
    if _made_as(folder) == stamp:
        return folder
    home = make_folder(check_writable(cycle_dir(outputs, resolved.cycle)))
    with hold(home / ".lock-data", f"the demo data of {resolved.cycle}", wait=True):
        if _made_as(folder) != stamp:
            for left in home.glob(f"{_UNFINISHED}*"):
                discard(left)
            made = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=home))
            try:
                _make(base.params, demo.people, demo.seed, made, stamp)
                if folder.exists():
                    _refuse_strangers(folder)
                    shutil.rmtree(folder)
                os.rename(made, folder)
            finally:
                shutil.rmtree(made, ignore_errors=True)
    return folder


def write_demo_company(people: int, seed: int, folder: Path, *, root: Path) -> list[Path]:
    """Write an invented company into a folder, one CSV per table of the contract.

    Parameters
    ----------
    people : int
        Employees, 40 to 100,000.
    seed : int
        The same seed gives the same company.
    folder : Path
        Made if it is not there; a folder that holds other files is refused.
    root : Path
        The workbench, whose ``demo`` cycle gives dates, weights and rules.

    Returns
    -------
    list of Path
        The files.
    """
    params = load_params("demo", "base", root=root).params
    stamp = _stamp(params, people, seed)
    if folder.exists():
        _refuse_strangers(folder)
    target = check_writable(folder.absolute())
    with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=target.parent) as name:
        made = Path(name)
        _make(params, people, seed, made, stamp)
        for path in sorted(made.iterdir()):
            os.replace(path, target / path.name)
    return sorted(target.glob("*.csv"))


def _make(params: Params, people: int, seed: int, folder: Path, stamp: str) -> None:
    """Invent the company, match it, let the pairs live their months, and write all tables."""
    # imported here: the solver takes a second to import, and data that is there needs none
    from revmentor.cycle.pool import problem_of
    from revmentor.matching import solve

    raw = company(people, seed, params.programme.start)
    write_tables(raw, folder)
    tables = load_tables(params, folder, only=set(raw))
    pairs = solve(problem_of(tables, params)).pairs
    write_tables(review_tables(raw, pairs, seed, params.programme), folder)
    folder.chmod(OPEN_FOLDER)
    write_text(folder / STAMP, stamp)


def _stamp(params: Params, people: int, seed: int) -> str:
    values = json.dumps(params.model_dump(mode="json", by_alias=True), sort_keys=True)
    return json.dumps(
        {
            "people": people,
            "seed": seed,
            "version": revmentor.__version__,
            "params": hashlib.sha256(values.encode()).hexdigest(),
            "code": code_digest(*_ROOMS),
        }
    )


def _made_as(folder: Path) -> str | None:
    stamp = folder / STAMP
    return stamp.read_text(encoding="utf-8", errors="replace") if stamp.is_file() else None


def _refuse_strangers(folder: Path) -> None:
    """Never overwrite what this module has not written."""
    if not folder.is_dir():
        problem, cure = "this is a file, not a folder", "name a new or an empty folder"
    else:
        held = set(os.listdir(folder))
        others = sorted(held - _OURS if STAMP in held else held)
        if not others:
            return
        problem = f"the folder holds other files (for example {others[0]})"
        cure = "name a new or an empty folder"
    raise InputError(Fault("folder in use", problem, cure, str(folder)))
