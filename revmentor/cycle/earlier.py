"""What do earlier runs bind a new one to: reports already told, their minimums, the charter?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

from revmentor.cycle import charters
from revmentor.disclosure.ledger import Ledger
from revmentor.errors import Fault, InputError, check_faults
from revmentor.params import Params
from revmentor.publish.releases import FOLDER, check_minimums, check_releases, releases_of


def earlier_reports(home: Path, history: pd.DataFrame | None) -> Ledger:
    """What did the published reports of this cycle tell, and of the cycles that its history names?

    Parameters
    ----------
    home : Path
        Folder of the cycle's results.
    history : DataFrame or None
        Its cycles are looked up beside `home`.
    """
    return tuple(query for each in _homes(home, history) for query in releases_of(each))


def kept_reports(home: Path, history: pd.DataFrame | None) -> frozenset[Path]:
    """Where is kept what `earlier_reports` reads? A report that is published later is no part."""
    homes = _homes(home, history)
    return frozenset(path for each in homes for path in (each / FOLDER).glob("*.parquet"))


def check_earlier(home: Path, params: Params, history: pd.DataFrame | None) -> None:
    """Can a run go by what earlier runs kept? Asked before anything is computed.

    Parameters
    ----------
    home : Path
        Folder of the cycle's results; it need not exist.
    params : Params
        Their minimums must be those of the first report.
    history : DataFrame or None
        As for `earlier_reports`.

    Raises
    ------
    InputError
        With everything that cannot be read, or is not as it was in the first report.
    """
    checks: list[Callable[[], object]] = [
        partial(check_minimums, home, minimums_of(params)),
        partial(charters.read, home),
        *(partial(check_releases, each) for each in _homes(home, history)),
    ]
    faults: list[Fault] = []
    for check in checks:
        try:
            check()
        except InputError as error:
            faults += error.faults
    check_faults(faults)


def minimums_of(params: Params) -> dict[str, int]:
    """Which minimums does a cycle keep to from its first report on?"""
    disclosure = params.disclosure
    return {
        "disclosure.minimum_group": disclosure.minimum_group,
        "disclosure.minimum_comments": disclosure.minimum_comments,
    }


def _homes(home: Path, history: pd.DataFrame | None) -> list[Path]:
    """The folders of this cycle and of the published ones that its history names."""
    if history is None or "cycle" not in history:
        return [home]
    named = sorted({str(name) for name in history["cycle"].dropna()})
    others = [home.parent / name for name in named if Path(name).name == name]
    return [home, *(other for other in others if other != home and (other / FOLDER).is_dir())]
