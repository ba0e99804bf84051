"""How is a published claim told in words: its figures, where it was searched, what fits?"""

from __future__ import annotations

from scipy import stats

from revmentor.metrics.claim_figures import Given, Stated
from revmentor.metrics.claim_search import Arm, Counts
from revmentor.metrics.estimate import Estimate
from revmentor.words import counted, number


def any_size(share: Stated, fits: Arm, most: int) -> str:
    """Which sizes of a group give a percentage that stands alone?"""
    if not len(fits.n):
        return f"{share.text}%: no group of at most {number(most)} people gives it."
    return (
        f"{share.text}%: the smallest group that gives it has {counted(int(fits.n[0]), 'person')} "
        f"({number(int(fits.low[0]))} of {number(int(fits.n[0]))}); {number(len(fits.n))} of the "
        f"sizes up to {number(most)} do."
    )


def claimed_of(given: Given) -> str:
    """What is claimed of two groups of which only the percentages are known?"""
    one, two = (share.text for share in given.percents)
    more = [f"chi-square {given.chi2.text}"] if given.chi2 else []
    more += [f"odds ratio {given.odds.text}"] if given.odds else []
    return f"{one}% against {two}%{' with ' if more else ''}{' and '.join(more)}"


def where(given: Given, most: int) -> str:
    """In which groups were counts searched for, and with which chi-square?"""
    yates = ", with or without Yates' correction" if given.chi2 else ""
    if len(given.sizes) == 2:
        sizes = f"groups of {number(given.sizes[0])} and {number(given.sizes[1])} people"
    elif given.sizes:
        sizes = f"two groups of {counted(given.sizes[0], 'person')} together"
    else:
        sizes = f"groups of at most {counted(most, 'person')} each"
    return f"in {sizes}{yates}"


def as_table(counts: Counts) -> str:
    """The counts of two groups, with the chi-square that fits."""
    text = f"{counts.one}/{counts.one_n} against {counts.two}/{counts.two_n}"
    if counts.chi2 is None:
        return text
    which = "with" if counts.yates else "without"
    return f"{text}, chi-square {number(counts.chi2, 4)} {which} Yates' correction"


def version(fits: list[bool]) -> str:
    """Which chi-square is the claimed one, of that without and that with Yates' correction?"""
    if all(fits):
        return "the one without Yates' correction, and the one with it"
    ways = ("the one without Yates' correction", "the one with Yates' correction")
    return ways[fits.index(True)] if any(fits) else "neither of them"


def chance(chi2: float) -> str:
    """The p-value of a chi-square with one degree of freedom."""
    p = float(stats.chi2.sf(chi2, 1))
    return "p < 0.001" if p < 0.0005 else f"p = {p:.3f}"


def points(difference: float) -> str:
    """A difference of shares in percentage points, without its sign."""
    return number(abs(100 * difference), 1)


def exactly(share: Estimate, digits: int) -> str:
    """A share as a percentage with as many decimals as are asked for."""
    return f"{100 * (share.value or 0.0):.{digits}f}%"


def between(share: Estimate) -> str:
    """The ends of a share's interval."""
    return f"{100 * (share.low or 0.0):.1f}% to {100 * (share.high or 0.0):.1f}%"
