"""What should be done next, by what the cycle found? Every sentence follows from a figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from revmentor import words
from revmentor.cycle.steps.review.telling import REMIND, WOULD_SHOW, first_meeting
from revmentor.disclosure import DisclosedCounts, DisclosedEstimate, DisclosedEstimates
from revmentor.disclosure.verdicts import DisclosedVerdicts, VerdictRow
from revmentor.figures.sides import named_kinds
from revmentor.measures import MEASURES
from revmentor.metrics.evidence import why_absent
from revmentor.planning.advice import IF_SHORT

# A share under which more pairs than not never met as agreed.
ALARM = 0.5


def on_verdicts(found: DisclosedVerdicts, *, begun: bool = True) -> list[str]:
    """What follows from each verdict that is not *met*, and from a figure that none will have?

    Parameters
    ----------
    found : DisclosedVerdicts
    begun : bool
        May pairs meet yet? Before, nobody is reminded to enter what has not happened.
    """
    told = [f"{row.criterion}: not met. {IF_SHORT[row.metric]}" for row in _with(found, "not met")]
    for row in _with(found, "cannot conclude"):
        need = ""
        if row.needed:
            of = MEASURES[row.metric].of
            need = (
                f" If the figure stays as it is, about {words.number(row.needed)} {of} would "
                "settle it."
            )
        why = row.why.removeprefix("not computed: ")
        told.append(f"{row.criterion}: cannot be concluded, as {why}.{_collect(row, why) or need}")
    for row in _with(found, "not due yet"):
        cure = _collect(row, row.estimate.reason)
        if cure and (begun or REMIND not in cure):
            told.append(f"{row.criterion}: {row.why}, and {row.estimate.reason}.{cure}")
    return told


def _collect(row: VerdictRow, why: str) -> str:
    """What to do where a figure lacks its table; empty where something else is why."""
    table = MEASURES[row.metric].table
    if table and why == why_absent(table, (table,)):
        cure = REMIND
    elif table and why == why_absent(table):
        cure = f"Collect it ({WOULD_SHOW[table]}) and name its file under data.tables.{table}"
    else:
        return ""
    return f" {cure}, or judge the criterion by another figure in the next charter."


def _with(found: DisclosedVerdicts, answer: str) -> Iterable[VerdictRow]:
    return (row for row in found.rows if row.answer == answer)


def on_first_meetings(share: DisclosedEstimate, days: int, *, open_still: bool) -> list[str]:
    """What comes before all else where most pairs did not even meet?

    Parameters
    ----------
    share : DisclosedEstimate
        Pairs that met in time, of those of whom it can be told.
    days : int
        Within which they should have.
    open_still : bool
        Are meetings still due?
    """
    few = share.state == "few" or (share.value is not None and share.value < ALARM)
    if not few:
        return []
    cure = (
        "Call the others this week, before anything else: restricted/review/week.html says whom "
        "to talk to first."
        if open_still
        else "Ask the others what kept them before the next cycle starts."
    )
    return [f"{first_meeting(share, days)} {cure}"]


def on_recruiting(told: Sequence[str]) -> list[str]:
    """Whom to recruit, as the page of participants says it: solved, not counted by skill."""
    return [f"Recruit before the next match. {text}" for text in told]


def on_support(asked: DisclosedCounts) -> list[str]:
    """What is asked for most?"""
    most, people = named_kinds(asked).largest()
    if people < asked.minimum:
        return []
    each = " each" if len(most) > 1 else ""
    who = words.counted(people, "person")
    return [f"Answer what people ask for most: {words.listed(list(most))} ({who}{each})."]


def on_cancellations(cancelled: DisclosedEstimates) -> list[str]:
    """Does the senior side cancel more than the junior one, beyond chance?"""
    senior, junior = cancelled.get("mentee"), cancelled.get("mentor")
    if senior is None or junior is None or senior.low is None or junior.high is None:
        return []
    if senior.low <= junior.high:
        return []
    return [
        f"Seniors cancel {senior.text} of the meetings, juniors {junior.text}: have the sponsor "
        "ask seniors to move meetings and not to cancel them."
    ]
