"""What should be done next, by what the cycle found? Every sentence follows from a figure."""

from __future__ import annotations

from collections.abc import Iterable

from revmentor import words
from revmentor.disclosure import DisclosedCounts, DisclosedEstimates
from revmentor.disclosure.verdicts import DisclosedVerdicts, VerdictRow
from revmentor.figures.sides import named_kinds
from revmentor.measures import MEASURES
from revmentor.planning.advice import IF_SHORT


def on_verdicts(found: DisclosedVerdicts) -> list[str]:
    """What follows from each verdict that is not *met*?"""
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
        told.append(f"{row.criterion}: cannot be concluded, as {why}.{need}")
    return told


def _with(found: DisclosedVerdicts, answer: str) -> Iterable[VerdictRow]:
    return (row for row in found.rows if row.answer == answer)


def on_skills(gap: DisclosedCounts) -> list[str]:
    """Which skill is shortest of mentors?"""
    short = []
    for skill, (places, wanted) in zip(gap.rows, gap.cells, strict=True):
        lack = (wanted.value or 0) - (places.value or 0)
        if places.value is not None and wanted.value is not None and lack > 0:
            short.append((lack, skill))
    if not short:
        return []
    lack, skill = max(short)
    return [f"Recruit mentors who know {skill}: {words.counted(lack, 'place')} short."]


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
