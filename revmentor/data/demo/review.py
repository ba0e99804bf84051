"""The tables that the review reads, for pairs that ran in the demo company."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from revmentor.data.demo.cohort import read_cohort, run_course
from revmentor.data.demo.draws import Draws
from revmentor.data.demo.meetings import hold_sessions, pursue_goals, train
from revmentor.data.demo.network import ask_for_advice
from revmentor.data.demo.outcomes import fate, snapshot
from revmentor.data.demo.planted import PLANTED, Planted
from revmentor.data.demo.surveys import (
    answer_pulse,
    rate_creativity,
    rate_leadership,
    rate_skills,
)
from revmentor.params.models import Programme


def review_tables(
    company_tables: Mapping[str, pd.DataFrame],
    pairs: pd.DataFrame,
    seed: int,
    programme: Programme,
    *,
    planted: Planted = PLANTED,
) -> dict[str, pd.DataFrame]:
    """What would these pairs have done and answered by the end of the cycle?

    Parameters
    ----------
    company_tables : mapping
        What `company` returned (at least ``people`` and ``applications``).
    pairs : DataFrame
        ``mentor_id``, ``mentee_id``: the pairs that ran; other columns are not read.
    seed : int
        Not negative. Every table has draws of its own.
    programme : Programme
        Dates and rhythm: start, end, meetings, check-ins, training.
    planted : Planted
        Effects; `PLANTED_NONE` for a cycle that changes nothing.

    Returns
    -------
    dict of DataFrame
        ``training``, ``sessions``, ``goals``, ``pulse``, ``skills``, ``leadership``,
        ``creativity``, ``ties``, ``outcomes`` as text in the contract's default layout. They do
        not depend on the order of rows in what was given.

    Raises
    ------
    InputError
        If a pair names somebody who is not on the roster, or stands there twice.
    """
    cohort = read_cohort(company_tables, pairs, programme)
    left, promoted = fate(Draws(seed, "outcomes"), cohort, planted)
    course = run_course(Draws(seed, "course"), cohort, left, promoted)
    return {
        "training": train(Draws(seed, "training"), cohort, programme),
        "sessions": hold_sessions(Draws(seed, "sessions"), cohort, course, programme, planted),
        "goals": pursue_goals(Draws(seed, "goals"), cohort, course, planted),
        "pulse": answer_pulse(Draws(seed, "pulse"), cohort, course, programme, planted),
        "skills": rate_skills(Draws(seed, "skills"), cohort, course, planted),
        "leadership": rate_leadership(Draws(seed, "leadership"), cohort, course, planted),
        "creativity": rate_creativity(Draws(seed, "creativity"), cohort, course, planted),
        "ties": ask_for_advice(Draws(seed, "ties"), cohort, course, planted),
        "outcomes": snapshot(cohort, course),
    }
