"""Best plans that keep many of some pairs: score against changes, proven at every point."""

from revmentor.matching.tradeoff.open import tradeoff
from revmentor.matching.tradeoff.point import Point, Tradeoff

__all__ = ["Point", "Tradeoff", "tradeoff"]
