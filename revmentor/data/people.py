"""The people table against itself and the calendar: who stays, how old, under whom, how senior."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from revmentor.data.dates import short_year
from revmentor.data.draft import Draft
from revmentor.data.identity import warn_of_twins
from revmentor.data.managers import check_managers
from revmentor.data.report import count
from revmentor.data.values import two_digits
from revmentor.data.zones import warn_of_clocks
from revmentor.errors import Fault
from revmentor.params.models import Generation, Params


def check_people(draft: Draft, params: Params) -> Draft:
    """Which people does the cycle have, with ``grade_rank``, birth year and generation filled?

    What to do about leavers, late hires, impossible ages and unknown managers follows the
    ``on_...`` policies of ``params.data``.
    """
    draft = warn_of_twins(_order_of_dates(draft))
    draft = _leavers(draft, params)
    draft = _late_hires(draft, params)
    draft = _birth(draft, params)
    draft = check_managers(draft, params.data.on_unknown_manager)
    draft = warn_of_clocks(draft, params.programme)
    frame = draft.frame
    return draft.with_frame(frame.assign(grade_rank=grade_rank(frame["grade"], params.grades)))


def grade_rank(grades: pd.Series, labels: tuple[str, ...]) -> pd.Series:
    """How senior is each grade? 0 = the most junior label, or the number itself without labels.

    >>> grade_rank(pd.Series(["senior", "junior"]), ("junior", "senior")).tolist()
    [1, 0]
    """
    if labels:
        ranks = grades.map({label: rank for rank, label in enumerate(labels)})
    else:
        ranks = pd.to_numeric(grades, errors="coerce")
    return ranks.astype("Int64")


def _day(date: dt.date) -> pd.Timestamp:
    return pd.Timestamp(date)


def _order_of_dates(draft: Draft) -> Draft:
    frame = draft.frame
    wrong = frame.index[(frame["left_on"] < frame["hired_on"]).fillna(False)]
    return draft.blame(
        draft.fault(
            "dates out of order",
            "the person leaves before being hired",
            "correct one of the two dates",
            row,
            "left_on",
        )
        for row in wrong
    )


def _leavers(draft: Draft, params: Params) -> Draft:
    start = params.programme.start
    rows = draft.frame.index[(draft.frame["left_on"] <= _day(start)).fillna(False)]
    if params.data.on_left == "exclude":
        return draft.leave_out(rows, f"the person has left by the start, {start}")
    return draft.blame(
        draft.fault(
            "has left",
            f"the person has left by the start, {start}",
            "take the row out, or set data.on_left: exclude",
            row,
            "left_on",
        )
        for row in rows
    )


def _late_hires(draft: Draft, params: Params) -> Draft:
    start = params.programme.start
    rows = draft.frame.index[(draft.frame["hired_on"] > _day(start)).fillna(False)]
    policy = params.data.on_hired_after_start
    reason = f"the person is hired after the start, {start}"
    if policy == "exclude":
        return draft.leave_out(rows, reason)
    cure = "correct the date, or set data.on_hired_after_start: exclude (or warn, to keep them)"
    found = [draft.fault("hired after start", reason, cure, row, "hired_on") for row in rows]
    return draft.blame(found) if policy == "error" else draft.warn(found)


def _birth(draft: Draft, params: Params) -> Draft:
    """Birth years from birth dates, checked for sense, and generations from birth years."""
    draft = _not_born_after_hire(draft)
    frame = draft.frame
    dated = frame["birth_date"].dt.year.astype("Int64")
    differs = (dated != frame["birth_year"]).fillna(False)
    draft = draft.blame(
        draft.fault(
            "birth year and date differ",
            "birth_year is not the year of birth_date",
            "correct one of the two, or leave one out",
            row,
            "birth_year",
        )
        for row in frame.index[differs]
    )
    year = dated.fillna(frame["birth_year"])
    draft = _impossible_ages(draft.with_frame(frame.assign(birth_year=year)), params)
    frame = draft.frame
    own = frame["generation"]
    by_year = generation_of(frame["birth_year"], params.generations)
    other = frame.index[(own != by_year) & own.notna() & by_year.notna()]
    if len(other):
        people = count(len(other), "person has", "people have")
        problem = f"{people} a generation that is not the one of their birth year; it is kept"
        cure = "compare params.generations with the source's own boundaries"
        column = draft.names.get("generation", "generation")
        draft = draft.warn([Fault("generation differs", problem, cure, draft.file, None, column)])
    return draft.with_frame(frame.assign(generation=own.fillna(by_year)))


def generation_of(years: pd.Series, generations: Iterable[Generation]) -> pd.Series:
    """Which generation does each birth year belong to? Missing where none holds it.

    Parameters
    ----------
    years : Series of Int64
        Birth years.
    generations : iterable of Generation
        Bands, both ends included; the first that holds a year names it.
    """
    numbers = years.astype("float64")
    label = pd.Series(None, index=years.index, dtype="str")
    for band in generations:
        low = -np.inf if band.first is None else band.first
        high = np.inf if band.last is None else band.last
        label = label.mask(label.isna() & numbers.between(low, high), band.name)
    return label.astype("str")


def _not_born_after_hire(draft: Draft) -> Draft:
    """Years of two digits a century earlier where they would be on or after the hire."""
    frame = draft.frame
    hired = frame["hired_on"]
    texts = draft.everyone.loc[frame.index]
    short_date = _which(texts["birth_date"], short_year)
    late = short_date & (frame["birth_date"] >= hired)
    earlier = frame["birth_date"].where(~late, frame["birth_date"] - pd.DateOffset(years=100))
    short = _which(texts["birth_year"], two_digits)
    after = (short & (frame["birth_year"] >= hired.dt.year)).fillna(False).astype(bool)
    year = frame["birth_year"].where(~after, frame["birth_year"] - 100)
    moved = int(late.sum() + after.sum())
    if moved:
        draft = draft.note(
            f"{count(moved, 'birth year')} of two digits would be after the hire, so a century "
            "earlier is meant"
        )
    return draft.with_frame(
        frame.assign(birth_date=earlier.astype("datetime64[us]"), birth_year=year)
    )


def _which(texts: pd.Series, holds: Callable[[str], bool]) -> pd.Series:
    """In which rows does this hold of the text?"""
    return pd.Series(
        [holds(text) for text in texts.fillna("").tolist()], index=texts.index, dtype=bool
    )


def _impossible_ages(draft: Draft, params: Params) -> Draft:
    frame, start, ages = draft.frame, params.programme.start, params.data.age
    years = start.year - frame["birth_year"]
    birthday = frame["birth_date"]
    before = (birthday.dt.month > start.month) | (
        (birthday.dt.month == start.month) & (birthday.dt.day > start.day)
    )
    years = years - before.astype("Int64")
    outside = ((years < ages.low) | (years > ages.high)).fillna(False).astype(bool)
    unborn = (frame["birth_year"] >= frame["hired_on"].dt.year).fillna(False).astype(bool)
    draft = _without_age(
        draft, outside, f"the age at the start is not from {ages.low} to {ages.high}", params
    )
    return _without_age(draft, unborn & ~outside, "the birth is not before the hire", params)


def _without_age(draft: Draft, impossible: pd.Series, problem: str, params: Params) -> Draft:
    """What the policy does to people with such an age."""
    frame = draft.frame
    rows = frame.index[impossible.reindex(frame.index)]
    policy = params.data.on_impossible_age
    if policy == "exclude":
        return draft.leave_out(rows, problem)
    dated = set(frame.index[draft.everyone["birth_date"].reindex(frame.index).notna()])
    cure = "correct it, or set data.age or data.on_impossible_age (error, warn or exclude)"
    found = [
        draft.fault(
            "impossible age", problem, cure, row, "birth_date" if row in dated else "birth_year"
        )
        for row in rows
    ]
    if policy == "error":
        return draft.blame(found)
    out = frame.index.isin(rows)
    frame = frame.assign(
        birth_year=frame["birth_year"].mask(out), birth_date=frame["birth_date"].mask(out)
    )
    kept = f"{problem}; the person is kept without it"
    return draft.with_frame(frame).warn(replace(fault, problem=kept) for fault in found)
