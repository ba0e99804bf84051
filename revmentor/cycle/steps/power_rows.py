"""What can the pairs that are told show, and how does a row of the table of power read?"""

from __future__ import annotations

from collections.abc import Sequence

from revmentor import words
from revmentor.cycle.steps.planned import Plan
from revmentor.disclosure.power import DisclosedPower, disclose_power, power_curve
from revmentor.params.models import Charter, SuccessCriterion
from revmentor.planning import charter_power, said
from revmentor.planning.power import Power
from revmentor.planning.power_told import just_at_target

POWER_HEADS = (
    "Success criterion",
    "Planned n",
    "Smallest that would show",
    "Target",
    "Met from",
    "n for the target",
    "Chance to tell it from today",
)


def at_the_target(charter: Charter, found: Sequence[Power]) -> str:
    """What becomes of criteria whose truth is just their target; empty where they would be met.

    A high chance to tell the target from today is none to be judged as met: the rule asks that the
    whole interval reaches the target, and of a truth that is the target half the figures are below.
    """
    names = [
        f"“{item.criterion}”"
        for item, each in zip(charter.success, found, strict=True)
        if item.judged_by == "interval" and just_at_target(each, item.target)
    ]
    if not names:
        return ""
    return (
        f"To be told from today is not yet to be met: if the truth of {words.listed(names)} is "
        "just the target, the verdict is mostly “cannot conclude”, however many take part. What "
        "is met stands under “Met from”: put into the charter what you would be content with, and "
        "aim at more."
    )


def power_of(charter: Charter, plan: Plan) -> Sequence[Power]:
    """What the pairs that are told can show, per criterion; empty where none are told."""
    return () if plan.pairs is None else charter_power(charter, plan.pairs)


def disclosed_power(charter: Charter, plan: Plan, minimum: int) -> DisclosedPower:
    """The power of every criterion, for the pairs that are told."""
    if plan.pairs is None:
        return disclose_power(0, (), minimum)
    curves = tuple(
        power_curve(
            item.criterion,
            found.n,
            found.of,
            from_to(item),
            power=found.power,
            needed=found.needed,
            points=found.curve,
        )
        for item, found in zip(charter.success, power_of(charter, plan), strict=True)
    )
    return disclose_power(plan.pairs, curves, minimum)


def from_to(item: SuccessCriterion) -> str:
    """Baseline and target in a few words."""
    target = "no target" if item.target is None else said(item.target, item.measure)
    return target if item.baseline is None else f"{said(item.baseline, item.measure)} to {target}"


def power_row(item: SuccessCriterion, found: Power) -> tuple[str, ...]:
    """One criterion in the table of power; a dash where a number says nothing."""
    smallest = "any: everybody is counted" if item.measure.kind == "counted" else "–"
    if found.detectable is not None:
        smallest = _rounded(found.detectable, item)
    return (
        item.criterion,
        f"{words.number(found.n)} {found.of}",
        smallest,
        "not stated" if item.target is None else said(item.target, item.measure),
        "–" if found.must_reach is None else _rounded(found.must_reach, item),
        "–" if found.needed is None else f"{words.number(found.needed)} {found.of}",
        "–" if found.power is None else words.percent(min(found.power, 0.999)),
    )


def _rounded(value: float, item: SuccessCriterion) -> str:
    return said(round(value, 3 if item.measure.unit == "share" else 2), item.measure)
