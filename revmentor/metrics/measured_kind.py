"""What is a measure's value, and whom does it tell of?"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from revmentor.measures import MEASURES
from revmentor.metrics.estimate import Estimate, not_computed

NOBODY = pd.Index([], dtype="str")


@dataclass(frozen=True)
class Events:
    """Of what a share of events is made: meetings, goals, questionnaires.

    Parameters
    ----------
    hits, sizes : Series of float
        Events that count, and all events, by person or by pair.
    """

    hits: pd.Series
    sizes: pd.Series


@dataclass(frozen=True)
class Measured:
    """A measure's value, and whom it tells of.

    Parameters
    ----------
    estimate : Estimate
    of : Index
        Ids of the people whom n counts, or mentor_id, mentee_id of pairs; where n counts events,
        of those whose events they are.
    having : Index or None
        For a share of people or pairs: those of them who have it.
    events : Events or None
        Where the value tells of events.
    """

    estimate: Estimate
    of: pd.Index
    having: pd.Index | None = None
    events: Events | None = field(default=None, repr=False)


def lacking(reason: str, key: str) -> Measured:
    """A measure that is not computed, because of this."""
    measure = MEASURES[key]
    return Measured(not_computed(reason, 0, measure.unit, "", measure.of), NOBODY)


def known[T](value: T | None) -> T:
    """What `revmentor.metrics.measured.measured` has made sure of."""
    assert value is not None
    return value
