"""Verdicts that have passed disclosure control."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from revmentor.disclosure.counts import Disclosed, Frozen
from revmentor.disclosure.estimates import DisclosedEstimate
from revmentor.measures import MEASURES

Answer = Literal["met", "not met", "cannot conclude", "not due yet"]


class VerdictRow(Frozen):
    """One criterion of the charter.

    Parameters
    ----------
    criterion : str
        In the charter's words.
    metric, figure : str
        Key of the measure, and what it is.
    answer : str
        The verdict, by the exact figure; before the criterion is due there is none.
    why : str
        A clause that says why; it has no numbers of people under the minimum.
    rule : str
        The rule that was fixed before the data, in words.
    baseline, target : float or None
    unit : str
        Of baseline, target and figure.
    estimate : DisclosedEstimate
        The figure as far as it may be shown.
    needed : int or None
        Where it cannot be concluded: how many would have settled it, to two digits.
    due : date or None
        The day from which it is judged.
    """

    criterion: str
    metric: str
    figure: str
    answer: Answer
    why: str
    rule: str
    baseline: float | None
    target: float | None
    unit: str
    estimate: DisclosedEstimate
    needed: int | None = None
    due: dt.date | None = None

    @property
    def said(self) -> str:
        """The verdict in words; before the criterion is due, the day on which it will be."""
        early = self.answer == "not due yet" and self.due is not None
        return f"not due until {self.due:%-d %B %Y}" if early else self.answer

    @property
    def found(self) -> str:
        """The figure with interval and n: a difference of shares in percentage points."""
        measure = MEASURES[self.metric]
        in_points = measure.kind == "difference" and measure.unit == "share"
        return self.estimate.points if in_points else self.estimate.brief


class DisclosedVerdicts(Disclosed):
    """The verdicts on all criteria, in the charter's order."""

    rows: tuple[VerdictRow, ...]

    def count(self, answer: Answer) -> int:
        """How many criteria have this verdict?"""
        return sum(row.answer == answer for row in self.rows)
