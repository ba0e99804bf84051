"""Who leaves and who is promoted during the cycle, participant or not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revmentor.data.demo import words
from revmentor.data.demo.applications import recently_promoted, tenure_stratum
from revmentor.data.demo.cohort import Cohort, Course
from revmentor.data.demo.draws import Draws, Ints
from revmentor.data.demo.people import iso_dates, text_table
from revmentor.data.demo.planted import Planted

RISK_BY_TENURE = (0.125, 0.085, 0.06)
"""Chance to leave during the cycle, by `applications.tenure_stratum`, without the programme."""

RISK_IF_PROMOTED = -0.015
"""Added to the risk of people promoted within the last 730 days."""

_PROMOTED_BY_GRADE = (0.07, 0.06, 0.05, 0.035, 0.02, 0.0)
_PROMOTED_AGAIN = 0.4


def fate(draws: Draws, cohort: Cohort, planted: Planted) -> tuple[Ints, Ints]:
    """On which day does everybody leave, and is promoted? -1 for never; nobody who has left is.

    The planted effect is added to the risk itself, so it is the same risk difference everywhere.
    """
    count, length = len(cohort.ids), cohort.end - cohort.start
    recent = recently_promoted(cohort.promoted, cohort.start)
    risk = np.array(RISK_BY_TENURE)[tenure_stratum(cohort.hired, cohort.start)]
    risk = risk + RISK_IF_PROMOTED * recent + planted.retention.size * cohort.participates
    day = cohort.start + 1 + np.floor(draws.uniform(count) * length).astype(np.int64)
    left = np.where(draws.chance(risk) & cohort.here, day, -1)

    chance = np.array(_PROMOTED_BY_GRADE)[cohort.grade] * np.where(recent, _PROMOTED_AGAIN, 1.0)
    chance = chance + planted.promotion.size * cohort.participates
    day = cohort.start + 1 + np.floor(draws.uniform(count) * length).astype(np.int64)
    moved = draws.chance(chance) & cohort.here & ((left < 0) | (day < left))
    return left, np.where(moved, day, -1)


def snapshot(cohort: Cohort, course: Course) -> pd.DataFrame:
    """The raw table `outcomes`: everybody who was there at the start, seen at the end."""
    seen = np.flatnonzero(cohort.here)
    rise = (course.promoted[seen] >= 0) & (cohort.grade[seen] < words.EXECUTIVE)
    return text_table(
        {
            "person_id": cohort.ids[seen].tolist(),
            "on": iso_dates(np.full(len(seen), cohort.end)),
            "left_on": iso_dates(course.left[seen]),
            "promoted_on": iso_dates(course.promoted[seen]),
            "grade": [words.GRADES[grade] for grade in cohort.grade[seen] + rise],
            "department": cohort.departments[cohort.department[seen]].tolist(),
        }
    )
