"""How does a row of the table of power read?"""

from __future__ import annotations

from revmentor import words
from revmentor.params.models import SuccessCriterion
from revmentor.planning import said
from revmentor.planning.power import Power

POWER_HEADS = (
    "Success criterion",
    "Planned n",
    "Smallest that would show",
    "Target",
    "Met from",
    "n for the target",
    "Chance to see it",
)


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
