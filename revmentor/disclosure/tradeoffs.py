"""What rules and fairness cost: totals over many pairs.

They say nothing of single people: totals of scores, and numbers of pairs that change.
"""

from __future__ import annotations

from collections.abc import Iterable

from revmentor.disclosure.counts import Disclosed, Frozen


class Price(Frozen):
    """What one rule, quota or limit costs.

    Parameters
    ----------
    label : str
    points : float
        Points of score (100 a pair at most) that the whole match would gain without it.
    pairs : int
        Pairs that it would gain; below 0: it would lose some.
    """

    label: str
    points: float
    pairs: int


class DisclosedPrices(Disclosed):
    """What each rule and limit costs; points of the whole match beside them."""

    total: float
    pairs: int
    prices: tuple[Price, ...]


class FrontierPoint(Frozen):
    """A match of the highest total with a given worst pair; scores in points, 0 to 100."""

    worst: float
    total: float
    pairs: int


class DisclosedFrontier(Disclosed):
    """Total score against the worst pair's, best total first; `here` is the match that is made."""

    here: FrontierPoint
    points: tuple[FrontierPoint, ...]


def disclose_prices(
    rows: Iterable[tuple[str, float, int]], total: float, pairs: int, minimum: int
) -> DisclosedPrices:
    """Prices of rules, dearest first.

    Parameters
    ----------
    rows : iterable of (label, points, pairs)
    total : float
        Points of the match as it is.
    pairs : int
    minimum : int
        Smallest group that is shown.
    """
    prices = tuple(
        Price(label=label, points=round(points, 4), pairs=count) for label, points, count in rows
    )
    prices = tuple(sorted(prices, key=lambda price: (-price.points, -price.pairs, price.label)))
    return DisclosedPrices(minimum=minimum, total=round(total, 4), pairs=pairs, prices=prices)
