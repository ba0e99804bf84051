"""What of the review may be shown, and who stands behind each number?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from revmentor.disclosure import (
    Disclosed,
    Group,
    Members,
    disclose_estimate,
    disclose_estimates,
    estimated,
    pair_units,
)
from revmentor.metrics import Findings
from revmentor.metrics.estimate import Estimate
from revmentor.metrics.measured import Measured

CHANGE = "change"


@dataclass
class Shares:
    """Values of the review as each may be shown alone, and whom they tell of.

    Parameters
    ----------
    findings : Findings
    minimum : int
        Smallest group that is shown.
    scale : (float, float)
        Ends of the scale of survey items.
    level : (float, float)
        Ends of the scale of skills.
    """

    findings: Findings
    minimum: int
    scale: tuple[float, float]
    level: tuple[float, float]
    found: dict[str, Disclosed] = field(default_factory=dict)
    members: dict[str, Members] = field(default_factory=dict)

    @cached_property
    def units(self) -> pd.Series:
        """Each pair's id in the ledger, by mentor_id and mentee_id."""
        pairs = self.findings.evidence.pairs
        return pair_units(pairs).set_axis(self.findings.evidence.pair_index)

    def ids(self, who: pd.Index) -> list[str]:
        """People as they are; pairs by the ids under which the ledger counts them."""
        if isinstance(who, pd.MultiIndex):
            return [str(unit) for unit in self.units.reindex(who)]
        return [str(person) for person in who]

    def group(self, measured: Measured) -> Group:
        """Of whom a measure tells."""
        having = None if measured.having is None else self.ids(measured.having)
        return Group.of(self.ids(measured.of), having)

    def one(self, name: str, estimate: Estimate, group: Group | None) -> None:
        """Add a single estimate; without a group it counts no people."""
        self.found[name] = disclose_estimate(estimate, self.minimum)
        if group is not None:
            self.members[name] = estimated({(): group})

    def several(
        self,
        name: str,
        estimates: Mapping[tuple[str, ...], Estimate],
        groups: Mapping[tuple[str, ...], Group] | None,
        *names: str,
    ) -> None:
        """Add estimates by key."""
        self.found[name] = disclose_estimates(estimates, self.minimum, *names)
        if groups is not None:
            self.members[name] = estimated(dict(groups))
