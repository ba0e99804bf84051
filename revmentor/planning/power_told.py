"""What can a planned number of people show, and how is that said?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from revmentor import words
from revmentor.measures import Measure

ENOUGH = 0.80
SAME = 1e-9


@dataclass(frozen=True)
class Power:
    """What a planned number of people can show for one criterion.

    Parameters
    ----------
    n : int
        Independent values planned: pairs, people; of each arm for a difference.
    of : str
        What n counts, in the plural.
    unit : str
        Unit of the figure: ``share`` (0..1) or a word.
    reference : float or None
        What the figure is told apart from: the baseline; without one, the target (rule
        ``interval``).
    detectable : float or None
        The value nearest to the reference that would be told apart from it in 80% of cycles
        (two-sided, 5%); None where no possible value would.
    needed : int or None
        Smallest n that tells the target from the baseline in 80% of cycles.
    power : float or None
        Share (0..1) of cycles in which the planned n tells them apart, if the target is the truth.
    must_reach : float or None
        Least figure that the criterion's rule would call *met* at the planned n; None where no
        figure would.
    spread : float or None
        Standard deviation of one value; None for shares of people or pairs.
    assumed : tuple of str
        What was assumed because nobody stated it, as clauses.
    curve : tuple of (int, float)
        n and power for the target against the baseline, for a figure.
    method : str
        How it was computed.
    reason : str
        "Not computed, because"; empty where it was.
    sentences : tuple of str
        All of it in plain words.
    """

    n: int
    of: str
    unit: str
    reference: float | None = None
    detectable: float | None = None
    needed: int | None = None
    power: float | None = None
    must_reach: float | None = None
    spread: float | None = None
    assumed: tuple[str, ...] = ()
    curve: tuple[tuple[int, float], ...] = ()
    method: str = ""
    reason: str = ""
    sentences: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All sentences as one paragraph."""
        return words.joined(self.sentences)


def _said(value: float, unit: str) -> str:
    if unit == "share":
        return words.percent(value, 1).replace(".0%", "%")
    return words.number(value, 2).removesuffix(".00")


def _gap(value: float, unit: str) -> str:
    if unit == "share":
        return f"{words.number(100 * abs(value), 1).removesuffix('.0')} percentage points"
    return f"{words.number(abs(value), 2)} {unit}"


def _signed(value: float, unit: str) -> str:
    return f"{'−' if value < 0 else ''}{_gap(value, unit)}"


def just_at_target(found: Power, target: float | None) -> bool:
    """Does the rule ask for more than the target itself, as the interval must reach it whole?"""
    reach = found.must_reach
    return target is not None and reach is not None and abs(reach - target) > SAME


def _just_at(found: Power, target: float, say: Callable[[float, str], str]) -> str:
    if not just_at_target(found, target):
        return ""
    return f"; if the truth is just {say(target, found.unit)}, it mostly cannot be concluded"


def sentences(
    measure: Measure,
    found: Power,
    baseline: float | None,
    target: float | None,
    others_n: int | None = None,
) -> tuple[str, ...]:
    """What does a cycle of this size show, in plain words?

    Parameters
    ----------
    measure : Measure
    found : Power
        All numbers.
    baseline, target : float or None
        As in the charter.
    others_n : int or None
        Comparable people, for a difference.
    """
    who = f"{words.number(found.n)} {found.of}"
    if measure.kind == "difference":
        others = words.number(others_n or found.n)
        who = f"{who} and {others} comparable people"
    reference = found.reference or 0.0
    known = _said(reference, found.unit)
    told = []
    changes = measure.kind in ("paired", "difference")
    say = _signed if changes else _said
    if found.detectable is None:
        told.append(f"With {who} no possible figure could be told from {known} reliably")
    elif changes and not reference:
        noun = "change" if measure.kind == "paired" else "difference"
        told.append(
            f"With {who} we would see a {noun} of {_gap(found.detectable, found.unit)} in eight of "
            f"ten such cycles; a smaller one mostly stays invisible"
        )
    else:
        side = "or more" if measure.higher else "or less"
        told.append(
            f"With {who} we would tell {_said(found.detectable, found.unit)} {side} from {known} "
            f"in eight of ten such cycles; a smaller step ("
            f"under {_gap(found.detectable - reference, found.unit)}) mostly stays invisible"
        )
    if found.power is not None and baseline is not None and target is not None:
        goal = say(target, found.unit)
        from_what = "no change" if changes and not baseline else say(baseline, found.unit)
        enough = found.power >= ENOUGH - 0.0005
        chance = words.percent(found.power)
        told.append(f"If the truth is {goal}, it is told from {from_what} in {chance} of cycles")
        if found.needed is None:
            told.append("No number of people that a company has would be enough for eight of ten")
        else:
            each = ""
            if measure.kind == "difference":
                equal = others_n == found.n
                each = " on either side" if equal else " and comparable people in this proportion"
            size = f"{words.number(found.needed)} {found.of}{each}"
            told.append(
                f"{size} would be enough for eight of ten"
                if enough
                else f"Eight of ten need {size}"
            )
    if target is not None:
        if found.must_reach is None:
            told.append("By its rule the criterion cannot be met with so few")
        else:
            told.append(
                f"By its rule the criterion is met from {say(found.must_reach, found.unit)} "
                f"{'on' if measure.higher else 'down'}{_just_at(found, target, say)}"
            )
    if found.assumed:
        told.append(f"Computed with {words.listed(found.assumed)}")
    return tuple(words.sentence(text) for text in told)
