"""The tables that planning and matching read, for a company of any size."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from revmentor.data.demo.applications import sign_up
from revmentor.data.demo.history import recall
from revmentor.data.demo.people import hire
from revmentor.data.demo.planted import PLANTED, Planted
from revmentor.data.demo.relations import Allowed, ask, decide
from revmentor.errors import Fault, InputError

FEWEST, MOST = 40, 100_000


def company(
    people: int, seed: int, start: dt.date, *, planted: Planted = PLANTED
) -> dict[str, pd.DataFrame]:
    """What does a company of this size hand in before a cycle that starts on this day?

    Parameters
    ----------
    people : int
        40 to 100,000 on the roster; a few of them have left before the start.
    seed : int
        Not negative; the same seed gives the same bytes everywhere.
    start : date
        First day of the cycle. Sign-up runs from 56 to 31 days before it.
    planted : Planted
        Effects in the ratings of past cycles; `PLANTED_NONE` for none.

    Returns
    -------
    dict of DataFrame
        ``people``, ``applications``, ``decisions``, ``history`` in the contract's default layout:
        every cell is text, lists are joined by ``;``, dates are ISO, empty means missing. Sorted
        by their ids.

    Raises
    ------
    InputError
        If the size or the seed is out of range.

    >>> tables = company(60, seed=1, start=dt.date(2026, 3, 2))
    >>> list(tables), len(tables["people"])
    (['people', 'applications', 'decisions', 'history'], 60)
    """
    if not FEWEST <= people <= MOST:
        size = f"the demo company has {FEWEST} to {MOST:,} people"
        raise InputError(
            Fault(
                "demo size", size, "choose a number in this range", "", None, "people", str(people)
            )
        )
    if seed < 0:
        raise InputError(
            Fault(
                "demo seed",
                "a seed is a whole number from 0",
                "choose one",
                "",
                None,
                "seed",
                str(seed),
            )
        )
    staff, roster = hire(seed, people, start)
    applicants, applications = sign_up(seed, staff, start)
    past = recall(seed, staff, applicants, start, planted)
    allowed = Allowed(staff, (past.mentor, past.mentee))
    applications = ask(seed, staff, applicants, applications, allowed)
    return {
        "people": roster,
        "applications": applications,
        "decisions": decide(seed, staff, applicants, allowed, start, roster),
        "history": past.table,
    }
