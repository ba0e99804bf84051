"""What helps somebody who is not ready for one of the five principles?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

IF_LOW: Final[Mapping[str, str]] = MappingProxyType(
    {
        "compassion": (
            "Talk before the match about what a judgement-free zone means here: what is said "
            "stays in the pair, and questions are never silly. Offer the training on giving and "
            "receiving feedback."
        ),
        "respect": (
            "Ask what they expect to learn from somebody junior (or to teach somebody senior), "
            "and let a participant of an earlier cycle tell what it was like."
        ),
        "transparency": (
            "Give them the question cards and the agenda of the first meeting early, and agree "
            "how each says when something does not work."
        ),
        "willingness": (
            "Ask whether they came of their own accord and what they would gain; offer to wait "
            "for a later cycle rather than to press them."
        ),
        "commitment": (
            "Go through the hours with them and their manager, fix the meetings in the calendar "
            "now, and let them wait for a later wave if the next months are full."
        ),
    }
)
