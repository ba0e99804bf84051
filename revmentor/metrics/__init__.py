"""What do the tables say? Plain functions on contract tables, each with n and an interval."""

from revmentor.metrics.cohort import Demand, composition, demand, funnel, supply_demand
from revmentor.metrics.estimate import (
    Estimate,
    census_share,
    clustered_share,
    mean,
    not_computed,
    proportion,
)
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
from revmentor.metrics.pulse import (
    PulsePoint,
    pulse_points,
    response_rates,
    support_needed,
    wave_order,
)
from revmentor.metrics.sessions import Rhythm, cancellations, first_meeting, rhythm

__all__ = [
    "Demand",
    "Estimate",
    "Goals",
    "Load",
    "Meeting",
    "PulsePoint",
    "Quality",
    "Rhythm",
    "Scores",
    "across",
    "cancellations",
    "census_share",
    "clustered_share",
    "composition",
    "demand",
    "first_meeting",
    "funnel",
    "goal_attainment",
    "group_of",
    "group_order",
    "load",
    "mean",
    "not_computed",
    "proportion",
    "pulse_points",
    "quality",
    "response_rates",
    "rhythm",
    "scores",
    "supply_demand",
    "support_needed",
    "typical_pairs",
    "unmatched_reasons",
    "wanted_skill",
    "wave_order",
    "who_meets_whom",
    "wishes_met",
]
