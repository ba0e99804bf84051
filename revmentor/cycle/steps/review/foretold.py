"""Did the health of earlier pairs, half-way through their cycle, foretell which ended early?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from revmentor.cycle.published import results
from revmentor.cycle.steps.review.week import Week
from revmentor.metrics import known_by, people_by
from revmentor.metrics.health.calibration import Calibration, calibration
from revmentor.metrics.sessions import PAIR
from revmentor.publish.workspace import Workspace

HALFWAY = "health_halfway"
KEPT_IN = "review/pairs"
SCENARIO = "base"


def halfway(week: Week) -> pd.Series | None:
    """The health of every pair half-way through the cycle, as known then; None before that day.

    It is kept with the pairs of the week: a later cycle, which knows how they ended, can say
    whether it foretold that.
    """
    seen = week.evidence
    day: dt.date = seen.start + (seen.end - seen.start) / 2
    if week.as_of < day:
        return None
    then = replace(
        seen, tables=known_by(seen.tables, day), people=people_by(seen.people, day), as_of=day
    )
    # What waits now was not known then.
    tables = replace(week.tables, requests=None)
    return replace(week, evidence=then, as_of=day, tables=tables).screened["health"]


@dataclass(frozen=True)
class Foretold:
    """The pairs of earlier cycles with their health half-way and how they ended.

    Parameters
    ----------
    history : DataFrame or None
        As in the contract: cycle, mentor_id, mentee_id, ended.
    outputs : Path
        Folder of all results, where earlier cycles are published.
    """

    history: pd.DataFrame | None
    outputs: Path

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """health and early (bool), one row per pair of which both are known."""
        nothing = pd.DataFrame({"health": pd.Series(dtype="float64"), "early": False})
        if self.history is None or "ended" not in self.history:
            return nothing
        ended = self.history.dropna(subset=["ended"])
        kept = [frame for cycle in sorted(set(ended["cycle"])) for frame in self._kept(str(cycle))]
        if not kept:
            return nothing
        found = ended.merge(pd.concat(kept), on=["cycle", *PAIR], validate="many_to_one")
        return pd.DataFrame({"health": found[HALFWAY], "early": found["ended"] == "early"})

    def _kept(self, cycle: str) -> list[pd.DataFrame]:
        if not self.outputs.is_dir():
            return []
        for result in results(self.outputs):
            work = Workspace(result.folder)
            if (result.cycle, result.scenario) == (cycle, SCENARIO) and work.has(KEPT_IN):
                frame = work.read_table(KEPT_IN)
                if HALFWAY in frame:
                    return [frame[[*PAIR, HALFWAY]].assign(cycle=cycle)]
        return []

    @cached_property
    def found(self) -> Calibration:
        """AUC and Brier's score, or "too few"."""
        return calibration(self.pairs["health"], self.pairs["early"])

    @property
    def sentence(self) -> str:
        """What the coordinator may rely on; it tells small numbers."""
        if self.pairs.empty:
            return (
                "Whether health foretells early ends here cannot be told yet: of no pair in the "
                "table “history” are both the end and the health half-way known."
            )
        return self.found.sentence

    @property
    def shared(self) -> str:
        """The same for everybody: without numbers of a small group."""
        if self.pairs.empty or self.found.auc.value is not None:
            return self.sentence
        return (
            "Whether health foretells early ends here cannot be told yet: too few pairs of earlier "
            "cycles ended early, or did not, of which the health half-way is known."
        )
