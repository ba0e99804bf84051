"""Which small groups of mentors and mentees should meet about which topic?"""

from __future__ import annotations

from revmentor.matching.circles.explain import explain_circles
from revmentor.matching.circles.forming import form_circles
from revmentor.matching.circles.result import CirclePrices, Circles
from revmentor.matching.circles.verify import VerifiedCircles, verify_circles

__all__ = [
    "CirclePrices",
    "Circles",
    "VerifiedCircles",
    "explain_circles",
    "form_circles",
    "verify_circles",
]
