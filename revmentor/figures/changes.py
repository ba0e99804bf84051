"""Which changes of the pulse are more than chance?"""

from __future__ import annotations

from dataclasses import dataclass

from scipy import stats

from revmentor.disclosure import DisclosedEstimate, DisclosedEstimates, shows

LEVEL = 0.05


@dataclass(frozen=True)
class Change:
    """A principle as one side sees it, between two waves, in points."""

    principle: str
    side: str
    before: str
    wave: str
    points: float


def comparisons(pulse: DisclosedEstimates) -> list[tuple[Change, DisclosedEstimate]]:
    """Which changes are looked at: between neighbouring waves, and from the first to the last."""
    waves = pulse.labels("wave")
    found = []
    for (principle, wave, side, what), each in zip(pulse.keys, pulse.estimates, strict=True):
        at = waves.index(wave)
        whole_way = what == "since first" and at == len(waves) - 1 and at > 1
        if each.value is None or each.low is None or not (what == "change" or whole_way):
            continue
        before = waves[0] if whole_way else waves[max(0, at - 1)]
        found.append((Change(principle, side, before, wave, each.value), each))
    return found


@shows
def notable_changes(pulse: DisclosedEstimates) -> list[Change]:
    """Which changes are more than chance? From the first wave to the last first, then the largest.

    Student's test of each paired difference at 5% / (number of changes looked at) (Bonferroni), so
    that in at most 5% of cycles any change is called that is chance alone.

    Parameters
    ----------
    pulse : DisclosedEstimates
        From `disclose_pulse`.
    """
    looked_at = comparisons(pulse)
    waves = pulse.labels("wave")
    found = [change for change, each in looked_at if _p_value(each) * len(looked_at) <= LEVEL]
    whole = (waves[0], waves[-1]) if waves else ("", "")
    return sorted(
        found,
        key=lambda c: ((c.before, c.wave) != whole, -abs(c.points), c.principle, c.side, c.wave),
    )


def direction(change: DisclosedEstimate | None) -> int:
    """Which way does a change go beyond chance? 1 up, -1 down, 0 neither, or not shown.

    By the p that was worked out before the numbers were rounded, where it is told: an interval from
    0.04 to 0.2 is shown as 0.0 to 0.2, and still holds no zero.
    """
    if change is None or change.value is None:
        return 0
    if change.p is not None:
        return (change.value > 0) - (change.value < 0) if change.p <= LEVEL else 0
    if change.low is None or change.high is None:
        return 0
    return int(change.low > 0) - int(change.high < 0)


def _p_value(change: DisclosedEstimate) -> float:
    """Two-sided p of "no change"; from the 95% interval and n where it is not told."""
    if change.p is not None:
        return change.p
    if change.value is None or change.low is None or not change.n or change.n < 2:
        return 1.0
    freedom = change.n - 1
    error = (change.value - change.low) / float(stats.t.ppf(0.975, freedom))
    return 2 * float(stats.t.sf(abs(change.value) / error, freedom)) if error > 0 else 1.0
