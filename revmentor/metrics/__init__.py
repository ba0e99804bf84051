"""What do the tables say? Plain functions on contract tables, each with n and an interval."""

from revmentor.metrics.agreement import Disagreement, disagreement, pair_differences
from revmentor.metrics.burden import Burden, burden
from revmentor.metrics.change import Change, paired_change, sign_flip, standardised_change
from revmentor.metrics.cohort import Demand, composition, demand, funnel, supply_demand
from revmentor.metrics.estimate import (
    Estimate,
    census_share,
    clustered_share,
    mean,
    not_computed,
    proportion,
)
from revmentor.metrics.evidence import Evidence, known_by, last_day, people_by
from revmentor.metrics.findings import Findings
from revmentor.metrics.goals import Goals, goal_attainment
from revmentor.metrics.groups import group_of, group_order
from revmentor.metrics.load import Load, load
from revmentor.metrics.match import (
    Meeting,
    Quality,
    Scores,
    across,
    quality,
    scores,
    typical_pairs,
    unmatched_reasons,
    wanted_skill,
    who_meets_whom,
    wishes_met,
)
from revmentor.metrics.measured import measured
from revmentor.metrics.measured_kind import Measured
from revmentor.metrics.pulse import (
    PulsePoint,
    pulse_points,
    response_rates,
    support_needed,
    wave_order,
)
from revmentor.metrics.pulse_change import pulse_changes
from revmentor.metrics.readiness import Readiness, low_readiness, readiness
from revmentor.metrics.reliability import Reliability, reliability
from revmentor.metrics.selection_audit import Audit, selection_audit
from revmentor.metrics.sessions import Rhythm, Span, cancellations, first_meeting, rhythm
from revmentor.metrics.surveys import Changes, scale_changes, skill_changes
from revmentor.metrics.ties import Mixing, Network, NewTies, ei_index, network
from revmentor.metrics.training import Training, training_compliance

__all__ = [
    "Audit",
    "Burden",
    "Change",
    "Changes",
    "Demand",
    "Disagreement",
    "Estimate",
    "Evidence",
    "Findings",
    "Goals",
    "Load",
    "Measured",
    "Meeting",
    "Mixing",
    "Network",
    "NewTies",
    "PulsePoint",
    "Quality",
    "Readiness",
    "Reliability",
    "Rhythm",
    "Scores",
    "Span",
    "Training",
    "across",
    "burden",
    "cancellations",
    "census_share",
    "clustered_share",
    "composition",
    "demand",
    "disagreement",
    "ei_index",
    "first_meeting",
    "funnel",
    "goal_attainment",
    "group_of",
    "group_order",
    "known_by",
    "last_day",
    "load",
    "low_readiness",
    "mean",
    "measured",
    "network",
    "not_computed",
    "pair_differences",
    "paired_change",
    "people_by",
    "proportion",
    "pulse_changes",
    "pulse_points",
    "quality",
    "readiness",
    "reliability",
    "response_rates",
    "rhythm",
    "scale_changes",
    "scores",
    "selection_audit",
    "sign_flip",
    "skill_changes",
    "standardised_change",
    "supply_demand",
    "support_needed",
    "training_compliance",
    "typical_pairs",
    "unmatched_reasons",
    "wanted_skill",
    "wave_order",
    "who_meets_whom",
    "wishes_met",
]
