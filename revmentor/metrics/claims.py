"""Can a published claim be true: do any whole numbers of people give these figures?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from revmentor.metrics.claim_figures import MOST, Given, Stated, read_claim
from revmentor.metrics.claim_search import Search, arm, search
from revmentor.metrics.claim_words import (
    any_size,
    as_table,
    between,
    chance,
    claimed_of,
    exactly,
    points,
    version,
    where,
)
from revmentor.metrics.estimate import Estimate, proportion
from revmentor.metrics.two_arms import chi_squares, odds_ratio, share_difference
from revmentor.words import agree, counted, listed, number


@dataclass(frozen=True)
class Claim:
    """What was found about a claim.

    Parameters
    ----------
    consistent : bool
        Whether whole numbers of people can give all figures of the claim.
    sentences : tuple of str
        What was recomputed and how it compares, in the order of reading.
    shares : tuple of Estimate
        Share of each group, with Wilson's interval; empty where only percentages are known.
    difference, odds : Estimate or None
        First group minus second (Newcombe), and odds ratio (Woolf); None without two counts.
    chi2, chi2_yates : float or None
        Recomputed chi-square without and with Yates' correction; None without two counts, or where
        all or nobody has it.
    fits : Search or None
        Counts found behind percentages; None where counts were given.
    """

    consistent: bool
    sentences: tuple[str, ...]
    shares: tuple[Estimate, ...] = ()
    difference: Estimate | None = None
    odds: Estimate | None = None
    chi2: float | None = None
    chi2_yates: float | None = None
    fits: Search | None = None

    def text(self) -> str:
        """All sentences, one a line."""
        return "\n".join(self.sentences)


def check_claim(
    *,
    percents: Sequence[str] = (),
    counts: Sequence[str] = (),
    chi2: str | None = None,
    odds_ratio: str | None = None,
    sizes: Sequence[int] = (),
    most: int = MOST,
) -> Claim:
    """Can these published figures come from whole numbers of people?

    Percentages alone are searched for in all whole numbers (for one percentage and its n this is
    the GRIM test of Brown and Heathers 2017): the digits printed say how exact a figure is, and
    an exact half may have been rounded either way. Counts are recomputed: shares with Wilson's
    intervals, difference (Newcombe), odds ratio (Woolf), chi-square without and with Yates'
    correction.

    Parameters
    ----------
    percents : sequence of str
        As printed, 0..100: one per group.
    counts : sequence of str
        "13/133" per group: how many of how many.
    chi2, odds_ratio : str or None
        As printed; of two groups. The odds ratio may be either way up.
    sizes : sequence of int
        Size of each group; or one number for two groups together.
    most : int
        Largest group that is tried, where sizes are not known; 1 to 5,000.

    Returns
    -------
    Claim
        ``consistent`` and what was found, in sentences.

    Raises
    ------
    InputError
        Where a figure cannot be read or figures do not go together.

    >>> check_claim(percents=["10.87", "29.41"], chi2="19.09").consistent
    False
    >>> check_claim(counts=["13/133", "60/200"], chi2="19.09").consistent
    True
    """
    given = read_claim(percents, counts, chi2, odds_ratio, sizes, most)
    if given.counts:
        return _recomputed(given)
    one_total = len(given.sizes) == 1 and len(given.percents) == 2
    bound = bool(given.chi2 or given.odds or one_total)
    return _searched(given) if bound else _each_alone(given)


def _recomputed(given: Given) -> Claim:
    """A claim whose counts are known."""
    shares = tuple(proportion(count, size, "people") for count, size in given.counts)
    sentences, agrees = [], True
    for place, share in enumerate(shares):
        claimed = given.percents[place] if given.percents else None
        exact = claimed.digits if claimed else 2
        said = f"{number(share.count or 0)} of {number(share.n)} is {exactly(share, exact)}"
        sentences.append(f"{said} (95% interval {between(share)}).")
        if claimed:
            low = arm(claimed, np.array([share.n]))
            fits = bool(len(low.n)) and low.low[0] <= (share.count or 0) <= low.high[0]
            agrees &= bool(fits)
            verb = "agrees" if fits else "does not agree"
            sentences.append(f"The claimed {claimed.text}% {verb} with it.")
    claim = Claim(agrees, tuple(sentences), shares)
    if len(shares) == 2:
        claim = _compared(given, claim)
    verdict = "Consistent: the counts give the claimed figures."
    if not (given.percents or given.chi2 or given.odds):
        verdict = "Nothing was claimed beside the counts: recomputed only."
    elif not claim.consistent:
        verdict = "Not consistent: the counts do not give the claimed figures."
    return replace(claim, sentences=(*claim.sentences, verdict))


def _compared(given: Given, claim: Claim) -> Claim:
    """The two groups against each other, and against what is claimed of them."""
    (one, one_n), (two, two_n) = given.counts
    difference = share_difference(one, one_n, two, two_n)
    odds = odds_ratio(one, one_n, two, two_n)
    sentences, agrees = list(claim.sentences), claim.consistent
    low, high = difference.low or 0.0, difference.high or 0.0
    sentences.append(
        f"The first share is {points(difference.value or 0.0)} percentage points "
        f"{'above' if (difference.value or 0.0) >= 0 else 'below'} the second (first minus second: "
        f"95% interval {number(100 * low, 1)} to {number(100 * high, 1)}, Newcombe)."
    )
    both = [float(chi_squares(one, one_n, two, two_n, yates=yates)) for yates in (False, True)]
    if np.isnan(both[0]):
        sentences.append("All or nobody has it: there is no chi-square.")
        plain = corrected = None
        agrees &= given.chi2 is None
    else:
        plain, corrected = both
        exact = max(2, given.chi2.digits if given.chi2 else 2)
        sentences.append(
            f"Chi-square without Yates' correction {number(plain, exact)} ({chance(plain)}), "
            f"with it {number(corrected, exact)} ({chance(corrected)}); one degree of freedom."
        )
        if given.chi2:
            fits = [bool(given.chi2.rounds_from(np.array(value))) for value in both]
            agrees &= any(fits)
            sentences.append(f"The claimed chi-square {given.chi2.text} is {version(fits)}.")
    said, fits_odds = _odds_said(odds, given.odds)
    return replace(
        claim,
        consistent=agrees and fits_odds,
        sentences=(*sentences, *said),
        difference=difference,
        odds=odds,
        chi2=plain,
        chi2_yates=corrected,
    )


def _odds_said(odds: Estimate, claimed: Stated | None) -> tuple[list[str], bool]:
    """The odds ratio in words, and whether the claimed one agrees, either way up."""
    if odds.value is None:
        return [f"The odds ratio is not computed: {odds.reason}."], claimed is None
    sentences = [
        f"Odds ratio, first against second, {number(odds.value, 2)} (95% interval "
        f"{number(odds.low or 0.0, 2)} to {number(odds.high or 0.0, 2)}, Woolf); the other way "
        f"up {number(1 / odds.value, 2)}."
    ]
    if claimed is None:
        return sentences, True
    fits = [bool(claimed.rounds_from(np.array(value))) for value in (odds.value, 1 / odds.value)]
    how = ("agrees" if fits[0] else "agrees the other way up") if any(fits) else "does not agree"
    return [*sentences, f"The claimed odds ratio {claimed.text} {how}."], any(fits)


def _searched(given: Given) -> Claim:
    """A claim of which only the percentages are known."""
    one, two = given.percents
    total = given.sizes[0] if len(given.sizes) == 1 else None
    most = total or given.most
    if len(given.sizes) == 2:
        sizes = [np.array([size], dtype=np.int64) for size in given.sizes]
    else:
        sizes = [np.arange(1, most + 1, dtype=np.int64)] * 2
    first, second = arm(one, sizes[0]), arm(two, sizes[1])
    found = search(first, second, chi2=given.chi2, odds=given.odds, total=total)
    claimed, groups = claimed_of(given), where(given, most)
    if found.found:
        many = f"{'at least ' if found.more else ''}{counted(found.found, 'combination')} of counts"
        fit = "fits" if found.found == 1 else "fit"
        sentences = [f"{claimed}: {many} {fit}, {groups}."]
        sentences += [f"  {as_table(counts)}" for counts in found.smallest]
        if found.found > len(found.smallest):
            sentences.append(f"These are the {len(found.smallest)} with the fewest people.")
        sentences.append("Consistent: whole numbers of people can give the claimed figures.")
        return Claim(True, tuple(sentences), fits=found)
    sentences = [f"{claimed}: no integer counts fit, {groups}."]
    if not found.tried:
        poor = [p.text for p, a in ((one, first), (two, second)) if not len(a.n)]
        sentences.append(f"No count of that size is {' or '.join(poor)}%.")
    else:
        sentences.append(
            f"{counted(first.counts, 'count')} {agree(first.counts, 'is')} {one.text}%, "
            f"{counted(second.counts, 'count')} {agree(second.counts, 'is')} {two.text}%; none of "
            f"the {number(found.tried)} ways to combine them gives the rest of the claim."
        )
    if found.nearest:
        sentences.append(f"The nearest: {as_table(found.nearest)}.")
    sentences.append("Not consistent: no whole numbers of people give the claimed figures.")
    return Claim(False, tuple(sentences), fits=found)


def _each_alone(given: Given) -> Claim:
    """Percentages that nothing binds together: the GRIM test of each."""
    sentences, agrees = [], True
    for place, share in enumerate(given.percents):
        if not given.sizes:
            fits = arm(share, np.arange(1, given.most + 1, dtype=np.int64))
            agrees &= bool(len(fits.n))
            sentences.append(any_size(share, fits, given.most))
            continue
        size = given.sizes[place]
        fits = arm(share, np.array([size], dtype=np.int64))
        if len(fits.n):
            ways = " or ".join(number(k) for k in range(fits.low[0], fits.high[0] + 1)[:3])
            sentences.append(f"{ways} of {number(size)} is {share.text}%.")
            continue
        agrees = False
        below = int(share.value * size / 100)
        near = [proportion(count, size, "people") for count in (below, below + 1) if count <= size]
        around = listed(
            [f"{number(k.count or 0)} is {exactly(k, max(2, share.digits))}" for k in near]
        )
        sentences.append(f"No count of {number(size)} is {share.text}%: {around}.")
    verdict = "Consistent: whole numbers of people can give the claimed figures."
    if not agrees:
        verdict = "Not consistent: no whole numbers of people give the claimed figures."
    return Claim(agrees, (*sentences, verdict))
