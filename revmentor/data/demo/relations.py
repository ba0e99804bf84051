"""Wishes, vetoes and the coordinator's decisions: who asks for whom, and who must not meet."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor.data.demo.applications import SIGN_UP_DAYS, Applicants
from revmentor.data.demo.draws import Bools, Draws, Ints
from revmentor.data.demo.people import Staff, day_number, iso_dates, text_table

WISHING, VETOING = 0.22, 0.03
_LOOKED_AT = 10
_REQUIRED = (
    ("programme coordinator", "both asked for it at the kick-off"),
    ("head of People", "the sponsor asked for this conversation"),
    ("HR business partner", "continues a conversation that helped both"),
)
_FORBIDDEN = (
    ("HR business partner", "sits on the other's promotion panel"),
    ("Legal & Compliance", "both are named in an open review"),
    ("programme coordinator", "close friends outside work"),
)


class Allowed:
    """Which pairs may meet, past pairs and vetoes included? Asked for arrays of staff indices."""

    def __init__(self, staff: Staff, met: tuple[Ints, Ints]) -> None:
        self._staff = staff
        self._count = len(staff.ids)
        self._closed = self._keys(*met)

    def _keys(self, one: Ints, other: Ints) -> Ints:
        return np.minimum(one, other) * self._count + np.maximum(one, other)

    def close(self, one: Ints, other: Ints) -> None:
        """From now on these may not meet, in either role."""
        self._closed = np.concatenate([self._closed, self._keys(one, other)])

    def __call__(self, mentor: Ints, mentee: Ints) -> Bools:
        staff = self._staff
        return np.asarray(
            (staff.grade[mentor] < staff.grade[mentee])
            & ~staff.related(mentor, mentee)
            & staff.share_language(mentor, mentee)
            & ~np.isin(self._keys(mentor, mentee), self._closed)
        )


def skill_fit(applicants: Applicants, mentor: Ints, mentee: Ints) -> npt.NDArray[np.float64]:
    """|offered and wanted| / |wanted| of applicants (rows of the table); 0 if nothing is wanted."""
    shared = (applicants.offered[mentor] & applicants.wanted[mentee]).sum(axis=1)
    wanted = applicants.wanted[mentee].sum(axis=1)
    return np.asarray(shared / np.maximum(wanted, 1), dtype=np.float64)


def _asked(
    draws: Draws, applicants: Applicants, allowed: Allowed, askers: Ints, most: int
) -> list[tuple[int, list[int]]]:
    """For each asker (a row of applications), up to `most` allowed rows, the best fit first."""
    found: list[tuple[int, list[int]]] = []
    wished = draws.whole(1, most, len(askers))
    sides = (applicants.mentors & ~applicants.mentees, applicants.mentees)
    for is_mentor, side in zip((True, False), sides, strict=True):
        rows = side[askers]
        mine = askers[rows]
        others = np.flatnonzero(
            applicants.here & (applicants.mentees if is_mentor else applicants.mentors)
        )
        if not len(others) or not len(mine):
            continue
        seen = others[draws.whole(0, len(others) - 1, len(mine), _LOOKED_AT)]
        me = np.repeat(mine, _LOOKED_AT)
        mentor, mentee = (me, seen.ravel()) if is_mentor else (seen.ravel(), me)
        good = allowed(applicants.person[mentor], applicants.person[mentee])
        fit = np.where(good, skill_fit(applicants, mentor, mentee), -1.0).reshape(seen.shape)
        order = np.argsort(-fit, axis=1, kind="stable")
        for row, asker in enumerate(mine):
            ranked = [int(seen[row, c]) for c in order[row] if fit[row, c] >= 0]
            found.append((int(asker), list(dict.fromkeys(ranked))[: wished[rows][row]]))
    return [(asker, chosen) for asker, chosen in found if chosen]


def ask(
    seed: int, staff: Staff, applicants: Applicants, table: pd.DataFrame, allowed: Allowed
) -> pd.DataFrame:
    """The applications with wishes (in rank order) and vetoes; closes the vetoed pairs.

    Wished people are employed, of the other side and allowed by the rules; nobody vetoes someone
    who wishes to meet them, or whom they wish to meet.
    """
    draws = Draws(seed, "wishes")
    ids = staff.ids[applicants.person]
    columns = {name: [""] * len(ids) for name in ("wishes", "vetoes")}
    wished: set[tuple[int, int]] = set()
    for name, share, most in (("wishes", WISHING, 3), ("vetoes", VETOING, 1)):
        askers = np.flatnonzero(draws.chance(share, len(ids)) & applicants.here)
        for asker, chosen in _asked(draws, applicants, allowed, askers, most):
            if name == "vetoes":
                chosen = [c for c in chosen if not {(asker, c), (c, asker)} & wished]
                mine = applicants.person[np.full(len(chosen), asker)]
                allowed.close(mine, applicants.person[np.array(chosen, dtype=np.int64)])
            wished.update((asker, c) for c in chosen)
            columns[name][asker] = ";".join(ids[c] for c in chosen)
    return table.assign(**{name: pd.Series(cells, dtype="str") for name, cells in columns.items()})


def decide(
    seed: int,
    staff: Staff,
    applicants: Applicants,
    allowed: Allowed,
    start: dt.date,
    roster: pd.DataFrame,
) -> pd.DataFrame:
    """The raw table `decisions`: a few pairs required, a few forbidden, nobody named twice.

    All of them are allowed by the rules and of one site, with no blank that a rule could stumble
    over; a required mentor has a free place.
    """
    draws = Draws(seed, "decisions")
    each = 1 if len(staff.ids) < 200 else len(_REQUIRED)
    mentors = np.flatnonzero(applicants.here & applicants.mentors & ~applicants.mentees)
    mentees = np.flatnonzero(applicants.here & applicants.mentees & ~applicants.mentors)
    tries = 400
    rows: list[tuple[int, int]] = []
    if len(mentors) and len(mentees):
        one = applicants.person[mentors[draws.whole(0, len(mentors) - 1, tries)]]
        other = applicants.person[mentees[draws.whole(0, len(mentees) - 1, tries)]]
        good = allowed(one, other) & (staff.site[one] == staff.site[other])
        known = ((roster["time_zone"] != "") & (roster["languages"] != "")).to_numpy()
        good &= known[one] & known[other]
        named: set[int] = set()
        for mentor, mentee in zip(one[good].tolist(), other[good].tolist(), strict=True):
            if mentor not in named and mentee not in named and len(rows) < 2 * each:
                rows.append((mentor, mentee))
                named |= {mentor, mentee}
    why = [(*line, "require") for line in _REQUIRED[:each]]
    why += [(*line, "forbid") for line in _FORBIDDEN[:each]]
    why = why[: len(rows)]
    on = day_number(start) - draws.whole(7, SIGN_UP_DAYS[1] - 2, len(rows))
    return text_table(
        {
            "mentor_id": [staff.ids[mentor] for mentor, _ in rows],
            "mentee_id": [staff.ids[mentee] for _, mentee in rows],
            "decision": [decision for _, _, decision in why],
            "by": [by for by, _, _ in why],
            "reason": [reason for _, reason, _ in why],
            "on": iso_dates(on),
        }
    )
