"""Why is somebody in no circle, in a sentence?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.circles.listing import CircleList
from revmentor.matching.circles.market import FORBIDDEN, CircleMarket, Range
from revmentor.matching.problem import Problem
from revmentor.words import counted

if TYPE_CHECKING:
    import pandas as pd

NOT_ALL_WAVES = (
    "Free only in waves that end before, or start after, others of the cycle, and circles meet "
    "all through it."
)


def tell_unplaced(
    problem: Problem, market: CircleMarket, plan: CircleList, proven: bool
) -> pd.DataFrame:
    """Everybody in no circle: person_id, side, reason, code; mentors first, by id.

    The codes: ``capacity`` (can take nobody), ``not_all_waves`` (circles meet all through the
    cycle), ``no_eligible_partner``, ``too_few_partners`` (for the smallest circle),
    ``no_circle_left`` (as many circles as there can be), ``outbid``, ``not_proven``.
    """
    import pandas as pd

    may = market.units > FORBIDDEN
    rows: list[tuple[object, str, str, str]] = []
    for side, roster, places, partners, placed, size in (
        ("mentor", problem.mentors, market.mentor_places, may.sum(axis=1), plan.mentors,
         market.mentees),
        ("mentee", problem.mentees, market.mentee_places, may.sum(axis=0), plan.mentees,
         market.mentors),
    ):  # fmt: skip
        for who in np.setdiff1d(np.arange(len(roster)), placed).tolist():
            if not places[who] and roster.places[who] > 0:
                code, reason = "not_all_waves", NOT_ALL_WAVES
            elif not places[who]:
                code, reason = "capacity", "Can take nobody: the stated capacity is 0."
            else:
                code, reason = _why(side, int(partners[who]), size, market, len(plan), proven)
            rows.append((roster.ids[who], side, reason, code))
    return pd.DataFrame(rows, columns=["person_id", "side", "reason", "code"])


def _why(
    side: str, partners: int, size: Range, market: CircleMarket, circles: int, proven: bool
) -> tuple[str, str]:
    other = "mentee" if side == "mentor" else "mentor"
    found = f"{counted(partners, f'eligible {other}')}"
    if partners == 0:
        return "no_eligible_partner", f"No {other} whom the rules allow in one circle."
    if partners < size.fewest:
        return "too_few_partners", f"{found}, and a circle has at least {size.fewest}."
    if circles == market.limit:
        formed = f"as many circles as there can be are formed, {circles}"
        return "no_circle_left", f"{found}, but {formed}, and they are worth more as they are."
    if not proven:
        return "not_proven", f"{found}; not reached: it is not proven who stays out."
    return "outbid", f"{found}, but no circles with this person are worth more together."
