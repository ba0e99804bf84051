"""Do groups apply, get a place and get a partner at like rates, and may anything be concluded?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from revmentor import words
from revmentor.metrics.estimate import Estimate, not_computed, proportion

FOUR_FIFTHS = 0.8
LEAST = 5
_Z = 1.959963984540054
Verdict = Literal["below", "not below", "open", ""]


@dataclass(frozen=True)
class GroupRate:
    """One group: how many of them were chosen, against the group with the highest rate.

    Parameters
    ----------
    group : str
    rate : Estimate
        Share with Wilson's interval; `count` of `n`.
    ratio : Estimate
        Impact ratio: this rate / the highest rate, with its score interval. Not computed for the
        reference itself and for groups below 5 people.
    verdict : str
        ``below``: under four fifths, beyond chance and beyond one decision. ``not below``: at
        least four fifths, and one decision would not change that. ``open``: no conclusion. Empty
        where the rule of four fifths is not applied.
    """

    group: str
    rate: Estimate
    ratio: Estimate
    verdict: Verdict


@dataclass(frozen=True)
class Audit:
    """The rates of one step by one grouping.

    Parameters
    ----------
    by, what : str
        The grouping, and what the groups did ("applied").
    reference : str
        The group with the highest rate; empty where nothing can be compared.
    groups : tuple of GroupRate
        In the order that was given.
    four_fifths : bool
        Whether the rule was applied.
    """

    by: str
    what: str
    reference: str
    groups: tuple[GroupRate, ...]
    four_fifths: bool

    @property
    def text(self) -> str:
        """The finding with its caution, in one or two sentences."""
        known = [each for each in self.groups if each.ratio.value is not None]
        if not known:
            return words.sentence(f"by {self.by}, {self.what}: there are no two groups to compare")
        low = min(known, key=lambda each: each.ratio.value or 0.0)
        lead = (
            f"by {self.by}, {self.what}: the highest rate is that of “{self.reference}”; the "
            f"lowest, of “{low.group}”, is {_said(low.ratio)}"
        )
        if not self.four_fifths:
            return words.joined(
                [lead, "This looks at access: no rule is applied, and nothing is concluded"]
            )
        under = [f"“{each.group}”" for each in known if each.verdict == "below"]
        doubtful = [f"“{each.group}”" for each in known if each.verdict == "open"]
        told = [lead]
        if under:
            verb = words.agree(len(under), "is")
            told.append(
                f"{words.listed(under)} {verb} under four fifths of it, beyond chance and beyond "
                "one decision: look for the reason"
            )
        if doubtful:
            told.append(
                f"of {words.listed(doubtful)} nothing can be concluded, as chance or one different "
                "decision could turn it"
            )
        if not under and not doubtful:
            told.append("no group is under four fifths of it")
        return words.joined(told)


def _said(ratio: Estimate) -> str:
    return (
        f"{words.number(ratio.value or 0, 2)} of it (95% interval "
        f"{words.number(ratio.low or 0, 2)} to {words.number(ratio.high or 0, 2)})"
    )


def selection_audit(
    chosen: Mapping[str, tuple[int, int]], by: str, what: str, *, four_fifths: bool = False
) -> Audit:
    """How do the rates of groups compare, and does the comparison bear a conclusion?

    The impact ratio is a group's rate / the highest rate of any group of at least 5 people. Its
    95% interval is the score interval of a ratio of two shares (Koopman 1984; Miettinen and
    Nurminen 1985). Below 0.8 it is called so only where the interval excludes 1 and where giving
    one decision to the other group would not lift it to 0.8; at least 0.8 only where one such
    decision would not take it below.

    Parameters
    ----------
    chosen : mapping of group to (chosen, people)
    by : str
        The grouping, as it is said: gender, generation.
    what : str
        What the chosen did, such as "applied".
    four_fifths : bool
        Apply the rule. It is meant for sex, race and ethnic group (Uniform Guidelines on Employee
        Selection Procedures, 29 CFR 1607.4 D), not for age.

    Notes
    -----
    One different decision: questions and answers on the Uniform Guidelines (44 FR 11996, 1979),
    no. 21: where one more person chosen of a group would reverse the finding, there is none.

    >>> found = selection_audit({"a": (48, 80), "b": (12, 40)}, "group", "hired", four_fifths=True)
    >>> found.reference, found.groups[1].ratio.value, found.groups[1].verdict
    ('a', 0.5, 'below')
    >>> few = selection_audit({"men": (3, 20), "women": (1, 10)}, "sex", "hired", four_fifths=True)
    >>> few.groups[1].verdict
    'open'
    """
    large = {group: (hit / n, n) for group, (hit, n) in chosen.items() if n >= LEAST}
    best = max(large, key=lambda group: (large[group][0], large[group][1]), default="")
    found = []
    for group, (hit, n) in chosen.items():
        rate = proportion(hit, n, "people")
        ratio = _ratio(chosen, group, best)
        verdict: Verdict = ""
        if four_fifths and ratio.value is not None:
            verdict = _verdict((hit, n), chosen[best], ratio)
        found.append(GroupRate(group, rate, ratio, verdict))
    some = any(each.ratio.value is not None for each in found)
    return Audit(by, what, best if some else "", tuple(found), four_fifths)


def _ratio(chosen: Mapping[str, tuple[int, int]], group: str, best: str) -> Estimate:
    method = "impact ratio to the highest rate, score 95% interval"
    hit, n = chosen[group]

    def none(reason: str) -> Estimate:
        return not_computed(reason, n, "ratio", method, "people")

    if not best or group == best:
        return none("this is the group that the others are compared with" if best else "few people")
    top, of = chosen[best]
    if n < LEAST:
        return none(f"the group has fewer than {LEAST} people")
    if not top:
        return none("nobody was chosen at all")
    value = hit / n / (top / of)
    return Estimate(value, *ratio_interval(hit, n, top, of), n + of, "ratio", method, "", "people")


def ratio_interval(hit: int, n: int, top: int, of: int) -> tuple[float, float]:
    """Which ratios of two shares does the score test not reject at 5%?

    z(r) = (p1 - r p2) / sqrt(N / (N - 1) (q1 (1 - q1) / n1 + r^2 q2 (1 - q2) / n2)), with q1 = r q2
    the likeliest shares of that ratio (Miettinen and Nurminen 1985), solved for z = +-1.96 by
    bisection. As `statsmodels.stats.proportion.confint_proportions_2indep` (score), whose closed
    form can miss the estimate where one share is 1.

    Parameters
    ----------
    hit, n : int
        The first share; `hit` may be 0.
    top, of : int
        The second, above 0.

    >>> low, high = ratio_interval(12, 40, 48, 80)
    >>> f"{low:.3f} to {high:.3f}"
    '0.293 to 0.795'
    """
    first, second, total = hit / n, top / of, n + of

    def z(ratio: float) -> float:
        b = n * ratio + hit + of + top * ratio
        root = math.sqrt(max(0.0, b * b - 4 * total * ratio * (hit + top)))
        q2 = min(1.0, (b - root) / (2 * total * ratio))
        q1 = min(1.0, ratio * q2)
        spread = q1 * (1 - q1) / n + ratio**2 * q2 * (1 - q2) / of
        apart = first - ratio * second
        if spread <= 0:
            return math.copysign(math.inf, apart) if apart else 0.0
        return apart / math.sqrt(spread * total / (total - 1))

    value = first / second
    low = 0.0 if hit == 0 else _where(lambda r: z(r) < _Z, value * 1e-9, value)
    far = max(value, 1 / of) * 2
    while z(far) > -_Z:
        far *= 2
    return low, _where(lambda r: z(r) < -_Z, value, far)


def _where(holds: Callable[[float], bool], low: float, high: float) -> float:
    """The least number from which on it holds, by bisection."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _verdict(mine: tuple[int, int], best: tuple[int, int], ratio: Estimate) -> Verdict:
    """Below four fifths or not, if that holds with one decision given to the other group."""
    assert ratio.value is not None
    assert ratio.high is not None
    below = ratio.value < FOUR_FIFTHS
    way = 1 if below else -1
    hit, top = min(mine[1], max(0, mine[0] + way)), min(best[1], max(0, best[0] - way))
    rates = hit / mine[1], top / best[1]
    turned = rates[0] < FOUR_FIFTHS * rates[1]
    if turned != below or (below and ratio.high >= 1):
        return "open"
    return "below" if below else "not below"
