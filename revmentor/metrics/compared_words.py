"""What was compared, on what, and what must not be concluded: in words."""

from __future__ import annotations

from revmentor import words
from revmentor.metrics.balance import LIMIT, Balance
from revmentor.metrics.compared import (
    LEAST,
    Case,
    Clause,
    Comparison,
    Kind,
    left_out,
    window,
)
from revmentor.metrics.covariates import Covariates
from revmentor.metrics.weighting import Weighted


def said(
    case: Case,
    kind: Kind,
    known: Covariates,
    found: Weighted,
    off: list[Balance],
    few: bool,
    anything: bool,
) -> list[Clause]:
    """What was compared, on what, and what speaks against using it."""
    mine, others = case.took & found.used, ~case.took & found.used
    whom = {
        "waitlist": "people who asked for a place when none was left",
        "matched": "other people of the company",
    }[kind]
    lead = (
        f"{words.counted(int(mine.sum()), 'participant')} {words.agree(int(mine.sum()), 'is')} "
        f"compared with {words.number(int(others.sum()))} {whom} (weighted: as informative as "
        f"{words.number(found.effective(others))}), {window(case)}"
    )
    told = [Clause(lead, (int(mine.sum()), int(others.sum())))]
    if anything:
        told.append(Clause(f"They are made alike in {words.listed(known.known)}"))
    if known.unknown:
        told.append(Clause(f"Not known, or the same for all: {words.listed(known.unknown)}"))
    lost = int((case.took & ~found.used).sum())
    if lost:
        left = (
            f"{words.counted(lost, 'participant')} {words.agree(lost, 'has')} nobody comparable "
            f"and {words.agree(lost, 'is')} left out"
        )
        told.append(Clause(left, (lost,)))
    if known.redated:
        dated = (
            f"of {words.counted(known.redated, 'person')} the last promotion is dated after the "
            "start, so the one before is not known"
        )
        told.append(Clause(dated, (known.redated,)))
    return [*told, *(Clause(text) for text in objections(off, few, anything)), *left_out(case)]


def objections(off: list[Balance], few: bool, anything: bool) -> list[str]:
    """What speaks against using a comparison, in clauses without numbers of people."""
    told = []
    if not anything:
        told.append(
            "Nothing is known about people before the start that could make them comparable, so a "
            "verdict may not use the difference"
        )
    if off:
        worst = sorted(off, key=lambda each: -abs(each.after))
        named = words.listed([each.covariate for each in worst[:3]])
        told.append(
            f"A verdict may not use it: the groups differ by more than {LIMIT} standard deviations "
            f"in {named}"
        )
    if few:
        told.append(
            f"A verdict may not use it: fewer than {LEAST} comparable people are on one side"
        )
    return told


def caution(kind: Kind) -> str:
    """What must a reader not conclude from a comparison without a lottery?"""
    who = {
        "waitlist": (
            "Both groups asked for a place, but who got one differs from who did not: by asking "
            "earlier, or by fitting more of the others"
        ),
        "matched": (
            "Participants chose to apply, and people who want to stay or to rise apply more often"
        ),
    }[kind]
    return words.sentence(
        f"{who}; what nobody recorded can explain a difference like this one, so it is evidence, "
        "not proof, that taking part caused it"
    )


def e_value_said(comparison: Comparison) -> str:
    """What does the E-value mean for this comparison, in one sentence? Empty: it has none."""
    strength = comparison.e_value
    if strength is None:
        return ""
    what = {"left_on": "leaving", "promoted_on": "being promoted"}[comparison.event]
    if strength.end == 1.0:
        return words.sentence(
            "The interval holds no difference at all, so nothing unmeasured is needed to explain it"
        )
    return words.sentence(
        f"To explain the difference away, something unmeasured would have to be tied to taking "
        f"part and to {what} by a risk ratio of {strength.point:.1f} each; to move the interval to "
        f"no difference, {strength.end:.1f}"
    )
