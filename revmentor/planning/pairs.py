"""How many pairs, and so how many people, can a cycle count on before anybody is matched?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from revmentor.measures import Measure
from revmentor.params.models import Capacity, Charter
from revmentor.planning.power import Power, power

_EVENTS_OF = {1.0: "pairs", 2.0: "people"}
_COUNTED = frozenset({"pairs", "people", "mentors", "mentees", "participants"})


def places(applications: pd.DataFrame, capacity: Capacity) -> dict[str, int]:
    """How many places have the mentors, and how many the mentees?

    Parameters
    ----------
    applications : DataFrame
        side (mentor, mentee, both) and capacity; a missing capacity is the usual one. The column
        counts mentees for whoever mentors; who is on both sides wants the usual number.
    capacity : Capacity
        The usual number of partners of each side.

    Returns
    -------
    dict
        ``mentor`` and ``mentee``.

    >>> some = pd.DataFrame({"side": ["mentor", "both", "mentee"], "capacity": [2, None, None]})
    >>> places(some, Capacity(mentor=1, mentee=1, most=3))
    {'mentor': 3, 'mentee': 2}
    """
    side = applications["side"].astype(str)
    stated = pd.to_numeric(applications["capacity"], errors="coerce").astype("float64")
    mentors = stated.fillna(capacity.mentor)[side != "mentee"].sum()
    own = stated.where(side == "mentee").fillna(capacity.mentee)
    return {"mentor": int(mentors), "mentee": int(own[side != "mentor"].sum())}


def pairs_planned(applications: pd.DataFrame, capacity: Capacity, stated: int | None = None) -> int:
    """How many pairs can there be: the places of the smaller side, or the number that is stated?"""
    return stated if stated is not None else min(places(applications, capacity).values())


def n_planned(measure: Measure, pairs: int) -> int:
    """How many independent values do so many pairs bring for a figure?

    >>> from revmentor.measures import MEASURES
    >>> n_planned(MEASURES["retention"], 60), n_planned(MEASURES["first_meeting_share"], 60)
    (120, 60)
    """
    return round(pairs * measure.per_pair)


def charter_power(charter: Charter, pairs: int) -> Sequence[Power]:
    """What can so many pairs show for each criterion of the charter, in its order?

    Meetings, answers or goals of one pair are alike, so that a share of them counts as one value
    per pair or person.
    """
    found = []
    for item in charter.success:
        measure = item.measure
        if measure.of not in _COUNTED:
            measure = replace(measure, of=_EVENTS_OF[measure.per_pair])
        found.append(
            power(
                measure,
                n_planned(measure, pairs),
                baseline=item.baseline,
                target=item.target,
                rule=item.judged_by,
                spread=item.spread,
            )
        )
    return tuple(found)
