"""Are people ready for the five principles, and what helps those who are not?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from revmentor import figures, metrics, words
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.steps.naming import with_names
from revmentor.data import Tables
from revmentor.disclosure import (
    Disclosed,
    DisclosedEstimates,
    Group,
    Members,
    disclose_estimates,
    estimated,
)
from revmentor.metrics.reliability import doubts
from revmentor.params import Params
from revmentor.planning.ready import IF_LOW
from revmentor.publish.workspace import Workspace
from revmentor.tables import plain_table
from revmentor.tiles import finding, findings

READINESS = "readiness"


@dataclass(frozen=True)
class Ready:
    """Readiness of everybody who applied.

    Parameters
    ----------
    tables : Tables
    params : Params
    """

    tables: Tables
    params: Params

    @cached_property
    def _found(self) -> metrics.Readiness:
        return metrics.readiness(self.tables.applications, self.params.data.items.readiness)

    @cached_property
    def low(self) -> pd.DataFrame:
        """Who is low on which principle: person_id, side, principle, points."""
        return metrics.low_readiness(self._found, self.params.enrolment.low_below)

    def found(self) -> dict[str, Disclosed]:
        """The means by principle and side."""
        means = {key: each for key, each in self._found.means.items() if not each.reason}
        if not means:
            return {}
        minimum = self.params.disclosure.minimum_group
        return {READINESS: disclose_estimates(means, minimum, "principle", "side")}

    def behind(self) -> dict[str, Members]:
        """Whose answers the means are."""
        if not self.found():
            return {}
        scale = self.params.data.scales.item
        scores = self._found.scores
        groups: dict[tuple[str, ...], Group] = {}
        for principle, side in self._found.means:
            mine = scores.loc[scores["side"] == side].set_index("person_id")[principle]
            # Who applied for both sides gave one answer, which counts on both.
            groups[principle, side] = Group.of_values(
                mine, f"{principle}@readiness", (scale.low, scale.high)
            )
        return {READINESS: estimated(groups)}

    def shown(self, value: Disclosed | None) -> Shown:
        """Both sides on the five principles, and what to do where somebody is low."""
        if not isinstance(value, DisclosedEstimates):
            text = (
                "Nobody answered the questions on the five principles. Add two per principle to "
                "applications (compassion_1 and so on) to see who is ready."
            )
            refused = [each.text for each in self._found.judged if each.refused]
            return shown(findings(refused, "look") if refused else finding(text, tone="look"))
        scale, bar = self.params.data.scales.item, self.params.enrolment.low_below
        care = doubts(self._found.judged)
        rows = [(words.capital(name), IF_LOW[name]) for name in self._found.principles]
        return shown(
            figures.readiness(value, (scale.low, scale.high), bar),
            findings(care, "look") if care else None,
            plain_table(("Low on", "What helps before the match"), rows),
            finding("Who is low, by name and with what to do: restricted/readiness.csv."),
        )

    def write(self, work: Workspace) -> list[Path]:
        """Who is low, by name, and what to do."""
        if not self._found.means:
            return []
        names = self.tables.people[["person_id", "name"]]
        told = with_names(self.low, names)
        told["what_to_do"] = told["principle"].map(dict(IF_LOW))
        return [work.write_table(READINESS, told, csv=True)]
