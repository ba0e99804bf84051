"""Who can be matched in a cycle? The one place that gives a run, a check and a rematch its pool."""

from __future__ import annotations

from revmentor.data import Tables
from revmentor.matching import Problem
from revmentor.params import Params
from revmentor.planning.enrolment import Selection, select


def selection_of(tables: Tables, params: Params) -> Selection:
    """Who has a place, who waits, and why; see `revmentor.planning.enrolment.select`.

    Raises
    ------
    InputError
        More people have a place for certain than there are places.
    """
    return select(tables.applications, params, tables.decisions)


def problem_of(tables: Tables, params: Params, selection: Selection | None = None) -> Problem:
    """Everybody who has a place, the criteria and the rules.

    Parameters
    ----------
    tables : Tables
        All who applied; who has no place is left out here.
    params : Params
    selection : Selection, optional
        From `selection_of`, where it is known already.
    """
    chosen = selection or selection_of(tables, params)
    return Problem.from_tables(
        tables.people,
        chosen.pool(),
        params,
        decisions=tables.decisions,
        history=tables.history,
    )
