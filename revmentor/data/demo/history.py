"""Two past cycles of the demo company, with the ratings that the weights can be learnt from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from revmentor.data.demo import words
from revmentor.data.demo.applications import Applicants
from revmentor.data.demo.draws import Draws, Floats, Ints
from revmentor.data.demo.people import Staff, day_number, text_table
from revmentor.data.demo.planted import Planted
from revmentor.data.demo.relations import Allowed, skill_fit

YEARS_AGO = (2, 1)
_PAIRS_PER_MENTEE = 0.55
_FROM_APPLICANTS = 0.78
_ROUNDS = 12
_UNRATED = 0.12


@dataclass(frozen=True)
class Past:
    """Pairs of past cycles as staff indices, and the raw table `history` in the same order."""

    mentor: Ints
    mentee: Ints
    table: pd.DataFrame


def _pool(
    draws: Draws, staff: Staff, applicants: Applicants, count: int, since: int
) -> tuple[Ints, Ints]:
    """Who took part then, as mentors and as mentees: mostly people who apply again now."""
    here = (staff.left < 0) & (staff.hired < since)
    pools = []
    for applied, grades in (
        (applicants.mentors, staff.grade <= words.SPECIALIST),
        (applicants.mentees, staff.grade >= words.MANAGER),
    ):
        again = np.zeros(len(here), dtype=np.bool_)
        again[applicants.person[applied]] = True
        again &= here
        once = here & grades & ~again
        picked = draws.first(again.astype(np.float64), round(count * _FROM_APPLICANTS))
        picked |= draws.first(once.astype(np.float64), count - round(count * _FROM_APPLICANTS))
        pools.append(np.flatnonzero(picked))
    return pools[0], pools[1]


def _fits(draws: Draws, staff: Staff, applicants: Applicants, mentor: Ints, mentee: Ints) -> Floats:
    """Skill fit of people who apply now; of others, whose forms are lost, any fit."""
    row = np.full(len(staff.ids), -1, dtype=np.int64)
    row[applicants.person] = np.arange(len(applicants.person))
    known = (row[mentor] >= 0) & (row[mentee] >= 0)
    known &= applicants.mentors[row[mentor]] & applicants.mentees[row[mentee]]
    fit = draws.pick([0.5, 0.3, 0.2], len(mentor)) / 2.0
    fit[known] = skill_fit(applicants, row[mentor[known]], row[mentee[known]])
    return fit


def recall(
    seed: int, staff: Staff, applicants: Applicants, start: dt.date, planted: Planted
) -> Past:
    """Which pairs met in the last two years, how did they end, how were they rated?

    Everybody is still employed; mentors are junior to their mentees, nobody met twice, each once
    per cycle. A rating is 2.7 plus the planted slopes times skill fit and different departments,
    plus chance.
    """
    draws = Draws(seed, "history")
    begin = day_number(start)
    allowed = Allowed(staff, (np.zeros(0, np.int64), np.zeros(0, np.int64)))
    wanted = max(4, round(_PAIRS_PER_MENTEE * int((applicants.mentees & applicants.here).sum())))
    cycles: list[str] = []
    met: list[tuple[Ints, Ints, Floats]] = []
    for years in YEARS_AGO:
        mentors, mentees = _pool(draws, staff, applicants, wanted, begin - 365 * years)
        for _ in range(_ROUNDS):
            count = min(len(mentors), len(mentees))
            mentors = mentors[draws.order(len(mentors))]
            mentees = mentees[draws.order(len(mentees))]
            one, other = mentors[:count], mentees[:count]
            fit = _fits(draws, staff, applicants, one, other)
            taken = allowed(one, other) & ((fit > 0) | draws.chance(0.35, count))
            allowed.close(one[taken], other[taken])
            met.append((one[taken], other[taken], fit[taken]))
            cycles += [f"{start.year - years}-spring"] * int(taken.sum())
            mentors = np.concatenate([one[~taken], mentors[count:]])
            mentees = np.concatenate([other[~taken], mentees[count:]])
    mentor, mentee, fit = (np.concatenate(parts) for parts in zip(*met, strict=True))
    table = _table(draws, staff, cycles, (mentor, mentee, fit), planted)
    return Past(mentor, mentee, table)


def _table(
    draws: Draws,
    staff: Staff,
    cycles: list[str],
    pairs: tuple[Ints, Ints, Floats],
    planted: Planted,
) -> pd.DataFrame:
    """The raw table `history`."""
    mentor, mentee, fit = pairs
    count = len(mentor)
    different = staff.department[mentor] != staff.department[mentee]
    quality = 2.7 + planted.rating_by_skills.size * fit
    quality = quality + planted.rating_by_department.size * different
    quality = quality + draws.between(-0.35, 0.35, count)
    ratings = {}
    for side in ("rating_mentor", "rating_mentee"):
        own = draws.rounded(quality + draws.between(-0.25, 0.25, count))
        blank = draws.chance(_UNRATED, count)
        ratings[side] = np.where(blank, "", own.astype("U1")).tolist()
    early = draws.chance(np.where(quality < 3.1, 0.24, 0.07))
    return text_table(
        {
            "cycle": cycles,
            "mentor_id": staff.ids[mentor].tolist(),
            "mentee_id": staff.ids[mentee].tolist(),
            "ended": np.where(early, "early", "completed").tolist(),
            **ratings,
        }
    )
