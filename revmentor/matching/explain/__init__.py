"""Why these pairs, and what does each limit cost?"""

from revmentor.matching.explain.costs import (
    binding_capacity,
    capacity_prices,
    condition_prices,
    rule_prices,
)
from revmentor.matching.explain.pairs import alternatives, contributions
from revmentor.matching.explain.reach import (
    Potential,
    potential,
    rule_effects,
    without_partner,
)

__all__ = [
    "Potential",
    "alternatives",
    "binding_capacity",
    "capacity_prices",
    "condition_prices",
    "contributions",
    "potential",
    "rule_effects",
    "rule_prices",
    "without_partner",
]
