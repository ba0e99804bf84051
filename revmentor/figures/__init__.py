"""How is a finding shown? Figures that accept disclosed values only, each with its words."""

from revmentor.figures.changes import notable_changes
from revmentor.figures.cohort import funnel, rule_steps, skill_gap
from revmentor.figures.composition import composition
from revmentor.figures.hours import hours_by_month
from revmentor.figures.load import load_by_week
from revmentor.figures.matching import who_meets_whom
from revmentor.figures.outcomes import new_ties, paired_dots
from revmentor.figures.phases import timeline
from revmentor.figures.plot import Plot
from revmentor.figures.power import power_curves
from revmentor.figures.pulse import pulse_lines
from revmentor.figures.readiness import readiness
from revmentor.figures.retention import balance_dots, retention_curves
from revmentor.figures.review import goal_progress, meetings_rhythm
from revmentor.figures.scores import pair_examples, score_distribution
from revmentor.figures.sides import circle_topics, support_needed, unmatched_reasons
from revmentor.figures.tradeoffs import frontier, rule_prices, survival
from revmentor.figures.trend import trend_lines
from revmentor.figures.verdicts import verdict_title, verdicts

__all__ = [
    "Plot",
    "balance_dots",
    "circle_topics",
    "composition",
    "frontier",
    "funnel",
    "goal_progress",
    "hours_by_month",
    "load_by_week",
    "meetings_rhythm",
    "new_ties",
    "notable_changes",
    "pair_examples",
    "paired_dots",
    "power_curves",
    "pulse_lines",
    "readiness",
    "retention_curves",
    "rule_prices",
    "rule_steps",
    "score_distribution",
    "skill_gap",
    "support_needed",
    "survival",
    "timeline",
    "trend_lines",
    "unmatched_reasons",
    "verdict_title",
    "verdicts",
    "who_meets_whom",
]
