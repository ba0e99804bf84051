"""What is told of the files and of the criteria, without a number that could be of few people?"""

from __future__ import annotations

from revmentor import words
from revmentor.data import TableReport
from revmentor.disclosure import fewer_than
from revmentor.matching import Problem
from revmentor.names import CRITERION_LABELS

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
    idle = ~weighed["influence"].astype(bool)
    told = [
        f"{words.capital(label)} {note}."
        for label, note in zip(labels[idle], weighed.loc[idle, "note"], strict=True)
    ]
    partly = labels[~idle & weighed["stand_in"].notna()]
    if len(partly):
        told.append(
            f"Not everybody states what these need: {words.listed(list(partly))}. Such pairs "
            f"{STAND_INS[missing]}."
        )
    return told


def accounted(report: TableReport, minimum: int) -> str:
    """Rows read, used and left out; reasons without their numbers, which can be small.

    Where few are left out the rows read are not told either: those used are known from the funnel.
    """
    lost = report.rows_read - report.rows_used
    lead = f"{report.table}: {words.number(report.rows_read)} rows read"
    if not lost:
        return f"{lead}, all used."
    reasons = words.listed([exclusion.reason for exclusion in report.excluded], "or")
    end = f"left out because {reasons}. The load report has the rows."
    if lost < minimum:
        return f"{report.table}: all rows but {fewer_than(minimum)} are used; the others are {end}"
    return f"{lead}; {words.number(lost)} {end}"
