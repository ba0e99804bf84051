"""Fair matchings: most people served, the worst pair as good as possible, leximin, and the price.

Everything is exact on whole units.
"""

from revmentor.matching.fairness.frontier import frontier
from revmentor.matching.fairness.leximin import leximin
from revmentor.matching.fairness.max_min import max_min
from revmentor.matching.fairness.proof import ServiceProof, complaints
from revmentor.matching.fairness.service import Best, Fair, participation
from revmentor.matching.fairness.table import Compared, Over, fortunes

__all__ = [
    "Best",
    "Compared",
    "Fair",
    "Over",
    "ServiceProof",
    "complaints",
    "fortunes",
    "frontier",
    "leximin",
    "max_min",
    "participation",
]
