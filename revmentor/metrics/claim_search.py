"""Which integer counts could stand behind percentages, a chi-square or odds as printed?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from revmentor.metrics.claim_figures import Stated
from revmentor.metrics.two_arms import chi_squares

type Whole = npt.NDArray[np.int64]
type Places = npt.NDArray[np.int32]
type Real = npt.NDArray[np.float64]

ENOUGH = 1_000
_TABLES_AT_ONCE = 1_000_000
_CELLS_AT_ONCE = 1_500_000
_NEAREST_AMONG = 5_000_000


@dataclass(frozen=True)
class Arm:
    """Sizes of one group that allow its percentage: n, and the counts from low to high."""

    n: Whole
    low: Whole
    high: Whole

    @property
    def counts(self) -> int:
        """How many counts (k of n) allow it, over all sizes."""
        return int((self.high - self.low + 1).sum())

    def each(self) -> tuple[Whole, Whole]:
        """Every count and its size."""
        width = self.high - self.low + 1
        size = np.repeat(self.n, width)
        step = np.arange(int(width.sum())) - np.repeat(np.cumsum(width) - width, width)
        return np.repeat(self.low, width) + step, size


def arm(percent: Stated, sizes: Whole) -> Arm:
    """Which counts of these sizes are printed as this percentage?

    In whole numbers: (2 P - 1) n <= 200 10^d k <= (2 P + 1) n, where P are the digits of the
    percentage and d how many of them stand behind the point. Both ends count, because an exact half
    is rounded up, to even, or as binary arithmetic has it.

    Parameters
    ----------
    percent : Stated
        0..100.
    sizes : array of int
        Sizes of the group to try, each at least 1.

    >>> arm(Stated(1087, 2), np.arange(1, 93)).n.tolist()
    [46, 92]
    """
    scale = 200 * 10**percent.digits
    low = np.maximum(-((-(2 * percent.whole - 1) * sizes) // scale), 0)
    high = np.minimum((2 * percent.whole + 1) * sizes // scale, sizes)
    fits = low <= high
    return Arm(sizes[fits], low[fits], high[fits])


@dataclass(frozen=True)
class Counts:
    """Two groups in whole numbers, and their chi-square: with Yates' correction if ``yates``."""

    one: int
    one_n: int
    two: int
    two_n: int
    chi2: float | None = None
    yates: bool = False


@dataclass(frozen=True)
class Search:
    """What integer counts fit a claim.

    Parameters
    ----------
    smallest : tuple of Counts
        The fits with the fewest people, at most so many as were asked for.
    found : int
        How many fit; where ``more``, at least so many: the search stopped there.
    more : bool
        Whether the search stopped before all sizes were tried.
    tried : int
        Combinations of counts that allow the percentages.
    nearest : Counts or None
        Where none fits: the counts that allow the percentages and come nearest to the chi-square.
    """

    smallest: tuple[Counts, ...]
    found: int
    more: bool
    tried: int
    nearest: Counts | None


def search(
    one: Arm,
    two: Arm,
    *,
    chi2: Stated | None = None,
    odds: Stated | None = None,
    total: int | None = None,
    shown: int = 5,
) -> Search:
    """Which whole numbers of two groups allow everything that was printed about them?

    First, sizes are ruled out whose largest or smallest possible chi-square and odds ratio miss the
    claim (both grow with the difference of the two shares, so their extremes stand at the ends of
    the counts); then every count of the sizes left is looked at, smallest groups first.

    Parameters
    ----------
    one, two : Arm
        From `arm`.
    chi2, odds : Stated or None
        Claimed chi-square, with or without Yates' correction; claimed odds ratio, either way up.
    total : int or None
        Size of both groups together, where it is known.
    shown : int
        How many fits to name.
    """
    first, second = _possible(one, two, chi2, odds, total)
    hits: list[Whole] = []
    found, seen = 0, 0
    width = (one.high - one.low + 1)[first] * (two.high - two.low + 1)[second]
    ends = np.cumsum(width)
    while seen < len(first) and found < ENOUGH:
        before = int(ends[seen - 1]) if seen else 0
        stop = max(seen + 1, int(np.searchsorted(ends, before + _TABLES_AT_ONCE, side="right")))
        tables = _tables(one, two, first[seen:stop], second[seen:stop])
        tables = tables[:, _fits(tables, chi2, odds)]
        hits.append(tables)
        found, seen = found + tables.shape[1], stop
    every = np.concatenate(hits, axis=1) if hits else np.zeros((4, 0), np.int64)
    named = tuple(_named(every[:, place], chi2) for place in range(min(shown, found)))
    nearest = None if found or chi2 is None else _nearest(one, two, chi2, total)
    return Search(named, found, seen < len(first), one.counts * two.counts, nearest)


def _possible(
    one: Arm, two: Arm, chi2: Stated | None, odds: Stated | None, total: int | None
) -> tuple[Places, Places]:
    """Which sizes (places in the arms) may fit, smallest sum first?"""
    rows = max(1, _CELLS_AT_ONCE // max(1, len(two.n)))
    low_two, high_two, n_two = (part[None, :] for part in (two.low, two.high, two.n))
    firsts, seconds = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for start in range(0, len(one.n), rows):
        block = slice(start, start + rows)
        low_one, high_one, n_one = (part[block, None] for part in (one.low, one.high, one.n))
        keep = np.ones((len(n_one), n_two.shape[1]), dtype=np.bool_)
        if total is not None:
            keep &= n_one + n_two == total
        up = (low_one, n_one, high_two, n_two)
        down = (high_one, n_one, low_two, n_two)
        if chi2 is not None:
            fits = np.zeros_like(keep)
            for yates in (False, True):
                fits |= _either_sign(chi2, _signed(*down, yates), _signed(*up, yates))
            keep &= fits
        if odds is not None:
            smallest, largest = _log_odds(*up), _log_odds(*down)
            keep &= _either_way_up(odds, smallest, largest)
        places = np.nonzero(keep)
        firsts.append((places[0] + start).astype(np.int32))
        seconds.append(places[1].astype(np.int32))
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    order = np.argsort((one.n[first] + two.n[second]).astype(np.int32), kind="stable")
    return first[order], second[order]


def _signed(one: Whole, one_n: Whole, two: Whole, two_n: Whole, yates: bool) -> Real:
    """Chi-square with the sign of the difference, which grows with it."""
    values = np.nan_to_num(chi_squares(one, one_n, two, two_n, yates=yates))
    return np.asarray(np.sign(two * one_n - one * two_n) * values, dtype=np.float64)


def _either_sign(chi2: Stated, lowest: Real, highest: Real) -> npt.NDArray[np.bool_]:
    """Where may the chi-square be as printed, whichever group has the larger share?"""
    low, high = chi2.between()
    straight = (lowest <= high) & (highest >= low)
    turned = (lowest <= -low) & (highest >= -high)
    return np.asarray(straight | turned)


def _log_odds(one: Whole, one_n: Whole, two: Whole, two_n: Whole) -> Real:
    """Log odds ratio of the first group against the second; infinite where a count is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mine = np.log(one.astype(float)) - np.log((one_n - one).astype(float))
        other = np.log(two.astype(float)) - np.log((two_n - two).astype(float))
        return np.asarray(mine - other, dtype=np.float64)


def _either_way_up(odds: Stated, smallest: Real, largest: Real) -> npt.NDArray[np.bool_]:
    """Where may the odds ratio, or its inverse, be as printed?"""
    low, high = odds.between()
    with np.errstate(divide="ignore"):
        low, high = float(np.log(max(low, 0.0))), float(np.log(high))
    straight = (smallest <= high) & (largest >= low)
    turned = (smallest <= -low) & (largest >= -high)
    return np.asarray(straight | turned | np.isnan(smallest) | np.isnan(largest))


def _tables(one: Arm, two: Arm, first: Places, second: Places) -> Whole:
    """Every count of these sizes: rows one, one_n, two, two_n."""
    wide = (two.high - two.low + 1)[second]
    width = (one.high - one.low + 1)[first] * wide
    at = np.repeat(np.arange(len(first)), width)
    step = np.arange(len(at)) - np.repeat(np.cumsum(width) - width, width)
    mine, other = step // wide[at], step % wide[at]
    first, second = first[at], second[at]
    return np.stack(
        [one.low[first] + mine, one.n[first], two.low[second] + other, two.n[second]]
    ).astype(np.int64)


def _fits(tables: Whole, chi2: Stated | None, odds: Stated | None) -> npt.NDArray[np.bool_]:
    """Which counts give the printed chi-square, with or without Yates, and odds ratio?"""
    fits = np.ones(tables.shape[1], dtype=np.bool_)
    if chi2 is not None:
        plain, corrected = (chi_squares(*tables, yates=yates) for yates in (False, True))
        fits &= chi2.rounds_from(plain) | chi2.rounds_from(corrected)
    if odds is not None:
        with np.errstate(over="ignore"):
            ratio = np.exp(_log_odds(*tables))
            fits &= odds.rounds_from(ratio) | odds.rounds_from(np.exp(-_log_odds(*tables)))
    return fits


def _named(table: Whole, chi2: Stated | None) -> Counts:
    """One fit, with the chi-square that it fits by."""
    one, one_n, two, two_n = (int(number) for number in table)
    if chi2 is None:
        return Counts(one, one_n, two, two_n)
    plain = chi_squares(one, one_n, two, two_n, yates=False)
    yates = not bool(chi2.rounds_from(plain))
    value = float(chi_squares(one, one_n, two, two_n, yates=yates))
    return Counts(one, one_n, two, two_n, value, yates)


def _nearest(one: Arm, two: Arm, chi2: Stated, total: int | None) -> Counts | None:
    """Among the counts that allow the percentages, which come nearest to the chi-square?"""
    if not 0 < one.counts * two.counts <= _NEAREST_AMONG:
        return None
    mine, mine_n = (part[:, None] for part in one.each())
    other, other_n = (part[None, :] for part in two.each())
    best: tuple[float, Counts] | None = None
    for yates in (False, True):
        values = chi_squares(mine, mine_n, other, other_n, yates=yates)
        off = np.abs(values - chi2.value)
        if total is not None:
            off[mine_n + other_n != total] = np.inf
        off[np.isnan(off)] = np.inf
        row, column = np.unravel_index(int(np.argmin(off)), off.shape)
        if np.isfinite(off[row, column]) and (best is None or off[row, column] < best[0]):
            counts = Counts(
                int(mine[row, 0]),
                int(mine_n[row, 0]),
                int(other[0, column]),
                int(other_n[0, column]),
                float(values[row, column]),
                yates,
            )
            best = float(off[row, column]), counts
    return None if best is None else best[1]
