"""What is told of the files and of the criteria, without a number that could be of few people?"""

from __future__ import annotations

import math
from collections.abc import Mapping

from revmentor import words
from revmentor.data import TableReport
from revmentor.disclosure import NOT_SHOWN, Count, Disclosed, DisclosedCounts, fewer_than
from revmentor.matching import Problem
from revmentor.matching.intake.survey import idle
from revmentor.names import CRITERION_LABELS

STEPS = "rule-steps"
PAIRS_LEFT = "pairs_left"
STEP_LABELS = {
    "all pairs": "all mentors with all mentees",
    "minimum_score": "a score above 0, and the minimum",
}

STAND_INS = {
    "mean": "count there as an average pair does",
    "zero": "count there as nothing",
    "exclude": "are weighed by the other criteria",
}


def criteria_notes(problem: Problem, missing: str) -> list[str]:
    """Which criteria cannot count, and which are not stated by everybody? Without any number.

    How many people leave something blank can be few; the numbers are in the restricted folder.
    """
    weighed = problem.influence.loc[problem.influence["weight"] > 0]
    labels = weighed["criterion"].map(CRITERION_LABELS)
    still = ~weighed["influence"].astype(bool)
    rows = weighed.loc[still, ["criterion", "note"]].to_numpy().tolist()
    told = [f"{idle(name, note)}." for name, note in rows]
    partly = labels[~still & weighed["stand_in"].notna()]
    if len(partly):
        told.append(
            f"Not everybody states what these need: {words.listed(list(partly))}. Such pairs "
            f"{STAND_INS[missing]}."
        )
    return told


def accounted(report: TableReport, minimum: int) -> str:
    """Whether all rows are used, and why some are not; numbers and reasons in the load report.

    How many rows there are is how many people there are: the funnel tells that as far as it may be
    told, and a second number would tell it exactly.
    """
    lost = report.rows_read - report.rows_used
    if not lost:
        return f"{report.table}: all rows are used."
    reasons = words.listed([exclusion.reason for exclusion in report.excluded], "or")
    end = f"left out because {reasons}. The load report has the rows."
    if lost < minimum:
        return f"{report.table}: all rows but {fewer_than(minimum)} are used; the others are {end}"
    rows = f"{words.counted(lost, 'row')} {words.agree(lost, 'is')}"
    return f"{report.table}: {rows} {end}"


def steps_told(values: Mapping[str, Disclosed], funnel: str) -> Mapping[str, Disclosed]:
    """What the rules leave, as far as the numbers of both sides are told.

    All mentors with all mentees are a product of two numbers of people. Where one of these is not
    told exactly, no number of pairs is shown that is more than the least of both would make.

    Parameters
    ----------
    values : mapping of name to disclosed value
        As they are told; among them the steps (rows rules, column pairs_left) and the funnel.
    funnel : str
        Its name; the last row but one are those who can be in a pair.
    """
    steps, stages = values[STEPS], values[funnel]
    assert isinstance(steps, DisclosedCounts)
    assert isinstance(stages, DisclosedCounts)
    sides = stages.cells[-2]
    if all(count.value is not None for count in sides):
        return values
    most = math.prod(count.low for count in sides)
    gone = Count(value=None, low=0, high=None, text=NOT_SHOWN)

    def told(column: str, count: Count) -> Count:
        too_much = column == PAIRS_LEFT and max(count.low, count.high or 0) > most
        return gone if too_much else count

    cells = tuple(
        tuple(told(column, count) for column, count in zip(steps.columns, row, strict=True))
        for row in steps.cells
    )
    return {**values, STEPS: steps.model_copy(update={"cells": cells})}
