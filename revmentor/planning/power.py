"""Can this cycle tell: which difference would so many people show, and how many does it need?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from revmentor import words
from revmentor.measures import Measure, Rule
from revmentor.planning.power_curves import (
    Chance,
    paired_chance,
    share_chance,
    smallest_n,
    two_shares_chance,
    winner,
)
from revmentor.planning.power_told import ENOUGH, Power, sentences

__all__ = ["COMPARISON", "ENOUGH", "SPREAD", "Power", "power"]

SPREAD: Mapping[str, float] = MappingProxyType(
    {"points": 0.9, "share": 0.35, "ties": 1.5, "index": 0.5}
)
"""Standard deviation of one value that is assumed where none is known, by unit.

Points are those of a scale from 1 to 5: answers to such items vary by 0.8 to 1.1 points, and a
change varies as much as one answer does where before and after correlate by 0.5.
"""
COMPARISON: Mapping[str, float] = MappingProxyType({"retention": 0.90})
"""Share of comparable people that is assumed where none is known, by benefit; else 0.10."""
_LEAST = 4
_MOST = 1_000_000
_POINTS = 60


def power(
    measure: Measure,
    n: int,
    *,
    baseline: float | None = None,
    target: float | None = None,
    rule: Rule | None = None,
    spread: float | None = None,
    spread_from: str = "",
    comparison: float | None = None,
    comparison_n: int | None = None,
) -> Power:
    """Can so many people tell the target from the baseline, and what is the least they can tell?

    Parameters
    ----------
    measure : Measure
        The figure; its kind says how it is estimated, and so how its power is computed.
    n : int
        Independent values planned: pairs for a share of pairs, people for a change; participants
        for a difference. Events of one pair (meetings, goals) are alike: count their pairs.
    baseline, target : float or None
        In the figure's unit (shares 0..1; for a difference -1..1). Without a baseline a change or
        a difference is told from 0, and a figure judged by its whole interval from the target.
    rule : str or None
        Rule of the verdict; None: the measure's own.
    spread : float or None
        Standard deviation of one value (of one person's change, for a change before and after);
        None: assumed by `SPREAD`, which is said.
    spread_from : str
        Where the spread comes from, for the sentence: "measured in the last cycle".
    comparison : float or None
        For a difference: the share among comparable people, 0..1; None: assumed by `COMPARISON`.
    comparison_n : int or None
        For a difference: comparable people; None: as many as participants.

    Returns
    -------
    Power
        With ``reason`` where nothing can be computed, or nothing needs to be.

    Notes
    -----
    Two-sided at 5%, power 80%. A share against a known baseline: normal approximation with the
    baseline's variance under no change, which is the test that Wilson's interval inverts
    (`statsmodels.stats.power.normal_power_het`). A difference of two shares: normal approximation
    with pooled variance under no difference (`power_proportions_2indep`; Fleiss, Levin and Paik
    2003, chapter 4), so 90% against 95% needs 434 an arm and 80% against 90% needs 199. Means and
    changes: Student's t (`TTestPower`). The n needed is the smallest whose power, written to a
    tenth of a percent, is 80.0%.

    >>> from revmentor.measures import MEASURES
    >>> found = power(MEASURES["retention_difference"], 180, baseline=0.0, target=0.05)
    >>> found.needed, round(found.power, 2), round(found.detectable, 3)
    (434, 0.44, 0.072)
    """
    judged = rule or measure.rule
    empty = Power(n, measure.of, measure.unit)
    if measure.kind == "counted":
        return _not(empty, f"all {measure.of} are counted, so nothing has to be inferred")
    if n < _LEAST:
        return _not(empty, f"fewer than {_LEAST} {measure.of} are planned")
    if baseline is None and measure.kind in ("paired", "difference"):
        baseline = 0.0
    reference = target if baseline is None and judged == "interval" else baseline
    if reference is None:
        return _not(empty, "there is no baseline to tell a change from")
    problem = _impossible(measure, baseline, target, comparison)
    if problem:
        return _not(empty, problem)
    chance, plan = _method(measure, empty, spread, spread_from, comparison, comparison_n)
    sign = 1.0 if measure.higher else -1.0
    ceiling = _ceiling(measure, reference, plan.comparison, sign)
    least = winner(lambda value: chance(reference, value, n), reference, ceiling, ENOUGH)
    found = replace(plan.power, reference=reference, detectable=least)
    if baseline is not None and target is not None:
        found = _against(found, lambda size: chance(baseline, target, size), n)
    needs = _must_reach(measure, found, baseline, target, judged, plan, n)
    found = replace(found, must_reach=needs)
    return replace(found, sentences=sentences(measure, found, baseline, target, plan.comparison_n))


@dataclass(frozen=True)
class _Plan:
    """How a criterion's power is computed, and what was assumed for it."""

    power: Power
    comparison: float | None = None
    comparison_n: int | None = None


def _not(empty: Power, reason: str) -> Power:
    return replace(empty, reason=reason, sentences=(words.sentence(f"Not computed: {reason}"),))


def _impossible(
    measure: Measure, baseline: float | None, target: float | None, comparison: float | None
) -> str:
    """Why can nothing be computed with these numbers? Empty: it can."""
    if comparison is not None and not 0 < comparison < 1:
        return "the share of comparable people is not between 0 and 1"
    stated = [value for value in (baseline, target) if value is not None]
    if measure.kind == "share" and any(not 0 <= value <= 1 for value in stated):
        return "a share is not in 0 to 1"
    if measure.kind == "share" and baseline in (0.0, 1.0):
        return "from a baseline of all or nobody no change can be told by a share"
    if baseline is None or target is None:
        return ""
    gain = target - baseline if measure.higher else baseline - target
    return "" if gain > 0 else "the target is no better than the baseline"


def _method(
    measure: Measure,
    empty: Power,
    spread: float | None,
    spread_from: str,
    comparison: float | None,
    comparison_n: int | None,
) -> tuple[Chance, _Plan]:
    """The chance that reference and value are told apart at a size, by the measure's kind."""
    if measure.kind == "share":
        method = "one share against a known value, normal approximation, two-sided 5%"
        return share_chance, _Plan(replace(empty, method=method))
    if measure.kind == "difference":
        base = COMPARISON.get(measure.benefit, 0.10) if comparison is None else comparison
        assumed: tuple[str, ...] = ()
        if comparison is None:
            assumed = (f"a share of {words.percent(base)} among comparable people (assumed)",)
        method = "two shares, normal approximation, two-sided 5%"
        ratio = 1.0 if comparison_n is None else comparison_n / empty.n
        plan = _Plan(replace(empty, method=method, assumed=assumed), base, comparison_n or empty.n)
        return two_shares_chance(base, ratio), plan
    known = spread if spread is not None else SPREAD.get(measure.unit, 1.0)
    where = spread_from or ("as stated" if spread is not None else "assumed")
    noun = "one person's change" if measure.kind == "paired" else "one value"
    told = f"a standard deviation of {words.number(known, 2)} for {noun} ({where})"
    method = "mean against a known value, Student's t, two-sided 5%"
    found = replace(empty, method=method, spread=known, assumed=(told,))
    return paired_chance(known), _Plan(found)


def _ceiling(measure: Measure, reference: float, comparison: float | None, sign: float) -> float:
    """The best value that is possible: where the search for the smallest detectable one ends."""
    if measure.kind == "share" or (measure.kind == "mean" and measure.unit == "share"):
        return 1.0 if sign > 0 else 0.0
    if measure.kind == "difference":
        base = comparison or 0.0
        return 1.0 - base if sign > 0 else -base
    return reference + sign * 1e3


def _against(found: Power, chance: Callable[[float], float], n: int) -> Power:
    """Target against baseline: power at the planned n, n needed, and the curve."""
    needed = smallest_n(chance, ENOUGH, _LEAST, _MOST)
    most = max(2 * n, math.ceil(1.5 * (needed or n)))
    sizes = np.unique(np.linspace(_LEAST, min(most, 20 * n), _POINTS).round().astype(int))
    curve = tuple((int(size), chance(int(size))) for size in sizes)
    return replace(found, power=chance(n), needed=needed, curve=curve)


def _must_reach(
    measure: Measure,
    found: Power,
    baseline: float | None,
    target: float | None,
    rule: Rule,
    plan: _Plan,
    n: int,
) -> float | None:
    """The least figure that the rule calls met at this n."""
    if target is None or (rule == "baseline" and baseline is None):
        return None
    sign = 1.0 if measure.higher else -1.0
    bound = target if rule == "interval" else float(baseline or 0.0)
    if measure.kind == "share":
        return _least_share(bound, target, n, higher=measure.higher)
    from scipy import stats

    if measure.kind == "difference":
        base, others = plan.comparison or 0.0, plan.comparison_n or n
        share = min(max(base + bound, 0.0), 1.0)
        error = math.sqrt(share * (1 - share) / n + base * (1 - base) / others)
        half = float(stats.norm.ppf(0.975)) * error
    else:
        half = float(stats.t.ppf(0.975, n - 1)) * (found.spread or 0.0) / math.sqrt(n)
    value = sign * max(sign * (bound + sign * half), sign * target)
    best = _ceiling(measure, bound, plan.comparison, sign)
    return value if sign * value <= sign * best else None


def _least_share(bound: float, target: float, n: int, *, higher: bool) -> float | None:
    """The least share of n whose Wilson interval lies beyond the bound and that reaches target."""
    from statsmodels.stats.proportion import proportion_confint

    counts = np.arange(n + 1)
    low, high = proportion_confint(counts, n, method="wilson")
    share = counts / n
    beyond = (low >= bound) if bound == target else (low > bound)
    if not higher:
        beyond = (high <= bound) if bound == target else (high < bound)
    reaches = share >= target - 1e-12 if higher else share <= target + 1e-12
    right = share[beyond & reaches]
    if not len(right):
        return None
    return float(right.min() if higher else right.max())
