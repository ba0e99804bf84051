"""Which functions compute the figures of the report? Their docstrings are the page of methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from revmentor import metrics
from revmentor.disclosure import attack, secure
from revmentor.metrics.comparison import compare
from revmentor.metrics.estimate import clustered_share, mean, proportion
from revmentor.metrics.health import base_rates, screen
from revmentor.metrics.learning import learn_weights
from revmentor.metrics.reliability import cronbach_alpha, mcdonald_omega
from revmentor.metrics.sensitivity import e_value
from revmentor.metrics.survival import follow, happened_share
from revmentor.metrics.survival_curves import survival_table
from revmentor.metrics.verdict import judge, needed_n
from revmentor.metrics.weighting import by_overlap, by_strata
from revmentor.planning.power import power

METHODS: Final[Mapping[str, tuple[Callable[..., object], ...]]] = MappingProxyType(
    {
        "Verdicts": (judge, needed_n, power),
        "Intervals": (proportion, clustered_share, mean),
        "The match": (metrics.quality, metrics.wanted_skill, metrics.across, metrics.demand),
        "The months": (
            metrics.first_meeting,
            metrics.rhythm,
            metrics.cancellations,
            metrics.pulse_points,
            metrics.response_rates,
            metrics.disagreement,
            metrics.training_compliance,
            metrics.burden,
            screen,
            base_rates,
        ),
        "What changed": (
            metrics.goal_attainment,
            metrics.paired_change,
            metrics.standardised_change,
            metrics.sign_flip,
            metrics.skill_changes,
            metrics.scale_changes,
            metrics.pulse_changes,
            cronbach_alpha,
            mcdonald_omega,
            metrics.network,
            metrics.ei_index,
        ),
        "Who stays": (
            follow,
            happened_share,
            survival_table,
            compare,
            by_strata,
            by_overlap,
            e_value,
        ),
        "What the next cycle should weigh": (learn_weights,),
        "What may be shown": (secure, attack),
    }
)
