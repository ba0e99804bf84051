"""Step 5: the review of a cycle, in time and at its end."""

from revmentor.cycle.steps.review.step import Review
from revmentor.cycle.steps.review.telling import (
    WOULD_SHOW,
    first_meeting,
    goals_figure,
    lacking,
    response,
    rhythm_figure,
)

__all__ = [
    "WOULD_SHOW",
    "Review",
    "first_meeting",
    "goals_figure",
    "lacking",
    "response",
    "rhythm_figure",
]
