"""What of the review may be shown, and who stands behind each number?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import pandas as pd

from revmentor.disclosure import (
    Disclosed,
    DisclosedEstimate,
    DisclosedEstimates,
    Estimated,
    Group,
    Members,
    disclose_estimate,
    disclose_events,
    estimated,
    pair_units,
)
from revmentor.metrics import Findings
from revmentor.metrics.estimate import Estimate
from revmentor.metrics.measured_kind import Events, Measured

type Key = tuple[str, ...]


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
    of_measure : dict of measure to Group
        Whom a measure tells of, where that is more than its own table says.
    """

    findings: Findings
    minimum: int
    scale: tuple[float, float]
    level: tuple[float, float]
    found: dict[str, Disclosed] = field(default_factory=dict)
    members: dict[str, Members] = field(default_factory=dict)
    of_measure: dict[str, Group] = field(default_factory=dict)

    @cached_property
    def units(self) -> pd.Series:
        """Each pair's id in the ledger, by mentor_id and mentee_id."""
        pairs = self.findings.evidence.pairs
        return pair_units(pairs).set_axis(self.findings.evidence.pair_index)

    def ids(self, who: pd.Index) -> list[str]:
        """People as they are; pairs by the ids under which the ledger counts them."""
        if isinstance(who, pd.MultiIndex):
            return list(map(str, self.units.reindex(who).to_numpy(dtype=object)))
        return list(map(str, who.to_numpy(dtype=object)))

    def group(self, measured: Measured) -> Group:
        """Of whom a measure tells."""
        having = None if measured.having is None else self.ids(measured.having)
        return Group.of(self.ids(measured.of), having)

    def one(
        self, name: str, estimate: Estimate, group: Group, events: Events | None = None
    ) -> None:
        """Add a single estimate; with events it is a share of these."""
        self.found[name] = self._shown(estimate, events)
        self.members[name] = estimated({(): group})

    def several(
        self,
        name: str,
        estimates: Mapping[Key, Estimate],
        groups: Mapping[Key, Group],
        *names: str,
        events: Mapping[Key, Events] = MappingProxyType({}),
    ) -> None:
        """Add estimates by key; those that have events and no group count events, not people."""
        self.found[name] = DisclosedEstimates(
            minimum=self.minimum,
            names=names,
            keys=tuple(estimates),
            estimates=tuple(
                self._shown(estimate, events.get(key)) for key, estimate in estimates.items()
            ),
        )
        self.members[name] = estimated(groups, events.keys() - groups.keys())

    def withhold(self, name: str, keys: Collection[Key]) -> None:
        """Leave out these estimates of a value, which tell of few people by themselves."""
        value = self.found[name]
        assert isinstance(value, DisclosedEstimates)
        kept = [at for at, key in enumerate(value.keys) if key not in keys]
        self.found[name] = value.model_copy(
            update={
                "keys": tuple(value.keys[at] for at in kept),
                "estimates": tuple(value.estimates[at] for at in kept),
            }
        )
        who = self.members[name]
        assert isinstance(who, Estimated)
        groups = {key: group for key, group in who.groups.items() if key not in keys}
        self.members[name] = estimated(groups, who.events)

    def _shown(self, estimate: Estimate, events: Events | None) -> DisclosedEstimate:
        if events is None:
            return disclose_estimate(estimate, self.minimum)
        return disclose_events(estimate, self.minimum, events.hits, events.sizes)
