"""Who took the training that was due?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from revmentor.metrics.change import sides_of
from revmentor.metrics.estimate import Estimate, clustered_share, proportion
from revmentor.names import SIDES
from revmentor.people import are_in

ALL_MODULES = "all modules"


@dataclass(frozen=True)
class Training:
    """Training of the people in pairs.

    Parameters
    ----------
    table : DataFrame
        module, side (mentor, mentee, both), due, attended (at least), completed, excused: counts
        of people, for all modules of trainings.
    attended, completed : mapping of (module, side) to Estimate
        Share of those due who attended at least, and who completed it: the compliance. Module
        ``"all modules"`` counts trainings due, alike within a person.
    left_out : int
        People with trainings who are in no pair of this matching.
    """

    table: pd.DataFrame
    attended: Mapping[tuple[str, str], Estimate]
    completed: Mapping[tuple[str, str], Estimate]
    left_out: int


def training_compliance(training: pd.DataFrame, pairs: pd.DataFrame) -> Training:
    """What share of the trainings due was attended, and completed, by module and side?

    Due = invited and not excused; a training attended or completed was due. Compliance =
    completed / due. Per module Wilson's interval over people; over all modules the interval
    allows for trainings of one person being alike (`clustered_share`).

    Parameters
    ----------
    training : DataFrame
        As in the contract: person_id, module, status (invited, attended, completed, excused). Who
        is not named for a module was not invited.
    pairs : DataFrame
        mentor_id, mentee_id; who is on both sides counts on either, and once in ``"both"``.
    """
    people = sides_of(pairs, SIDES)
    mine = are_in(training["person_id"], people["both"])
    rows = training.loc[mine, ["person_id", "module", "status"]]
    modules = sorted(rows["module"].unique())
    counts, attended, completed = [], {}, {}
    on_side = {side: are_in(rows["person_id"], members) for side, members in people.items()}
    for module in [ALL_MODULES, *modules]:
        of_module = rows["module"].notna() if module == ALL_MODULES else rows["module"] == module
        for side, theirs in on_side.items():
            own = rows.loc[of_module & theirs]
            due = own.loc[own["status"] != "excused"]
            done = due["status"] == "completed"
            there = done | (due["status"] == "attended")
            counts.append((module, side, len(due), int(there.sum()), int(done.sum()),
                           len(own) - len(due)))  # fmt: skip
            attended[module, side] = _share(due, there, module)
            completed[module, side] = _share(due, done, module)
    columns = ["module", "side", "due", "attended", "completed", "excused"]
    left_out = int(training.loc[~mine, "person_id"].nunique())
    return Training(pd.DataFrame(counts, columns=columns), attended, completed, left_out)


def _share(due: pd.DataFrame, hit: pd.Series, module: str) -> Estimate:
    if module != ALL_MODULES:
        return proportion(int(hit.sum()), len(due), "people due")
    codes = pd.factorize(due["person_id"])[0]
    hits, sizes = np.bincount(codes, weights=hit), np.bincount(codes)
    return clustered_share(hits, sizes, "trainings due", "people")
