"""How is each pair, why, and what should the coordinator do about it this week?"""

from revmentor.metrics.health.facts import pair_facts
from revmentor.metrics.health.rates import BaseRates, base_rates
from revmentor.metrics.health.screen import ACTIONS, SIGNS, Sign, screen, this_week

__all__ = [
    "ACTIONS",
    "SIGNS",
    "BaseRates",
    "Sign",
    "base_rates",
    "pair_facts",
    "screen",
    "this_week",
]
