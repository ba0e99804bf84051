"""Was a criterion of the charter met, by the rule that was fixed before the data?"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Literal

from revmentor.measures import RULES, Rule
from revmentor.metrics.estimate import Estimate

Answer = Literal["met", "not met", "cannot conclude", "not due yet"]
ERROR = 0.025
# (z(0.975) + z(0.8)) / z(0.975): an interval that lies beyond a bound in four of five cycles
POWERED = 1.4294
SAME = 1e-9


@dataclass(frozen=True)
class Aim:
    """What the charter fixed for one criterion.

    Parameters
    ----------
    target : float or None
        Value that counts as success, in the figure's unit.
    baseline : float or None
        Where the figure stood before.
    rule : str
        A key of `revmentor.measures.RULES`.
    higher : bool
        Whether more of the figure is better.
    least : int
        n under which nothing is concluded.
    due : date or None
        The day from which it is judged; None: any day.
    """

    target: float | None
    baseline: float | None
    rule: Rule
    higher: bool = True
    least: int = 0
    due: dt.date | None = None

    @property
    def words(self) -> str:
        """The rule as the charter prints it."""
        least = f"; with n under {self.least} it cannot be concluded" if self.least else ""
        return RULES[self.rule] + least


@dataclass(frozen=True)
class Verdict:
    """One of *met*, *not met*, *cannot conclude*, or *not due yet*, and why."""

    answer: Answer
    why: str


def judge(estimate: Estimate, aim: Aim, on: dt.date | None = None) -> Verdict:
    """Was the criterion met, was it not, can it not be concluded, or is it not due yet?

    Parameters
    ----------
    estimate : Estimate
        The figure with its 95% interval; "not computed" cannot be concluded.
    aim : Aim
        Target, baseline, rule and the day on which it is due.
    on : date or None
        The day on which it is judged: before it is due there is no verdict, whatever the figure
        says so far. None: after all are due.

    Returns
    -------
    Verdict
        ``why`` is a clause without numbers of the data, so that it can be shown beside a figure
        that is hidden.

    Notes
    -----
    An interval with 95% coverage lies beyond a value that is the truth in at most 2.5% of cycles on
    either side. So under the rule ``interval`` a programme that falls short of its target
    is called *met* in at most 2.5% of cycles, and under the rule ``baseline`` one that changes
    nothing is called *met* in at most 2.5%; *not met* is wrong in at most 2.5% under both.
    See Schuirmann (1987) on deciding by whether an interval lies beyond a bound.

    >>> from revmentor.metrics.estimate import proportion
    >>> aim = Aim(target=0.9, baseline=0.7, rule="interval")
    >>> [judge(proportion(k, 100, "pairs"), aim).answer for k in (70, 90, 99)]
    ['not met', 'cannot conclude', 'met']
    >>> early = Aim(target=0.9, baseline=0.7, rule="interval", due=dt.date(2026, 7, 24))
    >>> judge(proportion(70, 100, "pairs"), early, dt.date(2026, 7, 23))
    Verdict(answer='not due yet', why='due on 24 July 2026')
    """
    if on is not None and aim.due is not None and on < aim.due:
        return Verdict("not due yet", f"due on {aim.due:%-d %B %Y}")
    if aim.target is None:
        return Verdict("cannot conclude", "the charter states no target")
    if estimate.value is None:
        return Verdict("cannot conclude", f"not computed: {estimate.reason}")
    if estimate.n < aim.least:
        return Verdict("cannot conclude", f"fewer than the {aim.least} that the charter asks for")
    sign = 1.0 if aim.higher else -1.0
    value, target = sign * estimate.value, sign * aim.target
    if aim.rule == "counted":
        if value >= target:
            return Verdict("met", "the figure reaches the target")
        return Verdict("not met", "the figure falls short of the target")
    if estimate.low is None or estimate.high is None:
        return Verdict("cannot conclude", "the figure has no interval")
    low, high = sorted((sign * estimate.low, sign * estimate.high))
    if high < target:
        return Verdict("not met", "the whole interval falls short of the target")
    if aim.rule == "interval":
        if low >= target:
            return Verdict("met", "the whole interval reaches the target")
        return Verdict("cannot conclude", "the interval holds the target")
    if aim.baseline is None:
        return Verdict("cannot conclude", "the charter states no baseline to compare with")
    baseline = sign * aim.baseline
    if value >= target and low > baseline:
        return Verdict(
            "met", "the figure reaches the target, its interval lies beyond the baseline"
        )
    if low <= baseline:
        return Verdict("cannot conclude", "the interval holds the baseline and the target")
    return Verdict(
        "cannot conclude", "better than the baseline, but whether it reaches the target is open"
    )


def needed_n(estimate: Estimate, aim: Aim) -> int | None:
    """How many would have settled a criterion that cannot be concluded, if the figure stays so?

    The n at which an interval that shrinks with the square root of n would lie beyond the target
    (rule ``interval``) or the baseline (rule ``baseline``, for a figure that reaches the target) in
    four of five cycles: n ((z(0.975) + z(0.8)) / z(0.975) * half width / distance)^2, with the
    target as the bound where the figure falls short of it.

    Parameters
    ----------
    estimate : Estimate
        The figure, with its interval.
    aim : Aim

    Returns
    -------
    int or None
        None where the figure is not computed, stands on the bound itself, or lacks an interval.

    >>> from revmentor.metrics.estimate import proportion
    >>> needed_n(proportion(93, 100, "pairs"), Aim(0.9, 0.7, "interval"))
    605
    """
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return None
    if aim.target is None:
        return None
    sign = 1.0 if aim.higher else -1.0
    value, target = sign * estimate.value, sign * aim.target
    bound = target
    if aim.rule == "baseline" and value >= target:
        if aim.baseline is None:
            return None
        bound = sign * aim.baseline
    distance = abs(value - bound)
    if distance < SAME:
        return None
    half = (estimate.high - estimate.low) / 2
    return math.ceil(estimate.n * (POWERED * half / distance) ** 2)
