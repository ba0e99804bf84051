"""Why these pairs and not others, what does each limit cost, and how sure is the answer?"""

from revmentor.matching.explain.alone import WhyUnmatched, why_unmatched
from revmentor.matching.explain.costs import (
    binding_capacity,
    capacity_prices,
    condition_prices,
    rule_prices,
)
from revmentor.matching.explain.optima import OtherOptima, other_optima
from revmentor.matching.explain.others import best_others
from revmentor.matching.explain.otherwise import WhyNot, why_not
from revmentor.matching.explain.pairs import alternatives, contributions
from revmentor.matching.explain.reach import (
    Potential,
    Reach,
    potential,
    reach,
    rule_effects,
    without_partner,
)
from revmentor.matching.explain.recruit import Recruit, Recruiting, recruiting
from revmentor.matching.explain.robust import Robustness, robustness
from revmentor.matching.explain.stability import (
    Blocking,
    Stability,
    blocking_pairs,
    stability_price,
)
from revmentor.matching.explain.worst import frontier

__all__ = [
    "Blocking",
    "OtherOptima",
    "Potential",
    "Reach",
    "Recruit",
    "Recruiting",
    "Robustness",
    "Stability",
    "WhyNot",
    "WhyUnmatched",
    "alternatives",
    "best_others",
    "binding_capacity",
    "blocking_pairs",
    "capacity_prices",
    "condition_prices",
    "contributions",
    "frontier",
    "other_optima",
    "potential",
    "reach",
    "recruiting",
    "robustness",
    "rule_effects",
    "rule_prices",
    "stability_price",
    "why_not",
    "why_unmatched",
    "without_partner",
]
