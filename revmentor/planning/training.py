"""Which training does somebody owe, by when, and what is done?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from revmentor.names import TRAINED
from revmentor.params.design import Design

ATTENDED = "attended"
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Training:
    """One module for one person; ``status`` is that of the table, empty if it has none."""

    module: str
    due: dt.date
    minutes: int
    about: str
    status: str

    @property
    def done(self) -> bool:
        """Is nothing owed any more?"""
        return self.status in TRAINED

    @property
    def attended(self) -> bool:
        """Was somebody there, and has not completed it yet?"""
        return self.status == ATTENDED


def statuses(training: pd.DataFrame | None) -> Mapping[str, Mapping[str, str]]:
    """The status of each person's modules; a module's case and outer blanks do not matter.

    Parameters
    ----------
    training : DataFrame or None
        person_id, module, status.
    """
    found: dict[str, dict[str, str]] = {}
    if training is not None:
        rows = training[["person_id", "module", "status"]].itertuples(index=False)
        for person, module, status in rows:
            found.setdefault(str(person), {})[_key(module)] = str(status)
    return found


def training_of(
    side: str, start: dt.date, design: Design, known: Mapping[str, str]
) -> tuple[Training, ...]:
    """Which modules does somebody owe on this side?

    Parameters
    ----------
    side : str
    start : date
        Of the person's wave: a module without a day of its own is due the day before.
    design : Design
    known : mapping of str to str
        The person's own part of `statuses`.
    """
    return tuple(
        Training(
            each.module,
            each.due or start - ONE_DAY,
            each.minutes,
            each.about,
            known.get(_key(each.module), ""),
        )
        for each in design.training
        if each.owed_by in ("both", side)
    )


def _key(module: object) -> str:
    return str(module).strip().casefold()
